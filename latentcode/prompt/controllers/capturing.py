"""`wave = capture(cc(1), 4)`: what a hand does for some cycles, which then goes round and round."""

from __future__ import annotations

import pickle
from dataclasses import fields, is_dataclass
from fractions import Fraction
from typing import Any

from latentcode.checks import cycles as checked_cycles
from latentcode.checks import whole
from latentcode.errors import ControlError
from latentcode.files import texts
from latentcode.latents.listening import LiveIn, live_in
from latentcode.latents.looping import InputLoop
from latentcode.patterns import Pattern
from latentcode.patterns.combine import stack
from latentcode.patterns.gestures import Captured, Loop, understood, written
from latentcode.patterns.inputs import typed
from latentcode.patterns.nodes import Live
from latentcode.patterns.pitch import note
from latentcode.patterns.tree import Tree, mapped
from latentcode.prompt.controllers.assignments import place_of
from latentcode.prompt.controllers.files import file_of, read, write
from latentcode.prompt.set_api import Words
from latentcode.set.commands import SET
from latentcode.set.pads import loudness
from latentcode.words import prompt_word

LONGEST = 64  # cycles
PATIENCE = 2.0  # seconds that an answer may take
EXAMPLE = "as in wave = capture(cc(1), 4)"
NOBODY = "the engine does not answer; when it has started, type the line again"


class Capturing(Words):
    """The words about gestures."""

    @prompt_word("wave = capture(cc(1), 4)")
    def capture(self, source: Any, cycles: Any = None, over: Any = None, quant: Any = ...) -> Any:
        """A gesture: what a hand does from the next boundary on, for so many cycles, as a signal.

        It can be used at once: until it is complete it is what the hand does now, from then on it
        goes round, in phase with the cycles it was taken in.

        source  a live input, a signal made of live inputs, or several in a tuple (which gives a
                tuple)
        cycles  above 0, up to 64; left out, as many as the gesture it is played over has
        over    a gesture, or any signal: it counts wherever the hand does not move, 1/4 s after its
                last change
        quant   as in quant(…); left out, the set's

        Of what comes in, `capture(live_in(1), 4)`, it is a loop: see `looper`. Raises ControlError
        for what no hand moves, and for a length that is none.
        """
        length = _length(cycles, over)
        if isinstance(source, LiveIn):
            return self.looper(length, source).record(quant)
        when = self._stage.quant_of(quant)
        if isinstance(source, (tuple, list)) and source:
            overs = over if isinstance(over, (tuple, list)) else [over] * len(source)
            if len(overs) != len(source):
                raise ControlError(
                    f"{len(source)} inputs are played over {len(overs)} signals; give one for each, or one for all"
                )
            return tuple(
                self._taken(one, length, below, when) for one, below in zip(source, overs, strict=True)
            )
        return self._taken(source, length, over, when)

    @prompt_word("riff = played(4)")
    def played(
        self, cycles: Any = 4, quant: Any = 1 / 16, ch: int | None = None, port: str | None = None
    ) -> Pattern:
        """What keys have played in the last whole cycles, as a pattern of notes that goes round in
        phase with them: d5 >> played(4).s("cello").

        cycles     1 to 64
        quant      the grid, in cycles, to which onsets and lengths are moved; None: as it was
        played
        ch, port   of one channel, 1 to 16, and a part of the port's name; else of all that are no
                   pads

        Raises ControlError for what is none of these, and where nothing was played.
        """
        count = whole(cycles, "played", 1, LONGEST, "played(4)", ControlError, "a number of cycles")
        grid = (
            None if quant is None else checked_cycles(quant, "quant", 1, "played(4, quant=1/8)", ControlError)
        )
        told = self._stage.asked("played", count, *place_of(port, ch, "played"), patience=PATIENCE)
        if told is None and self._stage.live:
            raise ControlError(NOBODY)
        if not told or not told["notes"]:
            raise ControlError(
                f"no key was played in the last {f'{count} cycles' if count > 1 else 'cycle'}; "
                f"play, and type played({count}) then"
            )
        return riff(told["notes"], told["first"], count, grid)

    @prompt_word("loop = looper(4)")
    def looper(self, cycles: Any, source: Any = 1) -> InputLoop:
        """A loop of so many cycles of what comes in, in latent frames: a trajectory.

        It is empty until `loop.record()`, and goes round in phase with the cycles it was recorded
        in, whatever becomes of the tempo. `loop.overdub()` and `loop.replace()` record once round,
        `loop.half()` and `loop.turn()` change its pace, `loop.undo()` and `loop.clear()` what is in
        it; each at the next boundary, and on pads.

        cycles  above 0, up to 64; no longer than 36 seconds
        source  the number of an input, or live_in(1, gate=-50)

        Raises ControlError for another length, LatentError for what is no input.
        """
        length = checked_cycles(cycles, "looper", LONGEST, "looper(4)", ControlError)
        heard = source if isinstance(source, LiveIn) else live_in(source)
        return InputLoop(self._stage.name(), length, heard, self)

    def tell(self, loop: InputLoop, what: str, quant: Any) -> None:
        """Let a loop do something at the next boundary."""
        when = self._stage.quant_of(quant)
        self._stage.issue("loop", SET, when, what, loop.name, str(loop.cycles), loop.source)

    @prompt_word('gesture("wave.toml")')
    def gesture(self, file: Any) -> Pattern:
        """A gesture that was saved, `wave.save("wave.toml")`; its first cycle is cycle 0.

        Raises ControlError for a file that cannot be read, PatternError for one without a gesture.
        """
        path = file_of(file, ".toml", 'gesture("wave.toml")')
        return understood(_text(read(self._stage, path), path.name), path.name)

    def save_gesture(self, gesture: Captured, file: Any, force: bool) -> None:
        """Write a complete gesture to a text file.

        Raises ControlError where nobody answers, and where the file cannot be written.
        """
        path = file_of(file, ".toml", 'wave.save("wave.toml")')
        if not self._stage.live:
            return
        told = self._stage.question("gesture", pickle.dumps(gesture))
        if told is None:
            raise ControlError(NOBODY)
        if "text" in told:
            raise ControlError(told["text"])
        loop = Loop(tuple(told["times"]), tuple(told["values"]), Fraction(told["cycles"]), told["tau"])
        write(self._stage, path, written(loop, typed(gesture.hand)).encode(), force)

    def _taken(self, source: Any, cycles: Fraction, over: Any, quant: str | None) -> Pattern:
        inputs = _inputs(source)
        below = None if over is None else _signal(over)
        named = {given: self._one(given, cycles, below, quant) for given in inputs}
        return mapped(source, lambda node: _put(node, named))  # type: ignore[no-any-return]

    def _one(self, given: Live, cycles: Fraction, over: Pattern | None, quant: str | None) -> Captured:
        name = self._stage.name()
        default = given.default
        self._stage.issue("capture", SET, quant, name, given.name, str(cycles), over is not None, default)
        return Captured(name, cycles, given, over, self)


