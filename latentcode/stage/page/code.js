// The code of the set: what was evaluated last, and what still plays.

import { colour, made, onChange, shrink } from "./settings.js";

const TOKENS = /("""[\s\S]*?"""|'''[\s\S]*?'''|"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?)|(#[^\n]*)|\bd(1[0-6]|[1-9])\b|(\b\d+(?:\.\d*)?\b|\.\d+\b)|([\p{L}_][\p{L}\p{N}_]*(?=\s*\())/gu;
const KINDS = [, "string", "comment", "voice-name", "number", "call"];

const pane = document.getElementById("code");
const LATE = 700; // ms after which the words are those of what plays now
let blocks = new Map(), lit = [], given = new Map(), again = 0; // given: by voice, the block that plays

export function show(told) {
  const before = blocks, first = before.size === 0;
  blocks = new Map(told.blocks.map((block) => [block.number, before.get(block.number)?.code === block.code ? before.get(block.number) : drawn(block)]));
  given = new Map(told.blocks.flatMap(({ number, plays }) => plays.map((voice) => [voice, number])));
  for (const block of told.blocks) marked(blocks.get(block.number), block, !first && !before.has(block.number));
  pane.replaceChildren(...[...blocks.values()].map((one) => one.element));
  fit();
  clearTimeout(again);
  again = setTimeout(() => words(lit), LATE);
}

function drawn(block) {
  const element = made("pre", "", "block");
  const rows = lines(highlighted(block.code));
  element.append(made("span", "", "levels"), ...rows);
  if (block.by) element.append(made("span", block.by, "by"));
  return { code: block.code, element, lines: rows, sounded: new Set([0]), folds: false, left: false, bars: new Map(), lamps: new Map(), users: new Map() };
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
  const voices = [...block.plays, ...block.once];
  one.element.classList.toggle("plays", voices.length > 0);
  one.users.forEach((by, voice) => { if (given.get(voice) !== by) one.users.delete(voice); });
  used(one);
  if (isNew) one.element.classList.add("new");
  if ([...one.bars.keys()].join() === voices.join()) return;
  one.bars = new Map(voices.map((voice) => [voice, made("i")]));
  one.bars.forEach((bar, voice) => bar.style.setProperty("--voice", colour(voice)));
  one.element.querySelector(".levels").replaceChildren(...one.bars.values());
}

// The words that sound, each (voice, block, row, begin, end, beside): a lamp behind each, in the colour of its voice.
export function words(told) {
  lit = told;
  const now = new Set(told.map(String));
  for (const { lamps } of blocks.values()) {
    lamps.forEach((parts, key) => { if (!now.has(key)) parts.forEach((part) => part.classList.remove("on")); });
  }
  if (told.map(found).some(Boolean)) fit();
  else told.forEach(light);
}

// What a word stands in is bright and has room, as long as its voice plays what has it; whether that is new.
function found([voice, number, row, , , beside]) {
  const one = blocks.get(number);
  if (!one) return false;
  one.sounded.add(row);
  if (!beside) one.users.set(voice, given.get(voice)); // what plays once is bright as its block is
  used(one);
  return (one.element.hidden && !one.left) || Boolean(one.lines[row]?.hidden);
}

function light(word) {
  const one = blocks.get(word[1]);
  if (!one || one.element.hidden) return;
  const key = String(word);
  if (!one.lamps.has(key)) one.lamps.set(key, lamp(one, word));
  one.lamps.get(key).forEach((part) => part.classList.add("on"));
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

// What plays is to be seen: others go first, the oldest before, and then all becomes smaller. Where that is
// not enough lines are left out that nothing is heard of, and of what plays the oldest goes last of all.
function fit() {
  dark();
  fitted([...blocks.values()]);
  pane.classList.toggle("cut", over() < 0);
  lit.forEach(light); // which stand elsewhere now
}

// Where the first block begins; what leaves by the top is in no scrollHeight.
function over() {
  return [...pane.children].find((one) => !one.hidden)?.offsetTop ?? 0;
}

function fitted(all) {
  for (const folds of [false, true]) {
    pane.style.fontSize = "";
    for (const [number, one] of blocks) {
      one.element.hidden = false;
      fold(number, one, folds);
    }
    leave(all.filter((one) => !wanted(one)));
    shrink(pane, () => over() < 0);
    if (over() >= 0) break;
  }
  leave(all);
  for (const one of all) one.left = one.element.hidden && wanted(one);
}

function wanted({ element }) {
  return element.matches(".plays, .used, :last-child");
}

// The oldest of some go, but for the newest of all, until the rest has room.
function leave(some) {
  const there = [...pane.children].filter((one) => !one.hidden);
  const heights = new Map(there.map((one, place) => [one, there[place + 1]?.offsetTop - one.offsetTop]));
  let room = over();
  for (const { element } of some) {
    if (room >= 0 || element.hidden || element === there.at(-1)) continue;
    element.hidden = true;
    room += heights.get(element);
  }
}

// Left are the first line, those that name a voice that plays it, and those of which something was heard.
function fold(number, one, folds) {
  if (folds === one.folds && !folds) return;
  one.folds = folds;
  let last = null;
  one.lines.forEach((line, row) => {
    const names = [...line.querySelectorAll(".voice-name")].map(({ textContent }) => textContent.slice(1) - 1);
    line.hidden = folds && !one.sounded.has(row) && !names.some((voice) => given.get(voice) === number);
    line.classList.remove("more");
    if (line.hidden) last.classList.add("more");
    else last = line;
  });
}

onChange(fit);
new ResizeObserver(fit).observe(pane); // the window, or what stands beside the code, has another size
