// The page of a set: what the server tells, shown.

import * as code from "./code.js";
import * as map from "./map.js";
import * as roll from "./roll.js";
import * as scope from "./scope.js";
import { shown } from "./settings.js";
import * as surface from "./surface.js";
import * as trajectory from "./trajectory.js";
import * as voices from "./voices.js";

const LOST = "the stage is not served any more", KEY = "latentcode-stage-token";
const AGAIN = 1000; // ms
let rate = 44100;
const notice = document.getElementById("waiting");

// The secret stands behind the # of the address that the set has said; it is not shown longer than it must.
const token = decodeURIComponent(location.hash.slice(1)) || sessionStorage[KEY] || "";
if (token) sessionStorage[KEY] = token;

function say(text) {
  notice.textContent = text;
  notice.hidden = !text;
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
  state: voices.show,
  frame(told) {
    voices.time(told.cycle);
    if (shown("voices")) voices.levels(told.voices);
    if (shown("code")) code.levels(told.voices);
    scope.show(told);
    roll.show(told.sample, rate);
    trajectory.show(told.column);
    map.show(told.map, told.fingers);
  },
};

function call() {
  const socket = new WebSocket(`ws://${location.host}/set`);
  socket.onopen = () => socket.send(JSON.stringify({ token }));
  const tell = (said) => { if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(said)); };
  socket.onmessage = (event) => {
    const told = JSON.parse(event.data);
    if (told.is === "you") surface.allow(told.touches, tell);
    else take[told.is]?.(told);
  };
  socket.onclose = (event) => {
    if (event.code === 1008) say("this page needs the whole address that the set has said,\nwith all that stands behind the #");
    else {
      say(LOST);
      setTimeout(call, AGAIN);
    }
  };
}

addEventListener("hashchange", () => location.reload()); // the secret that was missing
call();
