"""The effects of a set: which chains there are, and what the player is told as their parameters move."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from latentcode.commands import SET, Command
from latentcode.effects import Chain, Effect
from latentcode.engine.conduct.knobs import Around, Knob, Message, Say, Tempo, grid, same
from latentcode.latent import noise
from latentcode.parameters import MASTER, PARAMETERS

Change = tuple[int, int, int, float]  # rack, place in the chain, parameter, value in the player's unit


class Rack:
    """The chain of one voice, or of the mix."""

    def __init__(self, place: int, around: Around) -> None:
        name = "master" if place == MASTER else f"d{place + 1}"
        self.place, self._name = place, f"{name}.fx"
        self._around = replace(around, seed=noise.key(around.seed, place))
        self.chain: Chain = ()
        self._knobs: list[list[Knob]] = []
        self.moving: list[tuple[int, int, Knob]] = []

    def change(self, chain: Chain, sample: int) -> list[Message]:
        """Another chain from `sample` on: only its values where it is of the same kinds in the same order."""
        if same(chain, self.chain):
            return []
        alike = _kinds(chain) == _kinds(self.chain)
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
                knob.move(sample)
        return self._differences(before, sample) if alike else [self.told(sample)]

    def told(self, sample: int) -> Message:
        """The whole chain, as the player is told of it."""
        spec = tuple(
            (effect.name, tuple(knob.value for knob in knobs))
            for effect, knobs in zip(self.chain, self._knobs, strict=True)
        )
        return ("fx", sample, self.place, spec)

    def read(self, sample: int) -> list[Change]:
        """The parameters that have another value at `sample` than before."""
        changes = []
        for place, index, knob in self.moving:
            before = knob.value
            knob.move(sample)
            if knob.value != before:
                changes.append((self.place, place, index, knob.value))
        return changes

    def _fitted(self, effect: Effect, place: int) -> list[Knob]:
        pairs = zip(PARAMETERS[effect.name], effect.settings, strict=True)
        seed = noise.key(self._around.seed, place)
        what = f"{self._name}: {effect.name}"
        return [
            Knob(f"{what}: {parameter.name}", parameter, setting, noise.key(seed, index), self._around)
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
        around = Around(seed, tempo, say)
        self._racks = [Rack(place, around) for place in range(MASTER + 1)]

    def apply(self, command: Command, sample: int) -> list[Message]:
        """Put a chain into the place that an "fx" command is about; what the player must be told."""
        place = MASTER if command.voice == SET else command.voice
        return self._racks[place].change(tuple(command.arguments[0]), sample)

    def advance(self, begin: int, end: int) -> list[Message]:
        """What moves at the grid positions from sample `begin` up to `end`."""
        messages: list[Message] = []
        moving = [rack for rack in self._racks if rack.moving]
        for sample in grid(begin, end):
            changes = [change for rack in moving for change in rack.read(sample)]
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
        pairs = zip(self._racks, chains, strict=True)
        return [message for rack, chain in pairs for message in rack.change(chain, sample)]

    def told(self, sample: int) -> list[Message]:
        """What a new player must be told at `sample`."""
        for rack in self._racks:
            rack.read(sample)
        return [rack.told(sample) for rack in self._racks if rack.chain]


def _kinds(chain: Chain) -> list[str]:
    return [effect.name for effect in chain]
