from __future__ import annotations

import time
from contextlib import nullcontext
from fractions import Fraction
from types import SimpleNamespace

import numpy as np
import pytest
from helpers.toy_sounds import Impulse

from latentcode.clock.tempo import TempoMap
from latentcode.engine.midi_clock import Pulses
from latentcode.engine.sync import StartStop, Steering, Sync
from latentcode.errors import ControlError
from latentcode.patterns import s
from latentcode.session.journal import Session
from latentcode.session.records import LeaderTempo, LeaderTransport
from latentcode.set.commands import Command
from latentcode.set.recorded import led, steering

RATE = 44100


class Leader:
    """Beats that go by evenly; moments are session samples over RATE here."""

    def __init__(self, bpm, beat=0.0):
        self.pace, self.beat, self.since = bpm / 60, beat, 0.0

    def beats_at(self, moment):
        return self.beat + (moment - self.since) * self.pace, self.pace

    def turn(self, bpm, moment):
        self.beat, self.since = self.beats_at(moment)[0], moment
        self.pace = bpm / 60


def follow(tempo, leader, seconds, begin=0.0, silent=False, drift=0.0):
    """Corrections ten times a second; the errors in ms at each look, and how many corrections there were."""
    steering, errors, count = Steering(4), [], 0
    for step in range(int(seconds * 10)):
        sample = int((begin + step / 10) * RATE)
        moment = sample / RATE * (1 + drift)
        found = steering.correct(leader, moment, tempo.cycle_at(sample), tempo.cps_at(sample), silent)
        errors.append(1000 * steering.error)
        if found:
            count += 1
            tempo.steer(sample, found.cps, found.jump)
    return np.array(errors), count


def test_an_error_in_phase_goes_without_a_jump():
    tempo, leader = TempoMap(RATE, Fraction(1, 2)), Leader(120, 0.8)
    errors, _ = follow(tempo, leader, 12)
    assert errors[0] == pytest.approx(400, abs=0.1)
    assert np.abs(errors[-20:]).max() < 0.5
    bent = [float(tempo.cps_at(int(n * RATE / 10))) for n in range(120)]
    assert min(bent) > 0.44
    assert max(bent) < 0.56


def test_where_nothing_sounds_it_jumps_at_once():
    tempo, leader = TempoMap(RATE, Fraction(1, 2)), Leader(97.3, 2.9)
    errors, _ = follow(tempo, leader, 1, begin=2, silent=True)
    assert np.abs(errors).max() < 0.5
    landed = tempo.cycle_at(2 * RATE)
    assert landed > 1
    assert tempo.sample_of((1 + landed) / 2) == 2 * RATE  # what was left out falls on where it landed
    assert tempo.sample_of(landed + Fraction(1, 8)) > 2 * RATE


def test_a_clock_that_drifts_and_tempos_that_change_are_followed():
    tempo, leader = TempoMap(RATE, Fraction(1, 2)), Leader(120)
    errors, count = follow(tempo, leader, 20, drift=1e-4)
    assert np.abs(errors).max() < 0.5
    assert count < 20
    leader.turn(133.3, 20 * (1 + 1e-4))
    errors, _ = follow(tempo, leader, 10, begin=20, drift=1e-4)
    assert np.abs(errors[40:]).max() < 0.5


