"""Pads: what is struck, asked for or switched when something is pressed, at its sample."""

from __future__ import annotations

import numpy as np
import pytest
from helpers.toy_sounds import RATE, Sounds

import latentcode as lc
from latentcode.inputs.history import Input
from latentcode.protocol.player_messages import Gain
from latentcode.set.actions import Do, Strike, Toggle
from latentcode.set.commands import SET, Command
from latentcode.set.pads import A_SECOND, AT_ONCE, MOST, loudness
from latentcode.testing.spoken import spoken

STRUCK = 15  # the voice that is free


def pads(*pairs, table="pads", port="*", channel="*", meant=(), block=0):
    return Command("pads", SET, (table, pairs or None, port, channel, tuple(meant)), block=block)


def strike(text, *, quant=None, length=0.05, cut=None, voice=SET):
    pattern = lc.s(text).legato(length).release(0)
    pattern = pattern if cut is None else pattern.cut(cut)
    return Strike(pattern, quant, voice, () if cut is None else (cut,))


def hit(performance, sample, value=1.0, name="note:36@nano/10"):
    performance.hear(Input(name, value), sample)


def heard(performance, samples, block=512):
    """All 32 channels."""
    blocks = []
    while performance.renderer.position < samples:
        blocks.append(performance.render(min(block, samples - performance.renderer.position)))
    return np.concatenate(blocks, axis=1)


def onsets(channel):
    return (np.flatnonzero((channel[1:] != 0) & (channel[:-1] == 0)) + 1).tolist()


def test_a_pad_sounds_exactly_at_its_sample_as_loud_as_the_square_of_its_velocity(perform):
    performance = perform(store=Sounds(1))
    performance.schedule(pads(("note:36@*/*", strike("one"))), 0)
    for sample, velocity in ((1000, 1.0), (7777, 0.5)):
        hit(performance, sample, velocity)
        hit(performance, sample + 500, 0.0)
    found = heard(performance, 20000)
    assert onsets(found[2 * STRUCK]) == [1000, 7777]
    assert (found[2 * STRUCK, 1000], found[2 * STRUCK, 7777]) == (1.0, 0.25)
    assert loudness(2.0) == 1.0


@pytest.mark.parametrize("block", [64, 700, 30000])
def test_what_pads_do_does_not_depend_on_the_size_of_the_blocks(perform, block):
    def played(size):
        performance = perform(store=Sounds(1))
        bound = (
            ("note:36", strike("one half", cut=1)),
            ("note:37", strike("half*3", cut=1)),
            ("note:38", Toggle(3)),
        )
        performance.schedule(pads(*bound), 0)
        performance.schedule(Command("play", 3, (lc.s("one*8"), None)), 0)
        for number in range(40):
            hit(performance, 300 + 611 * number, 0.1 + number / 50, f"note:{36 + number % 3}@nano/1")
        found = heard(performance, 30000, size)
        return found, [*map(spoken, performance.outbox)]

    one, other = played(512), played(block)
    assert np.array_equal(one[0], other[0])
    assert [message for message in one[1] if message[0] == "gain"] == [m for m in other[1] if m[0] == "gain"]


def test_a_second_press_plays_again_beside_the_first_and_takes_the_next_cycle(perform):
    performance = perform(store=Sounds(1))
    performance.schedule(pads(("note:36", strike("<one half>", length=0.1))), 0)
    for sample in (1000, 2000, 20000):
        hit(performance, sample)
    channel = heard(performance, 30000)[2 * STRUCK]
    assert (channel[1500], channel[2500], channel[20500]) == (1.0, 1.5, 1.0)


def test_a_press_can_wait_for_the_grid(perform):
    performance = perform(store=Sounds(1))
    performance.schedule(pads(("note:36", strike("one", quant="1/4"))), 0)
    hit(performance, 30000)
    beat = 2 * RATE // 4
    assert onsets(heard(performance, 2 * RATE)[2 * STRUCK]) == [2 * beat]


