"""Faders, mutes and solos of the set, and what the player is told of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from latentcode.latents import noise
from latentcode.parameters import FADERS, VOICES
from latentcode.protocol.player_messages import Gain, Master, Out, Pan, PlayerCommand
from latentcode.set.knobs import Around, Knob, Place, ReadBefore, Setting, grid, same

MOST_PAIRS = 4
CUE = 1  # the pair of outputs, counted from 0, on which a voice is pre-listened to
SEEDS = 32  # faders are seeded from here on; the racks before

Heard = tuple[float, Knob | None]  # what the player was told, and the knob where a hand moves it

MOVED: dict[Any, Any] = {"gain": Gain, "pan": Pan, "master": Master}
PLACES: tuple[Place, ...] = (
    *(("gain", voice) for voice in range(VOICES)),
    *(("pan", voice) for voice in range(VOICES)),
    ("master",),
)


@dataclass(frozen=True)
class FaderState:
    """Where all faders stand, or what moves them."""

    gains: tuple[Setting, ...]
    pans: tuple[Setting, ...]
    muted: frozenset[int]
    solo: frozenset[int]
    master: Setting
    outs: tuple[int, ...]
    cued: frozenset[int]

    def but(self, name: str, voice: int, now: FaderState) -> FaderState:
        """The same, but for what has moved meanwhile, a field of one voice or of the set:
        as it stands now.
        """
        there, here = getattr(self, name), getattr(now, name)
        if isinstance(here, frozenset):
            here = there - {voice} | here & {voice}
        elif isinstance(here, tuple):
            here = (*there[:voice], here[voice], *there[voice + 1 :])
        return replace(self, **{name: here})


class Faders:
    """Where the faders stand; muting and soloing leave them where they are.

    `outs`: the pair of outputs of each voice, counted from 0; a voice that is cued is heard on
    `CUE` alone. A pattern that fails while it sounds is told once for each fader.
    """

    def __init__(self, around: Around) -> None:
        self._around = around
        self._knobs = {place: self._knob(place, FADERS[place[0]].default) for place in PLACES}
        self.muted: set[int] = set()
        self.solo: set[int] = set()
        self.outs = [0] * VOICES
        self.cued: set[int] = set()
        for knob in self._knobs.values():
            knob.move(0)
        self._untold: dict[Place, Heard] = {place: (knob.value, None) for place, knob in self._knobs.items()}
        self._told = dict(self._untold)

    def at(self, *place: object) -> Knob:
        """The knob of a fader: at("gain", voice), at("pan", voice), at("master")."""
        return self._knobs[place]

    def silent(self, voice: int) -> bool:
        """Whether a voice is muted, or others are solo."""
        return voice in self.muted or (bool(self.solo) and voice not in self.solo)

    def route(self, voice: int) -> int:
        """The pair of outputs on which a voice is heard."""
        return CUE if voice in self.cued else self.outs[voice]

    def untouched(self, voice: int) -> bool:
        """Whether nobody has moved or muted a voice's faders."""
        knobs = [self._knobs[name, voice] for name in ("gain", "pan")]
        return voice not in self.muted and all(knob.setting == knob.parameter.default for knob in knobs)

    # all return what the player must be told

    def fade(self, place: Place, setting: Setting, sample: int) -> list[PlayerCommand]:
        """Move a fader, or have it moved by a setting."""
        self._set(place, setting, sample)
        return self._news(sample)

    def switch(self, chosen: set[int], voice: int, on: bool, sample: int) -> list[PlayerCommand]:
        """Let a voice be one of those that are `muted`, or `solo`, or not."""
        (chosen.add if on else chosen.discard)(voice)
        return self._news(sample)

    def out(self, voice: int, pair: float, sample: int) -> list[PlayerCommand]:
        """Let a voice be heard on another pair of outputs."""
        before = self.route(voice)
        self.outs[voice] = min(max(int(pair), 0), MOST_PAIRS - 1)
        return self._rerouted(voice, before, sample)

    def cue(self, voice: int, on: bool, sample: int) -> list[PlayerCommand]:
        """Let a voice be heard on `CUE` alone, or where it was."""
        before = self.route(voice)
        (self.cued.add if on else self.cued.discard)(voice)
        return self._rerouted(voice, before, sample)

    def advance(self, begin: int, end: int) -> list[PlayerCommand]:
        """What moves at the grid positions from sample `begin` up to `end`."""
        moving = [knob for knob in self._knobs.values() if knob.moves]
        messages: list[PlayerCommand] = []
        for sample in grid(begin, end) if moving else ():
            for knob in moving:
                knob.move(sample)
            messages += self._news(sample)
        return messages

    def stand(self) -> FaderState:
        """Where they stand, to come back to."""
        gains, pans = (tuple(self.at(name, v).setting for v in range(VOICES)) for name in ("gain", "pan"))
        muted, solo = frozenset(self.muted), frozenset(self.solo)
        outs, cued = tuple(self.outs), frozenset(self.cued)
        return FaderState(gains, pans, muted, solo, self.at("master").setting, outs, cued)

    def restore(self, stand: FaderState, sample: int) -> list[PlayerCommand]:
        """Move the faders to where they stood; returns what the player must be told."""
        routes = [self.route(index) for index in range(VOICES)]
        for place, setting in zip(PLACES, (*stand.gains, *stand.pans, stand.master), strict=True):
            self._set(place, setting, sample)
        self.muted, self.solo = set(stand.muted), set(stand.solo)
        self.outs, self.cued = list(stand.outs), set(stand.cued)
        moved = [v for v in range(VOICES) if self.route(v) != routes[v]]
        return [*self._news(sample), *(Out(sample, v, self.route(v)) for v in moved)]

    def told(self, sample: int) -> list[PlayerCommand]:
        """What a new player must be told at `sample`."""
        for knob in self._knobs.values():
            knob.move(sample)
        self._told = dict(self._untold)
        moved = [v for v in range(VOICES) if self.route(v)]
        return [*self._news(sample), *(Out(sample, v, self.route(v)) for v in moved)]

    def catch_up(self, here: int, read_before: ReadBefore) -> None:
        """Time has passed in which they were not read (see `Knob.catch_up`)."""
        for knob in self._knobs.values():
            if knob.moves:
                knob.catch_up(here, read_before)

    def shown(self) -> dict[str, tuple[float, str]]:
        """Where those stand that somebody has moved, and what moves them as it is typed, by name:
        d1.gain, master.
        """
        moved = [knob for knob in self._knobs.values() if knob.setting != knob.parameter.default]
        return {knob.what: (knob.shown, knob.by) for knob in moved}

    def in_hand(self) -> dict[Place, Knob]:
        """The faders that are heard and that hands move."""
        return {place: hand for place, (_, hand) in self._told.items() if hand is not None}

    def again(self, sample: int) -> list[PlayerCommand]:
        """What the player must be told when hands stand elsewhere from `sample` on."""
        self._told = {place: (value, None) for place, (value, _) in self._told.items()}
        return self._news(sample)

    def _knob(self, place: Place, setting: Setting) -> Knob:
        name, *voices = place
        what = f"d{voices[0] + 1}.{name}" if voices else name
        seed = noise.key(self._around.seed, SEEDS, PLACES.index(place))
        return Knob(what, FADERS[name], setting, seed, self._around)

    def _set(self, place: Place, setting: Setting, sample: int) -> None:
        if not same(setting, self._knobs[place].setting):
            self._knobs[place] = self._knob(place, setting)
            self._knobs[place].move(sample)

    def _news(self, sample: int) -> list[PlayerCommand]:
        """What the player has not been told yet.

        It is told whenever a hand takes a fader, or lets go of it.
        """
        heard = {place: self._heard(place, sample) for place in PLACES}
        changed = [place for place in PLACES if heard[place] != self._told[place]]
        self._told = heard
        return [MOVED[place[0]](sample, *place[1:], heard[place][0]) for place in changed]

    def _heard(self, place: Place, sample: int) -> Heard:
        knob = self._knobs[place]
        if place[0] == "gain" and self.silent(place[1]):
            return 0.0, None
        if not knob.in_hand:
            return knob.value, None
        if self._told[place][1] is not knob:
            knob.move(sample)
        return knob.value, knob

    def _rerouted(self, voice: int, before: int, sample: int) -> list[PlayerCommand]:
        return [] if self.route(voice) == before else [Out(sample, voice, self.route(voice))]
