"""What sounds, as words of the code: where in its block each event stands that is heard now.

The engine says which voice plays what, and where in the cycle it is; patterns are functions of
time, so the rest is found here, without the engine and the sound.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import chain
from math import floor
from typing import TYPE_CHECKING, Any, TypeAlias

from latentcode.errors import LatentcodeError
from latentcode.latents import noise
from latentcode.patterns import Pattern
from latentcode.patterns.event import Context
from latentcode.patterns.tracing import Place, traced
from latentcode.prompt.error_format import TYPED, Origin
from latentcode.prompt.literals import Lit, Literal, Statement, sources, statements, within
from latentcode.set.commands import SET

if TYPE_CHECKING:
    from latentcode.protocol.messages import State
    from latentcode.protocol.state import VoiceState
    from latentcode.set.commands import Command

MOST = 200  # blocks, and patterns, that are known
STALE = 1.0  # seconds after which nobody knows what sounds

Events: TypeAlias = tuple[tuple[Fraction, Fraction, tuple[Place, ...]], ...]  # from, to, of which texts


@dataclass(frozen=True)
class Word:
    """A word of a block that sounds: its row in the block, from 0, and its columns there, in
    characters from 0, the last not included. `beside`: it sounds beside what its voice plays, as
    what plays once does.
    """

    voice: str
    block: int
    row: int
    begin: int
    end: int
    file: str
    line: int
    beside: bool = False


@dataclass(frozen=True)
class Code:
    """A block that has run."""

    text: str
    origin: Origin

    @cached_property
    def statements(self) -> tuple[Statement, ...]:
        """Its statements, with the texts in them, looked for when something of it sounds."""
        return statements(self.text)


@dataclass(frozen=True, eq=False)
class Played:
    """A pattern that a block let a voice play."""

    pattern: Pattern
    block: int


Sounds: TypeAlias = tuple[int, Played, Fraction]  # voice, and at which cycle of what it plays it is


@dataclass(frozen=True)
class Heard:
    """The events of one cycle of a pattern."""

    cycle: int
    events: Events


class Sounding:
    """Knows the blocks that have run, and what they let voices play, all the time or once."""

    def __init__(self) -> None:
        self._blocks: OrderedDict[int, Code] = OrderedDict()
        self._played: OrderedDict[tuple[int, str], Played] = OrderedDict()  # by voice and what was typed
        self._once: OrderedDict[tuple[int, str], Played] = OrderedDict()
        self._heard: dict[tuple[int, Played], Heard] = {}
        self._words_of: dict[tuple[str, int, Place, bool], tuple[Word, ...]] = {}

    def block(self, number: int, code: str, origin: Origin = TYPED) -> None:
        """A block is about to run."""
        _keep(self._blocks, number, Code(code, origin))
        self._words_of.clear()

    def sent(self, number: int, commands: Iterable[tuple[Command, bytes]]) -> None:
        """A block's commands have gone to the engine."""
        known = {"play": self._played, "once": self._once}
        for command, _ in commands:
            if (kept := known.get(command.kind)) is not None:
                _keep(kept, (command.voice, command.label), Played(command.arguments[0], number))

    def again(self, number: int, code: str, commands: Iterable[Command]) -> None:
        """A block of a journal, which has been run again, and what it asked. One that was
        written in by hand has no number: its words are found nowhere.
        """
        if number:
            self.block(number, code)
        self.sent(number, [(command, b"") for command in commands])

    def block_of(self, voice: int) -> str:
        """The block that let a voice, from 0, play something last; empty where it is unknown."""
        numbers = (
            played.block for (index, _), played in reversed(list(self._played.items())) if index == voice
        )
        found = self._blocks.get(next(numbers, 0))
        return "" if found is None else found.text

    def now(self, state: State, heard: float, seed: int) -> list[Word]:
        """What sounds now, as words of the blocks (see `places`), also of what plays once, and of
        what fades away.
        """
        if (cycle := _cycle(state, heard)) is None:
            return []
        return [
            word
            for beside, sounding in ((False, self._own), (True, self._extras))
            for voice, played, at in sounding(state, cycle)
            for place in self._places(voice, played, at, seed)
            for word in self._words(f"d{voice + 1}", played.block, place, beside)
        ]

    def places(self, state: State, heard: float, seed: int) -> Lit:
        """What sounds now of the pattern of each voice; the engine said how the set stands at a
        moment (`heard`, time.monotonic()).
        """
        if (cycle := _cycle(state, heard)) is None:
            return {}
        found = {
            voice: self._places(voice, played, at, seed) for voice, played, at in self._own(state, cycle)
        }
        return {voice: places for voice, places in found.items() if places}

    def _own(self, state: State, cycle: Fraction) -> Iterator[Sounds]:
        for voice in _audible(state):
            played = self._played.get((voice.index, voice.text))
            if played and voice.playing:
                yield voice.index, played, cycle

    def _extras(self, state: State, cycle: Fraction) -> Iterator[Sounds]:
        for voice in _audible(state):
            for extra in voice.beside:
                at = cycle - Fraction(extra.first)
                places = [(voice.index, extra.text), (SET, extra.text)]  # it may have chosen the voice itself
                if extra.kind == "fading" and (played := self._played.get(places[0])):
                    yield voice.index, played, at
                elif extra.kind == "once" and 0 <= at < 1:
                    once = next((known for place in places if (known := self._once.get(place))), None)
                    if once:
                        yield voice.index, once, at

    def _places(self, voice: int, played: Played, at: Fraction, seed: int) -> tuple[Place, ...]:
        """Where what a voice plays stands in its texts, at a cycle of it."""
        known = self._heard.get((voice, played))
        if known is None or known.cycle != floor(at):
            if len(self._heard) > MOST:
                self._heard.clear()
            known = Heard(floor(at), _events(voice, played, floor(at), seed))
            self._heard[voice, played] = known
        there = (places for begin, end, places in known.events if begin <= at < end)
        return tuple(dict.fromkeys(chain.from_iterable(there)))

    def _words(self, voice: str, block: int, place: Place, beside: bool) -> tuple[Word, ...]:
        key = voice, block, place, beside
        words = self._words_of.get(key)
        if words is None:
            words = self._words_of[key] = tuple(self._found(*key))
        return words

    def _found(self, voice: str, block: int, place: Place, beside: bool) -> Iterator[Word]:
        text, begin, end = place
        numbers = [block, *sorted((n for n in list(self._blocks) if n < block), reverse=True)]
        known = [(number, code) for number in numbers if (code := self._blocks.get(number))]
        at, there = sources(voice, text, (code.statements for _, code in known))
        if not there:
            at, there = _any(text, known)
        for literal in there:
            number, code = known[at]
            spot, origin = within(literal, begin, end), code.origin
            yield Word(voice, number, *spot, origin.file, origin.line, beside)


