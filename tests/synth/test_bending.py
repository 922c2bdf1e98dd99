"""Bending: a sound read at a rate that a wheel changes."""

from __future__ import annotations

import numpy as np
import pytest

from latentcode.synth.bend import BendCurve, BentStream, Wheel

RATE, START = 44100, 1000


class Recorded:
    """A stream of samples that are there."""

    def __init__(self, samples: np.ndarray) -> None:
        self._samples = np.concatenate([samples, np.zeros(1 << 17)]).astype(np.float32)
        self._next = 0

    def wanted(self, end):
        return None

    def place(self, windows):
        raise AssertionError("nothing is decoded")

    def take(self, count):
        self._next += count
        return self._samples[self._next - count : self._next]


def bent(samples, moves, blocks=(512,), semitones=2.0, count=30000):
    """What is heard of samples that begin at START while the wheel moves: (sample, value) each."""
    wheel, moves = Wheel(RATE), list(moves)
    stream = BentStream(Recorded(samples), BendCurve(wheel, semitones, START))
    heard, turn = [], 0
    while (done := sum(map(len, heard))) < count:
        block = blocks[turn % len(blocks)]
        turn += 1
        while moves and moves[0][0] < START + done + block:
            wheel.put(*moves.pop(0))
        stream.wanted(done + block)
        heard.append(stream.take(block))
    return np.concatenate(heard)[:count]


def tone(hertz, count=60000):
    return np.sin(2 * np.pi * hertz * np.arange(count) / RATE)


def pitch_of(samples):
    windowed = samples * np.hanning(len(samples))
    size = 1 << 20
    return np.argmax(np.abs(np.fft.rfft(windowed, size))) * RATE / size


def test_what_is_not_bent_stays_as_it_is_to_the_bit():
    samples = np.random.default_rng(1).standard_normal(40000).astype(np.float32)
    assert np.array_equal(bent(samples, [(9000, 0.0)]), samples[:30000])
    assert np.array_equal(bent(samples, [(20001, 0.5)])[:19001], samples[:19001])


@pytest.mark.parametrize("blocks", [(64,), (137, 512, 1, 900), (16384,)])
def test_what_is_bent_does_not_depend_on_the_size_of_the_blocks(blocks):
    samples = np.random.default_rng(2).standard_normal(60000)
    moves = [(4000 + 100 * k, np.sin(k / 9)) for k in range(150)]
    assert np.array_equal(bent(samples, moves), bent(samples, moves, blocks))


@pytest.mark.parametrize(
    ("value", "semitones"), [(1.0, 2.0), (-1.0, 2.0), (0.5, 12.0), (-1.0, 24.0), (0.5, 48.0)]
)
def test_the_wheel_bends_by_semitones(value, semitones):
    heard = bent(tone(440), [(0, value)], semitones=semitones)[4000:]
    assert pitch_of(heard) == pytest.approx(440 * 2 ** (value * semitones / 12), rel=5e-4)


@pytest.mark.parametrize("hertz", [100, 3000, 17000])
def test_a_bent_tone_is_a_tone_and_nothing_else(hertz):
    heard = bent(tone(hertz), [(0, 1.0)])[4000:].astype(float)
    turns = 2 * np.pi * hertz * 2 ** (2 / 12) / RATE * np.arange(len(heard))
    basis = np.stack([np.sin(turns), np.cos(turns)], axis=1)
    fit, *_ = np.linalg.lstsq(basis, heard, rcond=None)
    assert np.hypot(*fit) == pytest.approx(1.0, abs=0.003)
    assert 10 * np.log10(np.mean((heard - basis @ fit) ** 2) / 0.5) < -90


def test_a_wheel_that_is_held_bends_what_begins_later():
    heard = bent(tone(440), [(10, 1.0)], count=20000)
    assert pitch_of(heard) == pytest.approx(440 * 2 ** (2 / 12), rel=1e-3)


def test_a_bend_glides_without_a_click():
    heard = bent(tone(200), [(8000, 1.0), (15000, -1.0)])
    assert np.abs(np.diff(heard, 2)).max() < 1.3 * np.abs(np.diff(tone(200 * 2 ** (2 / 12)), 2)).max()


def test_a_place_is_heard_when_it_is_read():
    wheel = Wheel(RATE)
    course = BendCurve(wheel, 12.0, START)
    wheel.put(START + 1000, 1.0)
    assert course.bent(20000)
    places, _ = course.at(0, 20000)
    read = course.when(places[15000:], 0.0)
    assert np.abs(read - np.arange(15000, 20000)).max() < 1.0
