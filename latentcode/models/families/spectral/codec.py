"""A spectral model with its weights: sounds into latent frames, and those into samples."""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from itertools import accumulate, pairwise
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from latentcode.arrays import Float32, Float64
from latentcode.errors import ModelError
from latentcode.frames import Frames
from latentcode.models import files
from latentcode.models.card import Card
from latentcode.models.families.spectral.analysis import Analysis
from latentcode.models.families.spectral.heard import Heard, Ints
from latentcode.models.families.spectral.network import Heads, Layers, spectra
from latentcode.models.families.spectral.phases import Layer, Phases
from latentcode.models.families.spectral.scaling import LOUDEST, Scales
from latentcode.models.families.spectral.sizes import Sizes, peaks_of
from latentcode.models.families.spectral.transport import Glides
from latentcode.models.family import Device, Job, Report, Slot, checked_rows
from latentcode.models.header import metadata, whole_number
from latentcode.models.packed import PackedLayer, one_thread
from latentcode.models.precision import has_bfloat16
from latentcode.models.rows import SLAB, CachedRows, Rows, chosen_device

WIDEST = 1000.0  # of any latent; sounds have less than 10
STANDS = (0.25, 0.5)  # of a latent's deviation, from frame to frame: less has not moved; sounds do by 0.6
TOGETHER = 64  # frames that are given phases at a time: of more the work would lie in no cache of a core


class SpectralCodec:
    """See `Codec`: a frame is what `card.window` samples around its moment sound like."""

    at_once = SLAB

    def __init__(self, card: Card, layers: Layers, analysis: Analysis) -> None:
        self.card, self.analysis = card, analysis
        self.layers = layers.eval().requires_grad_(False)
        self._rows: dict[str, CachedRows] = {}

    def encode(self, samples: Float32, hop: int, report: Report | None = None) -> Frames:
        return self.encode_part(samples, hop, range(self.card.frames(len(samples), hop)), report)

    def encode_part(self, samples: Float32, hop: int, part: range, report: Report | None = None) -> Frames:
        """See `PartCodec`."""
        count, window = len(part), self.card.window
        padded = np.zeros((count - 1) * hop + window, np.float32)
        begin = part.start * hop - window // 2
        kept = samples[max(begin, 0) : begin + len(padded)]
        before = max(-begin, 0)
        padded[before : before + len(kept)] = kept
        frames = np.lib.stride_tricks.sliding_window_view(padded, window)[::hop]
        means, logvars = np.empty((2, count, self.card.latent_dim), np.float32)
        slab = torch.zeros(SLAB, window)  # always as many, so that a frame is the same in any company
        with one_thread(), torch.inference_mode():
            for first in range(0, count, SLAB):
                some = frames[first : first + SLAB]
                slab.numpy()[: len(some)] = some
                mean, logvar = self.layers.encode(self.analysis(slab))
                means[first : first + SLAB] = mean.numpy()[: len(some)]
                logvars[first : first + SLAB] = logvar.numpy()[: len(some)]
                if report:
                    report(min(first + SLAB, count), count)
        return means, logvars

    @property
    def around(self) -> tuple[int, int]:
        """See `FrameCodec`: half a window on either side."""
        return self.card.window // 2, self.card.window - self.card.window // 2

    def encode_frame(self, samples: Float32) -> Frames:
        """See `FrameCodec`: a row alone goes through the network in a sixth of the time of many."""
        with one_thread(), torch.inference_mode():
            mean, logvar = self.layers.encode(self.analysis(torch.from_numpy(samples[None])))
        return mean.numpy(), logvar.numpy()

    def decoder(self, device: Device = "auto", hop: int | None = None) -> SpectralDecoder:
        return SpectralDecoder(self, device, hop)

    def rows(self, device: str) -> CachedRows:
        """The network on a device, packed once for all decoders."""
        if device not in self._rows:
            network = Network(self.layers if device == "cpu" else self.layers.to(device))
            sizes = self.card.latent_dim, sum(self.layers.sizes.heads)
            self._rows[device] = CachedRows(Rows(network, sizes, device))
        return self._rows[device]


