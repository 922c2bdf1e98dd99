// The waveform and the spectrum of what is heard.

import { onChange, penOf, shown, style } from "./settings.js";

const SIDES = ["mid", "left", "right"];
const FALL = .6; // what is left of a bar a frame later
const [wave, spectrum] = ["scope", "spectrum"].map((name) => document.getElementById(name));
let bars = [], still = false;

export function show(frame) {
  const quiet = !frame.wave.length && bars.every((bar) => bar < 1);
  if (quiet && still) return;
  still = quiet;
  if (shown("scope")) drawWave(frame.wave.length ? frame.wave : [["", [0, 0]]]);
  if (shown("spectrum")) drawSpectrum(frame.bands);
}

function drawWave(sides) {
  const pen = penOf(wave), { width, height } = wave;
  pen.lineWidth = Math.max(height / 60, 1.5);
  pen.lineJoin = "round";
  for (const [name, values] of sides) {
    pen.strokeStyle = style(SIDES.includes(name) ? `--${name}` : "--dim");
    pen.beginPath();
    values.forEach((value, place) => pen.lineTo((place / (values.length - 1)) * width, height / 2 - (value / 100) * (height / 2 - pen.lineWidth)));
    pen.stroke();
  }
}

function drawSpectrum(bands) {
  const pen = penOf(spectrum), { width, height } = spectrum, count = bands.length || bars.length;
  bars = Array.from({ length: count }, (_, place) => Math.max(bands[place] ?? 0, (bars[place] ?? 0) * FALL));
  const each = width / count, light = style("--bar");
  bars.forEach((bar, place) => {
    pen.fillStyle = `hsl(${210 - 170 * (place / count)} 75% ${light})`;
    pen.fillRect(place * each, height * (1 - bar / 100), Math.max(each - 2, 1), (height * bar) / 100);
  });
}

onChange(() => { still = false; });
addEventListener("resize", () => { still = false; });
