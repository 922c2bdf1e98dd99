"""Where a renderer finds sounds and their latent frames."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np

from latentcode import audio, sounds
from latentcode.arrays import Float32
from latentcode.errors import EngineError, ModelError
from latentcode.latent.frames import cut, looped
from latentcode.latent.path import Frames, Path
from latentcode.latent.trajectory import Named
from latentcode.models.network import Network

SLAB = 8192  # windows copied at a time, so that long sounds at small hops do not fill the memory


class NotEncodedError(EngineError):
    """A sound whose latent frames are not there yet."""


@lru_cache(maxsize=4096)
def named_path(name: str, variant: float | None = None) -> Path:
    """The path of a sound by name or file. `variant`: semitones from its default pitch, or which of a folder.

    Raises SoundError with the nearest names when there is none.
    """
    sound = sounds.find(name)
    if variant is not None:
        by_pitch = sound.pitch is not None
        sound = (
            sounds.nearest(name, sound.pitch + variant) if by_pitch else sounds.find(name, round(variant))  # type: ignore[operator]
        )
    return Path(sound.name, audio.digest(sound.file), str(sound.file))


@lru_cache(maxsize=4096)
def _file_length(file: str, sound: str, sample_rate: int) -> int:
    frames, rate = audio.size(file)
    return max(-(-frames * sample_rate // rate), 1)


def sound_length(path: Path, sample_rate: int) -> int:
    """Samples of a path's sound at a model's rate, known without reading it."""
    if path.samples is not None:
        return len(path.samples)
    assert path.file is not None
    return _file_length(path.file, path.sound, sample_rate)


class Store:
    """Encodes what is asked of it, at once and in this process, and keeps it."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self._audio: dict[str, Float32] = {}
        self._frames: dict[tuple[str, int, int | None], Frames] = {}

    def find(self, named: Named) -> Path:
        """The path that a name stands for."""
        return named_path(named.name, named.variant)

    def length(self, path: Path) -> int:
        """Samples of the path's sound at the model's rate."""
        return sound_length(path, self.network.card.sample_rate)

    def audio(self, path: Path) -> Float32:
        """The path's sound, (n,) at the model's rate."""
        if path.sound not in self._audio:
            self._audio[path.sound] = self._read(path)
        return self._audio[path.sound]

    def frames(self, path: Path, hop: int, length: int | None = None) -> Frames:
        """(mean, logvar) every `hop` samples, of the sound looped to `length` samples if a length is given."""
        key = (path.sound, hop, length)
        if key not in self._frames:
            self._frames[key] = encode(self.network, self.audio(path), hop, length)
        return self._frames[key]

    def _read(self, path: Path) -> Float32:
        card = self.network.card
        if path.model not in (None, card.digest):
            raise ModelError(
                f"the path {path.name!r} belongs to another model than {card.name!r}; encode it again"
            )
        if path.samples is not None:
            return path.samples
        assert path.file is not None
        samples = audio.read(path.file, card.sample_rate)[0]
        length = sound_length(path, card.sample_rate)
        return np.pad(samples[:length], (0, max(length - len(samples), 0)))


def encode(
    network: Network,
    samples: Float32,
    hop: int,
    length: int | None = None,
    report: Callable[[int, int], None] | None = None,
) -> Frames:
    """The latent frames of `samples` every `hop` samples; `report` is told how many of how many are done."""
    windows = cut(samples if length is None else looped(samples, length), network.card.window, hop)
    slabs = []
    for first in range(0, len(windows), SLAB):
        slabs.append(network.encode(np.ascontiguousarray(windows[first : first + SLAB])))
        if report:
            report(min(first + SLAB, len(windows)), len(windows))
    mean = np.concatenate([slab[0] for slab in slabs])
    if slabs[0][1] is None:
        return mean, None
    return mean, np.concatenate([slab[1] for slab in slabs if slab[1] is not None])