def test_an_hour_of_corrections_does_not_slow_the_map_down():
    tempo, draw = TempoMap(RATE, Fraction(1, 2)), np.random.default_rng(1)
    begun = time.process_time()
    for step in range(36_000):
        tempo.steer(step * RATE // 10, Fraction(500_000 + int(draw.integers(-50, 50)), 10**6))
    each = (time.process_time() - begun) / 36_000
    cycle = tempo.cycle_at(3600 * RATE)
    assert cycle.denominator < 10**13
    begun = time.process_time()
    for number in range(1000):
        assert tempo.cycle_at(tempo.sample_of(Fraction(number * 7, 4))) >= Fraction(number * 7, 4)
    look = (time.process_time() - begun) / 1000
    begun = time.process_time()
    for number in range(200):
        tempo.cycles(np.arange(number * 9000, number * 9000 + 512, dtype=np.float64))
    assert each < 5e-4
    assert look < 1e-3
    assert (time.process_time() - begun) / 200 < 1e-3


def test_what_was_decided_is_noted_and_read_again():
    noted = [
        LeaderTransport(9000, "stop"),
        LeaderTempo(4410, Fraction(500001, 10**6), Fraction(0)),
        LeaderTempo(8820, Fraction(1, 2), Fraction(1, 3)),
        LeaderTempo(9500),
    ]
    assert led(Session(records=noted)) == [
        (4410, steering(Fraction(500001, 10**6))),
        (8820, steering(Fraction(1, 2), Fraction(1, 3))),
        (9000, Command("transport", arguments=("stop",))),
        (9500, steering(None)),
    ]


def test_decisions_take_effect_at_their_sample_however_blocks_are_cut(perform):
    def played(pieces):
        performance = perform(Impulse(), bpm=120)
        performance.schedule(Command("play", 0, (s("a*8"), None)), 0)
        for stamp, command in (
            (5000, steering(Fraction(543_217, 10**6))),
            (9001, steering(Fraction(1, 2), Fraction(2, 7))),
            (12000, Command("transport", arguments=("stop",))),
            (30000, Command("transport", arguments=("start",))),
            (40000, steering(None)),
            (41000, Command("tempo", arguments=("97",))),
        ):
            performance.schedule(command, stamp)
        return np.concatenate([performance.render(piece) for piece in pieces], axis=1)

    one = played([60000])
    np.testing.assert_array_equal(one, played([512] * 117 + [96]))
    np.testing.assert_array_equal(one, played([333] * 180 + [60]))
    assert np.abs(one[:, :11000]).max() > 0
    assert np.abs(one[:, 26000:30000]).max() == 0
    assert np.abs(one[:, 31000:]).max() > 0


def test_what_begins_while_others_are_stopped_is_what_their_next_stop_keeps(perform):
    performance = perform(Impulse(), bpm=120)
    performance.schedule(Command("play", 0, (s("a*8"), None)), 0)
    for stamp, what in ((12000, "stop"), (60000, "begun"), (90000, "stop"), (150000, "start")):
        performance.schedule(Command("transport", arguments=(what,)), stamp)
    performance.schedule(Command("play", 1, (s("a*8"), None)), 50000)
    heard = np.abs(performance.render(240000)).max(0)
    assert [heard[begin:end].any() for begin, end in ((0, 12000), (30000, 50000), (70000, 90000))] == [
        1,
        0,
        1,
    ]
    assert not heard[120000:150000].any()
    assert heard[150000:].any()
    assert [bool(voice.playing) for voice in performance.renderer.voices[:2]] == [False, True]


class Band:
    """Sets that start and stop together."""

    def __init__(self, count):
        self.playing, self.sets = False, [StartStop() for _ in range(count)]
        self.sounding = [False] * count
        self.before = [False] * count
        self.done = [[] for _ in range(count)]

    def look(self, times=3):
        for _ in range(times):
            for index, one in enumerate(self.sets):
                sounding = self.sounding[index]
                what, tell = one.look(self.playing, sounding, sounding != self.before[index])
                self.before[index] = sounding
                self.playing = self.playing if tell is None else tell
                if what is not None:
                    self.done[index].append(what)
                    self.sounding[index] = self.sounding[index] and what == "start"


def test_who_is_silent_when_others_start_stops_nobody():
    band = Band(2)
    band.sounding[0] = True
    band.look()
    assert (band.playing, band.sounding, band.done) == (True, [True, False], [[], ["start"]])
    band.sounding[1] = True
    band.look()
    band.sounding[0] = False  # hush() there stops all
    band.look()
    assert (band.playing, band.sounding, band.done[1]) == (False, [False, False], ["start", "stop"])
    band.sounding[1] = True
    band.look()
    assert (band.playing, band.done[0]) == (True, ["start"])


def test_a_led_tempo_takes_numbers_and_is_left_where_it_is(perform):
    performance = perform(bpm=120)
    conductor = performance.renderer.conductor
    performance.schedule(Command("scene", arguments=("verse",)), 0)
    performance.schedule(steering(Fraction(6, 10)), 1000)
    performance.schedule(Command("go", arguments=("verse", None)), 2000)
    performance.schedule(Command("tempo", arguments=("130",)), 3000)
    performance.render(4000)
    assert performance.renderer.tempo.cps_at(2500) == Fraction(6, 10)
    assert conductor.wish == [Fraction(130, 240)]
    performance.schedule(steering(None), 5000)
    performance.schedule(Command("tempo", arguments=("120",)), 6000)
    performance.render(3000)
    assert performance.renderer.tempo.cps_at(5500) == Fraction(130, 240)
    assert performance.renderer.tempo.cps_at(6500) == Fraction(1, 2)


class Bare:
    """As much of a set as its timing needs to begin."""

    def __init__(self):
        renderer = SimpleNamespace(settings=SimpleNamespace(beats=4), position=0)
        self.performance, self.lock = SimpleNamespace(renderer=renderer), nullcontext()
        self.notes, self.told = [], []
        self.journal = SimpleNamespace(note=self.notes.append)
        self.desks = SimpleNamespace(notice=self.told.append)

    def timing(self):
        sound = SimpleNamespace(moment_of=lambda sample: sample / RATE)
        sender = SimpleNamespace(open=lambda port: None, at=lambda *what: None)
        return Sync(self, sound, sender, lambda given, moment: None)


def test_an_engine_that_takes_over_is_in_time_with_the_same_others():
    first = Bare()
    timing = first.timing()
    for words_ in (
        ("latency", 5.0),
        ("clock_out", "synth", True, 0.0),
        ("clock_out", "drums", True, -5.0),
        ("clock_out", None, False),
        ("clock_out", "synth", True, 2.0),
        ("latency", 12.0),
        ("osc_in", 0, "127.0.0.1"),
    ):
        timing.do(words_[0], words_[1:])
    assert timing.moment_of(RATE) == pytest.approx(1.012)
    timing.close()
    session = Session(records=first.notes)
    other = Bare().timing()
    other.restore(session)
    assert other.latency == 0.012
    assert [(out.port, out.nudge) for out in other.clocks.values()] == [("synth", 0.002)]
    assert other.server is not None
    other.close()
    assert not other.clocks
    assert other.server is None


def test_osc_from_the_whole_network_is_told_and_a_port_that_cannot_be_had_closes_nothing():
    engine = Bare()
    timing, told = engine.timing(), engine.told
    timing.do("osc_in", (0, "0.0.0.0"))
    assert "from the whole network" in told[0]
    assert 'host="127.0.0.1"' in told[0]
    heard = timing.server.port
    for wrong in ("no such host", "a\0b", "x" * 300):
        with pytest.raises(ControlError, match="cannot be listened to"):
            timing.do("osc_in", (0, wrong))
        assert timing.server.port == heard
    timing.do("osc_in", (0, "127.0.0.1"))
    assert len(told) == 1
    assert len(engine.notes) == 2
    timing.close()


# MIDI clock that is sent


def sent(tempo, ends, pulses=None):
    found = []
    pulses = pulses or Pulses("synth", 4, lambda moment, port, data: found.append((moment, data)))
    begin = 0
    for end in ends:
        pulses.advance(tempo, begin, end, lambda sample: sample / RATE)
        begin = end
    return found, pulses


def test_pulses_leave_with_their_samples_and_start_with_a_cycle():
    tempo = TempoMap(RATE, Fraction(1, 2))
    tempo.set(RATE, Fraction(55, 100))
    found, _ = sent(tempo, range(512, 6 * RATE, 512))
    pulses = [moment for moment, data in found if data == b"\xf8"]
    for number, moment in enumerate(pulses):
        assert moment == tempo.sample_of(Fraction(number, 96)) / RATE
    assert len(pulses) == int(tempo.cycle_at(6 * RATE) * 96 // 1)
    starts = [moment for moment, data in found if data == b"\xfa"]
    assert starts == [pytest.approx(-0.001)]
    assert len(set(found)) == len(found)


def test_others_are_told_the_place_where_time_was_lost():
    tempo = TempoMap(RATE, Fraction(1, 2))
    found, pulses = sent(tempo, range(512, 2 * RATE, 512))
    found.clear()
    pulses.advance(tempo, 10 * RATE, 10 * RATE + RATE, lambda sample: sample / RATE)
    order = [data for _, data in sorted(found, key=lambda pair: pair[0]) if data != b"\xf8"]
    assert order == [b"\xfc", bytes((0xF2, 81, 0)), b"\xfb"]
    tempo.steer(11 * RATE, Fraction(1, 2), Fraction(1, 3))
    found.clear()
    pulses.advance(tempo, 11 * RATE, 12 * RATE, lambda sample: sample / RATE)
    assert [data for _, data in found if data[0] == 0xF2] == [bytes((0xF2, 94, 0))]
    pulses.stop(0.0)
    assert found[-1] == (0.0, b"\xfc")


@pytest.mark.parametrize("jump", [True, False])
def test_a_start_is_jumped_to_whatever_sounds_where_that_was_asked(perform, jump):
    noted, performance = [], perform(Impulse())
    performance.schedule(Command("play", 0, (s("one"), None)), 0)
    performance.render(RATE // 4)
    live = SimpleNamespace(
        lock=nullcontext(),
        performance=performance,
        journal=SimpleNamespace(note=noted.append),
        desks=SimpleNamespace(notice=lambda text: None),
    )
    sound = SimpleNamespace(rate=RATE, playhead=0, moment_of=lambda sample: now + sample / RATE - 0.2)
    sync = Sync(live, sound, SimpleNamespace(open=lambda port: None), lambda *heard: None)
    sync.do("follow", ("drums", True, True) if jump else ("drums",))
    now = time.monotonic()
    for beat in range(-96, 0):
        sync.followed.hear("drums", b"\xf8", now + beat / 48)
    sync.followed.hear("drums", b"\xfa", now)
    sync.followed.hear("drums", b"\xf8", now + 0.001)
    sync.tick()
    jumps = [float(one.jump) for one in noted if isinstance(one, LeaderTempo)]
    assert [found > 0 for found in jumps] == [jump]
