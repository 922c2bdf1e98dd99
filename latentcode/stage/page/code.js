// The code of the set: what was evaluated last, and what still plays.

import { colour, made, onChange } from "./settings.js";

const TOKENS = /("""[\s\S]*?"""|'''[\s\S]*?'''|"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?)|(#[^\n]*)|\bd(1[0-6]|[1-9])\b|(\b\d+(?:\.\d*)?\b|\.\d+\b)|([\p{L}_][\p{L}\p{N}_]*(?=\s*\())/gu;
const KINDS = [, "string", "comment", "voice-name", "number", "call"];
const SMALLEST = .55;

const pane = document.getElementById("code");
let blocks = new Map();

export function show(told) {
  const before = blocks, first = before.size === 0;
  blocks = new Map(told.blocks.map((block) => [block.number, before.get(block.number)?.code === block.code ? before.get(block.number) : drawn(block)]));
  for (const block of told.blocks) marked(blocks.get(block.number), block, !first && !before.has(block.number));
  pane.replaceChildren(...[...blocks.values()].map((one) => one.element));
  fit();
}

function drawn(block) {
  const element = made("pre", "", "block");
  element.append(made("span", "", "levels"), ...highlighted(block.code));
  if (block.by) element.append(made("span", block.by, "by"));
  return { code: block.code, element, bars: new Map() };
}

function highlighted(code) {
  const pieces = [];
  let place = 0;
  for (const found of code.matchAll(TOKENS)) {
    const kind = KINDS[found.findIndex((group, index) => index && group !== undefined)];
    pieces.push(code.slice(place, found.index), made("span", found[0], kind));
    if (kind === "voice-name") pieces.at(-1).style.setProperty("--voice", colour(found[3] - 1, "var(--light)"));
    place = found.index + found[0].length;
  }
  return [...pieces, code.slice(place)];
}

function marked(one, block, isNew) {
  one.element.classList.toggle("failed", block.failed);
  one.element.classList.toggle("plays", block.plays.length > 0);
  if (isNew) one.element.classList.add("new");
  if ([...one.bars.keys()].join() === block.plays.join()) return;
  one.bars = new Map(block.plays.map((voice) => [voice, made("i")]));
  one.bars.forEach((bar, voice) => bar.style.setProperty("--voice", colour(voice, "var(--light)")));
  one.element.querySelector(".levels").replaceChildren(...one.bars.values());
}

export function levels(voices) {
  for (const { bars } of blocks.values()) {
    bars.forEach((bar, voice) => { bar.style.opacity = .25 + .0075 * voices[voice]; });
  }
}

// What plays is to be seen whole: others go first, the oldest before, then all becomes smaller.
function fit() {
  pane.style.fontSize = "";
  const all = [...blocks.values()].map((one) => one.element);
  all.forEach((one) => { one.hidden = false; });
  const over = () => pane.scrollHeight > pane.clientHeight + 1;
  for (const one of all) {
    if (!over()) return;
    one.hidden = !one.classList.contains("plays") && one !== all.at(-1);
  }
  for (let size = .95; over() && size >= SMALLEST; size -= .05) pane.style.fontSize = `${size}em`;
  for (const one of all) if (over() && one !== all.at(-1)) one.hidden = true;
}

onChange(fit);
addEventListener("resize", fit);
