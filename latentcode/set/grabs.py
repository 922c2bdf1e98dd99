"""Grabbing: the last cycles of a voice, as it was rendered,
become a sound that can be encoded and played.

The desk makes a path that knows its grab by name alone; what it sounds like is decided at a sample,
live and in a replay. Until then a pattern that plays it is not ready.
"""

from __future__ import annotations

import hashlib
import mmap
import os
import threading
from contextlib import suppress
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path as File
from typing import Protocol

import numpy as np

from latentcode.arrays import Float32
from latentcode.audio import reading as audio
from latentcode.clock.tempo import TempoMap
from latentcode.errors import EngineError
from latentcode.files import atomic, places
from latentcode.frames import Frames
from latentcode.latents.path import GRABBED, Path
from latentcode.latents.sustain import SustainRing
from latentcode.latents.trajectory import Named
from latentcode.models.card import file_digest
from latentcode.parameters import VOICES
from latentcode.sounds import cache
from latentcode.sounds.hearing import Hearing

KEPT = 40  # seconds of each voice that are remembered
SEAL = "session"  # the file beside grabs that says of which content of a session they are
EDITED = "as it is now"  # in place of a tempo, where the content is another
PATIENCE = 60.0  # seconds to wait for a grab that was asked for


class NotGrabbedError(EngineError):
    """A sound that is to be grabbed, and has not been yet."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"nothing was grabbed for {path.name}; type x = {path.name} again")
        self.name = path.sound.removeprefix(GRABBED)


@dataclass(frozen=True, eq=False)
class GrabbedSound:
    """What was grabbed: mono (n,) at the device's rate, empty where nothing had sounded; `text`:
    what is amiss.
    """

    name: str
    samples: Float32
    text: str = ""


class Tapes:
    """The last seconds of each voice that has sounded, before its fader,
    as the mean of both sides.
    """

    def __init__(self, rate: int) -> None:
        self.length = KEPT * rate
        self._tapes: dict[int, Float32] = {}
        self._first: dict[int, int] = {}  # the sample from which each voice has sounded

    def write(self, block: Float32, begin: int) -> None:
        """Keep a block of all voices, (32, n), the first sample of which is `begin`."""
        mono = (block[::2] + block[1::2]) * np.float32(0.5)
        for voice in range(VOICES) if len(self._tapes) < VOICES else ():
            if voice not in self._tapes and mono[voice].any():
                self._tapes[voice] = _tape(self.length)
                self._first[voice] = begin + int(np.flatnonzero(mono[voice])[0])
        first, count = begin % self.length, mono.shape[1]
        over = max(first + count - self.length, 0)  # what goes on at the beginning of the tape
        for voice, tape in self._tapes.items():
            tape[first : first + count - over] = mono[voice, : count - over]
            if over:
                tape[:over] = mono[voice, count - over :]

    def forget(self) -> None:
        """Time was lost: what was before is no music any more."""
        self._tapes, self._first = {}, {}

    def take(self, name: str, voice: int, cycles: Fraction, end: int, tempo: TempoMap) -> GrabbedSound:
        """The last cycles of a voice before sample `end`; as many as there are."""
        wanted = tempo.sample_of(tempo.cycle_at(end) - cycles)
        begin = max(wanted, self._first.get(voice, end), end - self.length)
        places = np.arange(begin, end) % self.length
        samples = self._tapes[voice][places] if len(places) else np.zeros(0, np.float32)
        if not samples.any():
            text = f"d{voice + 1} has not sounded for {_spoken(cycles)}: let it play, and grab it then"
            return GrabbedSound(name, samples[:0], text)
        there = tempo.cycle_at(end) - tempo.cycle_at(begin)
        few = "" if begin == wanted else f"grabbed {_spoken(there)} of d{voice + 1}: there are no more"
        return GrabbedSound(name, samples, few)


def came_in(
    hearing: Hearing | None,
    name: str,
    inputs: tuple[int, ...],
    cycles: Fraction,
    sample: int,
    tempo: TempoMap,
) -> GrabbedSound:
    """The last cycles of what came in at the mean of some inputs, as far as it was heard by a
    sample.
    """
    heard = 0 if hearing is None else int(hearing.delayed(np.array([float(sample)]))[0])
    begin = max(tempo.sample_of(tempo.cycle_at(sample) - cycles), sample - (KEPT - 2) * tempo.sample_rate)
    samples = np.zeros(0, np.float32)
    if hearing is not None:
        samples = hearing.samples(inputs, begin - heard, sample - begin)
    if not samples.any():
        what = f"live_in({', '.join(map(str, inputs))})"
        text = f"nothing has come in at {what} for {_spoken(cycles)}: play {what}, and grab it then"
        return GrabbedSound(name, samples[:0], text)
    return GrabbedSound(name, samples)


def _tape(length: int) -> Float32:
    """Silence (length,), in small pages: to clear a huge one takes a third of a millisecond."""
    memory = mmap.mmap(-1, 4 * length)
    if hasattr(mmap, "MADV_NOHUGEPAGE"):
        memory.madvise(mmap.MADV_NOHUGEPAGE)
    return np.frombuffer(memory, np.float32)


class Grabs:
    """The sounds that were grabbed, at the model's rate. Safe to use from several threads.

    `folder`: where they are kept, None: nowhere; `again`: an engine goes on where another was, and
    finds its grabs.
    """

    def __init__(self, rate: int, model_rate: int, folder: File | None = None, again: bool = False) -> None:
        self._rate, self._model_rate, self._folder = rate, model_rate, folder
        self._known: dict[str, tuple[str, Float32]] = {}
        self._failed: dict[str, str] = {}
        self._changed = threading.Condition()
        for file in sorted(folder.glob("*.npy")) if folder is not None and again else ():
            samples = cache.array(file)
            if samples is not None and samples.ndim == 1 and samples.size and np.isfinite(samples).all():
                self._know(file.stem, np.array(samples))

    def keep(self, taken: GrabbedSound) -> None:
        """Keep what was grabbed; also on disk. Never called by the thread that renders live."""
        if not len(taken.samples):
            with self._changed:
                self._failed[taken.name] = taken.text
                self._changed.notify_all()
            return
        same = self._rate == self._model_rate
        samples = taken.samples if same else audio.resampled(taken.samples, self._rate, self._model_rate)
        self._know(taken.name, samples)
        if self._folder is not None:
            save(self._folder / f"{taken.name}.npy", samples)

    def of(self, path: Path) -> Path:
        """A path as it is, or with the samples that were grabbed for it.

        Raises NotGrabbedError, EngineError.
        """
        if not path.sound.startswith(GRABBED):
            return path
        name = path.sound.removeprefix(GRABBED)
        if name not in self._known:
            if name in self._failed:
                raise EngineError(self._failed[name])
            raise NotGrabbedError(path)
        sound, samples = self._known[name]
        return replace(path, sound=sound, samples=samples)

    def wait(self, missing: NotGrabbedError) -> None:
        """Wait until something has been grabbed. Raises what it is given when it takes too long."""
        with self._changed:
            if not self._changed.wait_for(lambda: self._decided(missing.name), PATIENCE):
                raise missing

    def _decided(self, name: str) -> bool:
        return name in self._known or name in self._failed

    def _know(self, name: str, samples: Float32) -> None:
        sound = hashlib.blake2b(samples.tobytes(), digest_size=16).hexdigest()
        with self._changed:
            self._known[name] = (sound, samples)
            self._changed.notify_all()


class Sounds(Protocol):
    def frames(self, path: Path, hop: int, length: int | None = None) -> Frames: ...
    def samples(self, path: Path, rate: int) -> Float32: ...
    def ring(self, path: Path) -> SustainRing | None: ...


class FrameStore(Sounds, Protocol):
    def find(self, named: Named) -> Path: ...
    def length(self, path: Path) -> int: ...
    def frames(self, path: Path, hop: int, length: int | None = None) -> Frames: ...
    def samples(self, path: Path, rate: int) -> Float32: ...


class WithGrabs:
    """What finds frames and samples, and knows what was grabbed."""

    def __init__(self, sounds: Sounds, grabs: Grabs) -> None:
        self._sounds, self._grabs = sounds, grabs

    def frames(self, path: Path, hop: int, length: int | None = None) -> Frames:
        return self._sounds.frames(self._grabs.of(path), hop, length)

    def samples(self, path: Path, rate: int) -> Float32:
        return self._sounds.samples(self._grabs.of(path), rate)

    def ring(self, path: Path) -> SustainRing | None:
        return self._sounds.ring(self._grabs.of(path))


class StoreWithGrabs(WithGrabs):
    """A renderer's store that knows what was grabbed."""

    def __init__(self, store: FrameStore, grabs: Grabs) -> None:
        super().__init__(store, grabs)
        self._store, self.find = store, store.find

    def length(self, path: Path) -> int:
        return self._store.length(self._grabs.of(path))


