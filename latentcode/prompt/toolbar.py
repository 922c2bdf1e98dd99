"""The toolbar: what the engine does, in a line, and what each voice plays."""

from __future__ import annotations

import math
import re
import time
from typing import Any, Protocol

from latentcode.files.texts import shown

Fragments = list[tuple[str, str]]

TURNS, MOST_WAITING = {1: "↑", -1: "↓", 0: "↕"}, 2  # which way a control is to go; so many are shown
CLOSE_DB = -3.0  # from here on a peak is close to the limiter's ceiling
FRESH = 1.0  # seconds after which what the engine said last is old
PLAIN, DIM, GOOD, WARN, BAD = "", "fg:ansibrightblack", "fg:ansigreen", "fg:ansiyellow", "fg:ansired bold"


class LinkState(Protocol):
    """What the toolbar reads of a link."""

    state: dict[str, Any]
    hello: dict[str, Any]
    heard: float
    encoding: tuple[int, int, str] | None
    down: str

    @property
    def ready(self) -> bool: ...


def status(link: LinkState, width: int, now: float | None = None) -> Fragments:
    """The line about the set: model, tempo, place, lead, load, dry buffers, recording, device."""
    if link.down:
        return _fitted([(BAD, f"✗ no engine: {link.down}")], width)
    if not link.hello or not link.state:
        return _fitted([(WARN, "the engine is starting …")], width)
    now = time.monotonic() if now is None else now
    state, hello = link.state, link.hello
    age = now - link.heard
    parts: list[Fragments] = [
        [(PLAIN, str(hello.get("model", "")))],
        [(PLAIN, f"{round(state.get('bpm', 0), 2):g} bpm")],
        _place(state, min(age, FRESH)),
        [(DIM, "lead "), (PLAIN, f"{state.get('lead', 0):.0f} ms")],
        _share("load", max(state.get("load", 0.0), state.get("player_load", 0.0))),
        _dry(state),
        _peak(state),
        [(DIM, re.split("[,:]", str(state.get("device", "")))[0])],  # a notice has told the rest
    ]
    if state.get("recording"):
        parts.insert(0, [(BAD, f"● {str(state['recording']).replace(chr(92), '/').rsplit('/', 1)[-1]}")])
    for key, done, cycles in state.get("capturing", ()):
        parts.insert(0, [(WARN, _capturing(key, done, cycles))])
    if waiting := state.get("waiting"):
        parts.insert(0, [(WARN, _waiting(waiting))])
    if link.encoding is not None:
        done, total, name = link.encoding
        parts.insert(0, [(WARN, f"encoding {name} {100 * done // max(total, 1)}%")])
    if not link.ready:
        parts.insert(0, [(WARN, "the engine is starting …")])
    elif age > FRESH:
        parts.insert(0, [(BAD, "the engine is silent")])
    return _fitted(_joined(parts, " │ "), width)


def voices(link: LinkState, width: int) -> Fragments:
    """The line about the voices: what plays, and what is pending and when."""
    found = link.state.get("voices", ())
    shown = [voice for voice in found if voice.get("playing") or voice.get("pending") or voice.get("beside")]
    if not shown:
        return _fitted([(DIM, "nothing plays")], width)
    cycle = link.state.get("cycle", 0.0)
    room = max((width - 2) // len(shown) - 3, 8)
    return _fitted(_joined([_voice(voice, cycle, room) for voice in shown], "   "), width)


def _capturing(key: str, done: float, cycles: float) -> str:
    """A gesture that is being taken: capturing cc 1, 2 of 4."""
    name = key.partition("@")[0].replace(":", " ", 1).removesuffix("#0")
    return (
        f"capturing {name} in {-done:.1f}" if done < 0 else f"capturing {name}, {int(done) + 1} of {cycles:g}"
    )


def _waiting(found: tuple[tuple[str, float, int], ...]) -> str:
    """What waits for its hand, and which way to turn its control: d1.gain ↑ 0.75."""
    shown = ", ".join(f"{name} {TURNS[turn]} {stored:.2f}" for name, stored, turn in found[:MOST_WAITING])
    more = len(found) - MOST_WAITING
    return shown + (f" +{more}" if more > 0 else "")


def _place(state: dict[str, Any], age: float) -> Fragments:
    beats = max(int(state.get("beats", 4)), 1)
    cycle = state.get("cycle", 0.0) + age * state.get("bpm", 0.0) / 60 / beats
    beat = int(cycle % 1 * beats)
    return [(PLAIN, f"{int(cycle)} "), (GOOD, "".join("●" if n == beat else "·" for n in range(beats)))]


def _share(name: str, share: float) -> Fragments:
    return [(DIM, f"{name} "), (BAD if share > 0.9 else WARN if share > 0.7 else PLAIN, f"{share:.0%}")]


def _dry(state: dict[str, Any]) -> Fragments:
    dry, xruns = state.get("dry", 0), state.get("xruns", 0)
    made = [(DIM, "dry "), (WARN if dry else PLAIN, str(dry))]
    return [*made, (DIM, "  xruns "), (WARN, str(xruns))] if xruns else made


def _peak(state: dict[str, Any]) -> Fragments:
    """The largest peak of the last seconds, and a lamp while the limiter has held more than that back."""
    peak, over = state.get("held", 0.0), state.get("over", 1.0)
    if peak < 1e-4:
        return [(DIM, "peak −")]
    decibels = 20 * math.log10(peak)
    made = [(DIM, "peak "), (WARN if decibels > CLOSE_DB else PLAIN, f"{decibels:.0f} dB".replace("-", "−"))]
    return [*made, (BAD, f" ▮ over by {20 * math.log10(over):.1f} dB")] if over > 1.0 else made


def _voice(voice: dict[str, Any], cycle: float, room: int) -> Fragments:
    name = f"d{voice['index'] + 1} "
    marks = "".join(mark for mark, key in (("M", "muted"), ("S", "solo")) if voice.get(key))
    made: Fragments = [(GOOD if voice.get("playing") else DIM, name)]
    if marks:
        made.append((WARN, f"{marks} "))
    text, pending = (voice.get("text") or "") if voice.get("playing") else "", voice.get("pending")
    if voice.get("morph"):
        text = morph_spoken(voice)
    for what, start in voice.get("beside", ()):
        text += f" +{what}" if start is None else f" +{what} in {max(start - cycle, 0.0):.1f}"
    if not pending:
        return [*made, (PLAIN, _cut(text, room - len(name)))]
    left = max((voice.get("pending_cycle") or 0.0) - cycle, 0.0)
    half = max((room - len(name)) // 2 - 4, 4)
    before = [(PLAIN, f"{_cut(text, half)} ")] if text else []
    return [*made, *before, (WARN, f"→ {_cut(pending, half)} in {left:.1f}")]


def morph_spoken(state: dict[str, Any]) -> str:
    """How far a voice is on its way from one pattern to the next: `cello ⇢ choir 37%`."""
    source, share = state["morph"]
    return f"{source or '…'} ⇢ {state.get('text') or '…'} {share:.0%}"


def _cut(text: str, room: int) -> str:
    return text if len(text) <= room else text[: max(room - 1, 0)] + "…"


def _joined(parts: list[Fragments], between: str) -> Fragments:
    made: Fragments = []
    for part in parts:
        made += [(DIM, between), *part] if made else part
    return made


def _fitted(fragments: Fragments, width: int) -> Fragments:
    made, left = [(PLAIN, " ")], width - 1
    for style, text in fragments:
        if left <= 0:
            break
        made.append((style, _cut(shown(text), left)))
        left -= len(shown(text))
    return made
