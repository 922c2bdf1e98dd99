from __future__ import annotations

import numpy as np
import pytest

from latentcode.clock.wall_time import WallTime

RATE, BUFFER = 44100, 256
START = 5000.0  # what time.monotonic() gives at sample 0


def late(kind: str, count: int, seed: int = 1) -> np.ndarray:
    """By how many seconds callbacks are late."""
    draw = np.random.default_rng(seed)
    made = {
        "even": draw.uniform(0, 0.002, count),
        "mostly in time": draw.exponential(0.0004, count),
        "stalls": draw.uniform(0, 0.001, count) + 0.03 * (draw.random(count) < 0.05),
    }
    return made[kind]


def run(wall, seconds, lateness, rate=RATE, first=0, start=START, buffer=BUFFER, every=1):
    """Feed callbacks; the error in seconds at each, against a device that runs at `rate`."""
    errors = []
    for index in range(0, int(seconds * rate / buffer), every):
        sample = index * buffer
        beat = start + sample / rate + lateness[index % len(lateness)]
        wall.see(first + sample, beat)
        errors.append((wall.sample_at(beat) - first) / rate - (beat - start))
    return np.array(errors)


@pytest.mark.parametrize("kind", ["even", "mostly in time", "stalls"])
@pytest.mark.parametrize("drift", [0, 1e-4, -2e-4])
@pytest.mark.parametrize("every", [1, 2])
def test_after_two_seconds_the_error_is_below_a_tenth_of_a_millisecond(kind, drift, every):
    rate = RATE * (1 + drift)
    errors = run(WallTime(RATE), 20, late(kind, 4000), rate, every=every)
    after = int(2.0 * rate / BUFFER / every)
    assert np.abs(errors[after:]).max() < 1e-4


def test_samples_and_moments_are_inverse():
    wall = WallTime(RATE)
    run(wall, 3, late("even", 4000))
    for moment in (START + 2.5, START + 3.0, START + 3.1):
        assert wall.moment_of(wall.sample_at(moment)) == pytest.approx(moment, abs=1e-9)


def test_it_never_goes_backwards_and_makes_no_steps():
    wall, lateness, last = WallTime(RATE), late("even", 4000), START
    for index in range(1000):
        sample = index * BUFFER
        beat = max(START + sample / RATE + lateness[index], last)
        before = wall.sample_at(beat)
        wall.see(sample, beat)
        if index > 0:
            assert wall.sample_at(beat) == pytest.approx(before, abs=1e-3)
            assert wall.sample_at(beat) >= wall.sample_at(last)
        last = beat


def test_a_player_that_is_started_again_goes_on_later():
    wall = WallTime(RATE)
    run(wall, 4, late("mostly in time", 4000))
    before = wall.sample_at(START + 4)
    errors = run(wall, 8, late("mostly in time", 4000), first=4 * RATE, start=START + 5.2)
    assert wall.sample_at(START + 13) > before
    assert np.abs(errors[int(5 * RATE / BUFFER) :]).max() < 1e-4


@pytest.mark.parametrize("buffers", [1, 3, 40])
def test_buffers_that_the_device_leaves_out_are_noticed(buffers):
    wall, gone = WallTime(RATE), buffers * BUFFER / RATE
    run(wall, 4, late("mostly in time", 4000))
    errors = run(wall, 8, late("mostly in time", 4000), first=4 * RATE, start=START + 4 + gone)
    assert np.abs(errors[int(3.5 * RATE / BUFFER) :]).max() < 1e-4


def test_a_timer_that_catches_up():
    """It stands still for 0.3 s and then computes what it has missed: nothing is lost."""
    wall = WallTime(RATE)
    lateness = np.zeros(2000)
    begin, count = 800, int(0.3 * RATE / BUFFER)
    lateness[begin : begin + count] = np.linspace(0.3, 0, count)
    errors = run(wall, 9, lateness)
    assert np.abs(errors[400:]).max() < 1e-4


def test_asked_before_anything_was_seen_it_answers():
    assert WallTime(RATE).sample_at(0.0) < 0
