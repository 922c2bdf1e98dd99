"""Sounds that go on in their loops: in a drone the loop alone,
in a note once the note has come to it.

Only sources that advance by themselves, and forwards, are heard so: a portion, a frame that is
held, a sound that is fitted to its event or read backwards are of the whole.

Sustain loops: a part of a sound that can be heard round and round, as samplers have them;
found by correlation.

Begin and length are whole windows of the model, so that the latent frames of a note go over into
those of its loop, and the loop's last frames into its first. Among all such pairs the best is
taken: alike in phase, level and spectrum at both ends, even within, and long, as a short period is
heard as flutter.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from latentcode.arrays import Float32, Float64
from latentcode.frames import cut
from latentcode.latents.compile import BUILDERS, Latents, ReadContext, Reader, source
from latentcode.latents.drones import Looped, children, endless, rebuilt
from latentcode.latents.moments import Moments
from latentcode.latents.motions import Fit, Freeze, Scrub, Span
from latentcode.latents.path import Path
from latentcode.latents.show import WORDS
from latentcode.latents.trajectory import Reverse, Speed, Trajectory

Indices = NDArray[np.int64]

VERSION = 1  # of how loops are found; a change makes all that are kept unknown
SHORTEST, LONG = 0.5, 1.0  # seconds: no loop is shorter; one longer than LONG is no better for it
SETTLED = 6.0  # dB below the level that a sound keeps for half of its time: less is its attack, or its end
EVEN = 9.0  # dB between the loudest and the softest part of a loop, at the most
PART = 0.1  # seconds over which a level is measured
ALIKE = 0.2  # correlation of both ends, at the least
FADE = 0.1  # seconds of the cross-fade; a third of a loop at the most
SMOOTH = 0.1  # seconds; slower changes of the level are evened out
QUIET = 1e-4
MOST, CLOSED = 400, 12  # places that are compared, and pairs of them of which the loop is made and measured

OF_THE_WHOLE = (Span, Fit, Freeze, Scrub, Reverse)


@dataclass(frozen=True, eq=False)
class SustainRing:
    """A sound's loop: the path of what goes round and round,
    and the sample at which it takes over.
    """

    start: int
    path: Path


FindRing = Callable[[Path], "SustainRing | None"]


@dataclass(frozen=True, repr=False)
class Sustained(Trajectory):
    """A path that goes on in its loop, for as long as it is read; `held`: the loop alone."""

    path: Path
    tail: Path
    start: int
    held: bool


def sustained(node: Trajectory, find: FindRing, held: bool) -> Trajectory:
    """`node` with its sources going on in their loops, where they have one."""
    if isinstance(node, (Path, Looped)):
        path = node if isinstance(node, Path) else node.path
        ring = find(path)
        return node if ring is None else Sustained(path, ring.path, ring.start, held)
    if isinstance(node, OF_THE_WHOLE) or (isinstance(node, Speed) and node.factor < 0):
        return node
    return rebuilt(node, lambda child: sustained(child, find, held))


def goes_on(node: Trajectory) -> bool:
    """Whether a source in a trajectory goes on, in its loop or by itself."""
    return isinstance(node, Sustained) or endless(node) or any(map(goes_on, children(node)))


def _sustained(node: Sustained, scene: ReadContext) -> Reader:
    assert node.tail.samples is not None
    ring = _ring(node.tail, scene, len(node.tail.samples))
    if node.held:
        return ring
    first = -(-node.start // scene.hop)
    sound = source(node.path, scene, until=first)
    begin = first * scene.hop / scene.sample_rate  # of the first frame that is the loop's, in seconds

    def read(moments: Moments) -> Latents:
        early = moments.seconds * scene.sample_rate / scene.hop + 1e-6 < first
        if early.all():
            return sound(moments)
        late = ring(moments.later(-begin))
        return _chosen(early, sound(moments), late) if early.any() else late

    return read


def _ring(tail: Path, scene: ReadContext, samples: int) -> Reader:
    """The frames of a loop, round and round: of those that are centred, where both sides are there,
    which are those of the second round of three.
    """
    if scene.window:
        return source(tail, scene, samples + scene.window - scene.hop)
    return source(tail, replace(scene, begin=1 / 3, end=2 / 3), 3 * samples)


def _chosen(which: NDArray[np.bool_], a: Latents, b: Latents) -> Latents:
    rows = which[:, None]
    logvar = None if a[1] is None or b[1] is None else np.where(rows, a[1], b[1])
    return np.where(rows, a[0], b[0]), logvar


BUILDERS[Sustained] = _sustained
WORDS[Sustained] = lambda node: node.path.name


@dataclass(frozen=True, eq=False)
class SustainLoop:
    """A sound's loop: `samples` (n,) go round and round,
    and take over from the sound at sample `start`.
    """

    start: int
    samples: Float32


def find_loop(sound: Float32, window: int, rate: int) -> SustainLoop | None:
    """The loop of a sound (n,) at `rate` Hz, in whole windows; None for one that holds no level,
    or is too short.
    """
    places = _places(sound, window, rate)
    if len(places) < 2 or places[-1] - places[0] < SHORTEST * rate:
        return None
    seconds = (places[None] - places[:, None]) / rate
    around = _around(sound, places, max(2 * window, round(0.04 * rate)))
    alike = _correlations(around)
    score = alike - _unevenness(sound, places, rate) - _apart(around) + 0.2 * np.minimum(seconds, LONG)
    score[(seconds < SHORTEST) | (alike < ALIKE)] = -np.inf
    found = [
        (score.flat[pair] - 0.1 * _ripple(ring, rate), -rank, start, ring)
        for rank, pair in enumerate(np.argsort(-score, axis=None, kind="stable")[:CLOSED])
        if np.isfinite(score.flat[pair])
        for start, stop in [places[list(np.unravel_index(pair, score.shape))]]
        for ring in [_closed(sound, start, stop, rate)]
    ]
    if not found:
        return None
    *_, start, ring = max(found, key=lambda one: one[:2])
    return SustainLoop(int(start), ring.astype(np.float32))


def _places(sound: Float32, window: int, rate: int) -> Indices:
    """Where a loop may begin or go back: whole windows at which a sound has its level,
    after its attack.
    """
    levels = _decibels(cut(sound, window, window))
    steady = np.flatnonzero(levels > np.median(levels) - SETTLED)
    if len(steady) < 2:
        return np.zeros(0, np.int64)
    first = max(steady[0] + 2, -(-round(FADE * rate) // window))
    last = min(steady[-1], len(sound) // window - 2)
    return np.arange(first, last + 1, max(1, (last + 1 - first) // MOST)) * window


def _decibels(parts: Float32 | Float64) -> Float64:
    power = np.square(parts, dtype=np.float64).mean(axis=1)
    return np.asarray(10.0 * np.log10(power + QUIET**2))


def _around(sound: Float32, places: Indices, reach: int) -> Float64:
    """The samples around each place, faded in and out, (places, 2 · reach)."""
    padded = np.pad(sound, reach).astype(np.float64)
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach)
    return np.asarray(windows[places] * np.hanning(2 * reach))


def _correlations(around: Float64) -> Float64:
    parts = around / (np.linalg.norm(around, axis=1, keepdims=True) + QUIET)
    return np.asarray(parts @ parts.T)


def _unevenness(sound: Float32, places: Indices, rate: int) -> Float64:
    """What a loop from each place to each loses by its changes in level: 0.05 for each dB."""
    size = round(PART * rate)
    levels = _decibels(_around(sound, places, size // 2))
    lost = np.zeros((len(places), len(places)))
    for row in range(len(places)):
        lost[row, row:] = np.maximum.accumulate(levels[row:]) - np.minimum.accumulate(levels[row:])
    return np.where(lost > EVEN, np.inf, 0.05 * lost)


def _apart(around: Float64) -> Float64:
    """What a loop loses where its ends differ in spectrum: 0.05 for each dB,
    in bands as wide as the ear's.
    """
    power = np.abs(np.fft.rfft(around)) ** 2
    edges = np.unique(np.geomspace(4, power.shape[1], 25).astype(int))
    bands = 10.0 * np.log10(np.add.reduceat(power, edges[:-1], axis=1) + QUIET)
    return np.asarray(0.05 * sum(np.abs(band[:, None] - band[None]) for band in bands.T) / bands.shape[1])


def _ripple(ring: Float64, rate: int) -> float:
    """Decibels between the loudest and the softest part of a ring."""
    size = round(PART * rate)
    parts = np.lib.stride_tricks.sliding_window_view(np.concatenate([ring, ring[:size]]), size)
    return float(np.ptp(_decibels(parts[:: max(size // 4, 1)])))


def _closed(sound: Float32, start: int, stop: int, rate: int) -> Float64:
    """The samples from start to stop, their end faded over into what comes before start;
    even in level.
    """
    ring = sound[start:stop].astype(np.float64)
    count = min(round(FADE * rate), len(ring) // 3, start)
    old, new = ring[-count:], sound[start - count : start].astype(np.float64)
    alike = float(old @ new / (np.linalg.norm(old) * np.linalg.norm(new) + QUIET))
    rise = (np.arange(count) + 0.5) / count
    rise = rise * rise * (3.0 - 2.0 * rise)
    power = np.sqrt(rise**2 + (1.0 - rise) ** 2 + 2.0 * max(alike, 0.0) * rise * (1.0 - rise))
    ring[-count:] = ((1.0 - rise) * old + rise * new) / power
    return _evened(ring, rate)


def _evened(ring: Float64, rate: int) -> Float64:
    """A ring at the level of its beginning all along; what changes faster than SMOOTH remains."""
    reach = np.hanning(round(2 * SMOOTH * rate) + 2)
    kernel = np.zeros(len(ring))
    np.add.at(kernel, (np.arange(len(reach)) - len(reach) // 2) % len(ring), reach / reach.sum())
    power = np.fft.irfft(np.fft.rfft(ring * ring) * np.fft.rfft(kernel), len(ring))
    level = np.sqrt(np.maximum(power, QUIET**2))
    return np.asarray(ring * np.clip(level[0] / level, 0.5, 2.0))