class SpectralDecoder:
    """See `Decoder`: spectra of all layers in one call of the network, then phases for each layer.

    `hop`: the card's own, or half of it, where frames cover half as much and come twice as soon.
    """

    def __init__(self, codec: SpectralCodec, device: Device = "auto", hop: int | None = None) -> None:
        card, sizes = codec.card, codec.layers.sizes
        hop = hop or card.advance
        if hop not in card.hops:
            allowed = " or ".join(map(str, card.hops))
            raise ModelError(
                f"frames {hop} samples apart; {card.name} decodes those that are {allowed} apart"
            )
        self.card, self.device, self._begun = card, chosen_device(device), (codec, device)
        self.phases = Phases(card.window, card.span_at(hop), codec.analysis.band.numpy())
        self.rows: CachedRows | Rows = codec.rows(self.device)
        ends = list(accumulate(sizes.heads, initial=0))
        self._parts = [slice(*part) for part in pairwise(ends)]
        self._glides = Glides(self.phases, card.sample_rate)
        self._scales = Scales(self.phases, codec.analysis.band.numpy(), card.sample_rate)

    @cached_property
    def _quick(self) -> SpectralDecoder:
        return SpectralDecoder(*self._begun, self.card.hops[-1])

    def open(self, seed: int) -> Layer:
        """A layer that has not begun."""
        return Layer(seed, self.phases.bins)

    def open_as(
        self, seed: int, quick: bool, onsets: bool, stands: bool, partials: bool, slides: bool
    ) -> Layer:
        """See `VariedDecoder`."""
        return Layer(seed, self.phases.bins, quick, onsets, stands, partials, slides)

    def close(self, slot: Slot) -> None:
        """Nothing but the slot was kept."""

    def step(self, jobs: Sequence[Job]) -> list[Float32]:
        """See `Decoder`: (n, span) each, windowed, to be added a hop apart."""
        layers = [_layer(job.slot) for job in jobs]
        rows, counts = self._rows_of([job.latents for job in jobs])
        heard = self._heard(rows, counts, layers)
        before = [(layer.turns, layer.next, layer.pitches, layer.struck, layer.last) for layer in layers]
        kinds = sorted({(layer.quick, layer.onsets) for layer in layers})
        try:
            heard = _standing(heard, rows, counts, layers, jobs, self.phases.span / self.card.window)
            with one_thread():  # a second one would wait for the next frames at the cost of a whole core
                if len(kinds) == 1 and not layers[0].quick:
                    return self._made(heard, layers, jobs)
                return self._of_kinds(kinds, heard, layers, jobs)
        except BaseException:
            for layer, state in zip(layers, before, strict=True):
                layer.turns, layer.next, layer.pitches, layer.struck, layer.last = state
            raise

    def _of_kinds(
        self, kinds: Sequence[tuple[bool, bool]], heard: Heard, layers: Sequence[Layer], jobs: Sequence[Job]
    ) -> list[Float32]:
        """Frames of layers of which some have the shortest, or begin as they did at first."""
        counts = [len(job.latents) for job in jobs]
        rows = np.split(np.arange(len(heard.magnitudes)), np.cumsum(counts)[:-1])
        found: dict[int, Float32] = {}
        for kind in kinds:
            decoder = self._quick if kind[0] else self
            places = [place for place, layer in enumerate(layers) if (layer.quick, layer.onsets) == kind]
            own = heard.at(np.concatenate([rows[place] for place in places]))
            some = [layers[place] for place in places], [jobs[place] for place in places]
            found.update(zip(places, decoder._made(own, *some), strict=True))
        return [found[place] for place in range(len(jobs))]

    def _made(self, heard: Heard, layers: Sequence[Layer], jobs: Sequence[Job]) -> list[Float32]:
        if any(job.glide for job in jobs):
            heard = self._glided(heard, layers, jobs)
        if any(job.shift if isinstance(job.shift, float) else job.shift.any() for job in jobs):
            heard = self._shifted(heard, jobs)
        return self._frames(heard, layers, jobs)

    def _rows_of(self, latents: Sequence[Float32]) -> tuple[Float32, Ints]:
        """All of them as rows (N, D), and how many each has."""
        checked = [checked_rows(rows, self.card.latent_dim, "latents") for rows in latents]
        return np.concatenate(checked), np.array([len(rows) for rows in checked])

    def _heard(self, rows: Float32, counts: Ints, layers: Sequence[Layer]) -> Heard:
        made = self.rows(rows)
        heard = Heard(*(made[:, part] for part in self._parts))
        low = np.array([layer.partials for layer in layers]).repeat(counts)[:, None]
        return heard._replace(
            apart=self.phases.apart(heard) * low if low.any() else np.zeros_like(low, np.float32)
        )

    def _glided(self, heard: Heard, layers: Sequence[Layer], jobs: Sequence[Job]) -> Heard:
        """What is heard, with the frames of jobs that glide where they are on their way."""
        whose = [
            (layer, job, place)
            for layer, job in zip(layers, jobs, strict=True)
            for place in range(len(job.latents))
        ]
        places = np.flatnonzero([job.glide is not None for _, job, _ in whose])
        glides = [job.glide for job in jobs if job.glide is not None]
        others, share = (
            self._heard(
                *self._rows_of([latents for latents, _ in glides]),
                [layer for layer, job in zip(layers, jobs, strict=True) if job.glide],
            ),
            np.concatenate([share for _, share in glides]),
        )

        def between(some: slice) -> Heard:
            moments = [whose[place] for place in places[some]]
            behind = np.clip(share[some], 0, 1).astype(np.float64)
            numbers = [job.first + place for _, job, place in moments]
            ends = heard.at(places[some]), others.at(some)
            return self._glides.between(*ends, behind, [layer for layer, *_ in moments], numbers)

        return _moved(heard, places, between)

    def _shifted(self, heard: Heard, jobs: Sequence[Job]) -> Heard:
        """What is heard, with the frames of jobs that are shifted at their pitch."""
        counts = [len(job.latents) for job in jobs]
        ratios = np.concatenate([np.full(n, _ratio(job.shift)) for job, n in zip(jobs, counts, strict=True)])
        formants = np.repeat([job.formants for job in jobs], counts)
        places = np.flatnonzero(ratios != 1)

        def scaled(some: slice) -> Heard:
            rows = places[some]
            return self._scales.scaled(heard.at(rows), ratios[rows], formants[rows])

        return _moved(heard, places, scaled)

    def _frames(self, heard: Heard, layers: Sequence[Layer], jobs: Sequence[Job]) -> list[Float32]:
        counts = [len(job.latents) for job in jobs]
        starts = list(accumulate(counts, initial=0))
        found: list[list[Float32]] = [[] for _ in jobs]
        for places, frames in _pieces(counts):
            rows = np.array([starts[place] + number for number in frames for place in places])
            firsts = [jobs[place].first + frames.start for place in places]
            made = self.phases.frames(heard.at(rows), [layers[place] for place in places], firsts)
            for index, place in enumerate(places):
                found[place].append(made[index :: len(places)])
        return [parts[0] if len(parts) == 1 else np.concatenate(parts) for parts in found]


