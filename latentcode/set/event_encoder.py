"""What patterns are sent to, and what their events are there: notes, numbers of controllers, …"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple
from zlib import crc32

import numpy as np

from latentcode.errors import EngineError
from latentcode.midi_osc.midi import FORMATS, KEYS, note_off, note_on
from latentcode.midi_osc.osc import message
from latentcode.patterns import Context, Controls, Pattern, compile_pattern
from latentcode.patterns.event import Hands

ALL = "*"
MIDDLE_C = 60
NO_CONTROLLER = "0"
VELOCITY = 0.8  # of a note that says nothing about it
BARE = ("n", "note", "s")  # controls that OSC is sent without their name where there is no other

LONGEST_SHOWN = 60  # characters of a value in a message

Spoken = Callable[[str, Any, Fraction, Context, Hands], Any]
Coded = Callable[[str, int, Any, bool], tuple[bytes, ...]]


class NoteEvent(NamedTuple):
    """A note: key 0 to 127, velocity 0 to 1, length as a factor of its event."""

    key: int
    velocity: float
    legato: Fraction = Fraction(1)


@dataclass(frozen=True)
class Speech:
    """How a place is spoken to.

    spoken  what, an event's value, its cycle, context, live inputs → what is sent; None: nothing.
            Raises EngineError.
    coded   what, channel (1 to 16; 0: none), what is sent, whether it ends → messages as they
            travel. It is pure, so that what cannot be sent is found in a trial, and in a replay as
            it was live. Raises LatentcodeError.
    holds   whether what begins also ends, as notes do
    every   whether it is told each event, not changes alone
    key     what begins is told from other things that are held
    length  of what is sent, as a factor of the event's
    joined  what is sent instead of two that begin at once and are told apart by nothing
    """

    spoken: Spoken
    coded: Coded
    holds: bool = False
    every: bool = False
    key: Callable[[Any], Hashable] = lambda value: None
    length: Callable[[Any], Fraction] = lambda value: Fraction(1)
    joined: Callable[[Any, Any], Any] = lambda one, other: other


def struck(what: str, value: Any, cycle: Fraction, context: Context, live: Hands = None) -> NoteEvent | None:
    """The note of an event; `note` is a MIDI number, `n` counts semitones from middle C (60).

    The velocity is `velocity`, times `gain` where that is set; without either it is 0.8.

    Raises EngineError for what is no note, and for one beyond those of MIDI.
    """
    controls = Controls.of(value)
    pitch, step = controls.get("note"), controls.get("n")
    if pitch is None and step is None:
        raise EngineError(
            f'{_short(value)} is no note; as in midi_out("synth").note(n("0 3 7")), or .note("c4 e4")'
        )
    own = pitch is not None
    key = _number(pitch if own else step, cycle, context, live) + (0 if own else MIDDLE_C)
    if not -0.5 <= key < KEYS + 0.5:
        raise EngineError(f"MIDI notes go from 0 to {KEYS}, and this is {key:g}")
    levels = [controls.get(name) for name in ("velocity", "gain")]
    known = [_number(level, cycle, context, live) for level in levels if level is not None]
    velocity = min(float(np.prod(known)), 1.0) if known else VELOCITY
    legato = _number(controls.get("legato", 1), cycle, context, live)
    return NoteEvent(int(np.floor(key + 0.5)), velocity, Fraction(str(legato))) if velocity > 0 else None


def number(what: str, value: Any, cycle: Fraction, context: Context, live: Hands = None) -> int:
    """A value as it stands on the wire: 0 to 1 as 7 or 14 bits;
    values beyond are moved to the edge.

    Raises EngineError for what is no number.
    """
    controls = Controls.of(value)
    found = _number(controls.get("n", controls.get("note", controls.get("s"))), cycle, context, live)
    made = FORMATS[what.partition(":")[0]]
    return made.number(min(max(found, made.least), made.most))


def _number(value: Any, cycle: Fraction, context: Context, live: Hands = None) -> float:
    """A number, or a signal read at a cycle."""
    if isinstance(value, Pattern):
        value = compile_pattern(value, context).sample(np.array([float(cycle)]), live)[0]
    try:
        found = float(value)
    except (TypeError, ValueError, OverflowError) as error:
        raise EngineError(
            f'{_short(value)} is no number that can be sent; as in midi_out("synth").cc(74, "0 .5 1")'
        ) from error
    if not np.isfinite(found):
        raise EngineError(f"{found} is no number that can be sent")
    return found


def arguments(
    what: str, value: Any, cycle: Fraction, context: Context, live: Hands = None
) -> tuple[float | str | bool, ...]:
    """The OSC arguments of an event: its value, or of several controls their names and values in
    turn.

    Raises EngineError for what OSC cannot carry.
    """
    pairs = Controls.of(value).pairs
    if len(pairs) == 1 and pairs[0][0] in BARE:
        return (_argument(pairs[0][1], cycle, context, live),)
    return tuple(part for name, held in pairs for part in (name, _argument(held, cycle, context, live)))


def _argument(value: Any, cycle: Fraction, context: Context, live: Hands = None) -> float | str | bool:
    if isinstance(value, (bool, str)):
        return value
    try:
        return _number(value, cycle, context, live)
    except EngineError as error:
        raise EngineError(
            f'{_short(value)} cannot be sent as OSC; numbers and names can, as in .send("/freq", n("0 3"))'
        ) from error


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


def _note(what: str, channel: int, value: NoteEvent, ends: bool) -> tuple[bytes, ...]:
    if ends:
        return (note_off(channel - 1, value.key),)
    return (note_on(channel - 1, value.key, value.velocity),)


def _numbered(what: str, channel: int, value: int, ends: bool) -> tuple[bytes, ...]:
    name, _, number = what.partition(":")
    return tuple(FORMATS[name].bytes(channel - 1, int(number or NO_CONTROLLER), value))


def _message(what: str, channel: int, value: tuple[float | str | bool, ...], ends: bool) -> tuple[bytes, ...]:
    return (message(what, value),)


def _louder(one: NoteEvent, other: NoteEvent) -> NoteEvent:
    return max(one, other, key=lambda note: note.velocity)


NOTES = Speech(
    struck,
    _note,
    holds=True,
    every=True,
    key=lambda note: note.key,
    length=lambda note: note.legato,
    joined=_louder,
)
SPEECH: dict[str, Speech] = {
    "midi:note": NOTES,
    **{f"midi:{name}": Speech(number, _numbered) for name in FORMATS},
    "osc": Speech(arguments, _message, every=True),
}


class Destination(NamedTuple):
    """What a pattern is sent to.

    service  "midi" or "osc"
    port     a part of the port's name; of OSC host:port
    what     "note", "cc:74", "bend", …; of OSC its address; `ALL` of all that is sent there
    channel  1 to 16; 0 where there is none
    """

    service: str
    port: str
    what: str
    channel: int = 0

    def means(self, other: Destination) -> bool:
        """Whether `other` is it, or one of them."""
        return self == other or (self.what == ALL and self._replace(what=other.what) == other)

    @property
    def speech(self) -> Speech:
        """How its events are spoken. Raises EngineError where nobody knows."""
        for name in (f"{self.service}:{self.what.partition(':')[0]}", self.service):
            if name in SPEECH:
                return SPEECH[name]
        raise EngineError(f"nothing is known of {self.service!r} {self.what!r}; they are {', '.join(SPEECH)}")

    @property
    def code(self) -> int:
        """A number that tells it from others."""
        return crc32("/".join(map(str, self)).encode())

    @property
    def place(self) -> str:
        """Its name in the journal: a word, whatever the port is called."""
        return f"{self.service}:{self.code:08x}"

    @property
    def spoken(self) -> str:
        """As a musician knows it."""
        channel = f", ch={self.channel}" if self.channel > 1 else ""
        return f"{self.service}_out({self.port!r}{channel}) {self.what.replace(':', ' ')}"


class OutgoingEvent(NamedTuple):
    """What goes out at a session sample: the value that the place's speech made of an event;
    or its end.

    data  the messages that say so, as they travel
    """

    sample: int
    where: Destination
    value: Any
    ends: bool
    options: tuple[Any, ...]
    data: tuple[bytes, ...] = ()
