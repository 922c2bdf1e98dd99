from __future__ import annotations

import numpy as np
import pytest

from latentcode.engine.midi_clock import PULSES, PulseClock

START = 100.0


def moments(bpm, beats, jitter=0.0, seed=3, start=START):
    """When pulses come: evenly, but for a jitter of ± so many seconds."""
    even = start + np.arange(int(beats * PULSES)) * 60 / bpm / PULSES
    return even + np.random.default_rng(seed).uniform(-jitter, jitter, len(even))


def fed(times, clock=None):
    clock = clock or PulseClock()
    for moment in times:
        clock.pulse(float(moment))
    return clock


def error(clock, bpm, moment, start=START):
    """By how many milliseconds the clock's beat is beside the right one, but for whole beats."""
    beats = clock.beats_at(moment)[0] - (moment - start) * bpm / 60
    return (beats - round(beats)) * 60000 / bpm


@pytest.mark.parametrize("bpm", [61.7, 120, 174])
@pytest.mark.parametrize("seed", range(8))
def test_with_two_milliseconds_of_jitter_the_phase_is_found_in_eight_beats(bpm, seed):
    clock = fed(moments(bpm, 8, 0.002, seed))
    assert abs(error(clock, bpm, START + 8 * 60 / bpm)) < 1.0
    assert clock.bpm == pytest.approx(bpm, rel=0.004)


def test_it_stays_there():
    clock, worst = PulseClock(), 0.0
    for index, moment in enumerate(moments(132, 400, 0.002)):
        clock.pulse(float(moment))
        if index > 8 * PULSES:
            worst = max(worst, abs(error(clock, 132, float(moment))))
    assert worst < 1.5


