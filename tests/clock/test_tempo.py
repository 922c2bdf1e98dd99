from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from latentcode.clock.tempo import TempoMap, cycles_per_second
from latentcode.errors import EngineError


def test_a_float_tempo_is_its_decimal_text():
    assert cycles_per_second(97.3) == Fraction(973, 10) / 240
    assert cycles_per_second("120", beats=3) == Fraction(2, 3)


@pytest.mark.parametrize("wrong", [0, -3, "fast", None, 1e9])
def test_an_impossible_tempo_is_refused(wrong):
    with pytest.raises(EngineError, match="tempo"):
        cycles_per_second(wrong)


def test_the_sample_of_a_cycle_is_the_first_not_before_it():
    tempo = TempoMap(44100, cycles_per_second("133.7"))
    for step in range(1, 3000, 7):
        cycle = Fraction(step, 13)
        sample = tempo.sample_of(cycle)
        assert tempo.cycle_at(sample - 1) < cycle <= tempo.cycle_at(sample)


def test_a_change_of_tempo_keeps_the_bar():
    tempo = TempoMap(48000, cycles_per_second(120))
    before = tempo.cycle_at(123456)
    tempo.set(123456, cycles_per_second("61.803"))
    assert tempo.cycle_at(123456) == before
    assert tempo.sample_of(before) == 123456
    assert tempo.sample_of(Fraction(1)) == 96000
    assert tempo.cycle_at(123457) - before == Fraction(61803, 1000) / 240 / 48000


def test_many_cycles_at_once_agree_with_one_at_a_time():
    tempo = TempoMap(44100, cycles_per_second(90))
    tempo.set(50000, cycles_per_second("141.4"))
    samples = np.array([0.0, 49999, 50000, 50001, 1e6])
    exact = [float(tempo.cycle_at(int(sample))) for sample in samples]
    assert tempo.cycles(samples) == pytest.approx(exact, abs=1e-12)


def test_a_long_evening_of_ramps_keeps_its_place_in_short_fractions():
    tempo, unrounded = TempoMap(44100, cycles_per_second(120)), 0.0
    for place in range(1, 400):
        sample = place * 30011
        unrounded += float(tempo.cycle_at(sample) - tempo.cycle_at(sample - 30011))
        before = tempo.sample_of(tempo.cycle_at(sample) + 1)
        tempo.glide(sample, cycles_per_second(60 + place * 37 % 100), Fraction(3))
        assert len(str(tempo.cycle_at(sample + 7919))) < 200
        assert tempo.sample_of(tempo.cycle_at(sample)) == sample
        assert before > sample
    assert float(tempo.cycle_at(399 * 30011)) == pytest.approx(unrounded, rel=1e-12)


def test_the_exact_cycle_of_before_a_change_of_tempo_stays_on_its_sample():
    tempo = TempoMap(44100, cycles_per_second(120))
    for turn in range(200):
        sample = (turn + 1) * 100_003
        exact = tempo.cycle_at(sample)
        tempo.glide(sample, cycles_per_second(61 + turn * 37 % 113), over=Fraction(turn % 4 + 1, 3))
        assert tempo.sample_of(exact) == tempo.sample_of(tempo.cycle_at(sample)) == sample


def test_a_ramp_that_speeds_up_from_the_first_sample_knows_samples_for_cycles_before_it():
    tempo = TempoMap(44100, cycles_per_second(90))
    tempo.glide(0, cycles_per_second(240), Fraction(1))
    found = [tempo.sample_of(Fraction(cycle, 8)) for cycle in range(-40, 1)]
    assert found == sorted(found)
    assert found[0] < -40 * 44100 // 8
    assert tempo.sample_of(tempo.cycle_at(-1000)) == -1000  # where the ramp reaches, it is as it was
