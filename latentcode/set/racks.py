"""The effects of a set: which chains there are, and what the player is told as their parameters
move.
"""

from __future__ import annotations

from dataclasses import replace

from latentcode.latents import noise
from latentcode.parameters import MASTER, PARAMETERS
from latentcode.protocol.player_messages import Fx, PlayerCommand, Turn
from latentcode.set.effects import Chain
from latentcode.set.knobs import Around, Knob, Place, ReadBefore, grid, same

At = tuple[int, int]  # place in the chain, parameter
Change = tuple[int, int, int, float]  # rack, place in the chain, parameter, value in the player's unit


class RackSettings:
    """The chain of one voice, or of the mix."""

    def __init__(self, place: int, around: Around) -> None:
        name = "master" if place == MASTER else f"d{place + 1}"
        self.place, self._name = place, f"{name}.fx"
        self._around = replace(around, seed=noise.key(around.seed, place))
        self.chain: Chain = ()
        self._knobs: dict[At, Knob] = {}
        self._moving: dict[At, Knob] = {}

    @property
    def moves(self) -> bool:
        """Whether it has to be read again and again."""
        return bool(self._moving)

    @property
    def moving(self) -> list[Knob]:
        """What has to be."""
        return list(self._moving.values())

    def change(self, chain: Chain, sample: int) -> list[PlayerCommand]:
        """Another chain from `sample` on: only its values where it is of the same kinds in the same
        order.

        The player is told of a parameter whenever a hand takes it, or lets go of it.
        """
        if same(chain, self.chain):
            return []
        alike, before, fitted = _kinds(chain) == _kinds(self.chain), self._knobs, self._fitted(chain)
        kept = {at: before[at] for at in fitted if alike and same(before[at].setting, fitted[at].setting)}
        stood = {at: (knob.value, knob.in_hand) for at, knob in before.items()}
        self.chain, self._knobs = chain, fitted | kept
        self._moving = {at: knob for at, knob in self._knobs.items() if knob.moves}
        fresh = {at: knob for at, knob in self._knobs.items() if at not in kept or not knob.in_hand}
        for knob in fresh.values():
            knob.move(sample)
        if not alike:
            return [self.told(sample)]
        return self._turned(
            [at for at, k in fresh.items() if k.in_hand or stood[at] != (k.value, False)], sample
        )

    def told(self, sample: int) -> PlayerCommand:
        """The whole chain, as the player is told of it."""
        values: list[list[float]] = [[] for _ in self.chain]
        for (place, _), knob in self._knobs.items():
            values[place].append(knob.value)
        pairs = zip(self.chain, values, strict=True)
        return Fx(sample, self.place, tuple((effect.name, tuple(of)) for effect, of in pairs))

    def read(self, sample: int) -> list[Change]:
        """The parameters that have another value at `sample` than before."""
        changes = []
        for at, knob in self._moving.items():
            before = knob.value
            knob.move(sample)
            if knob.value != before:
                changes.append((self.place, *at, knob.value))
        return changes

    def in_hand(self) -> dict[Place, Knob]:
        """The parameters that hands move."""
        return {("turn", self.place, *at): knob for at, knob in self._knobs.items() if knob.in_hand}

    def again(self, sample: int) -> list[PlayerCommand]:
        """What the player must be told when hands stand elsewhere from `sample` on."""
        held = self.in_hand()
        for knob in held.values():
            knob.move(sample)
        return self._turned([(at[2], at[3]) for at in held], sample)

    def _fitted(self, chain: Chain) -> dict[At, Knob]:
        return {
            (place, index): Knob(
                f"{self._name}: {effect.name}: {parameter.name}",
                parameter,
                effect.settings[index],
                noise.key(self._around.seed, place, index),
                self._around,
                f"{self._name}.{place}.{index}",
            )
            for place, effect in enumerate(chain)
            for index, parameter in enumerate(PARAMETERS[effect.name])
        }

    def _turned(self, parameters: list[At], sample: int) -> list[PlayerCommand]:
        changes = tuple((self.place, *at, self._knobs[at].value) for at in parameters)
        return [Turn(sample, changes)] if changes else []


class Racks:
    """The chains of sixteen voices and of the mix; pure in commands, tempo and seed.

    A pattern that fails while it sounds is told once for each parameter.
    """

    def __init__(self, around: Around) -> None:
        self._racks = [RackSettings(place, around) for place in range(MASTER + 1)]

    def change(self, place: int, chain: Chain, sample: int) -> list[PlayerCommand]:
        """Another chain for a voice, or under `MASTER` for the mix;
        what the player must be told.
        """
        return self._racks[place].change(chain, sample)

    def advance(self, begin: int, end: int) -> list[PlayerCommand]:
        """What moves at the grid positions from sample `begin` up to `end`."""
        messages: list[PlayerCommand] = []
        moving = [rack for rack in self._racks if rack.moves]
        for sample in grid(begin, end):
            changes = [change for rack in moving for change in rack.read(sample)]
            if changes:
                messages.append(Turn(sample, tuple(changes)))
        return messages

    def catch_up(self, here: int, read_before: ReadBefore) -> None:
        """Time has passed in which they were not read (see `Knob.catch_up`)."""
        for rack in self._racks:
            for knob in rack.moving:
                knob.catch_up(here, read_before)

    def chain_of(self, place: int) -> Chain:
        """The effects of a voice, or under `MASTER` of the mix."""
        return self._racks[place].chain

    def snapshot(self) -> tuple[Chain, ...]:
        """All chains."""
        return tuple(rack.chain for rack in self._racks)

    def restore(self, chains: tuple[Chain, ...], sample: int) -> list[PlayerCommand]:
        """Let the chains be those of a snapshot; what the player must be told."""
        pairs = zip(self._racks, chains, strict=True)
        return [message for rack, chain in pairs for message in rack.change(chain, sample)]

    def told(self, sample: int) -> list[PlayerCommand]:
        """What a new player must be told at `sample`."""
        for rack in self._racks:
            rack.read(sample)
            rack.again(sample)
        return [rack.told(sample) for rack in self._racks if rack.chain]

    def in_hand(self) -> dict[Place, Knob]:
        """The parameters that hands move."""
        used = [rack for rack in self._racks if rack.chain]
        return {place: knob for rack in used for place, knob in rack.in_hand().items()}

    def again(self, sample: int) -> list[PlayerCommand]:
        """What the player must be told when hands stand elsewhere from `sample` on."""
        return [message for rack in self._racks for message in rack.again(sample)]


def _kinds(chain: Chain) -> list[str]:
    return [effect.name for effect in chain]