def _standing(
    heard: Heard, rows: Float32, counts: Ints, layers: Sequence[Layer], jobs: Sequence[Job], share: float
) -> Heard:
    """What is heard of `rows`, `counts` of each layer, with nothing that begins in frames that are
    nearly the two before them: an attack that is held would begin again in each of them, which is a
    buzz. Frames that cover a `share` of a window come so much sooner, and move so much less.
    """
    if not any(layer.stands for layer in layers):
        return heard
    shares = np.array([min(share, 0.5) if layer.quick else share for layer in layers])
    moved = _moved_by(rows, counts, layers, [job.first for job in jobs]) / shares.repeat(counts)
    begins = np.clip((moved - STANDS[0]) / (STANDS[1] - STANDS[0]), 0, 1).astype(np.float32)[:, None]
    if (begins == 1).all():
        return heard
    return heard._replace(delay=heard.delay * begins, transience=heard.transience * begins)


def _moved_by(rows: Float32, counts: Ints, layers: Sequence[Layer], firsts: Sequence[int]) -> Float64:
    """How far each frame (N,) is from the one before, or that from its own, in all latents but the
    level, on average: without end where a layer begins, or has all that begins come.
    """
    ends = counts.cumsum()
    starts, last = ends - counts, rows[ends - 1]
    lasts = [layer.last if layer.next == first else None for layer, first in zip(layers, firsts, strict=True)]
    before = np.empty_like(rows)
    before[1:] = rows[:-1]
    before[starts] = [own if going is None else going[0] for going, own in zip(lasts, last, strict=True)]
    apart = np.subtract(rows[:, 1:], before[:, 1:], dtype=np.float64)
    steps = np.sqrt(np.square(apart, out=apart).mean(axis=1))
    steps[starts[[going is None for going in lasts]]] = np.inf
    earlier = np.empty_like(steps)
    earlier[1:] = steps[:-1]
    earlier[starts] = [np.inf if going is None else going[1] for going in lasts]
    for layer, row, step in zip(layers, last, steps[ends - 1].tolist(), strict=True):
        layer.last = row, step
    found: Float64 = np.maximum(steps, earlier)
    found[np.repeat([not layer.stands for layer in layers], counts)] = np.inf
    return found


