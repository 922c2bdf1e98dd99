"""The store of a live set: frames come from the cache;
what is missing is asked of the encoder process.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

import numpy as np

from latentcode.arrays import Float32
from latentcode.clock.watchdog import GUARD
from latentcode.errors import EngineError, LatentcodeError
from latentcode.frames import Frames
from latentcode.latents.path import Path
from latentcode.latents.sustain import SustainRing
from latentcode.latents.trajectory import Named
from latentcode.models.card import Card
from latentcode.models.family import Stateless
from latentcode.protocol.helper_messages import Encode, FromEncoder, NotEncoded, Unkept
from latentcode.protocol.messages import Encoding, Notice
from latentcode.protocol.wire import Child, start
from latentcode.sounds import cache, rings
from latentcode.sounds import library as sounds
from latentcode.sounds.cache import Job
from latentcode.sounds.models import LiveModels
from latentcode.sounds.store import (
    LoadedModel,
    NotEncodedError,
    check_model,
    levelled,
    path_of,
    recorded,
    sound_length,
)

BUILT_IN = os.path.join(sounds.FOLDER, "")
LONG = 20.0  # seconds of sound that are read while others wait
SOON, LATER = 3, 10  # niceness of what encodes what a line waits for, and of what encodes all else
MANY = 4096  # latent frames: sounds of more are not encoded before others


class LiveStore:
    """Frames that are there at once, or NotEncodedError and a request to the encoder."""

    def __init__(
        self, card: Card, encoder: EncoderProcess, matched: bool = True, models: LiveModels | None = None
    ) -> None:
        self._card, self._encoder, self.matched = card, encoder, matched
        self.models = models or LiveModels(card)
        self._known: dict[str, Frames] = {}
        self._samples: dict[tuple[str, bool, int], Float32] = {}
        self._reading: set[tuple[str, bool, int]] = set()
        self._rings: dict[str, SustainRing | None] = {}
        self._seeking: set[str] = set()
        self._used: dict[str, str] = {}
        self._told: set[str] = set()

    def find(self, named: Named) -> Path:
        return path_of(named)

    def newly_used(self) -> list[tuple[str, str]]:
        """The musician's own files that were used since this was last asked:
        name and digest of each.
        """
        found = [(name, digest) for name, digest in self._used.copy().items() if name not in self._told]
        self._told.update(name for name, _ in found)
        return found

    def _use(self, path: Path) -> None:
        if path.file is not None and not path.file.startswith(BUILT_IN):
            self._used.setdefault(path.name, path.sound)

    def samples(self, path: Path, rate: int) -> Float32:
        """A sound that has been read.

        Raises NotEncodedError, and lets it be read, when it has not.
        """
        found = self.read(path, rate)
        if found is None:
            key = (path.sound, levelled(path), rate)
            if key not in self._reading:
                self._reading.add(key)
                threading.Thread(target=self.load, args=(path, rate), daemon=True).start()
            raise NotEncodedError(f"{path.name} is still being read")
        return found

    def read(self, path: Path, rate: int) -> Float32 | None:
        """A path's sound, (n,) at `rate`, or None when it has not been read."""
        self._use(path)
        return self._samples.get((path.sound, levelled(path), rate))

    def load(self, path: Path, rate: int) -> None:
        """Read a path's sound; never done by the thread that renders. Raises SoundError."""
        samples = recorded(path, rate, self.card_of(path).sample_rate, self.matched)
        self._samples[path.sound, levelled(path), rate] = samples

    def ring(self, path: Path) -> SustainRing | None:
        """The loop that a path goes on in.

        Raises NotEncodedError, and lets it be found, when it has not been.
        """
        found = self.looked_up(path)
        if found is None:
            name = self.ring_name(path)
            if name not in self._seeking:
                self._seeking.add(name)
                threading.Thread(target=self.seek, args=(path,), daemon=True).start()
            raise NotEncodedError(f"the loop of {path.name} is still being found")
        return found[0]

    def ring_name(self, path: Path) -> str:
        """The name of a path's loop."""
        return rings.key(path, self.card_of(path), self.matched and levelled(path))

    def looked_up(self, path: Path) -> tuple[SustainRing | None] | None:
        """What is known of a path's loop: (the loop,), (None,) where it has none;
        None where nothing is known.
        """
        if not rings.loops(path):
            return (None,)
        name = self.ring_name(path)
        if name not in self._rings:
            kept = GUARD.apart(lambda: rings.load(name, path, self.card_of(path).window))
            if kept is None:
                return None
            self._rings[name] = kept[0]
        return (rings.of(path, self._rings[name]),)

    def seek(self, path: Path) -> None:
        """Find a path's loop; never done by the thread that renders. Raises SoundError."""
        card, name = self.card_of(path), self.ring_name(path)
        sound = recorded(path, card.sample_rate, card.sample_rate, self.matched)
        found = rings.ring(path, sound, card)
        rings.save(name, found, card.window)
        self._rings[name] = found

    def card_of(self, path: Path) -> Card:
        """The card of the model that encodes a path. Raises ModelError."""
        return self.models.card(path.by)

    def length(self, path: Path) -> int:
        return sound_length(path, self.card_of(path).sample_rate)

    def frames(self, path: Path, hop: int, length: int | None = None) -> Frames:
        """The frames that are there.

        Raises NotEncodedError, and asks for them, when they are not.
        """
        job = self.job(path, hop, length)
        found = self.ready(job)
        if found is None:
            self._encoder.request(job)
            raise NotEncodedError(f"{path.name} is still being encoded")
        return found

    def job(self, path: Path, hop: int, length: int | None = None) -> Job:
        """The frames of a path, as this set encodes them."""
        if path.by is None:
            return Job(path, hop, length, self.matched)
        card = self.card_of(path)
        return Job(path, hop, length, self.matched, card.encoding, card.file)

    def ready(self, job: Job) -> Frames | None:
        """The frames of a job, or None. Raises ModelError for a path of another model."""
        card = self.card_of(job.path)
        check_model(job.path, card)
        self._use(job.path)
        key = job.key(card.encoding)
        if (
            key not in self._known
            and (found := GUARD.apart(lambda: cache.load(key, card.latent_dim))) is not None
        ):
            self._known[key] = found
        if key not in self._known and (unkept := self._encoder.unkept.get(key)) is not None:
            self._known[key] = unkept
        return self._known.get(key)

    def known(self) -> list[Frames]:
        """All frames that were used so far."""
        return list(self._known.values())

    def gatherer(self) -> Gatherer:
        """Something that takes the place of `frames` in a trial and notes what is missing."""
        return Gatherer(self, self._card)


