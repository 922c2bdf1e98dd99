"""Pads: what is struck, asked for or switched when something is pressed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Protocol

from latentcode.inputs.keys import Key, key
from latentcode.set.actions import Action, Do, Strike, Toggle
from latentcode.set.commands import SET, Command, quant_of
from latentcode.set.faders import Faders
from latentcode.synth.keyboard import ANY

if TYPE_CHECKING:
    from latentcode.synth.extras import StruckPad
    from latentcode.synth.renderer import Renderer

AT_ONCE = 16  # struck together
A_SECOND = 60  # struck on and on: a glissando


@dataclass
class RateLimit:
    """Lets AT_ONCE through together, and then A_SECOND; pure in the samples that it is asked for,
    in order.
    """

    rate: int
    _left: float = float(AT_ONCE)
    _then: int = 0

    def lets(self, sample: int) -> bool:
        """Whether one more may be struck at a sample."""
        since, self._then = max(sample - self._then, 0), max(sample, self._then)
        self._left = min(self._left + since * A_SECOND / self.rate, AT_ONCE)
        if self._left < 1:
            return False
        self._left -= 1
        return True


MOST = 16  # cycles struck that sound at once; one more ends the first
MESSAGES = frozenset({"start", "stop", "continue", "program"})  # kinds that happen, whatever their value

Pairs = Iterable[tuple[str, "Action | None"]]


def loudness(velocity: float) -> float:
    """The gain of a velocity from 0 to 1: its square, 40 dB for a tenth,
    as General MIDI recommends.
    """
    return min(max(velocity, 0.0), 1.0) ** 2


@dataclass
class PadTable:
    """What inputs do, by their names, which may leave port and channel open."""

    bound: dict[Key, Action] = field(default_factory=dict)

    def change(self, pairs: Pairs | None, port: str, channel: str) -> None:
        """Let inputs do something else, or (None) nothing; without pairs,
        none of a port and channel does.
        """
        if pairs is None:
            self.bound = {name: action for name, action in self.bound.items() if not _on(name, port, channel)}
            return
        for text, action in pairs:
            self.bound.pop(key(text), None)
            if action is not None:
                self.bound[key(text)] = action

    def action(self, exact: Key) -> tuple[Key, Action] | None:
        """What an input does: of several names the one that says most of its port and channel,
        and the latest.
        """
        found = [(name, action) for name, action in self.bound.items() if name.matches(exact)]
        return max(reversed(found), key=lambda pair: _exactness(pair[0]), default=None)


def _exactness(name: Key) -> tuple[bool, bool, int]:
    return name.port != ANY, name.channel != ANY, len(name.port)


def _on(name: Key, port: str, channel: str) -> bool:
    return (port == ANY or name.port == port) and (channel == ANY or name.channel == channel)


class PadHost(Protocol):
    """What pads and keys need of the set that they play."""

    renderer: Renderer
    faders: Faders
    notice: Callable[[str], None]

    def schedule(self, command: Command, stamp: int) -> None: ...
    def free_voice(self) -> int: ...


class Pads:
    """Does what pads ask for, exactly at the sample of the press."""

    def __init__(self, host: PadHost) -> None:
        self._host = host
        self._turns: dict[tuple[Key, str], int] = {}  # how often each pattern was struck
        self._ringing: list[StruckPad] = []
        self._waiting: dict[
            tuple[Key, str], tuple[Fraction, StruckPad]
        ] = {}  # by the cycle at which they begin
        self._once: dict[tuple[Key, int], Fraction] = {}  # by the place among a pad's commands
        self._allowance = RateLimit(host.renderer.settings.sample_rate)

    def press(self, name: Key, action: Action, velocity: float, sample: int) -> None:
        """A pad was pressed that is bound by this name."""
        if not self._allowance.lets(sample):
            return
        if isinstance(action, Strike):
            self._strike(name, action, loudness(velocity), sample)
        elif isinstance(action, Toggle):
            muted = action.voice in self._host.faders.muted
            self._host.schedule(Command("mute", action.voice, (not muted,)), sample)
        elif isinstance(action, Do):
            for place, command in enumerate(action.commands):
                if not self._asked_already((name, place), command, sample):
                    self._host.schedule(command, sample)

    def waits(self, name: Key) -> bool:
        """Whether a pad was pressed whose pattern has not begun yet."""
        here = self._host.renderer.cycle
        return any(pad == name and cycle > here for (pad, _), (cycle, _) in self._waiting.items())

    def _strike(self, name: Key, action: Strike, level: float, sample: int) -> None:
        renderer = self._host.renderer
        voice = self._host.free_voice() if action.voice == SET else action.voice
        known = name, action.pattern.digest
        if action.quant is not None and self._louder(known, quant_of(action.quant), level, sample):
            return
        turn = self._turns[known] = self._turns.get(known, -1) + 1
        struck = renderer.strike(voice, action.pattern, quant_of(action.quant), sample, turn, level)
        self._waiting[known] = renderer.boundary(quant_of(action.quant), sample), struck
        self._ringing = [one for one in self._ringing if any(one.extra is extra for extra in renderer.extras)]
        for other in self._ringing:
            other.voice.chokes += [(group, struck.begin) for group in action.cuts]
        for other in self._ringing[: max(len(self._ringing) + 1 - MOST, 0)]:
            other.voice.chokes.append((None, sample))
        self._ringing.append(struck)

    def _louder(self, known: tuple[Key, str], quant: Fraction | None, level: float, sample: int) -> bool:
        """Whether a pad waits for its boundary already: it begins once,
        as loud as the harder of its presses.
        """
        renderer = self._host.renderer
        cycle, struck = self._waiting.get(known, (None, None))
        if struck is None or cycle != renderer.boundary(quant, sample):
            return False
        if not any(extra is struck.extra for extra in renderer.extras):
            return False
        struck.extra.level = max(struck.extra.level, level)
        return True

    def _asked_already(self, place: tuple[Key, int], command: Command, sample: int) -> bool:
        """Whether what a pad lets sound once waits for its boundary already."""
        renderer = self._host.renderer
        if command.kind != "once" or command.arguments[1] is None:
            return False
        cycle = renderer.boundary(quant_of(command.arguments[1]), sample)
        before, self._once[place] = self._once.get(place), cycle
        return before == cycle and any(extra.until == cycle + 1 for extra in renderer.extras)