def _any(text: str, known: list[tuple[int, Code]]) -> tuple[int, list[Literal]]:
    """Where a text stands, the newest time, where it is not said for which voice: rather where no
    voice is told it.
    """
    for place, (_, code) in enumerate(known):
        found = [one for statement in code.statements for one in statement.literals if one.text == text]
        if found:
            return place, [next((one for one in found if not one.voices), found[0])]
    return -1, []


def _cycle(state: State, heard: float) -> Fraction | None:
    """The cycle that is heard now; None where nobody knows."""
    age = time.monotonic() - heard
    if state.bpm is None or age > STALE:
        return None
    late = age - state.timing.latency / 1000
    return Fraction(state.cycle + late * state.bpm / 60 / max(state.beats, 1))


def _audible(state: State) -> Iterator[VoiceState]:
    alone = any(voice.solo for voice in state.voices)
    return (voice for voice in state.voices if not voice.muted and (voice.solo or not alone))


def _events(voice: int, played: Played, cycle: int, seed: int) -> Events:
    try:
        found = traced(played.pattern, cycle, cycle + 1, Context(noise.key(seed, voice)))
    except (LatentcodeError, ArithmeticError, TypeError, ValueError, LookupError):
        return ()  # the engine says what is wrong with it
    return tuple((*event.active, places) for event, places in found if places)


def _keep(known: OrderedDict[Any, Any], key: Any, value: Any) -> None:
    known[key] = value
    known.move_to_end(key)
    if len(known) > MOST:
        known.popitem(last=False)
