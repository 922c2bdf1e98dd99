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

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from latentcode.arrays import Float32, Float64
from latentcode.models.family import Slot

Turns = NDArray[np.uint32]
Complex64 = NDArray[np.complex64]
Ints = NDArray[np.int64]

TURN = 1 << 32
FINE = 14  # bits of a turn in the tables of cosines: what they leave out is at −79 dB
GOLDEN, MASK = np.uint64(0x9E3779B97F4A7C15), (1 << 64) - 1
MIXING = [(np.uint64(30), np.uint64(0xBF58476D1CE4E5B9)), (np.uint64(27), np.uint64(0x94D049BB133111EB))]
LAST = np.uint64(31)
TINY = 1e-12  # beside magnitudes that may be 0
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
STEADY = 0.283  # half windows: the spread in time of a steady sound under the Hann window
STRUCK = (-0.2, 0.1)  # half windows: bands that begin later than the second are put where they begin
SHORT = (0.4, 0.7)  # transience: so are those that are over at once, whenever they come
BEGUN = (-0.5, -0.4)  # the same for whole frames, which are silent before; steady ones begin at −0.59
HEARD = 0.003  # of a frame's energy: the part that must begin in it, or nothing does
DRAWN = 1 << 16  # numbers by chance
APART = 3  # bins from one peak of noise to the next, where its magnitudes have no peaks of their own
ASTRAY = 0.3  # of a turn at most, to and fro together, by which a peak of noise goes astray in half a hop
LOST = 1.17  # times: what overlapping frames lose of noise, as they do not quite agree
EDGE = 1 / 32  # of a window, over which a frame rises where it begins


CIRCLE = np.exp(2j * np.pi / (1 << FINE) * np.arange(1 << FINE)).astype(np.complex64)


class Heard(NamedTuple):
    """What is known of n frames.

    magnitudes   (n, bins), of a sine of amplitude 1 at a bin: 1
    tonality     (n, bands), 0 noise … 1 steady sines
    delay        (n, bands), half windows from its middle: the mean time of the band's energy
    transience   (n, bands), 0 … 1: 1 − the spread of that time, over what a steady sound has
    deviation    (n, peaks), bins from each of the lowest ones to the frequency of a peak there
    told         (n, bins), the same of all bins, where lobes were moved; NaN: not told
    """

    magnitudes: Float32
    tonality: Float32
    delay: Float32
    transience: Float32
    deviation: Float32 | None = None
    told: Float32 | None = None

    def each(self, change: Callable[..., Float32], *others: Heard) -> Heard:
        """Each part changed, with the same part of others."""
        parts = zip(self, *others, strict=True)
        return Heard(*(None if part[0] is None else change(*part) for part in parts))  # type: ignore[arg-type]

    def at(self, rows: Ints | slice) -> Heard:
        """Some of the frames."""
        return self.each(lambda part: part[rows])


class Layer(Slot):
    """The phases of one layer: those of each bin (bins,), half a hop after its last frame."""

    def __init__(self, seed: int, bins: int, quick: bool = False) -> None:
        super().__init__(seed)
        self.quick = quick  # whether its frames are the shortest
        self.next = -1  # the number of the frame that goes on from here
        self.turns: Turns = np.zeros(bins, np.uint32)  # replaced, never written into
        self.pitches: tuple[int, Float64] = (-1, np.zeros(0))  # of a glide's ends: see transport.py


class Peaks(NamedTuple):
    """The peaks of R frames, one frame after the other."""

    places: Ints  # (P,) in the array (R, bins), flat
    rows: Ints  # (P,)
    bins: Ints  # (P,)
    counts: Ints  # (P,) how many bins belong to each
    tones: Float32  # (P,) 1 a tone … 0 noise
    chance: Ints  # (P,) where in the table the number of each is
    half: Turns  # (P,) by how far each turns in half a hop

    def spread(self, values: NDArray[Any], frames: int) -> NDArray[Any]:
        """A value for each peak (P,) → one for each bin (R, bins)."""
        return values.repeat(self.counts).reshape(frames, -1)


