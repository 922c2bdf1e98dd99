// How the page looks: by its keys, by its address (?theme=contrast&size=1.4&hide=scope,spectrum), and as it was left.

export const THEMES = ["dark", "light", "contrast", "clear"];
export const PANELS = ["code", "voices", "time", "scope", "spectrum", "roll", "map", "sliders", "trajectory"];
const KEPT = "latentcode-stage";

const asked = new URLSearchParams(location.search);
const kept = (() => { try { return JSON.parse(localStorage[KEPT]) ?? {}; } catch { return {}; } })();
const settings = {
  theme: THEMES.includes(asked.get("theme")) ? asked.get("theme") : THEMES.includes(kept.theme) ? kept.theme : "dark",
  size: within(asked.get("size") ?? kept.size),
  hidden: new Set(asked.has("hide") ? asked.get("hide").split(",") : Array.isArray(kept.hidden) ? kept.hidden : []),
};
const changed = [];

function within(size) {
  const number = Number(size);
  return number >= .4 && number <= 4 ? number : 1;
}

function show() {
  document.documentElement.dataset.theme = settings.theme;
  document.documentElement.style.setProperty("--size", settings.size);
  for (const panel of PANELS) document.body.classList.toggle(`no-${panel}`, settings.hidden.has(panel));
  changed.forEach((one) => one());
}

function keep() {
  try { localStorage[KEPT] = JSON.stringify({ ...settings, hidden: [...settings.hidden] }); } catch { /* a private window */ }
  show();
}

// What stands in a pane, and has no room there while `over` says so, becomes smaller, as far as it can be read.
export function shrink(pane, over) {
  const step = .95, smallest = Math.max(11, innerHeight * .014); // pixels
  for (let size = parseFloat(getComputedStyle(pane).fontSize) * step; over() && size >= smallest; size *= step) {
    pane.style.fontSize = `${size}px`;
  }
}

export const onChange = (one) => changed.push(one);
export const shown = (panel) => !settings.hidden.has(panel);
export const style = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
// The colour of a voice, as light as any other; in a style, where the theme is heard of, or for a pen.
export const colour = (voice, light = "var(--light)") => `oklch(${light} .15 ${(245 + voice * 137.5) % 360})`;

export const ACTIONS = {
  f: ["full screen", () => (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen())],
  t: ["theme", () => { settings.theme = THEMES[(THEMES.indexOf(settings.theme) + 1) % THEMES.length]; keep(); }],
  "+": ["larger", () => { settings.size = within(settings.size * 1.1); keep(); }],
  "-": ["smaller", () => { settings.size = within(settings.size / 1.1); keep(); }],
  0: ["size as it was", () => { settings.size = 1; keep(); }],
  ...Object.fromEntries(PANELS.map((panel, place) => [place + 1, [panel, () => {
    settings.hidden.has(panel) ? settings.hidden.delete(panel) : settings.hidden.add(panel);
    keep();
  }]])),
};

function help() {
  const box = document.getElementById("help");
  const rows = [...Object.entries(ACTIONS).map(([key, [what]]) => [key, what]), ["?", "this"]];
  box.replaceChildren(...rows.flatMap(([key, what]) => [made("dt", key), made("dd", what)]));
  box.hidden = !box.hidden;
}

// A canvas as large as it is shown; its pen.
export function penOf(canvas) {
  const scale = Math.min(devicePixelRatio || 1, 2); // more is seen by nobody, and is drawn slowly
  const [width, height] = [canvas.clientWidth, canvas.clientHeight].map((length) => Math.max(Math.round(length * scale), 1));
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const pen = canvas.getContext("2d");
  pen.clearRect(0, 0, canvas.width, canvas.height);
  return pen;
}

export function made(tag, text = "", className = "") {
  const one = document.createElement(tag);
  one.textContent = text;
  one.className = className;
  return one;
}

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "?" || event.key === "h") help();
  else ACTIONS[event.key === "=" ? "+" : event.key]?.[1]();
});
addEventListener("dblclick", (event) => { if (!event.target.closest(".touches #map, #sliders")) ACTIONS.f[1](); });

let rest = 0;
addEventListener("mousemove", () => {
  document.body.classList.remove("still");
  clearTimeout(rest);
  rest = setTimeout(() => document.body.classList.add("still"), 2000);
});

show();