def test_swing_does_not_move_a_press(perform):
    performance = perform(store=Sounds(1))
    performance.schedule(Command("swing", SET, ("1/2", 4, None)), 0)
    performance.schedule(pads(("note:36", strike("one"))), 0)
    hit(performance, 12000)
    assert onsets(heard(performance, 30000)[2 * STRUCK]) == [12000]


def test_a_group_is_choked_at_the_sample_of_the_press(perform):
    performance = perform(store=Sounds(1))
    bound = ("note:36", strike("one", cut=1, length=1)), ("note:37", strike("half", cut=1, length=1))
    performance.schedule(pads(*bound), 0)
    hit(performance, 1000)
    hit(performance, 1200, name="note:37@nano/10")
    channel = heard(performance, 9000)[2 * STRUCK]
    assert (channel[1100], channel[1201] > 1.4, channel[1500]) == (1.0, True, 0.5)


def test_of_many_presses_the_first_ends(perform):
    performance = perform(store=Sounds(1))
    performance.schedule(pads(("note:36", strike("one", length=1))), 0)
    for number in range(MOST + 4):
        hit(performance, 1000 + number)
    assert heard(performance, 9000)[2 * STRUCK, 8000] == MOST


def test_words_are_done_at_the_press(perform):
    performance = perform(store=Sounds(1))
    performance.schedule(Command("play", 0, (lc.s("one").legato(1), None)), 0)
    performance.schedule(pads(("note:36", Do((Command("panic"),))), ("note:37", Toggle(0))), 0)
    hit(performance, 2100, name="note:37@nano/1")
    hit(performance, 2100, 0.0, name="note:37@nano/1")
    hit(performance, 2500, name="note:37@nano/1")
    hit(performance, 3001)
    channel = heard(performance, 9000)[0]
    assert (channel[3000], channel[4000]) == (1.0, 0.0)
    faders = [spoken(message)[:4] for message in performance.outbox if isinstance(message, Gain)]
    assert [(sample, value) for _, sample, _, value in faders] == [(2100, 0.0), (2500, 1.0)]


def test_inputs_after_a_word_come_after_it(perform):
    performance = perform(store=Sounds(1))
    performance.schedule(pads(("note:36", Do((Command("panic"),))), ("note:37", strike("one", length=1))), 0)
    hit(performance, 1000)
    hit(performance, 1001, name="note:37@nano/1")
    assert heard(performance, 4000, 4000)[2 * STRUCK, 3000] == 1.0


def test_a_scene_is_gone_to_and_is_not_kept_anew(perform):
    performance = perform(store=Sounds(1))
    notices = []
    performance.notice = notices.append
    performance.schedule(Command("play", 0, (lc.s("half").legato(1), None)), 0)
    performance.schedule(Command("scene", SET, ("drop",), block=1), 1)
    performance.schedule(Command("play", 0, (lc.s("one").legato(1), None)), 1000)
    performance.schedule(Command("scene", SET, ("drop",), block=7), 2000)
    go = Do((Command("go", SET, ("drop", None)),))
    performance.schedule(pads(("note:36", go), meant=["drop"], block=7), 2000)
    hit(performance, 5003)
    channel = heard(performance, 9000)[0]
    assert (channel[5002], channel[8000]) == (1.0, 0.5)
    assert notices == []


def test_a_scene_that_was_stored_before_its_pads_came_is_what_it_was(perform):
    performance = perform(store=Sounds(1))
    performance.schedule(Command("scene", SET, ("drop",), block=1), 0)
    performance.render(100)
    before = performance.history.scenes["drop"]
    performance.schedule(Command("scene", SET, ("drop",), block=7), 200)
    performance.render(300)
    assert performance.history.scenes["drop"] is not before
    performance.schedule(pads(("note:36", Toggle(0)), meant=["drop"], block=7), 500)
    performance.render(300)
    assert performance.history.scenes["drop"] is before


