"""Scenes, undo and back, one cycle of something, musical silence, and a groove for all."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from helpers.toy_sounds import RATE, Impulse, Sounds, rendered

import latentcode as lc
from latentcode.inputs.history import Input
from latentcode.latents.trajectory import Named
from latentcode.patterns import Steady
from latentcode.set.commands import SET, Command
from latentcode.set.scenes import take
from latentcode.testing.spoken import spoken

CYCLE = 2 * RATE


def play(text, voice=0, quant="1", block=0):
    pattern = lc.s(text) if isinstance(text, str) else text
    return Command("play", voice, (pattern, quant), block=block)


def told(kind, *arguments, voice=SET, block=0):
    return Command(kind, voice, arguments, block=block)


def perform_all(performance, *commands):
    for stamp, command in commands:
        performance.schedule(command, stamp)
    return performance


def moved(performance):
    """What the player was told: (name, sample, values…)."""
    told = map(spoken, performance.outbox)
    return [message for message in told if message[0] in ("gain", "pan", "master")]


def test_a_scene_comes_back_at_the_boundary_with_its_faders_tempo_and_swing(perform):
    performance = perform_all(
        perform(),
        (0, play("one/8")),
        (0, play("half/8", voice=1)),
        (0, told("gain", 0.5, voice=0)),
        (0, told("solo", True, voice=0)),
        (1000, told("scene", "verse")),
        (2000, play("half/8")),
        (2000, told("stop", "1", voice=1)),
        (2000, play("one/8", voice=2)),
        (2000, told("gain", 0.25, voice=0)),
        (2000, told("solo", False, voice=0)),
        (2000, told("pan", 0.0, voice=2)),
        (2000, told("swing", "1/3", 4, "1")),
        (CYCLE + 2000, told("go", "verse", "1")),
    )
    audio = np.concatenate([performance.render(500) for _ in range(600)], axis=1)
    assert audio[[0, 2, 4], CYCLE + 1500].tolist() == [0.5, 0.0, 1.0]
    assert audio[[0, 2, 4], 2 * CYCLE - 1].tolist() == [0.5, 0.0, 1.0]
    assert audio[[0, 2, 4], 2 * CYCLE + 1500].tolist() == [1.0, 0.5, 0.0]
    later = [message for message in moved(performance) if message[1] > 2000]
    assert {message[1] for message in later} == {2 * CYCLE}
    assert ("gain", 2 * CYCLE, 0, 0.5) in later
    assert ("gain", 2 * CYCLE, 1, 0.0) in later
    assert performance.renderer.groove.last.amount == 0


def test_what_plays_already_is_not_disturbed_by_a_sample(perform):
    first, second = perform(store=Sounds(50)), perform(store=Sounds(50))
    for performance in (first, second):
        perform_all(performance, (0, play("ramp*3")), (0, told("tempo", "133.7")))
    perform_all(
        second,
        (1000, told("scene", "a")),
        (50000, play("half*4", voice=3)),
        (100000, told("go", "a", "1")),
        (200000, told("go", "a", None)),
    )
    assert np.array_equal(rendered(first, 300000), rendered(second, 300000))


def test_a_scene_takes_what_is_pending_as_it_will_be(perform):
    performance = perform_all(
        perform(),
        (0, play("one/8")),
        (1000, play("half/8", block=1)),
        (1000, told("scene", "next", block=1)),
        (2000, told("hush")),
        (3000, told("go", "next", None)),
    )
    assert rendered(performance, 10000)[9000] == 0.5


def test_an_unknown_scene_is_told_and_one_that_is_overwritten_too(perform):
    performance, said = perform(), []
    performance.notice = said.append
    perform_all(performance, (0, told("go", "x", "1")), (1, told("scene", "a")), (2, told("scene", "a")))
    rendered(performance, 100)
    assert "no scene 'x'" in said[0]
    assert "'a' was there already" in said[1]
    assert len(said) == 2


@pytest.mark.parametrize("kind", ["hush", "panic"])
def test_back_brings_the_set_back_after_silence(perform, kind):
    performance = perform_all(
        perform(),
        (0, play("one/8")),
        (0, play("half/8", voice=1)),
        (20000, told(kind)),
        (60000, told("back", None)),
        (70000, told("back", None)),
    )
    audio = np.concatenate([performance.render(500) for _ in range(160)], axis=1)
    assert audio[0, 50000] == 0
    assert audio[[0, 2], 65000].tolist() == [1.0, 0.5]


def test_back_without_a_change_of_the_set_plays_what_the_voices_played_before(perform):
    performance = perform_all(
        perform(), (0, play("one/8")), (10000, play("half/8", quant=None)), (20000, told("back", None))
    )
    assert rendered(performance, 30000)[[15000, 25000]].tolist() == [0.5, 1.0]


def test_undo_goes_back_block_by_block_and_redo_forward(perform):
    performance = perform_all(
        perform(),
        (0, play("one/8", block=1)),
        (10000, play("half/8", quant=None, block=2)),
        (10000, play("half/8", voice=1, quant=None, block=2)),
        (20000, play("half/8", quant=None, block=3)),  # changes nothing
        (30000, told("tempo", "60", block=4)),
        (40000, told("undo", 1, None, block=5)),
        (50000, told("undo", 1, None, block=6)),
        (60000, told("redo", None, block=7)),
        (70000, told("undo", 2, None, block=8)),
        (80000, told("undo", 9, None, block=9)),
    )
    said = []
    performance.notice = said.append
    audio = np.concatenate([performance.render(500) for _ in range(180)], axis=1)
    assert audio[[0, 2], 35000].tolist() == [0.5, 0.5]
    assert audio[[0, 2], 45000].tolist() == [0.5, 0.5]
    assert audio[[0, 2], 55000].tolist() == [1.0, 0.0]
    assert audio[[0, 2], 65000].tolist() == [0.5, 0.5]
    assert audio[[0, 2], 75000].tolist() == [0.0, 0.0]
    assert said == ["there is nothing to undo"]
    tempo = performance.renderer.tempo
    assert [float(tempo.cps_at(s) * 240) for s in (35000, 45000)] == [60, 120]


def test_undo_is_undone_by_nothing_else_than_redo(perform):
    performance, said = perform(), []
    performance.notice = said.append
    perform_all(
        performance,
        (0, play("one/8", block=1)),
        (1000, told("undo", 1, None, block=2)),
        (2000, play("half/8", quant=None, block=3)),
        (3000, told("redo", None, block=4)),
    )
    assert rendered(performance, 9000)[8000] == 0.5
    assert said == ["there is nothing to redo"]


def test_once_plays_cycle_0_beside_what_plays_and_is_gone(perform):
    performance = perform_all(
        perform(Impulse()),
        (0, play(lc.s("half*2").attack(0).legato(0.001))),
        (CYCLE + 5, told("once", lc.s("<one*3 ~>").attack(0).legato(0.001), "1", voice=0)),
        (CYCLE + 9, told("once", lc.s("<one*5 ~>").attack(0).legato(0.001), "1")),
    )
    audio = np.concatenate([performance.render(512) for _ in range(5 * CYCLE // 512)], axis=1)
    onsets = np.flatnonzero(np.isin(audio[0], (1.0, 2.0))) / CYCLE
    assert onsets == pytest.approx(
        [0, 1 / 2, 1, 3 / 2, 2, 2 + 1 / 3, 5 / 2, 2 + 2 / 3, 3, 7 / 2, 4, 9 / 2], abs=1e-4
    )
    assert audio[0, 2 * CYCLE] == 2.0
    assert np.flatnonzero(audio[30] == 1.0) / CYCLE == pytest.approx([2, 2.2, 2.4, 2.6, 2.8], abs=1e-4)
    assert performance.renderer.extras == []


def test_once_rings_out_and_a_drone_lasts_a_cycle(perform):
    performance = perform_all(
        perform(store=Sounds(2500)),
        (0, told("once", lc.s("one").late(0.99).ring(), "1", voice=0)),
        (0, told("once", Steady(Named("half")), "1", voice=1)),
    )
    audio = np.concatenate([performance.render(500) for _ in range(600)], axis=1)
    assert audio[0, int(1.5 * CYCLE)] == 1.0
    assert audio[2, CYCLE // 2] == 0.5
    assert not audio[2, CYCLE + 300 :].any()
    assert performance.renderer.extras == []


def test_a_musical_hush_plays_on_while_it_fades(perform):
    performance = perform_all(
        perform(), (0, play(lc.s("one*4").attack(0).release(0))), (CYCLE, told("hush", "2"))
    )
    audio = rendered(performance, 4 * CYCLE, 500)
    assert audio[2 * CYCLE + 500] == pytest.approx(0.5, abs=0.01)
    assert audio[3 * CYCLE - RATE // 4] == pytest.approx(0.0625, abs=0.01)
    assert not audio[3 * CYCLE :].any()
    assert performance.renderer.extras == []


def test_a_voice_that_fades_can_be_given_something_new_and_undo_ends_the_fade(perform):
    performance = perform_all(
        perform(),
        (0, play("one/8", block=1)),
        (1000, told("stop", None, "4", voice=0, block=2)),
        (CYCLE // 2, play("half/8", block=3)),
        (2 * CYCLE - 5, told("undo", 2, "1", block=4)),
    )
    audio = rendered(performance, 3 * CYCLE, 500)
    assert 0.7 < audio[CYCLE - 2000] < 0.8
    assert audio[CYCLE + 1000] == pytest.approx(0.5 + 0.74, abs=0.02)
    assert audio[2 * CYCLE + 1000] == 1.0


def test_swing_delays_the_off_beats_of_all_voices_from_the_next_boundary(perform):
    hat = lc.s("one*8").attack(0).legato(0.001)
    performance = perform_all(
        perform(Impulse()), (0, play(hat)), (100, told("swing", "1/3", 4, "1")), (150, play(hat)),
        (2 * CYCLE - 9, told("swing", "0", 4, "1")),
    )  # fmt: skip
    onsets = np.flatnonzero(rendered(performance, 3 * CYCLE, 512) == 1.0) / CYCLE * 8
    straight = [0, 1, 2, 3, 4, 5, 6, 7]
    late = [n + (n % 2) / 3 for n in straight]
    assert onsets == pytest.approx([*straight, *(8 + n for n in late), *(16 + n for n in straight)], abs=1e-3)


def test_swing_leaves_drones_and_the_same_expression_alone(perform):
    first, second = perform(store=Sounds(50)), perform(store=Sounds(50))
    for performance in (first, second):
        perform_all(performance, (0, play(Steady(Named("ramp")))), (0, told("swing", "1/3", 4, None)))
    perform_all(second, (60000, play(Steady(Named("ramp")))), (100000, told("swing", "1/2", 4, "1")))
    assert np.array_equal(rendered(first, 250000), rendered(second, 250000))


def test_cancel_forgets_all_that_is_pending(perform):
    performance = perform_all(
        perform(),
        (0, play("one/8")),
        (500, told("scene", "a")),
        (1000, play("half/8", quant=None)),
        (2000, told("gain", 0.5, voice=0)),
        (3000, told("go", "a", "1")),
        (3000, told("once", lc.s("one"), "1", voice=0)),
        (4000, play("one/8", voice=1)),
        (5000, told("cancel")),
    )
    audio = np.concatenate([performance.render(500) for _ in range(300)], axis=1)
    assert set(audio[0, 2000:]) == {0.5}
    assert not audio[2].any()
    assert [message[1] for message in moved(performance)] == [2000]


COMMANDS = [
    (0, play(lc.s("ramp*5").gain(lc.tri.slow(3)), block=1)),
    (5000, told("tempo", lc.sine.slow(2).range(90, 150), block=2)),
    (9000, play(Steady(Named("ramp")), voice=1, block=3)),
    (15000, told("scene", "a", block=4)),
    (40000, told("tempo", "200", "2", block=5)),
    (60000, told("swing", "1/3", 4, "1", block=6)),
    (61000, told("once", lc.s("one*3"), "1", block=6)),
    (90000, play("half*7", block=7)),
    (120000, told("gain", 0.3, voice=1, block=8)),
    (150000, told("go", "a", "1", block=9)),
    (200000, told("undo", 1, "1", block=10)),
    (230000, told("hush", "3", block=11)),
    (260000, told("back", "1", block=12)),
]


def test_the_samples_do_not_depend_on_the_size_of_the_blocks(perform):
    results = []
    for block in (512, 100, 3333):
        performance = perform_all(perform(store=Sounds(9), synthesis="overlap"), *COMMANDS)
        pieces = [performance.render(block) for _ in range(-(-350000 // block))]
        results.append((np.concatenate(pieces, axis=1)[:, :350000], moved(performance)))
    for audio, messages in results[1:]:
        assert np.array_equal(results[0][0], audio)
        assert results[0][1] == messages


@pytest.mark.parametrize("sample", [30208, 151040, 215040, 300032])
def test_an_engine_that_died_has_the_set_as_it_was_with_its_scenes(perform, sample):
    asked = [pair for pair in COMMANDS if pair[0] < sample]
    first, second = perform(store=Sounds(9)), perform(store=Sounds(9))
    perform_all(first, *asked)
    rendered(first, sample, 512)
    first.restart()
    second.renderer.position = sample
    second.catch_up(asked)
    later = [
        (sample + 30000, told("scene", "b", block=20)),
        (sample + 40000, told("hush", block=21)),
        (sample + 60000, told("undo", 2, None, block=22)),
        (sample + 90000, told("go", "a", "1", block=23)),
    ]
    for performance in (first, second):
        performance.notice = lambda text: None
        perform_all(performance, *later)
    one, other = (np.concatenate([p.render(512) for _ in range(400)], axis=1) for p in (first, second))
    assert np.array_equal(one, other)
    assert first.faders.stand() == second.faders.stand()


SOON = CYCLE // 8  # a cycle at 960 beats per minute
LATE = SOON + SOON // 2  # half a cycle before the boundary at which what was asked at SOON + 100 takes effect
SAW = lc.saw.slow(2)
VERSE = [
    (0, play("one/8", block=1)),
    (10, told("gain", 0.5, voice=0, block=2)),
    (10, told("master", 0.8, block=2)),
    (10, told("fx", (lc.lowpass(500),), voice=1, block=2)),
    (10, told("tempo", "960", block=2)),
    (10, told("bind", "d3.gain", "cc:7:*:*", 0.0, 1.0, 0.0, block=2)),
    (100, told("scene", "verse", block=3)),
    (200, told("gain", 0.25, voice=0, block=4)),
    (200, told("solo", True, voice=2, block=4)),
    (200, told("tempo", "961", block=5)),
]
LAST_WORDS = {
    "master": told("master", 0.3),
    "gain as it is": told("gain", 0.25, voice=0),
    "gain by a signal": told("gain", SAW, voice=4),
    "pan": told("pan", 0.0, voice=0),
    "mute": told("mute", True, voice=3),
    "solo": told("solo", True, voice=5),
    "not solo": told("solo", False, voice=2),
    "out": told("out", 1, voice=0),
    "fx": told("fx", (lc.highpass(300),), voice=1),
    "fx of the mix": told("fx", (lc.reverb(),)),
    "tempo": told("tempo", "720"),
    "tempo as it is": told("tempo", "961"),
    "ramp": told("tempo", "1920", "4"),
    "bind": told("bind", "d3.gain", "cc:9:*:*", 0.0, 0.5, 0.0),
    "unbind": told("unbind", "d3.gain"),
    "takeover": told("takeover", "scale"),
}


def stands(performance):
    """All that a recall brings back at its boundary, but for what plays."""
    now = take(performance)
    return now.faders, now.effects, now.pace.asked, now.hold.bound, now.hold.rule


def recalled(perform, *commands, lasting=True, until=3 * SOON):
    performance = perform_all(perform(lasting=lasting, bpm=960), *VERSE, *commands)
    rendered(performance, until, 512)
    return performance


@pytest.mark.parametrize("name", LAST_WORDS)
@pytest.mark.parametrize("kind", ["go", "undo"])
def test_what_is_set_between_a_recall_and_its_boundary_stays(perform, name, kind):
    recall = told("go", "verse", "1", block=6) if kind == "go" else told("undo", 1, "1", block=6)
    word = replace(LAST_WORDS[name], block=7)
    before, after = (LATE, word), (2 * SOON + 1000, word)
    found, wanted = (recalled(perform, (SOON + 100, recall), said) for said in (before, after))
    assert stands(found) == stands(wanted)
    assert found.told(0) == wanted.told(0)
    for performance in (found, wanted):
        perform_all(performance, (3 * SOON + 500, told("undo", 1, None, block=8)))
        rendered(performance, 2000, 512)
    assert stands(found) == stands(wanted)


def test_what_was_recorded_before_comes_back_as_it_did(perform):
    go, word = (SOON + 100, told("go", "verse", "1", block=6)), (LATE, told("master", 0.3, block=7))
    old, new = (recalled(perform, go, word, lasting=lasting) for lasting in (False, True))
    assert [p.faders.at("master").setting for p in (old, new)] == [0.8, 0.3]
    assert moved(old)[-1][0] == "master"
    assert new.faders.at("gain", 0).setting == 0.5  # what nobody has spoken of since


def test_a_fade_between_a_recall_and_its_boundary_goes_on_and_one_before_it_ends_there(perform):
    commands = [
        (0, play("one/8", block=1)),
        (10, play("one/8", voice=1, quant=None, block=1)),
        (100, told("scene", "verse", block=2)),
        (SOON, told("stop", None, "8", voice=1, block=3)),
        (SOON + 100, told("go", "verse", "1", block=4)),
        (LATE, told("stop", None, "8", voice=0, block=5)),
    ]
    performance = perform_all(perform(lasting=True, bpm=960), *commands)
    rendered(performance, 2 * SOON + 2000, 512)
    assert [extra.voice.index for extra in performance.renderer.extras] == [0]


def test_values_that_a_mapping_brings_between_a_recall_and_its_boundary_stay(perform):
    performance = perform(lasting=True, bpm=960)
    for number, value in ((1, 0.1), (2, 0.2)):
        performance.hear(Input(f"cc:{number}:nano:1", value), 0)
        performance.hear(Input(f"cc:{number}:nano:1", 0.9), 300)
    word = told("recall", (("cc:1:nano:1", 0.6),), block=3)
    go = told("go", "verse", "1", block=2)
    perform_all(performance, (100, told("scene", "verse", block=1)), (SOON + 100, go), (LATE, word))
    rendered(performance, 2 * SOON + 2000, 512)
    assert performance.inputs.latest() == {"cc:1:nano:1": 0.6, "cc:2:nano:1": 0.2}


@pytest.mark.parametrize("sample", [LATE - 1000, LATE + 1000, 2 * SOON + 1000])
def test_an_engine_that_died_between_a_recall_and_its_boundary_knows_the_last_word(perform, sample):
    words = [(LATE, replace(word, block=7)) for word in LAST_WORDS.values()]
    asked = [*VERSE, (SOON + 100, told("go", "verse", "1", block=6)), *words]
    first = perform_all(perform(lasting=True, bpm=960), *asked)
    rendered(first, sample)
    first.restart()
    second = perform(lasting=True, bpm=960)
    second.renderer.position = sample
    second.catch_up([pair for pair in asked if pair[0] < sample])
    perform_all(second, *(pair for pair in asked if pair[0] >= sample))
    for performance in (first, second):
        rendered(performance, 2 * SOON + 4000 - sample)
    assert stands(first) == stands(second)


def test_the_last_word_does_not_depend_on_the_size_of_the_blocks(perform):
    words = [(LATE + 7 * place, replace(word, block=7)) for place, word in enumerate(LAST_WORDS.values())]
    results = []
    for block in (512, 100, 3333):
        performance = perform_all(
            perform(lasting=True, bpm=960), *VERSE, (SOON + 100, told("go", "verse", "1")), *words
        )
        rendered(performance, 2 * SOON + 5000, block)
        results.append((stands(performance), moved(performance)))
    assert results[0] == results[1] == results[2]
