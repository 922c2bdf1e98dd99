"""What observers see of a set: thirty times a second, and only while one looks."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from latentcode.engine.live_set import LiveSet
from latentcode.engine.moving import Touchable
from latentcode.engine.rounds import Rounds
from latentcode.engine.sound import PlayerLink
from latentcode.engine.sync import Sync
from latentcode.errors import LatentcodeError
from latentcode.latents.drones import children
from latentcode.latents.path import Path
from latentcode.latents.trajectory import Named, Trajectory
from latentcode.protocol.observing import Look
from latentcode.sounds.store import path_of
from latentcode.synth.envelope import NEVER

if TYPE_CHECKING:
    from latentcode.synth.layer import Layer

PACE = 1 / 30  # seconds between two looks
LEAST = 0.01  # … at the least, as nothing that is heard waits for them
IDLE = 0.25  # … between two of nobody's
EACH = 3  # looks between two at what can be touched
MOST_NAMES = 8  # sounds of one event that are told

Played: TypeAlias = tuple[tuple[float, ...], tuple[float, ...], bytes]  # peaks, those of voices, sound
Note: TypeAlias = tuple[int, int, int, int, float | None, str]


@dataclass
class Begun:
    """An event that was told: its number, the layer, and the end that was told."""

    number: int
    layer: Layer
    end: int


class Delay:
    """What is played, kept until it is heard; that of several looks at once is put together."""

    def __init__(self) -> None:
        self._played = deque[tuple[float, Played]]()
        self._last: Played = (), (), b""

    def heard(self, played: Played, now: float, latency: float) -> Played:
        """What is heard now of what is played now and was before: levels, and new samples."""
        self._played.append((now + latency, played))
        sound = []
        while self._played and self._played[0][0] <= now:
            _, self._last = self._played.popleft()
            sound.append(self._last[2])
        return *self._last[:2], b"".join(sound)


class Eyes:
    """Shows what is heard to those who look, on a thread of its own; what `rounds` gives is a span
    that is played again and again, None where there is none.
    """

    def __init__(
        self, live: LiveSet, sound: PlayerLink, timing: Sync, rounds: Callable[[], Rounds | None]
    ) -> None:
        self._live, self._sound, self._timing, self._rounds = live, sound, timing, rounds
        self._noted = 0.0  # the sample up to which notes of later passes were told
        self._looked = self._number = self._seen = self._turn = 0
        self._touchable, self._delay = Touchable(), Delay()
        self._begun: dict[int, Begun] = {}
        self._sources: dict[str, str] = {}
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._look_on, name="eyes", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Look no more."""
        self._closed.set()
        self._thread.join()

    def _look_on(self) -> None:
        desks, wait = self._live.desks, IDLE
        while not self._closed.wait(wait):
            begun = time.monotonic()
            rounds = self._rounds()
            first = rounds is not None and self._sound.playhead < rounds.last  # looked at for later
            if desks.following:
                self._show()
            elif first:
                self._look()
            spent = time.monotonic() - begun  # waiting for the lock, too
            wait = max(PACE - spent, LEAST) if desks.following or first else IDLE

    def _show(self) -> None:
        desks = self._live.desks
        if desks.looked != self._looked:  # who has come is told what was told already
            self._looked = desks.looked
            self._begun, self._sources, self._noted = {}, {}, 0.0
            self._touchable.forget()
        if desks.looking:
            desks.show(self._look())
        self._turn += 1
        if self._turn % EACH == 0 and (surface := self._touchable.changed(self._live)) is not None:
            desks.show(surface)

    def _look(self) -> Look:
        sound, ring = self._sound, self._sound.ring
        now, latency = time.monotonic(), self._timing.latency
        heard = sound.wall.sample_at(now - latency)
        self._seen, frames = ring.monitored_since(self._seen)
        known, rounds = len(self._sources), self._rounds()
        if rounds is not None and heard >= rounds.last:
            latents, notes = rounds.latents(heard), list(self._again(rounds, heard))
        else:
            with self._live.lock:
                sounding = [(voice.index, voice.layers) for voice in self._live.performance.renderer.sounding]
                latents = tuple(self._latents(sounding, int(heard)))
            notes = self._notes(sounding)
            if rounds is not None:
                rounds.saw(
                    heard, latents, (((v, at, pitch, name), end) for _, v, at, end, pitch, name in notes)
                )
        played = tuple(ring.peaks.tolist()), tuple(ring.voice_peaks.tolist()), frames.tobytes()
        peaks, levels, new = self._delay.heard(played, now, latency)
        return Look(
            heard=heard,
            peaks=peaks,
            voices=levels,
            sound=new,
            latents=latents,
            notes=tuple(notes),
            sources=tuple((name, digest) for digest, name in list(self._sources.items())[known:]),
        )

    def _again(self, rounds: Rounds, heard: float) -> Iterator[Note]:
        """The notes of a later pass that come up to what is heard, and were not told yet."""
        passes, _ = rounds.passed(heard)
        begin = max(self._noted, rounds.first + passes * (rounds.last - rounds.first))
        self._noted = max(heard, begin)
        for (voice, first, pitch, name), end in rounds.notes(begin, self._noted):
            self._number += 1
            yield self._number, voice, first, end, pitch, name

    def _latents(self, sounding: list[tuple[int, list[Layer]]], now: int) -> Iterator[tuple[int, bytes]]:
        """Where each voice is: what its newest layer plays."""
        for voice, layers in sounding:
            for layer in reversed(layers):
                if layer.start > now or layer.envelope.over(now) or layer.rendering.model:
                    continue
                if (row := layer.latent_at(now)) is not None:
                    yield voice, np.asarray(row, np.float32).tobytes()
                    break

    def _notes(self, sounding: list[tuple[int, list[Layer]]]) -> list[Note]:
        """The events that have begun since the last look, and those that end otherwise."""
        found, there = list[Note](), set[int]()
        for voice, layers in sounding:
            for layer in layers:
                there.add(id(layer))
                falls = layer.envelope.falls
                end = -1 if falls >= NEVER else falls
                begun = self._begun.get(id(layer))
                if begun is not None and begun.end == end:
                    continue
                if begun is None:
                    self._number += 1
                    begun = self._begun[id(layer)] = Begun(self._number, layer, end)
                begun.end = end
                name = self._name(layer.note.trajectory)
                found.append((begun.number, voice, layer.start, end, layer.note.pitch, name))
        for gone in self._begun.keys() - there:
            del self._begun[gone]
        return found

    def _name(self, trajectory: Trajectory) -> str:
        """The sounds that a trajectory is made of, which are kept as sources."""
        names = []
        for path in list(_leaves(trajectory))[:MOST_NAMES]:
            names.append(path.name.partition(":")[0])
            if path.model is None and path.samples is None:
                self._sources.setdefault(path.sound, path.name)
        return " ".join(dict.fromkeys(names))


def _leaves(node: Trajectory) -> Iterator[Path]:
    """The paths inside a trajectory, also those that are named in it."""
    if isinstance(node, Path):
        yield node
    elif isinstance(node, Named):
        try:
            yield path_of(node)
        except LatentcodeError:  # the prior, and what a hand plays
            return
    else:
        for child in children(node):
            yield from _leaves(child)
