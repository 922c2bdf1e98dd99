"""Gestures: what a hand did comes round again, the same in blocks of any size and in a replay."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from helpers.toy_sounds import Sounds, rendered

import latentcode as lc
from latentcode.inputs.history import Input
from latentcode.patterns.gestures import Captured, Loop
from latentcode.patterns.nodes import Live
from latentcode.set.commands import SET, Command

CYCLE = 88200
KNOB = "cc:1@nano/1"
HAND = Live("cc:1@*/*")


def capture(name="2.1", cycles="1", over=False, quant="1", key=HAND.name, default=0.0):
    return Command("capture", SET, (quant, name, key, cycles, over, default))


def heard_by(performance, *moves):
    for sample, value in moves:
        performance.hear(Input(KNOB, value), sample)


def played(performance, pattern, cycles, block=512):
    """The values that a voice's latents take from a signal: a sound of ones, times the signal."""
    performance.schedule(Command("play", 0, (lc.s("one").attack(0).gain(pattern), None)), 0)
    return rendered(performance, round(cycles * CYCLE), block)


def value(performance, pattern, sample):
    """What a knob would read of a pattern at a sample."""
    from latentcode.inputs.reader import Reader
    from latentcode.patterns import compile_pattern

    samples = np.array([float(sample)])
    cycle = performance.renderer.tempo.cycles(samples)
    return float(compile_pattern(pattern).sample(cycle, Reader(performance.inputs, samples))[0])


def test_a_gesture_is_what_the_hand_does_until_it_is_complete_and_then_loops_in_phase(perform):
    performance, wave = perform(), Captured("2.1", Fraction(1), HAND)
    performance.schedule(capture(), 100)
    heard_by(performance, (50, 0.9), (CYCLE + 1000, 0.25), (CYCLE + 60000, 0.75), (2 * CYCLE + 5000, 0.125))
    rendered(performance, 4 * CYCLE)
    assert value(performance, wave, 500) == 0.9
    assert value(performance, wave, CYCLE + 50000) == 0.25
    for cycle in (2, 3):
        places = (10, 1000, 59999, 60001, CYCLE - 1)
        found = [value(performance, wave, cycle * CYCLE + place) for place in places]
        assert found == [0.9, 0.25, 0.25, 0.75, 0.75]
    assert value(performance, wave.fast(2), 2 * CYCLE + 30001) == 0.75
    assert value(performance, wave.range(200, 800), 2 * CYCLE + 10) == pytest.approx(740)


@pytest.mark.parametrize("block", [64, 512, 5000])
def test_a_gesture_sounds_the_same_in_blocks_of_any_size(perform, block):
    sounds = []
    for size in (512, block):
        performance = perform(store=Sounds(50))
        performance.schedule(capture(quant=None), 12345)
        random = np.random.default_rng(1)
        samples = np.sort(random.integers(0, 2 * CYCLE, 300)).tolist()
        heard_by(performance, *((sample, float(random.random())) for sample in samples))
        sounds.append(played(performance, Captured("2.1", Fraction(1), HAND), 3, size))
    assert np.array_equal(*sounds)
    assert len(np.unique(np.round(sounds[0], 3))) > 50


def test_before_anything_is_known_the_default_counts(perform):
    performance, wave = perform(), Captured("2.1", Fraction(1), Live("cc:1@*/*", 0.5))
    assert value(performance, wave, 10) == 0.5
    performance.schedule(capture(default=0.5), 100)
    heard_by(performance, (CYCLE + 44100, 1.0))
    rendered(performance, 3 * CYCLE)
    assert value(performance, wave, 2 * CYCLE + 100) == 0.5
    assert value(performance, wave, 2 * CYCLE + 44200) == 1.0


def test_an_overdub_replaces_only_where_the_hand_moves(perform):
    performance, first = perform(), Captured("2.1", Fraction(1), HAND)
    again = Captured("3.1", Fraction(1), HAND, first)
    performance.schedule(capture(), 0)
    heard_by(performance, (0, 0.5), (44100, 0.75))
    performance.schedule(capture("3.1", over=True), CYCLE + 5)
    heard_by(performance, (2 * CYCLE + 20000, 0.1), (2 * CYCLE + 25000, 0.2))
    rendered(performance, 5 * CYCLE)
    for cycle in (2, 3, 4):
        begin = cycle * CYCLE
        found = [
            value(performance, again, begin + place) for place in (10, 20001, 25001, 25001 + 11025, 50000)
        ]
        assert found == [0.5, 0.1, 0.2, 0.5, 0.75]
    assert value(performance, first, 3 * CYCLE + 20001) == 0.5


def test_smoothing_goes_round_the_end_of_the_loop(perform):
    performance = perform()
    performance.schedule(capture(), 0)
    heard_by(performance, (0, 0.0), (44100, 1.0))
    rendered(performance, 3 * CYCLE)
    smooth = Captured("2.1", Fraction(1), Live("cc:1@*/*", glide=100.0))
    found = [value(performance, smooth, 2 * CYCLE + place) for place in (1, 4410, 44100 + 4410)]
    assert found == pytest.approx([1.0, np.exp(-1), 1 - np.exp(-1)], abs=2e-3)


def test_a_change_of_tempo_moves_the_gesture_with_the_music(perform):
    performance, wave = perform(), Captured("2.1", Fraction(2), HAND)
    performance.schedule(capture(cycles="2"), 0)
    performance.schedule(Command("tempo", SET, ("60",)), CYCLE)
    heard_by(performance, (10, 0.25), (2 * CYCLE, 0.75))  # the second is at cycle 1.5
    rendered(performance, 6 * CYCLE)
    tempo = performance.renderer.tempo
    places = [tempo.sample_of(Fraction(2) + place) for place in (Fraction(1, 2), Fraction(7, 4))]
    assert [value(performance, wave, place) for place in places] == [0.25, 0.75]


def test_an_engine_that_takes_over_in_the_middle_knows_the_gesture(perform):
    ones, moves = [], [(100, 0.25), (CYCLE // 2, 0.5), (CYCLE + 7000, 0.75)]
    for died in (False, True):
        performance = perform()
        if died:
            performance.renderer.position = CYCLE + 20000
            heard_by(performance, *moves)
            performance.catch_up([(10, capture(cycles="2"))])
        else:
            performance.schedule(capture(cycles="2"), 10)
            heard_by(performance, *moves)
        heard_by(
            performance, (CYCLE + 49000, 0.7), (CYCLE + 49500, 0.8), (CYCLE + 50000, 1.0)
        )  # it takes over
        while performance.renderer.position < 5 * CYCLE:
            performance.render(512)
        wave = Captured("2.1", Fraction(2), HAND)
        places = range(3 * CYCLE, 5 * CYCLE, 5000)
        ones.append([value(performance, wave, sample) for sample in places])
    assert ones[0] == ones[1]
    assert {0.5, 0.75, 1.0} <= set(ones[0])


def test_a_gesture_by_its_content_needs_no_engine():
    wave = Loop((0.0, 0.5), (1.0, 3.0), Fraction(2))
    assert wave.sample(np.array([0.0, 0.4, 0.5, 1.9, 2.1, -0.1])).tolist() == [1.0, 1.0, 3.0, 3.0, 1.0, 3.0]
    assert wave.rev().query(0, 1)[0].value in (1.0, 3.0)
    assert wave == Loop((0.0, 0.5), (1.0, 3.0), Fraction(2))
