"""Phases for spectra of which the magnitudes are known and a little more, made while playing.

A spectrum has peaks, and each bin belongs to the nearest. A peak goes on from where its bin was a
hop ago, at the frequency of its top, and its bins go with it. Noise has as many peaks as there is
room for, and they lose their way: each turns a little further or less far at every hop, by chance.
What begins within the window is put where it begins, and nothing of it before.

Phases are turns in fixed point: 2³² are one turn, so that sums wrap and are exact. What is added to
a row never depends on the other rows: all is elementwise, or goes along one row, in real numbers.

Sources: Laroche and Dolson, "Improved phase vocoder time-scale modification of audio" (1999), and
Beauregard, Harish and Wyse, "Single pass spectrogram inversion" (2015), for peaks and their
regions; Serra and Smith, "Spectral modeling synthesis" (1990), for sines and noise apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from latentcode.arrays import Float32, Float64
from latentcode.models.families.spectral.harmonics import SPAN, Harmonics, put_in_rows
from latentcode.models.families.spectral.heard import TINY, Heard, Ints, smooth, within
from latentcode.models.families.spectral.onsets import NOTHING, Onsets, Struck, made_up_for
from latentcode.models.family import Slot

Turns = NDArray[np.uint32]
Complex64 = NDArray[np.complex64]

TURN = 1 << 32
FINE = 14  # bits of a turn in the tables of cosines: what they leave out is at −79 dB
GOLDEN, MASK = np.uint64(0x9E3779B97F4A7C15), (1 << 64) - 1
MIXING = [(np.uint64(30), np.uint64(0xBF58476D1CE4E5B9)), (np.uint64(27), np.uint64(0x94D049BB133111EB))]
LAST = np.uint64(31)
LOW = 8  # bins below which bands have too few of them for their tonality to be told
NOISY, TONAL = 0.04, 0.2  # tonality below which a band is noise, above which its peaks go on
BLOCK = 3  # 8 bins, as a power of 2; a peak is compared with the mean of three such blocks
TOLD = 12  # bins below which the frequencies of peaks are told
NEAR = 8  # peaks, a power of 2, over which it is seen whether they are evenly apart
EVEN_BELOW = 256  # bins in which that is looked for
UNEVEN = (
    0.42,
    0.52,
)  # bins by which distances change (1 at most, on average): less in partials; more in noise
FLAT, CLEAR = 2.5, 4.0  # times their mean: a peak that is no higher is as in noise, a higher one a tone
DRAWN = 1 << 16  # numbers by chance
APART = 3  # bins from one peak of noise to the next, where its magnitudes have no peaks of their own
ASTRAY = 0.3  # of a turn at most, to and fro together, by which a peak of noise goes astray in half a hop
LOST = 1.17  # times: what overlapping frames lose of noise, as they do not quite agree


CIRCLE = np.exp(2j * np.pi / (1 << FINE) * np.arange(1 << FINE)).astype(np.complex64)


class Layer(Slot):
    """The phases of one layer: those of each bin (bins,), half a hop after its last frame."""

    def __init__(
        self,
        seed: int,
        bins: int,
        quick: bool = False,
        onsets: bool = True,
        stands: bool = True,
        partials: bool = True,
        slides: bool = True,
    ) -> None:
        super().__init__(seed)
        self.quick = quick  # whether its frames are the shortest
        self.onsets = onsets  # whether what begins within a frame comes at once, or not as it did at first
        self.stands = stands  # whether what stays as it is does not begin again in each frame
        self.partials = partials  # whether the partials of low notes are multiples of one frequency
        self.slides = slides  # whether they are so in glides as well
        self.last: tuple[Float32, float] | None = None  # its last frame (latents,), and how far it moved
        self.struck = NOTHING  # what began last
        self.next = -1  # the number of the frame that goes on from here
        self.turns: Turns = np.zeros(bins, np.uint32)  # replaced, never written into
        self.pitches: tuple[int, Float64] = (-1, np.zeros(0))  # of a glide's ends: see transport.py


class Peaks(NamedTuple):
    """The peaks of R frames, one frame after the other."""

    places: Ints  # (P,) in the array (R, bins), flat
    rows: Ints  # (P,)
    bins: Ints  # (P,)
    of: Ints  # (R · bins,) the peak to which each bin belongs
    centres: Float64  # (P,) their frequencies, in bins
    tones: Float32  # (P,) 1 a tone … 0 noise
    chance: Ints  # (P,) where in the table the number of each is
    half: Turns  # (P,) by how far each turns in half a hop

    def spread(self, values: NDArray[Any], frames: int) -> NDArray[Any]:
        """A value for each peak (P,) → one for each bin (R, bins)."""
        return values.take(self.of, mode="wrap").reshape(frames, -1)  # in three quarters of the time


class Phases:
    """Makes frames of samples, to be added a quarter of `span` samples apart, of their spectra.

    `window` samples were analysed, under a periodic Hann window; the `span` in their middle come
    out, under the square of a Hann window over 1.5: four of them, a quarter apart, add up to 1.
    `band` (bins,) says which band each bin is in.
    """

    def __init__(self, window: int, span: int, band: Ints) -> None:
        self.window, self.span, self.bins = window, span, len(band)
        self._band = band
        self._onsets = Onsets(window, band, span // 4)
        self._harmonics = Harmonics()
        self._middle = slice((window - span) // 2, (window + span) // 2)
        shape = hann(span) ** 2 / 1.5 / np.maximum(hann(window)[self._middle], TINY)
        self._shape = shape.astype(np.float32)
        # Time begins in the middle of a frame: so a peak has one phase. The transform has it begin at its left.
        self._signs = (window / 4 * (-1.0) ** np.arange(self.bins)).astype(np.float32)
        self._half = span / 4 / window / 2 * TURN  # of a turn for each bin, in half a hop
        self._blocks = np.arange(0, self.bins, 1 << BLOCK)
        self._batch = 1 if lone_rows_agree(window) else 16
        self._lost = LOST ** (2 * span / window - 1)  # shorter frames agree
        self._astray = ASTRAY * np.sqrt(span / window)
        chance = np.random.default_rng(0).random(DRAWN + self.bins) - 0.5
        self._drawn = chance * TURN  # turns to and fro, for bin after bin from anywhere in the first half on
        self._grid = np.arange(self.bins) % APART == 0
        self._grid[:APART] = self._grid[-APART:] = False

    def frames(self, heard: Heard, layers: Sequence[Layer], firsts: Sequence[int]) -> Float32:
        """(R, span) samples of consecutive frames, as many of each layer: the first of each layer,
        whose numbers are `firsts`, then the second of each, …; all layers with the same `onsets`.

        A layer goes on where its number is the next one; else it begins anew. Should this raise,
        all layers are as they were.
        """
        peaks = self._peaks(heard, layers, firsts)
        before = [
            layer.struck if layer.next == first else NOTHING
            for layer, first in zip(layers, firsts, strict=True)
        ]
        if layers[0].onsets:
            struck, before = self._onsets.struck(heard, before, firsts)
        else:
            struck = self._onsets.former(heard)
        turns, after = self._turns(peaks, struck, layers, firsts)
        samples = self._samples(heard.magnitudes, peaks, turns, struck)
        count = len(samples) // len(layers)
        for layer, first, kept, last in zip(layers, firsts, after, before, strict=True):
            layer.turns, layer.next, layer.struck = kept, first + count, last
        return samples

    def lobes(self, heard: Heard) -> tuple[Ints, Ints, Ints, Float64, Float64]:
        """Places and rows of peaks, how many bins are nearest to each, their frequencies, and how
        tonal they are, 0 to 1.
        """
        high, deviations = self._tops(heard)
        places, rows, bins, counts = self._regions(high)
        centres = np.asarray(bins.astype(np.float64) + deviations.take(places))
        tones = self._tones(heard, places, rows, bins, deviations)
        return places, rows, counts, centres, tones.astype(np.float64)

    def apart(self, heard: Heard) -> Float32:
        """(R, 1): how many bins the partials of low notes lie apart, 0 where there is none."""
        low = np.ascontiguousarray(heard.magnitudes[:, : SPAN + 2])
        return self._harmonics.apart(
            heard, self._deviations(heard._replace(magnitudes=low, deviation=None, told=None))
        )

    def _tops(self, heard: Heard) -> tuple[NDArray[np.bool_], Float32]:
        """Which bins (R, bins) are peaks, and how far their frequencies are from them, in bins."""
        high, deviations = self._high(heard.magnitudes), self._deviations(heard)
        if heard.apart is not None and heard.apart.any():
            put_in_rows(heard.apart, high, deviations)
        return high, deviations

    def _peaks(self, heard: Heard, layers: Sequence[Layer], firsts: Sequence[int]) -> Peaks:
        high, deviations = self._tops(heard)
        places, rows, bins, counts = self._regions(high)
        tones = self._tones(heard, places, rows, bins, deviations)
        if (tones < 0.5).any():
            spread = tones.repeat(counts)
            high |= self._room(high) & (spread < 0.5).reshape(high.shape)
            places, rows, bins, counts = self._regions(high)
            tones = spread.take(places)
        chance = self._chance(layers, firsts, len(high)).take(rows)
        chance += bins
        half = self._drawn.take(chance)
        half *= self._astray * (1 - tones)
        centres = np.asarray(bins + deviations.take(places), np.float64)
        half += centres * self._half
        of = np.arange(len(places)).repeat(counts)
        return Peaks(places, rows, bins, of, centres, tones, chance, fixed(half))

    def _room(self, high: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Where between the peaks (R, bins) there is room for others."""
        peaks = high.ravel()
        near = peaks.copy()
        for reach in range(1, APART):
            near[reach:] |= peaks[:-reach]
            near[:-reach] |= peaks[reach:]
        room: NDArray[np.bool_] = self._grid > near.reshape(high.shape)
        return room

    def _high(self, magnitudes: Float32) -> NDArray[np.bool_]:
        """Which bins (R, bins) are higher than two on either side; one at least of each frame."""
        flat = magnitudes.ravel()
        above, far = flat[1:] > flat[:-1], flat[2:] > flat[:-2]
        high = np.zeros(flat.size, bool)
        np.greater(above[1:-2], above[2:-1], out=high[2:-2])
        high[2:-2] &= far[:-2] > far[2:]
        table = high.reshape(magnitudes.shape)
        table[:, :2] = table[:, -2:] = False
        table[:, LOW] |= ~np.logical_or.reduce(table, axis=1)
        return table

    def _regions(self, high: NDArray[np.bool_]) -> tuple[Ints, Ints, Ints, Ints]:
        """Places, rows and bins of peaks, and how many bins are nearest to each, (P,) each."""
        places = high.ravel().nonzero()[0]
        rows = places // self.bins
        ends = np.arange(self.bins, high.size + 1, self.bins)
        edges = np.empty(len(places) + 1, np.int64)
        between = edges[1:-1]
        np.add(places[1:], places[:-1], out=between)
        between += 1
        between >>= 1
        edges[0] = 0
        edges[places.searchsorted(ends)] = ends
        return places, rows, places - rows * self.bins, edges[1:] - edges[:-1]

    def _deviations(self, heard: Heard) -> Float32:
        """How far the frequency of a peak at each bin (R, bins) would be from it, in bins.

        Of the three bins of a sine under a Hann window this is exact, whatever its place; the
        lowest partials lie too close for that, and what is told of them errs in another way.
        """
        flat, found = heard.magnitudes.ravel(), np.zeros(heard.magnitudes.shape, np.float32)
        left, top, right = flat[:-2], flat[1:-1], flat[2:]
        parts = found.ravel()[1:-1]
        np.subtract(right, left, out=parts)
        over = left + right
        over *= 0.5
        over += top
        over += TINY
        parts /= over
        within(parts, -0.5, 0.5)
        if heard.deviation is not None:
            low = min(TOLD, heard.deviation.shape[1])
            found[:, :low] += heard.deviation[:, :low]
            found[:, :low] *= 0.5
        if heard.told is not None:
            np.copyto(found, np.clip(heard.told, -1, 1), where=~np.isnan(heard.told))
        return found

    def _turns(
        self, peaks: Peaks, struck: Struck | None, layers: Sequence[Layer], firsts: Sequence[int]
    ) -> tuple[Turns, Turns]:
        """The phases of the peaks (P,), and those of each layer (L, bins) after its last frame."""
        begun = np.array([layer.next != first for layer, first in zip(layers, firsts, strict=True)])
        after: Turns = np.concatenate([layer.turns for layer in layers]).reshape(len(layers), -1)
        turns, following = np.empty((2, len(peaks.rows)), np.uint32)
        starts = np.arange(0, int(peaks.rows[-1]) + 1, len(layers))
        edges = peaks.rows.searchsorted([*starts, len(peaks.rows)]).tolist()
        bursts, clicks = self._bursts(peaks, struck, edges), self._clicks(peaks, struck, starts)
        for number, start in enumerate(starts.tolist()):
            part = slice(edges[number], edges[number + 1])
            before = after.take(peaks.places[part] - start * self.bins)
            turns[part] = before + peaks.half[part]
            if not number and begun.any():
                turns[part] = np.where(begun[peaks.rows[part]], self._starts_of(peaks, part), turns[part])
            for which, anew in bursts[number : number + 1]:
                turns[which] = anew
            np.add(turns[part], peaks.half[part], out=following[part])
            bins = slice(start * self.bins, start * self.bins + after.size)
            after = following.take(peaks.of[bins], mode="wrap").reshape(after.shape)
            for which, anew in clicks[number : number + 1]:
                after.ravel()[which] = anew
        return turns, after

    def _starts_of(self, peaks: Peaks, part: slice) -> Turns:
        """Where the peaks of a layer begin: tones in the middle of the frame, noise anywhere."""
        noise = self._drawn.take(peaks.chance[part] + DRAWN // 2)
        return fixed(np.where(peaks.tones[part] < 0.5, noise, 0))

    def _bursts(self, peaks: Peaks, struck: Struck | None, edges: list[int]) -> list[tuple[Ints, Turns]]:
        """Which of the peaks between two `edges` belong to what begins and goes on (B,), and their
        phases (B,): tones are at their highest when they begin.
        """
        if struck is None or struck.bursts is None or not len(struck.rows):
            return []
        where = np.full(int(peaks.rows[-1]) + 1, -1)
        where[struck.rows] = np.arange(len(struck.rows))
        of = where.take(peaks.rows)
        bursts = struck.bursts > 0.5
        burst = (of >= 0) & bursts.take(of * bursts.shape[1] + self._band.take(peaks.bins), mode="clip")
        which = burst.nonzero()[0]
        highest = fixed(peaks.centres.take(which) * struck.begins.take(of.take(which)) * (-0.5 * TURN))
        noise = fixed(self._drawn.take(peaks.chance.take(which) + DRAWN // 2))
        turns = np.where(peaks.tones.take(which) < 0.5, noise, highest)
        return [(which[first:last], turns[first:last]) for first, last in pairwise(which.searchsorted(edges))]

    def _clicks(self, peaks: Peaks, struck: Struck | None, starts: Ints) -> list[tuple[Ints, Turns]]:
        """Where in the frames from each of `starts` on something comes at once (C,), flat, and from
        where it goes on (C,).
        """
        if struck is None:
            return []
        kept = self._wide(struck.clicks > 0.5).ravel().take(struck.places).nonzero()[0]
        places = self._in_all(struck, struck.places.take(kept))
        turns = struck.turns.take(kept) + peaks.half.take(peaks.of.take(places))
        edges = [*places.searchsorted(starts * self.bins).tolist(), len(places)]
        begins = (starts * self.bins).tolist()
        return [
            (places[first:last] - begin, turns[first:last])
            for begin, (first, last) in zip(begins, pairwise(edges), strict=True)
        ]

    def _in_all(self, struck: Struck, places: Ints) -> Ints:
        """Places in an array (S, bins), flat, → those in (R, bins)."""
        whose = places // self.bins
        return places + (struck.rows - np.arange(len(struck.rows))).take(whose) * self.bins

    def _chance(self, layers: Sequence[Layer], firsts: Sequence[int], frames: int) -> Ints:
        """Where a frame's numbers begin in the table (R,): by its layer's seed and its number."""
        seeds = np.array([layer.seed & MASK for layer in layers], np.uint64)
        numbers = np.add.outer(np.arange(frames // len(layers)), np.asarray(firsts, np.int64))
        begins: Ints = (mixed(seeds, numbers).ravel() % np.uint64(DRAWN // 2)).astype(np.int64)
        return begins

    def _tones(self, heard: Heard, places: Ints, rows: Ints, bins: Ints, deviations: Float32) -> Float32:
        """How tonal each peak is (P,), 0 to 1: its band says so, it stands out, or it is one of
        many that are equally far apart.
        """
        bands, blocks = heard.tonality.shape[1], len(self._blocks)
        told = heard.tonality.take(rows * bands + self._band.take(bins))
        told -= NOISY
        told /= TONAL - NOISY
        sums = np.add.reduceat(heard.magnitudes, self._blocks, axis=1)
        wide = sums.copy()
        wide[:, 1:] += sums[:, :-1]
        wide[:, :-1] += sums[:, 1:]
        mean = wide.take(rows * blocks + (bins >> BLOCK))
        mean /= 3 << BLOCK
        mean += TINY
        found = heard.magnitudes.take(places)
        found /= mean
        found -= FLAT
        found /= CLEAR - FLAT
        np.maximum(told, found, out=found)
        low = (bins < EVEN_BELOW).nonzero()[0]
        if len(low):
            bins = bins.take(low)
            even = self._evenness(rows.take(low), bins + deviations.take(places.take(low)))
            found[low] = np.maximum(np.maximum(found.take(low), even), bins < LOW)
        return smooth(found)

    def _evenness(self, rows: Ints, centres: NDArray[Any]) -> Float64:
        """Whether peaks (P,) are as far apart as their neighbours: 1, or rather not: 0 or less."""
        gaps = np.empty(len(rows))
        np.subtract(centres[1:], centres[:-1], out=gaps[1:])
        gaps[0] = self.bins
        gaps[1:][rows[1:] != rows[:-1]] = self.bins
        uneven = np.abs(gaps[1:] - gaps[:-1])
        line = np.ones(len(rows) + NEAR * (int(rows[-1]) + 2))  # 1 between rows
        places = np.arange(len(rows)) + (rows + 1) * NEAR
        line[places[:-1]] = np.minimum(uneven, 1, out=uneven)
        sums, reach = line, 1
        while reach < NEAR:
            sums, reach = sums[:-reach] + sums[reach:], 2 * reach
        mean = sums.take(places - NEAR // 2)
        mean /= NEAR
        return np.asarray((UNEVEN[1] - mean) / (UNEVEN[1] - UNEVEN[0]))

    def _directions(self, peaks: Peaks, turns: Turns) -> Complex64:
        """What magnitudes are multiplied by (R, bins)."""
        strength = peaks.tones + self._lost * (1 - peaks.tones)
        return peaks.spread(strength * directions_of(turns), int(peaks.rows[-1]) + 1)

    def _samples(self, magnitudes: Float32, peaks: Peaks, turns: Turns, struck: Struck | None) -> Float32:
        """(R, span) windowed samples."""
        directions = self._directions(peaks, turns)
        loud = magnitudes * self._signs
        if struck is None:
            samples = self._transformed(loud, directions)[:, self._middle]
            samples *= self._shape
            return samples
        onsets = self._begun(loud[struck.rows], directions, peaks, struck)
        share = struck.clicks if struck.bursts is None else struck.clicks + struck.bursts
        loud[struck.rows] *= self._wide(np.sqrt(1 - share))
        samples = self._transformed(loud, directions)[:, self._middle]
        samples[struck.gated] *= struck.gate[:, self._middle]
        samples[struck.rows] += onsets[:, self._middle]
        samples *= self._shape
        return samples

    def _wide(self, values: NDArray[Any]) -> NDArray[Any]:
        """A value for each band (S, bands) → one for each bin (S, bins)."""
        return values.repeat(self._onsets.widths, axis=1)

    def _begun(self, loud: Float32, directions: Complex64, peaks: Peaks, struck: Struck) -> Float32:
        """(S, window) samples of what begins, from then on."""
        if not len(loud):
            return struck.opens
        at, clicks = directions_of(struck.turns), self._wide(np.sqrt(struck.clicks))
        begun = np.zeros(loud.shape, np.complex64)
        if struck.bursts is None:
            begun.ravel()[struck.places] = at
            return self._transformed(loud * clicks, begun) * struck.opens
        self._burst(begun.ravel(), directions, peaks, struck)
        at *= clicks.ravel().take(struck.places)
        begun.ravel()[struck.places] += at
        power = np.square(loud)
        power *= self._wide(struck.clicks + struck.bursts)
        onsets = self._transformed(loud, begun)
        onsets *= struck.opens
        return made_up_for(onsets, power.sum(axis=1) * (2 / self.window))

    def _burst(self, begun: Complex64, directions: Complex64, peaks: Peaks, struck: Struck) -> None:
        """Put the directions of what begins and goes on into (S · bins)."""
        assert struck.bursts is not None
        shares = self._wide(np.sqrt(struck.bursts)).ravel()
        places = self._wide(struck.bursts != 0).ravel().nonzero()[0]
        if not len(places):
            return
        within_all = self._in_all(struck, places)
        bent = places % self.bins - peaks.centres.take(peaks.of.take(within_all))
        bent *= self._wide(struck.delays).take(places)
        bent *= -0.5 * TURN
        late = directions.take(within_all)
        late *= directions_of(fixed(bent))
        late *= shares.take(places)
        begun[places] = late

    def _transformed(self, magnitudes: Float32, directions: Complex64) -> Float32:
        """(R, bins) magnitudes and their directions, which are used up → (R, window) samples."""
        directions *= magnitudes  # three times as fast as both of their parts, which lie apart
        return samples_of(directions, self._batch)


def hann(size: int) -> Float64:
    """A periodic Hann window (size,)."""
    return 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(size) / size)


def fixed(turns: Float64) -> Turns:
    """Turns that are counted in 2³²nds, as they wrap."""
    return turns.astype(np.int64).astype(np.uint32)


def directions_of(turns: Turns) -> Complex64:
    """Where on the circle turns lie, as `FINE` as its table is."""
    found: Complex64 = CIRCLE.take(
        (turns >> np.uint32(32 - FINE)).astype(np.int64), mode="wrap"
    )  # in half the time
    return found


def mixed(seeds: NDArray[np.uint64], numbers: Ints) -> NDArray[np.uint64]:
    """64 well mixed bits of each seed and number (splitmix64; Steele, Lea and Flood, 2014)."""
    z: NDArray[np.uint64] = seeds + numbers.view(np.uint64) * GOLDEN
    for shift, factor in MIXING:
        z ^= z >> shift
        z *= factor
    z ^= z >> LAST
    return z


def samples_of(spectra: Complex64, batch: int = 1) -> Float32:
    """(R, bins) → (R, window), `batch` rows or a multiple of it at a time."""
    rows = len(spectra)
    if missing := -rows % batch:
        spectra = np.concatenate([spectra, np.zeros((missing, spectra.shape[1]), np.complex64)])
    samples: Float32 = torch.fft.irfft(torch.from_numpy(spectra)).numpy()
    return samples[:rows]


def lone_rows_agree(window: int) -> bool:
    """Whether a spectrum transformed alone gives the bits that it gives among others."""
    chance = np.random.default_rng(0).standard_normal((2, 21, window // 2 + 1)).astype(np.float32)
    spectra = (chance[0] + 1j * chance[1]).astype(np.complex64)
    whole = samples_of(spectra)
    return all(np.array_equal(samples_of(spectra[:n]), whole[:n]) for n in range(1, 21))
