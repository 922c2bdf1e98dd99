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
from typing import TYPE_CHECKING, Any

from latentcode.errors import LatentcodeError
from latentcode.latents import noise
from latentcode.patterns import Pattern
from latentcode.patterns.event import Context
from latentcode.patterns.tracing import Place, traced
from latentcode.prompt.error_format import TYPED, Origin
from latentcode.prompt.literals import Lit, Literal, Statement, sources, statements, within

if TYPE_CHECKING:
    from latentcode.protocol.messages import State
    from latentcode.set.commands import Command

MOST = 200  # blocks, and patterns, that are known
STALE = 1.0  # seconds after which nobody knows what sounds


@dataclass(frozen=True)
class Word:
    """A word of a block that sounds: its row in the block, from 0, and its columns there, in
    characters from 0, the last not included.
    """

    voice: str
    block: int
    row: int
    begin: int
    end: int
    file: str
    line: int


@dataclass(frozen=True)
class Code:
    """A block that has run."""

    text: str
    origin: Origin

    @cached_property
    def statements(self) -> tuple[Statement, ...]:
        """Its statements, with the texts in them, looked for when something of it sounds."""
        return statements(self.text)


@dataclass(frozen=True)
class Played:
    """A pattern that a block let a voice play."""

    pattern: Pattern
    block: int


@dataclass(frozen=True)
class Heard:
    """The events of one cycle of a pattern."""

    played: Played
    cycle: int
    events: tuple[tuple[Fraction, Fraction, tuple[Place, ...]], ...]


class Sounding:
    """Knows the blocks that have run, and what they let voices play."""

    def __init__(self) -> None:
        self._blocks: OrderedDict[int, Code] = OrderedDict()
        self._played: OrderedDict[tuple[int, str], Played] = OrderedDict()  # by voice and what was typed
        self._heard: dict[int, Heard] = {}
        self._words_of: dict[tuple[str, int, Place], tuple[Word, ...]] = {}

    def block(self, number: int, code: str, origin: Origin = TYPED) -> None:
        """A block is about to run."""
        _keep(self._blocks, number, Code(code, origin))
        self._words_of.clear()

    def sent(self, number: int, commands: Iterable[tuple[Command, bytes]]) -> None:
        """A block's commands have gone to the engine."""
        for command, _ in commands:
            if command.kind == "play":
                _keep(self._played, (command.voice, command.label), Played(command.arguments[0], number))

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
        """What sounds now, as words of the blocks (see `places`)."""
        return [
            word
            for voice, played, places in self._sounding(state, heard, seed)
            for place in places
            for word in self._words(f"d{voice + 1}", played.block, place)
        ]

    def places(self, state: State, heard: float, seed: int) -> Lit:
        """What sounds now of each voice; the engine said how the set stands at a moment
        (`heard`, time.monotonic()).
        """
        return {voice: places for voice, _, places in self._sounding(state, heard, seed) if places}

    def _sounding(
        self, state: State, heard: float, seed: int
    ) -> Iterator[tuple[int, Played, tuple[Place, ...]]]:
        age = time.monotonic() - heard
        if state.bpm is None or age > STALE:
            return
        late = age - state.timing.latency / 1000
        cycle = Fraction(state.cycle + late * state.bpm / 60 / max(state.beats, 1))
        alone = any(voice.solo for voice in state.voices)
        for voice in state.voices:
            played = self._played.get((voice.index, voice.text))
            if played and voice.playing and not voice.muted and (voice.solo or not alone):
                events = self._events(voice.index, played, floor(cycle), seed)
                there = (places for begin, end, places in events if begin <= cycle < end)
                yield voice.index, played, tuple(dict.fromkeys(chain.from_iterable(there)))

    def _events(
        self, voice: int, played: Played, cycle: int, seed: int
    ) -> tuple[tuple[Fraction, Fraction, tuple[Place, ...]], ...]:
        known = self._heard.get(voice)
        if known is None or known.played is not played or known.cycle != cycle:
            try:
                found = traced(played.pattern, cycle, cycle + 1, Context(noise.key(seed, voice)))
            except (LatentcodeError, ArithmeticError, TypeError, ValueError, LookupError):
                found = []  # the engine says what is wrong with it
            events = tuple((*event.active, places) for event, places in found if places)
            known = self._heard[voice] = Heard(played, cycle, events)
        return known.events

    def _words(self, voice: str, block: int, place: Place) -> tuple[Word, ...]:
        key = voice, block, place
        words = self._words_of.get(key)
        if words is None:
            words = self._words_of[key] = tuple(self._found(*key))
        return words

    def _found(self, voice: str, block: int, place: Place) -> Iterator[Word]:
        text, begin, end = place
        numbers = [block, *sorted((n for n in list(self._blocks) if n < block), reverse=True)]
        known = [(number, code) for number in numbers if (code := self._blocks.get(number))]
        at, there = sources(voice, text, (code.statements for _, code in known))
        if not there:
            at, there = _any(text, known)
        for literal in there:
            number, code = known[at]
            yield Word(voice, number, *within(literal, begin, end), code.origin.file, code.origin.line)


def _any(text: str, known: list[tuple[int, Code]]) -> tuple[int, list[Literal]]:
    """Where a text stands, the newest time, where it is not said for which voice: rather where no
    voice is told it.
    """
    for place, (_, code) in enumerate(known):
        found = [one for statement in code.statements for one in statement.literals if one.text == text]
        if found:
            return place, [next((one for one in found if not one.voices), found[0])]
    return -1, []


def _keep(known: OrderedDict[Any, Any], key: Any, value: Any) -> None:
    known[key] = value
    known.move_to_end(key)
    if len(known) > MOST:
        known.popitem(last=False)
