// What hands do here, where the page may be touched: fingers on the map, and the sliders that the code declares.

import { made, onChange } from "./settings.js";

const PACE = 16; // ms between two messages
const HELD = 500; // ms for which a slider that was moved here stands where it was left
const ASIDE = 6; // pixels after which a finger on one of many sliders is there to move it
const pane = document.getElementById("sliders"), map = document.getElementById("map");
const rows = new Map(), down = new Set();
let may = false, say = () => {}, waiting = empty(), timer = 0;

function empty() {
  return { fingers: new Map(), lifted: new Set(), sliders: new Map() };
}

export function allow(touches, send) {
  may = touches;
  say = send;
  document.body.classList.toggle("touches", may);
  for (const row of rows.values()) row.input.disabled = !may;
}

function soon() {
  timer ||= setTimeout(flush, PACE);
}

function flush() { // what is down is heard before what is lifted
  clearTimeout(timer);
  timer = 0;
  const { fingers, lifted, sliders } = waiting;
  waiting = empty();
  say({ fingers: [...fingers].map(([id, [x, y]]) => [id, x, y]), lifted: [...lifted], sliders: [...sliders] });
}

// Fingers on the map: from the left, and from below.

function put(event) {
  const box = map.getBoundingClientRect(), within = (share) => Math.min(Math.max(share, 0), 1);
  waiting.fingers.set(event.pointerId, [within((event.clientX - box.left) / box.width), within((box.bottom - event.clientY) / box.height)]);
  soon();
}

function lift(event) {
  if (!down.delete(event.pointerId)) return;
  waiting.lifted.add(event.pointerId);
  soon();
}

map.addEventListener("pointerdown", (event) => {
  if (!may) return;
  if (waiting.lifted.size) flush(); // so that the number of one that was lifted is free
  map.setPointerCapture?.(event.pointerId);
  down.add(event.pointerId);
  put(event);
  event.preventDefault();
});
map.addEventListener("pointermove", (event) => { if (down.has(event.pointerId)) put(event); });
for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) map.addEventListener(end, lift);
addEventListener("visibilitychange", () => { // not every phone says so of each finger
  if (!document.hidden || !down.size) return;
  for (const pointerId of [...down]) lift({ pointerId });
  flush(); // a page that sleeps has no later
});
map.addEventListener("contextmenu", (event) => { if (may) event.preventDefault(); }); // a long touch is one

// Sliders: each where it stands in the set, whoever has moved it.

export function show(sliders) {
  const there = new Set(sliders.map((one) => one.name));
  for (const [name, row] of rows) if (!there.has(name)) { row.element.remove(); rows.delete(name); }
  for (const one of sliders) {
    if (!rows.has(one.name)) rows.set(one.name, drawn(one.name));
    fill(rows.get(one.name), one);
  }
  const wanted = sliders.map((one) => rows.get(one.name).element);
  if (wanted.some((one, place) => pane.children[place] !== one)) {
    pane.replaceChildren(...wanted);
    dispatchEvent(new Event("resize")); // there is more room for the rest, or less
  }
}

function drawn(name) {
  const element = made("label", "", "slider"), input = made("input"), value = made("output"), ends = made("span", "", "ends");
  Object.assign(input, { type: "range", min: 0, max: 1, step: "any", disabled: !may });
  const row = { element, input, value, ends, name, one: null, moved: -HELD, later: 0, from: null };
  input.addEventListener("input", () => { if (!row.from) moved(row); });
  input.addEventListener("pointerdown", (event) => {
    const scrolls = event.pointerType === "touch" && pane.scrollHeight > pane.clientHeight;
    row.from = scrolls ? [event.clientX, event.clientY] : null;
  });
  for (const kind of ["pointermove", "pointerup", "pointercancel"]) input.addEventListener(kind, (event) => decide(row, event));
  element.append(made("span", name, "name"), value, input, ends);
  return row;
}

// Whether a finger moves a slider, or comes to scroll past it: then it stands where it stood.
function decide(row, { type, clientX, clientY }) {
  if (!row.from) return;
  const [aside, along] = [Math.abs(clientX - row.from[0]), Math.abs(clientY - row.from[1])];
  if (type === "pointermove" && (aside < ASIDE || aside < along)) return;
  row.from = null;
  if (type === "pointercancel") fill(row, row.one);
  else moved(row);
}

function moved(row) {
  row.moved = performance.now();
  waiting.sliders.set(row.name, Number(row.input.value));
  write(row, Number(row.input.value));
  soon();
}

function fill(row, one) {
  row.one = one;
  row.ends.textContent = `${short(one.low)} – ${short(one.high)}`;
  clearTimeout(row.later);
  const held = HELD - (performance.now() - row.moved);
  if (held > 0 || row.from) { // another hand may have had it meanwhile
    row.later = setTimeout(() => fill(row, row.one), Math.max(held, PACE));
    return;
  }
  row.input.value = one.place;
  write(row, one.place);
}

function write(row, place) {
  const { low, high, exp } = row.one ?? { low: 0, high: 1 };
  row.value.textContent = short(exp ? low * (high / low) ** place : low + (high - low) * place);
  row.input.style.setProperty("--place", place);
}

function short(number) {
  return String(Number(number.toPrecision(Math.abs(number) >= 1000 ? 4 : 3)));
}

onChange(() => dispatchEvent(new Event("resize")));
