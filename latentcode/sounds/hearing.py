"""What comes in at the device, sample by sample, and encoded frame by frame as it is asked for.

A set and its replay hear the same: frames are a function of what was recorded, of the delay in
which it is heard, and of the moment that is read.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import OrderedDict
from collections.abc import Callable, Iterable
from functools import partial
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from latentcode.arrays import Float32, Float64
from latentcode.audio import reading as audio
from latentcode.clock.watchdog import GUARD
from latentcode.errors import EngineError, LatentError
from latentcode.frames import Frames
from latentcode.latents.compile import Latents
from latentcode.latents.feedback import Outputs
from latentcode.latents.listening import LiveIn
from latentcode.models.family import Codec, FrameCodec, StreamedCodec
from latentcode.sounds.following import Followed, after
from latentcode.sounds.store import NotReadyError

BLOCK = 512  # samples
KEPT = 512  # frames that others may ask for again
MARGIN = 64  # samples on either side of what is resampled
SOFT = 6.0  # dB over which a gate opens
UNHEARD, LOUDEST = 1e-4, 0.25  # roots of mean squares, of what is fed back
STEPS = 1 << 23  # of full scale: what is recorded has 24 bits

Run = Callable[[Callable[[], Frames]], Frames]


class NotHeardError(EngineError):
    """An input that is still to be opened."""

    def __init__(self, channel: int) -> None:
        super().__init__(f"input {channel} is still being opened")
        self.channel = channel


class Tape(Protocol):
    """What came in, at the device's rate."""

    def open(self, channel: int) -> bool:
        """Whether an input (from 1) is heard, or nothing better is to be expected."""
        ...

    def samples(self, channel: int, first: int, count: int) -> Float32:
        """Its samples (count,) from session sample `first` on; silence where none are known."""
        ...


class Nothing:
    """Nothing comes in where there is no set."""

    def open(self, channel: int) -> bool:
        return True

    def samples(self, channel: int, first: int, count: int) -> Float32:
        """Raises LatentError."""
        raise LatentError(
            f"live_in({channel}) is heard in a set, and in the render of one that was recorded; "
            "nothing comes in here"
        )