class Struck(NamedTuple):
    """The frames in which something begins.

    `share` (S, bins) is the part of each bin's energy that is put at its moment, by `turns`
    (S, bins). `opens` (S, span) lets this part in from its begin on, `gate` (S, span) the rest.
    """

    rows: Ints  # (S,)
    share: Float32
    turns: Turns
    opens: Float32
    gate: Float32


class Phases:
    """Makes frames of samples, to be added a quarter of `span` samples apart, of their spectra.

    `window` samples were analysed, under a periodic Hann window; the `span` in their middle come
    out, under the square of a Hann window over 1.5: four of them, a quarter apart, add up to 1.
    `band` (bins,) says which band each bin is in.
    """

    def __init__(self, window: int, span: int, band: Ints) -> None:
        self.window, self.span, self.bins = window, span, len(band)
        self._band = band
        self._starts = np.flatnonzero(np.diff(band, prepend=-1))
        self._filled = band[self._starts]  # bands in which a bin lies: of a short window not all
        self._middle = slice((window - span) // 2, (window + span) // 2)
        shape = hann(span) ** 2 / 1.5 / np.maximum(hann(window)[self._middle], TINY)
        self._shape = shape.astype(np.float32)
        # Time begins in the middle of a frame: so a peak has one phase. The transform has it begin at its left.
        self._signs = (window / 4 * (-1.0) ** np.arange(self.bins)).astype(np.float32)
        self._half = span / 4 / window / 2 * TURN  # of a turn for each bin, in half a hop
        self._times = (np.arange(window) / (window / 2) - 1)[self._middle].astype(np.float32)
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
        whose numbers are `firsts`, then the second of each, …

        A layer goes on where its number is the next one; else it begins anew. Should this raise,
        all layers are as they were.
        """
        peaks = self._peaks(heard, layers, firsts)
        struck = self._struck(heard)
        turns, after = self._turns(peaks, struck, layers, firsts)
        samples = self._samples(heard.magnitudes, self._directions(peaks, turns), struck)
        for layer, first, kept in zip(layers, firsts, after, strict=True):
            layer.turns, layer.next = kept, first + len(samples) // len(layers)
        return samples

    def lobes(self, heard: Heard) -> tuple[Ints, Ints, Ints, Float64, Float64]:
        """Places and rows of peaks, how many bins are nearest to each, their frequencies, and how
        tonal they are, 0 to 1.
        """
        places, rows, bins, counts = self._regions(self._high(heard.magnitudes))
        deviations = self._deviations(heard)
        centres = np.asarray(bins.astype(np.float64) + deviations.take(places))
        tones = self._tones(heard, places, rows, bins, deviations)
        return places, rows, counts, centres, tones.astype(np.float64)

    def _peaks(self, heard: Heard, layers: Sequence[Layer], firsts: Sequence[int]) -> Peaks:
        high, deviations = self._high(heard.magnitudes), self._deviations(heard)
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
        half += (bins + deviations.take(places)) * self._half
        return Peaks(places, rows, bins, counts, tones, chance, fixed(half))

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
        turns = np.empty(len(peaks.rows), np.uint32)
        starts = range(0, int(peaks.rows[-1]) + 1, len(layers))
        edges = peaks.rows.searchsorted([*starts, len(peaks.rows)])
        for start, first, last in zip(starts, edges, edges[1:], strict=False):
            part = slice(first, last)
            before = after.take(peaks.places[part] - start * self.bins)
            turns[part] = before + peaks.half[part]
            if begun.any():
                anew = np.where(begun[peaks.rows[part] - start], self._starts_of(peaks, part), turns[part])
                turns[part], begun[:] = anew, False
            after = (turns[part] + peaks.half[part]).repeat(peaks.counts[part]).reshape(after.shape)
            if struck is not None:
                self._strike(after, struck, peaks, part)
        return turns, after

    def _starts_of(self, peaks: Peaks, part: slice) -> Turns:
        """Where the peaks of a layer begin: tones in the middle of the frame, noise anywhere."""
        noise = self._drawn.take(peaks.chance[part] + DRAWN // 2)
        return fixed(np.where(peaks.tones[part] < 0.5, noise, 0))

    def _strike(self, after: Turns, struck: Struck, peaks: Peaks, part: slice) -> None:
        """What begins within a frame goes on from there."""
        frame = peaks.rows[part.start] // len(after)
        for row, share, turns in zip(struck.rows, struck.share, struck.turns, strict=True):
            if row // len(after) == frame:
                own = slice(*peaks.rows.searchsorted([row, row + 1]))
                half, place = peaks.half[own].repeat(peaks.counts[own]), row % len(after)
                after[place] = np.where(share > 0.5, turns + half, after[place])

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
        return peaks.spread(strength * CIRCLE[turns >> np.uint32(32 - FINE)], int(peaks.rows[-1]) + 1)

    def _struck(self, heard: Heard) -> Struck | None:
        """Where something begins, by mean and spread of the times of each band's energy."""
        spread = 1 - heard.transience
        begins = heard.delay - STEADY * spread * (1 + 1.1 * spread * spread)  # (R, bands): see the tests
        weight = np.full(heard.delay.shape, TINY, np.float32)
        weight[:, self._filled] += np.add.reduceat(heard.magnitudes, self._starts, axis=1)
        late = (begins - STRUCK[0]) / (STRUCK[1] - STRUCK[0])
        share = smooth(np.maximum(late, (heard.transience - SHORT[0]) / (SHORT[1] - SHORT[0])))
        whole = (np.clip(begins, -1, 1) * weight).sum(axis=1) / weight.sum(axis=1)
        gated = smooth((whole - BEGUN[0]) / (BEGUN[1] - BEGUN[0]))
        energy = weight * weight
        part = (share * energy).sum(axis=1) / energy.sum(axis=1)
        rows = np.flatnonzero((part > HEARD) | (gated > 0.2))
        if not len(rows):
            return None
        share, weight = share[rows], share[rows] * energy[rows]
        opens = (weight * begins[rows]).sum(axis=1) / (weight.sum(axis=1) + TINY)
        turned = np.cumsum(heard.delay[rows][:, self._band], axis=1, dtype=np.float64) * -0.5
        turns = (turned * TURN).astype(np.int64).astype(np.uint32)
        gate = 1 - gated[rows, None] * (1 - self._opening(whole[rows]))
        return Struck(rows, share[:, self._band], turns, self._opening(opens), gate)

    def _opening(self, begins: Float32) -> Float32:
        """(S,) moments in half windows → (S, span): 0 before, 1 after."""
        return smooth((self._times - begins[:, None]) / (2 * EDGE) + 1)

    def _samples(self, magnitudes: Float32, directions: Complex64, struck: Struck | None) -> Float32:
        """(R, span) windowed samples."""
        loud = magnitudes * self._signs
        if struck is None:
            samples = self._transformed(loud, directions)
            samples *= self._shape
            return samples
        onsets = loud[struck.rows] * np.sqrt(struck.share)
        loud[struck.rows] *= np.sqrt(1 - struck.share)
        at = CIRCLE[struck.turns >> np.uint32(32 - FINE)]
        samples = self._transformed(loud, directions)
        samples[struck.rows] *= struck.gate
        samples[struck.rows] += self._transformed(onsets, at) * struck.opens
        samples *= self._shape
        return samples

    def _transformed(self, magnitudes: Float32, directions: Complex64) -> Float32:
        """(R, bins) magnitudes and their directions, which are used up → (R, span) samples."""
        directions.real *= magnitudes
        directions.imag *= magnitudes
        return samples_of(directions, self._batch)[:, self._middle]


def hann(size: int) -> Float64:
    """A periodic Hann window (size,)."""
    return 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(size) / size)


def fixed(turns: Float64) -> Turns:
    """Turns that are counted in 2³²nds, as they wrap."""
    return turns.astype(np.int64).astype(np.uint32)


def smooth(ramp: Float32) -> Float32:
    """From 0 to 1 where `ramp` goes from 0 to 1, without edges; `ramp` is used up."""
    held = within(ramp, 0, 1)
    over = 2 * held
    np.subtract(3, over, out=over)
    held *= held
    held *= over
    return held


def within(values: Float32, least: float, most: float) -> Float32:
    """What lies outside is put at the border, in place; `numpy.clip` is three times as slow."""
    np.maximum(values, least, out=values)
    return np.minimum(values, most, out=values)


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
