"""An exported model: sounds into latent frames, and those into samples, in processes of its own."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from functools import cached_property

import numpy as np

from latentcode.arrays import Float32
from latentcode.errors import ModelError
from latentcode.files import limits
from latentcode.frames import Frames
from latentcode.models.card import Card
from latentcode.models.families.streams import measured
from latentcode.models.families.streams.archive import Export, Method
from latentcode.models.families.streams.client import ModelProcess
from latentcode.models.families.streams.decoder import Sizes, StreamDecoder
from latentcode.models.families.streams.listener import StreamListener
from latentcode.models.families.streams.messages import Begin, Load, Step
from latentcode.models.families.streams.prior import Priors
from latentcode.models.family import DELAY, OPENING, PRIOR, ROWS, THROUGH, TOGETHER, Device, Report
from latentcode.models.noted import delay_of

USUAL_ROWS = 4  # that are decoded together
SPAN = 2048  # samples by which they go on, where a frame has fewer
PIECE = 1 << 15  # samples that are encoded at a time
HEARD, CONTEXT = (
    1 << 10,
    1 << 13,
)  # of what comes in; and those before it that one is given that does not stream


class StreamCodec:
    """See `Codec`; a frame is the next `card.hop` samples.

    Its card says how late it is decoded (`DELAY`), which takes its process where nobody knows.
    """

    def __init__(self, card: Card, export: Export) -> None:
        rows = int(dict(card.details).get(ROWS, USUAL_ROWS))
        self._export, self._rows = export, min(rows, export.rows or rows)
        self._pairs = itertools.count()
        self.card = card
        decode = export.methods["decode"]
        self._together = max(SPAN // decode.in_ratio, 1)
        self._decoding = self._process("decode", self._rows, self._together)
        noted = delay_of(card)
        delay = self._late("decode", self._decoding) if noted is None else noted
        opening = self._together * -(-(delay + card.hop) // (self._together * card.hop))
        known = {DELAY: delay, OPENING: opening, TOGETHER: self._together}
        details = dict(card.details) | {name: str(value) for name, value in known.items()}
        self.card = replace(card, details=tuple(details.items()))
        coded, attributes = export.latents == "codes", dict(card.attributes)
        self._sizes = Sizes(
            card.latent_dim,
            card.hop,
            decode.out_channels,
            opening,
            self._together,
            coded,
            export.codes,
            attributes,
        )

    def decoder(self, device: Device = "auto", hop: int | None = None) -> StreamDecoder:
        """See `Codec`. Raises ModelError for another hop than its own, and where its
        process cannot be had."""
        if hop not in (None, self.card.hop):
            raise ModelError(f"the frames of {self.card.name} are {self.card.hop} samples apart, not {hop}")
        self._decoding.loaded()
        return StreamDecoder(self._decoding, self._sizes, self._priors)

    def encode(self, samples: Float32, hop: int, report: Report | None = None) -> Frames:
        """See `Codec`. Frames between those that the model has are drawn, codes are those before.
        Raises ModelError where it cannot encode.
        """
        own, count = self.card.hop, self.card.frames(len(samples), hop)
        places = np.arange(count) * (hop / own)
        frames = self._encoded(samples, int(places[-1]) + 2, report)
        first = places.astype(np.int64)
        if hop == own or self._export.latents == "codes":
            return frames[first], None
        part = (places - first).astype(np.float32)[:, None]
        return frames[first] * (1 - part) + frames[first + 1] * part, None

    def _encoded(self, samples: Float32, count: int, report: Report | None) -> Float32:
        """`count` frames of a sound, each where it is heard: the model's delay is made good."""
        own, process, through = self.card.hop, self._encoding, self.through
        through = self._late("encode", process) if through is None else through
        late = max(through - int(dict(self.card.details)[DELAY]), 0)
        before = -late % own
        skipped = (before + late) // own
        sound = np.zeros((count + skipped) * own, np.float32)
        kept = samples[: len(sound) - before]
        sound[before : before + len(kept)] = kept
        piece = self._piece if self._export.streams else len(sound)
        found, total = [], -(-len(sound) // piece)
        sound = np.pad(sound, (0, total * piece - len(sound))) if total > 1 else sound
        channels = self.channels
        for number in range(total):
            part = np.tile(sound[number * piece : (number + 1) * piece], (channels, 1)).tobytes()
            made = process.take(process.ask(_encode(not number, part)))
            if made.spoilt:
                raise ModelError(f"{self.card.name} cannot encode this: {made.spoilt[0][1]}")
            frames = np.frombuffer(made.values, np.float32).reshape(self.card.latent_dim, -1)
            found.append(np.nan_to_num(frames, nan=0.0, posinf=0.0, neginf=0.0))  # as of silence on a sphere
            if report:
                report(min((number + 1) * piece // own, count), count)
        return np.ascontiguousarray(np.concatenate(found, 1).T[skipped : skipped + count])

    @cached_property
    def _encoding(self) -> ModelProcess:
        return self._process("encode", 1, self._piece)

    @property
    def through(self) -> int | None:
        """See `StreamedCodec`."""
        noted = dict(self.card.details).get(THROUGH)
        return measured.known(self.card.digest, "encode") if noted is None else int(noted)

    @property
    def block(self) -> int:
        """See `StreamedCodec`."""
        return max(HEARD // self.card.hop, 1) * self.card.hop

    @property
    def context(self) -> int:
        """See `StreamedCodec`."""
        return 0 if self._export.streams else -(-CONTEXT // self.block) * self.block

    @property
    def channels(self) -> int:
        """See `StreamedCodec`."""
        return self._encoder.in_channels

    def listener(self, patient: bool) -> StreamListener:
        """See `StreamedCodec`. Raises ModelError where it cannot encode."""
        return StreamListener(self._hearing, next(self._pairs), self.card.latent_dim, patient)

    @cached_property
    def _hearing(self) -> ModelProcess:
        return self._process("encode", 2, self.block + self.context, delay=0)

    @property
    def _encoder(self) -> Method:
        """Raises ModelError where it cannot encode."""
        encode = self._export.methods.get("encode")
        if encode is None or encode.out_channels != self.card.latent_dim:
            raise ModelError(f"{self.card.name} encodes no sounds; play latents with it, as point([0.5, -1])")
        return encode

    @cached_property
    def _priors(self) -> Priors | None:
        """What improvises by it, in a process that is started when one is asked for; None where it
        has no prior.
        """
        if PRIOR not in self.card.can:
            return None
        method = self._export.methods[PRIOR]
        process = self._process(PRIOR, 1, 1, delay=0)
        return Priors(process, method.in_channels, self.card.latent_dim, method.out_ratio)

    @property
    def _piece(self) -> int:
        return max(PIECE // self.card.hop, 1) * self.card.hop

    def _process(self, name: str, rows: int, columns: int, delay: int | None = None) -> ModelProcess:
        method = self._encoder if name == "encode" else self._export.methods[name]
        load = Load(
            file=self.card.file,
            digest=self.card.digest,
            inner=self._export.inner,
            method=name,
            inputs=(method.in_channels, method.in_ratio),
            outputs=(method.out_channels, method.out_ratio),
            streams=self._export.streams,
            rows=rows,
            columns=columns,
            kind=self._export.latents,
            codes=self._export.codes,
            delay=measured.known(self.card.digest, name) if delay is None else delay,
            decoding=int(dict(self.card.details).get(DELAY, 0)),
            memory=limits.most(),
            attributes=self.card.attributes if name == "decode" else (),
        )
        return ModelProcess(self.card.name, load)

    def _late(self, name: str, process: ModelProcess) -> int:
        """Samples by which decoding is late, or encoding and decoding together."""
        if (known := measured.known(self.card.digest, name)) is not None:
            return known
        delay = process.loaded().delay
        measured.keep(self.card.digest, name, delay)
        return delay


def _encode(first: bool, part: bytes) -> Callable[[int], Begin | Step]:
    if first:
        return lambda number: Begin(number, 0, part, 0)
    return lambda number: Step(number, (0,), part, 0)