@dataclass
class Gatherer:
    """Answers with silence for frames and sounds that are missing, and remembers them."""

    store: LiveStore
    card: Card
    missing: dict[str, Job] = field(default_factory=dict)
    unread: dict[tuple[str, int], Path] = field(default_factory=dict)
    unsought: dict[str, Path] = field(default_factory=dict)
    unloaded: set[str] = field(default_factory=set)  # models

    def samples(self, path: Path, rate: int) -> Float32:
        found = self.store.read(path, rate)
        if found is not None:
            return found
        self.unread[path.sound, rate] = path
        return np.zeros(1, np.float32)

    def ring(self, path: Path) -> SustainRing | None:
        found = self.store.looked_up(path)
        if found is None:
            self.unsought[self.store.ring_name(path)] = path
        return found[0] if found else None

    def model(self, name: str) -> LoadedModel:
        """A model, or its card alone: nothing is decoded in a trial. Raises ModelError."""
        models = self.store.models
        if models.ready(name):
            return models.find(name)
        self.unloaded.add(name)
        return LoadedModel(models.card(name), _NoDecoder())

    @property
    def long(self) -> bool:
        """Whether reading what is missing takes so long that others must not wait for it."""
        return (
            bool(self.unloaded)
            or sum(self.store.length(path) for path in self._unheard) > LONG * self.card.sample_rate
        )

    @property
    def _unheard(self) -> list[Path]:
        return [*self.unread.values(), *self.unsought.values()]

    def read(self) -> bool:
        """Read the sounds that are missing, and find the loops;
        whether the trial is to be run again for them.

        Raises SoundError.
        """
        again = bool(self.unsought)
        for name in self.unloaded:
            self.store.models.load(name)
        self.unloaded.clear()
        for path in self.unsought.values():
            self.store.seek(path)
        for (_, rate), path in self.unread.items():
            self.store.load(path, rate)
        self.unread.clear()
        self.unsought.clear()
        return again

    def frames(self, path: Path, hop: int, length: int | None = None) -> Frames:
        job = self.store.job(path, hop, length)
        found = self.store.ready(job)
        if found is not None:
            return found
        card = self.store.card_of(path)
        self.missing[job.key(card.encoding)] = job
        samples = self.store.length(path) if length is None else length
        zeros = np.zeros((card.frames(samples, hop), card.latent_dim), np.float32)
        return zeros, None


class _NoDecoder(Stateless):
    """Stands where a model is still to be loaded."""

    def decode(self, latents: Float32) -> Float32:
        raise NotEncodedError("a model is still being loaded")


