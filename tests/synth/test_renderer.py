"""Onsets, takeover, envelopes and what happens when a pattern fails."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from helpers.toy_sounds import RATE, Impulse, Ones, Sounds, rendered

import latentcode as lc
from latentcode.errors import RangeError
from latentcode.inputs.history import Input
from latentcode.latents.morph import Morph
from latentcode.latents.trajectory import Named
from latentcode.set.commands import Command
from latentcode.synth.trial import try_out

pytestmark = pytest.mark.filterwarnings("error")


def play(text, voice=0, quant="1"):
    pattern = lc.s(text) if isinstance(text, str) else text
    return Command("play", voice, (pattern, quant))


def expected_onsets(bpm, steps, changes, until):
    """The first samples not before k/steps cycles, by rational arithmetic of its own."""
    anchors, sample, cycle = [], 0, Fraction(0)
    for at, tempo in [(0, bpm), *changes]:
        if anchors:
            cycle += (at - sample) * anchors[-1][2] / RATE
        anchors.append((at, cycle, Fraction(tempo) / 240))
        sample = at
    found = []
    for k in range(10**6):
        at, begin, cps = [anchor for anchor in anchors if anchor[1] <= Fraction(k, steps)][-1]
        exact = at + (Fraction(k, steps) - begin) * RATE / cps
        onset = -(-exact.numerator // exact.denominator)
        if onset >= until:
            return found
        found.append(onset)
    raise AssertionError


@pytest.mark.parametrize(("bpm", "steps"), [("120", 16), ("133.7", 13), ("97.003", 7)])
def test_onsets_stand_where_rational_arithmetic_says(perform, bpm, steps):
    performance = perform(Impulse(), bpm=bpm, synthesis="overlap")
    changes = [(40000, "151.9"), (90001, "71.23")]
    performance.schedule(play(lc.s(f"one*{steps}").attack(0).legato(0.001)), 0)
    for stamp, tempo in changes:
        performance.schedule(Command("tempo", arguments=(tempo,)), stamp)
    audio = rendered(performance, 200000, block=333)
    expected = expected_onsets(bpm, steps, changes, 200000)
    assert np.flatnonzero(audio == 1.0).tolist() == expected


def test_the_samples_do_not_depend_on_the_size_of_the_blocks(perform):
    results = []
    for block in (64, 333, 5000):
        performance = perform(store=Sounds(9), synthesis="overlap")
        performance.schedule(play(lc.s("ramp*5").pan(lc.sine).gain(lc.tri.slow(3))), 0)
        performance.schedule(play("half*3"), 70000)
        performance.schedule(Command("tempo", arguments=("87.7",)), 30011)
        results.append(rendered(performance, 150000, block))
    assert np.array_equal(results[0], results[1])
    assert np.array_equal(results[0], results[2])


def test_chance_in_short_drones_does_not_depend_on_the_size_of_the_blocks(perform):
    class Told(Ones):
        def open(self, seed):
            seeds.append(seed)
            return super().open(seed)

    found = []
    for block in (512, 8192):
        seeds: list[int] = []
        performance = perform(Told(), Sounds(50), synthesis="overlap")
        performance.schedule(play(lc.meso(Named("one"), "<half ramp>*48", 0.5)), 0)
        rendered(performance, 8192, block)
        found.append(seeds)
    assert found[0] == found[1] != []


def test_overlap_keeps_the_level_and_the_attack(perform):
    performance = perform(synthesis="overlap")
    performance.schedule(play(lc.s("one").attack(0)), 0)
    audio = rendered(performance, 80000)
    assert np.allclose(audio[:80000], 1.0, rtol=0, atol=1e-6)


def test_attack_release_gain_and_legato_shape_an_event(perform):
    performance = perform()
    performance.schedule(play(lc.s("one").attack(0.01).release(0.1).legato(0.5).gain(0.5)), 0)
    audio = rendered(performance, 88200)
    assert audio[0] > 0
    assert audio[440] == pytest.approx(0.5, abs=1e-3)
    assert audio[44100 + 2205] == pytest.approx(0.25, abs=1e-3)
    assert not audio[44100 + 4410 :].any()


def test_centre_is_unity_on_both_sides(perform):
    performance = perform()
    performance.schedule(play(lc.s("one").attack(0)), 0)
    performance.schedule(play(lc.s("one").attack(0).pan(0.25), 1), 0)
    block = performance.render(100)
    assert block[0] == pytest.approx(np.ones(100))
    assert block[1] == pytest.approx(np.ones(100))
    assert block[2] == pytest.approx(np.ones(100))
    assert block[3] == pytest.approx(np.full(100, 0.5))


def test_takeover_at_the_cycle_cross_fades_in_the_middle_of_a_long_event(perform):
    performance = perform()
    performance.schedule(play(lc.s("one/8")), 0)
    performance.schedule(play(lc.s("half/8")), 100000)
    audio = rendered(performance, 300000)
    change = 2 * 88200
    assert audio[change - 1] == 1.0
    assert audio[change + 300] == 0.5
    assert np.abs(np.diff(audio[change - 10 : change + 300])).max() < 0.02


def test_the_same_expression_again_changes_no_sample(perform):
    first, second = perform(store=Sounds(50)), perform(store=Sounds(50))
    for performance in (first, second):
        performance.schedule(play(lc.s("ramp*3").every(2, lambda p: p.rev())), 0)
    for stamp in range(0, 200000, 9999):
        second.schedule(play(lc.s("ramp*3").every(2, lambda p: p.rev())), stamp)
    assert np.array_equal(rendered(first, 250000), rendered(second, 250000))


def test_evaluating_what_plays_takes_back_what_is_pending(perform):
    performance = perform()
    performance.schedule(play("one/8"), 0)
    performance.schedule(play("half/8"), 10000)
    performance.schedule(play("one/8"), 20000)
    assert set(rendered(performance, 200000)[1000:]) == {1.0}


def test_a_drone_keeps_its_phase_through_an_edit_and_restart_begins_again(perform):
    drone = Named("ramp")
    performance = perform(store=Sounds(2000))
    performance.schedule(play(lc.stack(lc.patterns.Steady(drone))), 0)
    performance.schedule(play(lc.patterns.Steady(drone * 2), quant=None), 50000)
    performance.schedule(Command("restart", 0, (None,)), 60000)
    audio = rendered(performance, 62000)
    assert audio[49999] == 49999 // 64
    assert audio[55000] == 2 * (55000 // 64)
    assert audio[61000] == 2 * (1000 // 64)


def test_a_pattern_that_fails_later_goes_back_to_the_last_good_one(perform, troubles):
    performance = perform()
    performance.schedule(play("one*4"), 0)
    performance.schedule(play("half*4", voice=1), 0)
    performance.schedule(play("<half half missing>", quant="1"), 1)
    audio = rendered(performance, 88200 * 5)
    assert [(t.voice, t.replaced) for t in troubles] == [(0, True)]
    assert "missing" in str(troubles[0].error)
    assert audio[88200 + 300 : 2 * 88200 - 256].max() == 0.5
    assert audio[3 * 88200 + 300 : 3 * 88200 + 22050].max() == 1.0
    assert np.abs(audio[3 * 88200 - 256 :][:256]).min() > 0.4


def test_the_other_voices_play_on_through_a_failure(perform, troubles):
    alone, beside = perform(), perform()
    for performance in (alone, beside):
        performance.schedule(play("one*3", voice=1), 0)
    beside.schedule(play(lc.s("one").fmap(lambda value: 1 / 0)), 0)
    assert np.array_equal(rendered(alone, 100000, voice=1), rendered(beside, 100000, voice=1))
    assert isinstance(troubles[0].error, ZeroDivisionError)
    assert not troubles[0].replaced


BEYOND = {
    "48 semitones are the most": lc.s("one*4").note("<60 127>"),
    "more than a voice plays": lc.s("one*4").fast("<1 4000>"),
    "not finite": lc.s("one*4").scale("<1 1e39>"),
}


@pytest.mark.parametrize("text", BEYOND)
def test_what_moves_to_where_it_cannot_be_played_is_silent_there(perform, troubles, beyond, text):
    performance = perform(Ones())
    performance.schedule(play("half*4"), 0)
    performance.schedule(play(BEYOND[text], quant=None), 1000)
    audio = rendered(performance, 88200 * 5)
    assert troubles == []
    assert [voice for voice, _ in beyond] == [0]
    assert text in str(beyond[0][1])
    heard = [bool(np.any(audio[cycle * 88200 + 44100 :][:22050])) for cycle in range(5)]
    assert heard == [True, False, True, False, True]


def test_a_hand_that_moves_to_where_it_cannot_be_played_is_silent_there(perform, troubles, beyond):
    performance = perform(Ones())
    performance.schedule(play("half*4"), 0)
    performance.schedule(play(lc.s("one*4").note(lc.cc(1) * 127), quant=None), 1000)
    for stamp, value in ((0, 0.45), (88200, 1.0), (176400, 0.45)):
        performance.hear(Input("cc:1@nano/1", value), stamp)
    audio = rendered(performance, 88200 * 3)
    assert troubles == []
    assert len(beyond) == 1
    assert [bool(np.any(audio[cycle * 88200 + 44100 :][:22050])) for cycle in range(3)] == [True, False, True]


@pytest.mark.parametrize("text", BEYOND)
def test_a_morph_from_what_cannot_be_played_arrives(perform, troubles, text):
    performance = perform()
    performance.schedule(play(BEYOND[text]), 0)
    performance.schedule(Command("play", 0, (lc.s("half*4"), "1", Morph(Fraction(2)))), 44100)
    audio = rendered(performance, 88200 * 4)
    assert troubles == []
    assert np.isfinite(audio).all()
    assert set(audio[-10000:-1000]) == {0.5}  # inside the last event


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (lc.s("one").note(127), "48 semitones are the most"),
        (lc.s("one*4000"), "more than a voice plays"),
        (lc.s("one*2").scale(1e39), "not finite"),
    ],
)
def test_what_can_never_be_played_is_refused_in_the_trial(perform, pattern, text):
    with pytest.raises(RangeError, match=text):
        try_out(perform().renderer, pattern, 0)


def test_at_most_eight_layers_sound_in_a_voice(perform):
    performance = perform()
    performance.schedule(play(lc.s("one*32").legato(64)), 0)
    audio = rendered(performance, 88200)
    assert audio[-1000:].max() == pytest.approx(8.0, abs=0.2)


def test_cut_ends_the_event_before(perform):
    performance = perform()
    performance.schedule(play(lc.s("one*4").legato(4).cut(1)), 0)
    audio = rendered(performance, 88200)
    for onset in (22050, 44100, 66150):
        assert audio[onset + 300 : onset + 22050].max() == 1.0


def test_ring_sounds_on_for_the_length_of_the_source(perform):
    performance = perform(store=Sounds(500))
    performance.schedule(play(lc.s("one").legato(0.01).ring().release(0)), 0)
    audio = rendered(performance, 60000)
    assert audio[500 * 64 - 1] == 1.0
    assert not audio[500 * 64 + 1 :].any()


def test_hush_fades_and_panic_is_at_once(perform):
    for kind, gone in (("hush", 0.301), ("panic", 0.0051)):
        performance = perform()
        performance.schedule(play("one/8"), 0)
        performance.schedule(Command(kind), 20000)
        audio = rendered(performance, 60000)
        end = 20000 + int(gone * RATE)
        assert audio[19999] == 1.0
        assert audio[20000 + int(gone * RATE / 2)] == pytest.approx(0.5, abs=0.05)
        assert not audio[end:].any()
        assert np.abs(np.diff(audio[19990:])).max() < 0.01


def test_another_rate_keeps_onsets_within_a_sample_and_the_level(perform):
    performance = perform(sample_rate=48000, synthesis="overlap")
    performance.schedule(play(lc.s("one*3").attack(0).release(0.0001).legato(0.5)), 0)
    audio = rendered(performance, 96000)
    for onset in (0, 32000, 64000):
        assert audio[onset + 100 : onset + 15000] == pytest.approx(np.ones(14900), abs=0.01)
    assert np.abs(audio[31900:31999]).max() < 0.01


def test_back_brings_the_pattern_before(perform):
    performance = perform()
    performance.schedule(play("one/8", quant=None), 0)
    performance.schedule(play("half/8", quant=None), 10000)
    performance.schedule(Command("back", 0, (None,)), 20000)
    audio = rendered(performance, 30000)
    assert (audio[9000], audio[19000], audio[29000]) == (1.0, 0.5, 1.0)


def test_after_a_restart_what_played_takes_over_where_time_has_come_to(perform):
    told = [(0, play("one/8")), (30000, Command("tempo", arguments=("90",))), (50000, play("half/8"))]
    first, second = perform(), perform()
    for stamp, command in told:
        first.schedule(command, stamp)
    rendered(first, 60000)
    first.restart()
    second.renderer.position = 60000
    second.catch_up([(stamp, command) for stamp, command in told])
    one, other = rendered(first, 60000), rendered(second, 60000)
    assert np.array_equal(one, other)
    assert one[1000] == 0.5


def test_an_onset_just_before_a_takeover_is_heard_whatever_the_blocks(perform):
    results = []
    for block in (64, 4096):
        performance = perform(Impulse())
        performance.schedule(play(lc.s("one*16").late(0.249).attack(0).legato(0.001)), 0)
        performance.schedule(play("~"), 50000)
        results.append(np.flatnonzero(rendered(performance, 100000, block) == 1.0).tolist())
    assert results[0] == results[1]
    assert results[0][-1] == 88200 - 88


def test_a_long_event_among_many_short_ones_is_not_taken_for_the_ninth(perform):
    performance = perform()
    performance.schedule(play(lc.stack(lc.s("half/4"), lc.s("one*32").legato(0.01).release(0))), 0)
    assert rendered(performance, 88200, block=22050).min() == 0.5


def test_a_failure_leaves_what_is_pending(perform, troubles):
    performance = perform()
    performance.schedule(play("<one missing>"), 0)
    performance.schedule(play("half", quant="4"), 1)
    audio = rendered(performance, 5 * 88200)
    assert len(troubles) == 1
    assert audio[4 * 88200 + 1000] == 0.5


@pytest.mark.parametrize("control", ["gain", "pan", "bias", "noise"])
@pytest.mark.parametrize("block", [100, 256, 5000])
def test_a_signal_that_raises_while_its_event_sounds_sets_aside_its_voice_alone(
    perform, troubles, control, block
):
    def late(value):
        if value > 0.6:
            raise KeyError("late")
        return value

    performance = perform(synthesis="overlap")
    alone = perform(synthesis="overlap")
    signal = lc.saw.slow(2).fmap(late)
    performance.schedule(play(getattr(lc.s("one/4"), control)(signal)), 0)
    for each in (performance, alone):
        each.schedule(play("half*4", voice=1), 0)
    assert np.array_equal(rendered(performance, 160000, block, 1), rendered(alone, 160000, block, 1))
    assert [t.voice for t in troubles] == [0]
    assert isinstance(troubles[0].error, KeyError)
