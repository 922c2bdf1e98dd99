"""Ramps and patterns of the tempo: exact, and quick after an hour."""

from __future__ import annotations

import random
import time
from fractions import Fraction

import numpy as np
import pytest

import latentcode as lc
from latentcode.engine.conduct.courses import GRID
from latentcode.engine.conduct.tempo import Conductor, TempoMap, cycles_per_second, reader
from latentcode.errors import EngineError
from latentcode.patterns import mini

RATE = 44100


def ramped(seed: int) -> tuple[TempoMap, int]:
    """A map of tempos, ramps (some asked for in the middle of others) and patterns; and the sample it ends at."""
    draw, sample = random.Random(seed), 0
    tempo = TempoMap(RATE, cycles_per_second(draw.randint(60, 180)))
    for _ in range(8):
        sample += draw.randint(1, 200_000)
        while tempo.next_step is not None and tempo.next_step <= sample:
            tempo.advance(tempo.next_step)
        kind = draw.choice(["set", "glide", "glide", "follow"])
        bpm = Fraction(str(round(draw.uniform(20, 400), 3)))
        if kind == "set":
            tempo.set(sample, cycles_per_second(bpm))
        elif kind == "glide":
            tempo.glide(sample, cycles_per_second(bpm), Fraction(draw.randint(1, 40), draw.choice([1, 3, 4])))
        else:
            tempo.follow(sample, reader(lc.sine.slow(draw.randint(1, 5)).range(60, 200)))
    return tempo, sample + 100_000


@pytest.mark.parametrize("seed", range(12))
def test_samples_and_cycles_agree_whatever_the_tempo_does(seed):
    tempo, end = ramped(seed)
    tempo.advance(end)
    draw = random.Random(seed)
    places = sorted(draw.randrange(end) for _ in range(200))
    cycles = [tempo.cycle_at(place) for place in places]
    assert cycles == sorted(cycles)
    assert [tempo.sample_of(cycle) for cycle in cycles] == places
    for _ in range(100):
        cycle = Fraction(draw.randrange(int(cycles[-1] * 1000)), 1000)
        sample = tempo.sample_of(cycle)
        assert cycle <= tempo.cycle_at(sample)
        assert sample == 0 or tempo.cycle_at(sample - 1) < cycle
    many = tempo.cycles(np.array(places, np.float64))
    assert many == pytest.approx([float(cycle) for cycle in cycles], abs=1e-9)


def test_a_ramp_takes_its_cycles_and_is_linear_in_time():
    tempo = TempoMap(RATE, cycles_per_second(120))
    tempo.glide(1000, cycles_per_second(140), Fraction(8))
    begin = tempo.cycle_at(1000)
    end = tempo.sample_of(begin + 8)
    assert end - 1000 == -(-8 * 4 * 60 * RATE // 130)  # at the mean of both tempos
    middle = 1000 + (end - 1000) // 2
    assert float(tempo.cps_at(middle) * 240) == pytest.approx(130, abs=1e-3)
    assert tempo.cps_at(end) == cycles_per_second(140)
    assert tempo.sample_of(begin + 9) - end in (75600, 75599)


def test_ramps_in_the_middle_of_ramps_stay_small_numbers():
    tempo = TempoMap(RATE, cycles_per_second(120))
    for step in range(200):
        tempo.glide(10_000 * (step + 1), cycles_per_second(100 + step % 50), Fraction(4))
    assert tempo.cycle_at(3_000_000).denominator < 10**80
    assert tempo.sample_of(tempo.cycle_at(2_000_001)) == 2_000_001


def test_an_hour_of_a_patterned_tempo_is_as_quick_as_its_first_second():
    tempo = TempoMap(RATE, cycles_per_second(120))
    tempo.follow(777, reader(lc.sine.slow(8).range(100, 140)))
    begun = time.perf_counter()
    tempo.advance(600 * RATE)
    assert time.perf_counter() - begun < 15
    place = 599 * RATE + 5
    begun = time.perf_counter()
    for _ in range(1000):
        assert tempo.sample_of(tempo.cycle_at(place)) == place
        tempo.cycles(np.arange(place, place + 16.0))
    assert time.perf_counter() - begun < 1.5


def test_a_pattern_is_read_in_its_own_cycles_on_the_grid():
    tempo = TempoMap(RATE, cycles_per_second(120))
    tempo.follow(0, reader(mini("<120 60>")))
    tempo.advance(20 * RATE)
    assert tempo.cps_at(RATE) == cycles_per_second(120)
    assert tempo.cps_at(3 * RATE) == cycles_per_second(60)
    change = next(s for s in range(0, 3 * RATE, GRID) if tempo.cps_at(s) == cycles_per_second(60))
    assert change == -(-2 * RATE // GRID) * GRID
    assert tempo.cps_at(change + 4 * RATE + GRID) == cycles_per_second(120)


def test_a_pattern_that_fails_leaves_the_tempo_where_it_is_and_says_so_once():
    tempo, told = TempoMap(RATE, cycles_per_second(120)), []
    conductor = Conductor(tempo, ("120",), 4, 0)
    conductor.trouble = told.append
    assert conductor.ask((mini("<100 0>"),), 0)
    for sample in range(0, 10 * RATE, GRID):
        conductor.advance(sample)
    assert len(told) == 1
    assert "0 beats per minute" in told[0]
    assert tempo.cps_at(10 * RATE) == cycles_per_second(100)
    assert not conductor.ask((mini("<100 0>"),), 11 * RATE)


def test_the_same_again_changes_nothing():
    tempo = TempoMap(RATE, cycles_per_second(120))
    conductor = Conductor(tempo, ("120",), 4, 0)
    assert not conductor.ask(("120.0",), 5)
    assert conductor.ask(("140", "8"), 10)
    assert not conductor.ask(("140", "8"), 50_000)
    assert not conductor.ask(("140",), 40 * RATE)
    assert conductor.ask(("139",), 41 * RATE)


@pytest.mark.parametrize("wrong", ["x", "0", "-3", "1e9", "nan", "inf"])
def test_impossible_tempos_are_refused(wrong):
    with pytest.raises(EngineError, match="tempo"):
        cycles_per_second(wrong)
