"""The effects of a set: which chains there are, and what the player is told as their parameters move."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import numpy as np

from latentcode.arrays import Float64
from latentcode.commands import SET, Command
from latentcode.effects import Chain, Effect
from latentcode.engine.conduct.faders import Message
from latentcode.latent import noise
from latentcode.parameters import LONGEST_DELAY, MASTER, PARAMETERS, Parameter
from latentcode.patterns import Context, compile_pattern, digest, mini

GRID = 512  # samples: parameters are read at multiples of it, whatever the size of the blocks

Change = tuple[int, int, int, float]  # rack, place in the chain, parameter, value in the player's unit
Say = Callable[[str], None]


class Tempo(Protocol):
    """What racks need of the tempo map."""

    sample_rate: int

    def cycles(self, samples: Float64) -> Float64: ...
    def cps_at(self, sample: int) -> Any: ...


class Knob:
    """One parameter of one effect: its setting compiled, and the last value that was good."""

    def __init__(self, effect: str, parameter: Parameter, setting: Any, seed: int) -> None:
        self.parameter, self.what = parameter, f"{effect}: {parameter.name}"
        self.value = self._last = parameter.default
        self.fixed = isinstance(setting, (int, float))
        self.failed = False
        if self.fixed:
            self._last = float(setting)
        else:
            pattern = mini(setting) if isinstance(setting, str) else setting
            self._sample = compile_pattern(pattern, Context(seed=seed)).sample

    @property
    def moves(self) -> bool:
        """Whether it has to be read again and again."""
        return not self.fixed or self.parameter.in_cycles

    def read(self, sample: int, tempo: Tempo, say: Say) -> float:
        """The value at a sample, clamped, in the player's unit; where the pattern fails, the one before."""
        if not self.fixed:
            self._last = self._sampled(float(tempo.cycles(np.array([sample], np.float64))[0]), say)
        found = self.parameter.clamped(self._last)
        if self.parameter.in_cycles:
            seconds = min(found / float(tempo.cps_at(sample)), LONGEST_DELAY)
            found = round(seconds * tempo.sample_rate) / tempo.sample_rate  # an echo stands on a sample
        return found

    def _sampled(self, cycle: float, say: Say) -> float:
        try:
            found = float(self._sample(np.array([cycle]))[0])
        except Exception as error:  # whatever a musician's function raises: the effect stays as it is
            return self._told(f"{type(error).__name__}: {error}", say)
        return found if np.isfinite(found) else self._told(f"{found} is no number", say)

    def _told(self, problem: str, say: Say) -> float:
        if not self.failed:
            self.failed = True
            say(f"{self.what} stays at {self._last:g}: {problem}")
        return self._last


class Rack:
    """The chain of one voice, or of the mix."""

    def __init__(self, place: int, seed: int) -> None:
        self.place, self._seed = place, noise.key(seed, place)
        self.chain: Chain = ()
        self._knobs: list[list[Knob]] = []
        self.moving: list[tuple[int, int, Knob]] = []

    def change(self, chain: Chain, sample: int, tempo: Tempo, say: Say) -> list[Message]:
        """Another chain from `sample` on: only its values where it is of the same kinds in the same order."""
        if digest(chain) == digest(self.chain):
            return []
        same = _kinds(chain) == _kinds(self.chain)
        before = [[knob.value for knob in knobs] for knobs in self._knobs]
        self.chain = chain
        self._knobs = [self._fitted(effect, place) for place, effect in enumerate(chain)]
        self.moving = [
            (place, index, knob)
            for place, knobs in enumerate(self._knobs)
            for index, knob in enumerate(knobs)
            if knob.moves
        ]
        for knobs in self._knobs:
            for knob in knobs:
                knob.value = knob.read(sample, tempo, say)
        return self._differences(before, sample) if same else [self.told(sample)]

    def told(self, sample: int) -> Message:
        """The whole chain, as the player is told of it."""
        spec = tuple(
            (effect.name, tuple(knob.value for knob in knobs))
            for effect, knobs in zip(self.chain, self._knobs, strict=True)
        )
        return ("fx", sample, self.place, spec)

    def read(self, sample: int, tempo: Tempo, say: Say) -> list[Change]:
        """The parameters that have another value at `sample` than before."""
        changes = []
        for place, index, knob in self.moving:
            value = knob.read(sample, tempo, say)
            if value != knob.value:
                knob.value = value
                changes.append((self.place, place, index, value))
        return changes

    def _fitted(self, effect: Effect, place: int) -> list[Knob]:
        pairs = zip(PARAMETERS[effect.name], effect.settings, strict=True)
        seed = noise.key(self._seed, place)
        return [
            Knob(effect.name, parameter, setting, noise.key(seed, index))
            for index, (parameter, setting) in enumerate(pairs)
        ]

    def _differences(self, before: list[list[float]], sample: int) -> list[Message]:
        changes = tuple(
            (self.place, place, index, knob.value)
            for place, knobs in enumerate(self._knobs)
            for index, knob in enumerate(knobs)
            if knob.value != before[place][index]
        )
        return [("turn", sample, changes)] if changes else []


class Racks:
    """The chains of sixteen voices and of the mix; pure in commands, tempo and seed.

    `say` is told, once for each parameter, of a pattern that fails while it sounds.
    """

    def __init__(self, seed: int, tempo: Callable[[], Tempo], say: Say = lambda text: None) -> None:
        self.say, self._tempo = say, tempo
        self._racks = [Rack(place, seed) for place in range(MASTER + 1)]

    def apply(self, command: Command, sample: int) -> list[Message]:
        """Put a chain into the place that an "fx" command is about; what the player must be told."""
        place = MASTER if command.voice == SET else command.voice
        chain = tuple(command.arguments[0])
        return self._racks[place].change(chain, sample, self._tempo(), self._say(place))

    def advance(self, begin: int, end: int) -> list[Message]:
        """What moves at the grid positions from sample `begin` up to `end`."""
        messages: list[Message] = []
        moving = [rack for rack in self._racks if rack.moving]
        for sample in range(-(-begin // GRID) * GRID, end, GRID):
            changes: list[Change] = []
            for rack in moving:
                changes += rack.read(sample, self._tempo(), self._say(rack.place))
            if changes:
                messages.append(("turn", sample, tuple(changes)))
        return messages

    def chain_of(self, place: int) -> Chain:
        """The effects of a voice, or under `MASTER` of the mix."""
        return self._racks[place].chain

    def snapshot(self) -> tuple[Chain, ...]:
        """All chains."""
        return tuple(rack.chain for rack in self._racks)

    def restore(self, chains: tuple[Chain, ...], sample: int) -> list[Message]:
        """Let the chains be those of a snapshot; what the player must be told."""
        return [
            message
            for rack, chain in zip(self._racks, chains, strict=True)
            for message in rack.change(chain, sample, self._tempo(), self._say(rack.place))
        ]

    def told(self, sample: int) -> list[Message]:
        """What a new player must be told at `sample`."""
        for rack in self._racks:
            rack.read(sample, self._tempo(), self._say(rack.place))
        return [rack.told(sample) for rack in self._racks if rack.chain]

    def _say(self, place: int) -> Say:
        name = "master" if place == MASTER else f"d{place + 1}"
        return lambda text: self.say(f"{name}.fx: {text}")


def _kinds(chain: Chain) -> list[str]:
    return [effect.name for effect in chain]
