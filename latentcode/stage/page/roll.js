// The piano roll: what has sounded in the last seconds, by pitch; below it what has none, by name.

import { colour, penOf, shown, style } from "./settings.js";

const SECONDS = 6, MOST = 600, LANE = 1 / 9; // the height of a lane without pitch, at the most
const canvas = document.getElementById("roll");
const notes = new Map();
let drawn = 0;

export function take(told) {
  for (const [number, voice, begin, end, pitch, name] of told) notes.set(number, { voice, begin, end: end < 0 ? Infinity : end, pitch, name });
  for (const number of notes.keys()) {
    if (notes.size <= MOST) break;
    notes.delete(number);
  }
}

export function forget() {
  notes.clear();
}

export function show(now, rate) {
  if (!shown("roll") || drawn++ % 2) return;
  const first = now - SECONDS * rate;
  for (const [number, note] of notes) if (note.end < first || note.begin > now + 60 * rate) notes.delete(number);
  const there = [...notes.values()].filter((note) => note.begin <= now);
  const pitched = there.filter((note) => note.pitch !== null), names = [...new Set(there.filter((note) => note.pitch === null).map((note) => note.name))];
  const pen = penOf(canvas), { width, height } = canvas;
  const lane = names.length ? Math.min(height * LANE, (height * (pitched.length ? .5 : 1)) / names.length) : 0;
  const room = height - lane * names.length;
  const low = Math.min(...pitched.map((note) => note.pitch)) - 1, high = Math.max(...pitched.map((note) => note.pitch), low + 12) + 1;
  const thick = Math.max(Math.min(room / (high - low), height / 12), 3), light = style("--light");
  for (const note of there) {
    const from = Math.max(((note.begin - first) / (now - first)) * width, 0), to = Math.min(((note.end - first) / (now - first)) * width, width);
    const top = note.pitch === null ? room + names.indexOf(note.name) * lane + 1 : ((high - note.pitch) / (high - low)) * (room - thick);
    pen.globalAlpha = note.end > now ? 1 : .55;
    pen.fillStyle = colour(note.voice, light);
    pen.fillRect(from, top, Math.max(to - from - 1, 2), note.pitch === null ? Math.max(lane - 2, 2) : thick - 1);
  }
  pen.globalAlpha = 1;
}
