// The voices: what each plays, what comes, how loud it is; and the time of the set.

import { colour, made, onChange, shrink } from "./settings.js";

const pane = document.getElementById("voices"), beats = document.getElementById("beats");
const rows = new Map();
let drawnBeats = 0, counted = -1;

export function show(state) {
  const there = new Set(state.voices.map((voice) => voice.index));
  for (const [index, row] of rows) if (!there.has(index)) { row.element.remove(); rows.delete(index); }
  for (const voice of state.voices) {
    if (!rows.has(voice.index)) rows.set(voice.index, row(voice.index));
    fill(rows.get(voice.index), voice);
  }
  const wanted = state.voices.map((voice) => rows.get(voice.index).element);
  if (wanted.some((one, place) => pane.children[place] !== one)) {
    pane.replaceChildren(...wanted);
    fit();
  }
  document.getElementById("tempo").textContent = state.bpm ? `${state.bpm} bpm` : "";
  document.getElementById("recording").classList.toggle("on", state.recording);
  if (state.beats !== drawnBeats) beats.replaceChildren(...Array.from({ length: drawnBeats = state.beats }, () => made("i")));
}

function row(index) {
  const element = made("div", "", "row"), meter = made("span", "", "meter"), bar = made("i"), text = made("span", "", "text");
  element.style.setProperty("--voice", colour(index));
  meter.append(bar);
  element.append(made("span", `d${index + 1}`, "name"), text, meter);
  return { element, text, bar, last: "" };
}

function fill(row, voice) {
  const now = JSON.stringify(voice);
  if (now === row.last) return;
  row.last = now;
  row.element.classList.toggle("silent", !voice.playing);
  row.element.classList.toggle("muted", voice.muted);
  const parts = [[voice.muted, "M"], [voice.solo, "S"]].filter(([is]) => is).map(([, mark]) => made("span", mark, "mark"));
  parts.push(voice.morph ? `${voice.morph[0] || "…"} ⇢ ${voice.text || "…"} ${Math.round(100 * voice.morph[1])}%` : voice.text);
  if (voice.pending) parts.push(made("span", ` → ${voice.pending} in ${voice.left?.toFixed(1) ?? "…"}`, "next"));
  row.text.replaceChildren(...parts);
}

export function levels(voices) {
  for (const [index, { bar }] of rows) bar.style.transform = `scaleX(${voices[index] / 100})`;
}

export function time(cycle) {
  const beat = Math.floor((cycle % 1) * drawnBeats), now = Math.floor(cycle) * drawnBeats + beat;
  if (now === counted) return;
  counted = now;
  document.getElementById("cycle").textContent = Math.floor(cycle);
  [...beats.children].forEach((one, place) => one.classList.toggle("now", place === beat));
}

// All voices are to be seen: where they have no room, they stand closer, and become smaller.
function fit() {
  pane.classList.remove("tight");
  pane.style.fontSize = "";
  const over = () => pane.scrollHeight > pane.clientHeight + 1;
  if (over()) pane.classList.add("tight");
  shrink(pane, over);
}

onChange(fit);
addEventListener("resize", fit);
new ResizeObserver(fit).observe(pane); // sliders come, and leave it less
