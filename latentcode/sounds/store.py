"""Where a renderer finds sounds and their latent frames."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from latentcode.arrays import Float32
from latentcode.audio import loudness
from latentcode.audio import reading as audio
from latentcode.clock.watchdog import GUARD
from latentcode.errors import EngineError, ModelError
from latentcode.files import whereabouts
from latentcode.frames import Frames, looped
from latentcode.latents.path import Path
from latentcode.latents.sustain import SustainRing
from latentcode.latents.trajectory import Named, Pitched
from latentcode.models.card import Card
from latentcode.models.family import Codec, Decoder, PartCodec, Report
from latentcode.models.given import fitting_frames
from latentcode.sounds import cache, rings
from latentcode.sounds import library as sounds
from latentcode.sounds.partly import MANY, Spans

UNPITCHED = 60.0  # the note that a sound counts as whose pitch is not known


class NotEncodedError(EngineError):
    """A sound whose latent frames, or a model whose weights, are not there yet. `streams`: whether
    that is a model which is decoded ahead.
    """

    def __init__(self, text: str, streams: bool = False) -> None:
        super().__init__(text)
        self.streams = streams


class NotReadyError(EngineError):
    """What can be had when somebody has waited for it (`wait`), which is not for those who
    render.
    """

    def __init__(self, text: str, wait: Callable[[], None]) -> None:
        super().__init__(text)
        self.wait = wait


class LoadedModel(NamedTuple):
    """A model that plays: what it is, and what decodes its latents."""

    card: Card
    decoder: Decoder


FindCodec = Callable[[str], Codec]


def _only_one(name: str) -> Codec:
    raise ModelError(f"there is one model here, and none that is called {name!r}")


def named_path(name: str, variant: float | None = None, pitch: float | None = None) -> Path:
    """The path of a sound by name or file, at the recorded pitch that is nearest to the wanted one.

    variant  semitones from the default pitch of a sound with several pitches; else which of a
             folder
    pitch    MIDI number of the wanted note; it takes the place of `variant` where there are several
             pitches

    `detune` is what remains to be shifted. Raises SoundError with the nearest names when there is
    none.
    """
    return _named_path(name, variant, pitch, whereabouts.places(), whereabouts.noting())


@lru_cache(maxsize=4096)
def _named_path(name: str, variant: float | None, pitch: float | None, *found_by: object) -> Path:
    sound, wanted = sounds.find(name), pitch
    if sounds.in_pitches(name) and sound.pitch is not None:
        wanted = sound.pitch + (variant or 0.0) if pitch is None else pitch
        sound = sound if variant is None and pitch is None else sounds.nearest(name, wanted)
    else:
        sound = sound if variant is None else sounds.find(name, round(variant))
    recorded = float(UNPITCHED if sound.pitch is None else sound.pitch)
    detune = 0.0 if wanted is None else wanted - recorded
    return Path(sound.name, _digest(str(sound.file)), str(sound.file), pitch=recorded, detune=detune)


def path_of(named: Named) -> Path:
    """The path that a name stands for."""
    return named_path(named.name, named.variant, named.pitch if isinstance(named, Pitched) else None)


@lru_cache(maxsize=4096)
def _digest(file: str) -> str:
    return audio.digest(file)


@lru_cache(maxsize=4096)
def _file_length(file: str, sound: str, sample_rate: int) -> int:
    frames, rate = audio.size(file)
    return audio.brought(frames, rate, sample_rate)


def sound_length(path: Path, sample_rate: int) -> int:
    """Samples of a path's sound at a model's rate, known without reading it."""
    if path.samples is not None:
        return len(path.samples)
    assert path.file is not None
    return _file_length(path.file, path.sound, sample_rate)


def check_model(path: Path, card: Card) -> None:
    """Raise ModelError for a path that another model has encoded."""
    if path.model not in (None, card.digest):
        raise ModelError(
            f"the path {path.name!r} belongs to another model than {card.name!r}; "
            f'encode it again, as in .encoded_by("{card.name}")'
        )


def levelled(path: Path) -> bool:
    """Whether a path's sound is matched in loudness:
    a sound by name or file that belongs to no model.
    """
    return path.model is None and path.samples is None


def recorded(path: Path, rate: int, model_rate: int, matched: bool) -> Float32:
    """A path's sound, (n,) at `rate`, scaled to the loudness of the others if `matched`.

    Raises SoundError.
    """
    if path.samples is not None:
        return path.samples if rate == model_rate else audio.resampled(path.samples, model_rate, rate)
    assert path.file is not None
    samples, own = audio.read(path.file)
    if matched and levelled(path):
        samples *= np.float32(loudness.gain(samples, own))
    return samples if own == rate else audio.resampled(samples, own, rate)


class Store:
    """Encodes what is asked of it, at once and in this process, and keeps it.

    `codecs`: finds other models than its own, for paths that ask for them by name. `matched`:
    whether sounds by name and file are scaled to one loudness. `cached`: whether what it makes of
    files lies on disk as well, where sets find it, too. All that reads a sound
    raises SoundError where it cannot be read, and ModelError for a path of another model.
    """

    def __init__(
        self, codec: Codec, matched: bool = True, codecs: FindCodec = _only_one, cached: bool = False
    ) -> None:
        self.codec, self.matched, self._codecs, self._cached = codec, matched, codecs, cached
        self._audio: dict[tuple[str, bool, str], Float32] = {}
        self._samples: dict[tuple[str, bool, int], Float32] = {}
        self._frames: dict[tuple[str, bool, str, int, int | None], Frames] = {}
        self._rings: dict[tuple[str, bool, str], SustainRing | None] = {}

    def find(self, named: Named) -> Path:
        """The path that a name stands for. Raises SoundError with the nearest names."""
        return path_of(named)

    def length(self, path: Path) -> int:
        """Samples of the path's sound at the model's rate."""
        return sound_length(path, self.codec_of(path).card.sample_rate)

    def codec_of(self, path: Path) -> Codec:
        """The model that encodes a path. Raises ModelError."""
        return self.codec if path.by is None else self._codecs(path.by)

    def audio(self, path: Path) -> Float32:
        """The path's sound, (n,) float32 at the model's rate. Raises ModelError, SoundError."""
        key = (path.sound, levelled(path), self.codec_of(path).card.digest)
        if key not in self._audio:
            self._audio[key] = self._read(path)
        return self._audio[key]

    def samples(self, path: Path, rate: int) -> Float32:
        """The path's sound as it was recorded, (n,) float32 at `rate` Hz. Raises SoundError."""
        key = (path.sound, levelled(path), rate)
        if key not in self._samples:
            self._samples[key] = GUARD.apart(
                lambda: recorded(path, rate, self.codec.card.sample_rate, self.matched)
            )
        return self._samples[key]

    def ring(self, path: Path) -> SustainRing | None:
        """The loop that a path goes on in, in samples at the model's rate;
        None where it has none.
        """
        key = (path.sound, levelled(path), self.codec_of(path).card.digest)
        if rings.loops(path) and key not in self._rings:
            self._rings[key] = GUARD.apart(lambda: self._ring(path))
        return self._rings[key] if rings.loops(path) else None

    def frames(self, path: Path, hop: int, length: int | None = None) -> Frames:
        """The latents every `hop` samples: (mean (N, D), logvar (N, D) or None), float32.

        With a `length` the sound is looped to so many samples first. Where they are many they are
        encoded as they are read, by number. Raises ModelError, SoundError.
        """
        key = (path.sound, levelled(path), self.codec_of(path).card.digest, hop, length)
        if key not in self._frames:
            self._frames[key] = GUARD.apart(lambda: self._encoded(path, hop, length))
        return self._frames[key]

    def _lies(self, path: Path) -> bool:
        """Whether what is made of a path is kept on disk: of arrays there may be any number."""
        return self._cached and path.file is not None

    def _ring(self, path: Path) -> SustainRing | None:
        card = self.codec_of(path).card
        if not self._lies(path):
            return rings.ring(path, self.audio(path), card)
        name = rings.key(path, card, self.matched and levelled(path))
        if (kept := rings.load(name, path, card.window)) is not None:
            return kept[0]
        found = rings.ring(path, self.audio(path), card)
        rings.save(name, found, card.window)
        return found

    def _encoded(self, path: Path, hop: int, length: int | None) -> Frames:
        codec = self.codec_of(path)
        check_model(path, codec.card)
        if not self._lies(path):
            return self._made(path, hop, length)
        key = cache.Job(path, hop, length, self.matched).key(codec.card.encoding)
        if (kept := cache.load(key, codec.card.latent_dim)) is not None:
            return kept
        found = self._made(path, hop, length)
        if isinstance(found[0], np.ndarray):  # what is encoded as it is read is never all there
            with suppress(OSError):  # then it is encoded again next time
                cache.save(key, found)
        return found

    def _made(self, path: Path, hop: int, length: int | None) -> Frames:
        """All frames, or where they are many those that are read, when they are."""
        codec, samples = self.codec_of(path), self.audio(path)
        if isinstance(codec, PartCodec):
            whole = samples if length is None else looped(samples, length)
            if codec.card.frames(len(whole), hop) > MANY:
                return Spans(codec, whole, hop).frames()
        return encode(codec, samples, hop, length)

    def _read(self, path: Path) -> Float32:
        card = self.codec_of(path).card
        check_model(path, card)
        samples = recorded(path, card.sample_rate, card.sample_rate, self.matched)
        if path.samples is not None:
            return samples
        length = sound_length(path, card.sample_rate)
        return np.pad(samples[:length], (0, max(length - len(samples), 0)))


def encode(
    codec: Codec,
    samples: Float32,
    hop: int,
    length: int | None = None,
    report: Report | None = None,
) -> Frames:
    """The latent frames of `samples` every `hop` samples, looped to `length` first;
    `report` is told how many of how many are done.
    """
    whole = samples if length is None else looped(samples, length)
    return fitting_frames(codec.card, codec.encode(whole, hop, report), len(whole), hop)
