"""Where drawings find latent frames: a model in this process, or what a set has encoded."""

from __future__ import annotations

import pickle
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from latentcode.arrays import Float32
from latentcode.errors import EngineError, LatentError, ModelError
from latentcode.frames import Frames
from latentcode.latents.compile import ReadContext, compile_trajectory
from latentcode.latents.drones import children, matched, natural_frames, resolved
from latentcode.latents.moments import Moments
from latentcode.latents.path import Path, grabbed
from latentcode.latents.trajectory import Trajectory
from latentcode.models import card_of
from latentcode.models.card import Card
from latentcode.sounds import cache
from latentcode.sounds.cache import Job
from latentcode.sounds.model import Model, default_model
from latentcode.sounds.store import path_of, sound_length

PATIENCE = 0.4  # seconds that a drawing waits for frames
POLL = 0.02
BEATS = 4
STILL_SECONDS = 2.0  # what has no length of its own is shown for so long
Ask = Callable[..., Any]


@dataclass(frozen=True, eq=False)
class Latents:
    """Latent frames that are drawn: mean (N, D), over `seconds`."""

    name: str
    seconds: float
    mean: Float32


@dataclass(frozen=True, eq=False)
class Sight:
    """Where latents are read: the scene, and the tempo that turns seconds into cycles."""

    scene: ReadContext
    bpm: float = 120.0

    def latents(self, node: Trajectory, name: str = "") -> Latents:
        """A trajectory as a drone, once through. Raises LatentError, SoundError or EngineError."""
        scene = self.scene
        hop_seconds = scene.hop / scene.sample_rate
        found = matched(resolved(node, path_of), self._length)
        count = natural_frames(found, self._length, scene.window, scene.hop)
        count = count or round(STILL_SECONDS / hop_seconds)
        cycles = count * hop_seconds * self.bpm / 60 / BEATS
        with np.errstate(all="ignore"):
            mean, _ = compile_trajectory(found, scene)(Moments.over(count, hop_seconds, 0.0, cycles))
        mean = np.broadcast_to(np.asarray(mean, np.float32), (count, np.shape(mean)[1]))
        if not np.isfinite(mean).all():
            raise LatentError(f"the latents of {node!r} are not finite; is there a division by zero?")
        return Latents(name or " ".join(repr(node).split()), count * hop_seconds, mean)

    def _length(self, path: Path) -> int:
        if grabbed(path):
            raise LatentError(f"{path.name} is in the engine, where it can be played but not be looked at")
        return sound_length(path, self.scene.sample_rate)


def own_sight(*nodes: Trajectory) -> Sight:
    """The model of the first path that has one, or the one that comes with the package,
    in this process.
    """
    encoders = (path.encoder for node in nodes for path in paths(node))
    model = next((encoder for encoder in encoders if isinstance(encoder, Model)), None) or default_model()
    hop = model.card.advance
    return Sight(ReadContext(model.frames, hop, model.reach, model.sample_rate, latent_dim=model.latent_dim))


def paths(node: Trajectory) -> list[Path]:
    """The paths inside a trajectory."""
    if isinstance(node, Path):
        return [node]
    return [path for child in children(node) for path in paths(child)]


@dataclass
class SetSight:
    """The frames of a set: from the cache that its encoder fills,
    at the hop at which they are played.

    `ask` puts a question to the engine (see `latentcode.engine.queries`), and raises when there is
    no answer.
    """

    ask: Ask
    card: Card
    hop: int
    bpm: float
    matched: bool = True
    missing: dict[str, Job] = field(default_factory=dict)

    @classmethod
    def of(cls, ask: Ask) -> SetSight:
        """What the engine tells of its model and tempo."""
        told = ask("model")
        return cls(ask, card_of(told["file"], told["rate"]), told["hop"], told["bpm"], told["matched"])

    @property
    def sight(self) -> Sight:
        """The scene of the set."""
        sizes = (self.hop, self.card.reach, self.card.sample_rate)
        return Sight(ReadContext(self.frames, *sizes, latent_dim=self.card.latent_dim), self.bpm)

    def latents(self, nodes: dict[str, Trajectory]) -> list[Latents]:
        """The latents of trajectories by name. Raises EngineError while some are being encoded."""
        made = self._read(nodes)
        if self.missing:
            self._encoded()
            made = self._read(nodes)
        return made

    def _read(self, nodes: dict[str, Trajectory]) -> list[Latents]:
        sight = self.sight
        return [sight.latents(node, name) for name, node in nodes.items()]

    def frames(self, path: Path, hop: int, length: int | None = None) -> Frames:
        """Frames from the cache; silence of the right size for those that are missing,
        which are noted.

        Raises ModelError for a path of another model.
        """
        if path.model not in (None, self.card.digest):
            raise ModelError(
                f"the path {path.name!r} belongs to another model than {self.card.name!r}; encode it again"
            )
        job = Job(path, hop, length, self.matched)
        key = job.key(self.card.encoding)
        found = cache.load(key)
        if found is not None:
            return found
        self.missing[key] = job
        samples = sound_length(path, self.card.sample_rate) if length is None else length
        count = self.card.frames(samples, hop)
        return np.zeros((count, self.card.latent_dim), np.float32), None

    def _encoded(self) -> None:
        """Let the engine encode what is missing, and wait for a little."""
        jobs, self.missing = self.missing, {}
        bare = [replace(job, path=replace(job.path, encoder=None)) for job in jobs.values()]
        failed = self.ask("encode", pickle.dumps(bare))
        if failed:
            raise EngineError(str(failed))
        end = time.monotonic() + PATIENCE
        while any(cache.load(key) is None for key in jobs):
            if time.monotonic() > end:
                names = ", ".join(sorted({job.path.name for job in jobs.values()}))
                raise EngineError(f"still being encoded: {names}; type the line again in a moment")
            time.sleep(POLL)
