"""Spectra as they are analysed, given phases: pitch, noise, moments, and rows in any company."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from latentcode.models.families.spectral.analysis import Analysis
from latentcode.models.families.spectral.heard import Heard
from latentcode.models.families.spectral.onsets import NOTHING, Onsets
from latentcode.models.families.spectral.phases import Layer, Phases, lone_rows_agree

RATE, WINDOW, HOP = 44100, 2048, 512
ANALYSIS = Analysis(WINDOW, RATE)
BAND = ANALYSIS.band.numpy()


def heard(sound: np.ndarray, hop: int = HOP, told: bool = False) -> Heard:
    """The analysis of frames that are centred `hop` samples apart; `told`: frequencies of peaks as well."""
    padded = np.pad(sound.astype(np.float32), (WINDOW // 2, WINDOW + hop))
    frames = np.lib.stride_tricks.sliding_window_view(padded, WINDOW)[::hop]
    found = ANALYSIS(torch.from_numpy(np.ascontiguousarray(frames[: len(sound) // hop + 1])))
    magnitudes = found.shape.exp() * found.level.exp()[:, None]
    parts = (magnitudes, found.tonality, found.delay, found.transience)
    return Heard(*(part.numpy() for part in parts), found.deviation.numpy() if told else None)


def laid(frames: np.ndarray, hop: int = HOP) -> np.ndarray:
    """Frames added a hop apart; the first is centred on the first sample."""
    span = frames.shape[1]
    out = np.zeros((len(frames) - 1) * hop + span)
    for index, frame in enumerate(frames):
        out[index * hop : index * hop + span] += frame
    return out[span // 2 :]


def made(spectra: Heard, span: int = WINDOW, seed: int = 1, onsets: bool = True) -> np.ndarray:
    phases = Phases(WINDOW, span, BAND)
    layer = Layer(seed, phases.bins, onsets=onsets)
    return laid(phases.frames(spectra, [layer], [0]), span // 4)


def frozen(spectra: Heard, index: int, count: int = 200) -> Heard:
    return Heard(*(part[index : index + 1].repeat(count, 0) for part in spectra if part is not None))


def sine(hertz: float, seconds: float = 2.0) -> np.ndarray:
    return 0.5 * np.sin(2 * np.pi * hertz * np.arange(int(seconds * RATE)) / RATE)


def white(seconds: float = 2.0) -> np.ndarray:
    return 0.1 * np.random.default_rng(5).standard_normal(int(seconds * RATE))


def pitch(sound: np.ndarray) -> float:
    """The frequency of the loudest partial."""
    size = 1 << 20
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound)), size))
    top = int(np.argmax(spectrum))
    left, middle, right = np.log(spectrum[top - 1 : top + 2])
    return (top + 0.5 * (left - right) / (left - 2 * middle + right)) * RATE / size


def cents(found: float, wanted: float) -> float:
    return abs(1200 * math.log2(found / wanted))


def level(sound: np.ndarray) -> float:
    return 10 * math.log10(np.mean(np.square(sound)))


def unevenness(sound: np.ndarray, hop: int) -> float:
    """How much the power of a sound moves with the hop, as a part of it."""
    power = np.square(sound[: len(sound) // hop * hop]).reshape(-1, hop).mean(axis=0)
    found = np.abs(np.fft.rfft(power)) / hop
    return float(np.sqrt(2 * np.sum(found[1:9] ** 2)) / found[0])


@pytest.mark.parametrize("hertz", [82.4, 220.0, 440.0, 1244.5, 4186.0])
@pytest.mark.parametrize("span", [WINDOW, WINDOW // 2])
def test_a_sine_keeps_its_pitch_and_its_level(hertz: float, span: int) -> None:
    spectra = heard(sine(hertz), span // 4)
    for sound in (made(spectra, span)[WINDOW : -2 * WINDOW], made(frozen(spectra, 50), span)[WINDOW:-WINDOW]):
        assert cents(pitch(sound), hertz) < 0.5
        assert abs(level(sound) - level(sine(hertz))) < 0.3


@pytest.mark.parametrize("told", [False, True])
def test_partials_of_a_chord_stay_where_they_are(told: bool) -> None:
    chord = sum(sine(hertz) for hertz in (220.0, 293.7, 370.0, 554.4)) / 3
    sound = made(heard(chord, told=told))[WINDOW : -2 * WINDOW]
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound)), 1 << 19))
    for hertz in (220.0, 293.7, 370.0, 554.4):
        near = slice(*(round((hertz + way) * (1 << 19) / RATE) for way in (-3, 3)))
        top = (near.start + np.argmax(spectrum[near])) * RATE / (1 << 19)
        assert cents(top, hertz) < 2


def test_frequencies_that_are_told_part_what_three_bins_cannot() -> None:
    low = sum(sine(41.2 * n) / n for n in range(1, 20)) * 0.3
    size = 1 << 19
    sound = made(heard(low, told=True))[WINDOW : -2 * WINDOW]
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound)), size))
    shifts = np.linspace(-60, 60, 241)
    gathered = [
        sum(
            np.interp(41.2 * 2 ** (shift / 1200) * n * size / RATE, np.arange(len(spectrum)), spectrum**2)
            for n in range(2, 12)
        )
        for shift in shifts
    ]
    assert abs(shifts[int(np.argmax(gathered))]) < 3


@pytest.mark.parametrize("span", [WINDOW, WINDOW // 2])
def test_noise_is_even_and_as_loud_as_it_was(span: int) -> None:
    spectra = heard(white(), span // 4)
    sound = made(spectra, span)[WINDOW : -2 * WINDOW]
    assert unevenness(sound, span // 4) < 0.1
    assert abs(level(sound) - level(white())) < 0.5
    still = made(frozen(spectra, 60), span)[WINDOW:-WINDOW]
    assert unevenness(still, span // 4) < 0.1


@pytest.mark.parametrize("place", [8192, 8192 + 137, 8192 + 300, 8192 + 421])
@pytest.mark.parametrize("span", [WINDOW, WINDOW // 2])
def test_a_click_is_where_it_was(place: int, span: int) -> None:
    click = np.zeros(4 * 8192)
    click[place : place + 3] = (0.5, 0.9, 0.4)
    sound = made(heard(click, span // 4), span)
    assert abs(int(np.argmax(np.abs(sound))) - place) < 4
    assert np.abs(sound).max() > 0.6


@pytest.mark.parametrize("place", [8192, 8192 + 137, 8192 + 300, 8192 + 421])
@pytest.mark.parametrize("kind", ["noise", "tone"])
def test_what_begins_is_not_heard_before(place: int, kind: str) -> None:
    burst = np.zeros(4 * 8192)
    source = white() if kind == "noise" else sine(330) + 0.5 * sine(770)
    burst[place:] = source[: len(burst) - place] * np.exp(-np.arange(len(burst) - place) / 4000)
    sound = made(heard(burst))
    early, first = (
        np.sum(np.square(part)) for part in (sound[place - 1100 : place - 44], sound[place : place + 1100])
    )
    assert 10 * math.log10(early / first) < -22
    heights = np.sqrt(np.convolve(np.square(sound), np.ones(64) / 64, "same"))
    risen = int(np.argmax(heights > 0.25 * heights.max()))
    assert abs(risen - place) < 0.002 * RATE


def kick(place: int) -> np.ndarray:
    """A drum that falls from 260 to 60 Hz."""
    times = np.arange(3 * 8192) / RATE
    phase = 2 * np.pi * np.cumsum(60 + 200 * np.exp(-times / 0.02)) / RATE
    return np.concatenate([np.zeros(place), 0.8 * np.sin(phase) * np.exp(-times / 0.15)])


@pytest.mark.parametrize("place", [4096, 4096 + 137, 4096 + 256, 4096 + 421])
def test_what_sweeps_begins_with_its_first_band(place: int) -> None:
    drum = kick(place)
    sound, attack = made(heard(drum)), slice(place, place + 440)
    assert abs(level(sound[attack]) - level(drum[attack])) < 4
    assert level(sound[place - 1100 : place - 44]) < level(drum[attack]) - 40


@pytest.mark.parametrize("span", [WINDOW, WINDOW // 2])
def test_all_frames_of_an_onset_have_it_at_one_moment(span: int) -> None:
    noise = white() * np.exp(-np.arange(2 * RATE) / 3000)
    spectra = heard(np.concatenate([np.zeros(5 * HOP + 90), noise]), span // 4)
    struck, _ = Onsets(WINDOW, BAND, span // 4).struck(spectra, [NOTHING], [3])
    begins = struck.begins[:3]
    assert np.diff(begins) == pytest.approx(-span / 4 / (WINDOW / 2))
    assert begins[0] > 0.5


def test_a_steady_sound_is_never_gated() -> None:
    sound = made(heard(sum(sine(110 * n) / n for n in range(1, 20)) * 0.5))[WINDOW : -2 * WINDOW]
    assert unevenness(sound, HOP) < 0.12  # the tone's own periods are not whole hops
    rises = np.sqrt(np.convolve(np.square(sound), np.ones(802) / 802, "valid"))
    assert rises.min() > 0.8 * rises.max()


def test_frames_are_the_same_however_they_are_dealt_out() -> None:
    chance = np.random.default_rng(3)
    spectra = heard(np.where(chance.random(RATE) > 0.999, 0.8, 0) + 0.3 * sine(300, 1) + white(1))
    phases = Phases(WINDOW, WINDOW, BAND)
    count = len(spectra.magnitudes)
    alone = phases.frames(spectra, [Layer(9, phases.bins)], [7])
    for step in (1, 3, 16):
        layer, found = Layer(9, phases.bins), []
        for first in range(0, count, step):
            part = Heard(*(one[first : first + step] for one in spectra if one is not None))
            found.append(phases.frames(part, [layer], [7 + first]))
        assert np.array_equal(np.concatenate(found), alone)


@pytest.mark.parametrize("company", [1, 2, 5, 16, 33])
def test_a_layer_sounds_the_same_in_any_company(company: int) -> None:
    clicks = np.where(np.random.default_rng(3).random(RATE) > 0.999, 0.8, 0)
    spectra = heard(clicks + 0.3 * sine(300, 1) + white(1))
    phases = Phases(WINDOW, WINDOW, BAND)
    alone, mine = Layer(4, phases.bins), Layer(4, phases.bins)
    others = [Layer(seed, phases.bins) for seed in range(company)]
    for number in range(12):
        place = number % (company + 1)
        layers = [*others[:place], mine, *others[place:]]
        rows = [(number * 5 + 3 * one) % 60 for one in range(len(layers))]
        rows[place] = number
        many = Heard(*(part[rows] for part in spectra if part is not None))
        one = Heard(*(part[number : number + 1] for part in spectra if part is not None))
        together = phases.frames(many, layers, [number] * len(layers))[place]
        assert np.array_equal(together, phases.frames(one, [alone], [number])[0])


def test_a_layer_that_is_taken_up_elsewhere_begins_anew() -> None:
    spectra = heard(0.3 * sine(300, 1) + white(1))
    phases = Phases(WINDOW, WINDOW, BAND)
    part = Heard(*(one[20:24] for one in spectra if one is not None))
    fresh = phases.frames(part, [Layer(1, phases.bins)], [20])
    used = Layer(1, phases.bins)
    phases.frames(part, [used], [3])
    assert not np.array_equal(phases.frames(part, [used], [7]), fresh)
    assert np.array_equal(phases.frames(part, [used], [20]), fresh)


def test_seeds_decide_the_noise() -> None:
    spectra = heard(white(0.5))
    one, same, other = (made(spectra, seed=seed) for seed in (1, 1, 2))
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)


def test_silence_is_silence() -> None:
    assert np.abs(made(heard(np.zeros(8192)))).max() < 1e-4


def test_lone_rows_are_tried() -> None:
    assert isinstance(lone_rows_agree(WINDOW), bool)


@pytest.mark.parametrize("hertz", [46.0, 55.0, 65.4])
def test_partials_that_lie_too_close_are_multiples_of_one_frequency(hertz):
    numbers = np.arange(1, 30)
    times = np.arange(RATE) / RATE
    phases = np.random.default_rng(2).random(len(numbers))
    note = (0.2 * np.sin(2 * np.pi * (hertz * numbers * times[:, None] + phases)) / numbers).sum(axis=1)
    spectra = heard(note, told=True)
    maker = Phases(WINDOW, WINDOW, BAND)
    apart = maker.apart(spectra)[10:60]
    assert (1200 * np.abs(np.log2(apart[apart > 0] * RATE / WINDOW / hertz)) < 12).all()
    assert (apart > 0).mean() > 0.9
    held = frozen(spectra, 10 + int(apart.argmax()), 100)
    apart = maker.apart(held)
    given = made(held._replace(apart=apart))[RATE // 4 :]
    power = np.abs(np.fft.rfft(given * np.hanning(len(given)), 1 << 18))
    near = np.round(np.arange(1, 11) * apart[0] * (RATE / WINDOW) * (1 << 18) / RATE).astype(int)
    tops = [power[place - 30 : place + 31].argmax() - 30 for place in near]
    assert np.abs(tops).max() <= 1


def test_what_has_no_close_partials_is_left_as_it_is():
    maker = Phases(WINDOW, WINDOW, BAND)
    chord = sum(sine(hertz, 0.5) for hertz in (110.0, 138.6, 164.8))
    for sound in (white(0.5), sine(55.0, 0.5), sine(220.0, 0.5), chord):
        assert (maker.apart(heard(sound, told=True)) > 0).mean() < 0.05
