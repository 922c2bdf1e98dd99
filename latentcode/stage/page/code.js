// The code of the set: what was evaluated last, and what still plays.

import { colour, made, onChange, shrink } from "./settings.js";

const TOKENS = /("""[\s\S]*?"""|'''[\s\S]*?'''|"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?)|(#[^\n]*)|\bd(1[0-6]|[1-9])\b|(\b\d+(?:\.\d*)?\b|\.\d+\b)|([\p{L}_][\p{L}\p{N}_]*(?=\s*\())/gu;
const KINDS = [, "string", "comment", "voice-name", "number", "call"];

const pane = document.getElementById("code");
let blocks = new Map(), lit = [], given = new Map(); // given: by voice, the block that plays

export function show(told) {
  const before = blocks, first = before.size === 0;
  blocks = new Map(told.blocks.map((block) => [block.number, before.get(block.number)?.code === block.code ? before.get(block.number) : drawn(block)]));
  given = new Map(told.blocks.flatMap(({ number, plays }) => plays.map((voice) => [voice, number])));
  for (const block of told.blocks) marked(blocks.get(block.number), block, !first && !before.has(block.number));
  pane.replaceChildren(...[...blocks.values()].map((one) => one.element));
  fit();
}

function drawn(block) {
  const element = made("pre", "", "block");
  element.append(made("span", "", "levels"), ...lines(highlighted(block.code)));
  if (block.by) element.append(made("span", block.by, "by"));
  return { code: block.code, element, bars: new Map(), lamps: new Map(), users: new Map() };
}

function highlighted(code) {
  const pieces = [];
  let place = 0;
  for (const found of code.matchAll(TOKENS)) {
    const kind = KINDS[found.findIndex((group, index) => index && group !== undefined)];
    pieces.push(code.slice(place, found.index), made("span", found[0], kind));
    if (kind === "voice-name") pieces.at(-1).style.setProperty("--voice", colour(found[3] - 1));
    place = found.index + found[0].length;
  }
  return [...pieces, code.slice(place)];
}

// Each line by itself, so that what wraps is indented; the newlines stay in the text, where words are counted.
function lines(pieces) {
  const rows = [made("span", "", "line")];
  for (const piece of pieces) {
    (piece.textContent ?? piece).split("\n").forEach((part, place) => {
      if (place) {
        rows.at(-1).append("\n");
        rows.push(made("span", "", "line"));
      }
      if (piece instanceof Element) {
        const copy = piece.cloneNode();
        copy.textContent = part;
        rows.at(-1).append(copy);
      } else rows.at(-1).append(part);
    });
  }
  return rows;
}

function marked(one, block, isNew) {
  one.element.classList.toggle("failed", block.failed);
  one.element.classList.toggle("plays", block.plays.length > 0);
  one.users.forEach((by, voice) => { if (given.get(voice) !== by) one.users.delete(voice); });
  used(one);
  if (isNew) one.element.classList.add("new");
  if ([...one.bars.keys()].join() === block.plays.join()) return;
  one.bars = new Map(block.plays.map((voice) => [voice, made("i")]));
  one.bars.forEach((bar, voice) => bar.style.setProperty("--voice", colour(voice)));
  one.element.querySelector(".levels").replaceChildren(...one.bars.values());
}

// The words that sound, each (voice, block, row, begin, end): a lamp behind each, in the colour of its voice.
export function words(told) {
  lit = told;
  const now = new Set(told.map(String));
  for (const { lamps } of blocks.values()) {
    lamps.forEach((parts, key) => { if (!now.has(key)) parts.forEach((part) => part.classList.remove("on")); });
  }
  for (const word of told) {
    const one = blocks.get(word[1]);
    if (!one || one.element.hidden) continue;
    const key = String(word);
    if (!one.lamps.has(key)) one.lamps.set(key, lamp(one, word));
    one.lamps.get(key).forEach((part) => part.classList.add("on"));
  }
}

// The blocks that wait for their sounds say so, quietly, and for what.
export function waits(told) {
  for (const [number, { element }] of blocks) {
    const text = told.for && told.blocks.includes(number) ? `waits for ${told.for}` : "";
    let note = element.querySelector(".wait");
    if (text && !note) element.append(note = made("span", "", "wait"));
    if (!text) note?.remove();
    else if (note.textContent !== text) note.textContent = text;
  }
}

function lamp(one, [voice, , row, begin, end]) {
  const lines = one.code.split("\n"), line = lines[row];
  if (line === undefined) return [];
  const first = lines.slice(0, row).reduce((sum, text) => sum + text.length + 1, 0);
  const wide = (count) => Array.from(line).slice(0, count).join("").length;
  const range = document.createRange(), from = one.element.getBoundingClientRect();
  range.setStart(...at(one.element, first + wide(begin)));
  range.setEnd(...at(one.element, first + wide(end)));
  const boxes = new Map([...range.getClientRects()].map((box) => [`${box.left} ${box.top}`, box])); // of a word that is a token, two
  const parts = [...boxes.values()].map((box) => {
    const part = made("i", "", "lamp");
    Object.assign(part.style, { left: `${box.left - from.left}px`, top: `${box.top - from.top}px`, width: `${box.width}px`, height: `${box.height}px` });
    part.style.setProperty("--voice", colour(voice));
    return part;
  });
  one.element.append(...parts);
  one.users.set(voice, given.get(voice));
  used(one);
  parts[0]?.getBoundingClientRect(); // so that it fades in, too
  return parts;
}

// What voices sound is bright, as long as they play what has it.
function used(one) {
  one.element.classList.toggle("used", one.users.size > 0);
}

function at(element, place) {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  let node = walker.nextNode();
  for (; node && place > node.length; node = walker.nextNode()) place -= node.length;
  return node ? [node, place] : [element, element.childNodes.length];
}

function dark() {
  for (const one of blocks.values()) {
    one.lamps.forEach((parts) => parts.forEach((part) => part.remove()));
    one.lamps.clear();
  }
}

export function levels(voices) {
  for (const { bars } of blocks.values()) {
    bars.forEach((bar, voice) => { bar.style.opacity = .25 + .0075 * voices[voice]; });
  }
}

// What plays is to be seen whole: others go first, the oldest before, then all becomes smaller.
function fit() {
  dark();
  fitted();
  pane.classList.toggle("cut", over([...pane.children]));
  words(lit); // which stand elsewhere now
}

// What leaves by the top is in no scrollHeight.
function over(all) {
  return (all.find((one) => !one.hidden)?.offsetTop ?? 0) < 0;
}

function fitted() {
  pane.style.fontSize = "";
  const all = [...blocks.values()].map((one) => one.element);
  all.forEach((one) => { one.hidden = false; });
  for (const one of all) {
    if (!over(all)) return;
    one.hidden = !one.classList.contains("plays") && one !== all.at(-1);
  }
  shrink(pane, () => over(all));
  for (const one of all) if (over(all) && one !== all.at(-1)) one.hidden = true;
}

onChange(fit);
new ResizeObserver(fit).observe(pane); // the window, or what stands beside the code, has another size