def folder_of(journal: str | os.PathLike[str], bpm: str = "") -> File | None:
    """Where the grabs of a session are kept; None where its journal is not kept either.

    `bpm`: the one tempo that it has in place of its own: then they are others, of the file as it is
    now. Raises OSError where that cannot be read.
    """
    if os.fspath(journal) == os.devnull:
        return None
    named = os.fsencode(os.path.abspath(journal))
    if bpm:
        named += f"\0{bpm}\0{file_digest(File(journal))}".encode()
    return cache.place().parent / "grabs" / hashlib.blake2b(named, digest_size=16).hexdigest()


def kept_in(journal: str | os.PathLike[str], bpm: str = "") -> File | None:
    """Where the grabs of a session are looked for, as its file is now: beside those of then once it
    was edited, as those may sound otherwise. `bpm`, and None: as in `folder_of`. Raises OSError.
    """
    folder = folder_of(journal, bpm)
    if folder is None or bpm or not (seal := folder / SEAL).exists():
        return folder
    return folder if seal.read_text() == file_digest(File(journal)) else folder_of(journal, EDITED)


def seal(journal: str | os.PathLike[str]) -> None:
    """Note of which content of a session its grabs are, where it has any and that can be."""
    folder = folder_of(journal)
    with suppress(OSError):
        if folder is not None and folder.is_dir():
            with atomic.replacing(folder / SEAL, 0o600) as part:
                part.write_text(file_digest(File(journal)))


def made(folder: File) -> File:
    """The folder of a session's grabs, which is there then, for this user alone. Raises OSError."""
    return places.private(places.private(folder.parent) / folder.name)


def save(file: File, samples: Float32) -> None:
    """Keep what was grabbed in a file of such a folder. Raises OSError."""
    made(file.parent)
    with atomic.replacing(file, 0o600) as part, part.open("wb") as opened:
        np.save(opened, samples)


def _spoken(cycles: Fraction) -> str:
    return "1 cycle" if cycles == 1 else f"{float(cycles):.3g} cycles"
