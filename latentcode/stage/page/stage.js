// The page of a set: what the server tells, shown.

import * as code from "./code.js";
import * as map from "./map.js";
import * as roll from "./roll.js";
import * as scope from "./scope.js";
import { shown } from "./settings.js";
import * as surface from "./surface.js";
import * as trajectory from "./trajectory.js";
import * as voices from "./voices.js";

const LOST = "the stage cannot be reached\nit is looked for …", KEY = "latentcode-stage-token";
const AGAIN = 1000, SILENT = 6000; // ms: until it is called again, and after which a server that says nothing is not there
let rate = 44100, heard = 0, socket = null, frame = null;
const notice = document.getElementById("waiting");

// The secret stands behind the # of the address that the set has said; it is not shown longer than it must.
const token = secret();

function secret() {
  let given = location.hash.slice(1);
  try { given = decodeURIComponent(given); } catch { /* then it is a wrong one, and that is said */ }
  try {
    if (given) sessionStorage[KEY] = given;
    return given || sessionStorage[KEY] || "";
  } catch { // a browser that keeps nothing
    return given;
  }
}

function say(text) {
  notice.textContent = text;
  notice.hidden = !text;
  document.body.classList.toggle("waits", Boolean(text));
}

const take = {
  set(told) {
    rate = told.rate ?? rate;
    roll.forget();
    say(told.waiting ?? "");
  },
  sliders(told) {
    surface.show(told.sliders);
    map.marks(told.marks);
  },
  trajectory: trajectory.take,
  map: map.take,
  notes: (told) => roll.take(told.notes),
  code: code.show,
  words: (told) => code.words(told.words),
  state(told) {
    voices.show(told);
    code.waits(told.waits);
  },
  frame(told) {
    trajectory.put(told.column);
    if (!frame) requestAnimationFrame(draw);
    frame = told;
  },
};

// The frame that was told last: where drawing is slow others are left out, and none waits.
function draw() {
  const told = frame;
  frame = null;
  voices.time(told.cycle);
  if (shown("voices")) voices.levels(told.voices);
  if (shown("code")) code.levels(told.voices);
  scope.show(told);
  roll.show(told.sample, rate);
  trajectory.show();
  map.show(told.map, told.fingers);
}

function call() {
  const line = socket = new WebSocket(`ws://${location.host}/set`);
  const tell = (said) => { if (line.readyState === WebSocket.OPEN) line.send(JSON.stringify(said)); };
  heard = Date.now();
  line.onopen = () => line.send(JSON.stringify({ token }));
  line.onmessage = (event) => {
    heard = Date.now();
    const told = JSON.parse(event.data);
    if (told.is === "you") surface.allow(told.touches, tell);
    else take[told.is]?.(told);
  };
  line.onclose = (event) => {
    if (line !== socket) return; // another one is in its place
    if (event.code === 1008) say("this page needs the whole address that the set has said,\nwith all that stands behind the #");
    else lost();
  };
}

function lost() {
  const line = socket;
  say(LOST);
  socket = null;
  line?.close();
  setTimeout(call, AGAIN);
}

// A line that is cut, or a phone that slept, is told nothing of it: who hears nothing calls again.
function look() {
  if (socket && socket.readyState <= WebSocket.OPEN && Date.now() - heard > SILENT) lost();
}

setInterval(look, AGAIN);
for (const event of ["online", "pageshow", "visibilitychange"]) addEventListener(event, look);
addEventListener("hashchange", () => location.reload()); // the secret that was missing
call();
