"""The frames of all layers, decoded: one call for each model, and a slot for each layer."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from latentcode.arrays import Float32
from latentcode.clock.watchdog import GUARD
from latentcode.errors import LatentcodeError, NotSetError
from latentcode.latents.glide import ends_of, without_glide
from latentcode.models.family import AheadDecoder, Decoder, Glide, Job, Pending, Slot, VariedDecoder
from latentcode.models.given import fitting_decoded
from latentcode.synth.layer import Layer
from latentcode.synth.planned import UnforeseenError
from latentcode.synth.stream import Wanted

Batch = dict[Layer, Wanted]  # layers, and the latents that they want decoded
Step = Callable[[], list[Float32]]


class Decoded(NamedTuple):
    """Frames by layer, in their order; and the errors of those that could not be decoded."""

    frames: dict[Layer, list[Float32]]
    spoilt: dict[Layer, Exception]


class Ahead(NamedTuple):
    """What a decoder has been asked for that works beside the music: from which sample on it is
    heard, whose it is, and what it makes of it.
    """

    sample: int
    batch: Batch
    pending: Pending


class Decoding:
    """Opens a slot for a layer when its first frames are decoded; `keep` closes those of layers
    that are gone.
    """

    def __init__(self) -> None:
        self._slots: dict[Layer, tuple[Decoder, Slot]] = {}
        self._ahead: list[Ahead] = []
        self._beside: dict[type[Decoder], bool] = {}  # asked of a protocol, it takes as long as a frame

    def decode(self, batch: Batch, seconds: float, sample: int) -> Decoded:
        """Decode what layers want; where a call fails or takes more than `seconds`,
        layer by layer: so it is known whose frames those are. What is decoded beside the music is
        asked for: see `collect`.
        """
        found = Decoded({}, {})
        by_decoder: dict[Decoder, list[Layer]] = {}
        for layer in batch:
            by_decoder.setdefault(layer.rendering.decoder, []).append(layer)
        for decoder, layers in by_decoder.items():
            own = {layer: batch[layer] for layer in layers}
            if self._works_beside(decoder):
                self._submit(cast(AheadDecoder, decoder), own, found, sample)
            else:
                self._step(decoder, own, found, seconds, sample)
        return found

    def decode_together(
        self, batches: Sequence[Batch], seconds: float, sample: int
    ) -> dict[Layer, list[Float32]]:
        """Decode what layers want in some blocks together: the frames of each layer, in their
        order.

        Raises UnforeseenError where something cannot be decoded.
        """
        made: dict[Layer, list[Float32]] = {}
        for run in _in_runs(batches):
            found = self.decode({layer: _joined(pieces) for layer, pieces in run.items()}, seconds, sample)
            for error in found.spoilt.values():
                raise UnforeseenError(str(error)) from error
            for layer, frames in found.frames.items():
                made.setdefault(layer, []).extend(frames)
        return made

    def _works_beside(self, decoder: Decoder) -> bool:
        kind = type(decoder)
        if kind not in self._beside:
            self._beside[kind] = isinstance(decoder, AheadDecoder)
        return self._beside[kind]

    @property
    def waits(self) -> bool:
        """Whether anything is being decoded beside the music."""
        return bool(self._ahead)

    def due(self, end: int) -> bool:
        """Whether something that is being decoded is heard before sample `end`."""
        return any(ahead.sample < end for ahead in self._ahead)

    def late(self, end: int) -> set[Layer]:
        """Whose frames are not there that are heard before sample `end`; they are given up."""
        late, rest = set[Layer](), list[Ahead]()
        for ahead in self._ahead:
            if ahead.sample < end and not ahead.pending.ready:
                late.update(ahead.batch)
            else:
                rest.append(ahead)
        self._ahead = rest
        return late

    def collect(self, end: int, found: Decoded) -> None:
        """What is heard before sample `end` of what was asked for, waiting for it."""
        due = [ahead for ahead in self._ahead if ahead.sample < end]
        self._ahead = [ahead for ahead in self._ahead if ahead.sample >= end]
        for ahead in due:
            frames, refused = ahead.pending.frames(), ahead.pending.refused
            for place, text in refused.items():
                list(ahead.batch)[place].rendering.beyond(NotSetError(text))
            for (layer, wanted), rows in zip(ahead.batch.items(), frames, strict=True):
                if isinstance(rows, Exception):
                    found.spoilt[layer] = rows
                else:
                    found.frames.setdefault(layer, []).append(_silenced(layer, wanted.latents, rows))

    def _submit(self, decoder: AheadDecoder, batch: Batch, found: Decoded, sample: int) -> None:
        usual = sample + next(iter(batch)).rendering.ahead
        by_due: dict[int, Batch] = {}
        for layer, wanted in batch.items():
            by_due.setdefault(usual if wanted.due is None else wanted.due, {})[layer] = wanted
        for due, part in sorted(by_due.items()):
            try:
                jobs = [self._job(decoder, layer, wanted) for layer, wanted in part.items()]
                pending = decoder.submit(jobs)
            except LatentcodeError as error:  # its process is gone
                found.spoilt.update(dict.fromkeys(part, error))
            else:
                self._ahead.append(Ahead(due, part, pending))

    def _step(self, decoder: Decoder, batch: Batch, found: Decoded, seconds: float, sample: int) -> None:
        def step() -> list[Float32]:
            jobs = [self._job(decoder, layer, wanted) for layer, wanted in batch.items()]
            return fitting_decoded(decoder.step(jobs), list(map(_due, batch, jobs)))

        try:
            frames = GUARD.run(step, seconds, "", sample)
        except Exception as error:  # whatever a model raises: a voice is set aside, the others play on
            if len(batch) == 1:
                found.spoilt.update(dict.fromkeys(batch, error))
                return
            for layer, wanted in batch.items():
                self._step(decoder, {layer: wanted}, found, seconds, sample)
            return
        for (layer, wanted), rows in zip(batch.items(), frames, strict=True):
            found.frames[layer] = [_silenced(layer, wanted.latents, rows)]

    def _job(self, decoder: Decoder, layer: Layer, wanted: Wanted) -> Job:
        if layer not in self._slots:
            self._slots[layer] = decoder, _opened(decoder, layer)
        wants = wanted.latents
        if not layer.finite:
            wants = np.where(_beyond(wants)[:, None], np.float32(0), wants)
        latents, attributes = layer.parted(wants)
        slot, rendering, shift = self._slots[layer][1], layer.rendering, layer.shift
        ends = ends_of(latents, rendering.width)
        rows = [latents] if ends is None else list(ends[:2])
        if rendering.tuned:
            shift = without_glide(latents, rendering.width)[:, -1]
            rows = [row[:, :-1] for row in rows]
        begin, *end = map(np.ascontiguousarray, rows)
        glide = None if ends is None else Glide(end[0], np.ascontiguousarray(ends[2]))
        return Job(slot, wanted.first, begin, glide, shift, layer.note.formant, wanted.grid, attributes)

    def forget(self) -> None:
        """All layers are gone, and what was asked for them: the next have the first slots again."""
        self._ahead = []
        self.keep(())

    def keep(self, layers: Collection[Layer]) -> None:
        """Close the slots of all other layers."""
        for layer in self._slots.keys() - set(layers):
            decoder, slot = self._slots.pop(layer)
            decoder.close(slot)


def _in_runs(batches: Sequence[Batch]) -> list[dict[Layer, list[Wanted]]]:
    """What layers want in some blocks: together what goes on from the last, and in another run what
    does not.
    """
    runs: list[dict[Layer, list[Wanted]]] = []
    at: dict[Layer, int] = {}
    for batch in batches:
        for layer, wanted in batch.items():
            place = at.get(layer, 0)
            if layer in at and not _goes_on(runs[place][layer][-1], wanted):
                place += 1
            if place == len(runs):
                runs.append({})
            at[layer] = place
            runs[place].setdefault(layer, []).append(wanted)
    return runs


def _goes_on(last: Wanted, wanted: Wanted) -> bool:
    return wanted.first == last.first + len(last.latents) and wanted.latents.shape[1] == last.latents.shape[1]


def _joined(pieces: list[Wanted]) -> Wanted:
    if len(pieces) == 1:
        return pieces[0]
    return pieces[0]._replace(latents=np.concatenate([wanted.latents for wanted in pieces]))


def _opened(decoder: Decoder, layer: Layer) -> Slot:
    if isinstance(decoder, VariedDecoder):
        heard = layer.rendering
        return decoder.open_as(
            layer.seed, heard.quickened, heard.onsets, heard.places, heard.partials, heard.slides
        )
    return decoder.open(layer.seed)


def _due(layer: Layer, job: Job) -> tuple[int, ...]:
    """The shape of what a job is decoded to."""
    shape = layer.rendering.synthesis
    return (len(job.latents), *(() if shape.channels == 1 else (shape.channels,)), shape.window)


def _silenced(layer: Layer, latents: Float32, rows: Float32) -> Float32:
    """Silence where there is nothing to decode."""
    if layer.finite:
        return rows
    rows = rows.copy()
    rows[_beyond(latents)] = 0.0
    return rows


def _beyond(latents: Float32) -> NDArray[np.bool_]:
    """Which rows are not finite."""
    return np.asarray(~np.isfinite(latents).all(axis=1))