class Network:
    """A network's decoder in packed products: (rows, latent_dim) → what `Heard` has, in columns.

    Products of all units with all units are in bfloat16 where the processor has that: magnitudes
    are 0.01 dB off then, and come in two thirds of the time.
    """

    def __init__(self, layers: Layers) -> None:
        self.sizes, decoder = layers.sizes, layers.decoder
        on_cpu = decoder.centre.device.type == "cpu"
        self.dtype = torch.bfloat16 if on_cpu and has_bfloat16() else torch.float32
        with torch.device("meta"):
            linear = nn.Linear(decoder.linear.shape[1], decoder.linear.shape[0])
        linear.weight, linear.bias = decoder.linear, nn.Parameter(decoder.centre, requires_grad=False)
        self._linear = PackedLayer(linear, "none")
        self._first = PackedLayer(decoder.first, "gelu")
        further = [part for part in decoder.further.modules() if isinstance(part, nn.Linear)]
        self._further = [PackedLayer(self._wide(layer), "gelu") for layer in further]
        self._heads = PackedLayer(self._wide(decoder.heads), "none")

    def _wide(self, layer: nn.Linear) -> nn.Linear:
        """A copy of a layer that takes all units."""
        return copy.deepcopy(layer).to(self.dtype)

    def __call__(self, latents: Tensor) -> Tensor:
        latents = latents.clamp(-WIDEST, WIDEST)
        shape = latents[:, 1:].contiguous()
        hidden = self._first(shape).to(self.dtype)
        for layer in self._further:
            hidden = hidden + layer(hidden)
        bent, *bands = torch.split(self._heads(hidden).float(), list(self.sizes.heads), dim=1)
        made = spectra(latents[:, 0], Heads(self._linear(shape) + bent, *bands), LOUDEST)
        parts = (made.magnitudes, made.tonality, made.delay, made.transience, made.deviation)
        return torch.cat(parts, dim=1)


def read(card: Card) -> SpectralCodec:
    """The model of a card, from our file. Raises ModelError where it is damaged."""
    rate = whole_number(metadata(Path(card.file)), "sample_rate", Path(card.file))
    sizes = Sizes(card.window, peaks_of(card.window, rate), card.latent_dim, card.units)
    with torch.device("meta"):
        layers = Layers(sizes)
    layers.load_state_dict(files.weights_of(card), assign=True)
    return SpectralCodec(card, layers, Analysis(card.window, rate))


def _moved(heard: Heard, places: Ints, moved: Callable[[slice], Heard]) -> Heard:
    """`heard` with other frames in some places, which `moved` makes, few at a time."""
    pieces = [moved(slice(first, first + TOGETHER)) for first in range(0, len(places), TOGETHER)]
    found = pieces[0].each(lambda *parts: np.concatenate(parts), *pieces[1:])
    if heard.told is None:
        heard = heard._replace(told=np.full_like(heard.magnitudes, np.nan))

    def changed(part: Float32, rows: Float32) -> Float32:
        whole: Float32 = part.copy()
        whole[places] = rows
        return whole

    return heard.each(changed, found)


def _ratio(shift: float | Float32) -> float | Float64:
    return 2.0 ** ((shift if isinstance(shift, float) else shift.astype(np.float64)) / 12)


def _layer(slot: Slot) -> Layer:
    if not isinstance(slot, Layer):
        raise ModelError("a slot of another decoder; open one of this")
    return slot


def _pieces(counts: Sequence[int]) -> Iterator[tuple[list[int], range]]:
    """Jobs of as many frames, by their places, and which of these frames; few enough at a time."""
    alike = defaultdict(list)
    for place, count in enumerate(counts):
        alike[count].append(place)
    for count, places in alike.items():
        for start in range(0, len(places), TOGETHER):
            some = places[start : start + TOGETHER]
            step = TOGETHER // len(some)
            for first in range(0, count, step):
                yield some, range(first, min(first + step, count))
