// The latent map: the sounds in clouds, each voice where it is, and the way that it came.

import { colour, onChange, penOf, shown, style } from "./settings.js";

const TRAIL = 45; // places
const canvas = document.getElementById("map"), ground = document.createElement("canvas");
const trails = new Map();
let clouds = [], learned = [], stale = true, drawn = 0, edge = "";

export function take(told) {
  clouds = told.clouds;
  trails.clear(); // the axes are others now
  stale = true;
}

export function show(places, fingers) {
  if (!shown("map") || drawn++ % 2) return;
  edge = style("--edge");
  const there = new Map(places.map(([voice, x, y]) => [voice, [x, y]]));
  for (const voice of new Set([...trails.keys(), ...there.keys()])) {
    const trail = trails.get(voice) ?? [];
    trails.set(voice, trail);
    if (there.has(voice)) trail.push(there.get(voice));
    if (trail.length > TRAIL || !there.has(voice)) trail.shift();
    if (!trail.length) trails.delete(voice);
  }
  const pen = penOf(canvas), { width, height } = canvas, light = style("--light"), size = Math.max(Math.min(width, height) / 40, 5);
  if (stale || ground.width !== width || ground.height !== height) drawGround();
  pen.drawImage(ground, 0, 0);
  for (const [voice, trail] of trails) drawVoice(pen, voice, trail.map(([x, y]) => [x * width, (1 - y) * height]), there.has(voice), colour(voice, light), size);
  for (const [number, x, y] of fingers) drawFinger(pen, number, x * width, (1 - y) * height, size);
}

// What was learned for places of a finger, which are no places of the sounds.
export function marks(told) {
  learned = told;
  stale = true;
}

// What is written stands out from what lies below it.
function written(pen, text, x, y) {
  pen.lineWidth = parseFloat(pen.font.match(/[\d.]+px/)) / 5;
  pen.lineJoin = "round";
  pen.strokeStyle = edge;
  pen.strokeText(text, x, y);
  pen.fillText(text, x, y);
}

function drawMark(pen, text, x, y, size) {
  pen.fillStyle = pen.strokeStyle = style("--ink");
  pen.lineWidth = size / 2;
  pen.globalAlpha = .9;
  pen.strokeRect(x - 1.5 * size, y - 1.5 * size, 3 * size, 3 * size);
  pen.font = `700 ${size * 7}px monospace`;
  pen.textAlign = x > pen.canvas.width / 2 ? "right" : "left";
  written(pen, text, x + (x > pen.canvas.width / 2 ? -4 : 4) * size, y + 2.5 * size);
  pen.textAlign = "left";
}

function drawFinger(pen, number, x, y, size) {
  pen.strokeStyle = pen.fillStyle = style("--ink");
  pen.lineWidth = size / 3;
  pen.beginPath();
  pen.arc(x, y, 3 * size, 0, 2 * Math.PI);
  pen.stroke();
  pen.font = `${size * 1.8}px monospace`;
  written(pen, number, Math.min(x + 3.4 * size, pen.canvas.width - 2 * size), Math.max(y - 2.4 * size, 2 * size));
}

function drawVoice(pen, voice, trail, sounds, paint, size) {
  pen.strokeStyle = pen.fillStyle = paint;
  pen.lineWidth = size / 3;
  pen.lineCap = "round";
  for (let place = 1; place < trail.length; place++) {
    pen.globalAlpha = (learned.length ? .3 : .7) * (place / trail.length) ** 2;
    pen.beginPath();
    pen.moveTo(...trail[place - 1]);
    pen.lineTo(...trail[place]);
    pen.stroke();
  }
  pen.globalAlpha = sounds ? 1 : .4;
  const [x, y] = trail.at(-1);
  pen.beginPath();
  pen.arc(x, y, size, 0, 2 * Math.PI);
  pen.fill();
  pen.font = `700 ${size * 2.2}px monospace`;
  const name = `d${voice + 1}`, beside = size * 1.3, wide = pen.measureText(name).width;
  written(pen, name, x + beside + wide < pen.canvas.width ? x + beside : x - beside - wide, y + size * .7);
  pen.globalAlpha = 1;
}

function drawGround() {
  ground.width = canvas.width;
  ground.height = canvas.height;
  const pen = ground.getContext("2d");
  const size = Math.max(Math.min(ground.width, ground.height) / 140, 1.5);
  const named = [];
  for (const { name, colour: paint, points } of clouds) {
    pen.fillStyle = paint;
    pen.globalAlpha = learned.length ? .15 : .35;
    for (const [x, y] of points) {
      pen.beginPath();
      pen.arc(x * ground.width, (1 - y) * ground.height, size, 0, 2 * Math.PI);
      pen.fill();
    }
    const middle = (axis) => points.map((point) => point[axis]).sort((a, b) => a - b)[points.length >> 1];
    const [x, y] = [middle(0) * ground.width, (1 - middle(1)) * ground.height];
    if (named.some(([left, top]) => Math.abs(left - x) < size * 40 && Math.abs(top - y) < size * 10)) continue;
    named.push([x, y]);
    pen.globalAlpha = .8;
    pen.font = `${size * 9}px monospace`;
    pen.textAlign = "center";
    pen.fillStyle = style("--dim");
    written(pen, name, x, y);
  }
  for (const [text, x, y] of learned) drawMark(pen, text, x * ground.width, (1 - y) * ground.height, size);
  pen.globalAlpha = 1;
  stale = false;
}

onChange(() => { stale = true; });