def riff(notes: Any, first: int, cycles: int, grid: Fraction | None) -> Pattern:
    """Notes (begin and end in cycles from `first`, key, velocity) as a pattern that goes round
    every
    `cycles`, each where it was.
    """
    made = []
    for begin, end, number, velocity in notes:
        on, off = Fraction(begin).limit_denominator(960), Fraction(end).limit_denominator(960)
        if grid is not None:
            on, off = round(on / grid) * grid, max(round(off / grid), round(on / grid) + 1) * grid
        length = min(max(off - on, Fraction(1, 960)), Fraction(cycles))
        one = note(str(number)).gain(round(loudness(velocity), 4)).compress(0, length / cycles)
        made.append(one.slow(cycles).late((on + first) % cycles))
    return stack(*made)


def _put(node: Tree, named: dict[Live, Captured]) -> Tree:
    return named[node] if isinstance(node, Live) else node


def _inputs(source: Any) -> tuple[Live, ...]:
    if _captured(source):
        raise ControlError("this is a gesture already; to play over it type capture(cc(1), over=wave)")
    found = source.live_inputs if isinstance(source, Pattern) else ()
    if not found:
        raise ControlError(
            f"capture takes what a hand moves, cc(…), bend(), osc(…), live(…), not {source!r}; {EXAMPLE}"
        )
    return tuple(found)


def _captured(value: Any) -> bool:
    if isinstance(value, Captured):
        return True
    inside = value if isinstance(value, tuple) else ()
    if is_dataclass(value) and not isinstance(value, type):
        inside = tuple(getattr(value, field.name) for field in fields(value))
    return any(map(_captured, inside))


def _signal(over: Any) -> Pattern:
    if isinstance(over, Pattern):
        return over
    raise ControlError(
        f"a gesture is played over another, or a signal, not {over!r}; as in capture(cc(1), over=wave)"
    )


def _length(cycles: Any, over: Any) -> Fraction:
    first = over[0] if isinstance(over, (tuple, list)) and over else over
    if cycles is None and isinstance(first, (Captured, Loop)):
        return first.cycles
    return checked_cycles(cycles, "capture", LONGEST, "capture(cc(1), 4)", ControlError)


def _text(content: bytes, name: str) -> str:
    try:
        return texts.decoded(content)
    except UnicodeDecodeError as error:
        raise ControlError(f"{name} is no gesture: it is no text") from error
