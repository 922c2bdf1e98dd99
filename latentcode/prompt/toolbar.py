"""The toolbar: what the engine does, in a line, and what each voice plays."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Iterable
from typing import Protocol

from latentcode.files.texts import shown
from latentcode.patterns.tracing import Place
from latentcode.prompt.literals import Lit, spans
from latentcode.protocol.messages import Encoding, Hello, State
from latentcode.protocol.state import VoiceState

Fragments = list[tuple[str, str]]
DARK: Lit = {}

TURNS, MOST_WAITING = {1: "↑", -1: "↓", 0: "↕"}, 2  # which way a control is to go; so many are shown
CLOSE_DB = -3.0  # from here on a peak is close to the limiter's ceiling
NARROW = 8  # characters of a voice, below which only its name is shown
FRESH = 1.0  # seconds after which what the engine said last is old
PLAIN, DIM, GOOD, WARN, BAD, LIT = "", "class:dim", "class:good", "class:warn", "class:bad", "class:lit"
ROWS = 5  # a terminal has one row of voices for so many of its own


class LinkState(Protocol):
    """What the toolbar reads of a link."""

    state: State
    hello: Hello | None
    heard: float
    encoding: Encoding | None
    down: str
    pausing: str

    @property
    def ready(self) -> bool: ...


def status(link: LinkState, width: int, now: float | None = None) -> Fragments:
    """The line about the set: model, tempo, place, lead, load, dry buffers, recording, device."""
    if why := link.down or link.pausing:
        return _fitted([(BAD, f"✗ no engine: {why}")], width)
    if link.hello is None or not link.heard:
        return _fitted([(WARN, "the engine is starting …")], width)
    now = time.monotonic() if now is None else now
    state, hello = link.state, link.hello
    age = now - link.heard
    parts: list[Fragments] = [
        [(PLAIN, hello.model)],
        [(PLAIN, f"{round(state.bpm or 0, 2):g} bpm")],
        _place(state, min(age, FRESH)),
        [(DIM, "lead "), (PLAIN, f"{state.lead or 0:.0f} ms")],
        _share("load", max(state.load, state.player_load)),
        _dry(state),
        _peak(state),
        [(DIM, re.split("[,:]", state.device)[0])],  # a notice has told the rest
    ]
    if state.recording:
        parts.insert(0, [(BAD, f"● {state.recording.replace(chr(92), '/').rsplit('/', 1)[-1]}")])
    for key, done, cycles in state.capturing:
        parts.insert(0, [(WARN, _capturing(key, done, cycles))])
    if state.waiting:
        parts.insert(0, [(WARN, _waiting(state.waiting))])
    if (sound := link.encoding) is not None:
        parts.insert(0, [(WARN, f"encoding {sound.name} {100 * sound.done // max(sound.total, 1)}%")])
    if not link.ready:
        parts.insert(0, [(WARN, "the engine is starting …")])
    elif age > FRESH:
        parts.insert(0, [(BAD, "the engine is silent")])
    return _fitted(_joined(parts, " │ "), width)


def voices(link: LinkState, width: int, rows: int = 1, lit: Lit = DARK) -> Fragments:
    """The rows about the voices: what plays, with the words that sound lit, by which model where
    it is not the set's, and what is pending and when.

    One voice a row, or as many as it needs for no more than `rows`; only their names where that
    leaves no room for more.
    """
    found = link.state.voices
    shown = [voice for voice in found if voice.playing or voice.pending or voice.beside]
    if not shown:
        return _fitted([(DIM, "nothing plays")], width)
    across = -(-len(shown) // max(rows, 1))
    room = (width - 2) // across - 3
    if room < NARROW:
        names = [[_name(voice, voice.index in lit)] for voice in shown]
        return _fitted(_joined(names, " "), width)
    cells = [_voice(voice, link.state.cycle, room, lit.get(voice.index, ())) for voice in shown]
    lines = [cells[first : first + across] for first in range(0, len(cells), across)]
    if len(lines) > 1:
        lines = [[*(_padded(cell, room) for cell in line[:-1]), line[-1]] for line in lines]
    made = _fitted(_joined(lines[0], "   "), width)
    for line in lines[1:]:
        made += [(PLAIN, "\n"), *_fitted(_joined(line, "   "), width)]
    return made


def _name(voice: VoiceState, sounds: bool) -> tuple[str, str]:
    marks = (("M", voice.muted), ("S", voice.solo), ("→", bool(voice.pending)))
    style = LIT if sounds else GOOD if voice.playing else DIM
    return style, f"d{voice.index + 1}{''.join(mark for mark, there in marks if there)}"


def _padded(cell: Fragments, room: int) -> Fragments:
    return [*cell, (PLAIN, " " * max(room - sum(len(text) for _, text in cell), 0))]


def told(sentence: str, example: str, width: int) -> Fragments:
    """The row about the call that is being typed; the example is given what it needs."""
    if not example or example in sentence:
        return _fitted([(PLAIN, sentence)], width)
    room = max(width - len(example) - 5, 0)
    made = [(PLAIN, _cut(sentence, room)), (DIM, "  ")] if room > 20 else []
    return _fitted([*made, (GOOD, example)], width)


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


def _place(state: State, age: float) -> Fragments:
    beats = max(state.beats, 1)
    cycle = state.cycle + age * (state.bpm or 0.0) / 60 / beats
    beat = int(cycle % 1 * beats)
    return [(PLAIN, f"{int(cycle)} "), (GOOD, "".join("●" if n == beat else "·" for n in range(beats)))]


def _share(name: str, share: float) -> Fragments:
    return [(DIM, f"{name} "), (BAD if share > 0.9 else WARN if share > 0.7 else PLAIN, f"{share:.0%}")]


def _dry(state: State) -> Fragments:
    dry, xruns = state.dry, state.xruns
    made = [(DIM, "dry "), (WARN if dry else PLAIN, str(dry))]
    return [*made, (DIM, "  xruns "), (WARN, str(xruns))] if xruns else made


def _peak(state: State) -> Fragments:
    """The largest peak of the last seconds, and a lamp while the limiter has held more than that
    back.
    """
    peak, over = state.held, state.over
    if peak < 1e-4:
        return [(DIM, "peak −")]
    decibels = 20 * math.log10(peak)
    made = [(DIM, "peak "), (WARN if decibels > CLOSE_DB else PLAIN, f"{decibels:.0f} dB".replace("-", "−"))]
    return [*made, (BAD, f" ▮ over by {20 * math.log10(over):.1f} dB")] if over > 1.0 else made


def _voice(voice: VoiceState, cycle: float, room: int, lit: Iterable[Place]) -> Fragments:
    name = f"d{voice.index + 1} "
    marks = "".join(mark for mark, there in (("M", voice.muted), ("S", voice.solo)) if there)
    made: Fragments = [(GOOD if voice.playing else DIM, name)]
    if marks:
        made.append((WARN, f"{marks} "))
    if heard_by := "+".join(voice.models):
        made.append((DIM, f"{_cut(heard_by, room // 2)}: "))
        room -= len(made[-1][1])
    text, pending = voice.text if voice.playing else "", voice.pending
    if voice.morph:
        text = morph_spoken(voice.text, *voice.morph)
    for what, start in dict.fromkeys((extra.kind, extra.begins) for extra in voice.beside):
        text += f" +{what}" if start is None else f" +{what} in {max(start - cycle, 0.0):.1f}"
    begin = text.find(voice.text)
    sounding = [(begin + first, begin + last) for first, last in spans(voice.text, lit)]
    if not pending:
        return [*made, *_lit(_cut(text, room - len(name)), sounding)]
    left = max((voice.pending_cycle or 0.0) - cycle, 0.0)
    half = max((room - len(name)) // 2 - 4, 4)
    before = [*_lit(_cut(text, half), sounding), (PLAIN, " ")] if text else []
    return [*made, *before, (WARN, f"→ {_cut(pending, half)} in {left:.1f}")]


def _lit(text: str, sounding: Iterable[tuple[int, int]]) -> Fragments:
    """A text, and what of it sounds."""
    made: Fragments = []
    place = 0
    for begin, end in sorted(sounding):
        begin = max(begin, place)
        if begin < end:
            made += [(PLAIN, text[place:begin]), (LIT, text[begin:end])]
            place = end
    return [part for part in [*made, (PLAIN, text[place:])] if part[1]]


def morph_spoken(text: str, source: str, share: float) -> str:
    """How far a voice is on its way from one pattern, `source`, to the next:
    `cello ⇢ choir 37%`.
    """
    return f"{source or '…'} ⇢ {text or '…'} {share:.0%}"


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
