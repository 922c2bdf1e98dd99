"""Morphing: latents on their way from one pattern to the next, and sounds that cross-fade where they cannot."""

from __future__ import annotations

import numpy as np
import pytest
from helpers.toy_sounds import LATENT, WINDOW, Sounds, rendered

import latentcode as lc
from latentcode.latents.morph import as_morph
from latentcode.latents.trajectory import Named
from latentcode.patterns import Steady
from latentcode.set.commands import Command
from latentcode.synth.trial import try_out

CYCLE = 88200  # samples at 120 beats per minute


def play(music, morph=None, quant="1", voice=0):
    pattern = lc.s(music) if isinstance(music, str) else music
    more = () if morph is None else (morph if hasattr(morph, "cycles") else as_morph(morph),)
    return Command("play", voice, (pattern, quant, *more))


def test_a_latent_is_the_old_ones_and_becomes_the_new_ones(perform):
    performance = perform()
    performance.schedule(play("one"), 0)
    performance.schedule(play("half*4", 4), 100)
    audio = rendered(performance, 6 * CYCLE)
    for cycle, share in [(1, 0.0), (2, 0.25), (3, 0.5), (4.5, 0.875), (5, 1.0), (5.5, 1.0)]:
        at = int(cycle * CYCLE) + 500
        place = (at // WINDOW * WINDOW - CYCLE) / (4 * CYCLE)
        expected = 1 - 0.5 * min(place, 1.0)
        assert audio[at] == pytest.approx(expected, abs=2e-4), share


def test_when_it_has_arrived_it_is_the_pattern_itself(perform):
    pattern = lc.s("ramp*3").gain(lc.sine).bias(lc.saw.slow(3))
    morphed, plain = perform(store=Sounds(50)), perform(store=Sounds(50))
    for performance in (morphed, plain):
        performance.schedule(play("ramp*2"), 0)
    morphed.schedule(play(pattern, 2), 100)
    plain.schedule(play(pattern), 100)
    one, other = rendered(morphed, 6 * CYCLE), rendered(plain, 6 * CYCLE)
    assert not np.array_equal(one[CYCLE : 3 * CYCLE], other[CYCLE : 3 * CYCLE])
    assert np.array_equal(one[3 * CYCLE + 300 :], other[3 * CYCLE + 300 :])
    assert morphed.renderer.voices[0].morphing(morphed.renderer.tempo.cycle_at(6 * CYCLE)) is None


def test_where_the_old_is_silent_its_last_latent_is_held_and_before_its_first_its_first(perform):
    performance = perform(store=Sounds(2000))
    performance.schedule(play("~ ramp ~ ~", quant=None), 0)
    performance.schedule(play("half/16", lc.pure(0.0), quant=None), 100)
    audio = rendered(performance, 2 * CYCLE)
    frames = CYCLE // 4 // WINDOW
    assert not audio[1000 : CYCLE // 4 - 200].any()
    assert audio[CYCLE // 4 + 100 * WINDOW + 50] == pytest.approx(100, abs=1)
    assert audio[CYCLE // 2 + 500 : CYCLE * 5 // 4 - 500] == pytest.approx(frames, abs=1)
    assert audio[CYCLE * 5 // 4 + 200] < 5


def test_from_one_drone_to_another_it_is_their_meso_scale_mix(perform):
    random = np.random.default_rng(1)
    frames = {name: random.standard_normal((40, LATENT)).astype(np.float32) for name in ("a", "b")}

    class Two(Sounds):
        def length(self, path):
            return 40 * WINDOW

        def frames(self, path, hop, length=None):
            return frames[path.name], None

    a, b = Named("a"), Named("b")
    for share in (0.0, 0.25, 1.0):
        morphed, mixed = perform(store=Two()), perform(store=Two())
        morphed.schedule(play(Steady(a)), 0)
        morphed.schedule(play(Steady(b), Steady(share)), 1)
        mixed.schedule(play(Steady(lc.meso(a, b, share))), 0)
        one, other = rendered(morphed, 3 * CYCLE), rendered(mixed, 3 * CYCLE)
        assert np.allclose(one[CYCLE + 300 :], other[CYCLE + 300 :], rtol=0, atol=1e-5)


def test_a_drone_morphs_into_a_rhythm_whose_onsets_are_its_own_at_once(perform):
    performance = perform()
    performance.schedule(play(Steady(Named("one"))), 0)
    performance.schedule(play(lc.s("half*4").legato(0.5), 2), 1)
    audio = rendered(performance, 4 * CYCLE)
    assert audio[CYCLE - 50] == 1.0
    assert audio[CYCLE + 300] == pytest.approx(1.0, abs=0.01)
    assert not audio[CYCLE * 9 // 8 + 300 : CYCLE * 5 // 4 - 10].any()
    assert audio[3 * CYCLE + 300] == 0.5


def test_a_morph_in_the_middle_of_another_begins_at_the_mix(perform):
    performance = perform()
    performance.schedule(play("one/64", quant=None), 0)
    performance.schedule(play(lc.s("one/64").scale(3), 4, quant=None), 1)
    performance.schedule(play("half/64", 4), CYCLE + 1)
    audio = rendered(performance, 8 * CYCLE)
    assert audio[2 * CYCLE - 100] == pytest.approx(2.0, abs=0.01)
    assert np.abs(np.diff(audio[1000:])).max() < 0.01
    half_way = 0.5 * 3.0 + 0.5 * 0.5
    assert audio[4 * CYCLE] == pytest.approx(half_way, abs=0.01)
    assert audio[7 * CYCLE] == 0.5


def test_a_signal_is_the_share_for_as_long_as_the_pattern_plays(perform):
    performance = perform()
    performance.schedule(play("one/64", quant=None), 0)
    performance.schedule(play("half/64", lc.sine.slow(4), quant=None), 1)
    audio = rendered(performance, 9 * CYCLE)
    at = np.arange(1000, 9 * CYCLE, WINDOW)
    expected = 1 - 0.5 * lc.sine.slow(4).sample(at // WINDOW * WINDOW / CYCLE)
    assert audio[at] == pytest.approx(expected, abs=1e-3)


def test_another_signal_for_the_same_pattern_keeps_what_it_comes_from(perform):
    performance = perform()
    performance.schedule(play("one/64", quant=None), 0)
    performance.schedule(play("half/64", Steady(1.0), quant=None), 1)
    performance.schedule(play("half/64", Steady(0.0), quant=None), 1 + CYCLE)
    audio = rendered(performance, 2 * CYCLE)
    assert (audio[CYCLE - 10], audio[-1]) == (0.5, 1.0)


@pytest.mark.parametrize(
    ("curve", "half"),
    [("in", 0.25), ("out", 0.75), ("smooth", 0.5), ([0, 0.9, 1], 0.9), (lc.saw**2, 0.25), ("0 .25", 0.25)],
)
def test_any_curve(perform, curve, half):
    performance = perform()
    performance.schedule(play("one/64", quant=None), 0)
    performance.schedule(play("half/64", as_morph(4, curve), quant=None), 1)
    audio = rendered(performance, 3 * CYCLE)
    assert audio[2 * CYCLE + 100] == pytest.approx(1 - 0.5 * half, abs=2e-3)


def test_the_same_line_again_changes_nothing_in_mid_morph_or_after_it(perform):
    once, often = perform(store=Sounds(50)), perform(store=Sounds(50))
    for performance in (once, often):
        performance.schedule(play("one*2"), 0)
        performance.schedule(play("ramp*3", 2), 100)
    for stamp in range(CYCLE + 1, 5 * CYCLE, 30011):
        often.schedule(play("ramp*3", 2), stamp)
        often.schedule(play("ramp*3"), stamp)
    assert np.array_equal(rendered(once, 6 * CYCLE), rendered(often, 6 * CYCLE))


def test_the_samples_do_not_depend_on_the_size_of_the_blocks(perform):
    results = []
    for block in (64, 333, 5000):
        performance = perform(store=Sounds(90), synthesis="overlap")
        performance.schedule(play("ramp*5 half ~"), 0)
        performance.schedule(play(lc.s("ramp*2 one ~").bias(lc.sine), as_morph(2, "smooth")), 20000)
        performance.schedule(play(lc.stack(lc.s("half*3"), lc.s("ramp*2")), 1), 2 * CYCLE)
        performance.schedule(Command("tempo", arguments=("87.7",)), 110011)
        performance.schedule(play("ramp*2", 2), 4 * CYCLE)
        results.append(rendered(performance, 6 * CYCLE, block))
    assert np.array_equal(results[0], results[1])
    assert np.array_equal(results[0], results[2])


def test_a_change_of_tempo_does_not_change_how_many_cycles_it_takes(perform):
    performance = perform()
    performance.schedule(play("one/64", quant=None), 0)
    performance.schedule(play("half/64", 4, quant=None), 1)
    performance.schedule(Command("tempo", arguments=("240",)), 2 * CYCLE)
    audio = rendered(performance, 4 * CYCLE)
    assert audio[2 * CYCLE - 10] == pytest.approx(0.75, abs=1e-3)
    assert audio[5 * CYCLE // 2] == pytest.approx(0.625, abs=1e-3)
    assert audio[3 * CYCLE + 100] == 0.5


def test_stacks_cross_fade_in_sound_at_an_even_power(perform):
    performance = perform()
    performance.schedule(play(lc.stack(lc.s("one/64"), lc.s("one/64")), quant=None), 0)
    performance.schedule(play("half/64", 2, quant=None), 1)
    audio = rendered(performance, 4 * CYCLE)
    for cycle in (0.5, 1, 1.5):
        angle = np.pi / 2 * cycle / 2
        expected = 2 * np.cos(angle) + 0.5 * np.sin(angle)
        assert audio[int(cycle * CYCLE)] == pytest.approx(expected, abs=1e-3)
    assert np.abs(np.diff(audio[1000:])).max() < 0.01
    assert set(audio[2 * CYCLE + 300 :]) == {np.float32(0.5)}
    assert len(performance.renderer.voices[0].layers) == 1


def test_into_silence_and_out_of_it_the_sound_fades(perform):
    performance = perform()
    performance.schedule(play("one/64", quant=None), 0)
    performance.schedule(play(lc.silence, 1, quant=None), 1)
    performance.schedule(play("half/64", 1, quant=None), 2 * CYCLE)
    performance.schedule(play("one/64", 1, quant=None, voice=1), 2 * CYCLE)
    audio, first = rendered(performance, 2 * CYCLE), rendered(performance, CYCLE, voice=1)
    audio = np.concatenate([audio, np.zeros(CYCLE), rendered(performance, CYCLE)])
    assert first[CYCLE // 2] == pytest.approx(np.sin(np.pi / 4), abs=1e-3)
    assert audio[CYCLE // 2] == pytest.approx(np.cos(np.pi / 4), abs=1e-3)
    assert not audio[CYCLE + 300 : 2 * CYCLE].any()
    assert audio[-1] == 0.5


def test_restarting_the_drones_goes_on_with_the_morph(perform):
    performance = perform()
    performance.schedule(play(Steady(Named("one"))), 0)
    performance.schedule(play(Steady(Named("half")), 4), 1)
    performance.schedule(Command("restart", 0, (None,)), 3 * CYCLE)
    audio = rendered(performance, 6 * CYCLE)
    assert audio[4 * CYCLE] == pytest.approx(1 - 0.5 * 3 / 4, abs=1e-3)
    assert audio[-1] == 0.5


def test_a_morph_out_of_a_cross_fade_takes_both_sounds_along(perform):
    performance = perform()
    performance.schedule(play(lc.stack(lc.s("one/64"), lc.s("one/64")), quant=None), 0)
    performance.schedule(play("half/64", 4, quant=None), 1)
    performance.schedule(play("one/64", 1), 2 * CYCLE)
    audio = rendered(performance, 4 * CYCLE)
    middle = int(2.5 * CYCLE)
    first, second = np.pi / 2 * 2.5 / 4, np.pi / 4
    expected = np.cos(second) * (2 * np.cos(first) + 0.5 * np.sin(first)) + np.sin(second)
    assert audio[middle] == pytest.approx(expected, abs=2e-3)
    assert np.abs(np.diff(audio[1000:])).max() < 0.01
    assert audio[-1] == 1.0


def test_back_in_mid_morph_brings_the_pattern_before(perform):
    performance = perform()
    performance.schedule(play("one/64", quant=None), 0)
    performance.schedule(play("half/64", 4, quant=None), 1)
    performance.schedule(Command("back", 0, (None,)), CYCLE)
    audio = rendered(performance, 2 * CYCLE)
    assert np.allclose(audio[CYCLE + 500 :], 1.0, rtol=1e-6)


def test_a_pattern_that_fails_in_mid_morph_goes_back_to_the_one_before(perform, troubles):
    performance = perform()
    performance.schedule(play("one"), 0)
    performance.schedule(play("<half half missing>", 8), 1)
    audio = rendered(performance, 4 * CYCLE)
    assert [(trouble.voice, trouble.replaced) for trouble in troubles] == [(0, True)]
    assert audio[-1000] == 1.0


@pytest.mark.parametrize("stacked", [False, True])
def test_when_what_it_comes_from_fails_the_new_pattern_stays(perform, troubles, stacked):
    old = lc.s("<one one missing>")
    performance = perform()
    performance.schedule(play(lc.stack(old, "one") if stacked else old), 0)
    performance.schedule(play("half*2", 4), 1)
    audio = rendered(performance, 6 * CYCLE)
    assert [trouble.voice for trouble in troubles] == [0]
    rising = np.sin(np.pi / 2 * (np.array([2.99, 3.99, 4.99]) - 1) / 4) if stacked else np.ones(3)
    assert audio[3 * CYCLE - 882 : 5 * CYCLE : CYCLE] == pytest.approx(0.5 * rising, abs=2e-3)


def test_a_cancelled_morph_never_begins(perform):
    performance = perform()
    performance.schedule(play("one/64", quant=None), 0)
    performance.schedule(play("half", 4), 1)
    performance.schedule(Command("cancel", 0), 1000)
    assert set(rendered(performance, 3 * CYCLE)[1000:]) == {np.float32(1.0)}


def test_the_trial_reads_what_the_morph_comes_from(perform):
    performance = perform()
    performance.schedule(play("one"), 0)
    rendered(performance, 1000)
    asked = []
    store = Sounds()

    def frames(path, hop, length=None):
        asked.append(path.name)
        return store.frames(path, hop, length)

    try_out(performance.renderer, lc.s("half"), 0, frames, 2, lambda path, rate: None, as_morph(4))
    assert {"one", "half"} <= set(asked)


@pytest.mark.parametrize("wrong", [0, -1, True, "8", None, float("nan"), [0, 1]])
def test_what_is_no_morph_says_what_is(wrong):
    with pytest.raises(lc.LatentError, match=r"d1\.morph\(8\)"):
        as_morph(wrong)


@pytest.mark.parametrize("wrong", [0.5, "sideways", [0, float("inf")], "bd sn"])
def test_what_is_no_curve_is_said_at_once(wrong):
    with pytest.raises(lc.LatentcodeError):
        as_morph(8, wrong)
