// The trajectory of the voice that was evaluated last: a row for each dimension, a column for each look; the newest at the right.

import { colour, onChange, penOf, shown, style } from "./settings.js";

const COLUMNS = 180, COLD = [79, 179, 246], WARM = [255, 170, 60];
const canvas = document.getElementById("trajectory"), ring = document.createElement("canvas");
const pen = ring.getContext("2d", { willReadFrequently: true });
let voice = null, dimensions = [], next = 0, drawn = 0;

export function take(told) {
  ({ voice, dimensions } = told);
  ring.width = COLUMNS;
  ring.height = Math.max(dimensions.length, 1); // which empties it
  next = 0;
  told.columns.forEach(put);
}

export function put(values) {
  const column = pen.createImageData(1, ring.height);
  (values?.length === dimensions.length ? values : []).forEach((value, row) => {
    column.data.set([...(value > 0 ? WARM : COLD), 255 * (Math.abs(value) / 100) ** .8], 4 * row);
  });
  pen.putImageData(column, next, 0);
  next = (next + 1) % COLUMNS;
}

export function show() {
  if (!shown("trajectory") || drawn++ % 2) return;
  const screen = penOf(canvas), { width, height } = canvas, old = COLUMNS - next;
  if (voice === null) return;
  screen.imageSmoothingEnabled = false;
  screen.drawImage(ring, next, 0, old, ring.height, 0, 0, (width * old) / COLUMNS, height);
  if (next) screen.drawImage(ring, 0, 0, next, ring.height, (width * old) / COLUMNS, 0, (width * next) / COLUMNS, height);
  const size = Math.max(Math.min(height / 6, width / 40), 11);
  screen.font = `700 ${size}px monospace`;
  screen.lineWidth = size / 4;
  screen.strokeStyle = style("--ground");
  screen.fillStyle = colour(voice, style("--light"));
  screen.strokeText(`d${voice + 1}`, size / 3, size);
  screen.fillText(`d${voice + 1}`, size / 3, size);
}

onChange(() => { drawn = 0; });
