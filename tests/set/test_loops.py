"""Loops of what comes in: where in it they are, what is in them, and back again."""

from __future__ import annotations

from fractions import Fraction
from types import SimpleNamespace

import numpy as np
import pytest
from helpers.toy_sounds import LATENT, WINDOW, rendered

from latentcode.latents.listening import live_in
from latentcode.latents.looping import InputLoop
from latentcode.latents.strategies import as_pattern
from latentcode.set.commands import SET, Command
from latentcode.set.loops import LONGEST
from latentcode.sounds.hearing import Hearing

CYCLE, RATE, SCALE = 88200, 44100, float(1 << 21)
LATE = 4096  # samples that what comes in is heard late, in some
SOURCE = live_in(1, gate=-200, limit=0)
LOOP = InputLoop("1.1", Fraction(1), SOURCE)


class Codec:
    """Every frame holds the first of its samples."""

    card = SimpleNamespace(sample_rate=RATE, digest="toy", advance=WINDOW, name="toy")
    around = 0, WINDOW

    def encode(self, samples, hop, report=None):
        raise NotImplementedError

    decoder = encode

    def encode_frame(self, samples):
        return np.full((1, LATENT), samples[0], np.float32), None


class Counting:
    """What comes in counts its samples, as parts of a whole."""

    def open(self, channel):
        return True

    def samples(self, channel, first, count):
        return ((first + np.arange(count)) / SCALE).astype(np.float32)


def told(performance, what, sample, quant="1", cycles="1"):
    performance.schedule(Command("loop", SET, (quant, what, "1.1", cycles, SOURCE)), sample)


@pytest.fixture
def played(perform):
    """Plays a loop of one cycle: played(cycles, (what, sample), …), what came in as sample numbers."""

    def made(cycles, *asked, block=512, pattern=LOOP):
        performance = perform(latent_dim=LATENT)
        performance.listen(Hearing(RATE, Counting(), lambda name: Codec()))
        performance.schedule(Command("play", 0, (as_pattern(pattern), None)), 0)
        for what, sample in asked:
            told(performance, what, sample)
        return rendered(performance, round(cycles * CYCLE), block) * SCALE

    return made


def near(found, wanted):
    return abs(found - wanted) <= 2.1 * WINDOW


def test_a_loop_is_silent_until_it_is_whole_and_then_goes_round_in_phase(played):
    heard = played(4, ("record", 100))
    assert not heard[: 2 * CYCLE].any()
    for cycle in (2, 3):
        for place in (200, 30000, 88000):
            assert near(heard[cycle * CYCLE + place], CYCLE + place)


def test_it_follows_the_tempo_and_its_pitch_stays(perform, played):
    performance = perform(latent_dim=LATENT)
    performance.listen(Hearing(RATE, Counting(), lambda name: Codec()))
    performance.schedule(Command("play", 0, (as_pattern(LOOP), None)), 0)
    told(performance, "record", 100)
    performance.schedule(Command("tempo", SET, ("60",)), 2 * CYCLE)
    heard = rendered(performance, 4 * CYCLE) * SCALE
    assert near(heard[3 * CYCLE], CYCLE + CYCLE / 2)


@pytest.mark.parametrize(
    ("what", "place"),
    [("half", 0.25), ("turn", 0.5)],
)
def test_its_pace_changes_from_where_it_is_and_back(played, what, place):
    heard = played(5, ("record", 100), (what, 2 * CYCLE + 100), (what, 3 * CYCLE + 100))
    there = heard[3 * CYCLE + CYCLE // 2]
    assert near(there, CYCLE + place * CYCLE)
    assert near(heard[4 * CYCLE + 30000], CYCLE + 30000 + (CYCLE / 2 if what == "half" else 0))


def test_an_overdub_is_both_from_the_next_round_on_and_undo_takes_it_back(played):
    heard = played(6, ("record", 100), ("overdub", 2 * CYCLE + 100), ("undo", 4 * CYCLE + 100))
    assert near(heard[3 * CYCLE + 500], CYCLE + 500)  # while it is recorded
    assert near(heard[4 * CYCLE + 500], CYCLE + 500 + 3 * CYCLE + 500)
    assert near(heard[5 * CYCLE + 500], CYCLE + 500)


def test_replacing_clearing_and_what_undo_brings_back(played):
    heard = played(
        7, ("record", 100), ("record", 2 * CYCLE + 100), ("clear", 4 * CYCLE + 100), ("undo", 5 * CYCLE + 100)
    )
    assert near(heard[4 * CYCLE + 500], 3 * CYCLE + 500)
    assert not heard[5 * CYCLE + WINDOW : 6 * CYCLE - WINDOW].any()
    assert near(heard[6 * CYCLE + 500], 3 * CYCLE + 500)
    before_it_is_whole = played(4, ("record", 100), ("undo", CYCLE + 100))
    assert not before_it_is_whole.any()


def test_blocks_of_any_size_give_the_same(played):
    asked = ("record", 100), ("overdub", 2 * CYCLE + 100), ("half", 3 * CYCLE + 77)
    assert np.array_equal(played(4, *asked), played(4, *asked, block=5000))


def test_it_is_read_as_any_source(played):
    there = played(3, ("record", 100), pattern=LOOP.freeze(0.5))
    assert near(there[2 * CYCLE + 100], CYCLE + CYCLE / 2)
    backwards = played(3, ("record", 100), pattern=LOOP.reverse())
    assert near(backwards[2 * CYCLE + 8820], CYCLE + 0.9 * CYCLE)


def test_one_that_is_too_long_is_told_and_left(perform):
    performance, said = perform(latent_dim=LATENT), []
    performance.notice = said.append
    performance.listen(Hearing(RATE, Counting(), lambda name: Codec()))
    told(performance, "record", 0, cycles="20")
    rendered(performance, 512)
    assert f"{LONGEST:.0f} s are the most" in said[0]


def test_what_is_recorded_is_shown(perform):
    performance = perform(latent_dim=LATENT)
    performance.listen(Hearing(RATE, Counting(), lambda name: Codec()))
    told(performance, "record", 100)
    rendered(performance, 1024)
    assert performance.loops.state(1.25) == (("audio:1", 0.25, 1.0),)
    assert performance.loops.state(2.5) == ()


@pytest.mark.parametrize("takes", [True, False])
def test_what_has_not_come_in_yet_is_asked_for_in_sets_of_before_alone(perform, takes):
    performance, ahead = perform(latent_dim=LATENT, takes=takes), []

    class Early(Counting):
        def samples(self, channel, first, count):
            ahead.append(first + count - hearing.until + LATE)
            return super().samples(channel, first, count)

    hearing = Hearing(RATE, Early(), lambda name: Codec())
    hearing.delay(0, LATE)
    performance.listen(hearing)
    performance.schedule(Command("play", 0, (as_pattern(LOOP.reverse()), None)), 0)
    told(performance, "record", 100)
    heard = rendered(performance, 3 * CYCLE) * SCALE
    assert (max(ahead) > 0) is not takes
    assert near(heard[2 * CYCLE + 8820], CYCLE + 0.9 * CYCLE)