class Hearing:
    """Encodes what came in (see `latents/listening.py`).

    rate     of the device, in Hz
    codecs   finds the model of a name, "" the set's; raises NotEncodedError while it is loading
    run      encodes, where somebody else is to do it
    block    samples that are rendered at a time
    until    the sample up to which is rendered now: what is read ahead of it is not heard yet
    """

    def __init__(
        self,
        rate: int,
        tape: Tape,
        codecs: Callable[[str], Codec],
        run: Run = lambda encode: encode(),
    ) -> None:
        self.rate, self.tape, self.until, self.block = rate, tape, 0, BLOCK
        self._codecs, self._run = codecs, run
        self._since: list[int] = []
        self._delays: list[int] = []
        self._frames: OrderedDict[tuple[object, ...], Frames] = OrderedDict()
        self._silent: dict[str, Frames] = {}
        self.followed = Followed(rate, self._came_in)

    def delay(self, since: int, samples: int) -> None:
        """From a session sample on what comes in is heard so many samples later, beside what frames
        reach ahead. What was told of later samples holds no more.
        """
        kept = bisect_left(self._since, since)
        self._since[kept:], self._delays[kept:] = [since], [samples]

    def delayed(self, samples: Float64) -> Float64:
        """By how many samples what is heard at samples (N,) came in earlier."""
        if not self._since:
            return np.zeros(len(samples))
        places = [max(bisect_right(self._since, sample) - 1, 0) for sample in samples.tolist()]
        return np.array([self._delays[place] for place in places], np.float64)

    def _known(self, seen: Float64) -> Float64:
        """Up to which samples (N,) what comes in is known, at samples (N,) that are seen: no later
        ones than the block's. What is read ahead of it, is so before the next block has a delay.
        """
        return np.minimum(seen, self.until) - self.delayed(np.minimum(seen, self.until - 1))

    def whole(self, codec: FrameCodec, moment: int, sample: float) -> bool:
        """Whether all has come in of which a frame at a moment is made, where it is heard at a
        sample; the same in a replay.
        """
        reach = codec.around[1] * self.rate / codec.card.sample_rate
        return moment + reach <= float(self._known(np.array([sample]))[0])

    def latents(self, what: LiveIn, model: str, seen: Float64 | None, trial: bool) -> Latents:
        """See `latents.listening.Heard`. Raises NotHeardError, and LatentError for a model that
        cannot encode what comes in.
        """
        codec = self.model(model)
        if isinstance(codec, StreamedCodec):
            return self._follow(what, codec, seen, trial)
        if trial or seen is None:
            self.check(what.channels)
            return self.silent(model, 1 if seen is None else len(seen))
        moments = self._steps(codec, self._known(seen))
        return rows([self._frame(what, codec, moment) for moment in moments])

    def _follow(self, what: LiveIn, codec: StreamedCodec, seen: Float64 | None, trial: bool) -> Latents:
        """What is heard through a model that remembers; at silence in a trial."""
        if trial or seen is None:
            self.check(what.channels)
            found = self.followed.of(what, codec)
            if not self.followed.patient and found.behind(self.followed.head):
                wait = partial(self.followed.wait, found, codec)
                raise NotReadyError(f"{codec.card.name} is still catching up with what came in", wait)
            return np.zeros((1 if seen is None else len(seen), codec.card.latent_dim), np.float32), None
        return self.followed.frames(what, codec, np.minimum(seen, self.until), self._known(seen)), None

    def _steps(self, codec: FrameCodec, known: Float64) -> list[int]:
        """The last moments whose frames are complete at samples (N,): no finer than those of a
        sound that is encoded as usual, so that all who listen share them.
        """
        ratio = self.rate / codec.card.sample_rate
        step = codec.card.advance * ratio
        found: list[int] = np.round((known - codec.around[1] * ratio) // step * step).astype(int).tolist()
        return found

    def fed(
        self,
        model: str,
        voice: int,
        outputs: Outputs,
        seen: Float64,
        f: Float64,
        q: Float64,
        bands: bool = True,
    ) -> tuple[Float32, NDArray[np.bool_]]:
        """See `latents.feedback.Encoding`. Raises LatentError for a model that cannot."""
        codec = self.codec(model)
        found, there = [], []
        for place, middle, narrow in zip(
            self._steps(codec, seen - self.block), f.tolist(), q.tolist(), strict=True
        ):

            def passed(place: int = place, middle: float = middle, narrow: float = narrow) -> Float32 | None:
                given = self.around(codec, place, partial(outputs.samples, voice))
                return band_passed(given, middle, narrow, codec.card.sample_rate)

            key = (outputs.begin, voice, place)
            frame = self.encoded((*key, middle, narrow) if bands else key, codec, passed)
            there.append(frame is not self.silence(codec))
            found.append(frame)
        return np.concatenate([mean for mean, _ in found]), np.array(there)

    def silent(self, model: str, count: int) -> Latents:
        """So many frames of silence."""
        return rows([self.silence(self.codec(model))] * count)

    def samples(self, channels: tuple[int, ...], first: int, count: int) -> Float32:
        """What came in at the mean of some inputs (count,), from session sample `first` on."""
        parts = [self.tape.samples(channel, first, count) for channel in channels]
        return parts[0] if len(parts) == 1 else np.mean(parts, axis=0, dtype=np.float32)

    def _came_in(self, channel: int, first: int, count: int) -> Float32:
        return self.tape.samples(channel, first, count)

    def check(self, channels: Iterable[int]) -> None:
        """Raise NotHeardError for inputs that are still to be opened."""
        for channel in channels:
            if not self.tape.open(channel):
                raise NotHeardError(channel)

    def codec(self, model: str) -> FrameCodec:
        """The model of a name. Raises LatentError where it encodes whole sounds alone."""
        found = self._codecs(model)
        if isinstance(found, StreamedCodec):
            raise LatentError(
                f"{found.card.name} encodes live_in(1) as it goes on, and neither loops nor feedback; let "
                'another model play these, as loop.encoded_by("spectral")'
            )
        if not isinstance(found, FrameCodec):
            raise LatentError(
                f"{found.card.name} encodes whole sounds, and not what comes in as it comes; let another "
                'model play it, as live_in(1).encoded_by("spectral")'
            )
        return found

    def model(self, name: str) -> FrameCodec | StreamedCodec:
        """The model of a name. Raises LatentError for one that cannot hear."""
        found = self._codecs(name)
        return found if isinstance(found, StreamedCodec) else self.codec(name)

    @staticmethod
    def after(codec: FrameCodec | StreamedCodec) -> int:
        """By how many of its samples a model hears a frame after its moment, beside the delay."""
        return after(codec) if isinstance(codec, StreamedCodec) else codec.around[1]

    def silence(self, codec: FrameCodec) -> Frames:
        """The frame of silence."""
        digest = codec.card.digest
        if digest not in self._silent:
            self._silent[digest] = self._encoded(codec, np.zeros(sum(codec.around), np.float32))
        return self._silent[digest]

    def encoded(
        self, key: tuple[object, ...], codec: FrameCodec, make: Callable[[], Float32 | None]
    ) -> Frames:
        """The frame of the samples that `make` gives, None for silence; once for each key."""
        key = (codec.card.digest, *key)
        if key in self._frames:
            self._frames.move_to_end(key)
            return self._frames[key]
        samples = make()
        found = self.silence(codec) if samples is None else self._encoded(codec, samples)
        self._frames[key] = found
        if len(self._frames) > KEPT:
            self._frames.popitem(last=False)
        return found

    def around(self, codec: FrameCodec, moment: int, take: Callable[[int, int], Float32]) -> Float32:
        """The samples of a frame at a moment, at the model's rate; `take` gives those of the device
        (the first, how many).
        """
        before, after = codec.around
        model_rate = codec.card.sample_rate
        if model_rate == self.rate:
            return take(moment - before, before + after)
        ratio = self.rate / model_rate
        early = int(np.ceil(before * ratio)) + MARGIN
        found = take(moment - early, early + int(np.ceil(after * ratio)) + MARGIN)
        first = round(early / ratio) - before
        return audio.resampled(found, self.rate, model_rate)[first : first + before + after]

    def _frame(self, what: LiveIn, codec: FrameCodec, moment: int) -> Frames:
        def take(first: int, count: int) -> Float32:
            return self.samples(what.channels, first, count)

        key = (what.channels, what.gate, what.limit, moment)
        return self.encoded(key, codec, lambda: levelled(self.around(codec, moment, take), what))

    def _encoded(self, codec: FrameCodec, samples: Float32) -> Frames:
        whole = np.ascontiguousarray(samples, np.float32)
        return GUARD.apart(lambda: self._run(lambda: codec.encode_frame(whole)))


def levelled(samples: Float32, what: LiveIn) -> Float32 | None:
    """Samples (n,) behind a gate and under a limit; None where the gate is closed."""
    power = float(np.mean(np.square(samples, dtype=np.float64)))
    opened = (10.0 * np.log10(power + 1e-30) - what.gate) / SOFT + 1.0
    if opened <= 0.0 or power == 0.0:
        return None
    most = 10.0 ** (what.limit / 20.0)
    factor = min(opened, 1.0) * min(1.0, most / max(float(np.abs(samples).max()), 1e-9))
    return samples if factor == 1.0 else samples * np.float32(factor)


def band_passed(samples: Float32, f: float, q: float, rate: int) -> Float32 | None:
    """Samples (n,) through a band-pass about `f` Hz, as loud as they were, as far as they are no
    louder than they may be fed back; None where there is no sound.

    By the magnitudes of a resonant filter of second order, without its phases.
    """
    spectrum = np.fft.rfft(samples.astype(np.float64))
    ratio = np.maximum(np.fft.rfftfreq(len(samples), 1 / rate), 1e-3) / f
    passed = np.fft.irfft(spectrum / np.sqrt(1 + (q * (ratio - 1 / ratio)) ** 2), len(samples))
    before, after = (float(np.sqrt(np.mean(np.square(x, dtype=np.float64)))) for x in (samples, passed))
    if before < UNHEARD or after < before * UNHEARD:
        return None
    return (passed * (min(before, LOUDEST) / after)).astype(np.float32)


def quantised(samples: Float32) -> Float32:
    """Samples as a recording of 24 bits holds them, within ±1; what is no number is 0."""
    found = np.nan_to_num(samples, nan=0.0, posinf=0.0, neginf=0.0)
    steps = np.clip(np.round(found.astype(np.float64) * STEPS), -STEPS, STEPS - 1)
    return (steps / STEPS).astype(np.float32)


def rows(frames: list[Frames]) -> Latents:
    """Frames (1, D) each as one array of rows."""
    means = np.concatenate([mean for mean, _ in frames])
    spreads = [spread for _, spread in frames if spread is not None]
    return means, np.concatenate(spreads) if len(spreads) == len(frames) else None
