// The waveform and the spectrum of what is heard.

import { onChange, shown, style } from "./settings.js";

const SIDES = { mid: "#4cc38a", left: "#4fb3f6", right: "#f0b429" };
const canvases = ["scope", "spectrum"].map((name) => [name, document.getElementById(name)]);
const RISE = .6;
let bars = [], ground = "#000", still = false;

function fit() {
  for (const [, canvas] of canvases) {
    const box = canvas.getBoundingClientRect();
    canvas.width = Math.max(Math.round(box.width), 1);
    canvas.height = Math.max(Math.round(box.height), 1);
  }
  ground = style("--dim");
  still = false;
}

export function show(frame) {
  const quiet = !frame.wave.length && bars.every((bar) => bar < 1);
  if (quiet && still) return;
  still = quiet;
  if (shown("scope")) wave(canvases[0][1], frame.wave);
  if (shown("spectrum")) spectrum(canvases[1][1], frame.bands);
}

function wave(canvas, sides) {
  const pen = canvas.getContext("2d"), { width, height } = canvas;
  pen.clearRect(0, 0, width, height);
  pen.lineWidth = Math.max(height / 60, 1.5);
  pen.lineJoin = "round";
  if (!sides.length) sides = [["", [0, 0]]];
  for (const [name, values] of sides) {
    pen.strokeStyle = SIDES[name] ?? ground;
    pen.beginPath();
    values.forEach((value, place) => pen.lineTo((place / (values.length - 1)) * width, height / 2 - (value / 100) * (height / 2 - pen.lineWidth)));
    pen.stroke();
  }
}

function spectrum(canvas, bands) {
  const pen = canvas.getContext("2d"), { width, height } = canvas, count = bands.length || bars.length;
  pen.clearRect(0, 0, width, height);
  bars = Array.from({ length: count }, (_, place) => Math.max(bands[place] ?? 0, (bars[place] ?? 0) * RISE));
  const each = width / count;
  bars.forEach((bar, place) => {
    pen.fillStyle = `hsl(${210 - 170 * (place / count)} 75% 60%)`;
    pen.fillRect(place * each, height * (1 - bar / 100), Math.max(each - 2, 1), (height * bar) / 100);
  });
}

onChange(fit);
addEventListener("resize", fit);
fit();