class EncoderProcess:
    """The encoder process, started when it is first needed; asks for each job once.

    What a line waits for is encoded before most of what else the machine does; what is needed
    later, or is long, far behind that, in a second process: a file of an hour, or what a pattern
    plays in eight cycles, lets no kick wait.

    `unkept`: frames that are in no cache, as it cannot be written.
    """

    def __init__(self, card: Card, rate: int, tell: Callable[[Encoding | Notice], None]) -> None:
        self._card, self._rate, self._tell = card, rate, tell
        self._children: dict[int, Child] = {}  # by their niceness
        self._lock = threading.Lock()
        self._changed = threading.Condition(self._lock)
        self._asked: dict[str, tuple[Job, int]] = {}
        self._failed: dict[str, str] = {}
        self._encoding: Encoding | None = None  # what was told last
        self.unkept: dict[str, Frames] = {}
        self._unkept = ""

    def start(self) -> None:
        """Start the process, so that the first sound need not wait for it."""
        with self._lock:
            self._running(SOON)

    def request(self, job: Job, ahead: bool = False) -> None:
        """Ask for frames; `ahead`: they are needed later."""
        key = job.key(self._card.encoding)
        nice = LATER if ahead or self._long(job) else SOON
        with self._lock:
            known = self._asked.get(key)
            if key not in self._failed and (known is None or nice < known[1]):
                self._asked[key] = job, nice
                self._send(key, job, nice)

    def underway(self) -> str:
        """What is being encoded, and how far it is."""
        with self._lock:
            names = list(dict.fromkeys(job.path.name for job, _ in self._asked.values()))
            now = self._encoding
        if not names:
            return "sounds that are being read"
        if now is not None and now.name in names:
            names.remove(now.name)
            names.insert(0, f"{now.name} ({100 * now.done // max(now.total, 1)} %)")
        more = f", then {len(names) - 1} more" if len(names) > 1 else ""
        return f"sounds that are being encoded: {names[0]}{more}"

    def tried(self, job: Job) -> str:
        """Ask for frames; why they cannot be encoded, where it has been tried in vain."""
        self.request(job)
        key = job.key(self._card.encoding)
        return self._unkept if key in self.unkept else self._failed.get(key, "")

    def wait(self, jobs: dict[str, Job]) -> None:
        """Wait until all jobs are done. Raises EngineError when one cannot be."""
        for job in jobs.values():
            self._failed.pop(job.key(self._card.encoding), None)
            self.request(job)
        with self._changed:
            self._changed.wait_for(lambda: not any(key in self._asked for key in jobs))
            wrong = [self._failed[key] for key in jobs if key in self._failed]
        if wrong:
            raise EngineError(wrong[0])

    def close(self) -> None:
        with self._lock:
            children, self._children = self._children, {}
        for child in children.values():
            child.close()

    def _long(self, job: Job) -> bool:
        with suppress(LatentcodeError, OSError):  # whoever encodes it says so
            length = job.length or sound_length(job.path, self._card.sample_rate)
            return self._card.frames(length, job.hop) > MANY
        return False

    def _running(self, nice: int) -> Child:
        child = self._children.get(nice)
        if child is None or not child.alive:
            words = (self._card.file, str(self._rate), os.fspath(cache.place()), str(nice))
            child = self._children[nice] = start("latentcode.sounds.encoder", *words, hears=FromEncoder)
            threading.Thread(target=self._listen, args=(child, nice), daemon=True).start()
        return child

    def _send(self, key: str, job: Job, nice: int) -> None:
        path = job.path
        samples = None if path.samples is None else path.samples.tobytes()
        asked = Encode(
            *(key, path.name, path.file, path.sound, samples, job.hop, job.length, job.levelled),
            job.model_file,
        )
        self._running(nice).wire.send(asked)

    def _listen(self, child: Child, nice: int) -> None:
        try:
            while True:
                self._heard(child.wire.receive())
        except EOFError:
            with self._changed:
                if self._children.get(nice) is child:
                    lost = [key for key, (_, its) in self._asked.items() if its == nice]
                    self._failed.update(dict.fromkeys(lost, "the encoder has ended; evaluate again"))
                    for key in lost:
                        del self._asked[key]
                    self._changed.notify_all()

    def _heard(self, message: FromEncoder) -> None:
        match message:
            case Encoding() | Notice():
                self._encoding = message if isinstance(message, Encoding) else self._encoding
                self._tell(message)
                return
            case Unkept():
                self._keep(message)
        with self._changed:
            asked = self._asked.pop(message.key, None)
            if isinstance(message, NotEncoded) and asked is not None:
                self._failed[message.key] = f"{asked[0].path.name} cannot be encoded: {message.text}"
            self._changed.notify_all()

    def _keep(self, found: Unkept) -> None:
        """Have frames for as long as this engine lives."""
        logvar = None if found.logvar is None else _array(*found.logvar)
        self.unkept[found.key] = _array(*found.mean), logvar
        if not self._unkept:
            self._unkept = f"encoded sounds cannot be kept: {found.text}"
            self._tell(Notice(f"✗ {self._unkept}; they are encoded again next time"))


def _array(shape: tuple[int, ...], data: bytes) -> Float32:
    return np.frombuffer(data, np.float32).reshape(shape)