@pytest.mark.parametrize(("bpm", "minutes", "buffer", "most"), [(120, 10, 0, 1.5), (240, 4, 256, 6)])
def test_three_milliseconds_of_jitter_move_no_beat_however_long(bpm, minutes, buffer, most):
    """Also of a sender that hands on its pulses once a buffer, and stands still now and then."""
    came = np.sort(moments(bpm, minutes * bpm, 0.003)) - START
    if buffer:
        came = np.ceil(came * 44100 / buffer) * buffer / 44100
        came = np.where(came % 30 > 29.92, came // 30 * 30 + 30, came)
    clock, worst = PulseClock(), 0.0
    for index, moment in enumerate(came + START):
        clock.pulse(float(moment))
        if index > 8 * PULSES and index % 12 == 0:
            beat, right = clock.beats_at(START + index * 60 / bpm / PULSES)[0], index / PULSES
            worst = max(worst, abs(beat - right) * 60000 / bpm)
    assert worst < most


def test_pulses_that_are_left_out_are_counted():
    times = [
        moment for index, moment in enumerate(moments(120, 16, 0.001)) if index not in (150, 201, 202, 203)
    ]
    clock = fed(times)
    assert clock.beats_at(START + 8)[0] == pytest.approx(16, abs=0.005)


def test_pulses_that_come_twice_are_left_out():
    times = sorted([*moments(120, 16, 0.001), *(moments(120, 16)[100:380:50] + 0.004)])
    clock = fed(times)
    assert clock.beats_at(START + 8)[0] == pytest.approx(16, abs=0.005)


@pytest.mark.parametrize("seed", range(4))
def test_a_bad_cable_that_loses_and_repeats_pulses_does_not_move_the_beat(seed):
    rng, clock = np.random.default_rng(seed), PulseClock()
    for index, moment in enumerate(moments(120, 60, 0.002, seed)):
        for again in range(1 if index < 48 else int(rng.choice([1, 0, 2], p=[0.98, 0.01, 0.01]))):
            clock.pulse(float(moment) + 0.001 * again)
        if index > 48:
            assert clock.bpm == pytest.approx(120, rel=0.02)
            assert abs(error(clock, 120, float(moment))) < 5


@pytest.mark.parametrize("after", [60, 90, 121, 180, 240, 360])
def test_a_new_tempo_is_found_within_two_beats(after):
    first = moments(120, 8, 0.001)
    then = moments(after, 2, 0.001, start=START + 4)
    clock = fed([*first, *then])
    assert clock.bpm == pytest.approx(after, rel=0.02)
    assert clock.beats_at(START + 4 + 120 / after)[0] == pytest.approx(10, abs=0.1)


def test_a_tempo_that_moves_is_followed():
    pace = np.linspace(2, 140 / 60, 16 * PULSES)  # from 120 to 140 in sixteen beats
    times = START + np.concatenate([np.arange(8 * PULSES) / 48, 4 + np.cumsum(1 / pace / PULSES) - 1 / 48])
    clock, worst = PulseClock(), 0.0
    for index, moment in enumerate(times):
        clock.pulse(float(moment))
        if index > 4 * PULSES:
            worst = max(worst, abs(clock.beats_at(float(moment))[0] * PULSES - index) * 60000 / 130 / PULSES)
    assert worst < 4.0


def test_what_cannot_be_a_tempo_is_none():
    assert fed(START + np.arange(300) * 60 / 10_000 / PULSES).bpm is None
    assert fed([START] * 300).bpm is None
    assert fed([START]).bpm is None
    assert PulseClock().bpm is None
    assert PulseClock().beats_at(START) is None
    assert PulseClock().gone(START)


def test_after_an_absurd_stretch_a_good_clock_is_found_again():
    clock = fed(moments(120, 8))
    fed(START + 4 + np.arange(500) * 60 / 10_000 / PULSES, clock)
    begin = START + 4 + 500 * 60 / 10_000 / PULSES
    fed(moments(100, 4, start=begin), clock)
    assert clock.bpm == pytest.approx(100, rel=0.01)


def test_noise_instead_of_a_clock_raises_nothing():
    draw = np.random.default_rng(5)
    clock = fed(START + np.cumsum(draw.exponential(0.02, 3000)))
    clock.beats_at(START + 70)


def test_a_clock_that_ceases_has_gone_and_comes_again():
    clock = fed(moments(120, 8, 0.001))
    last = START + 4
    assert not clock.gone(last + 0.5)
    assert clock.gone(last + 1.5)
    fed(moments(120, 4, 0.001, start=last + 5), clock)
    assert clock.bpm == pytest.approx(120, rel=0.01)
    assert abs(error(clock, 120, last + 7)) < 1.5


def test_start_stop_position_and_continue():
    clock = fed(moments(120, 2))
    assert clock.running is None
    clock.start()
    fed(moments(120, 4, start=START + 1), clock)
    assert clock.running
    assert clock.beats_at(START + 3)[0] == pytest.approx(4, abs=0.01)
    clock.stop()
    assert clock.running is False
    fed(moments(120, 3, start=START + 3), clock)
    clock.go_on()
    fed(moments(120, 1, start=START + 4.5), clock)
    assert clock.beats_at(START + 5)[0] == pytest.approx(5, abs=0.01)
    clock.stop()
    clock.locate(32)
    clock.go_on()
    fed(moments(120, 1, start=START + 5), clock)
    assert clock.beats_at(START + 5.5)[0] == pytest.approx(9, abs=0.01)


@pytest.mark.parametrize("bpm", [61.7, 133, 174, 240])
@pytest.mark.parametrize("buffer", [256, 1024, 2048])
@pytest.mark.parametrize("begin", [0.0, 0.003, 0.007])
def test_pulses_that_come_in_bunches_are_late_by_half_a_buffer_and_none_is_lost(bpm, buffer, begin):
    """A sender that hands on its pulses once a buffer: several at one moment, from the first on."""
    grain = buffer / 44100
    even = moments(bpm, 32, 0.0005) + begin
    clock = fed(START + np.ceil((even - START + 0.001) / grain) * grain)
    assert clock.bpm == pytest.approx(bpm, rel=0.03)
    beat = clock.beats_at(START + begin + 32 * 60 / bpm)[0] + (grain / 2 + 0.001) * bpm / 60
    assert beat * PULSES == pytest.approx(32 * PULSES, abs=0.3)
