"""Keys: notes that sound until they are let go, at their samples."""

from __future__ import annotations

import numpy as np
import pytest
from helpers.toy_sounds import LATENT, RATE, WINDOW, First, Sounds

import latentcode as lc
from latentcode.inputs.history import Input
from latentcode.latents.path import Path
from latentcode.set.actions import Toggle
from latentcode.set.commands import SET, Command
from latentcode.set.pads import A_SECOND, AT_ONCE
from latentcode.synth.keyboard import Keyboard
from latentcode.synth.keyed import MOST_NOTES, keyed, recordings

D5 = 8  # the left channel of d5


class Names:
    """A store in which each name is a sound at several pitches, one latent frame that holds 1."""

    def find(self, named):
        pitch = 12 * round(getattr(named, "pitch", 60) / 12)
        return Path(named.name, f"{named.name}{pitch}", file="x", pitch=float(pitch))

    def length(self, path):
        return WINDOW

    def samples(self, path, rate):
        return np.ones(4 * WINDOW, np.float32)

    def frames(self, path, hop, length=None):
        return np.ones((1, LATENT), np.float32), None


def keyboard(pattern, **options):
    return Command("keys", 4, (Keyboard(pattern, **options),))


def one(release=0.0):
    return lc.s("one").release(release)


def play(performance, *inputs):
    """Inputs as (sample, name, value); a bare number is a key of port keys, channel 1."""
    for sample, name, value in inputs:
        named = f"note:{name}@keys/1" if isinstance(name, int) else f"{name}@keys/1"
        performance.hear(Input(named, float(value)), sample)


def heard(performance, samples, block=512):
    blocks = []
    while performance.renderer.position < samples:
        blocks.append(performance.render(min(block, samples - performance.renderer.position)))
    return np.concatenate(blocks, axis=1)[D5]


