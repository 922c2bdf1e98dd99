"""Ramps and patterns of the tempo: exact, and quick after an hour."""

from __future__ import annotations

import random
import time
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from helpers.toy_sounds import Impulse, Sounds, rendered

import latentcode as lc
from latentcode.clock.conductor import Conductor, TempoReader
from latentcode.clock.tempo import TempoMap, cycles_per_second
from latentcode.clock.tempo_segments import GRID
from latentcode.errors import EngineError
from latentcode.patterns import mini
from latentcode.set.commands import SET, Command

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
            tempo.follow(sample, TempoReader(lc.sine.slow(draw.randint(1, 5)).range(60, 200)))
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
    tempo.follow(777, TempoReader(lc.sine.slow(8).range(100, 140)))
    begun = time.process_time()
    tempo.advance(600 * RATE)
    assert time.process_time() - begun < 15
    place = 599 * RATE + 5
    begun = time.process_time()
    for _ in range(1000):
        assert tempo.sample_of(tempo.cycle_at(place)) == place
        tempo.cycles(np.arange(place, place + 16.0))
    assert time.process_time() - begun < 1.5


def test_a_signal_is_read_in_its_own_cycles_on_the_grid():
    tempo = TempoMap(RATE, cycles_per_second(120))
    tempo.follow(0, TempoReader(lc.square.range(120, 60)))
    tempo.advance(20 * RATE)
    assert changes_of(tempo, 3 * RATE) == [(87 * GRID, 60), (258 * GRID, 120)]


def changes_of(tempo, end):
    """Where the tempo becomes another, up to a sample: (sample, beats per minute)."""
    found = [tempo.cps_at(sample) * 240 for sample in range(end)]
    return [(n, float(b)) for n, (a, b) in enumerate(pairwise(found), 1) if a != b]


def followed(pattern, seconds, start=0, bpm=120, grid=1000):
    """The map of a tempo pattern that is read in pieces of any size, cut where it asks for it."""
    tempo = TempoMap(RATE, cycles_per_second(bpm))
    tempo.follow(start, TempoReader(pattern))
    here = start
    while here < start + seconds * RATE:
        here = min(here + grid, tempo.next_step)
        tempo.advance(here)
    return tempo


def test_the_onsets_of_a_pattern_are_at_their_own_sample():
    tempo = followed(mini("240 240 240 60"), 4)
    onsets = [tempo.sample_of(Fraction(step, 8)) for step in range(9)]
    assert onsets == [0, 5513, 11025, 16538, 22050, 27563, 33075, 55125, 77175]
    assert changes_of(tempo, 80_000) == [(33075, 60), (77175, 240)]


def test_a_tempo_pattern_does_not_drift():
    bpms, tempo = ("133.7", "97.3", "61"), followed(mini("133.7 97.3 61"), 3000)
    bar = sum(Fraction(1, 3) * 240 * RATE / Fraction(bpm) for bpm in bpms)  # samples
    for cycle in range(1000):
        assert tempo.sample_of(Fraction(cycle)) == -(-cycle * bar // 1)


@pytest.mark.parametrize(
    "pattern",
    [
        mini("<133.7 97.3>*3 [61 200 ~ 90@3]"),
        mini("120 [180 61]*1.5 77").late("<1/7 .3>"),
        mini("100(3,8) 250/3"),
        lc.stack("<300 60>*5", "~ 90 ~"),
        mini("120 90").add("<0 7.5>*7"),
        lc.cat(lc.sine.range(80, 160), "120 60 [90 200]", lc.sine.range(100, 101)),
        mini("60*64").add(lc.run(64)),
    ],
    ids=repr,
)
@pytest.mark.parametrize("start", [0, 777])
def test_a_tempo_holds_from_its_onset_to_the_next(pattern, start):
    tempo, end = followed(pattern, 12, start), start + 12 * RATE
    last, told = tempo.cycle_at(end), 0
    for event in pattern.query(tempo.cycle_at(start), last):
        onset = None if event.whole is None else tempo.sample_of(event.part[0])
        sounding = [e for e in pattern.query(event.part[0], event.part[0]) if e.whole is not None]
        if onset is None or not start < onset < end or sounding[-1] != sounding[0]:
            continue
        assert tempo.cps_at(onset) * 240 == Fraction(str(event.value)), onset
        told += 1
    assert told > 3
    for grid in (64, 44_100):
        other = followed(pattern, 12, start, grid=grid)
        assert [other.cycle_at(n) for n in range(0, end, 999)] == [
            tempo.cycle_at(n) for n in range(0, end, 999)
        ]


def test_a_set_with_a_tempo_pattern_is_the_same_in_blocks_of_any_size(perform):
    def played(block):
        performance = perform(Impulse(), Sounds(1))
        for stamp, kind, arguments in (
            (0, "play", (lc.s("one*8").legato(0.001), "1")),
            (0, "tempo", (mini("240 240 [240 97.3] 61"),)),
            (100_000, "swing", ("1/3", 4, "1")),
            (150_000, "tempo", ("140", "2")),
            (290_000, "tempo", (mini("<333 77.7>*5"),)),
        ):
            performance.schedule(Command(kind, 0 if kind == "play" else SET, arguments), stamp)
        return rendered(performance, 400_000, block)

    first = played(256)
    sounding = np.flatnonzero(first)
    assert sounding[np.diff(sounding, prepend=-99) > 64][:8].tolist() == [
        0,
        5513,
        11025,
        16538,
        22050,
        27563,
        41160,
        62849,
    ]
    for block in (1000, 4096, 400_000):
        assert np.array_equal(played(block), first)


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