def test_other_ports_add_up_and_the_one_that_says_more_counts(perform):
    performance = perform(store=Sounds(1))
    performance.schedule(pads(("note:36@*/*", strike("half"))), 0)
    performance.schedule(pads(("note:36@nano/10", strike("one")), port="nano", channel="10"), 0)
    hit(performance, 1000, name="note:36@big_nano_2/10")
    hit(performance, 9000, name="note:36@other/10")
    channel = heard(performance, 15000)[2 * STRUCK]
    assert (channel[1000], channel[9000]) == (1.0, 0.5)
    performance.schedule(pads(port="nano", channel="10"), 15000)
    hit(performance, 16000, name="note:36@nano/10")
    assert heard(performance, 20000)[2 * STRUCK, 1000] == 0.5


def test_any_input_is_a_pad_when_it_rises(perform):
    performance = perform(store=Sounds(1))
    performance.schedule(pads(("cc:21@*/*", strike("one", length=0.01))), 0)
    for sample, value in ((1000, 0.5), (3000, 1.0), (5000, 0.0), (7000, 1.0)):
        hit(performance, sample, value, "cc:21@nano/1")
    assert onsets(heard(performance, 9000)[2 * STRUCK]) == [1000, 7000]


def test_transport_keys_do_what_they_are_given_and_else_nothing(perform):
    performance = perform(store=Sounds(1))
    performance.schedule(Command("play", 0, (lc.s("one").legato(1), None)), 0)
    hit(performance, 500, name="stop@seq/0")
    performance.schedule(pads(("stop@*/*", Do((Command("panic"),))), table="transport"), 1000)
    hit(performance, 2000, name="stop@seq/0")
    channel = heard(performance, 4000)[0]
    assert (channel[1999], channel[3000]) == (1.0, 0.0)


def test_undo_gives_pads_back_what_they_did(perform):
    performance = perform(store=Sounds(1))
    performance.schedule(pads(("note:36", strike("half")), block=1), 0)
    performance.schedule(pads(("note:36", strike("one")), block=2), 100)
    performance.schedule(Command("undo", SET, (1, None), block=3), 200)
    hit(performance, 1000)
    assert heard(performance, 7000)[2 * STRUCK, 1000] == 0.5
    performance.schedule(Command("redo", SET, (None,), block=4), 7000)
    hit(performance, 8000)
    assert heard(performance, 9000)[2 * STRUCK, 1000] == 1.0


def test_hush_and_cancel_end_what_was_struck_and_what_waits(perform):
    performance = perform(store=Sounds(1))
    performance.schedule(pads(("note:36", strike("one", length=1)), ("note:37", strike("one", quant="1"))), 0)
    hit(performance, 1000)
    hit(performance, 1500, name="note:37@nano/10")
    performance.schedule(Command("panic"), 3000)
    performance.schedule(Command("cancel"), 3000)
    channel = heard(performance, 3 * RATE)[2 * STRUCK]
    assert channel[2999] == 1.0
    assert not channel[4000:].any()


def test_an_engine_that_takes_over_knows_what_pads_do(perform):
    performance = perform(store=Sounds(1))
    performance.renderer.position = 50000
    hit(performance, 1000)
    hit(performance, 45000)
    performance.catch_up([(10, pads(("note:36", strike("<one half>", length=1))))])
    hit(performance, 60000)
    channel = heard(performance, 62000)[2 * STRUCK]
    assert channel[60000 - 50000] - channel[60000 - 50001] == 1.0  # its third press


def test_a_storm_of_presses_is_struck_as_fast_as_hands_can(perform):
    performance = perform(store=Sounds(1))
    performance.schedule(pads(("note:36@*/*", strike("one", length=0.002))), 0)
    heard(performance, 512)
    for index in range(4900):
        hit(performance, 1000 + 9 * index)
    struck, usual = [], performance.renderer.strike
    performance.renderer.strike = lambda *what: struck.append(what[3]) or usual(*what)
    heard(performance, 1000 + RATE + 512)
    assert AT_ONCE + 0.9 * A_SECOND < len(struck) <= AT_ONCE + A_SECOND + 1