def spans(channel):
    """Where it sounds: (first, last + 1)."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], channel != 0, [0]]).astype(int)))
    return [(int(first), int(last)) for first, last in zip(edges[::2], edges[1::2], strict=True)]


@pytest.fixture
def manual(perform):
    """A performance whose d5 is played by keys."""

    def made(pattern=None, decoder=None, store=None, **options):
        performance = perform(decoder, store or Sounds(1))
        performance.schedule(keyboard(one() if pattern is None else pattern, **options), 0)
        return performance

    return made


def test_a_key_sounds_from_its_sample_until_it_is_let_go(manual):
    performance = manual()
    play(performance, (1003, 60, 1.0), (4001, 60, 0.0), (6000, 60, 0.5), (7000, 60, 0.0))
    channel = heard(performance, 9000)
    assert spans(channel) == [(1003, 4001), (6000, 7000)]
    assert (channel[2000], channel[6500]) == (1.0, 0.25)


def test_the_release_is_the_pattern_s(manual):
    performance = manual(one(0.1))
    play(performance, (1000, 60, 1.0), (3000, 60, 0.0))
    channel = heard(performance, 9000)
    assert spans(channel) == [(1000, 3000 + RATE // 10 - 1)]
    assert channel[3000 + RATE // 20] == pytest.approx(0.5, abs=0.01)


def test_pedals_hold_what_is_let_go(manual):
    performance = manual()
    sustain = (
        (1000, 60, 1),
        (1500, "cc:64", 1),
        (2000, 60, 0),
        (2500, 62, 1),
        (2600, 62, 0),
        (4000, "cc:64", 0),
    )
    sostenuto = (
        (5000, 60, 1),
        (5100, "cc:66", 1),
        (5200, 60, 0),
        (5300, 62, 1),
        (5400, 62, 0),
        (6000, "cc:66", 0),
    )
    play(performance, *sustain, *sostenuto)
    channel = heard(performance, 9000)
    assert spans(channel) == [(1000, 4000), (5000, 6000)]
    found = [channel[at] for at in (2400, 3000, 5350, 5700)]
    assert found == pytest.approx([1.0, 2.0, 2.0, 1.0], abs=0.01)


def test_a_key_struck_again_under_the_pedal_takes_the_place_of_itself(manual):
    performance = manual()
    play(performance, (1000, "cc:64", 1), (1100, 60, 1), (1200, 60, 0), (2000, 60, 1), (2100, 60, 0))
    channel = heard(performance, 4000)
    assert set(channel[1200:].tolist()) == {1.0}


def test_notes_off_and_sound_off_end_what_hangs(manual):
    performance = manual(one(0.05))
    play(performance, (1000, 60, 1), (2000, "cc:123", 0), (5000, 60, 1), (6000, "cc:120", 0))
    assert spans(heard(performance, 9000)) == [(1000, 2000 + RATE // 20 - 1), (5000, 6000 + RATE // 200 - 1)]


def test_of_too_many_notes_the_first_ends(manual):
    performance = manual()
    play(performance, *((1000 + key, key, 1.0) for key in range(40, 40 + MOST_NOTES + 3)))
    assert heard(performance, 6000)[5000] == pytest.approx(MOST_NOTES, abs=0.1)
    assert MOST_NOTES >= 8


def test_mono_plays_the_last_key_and_comes_back_to_those_that_are_held(manual):
    performance = manual(mono=True, pattern=lc.s("one").release(0))
    play(performance, (1000, 60, 1.0), (2000, 62, 0.5), (3000, 62, 0.0), (4000, 60, 0.0))
    channel = heard(performance, 6000)
    found = [channel[at] for at in (1500, 2500, 3500, 4100)]
    assert found == pytest.approx([1.0, 0.25, 1.0, 0.0], abs=0.01)


@pytest.mark.parametrize("block", [64, 777, 40000])
def test_what_keys_play_does_not_depend_on_the_size_of_the_blocks(manual, block):
    def played(size):
        performance = manual(
            lc.s("tone").release(0.02).gain(lc.sine.fast(8)).scale(lc.saw.fast(4)),
            First(),
            Names(),
            bend=12.0,
        )
        for number in range(30):
            key, begin = 50 + number * 7 % 24, 400 + 777 * number
            play(performance, (begin, key, 0.2 + number / 40), (begin + 2000, key, 0.0))
            play(performance, *((begin + 90 * k, "bend", np.sin(number + k)) for k in range(-2, 5)))
        performance.schedule(Command("tempo", SET, ("171",)), 9000)
        return heard(performance, 30000, size)

    found = played(512)
    assert np.array_equal(found, played(block))
    assert np.abs(found).max() > 0.1


def test_keys_play_beside_the_pattern_and_leave_it_alone(manual):
    performance = manual()
    performance.schedule(Command("play", 4, (lc.s("half").legato(1), None)), 0)
    play(performance, (1000, 60, 1.0), (3000, 60, 0.0))
    performance.schedule(Command("stop", 4, (None,)), 2000)
    channel = heard(performance, 4000)
    assert (channel[500], channel[1500], channel[2900]) == (0.5, 1.5, 1.0)


def test_keys_end_when_they_are_told_so(manual):
    performance = manual()
    performance.schedule(Command("keys", 4, (None,)), 3000)
    play(performance, (1000, 60, 1.0), (5000, 62, 1.0))
    assert spans(heard(performance, 9000)) == [(1000, 3000)]
    assert performance.renderer.extras == []


def test_hush_ends_held_keys_and_they_can_be_pressed_again(manual):
    performance = manual()
    performance.schedule(Command("panic"), 3000)
    play(performance, (1000, 60, 1.0), (5000, 60, 0.0), (6000, 60, 1.0), (7000, 60, 0.0))
    assert spans(heard(performance, 9000)) == [(1000, 3000 + RATE // 200 - 1), (6000, 7000)]


def test_a_fade_takes_held_keys_with_it(manual):
    performance = manual()
    performance.schedule(Command("hush", SET, ("1/4",)), 3000)
    play(performance, (1000, 60, 1.0))
    channel = heard(performance, 60000)
    assert channel[3000 + RATE // 4] == pytest.approx(0.5, abs=0.01)
    assert spans(channel)[0][1] == 3000 + RATE // 2 - 1


def test_undo_gives_keys_back_what_they_played(manual):
    performance = manual()
    performance.schedule(Command("keys", 4, (Keyboard(lc.s("half").release(0)),), block=2), 1000)
    performance.schedule(Command("undo", SET, (1, None), block=3), 2000)
    play(performance, (1500, 60, 1.0), (1600, 60, 0.0), (3000, 60, 1.0))
    channel = heard(performance, 4000)
    assert (channel[1550], channel[3500]) == (0.5, 1.0)


def test_ports_channels_and_ranges_are_kept_apart(manual):
    performance = manual(port="key", channel="1", low=48, high=72)
    play(performance, (1000, 47, 1.0), (2000, 73, 1.0))
    performance.hear(Input("note:60@keys/2", 1.0), 3000)
    performance.hear(Input("note:60@other/1", 1.0), 4000)
    play(performance, (5000, 48, 1.0))
    assert spans(heard(performance, 6000)) == [(5000, 6000)]


def test_pads_are_not_keys(manual):
    performance, notices = manual(), []
    performance.notice = notices.append
    performance.schedule(Command("pads", SET, ("pads", (("note:60@*/*", None),), "*", "*", ())), 0)
    performance.schedule(Command("pads", SET, ("pads", (("note:60@*/*", Toggle(7)),), "*", "*", ())), 0)
    play(performance, (1000, 60, 1.0), (2000, 61, 1.0))
    assert spans(heard(performance, 3000)) == [(2000, 3000)]
    assert "60" in notices[0]
    assert "ch=" in notices[0]


def test_a_key_takes_what_the_pattern_holds_at_the_press(manual):
    performance = manual(lc.s("<one half>").release(0))
    cycle = 2 * RATE
    play(performance, (1000, 60, 1.0), (1500, 60, 0.0), (cycle + 1000, 60, 1.0))
    channel = heard(performance, cycle + 2000)
    assert (channel[1200], channel[cycle + 1500]) == (1.0, 0.5)


def test_a_stack_sounds_at_every_key_and_rests_are_silent(manual):
    performance = manual(lc.s("[one, half] ~").release(0))
    play(performance, (1000, 60, 1.0), (1500, 60, 0.0), (RATE + 1000, 60, 1.0))
    channel = heard(performance, RATE + 3000)
    assert channel[1200] == 1.5
    assert len(spans(channel)) == 1


def test_a_sound_that_rings_is_not_let_go(manual):
    performance = manual(lc.s("one").ring().release(0), store=Sounds(100))
    play(performance, (1000, 60, 1.0), (1100, 60, 0.0))
    assert spans(heard(performance, 40000))[0] == (1000, 1000 + round(100 * WINDOW * 2 ** (2 / 12)))


def test_plain_sounds_are_played_through(manual):
    performance = manual(lc.plain("one"), store=Sounds(9))
    play(performance, (1000, 60, 1.0), (1100, 60, 0.0), (3000, 72, 1.0))
    lengths = [last - first for first, last in spans(heard(performance, 9000))]
    assert lengths[0] == 9 * WINDOW
    assert lengths[1] == pytest.approx(4.5 * WINDOW, abs=80)


def test_a_key_whose_note_cannot_be_played_is_left_out_and_told(manual, troubles):
    performance = manual(lc.s("one"), store=Sounds(1))
    play(performance, (1000, 2, 1.0), (2000, 60, 1.0))
    assert spans(heard(performance, 3000)) == [(2000, 3000)]
    assert "semitones" in str(troubles[0].error)


def test_keys_that_were_down_when_the_engine_died_are_silent_and_the_pedal_is_known(perform):
    performance = perform(store=Sounds(1))
    performance.renderer.position = 50000
    play(performance, (1000, "cc:64", 1.0), (2000, 60, 1.0))
    performance.catch_up([(10, keyboard(one()))])
    play(performance, (51000, 60, 0.0), (52000, 62, 1.0), (52100, 62, 0.0))
    channel = np.concatenate([np.zeros(50000), heard(performance, 60000)])
    assert spans(channel) == [(52000, 60000)]


def test_a_key_plays_its_pitch():
    assert [Keyboard(one(), transpose=shift).pitch(60) for shift in (0, -12, 0.5)] == [60, 48, 60.5]
    minor = Keyboard(one(), scale=(0, 2, 3, 5, 7, 8, 10))
    assert [minor.pitch(key) for key in range(60, 73)] == [60, 60, 62, 63, 63, 65, 65, 67, 68, 68, 70, 70, 72]
    assert Keyboard(one(), low=40).pitch(39) is None


def test_all_recordings_that_keys_reach_are_tried(perform):
    rendering = perform(store=Names()).renderer.rendering
    board = Keyboard(lc.s("tone"), low=55, high=75)
    values = [event.value for event in lc.s("tone").query(0, 1)]
    assert sorted(pitch for _, pitch in recordings(board, values, rendering)) == [60, 66]


def test_a_note_falls_softly_unless_it_says_otherwise():
    event = lc.s("one").query(0, 1)[0]
    assert keyed(event.value, 62).release == 0.05
    assert keyed(lc.s("one").release(0.4).query(0, 1)[0].value, 62).release == 0.4


def test_a_storm_of_notes_leaves_time_for_the_sound_and_keys_that_are_played_then_sound(perform):
    performance = perform(store=Names())
    performance.schedule(keyboard(one()), 0)
    heard(performance, 512)
    (voice,) = [extra.keys for extra in performance.renderer.extras]
    opened, usual = [], voice._opened
    voice._opened = lambda press: opened.append(press.sample) or usual(press)
    play(performance, *((1000 + 9 * index, 40 + index % 40, 0.5) for index in range(4900)))
    heard(performance, 1000 + RATE + 512)
    assert AT_ONCE + 0.9 * A_SECOND < len(opened) <= AT_ONCE + A_SECOND + 1
    play(performance, *((2 * RATE, key, 0) for key in range(40, 80)), (3 * RATE, 60, 1.0))
    assert not heard(performance, 3 * RATE)[-512:].any()
    assert heard(performance, 3 * RATE + 1024).any()


def test_a_chord_of_two_hands_is_whole(perform):
    performance = perform(store=Names())
    performance.schedule(keyboard(one()), 0)
    play(performance, *((1000, key, 1.0) for key in range(40, 56)))
    heard(performance, 2048)
    (voice,) = [extra.keys for extra in performance.renderer.extras]
    assert len(voice.notes) == 16


def test_a_key_that_no_recording_reaches_is_told_once_and_silent(perform, troubles):
    performance = perform(store=Sounds(1))
    performance.schedule(keyboard(one()), 0)
    performance.renderer.store.find = lambda named: Path(named.name, "one", file="x", pitch=0.0)
    play(performance, *((1000 + 600 * index, 127, 1.0) for index in range(20)))
    assert not heard(performance, 16384).any()
    assert len(troubles) == 1
    assert "127" in str(troubles[0].error)


def test_each_note_of_mpe_has_a_pressure_and_a_wheel_of_its_own(manual):
    performance = manual(one().bias(lc.pressure()), mpe=True, bend=48.0, low=48)
    for sample, name, value in (
        (1000, "note:60@seaboard/2", 1),
        (1000, "note:64@seaboard/3", 1),
        (3000, "pressure@seaboard/2", 0.5),
        (3000, "bend@seaboard/2", 0.25),
        (3500, "bend@seaboard/1", 1.0),
        (5000, "note:67@seaboard/4", 1),
    ):
        performance.hear(Input(name, float(value)), sample)
    channel = heard(performance, 9000)
    assert channel[2500] == pytest.approx(2.0)
    assert channel[4900] == pytest.approx(2.5)
    player = performance.touch._fingers[4]
    stand = {place[1]: wheel.at(np.array([8000 / 64]))[0] for place, wheel in player.wheels.items()}
    assert [48 * stand[one] for one in "234"] == pytest.approx([14.0, 2.0, 2.0], abs=1e-6)


@pytest.mark.parametrize(
    ("zones", "zone", "main", "until"),
    [(True, "*", 1, 6000), (True, "16", 16, 6000), (True, "16", 1, 4000), (False, "*", 1, 4000)],
)
def test_a_pedal_of_mpes_main_channel_holds_all_notes_in_sets_of_today(perform, zones, zone, main, until):
    performance = perform(store=Sounds(1), zones=zones)
    performance.schedule(keyboard(one(), mpe=True, channel=zone), 0)
    for sample, name, value in (
        (1000, "note:60@seaboard/2", 1),
        (1000, "note:64@seaboard/3", 1),
        (2000, f"cc:64@seaboard/{main}", 1),
        (4000, "note:60@seaboard/2", 0),
        (4000, "note:64@seaboard/3", 0),
        (6000, f"cc:64@seaboard/{main}", 0),
        (8000, "note:60@seaboard/2", 1),
        (9000, "note:60@seaboard/2", 0),
    ):
        performance.hear(Input(name, float(value)), sample)
    assert spans(heard(performance, 11000)) == [(1000, until), (8000, 9000)]


def test_velocities_are_bent_as_is_said(manual):
    performance = manual(curve=2.0)
    play(performance, (1000, 60, 0.5))
    bent = (np.exp(1) - 1) / (np.exp(2) - 1)
    assert heard(performance, 3000)[2000] == pytest.approx(bent**2, abs=1e-4)
