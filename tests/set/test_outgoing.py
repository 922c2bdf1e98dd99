"""Patterns that are sent: each event at its sample, whatever the blocks, with takeovers as voices have them."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import ClassVar

import numpy as np
import pytest

from latentcode import cc, n, note, rand, sine, stack
from latentcode.clock.groove import Groove, Swing
from latentcode.clock.set_aside import Aside
from latentcode.clock.tempo import TempoMap, cycles_per_second
from latentcode.engine.departures import Departures
from latentcode.errors import LatentcodeError
from latentcode.inputs.history import Input, InputHistory
from latentcode.patterns import Steady, mini
from latentcode.set.event_encoder import Destination
from latentcode.set.outgoing import Outgoing, rehearse

RATE = 44100
CYCLE = 2 * RATE  # samples, at 120 beats per minute
NOTES = Destination("midi", "synth", "note", 1)
CUTOFF = Destination("midi", "synth", "cc:74", 1)


class Set:
    """A clock that is moved by hand, and what went out."""

    def __init__(self) -> None:
        self.tempo, self.groove, self.position = TempoMap(RATE, cycles_per_second(120)), Groove(), 0
        self.inputs, self.aside = InputHistory(RATE), Aside()
        self.out = Outgoing(self, 5)
        self.gone, self.told = [], []
        self.out.send, self.out.trouble = self.gone.append, self.told.append

    def send(self, where, pattern, cycle=Fraction(0), options=()):
        part = None if pattern is None else self.out.part(where, pattern, options)
        self.out.take_over(where, part, Fraction(cycle))

    def play(self, until, block=512):
        while self.position < until:
            end = min(self.position + block, until)
            self.out.advance(end)
            self.position = end
        return self.gone

    def struck(self):
        """(sample, key, whether it begins)."""
        return [(g.sample, g.value.key, not g.ends) for g in self.gone if g.where.what == "note"]


@pytest.fixture
def clock():
    return Set()


def test_notes_begin_and_end_at_their_samples_whatever_the_blocks():
    gone = []
    for block in (512, 100, 7001):
        clock = Set()
        clock.send(NOTES, n("0 3(3,8) <7 12>?").add(rand.range(0, 3).segment(4)))
        gone.append(clock.play(5 * CYCLE, block))
    assert gone[0] == gone[1] == gone[2]
    assert len(gone[0]) > 20


def test_a_note_lasts_as_long_as_its_event_times_legato(clock):
    clock.send(NOTES, n("0 ~ 7 ~").legato(0.5))
    clock.play(CYCLE)
    assert clock.struck() == [
        (0, 60, True),
        (CYCLE // 8, 60, False),
        (CYCLE // 2, 67, True),
        (CYCLE * 5 // 8, 67, False),
    ]


def test_n_counts_from_middle_c_and_note_is_a_midi_number(clock):
    clock.send(NOTES, note("c4 40 eb2"))
    clock.play(CYCLE)
    assert [key for _, key, begins in clock.struck() if begins] == [60, 40, 39]


def test_a_key_that_is_struck_again_ends_first(clock):
    clock.send(NOTES, n("0 0").legato(2))
    clock.play(CYCLE)
    assert clock.struck() == [(0, 60, True), (CYCLE // 2, 60, False), (CYCLE // 2, 60, True)]


def sounding(struck):
    """The keys that are held in the end; every off must come after its on."""
    held = {}
    for sample, key, begins in struck:
        if begins:
            assert key not in held, f"{key} is struck twice"
            held[key] = sample
        else:
            assert held.pop(key) < sample
    return set(held)


@pytest.mark.parametrize("legato", [0, -3, 1e-9, cc(7), "<0 1>", sine.range(-1, 1), rand])
def test_a_note_lasts_a_sample_at_least(clock, legato):
    clock.send(NOTES, n("0 4 7 [0 0 4]*16").legato(legato))
    clock.play(3 * CYCLE)
    clock.out.silence(clock.position)
    assert sum(begins for _, _, begins in clock.struck()) == 3 * 51
    assert not sounding(clock.struck())


@pytest.mark.parametrize("block", [1, 512])
def test_a_key_that_is_struck_twice_at_once_goes_out_once_as_loud_and_long_as_both(block):
    clock = Set()
    clock.send(
        NOTES, stack(n("0 ~").velocity(0.5).legato(1.5), n("0").velocity(0.25), n("4 ~"), n("0 ~").legato(0))
    )
    clock.play(CYCLE // 2 + 1 if block == 1 else CYCLE - 1, block)
    begins = [(going.value.key, going.value.velocity) for going in clock.gone if not going.ends]
    assert sorted(begins) == [(60, 0.8), (64, 0.8)]
    assert sounding(clock.struck()) == {60}
    clock.play(CYCLE + 1)
    assert (CYCLE, 60, False) in clock.struck()


def test_a_takeover_strikes_nothing_that_is_over_and_silent_notes_are_no_mistake(clock):
    clock.send(NOTES, n("[0,4]/4"))
    clock.play(CYCLE)
    clock.send(NOTES, stack(n("[0,0,7]/4").legato(0.1), n("9/4").velocity(0)), 1)
    clock.play(2 * CYCLE)
    assert not clock.told
    assert not sounding(clock.struck())
    assert {key for _, key, begins in clock.struck() if begins} == {60, 64}


def test_what_has_just_begun_when_a_pattern_fails_is_let_go_after_it_has_begun(clock):
    clock.send(NOTES, n("~ [0@63 100]").legato(2))
    clock.play(CYCLE, CYCLE)
    assert clock.told
    assert [key for _, key, begins in clock.struck() if begins] == [60]
    assert not sounding(clock.struck())


def test_an_off_leaves_after_its_on_whatever_becomes_known_of_their_moments(clock):
    class Wall:
        moments = iter((5.0, 4.9, 4.8, 6.0))

        def moment_of(self, sample):
            return next(self.moments)

    class Sender:
        left: ClassVar = []

        def open(self, port, virtual):
            pass

        def at(self, moment, port, data):
            self.left.append((moment, data))

    departures = Departures(Wall(), Sender(), print)
    clock.out.send = departures.send
    clock.send(NOTES, n("0 0").legato(0), options=(0.0, False))
    clock.play(CYCLE)
    assert [moment for moment, _ in Sender.left] == [5.0, 5.0, 5.0, 6.0]
    assert [data[0] for _, data in Sender.left] == [0x90, 0x80, 0x90, 0x80]


def test_velocity_is_that_of_the_pattern(clock):
    clock.send(NOTES, n("0 1 2").velocity("1 .5 0").gain(0.5))
    clock.send(Destination("midi", "synth", "note", 2), n("0"))
    clock.play(CYCLE)
    found = [(going.value.key, going.value.velocity) for going in clock.gone if not going.ends]
    assert found == [(60, 0.5), (60, 0.8), (61, 0.25)]


def test_the_same_pattern_again_changes_nothing_and_another_takes_over_at_its_boundary(clock):
    clock.send(NOTES, n("0 3"))
    clock.play(CYCLE // 4)
    clock.send(NOTES, n("0 3"), 1)
    assert clock.out.lines[NOTES].pending is None
    clock.send(NOTES, n("7"), 1)
    clock.send(NOTES, n("7"), 2)
    assert clock.out.lines[NOTES].pending.cycle == 1
    clock.play(CYCLE + 1)
    assert clock.struck()[-2:] == [(CYCLE, 63, False), (CYCLE, 67, True)]


def test_a_takeover_in_mid_event_keeps_the_keys_that_are_held_on(clock):
    clock.send(NOTES, n("[0,4]/8"))
    clock.play(CYCLE)
    clock.send(NOTES, n("[0,7]/8"), 2)
    clock.play(3 * CYCLE)
    assert clock.struck() == [
        (0, 60, True),
        (0, 64, True),
        (2 * CYCLE, 64, False),
        (2 * CYCLE, 67, True),
    ]
    clock.play(8 * CYCLE + 1)
    assert [key for sample, key, begins in clock.struck() if sample == 8 * CYCLE and not begins] == [60, 67]


def test_what_is_stopped_or_silenced_is_let_go(clock):
    clock.send(NOTES, n("0/4"))
    clock.send(CUTOFF, Steady(0.5))
    clock.play(100)
    clock.out.take_over(Destination("midi", "synth", "*", 1), None, Fraction(1))
    clock.play(CYCLE + 1)
    assert clock.struck()[-1] == (CYCLE, 60, False)
    clock.play(CYCLE + 600)
    assert not clock.out.lines
    clock.send(NOTES, n("5/4"), 1)
    clock.play(CYCLE + 1200)
    clock.out.silence(clock.position)
    assert clock.struck()[-1] == (CYCLE + 1200, 65, False)


def test_a_signal_is_read_on_the_grid_and_only_changes_are_sent():
    gone = []
    for block in (512, 300):
        clock = Set()
        clock.send(CUTOFF, sine.slow(2))
        gone.append(clock.play(CYCLE, block))
    assert gone[0] == gone[1]
    assert all(going.sample % 512 == 0 for going in gone[0])
    values = [going.value for going in gone[0]]
    assert all(a != b for a, b in pairwise(values))
    assert set(range(64, 128)) <= set(values)


def test_an_event_pattern_of_numbers_is_sent_at_its_onsets(clock):
    clock.send(CUTOFF, mini("0 .5 .5 2"))
    clock.play(CYCLE)
    quarter = CYCLE // 4
    assert [(going.sample, going.value) for going in clock.gone] == [
        (0, 0),
        (quarter, 64),
        (3 * quarter, 127),
    ]


def test_bend_fills_fourteen_bits(clock):
    clock.send(Destination("midi", "synth", "bend", 1), mini("-1 0 1"))
    clock.play(CYCLE)
    assert [going.value for going in clock.gone] == [0, 8192, 16383]


def test_live_inputs_count_from_the_grid_on(clock):
    clock.send(CUTOFF, cc(1))
    clock.send(NOTES, n("0*8").add((cc(2) * 12).segment(8)))
    clock.play(10000)
    clock.inputs.put(Input("cc:1@nano/1", 0.5), 10100)
    clock.inputs.put(Input("cc:2@nano/1", 1.0), 10700)
    clock.play(CYCLE // 4)
    moved = [(going.sample, going.value) for going in clock.gone if going.where == CUTOFF]
    assert moved == [(0, 0), (20 * 512, 64)]
    assert [key for _, key, begins in clock.struck() if begins] == [60, 72]


def test_swing_is_that_of_the_set(clock):
    clock.groove.change(Fraction(0), Swing(Fraction(1, 2), 4))
    clock.send(NOTES, n("0*8"))
    clock.play(CYCLE // 4)
    assert [sample for sample, _, begins in clock.struck() if begins] == [0, -(-CYCLE * 3 // 16)]


def test_a_pattern_that_fails_is_set_aside_and_the_one_before_goes_on(clock):
    def fails(value):
        raise ZeroDivisionError("oh")

    clock.send(NOTES, n("0*4"))
    clock.play(CYCLE)
    clock.send(NOTES, n("1*4").when("<0 0 1>", lambda p: p.fmap(fails)), 1)
    clock.play(3 * CYCLE)
    assert clock.told == ["✗ midi_out('synth') note: ZeroDivisionError: oh; the pattern before it goes on"]
    assert {key for sample, key, _ in clock.struck() if sample >= 2 * CYCLE} >= {60}
    balance = sum(1 if begins else -1 for _, _, begins in clock.struck())
    assert balance in (0, 1)


def test_time_that_is_lost_leaves_nothing_hanging(clock):
    clock.send(NOTES, n("0/4"))
    clock.play(100)
    clock.position = 3 * RATE
    clock.out.restart(clock.position)
    assert clock.struck()[-1] == (3 * RATE, 60, False)
    clock.play(8 * CYCLE + 1)
    assert clock.struck()[-1] == (8 * CYCLE, 60, True)


def test_what_was_sent_can_be_come_back_to(clock):
    clock.send(NOTES, n("0*4"))
    clock.play(100)
    stand = clock.out.stand()
    clock.send(NOTES, n("5*4"), Fraction(1, 4))
    clock.send(CUTOFF, sine, Fraction(1, 4))
    clock.play(CYCLE)
    clock.out.recall(stand, Fraction(1))
    clock.play(2 * CYCLE)
    assert [where for where, _ in clock.out.stand()] == [NOTES]
    assert {key for sample, key, begins in clock.struck() if sample >= CYCLE and begins} == {60}


OSC = Destination("osc", "127.0.0.1:57120", "/x")


@pytest.mark.parametrize(
    "value", [1e39, -1e39, np.inf, np.nan, 2**2000, b"x", None, [1, [2]], "\0", "\ud800", "x" * 70000]
)
@pytest.mark.parametrize("where", [OSC, NOTES, CUTOFF])
def test_what_cannot_be_sent_is_found_in_the_trial_and_in_mid_set_that_line_alone_is_set_aside(
    clock, where, value
):
    pattern = n("0 1").fmap(lambda given: value)
    if where is not CUTOFF or value not in (1e39, -1e39):  # numbers of controllers are moved to the edge
        with pytest.raises(LatentcodeError):
            rehearse(where, pattern)
        clock.send(NOTES._replace(channel=3), n("0*4"))
        clock.send(where, pattern)
        clock.play(CYCLE)
        assert len(clock.told) == 1
        assert "nothing is sent there now" in clock.told[0]
        assert len(clock.told[0]) < 300
        assert {going.where for going in clock.gone} == {NOTES._replace(channel=3)}


def test_a_service_that_raises_costs_its_line_alone_and_what_sounds_there_is_let_go(clock):
    other = NOTES._replace(channel=3)

    def send(going):
        if going.where == NOTES and not going.ends and going.value.key == 67:
            raise RuntimeError("no")
        clock.gone.append(going)

    clock.out.send = send
    clock.send(NOTES, n("0/4"))
    clock.send(other, n("0*4"))
    clock.play(CYCLE)
    clock.send(NOTES, n("[0,7]/4"), 1)
    clock.play(2 * CYCLE)
    assert len(clock.told) == 1
    assert clock.told[0].endswith("RuntimeError: no; the pattern before it goes on")
    balance = [1 if begins else -1 for _, key, begins in clock.struck() if key == 67]
    assert sum(balance) <= 0
    assert sum(going.where == other and not going.ends for going in clock.gone) == 8


def test_messages_travel_as_they_were_tried(clock):
    clock.send(OSC, mini("a <.5 2>"))
    clock.send(NOTES._replace(channel=2), n("0 ~"))
    clock.play(CYCLE)
    assert [going.data for going in clock.gone if going.where == OSC] == [
        (b"/x\0\0,s\0\0a\0\0\0",),
        (b"/x\0\0,f\0\0\x3f\0\0\0",),
    ]
    assert [going.data for going in clock.gone if going.where != OSC] == [
        (b"\x91\x3c\x66",),
        (b"\x81\x3c\0",),
    ]
