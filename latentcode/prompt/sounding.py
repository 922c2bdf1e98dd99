"""What sounds, as words of the code: where in its block each event stands that is heard now.

The engine says which voice plays what, and where in the cycle it is; patterns are functions of
time, so the rest is found here, without the engine and the sound.
"""

from __future__ import annotations

import ast
import re
import time
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING, Any

from latentcode.errors import LatentcodeError
from latentcode.latents import noise
from latentcode.parameters import VOICES
from latentcode.patterns import Pattern
from latentcode.patterns.event import Context
from latentcode.patterns.tracing import Place, traced
from latentcode.prompt.error_format import TYPED, Origin

if TYPE_CHECKING:
    from latentcode.protocol.messages import State, VoiceState
    from latentcode.set.commands import Command

MOST = 200  # blocks, and patterns, that are known
STALE = 1.0  # seconds after which nobody knows what sounds
QUOTED = re.compile(r"[rRuU]?(\"\"\"|'''|\"|')")


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
class Literal:
    """A text in a block: where what is between its quotes begins;
    not `plain`: with escapes, so that no place in it is known.
    """

    text: str
    row: int
    column: int
    end: int
    voices: frozenset[str]
    plain: bool


@dataclass(frozen=True)
class Code:
    """A block that has run."""

    origin: Origin
    literals: tuple[Literal, ...]


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

    def block(self, number: int, code: str, origin: Origin = TYPED) -> None:
        """A block is about to run."""
        _keep(self._blocks, number, Code(origin, tuple(literals(code))))

    def sent(self, number: int, commands: Iterable[tuple[Command, bytes]]) -> None:
        """A block's commands have gone to the engine."""
        for command, _ in commands:
            if command.kind == "play":
                _keep(self._played, (command.voice, command.label), Played(command.arguments[0], number))

    def now(self, state: State, heard: float, seed: int) -> list[Word]:
        """What sounds now; the engine said how the set stands at a moment (`heard`,
        time.monotonic()).
        """
        age = time.monotonic() - heard
        if state.bpm is None or age > STALE:
            return []
        late = age - state.timing.latency / 1000
        cycle = Fraction(state.cycle + late * state.bpm / 60 / max(state.beats, 1))
        alone = any(voice.solo for voice in state.voices)
        there = [v for v in state.voices if v.playing and not v.muted and (v.solo or not alone)]
        return [word for voice in there for word in self._words(voice, cycle, seed)]

    def _words(self, voice: VoiceState, cycle: Fraction, seed: int) -> Iterator[Word]:
        played = self._played.get((voice.index, voice.text))
        if played is None:
            return
        places = (
            place
            for begin, end, places in self._events(voice.index, played, floor(cycle), seed)
            if begin <= cycle < end
            for place in places
        )
        for place in dict.fromkeys(places):
            if (word := self._word(f"d{voice.index + 1}", played.block, place)) is not None:
                yield word

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

    def _word(self, voice: str, block: int, place: Place) -> Word | None:
        text, begin, end = place
        for number in [block, *sorted((n for n in self._blocks if n < block), reverse=True)]:
            code = self._blocks.get(number)
            found = [one for one in code.literals if one.text == text] if code else []
            if code and found:
                literal = next((one for one in found if voice in one.voices), found[0])
                return Word(voice, number, *_within(literal, begin, end), code.origin.file, code.origin.line)
        return None


def _keep(known: OrderedDict[Any, Any], key: Any, value: Any) -> None:
    known[key] = value
    known.move_to_end(key)
    if len(known) > MOST:
        known.popitem(last=False)


def _within(literal: Literal, begin: int, end: int) -> tuple[int, int, int]:
    """Row and columns of a part of a text; of all of it where its parts are not known."""
    if not literal.plain:
        return literal.row, literal.column, literal.end
    before = literal.text[:begin].split("\n")
    first = len(before[-1]) + (literal.column if len(before) == 1 else 0)
    return literal.row + len(before) - 1, first, first + end - begin


def literals(code: str) -> Iterator[Literal]:
    """The texts in a block, with the voices for which they are written."""
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    lines = code.split("\n")
    meant = _meant(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield _literal(node, node.value, lines, meant.get(id(node), frozenset()))


def _literal(node: ast.Constant, text: str, lines: list[str], voices: frozenset[str]) -> Literal:
    row, last = node.lineno - 1, (node.end_lineno or node.lineno) - 1
    first, end = _characters(lines[row], node.col_offset), _characters(lines[last], node.end_col_offset or 0)
    raw = "\n".join(lines[row : last + 1])[first:]
    quote = QUOTED.match(raw)
    inside = quote.end() if quote else 0
    plain = quote is not None and raw[inside:].startswith(text + quote[1])
    column = first + inside * plain
    return Literal(text, row, column, end if last == row else len(lines[row]), voices, plain)


def _characters(line: str, column: int) -> int:
    """A column in bytes as one in characters."""
    return len(line.encode()[:column].decode(errors="replace"))


def _meant(tree: ast.AST) -> dict[int, frozenset[str]]:
    """The nodes that stand where a voice is told what to play, with the names of voices."""
    names = {f"d{number + 1}" for number in range(VOICES)}
    found: dict[int, frozenset[str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.RShift):
            told: ast.expr = node.left
        elif isinstance(node, ast.Call):
            told = node.func
        else:
            continue
        voices = frozenset(one.id for one in ast.walk(told) if isinstance(one, ast.Name)) & names
        for inner in ast.walk(node) if voices else ():
            found[id(inner)] = found.get(id(inner), frozenset()) | voices
    return found
