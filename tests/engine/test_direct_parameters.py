"""The short way: what hands move is sent to the player at once, and what a replay makes of it."""

from __future__ import annotations

import threading
import time

import numpy as np
import pytest
from helpers.toy_sounds import LATENT, RATE, WINDOW, First, Sounds

import latentcode as lc
from latentcode.engine.direct_parameters import DirectParameters
from latentcode.inputs.history import Input
from latentcode.inputs.takeover import Ahead
from latentcode.session.journal import read_session
from latentcode.session.marks import place_name, place_named
from latentcode.session.records import DirectValues
from latentcode.session.writing import Journal
from latentcode.set.commands import SET, Command
from latentcode.set.performance import Performance
from latentcode.synth.renderer import Renderer
from latentcode.synth.settings import Settings
from latentcode.testing.player import FakePlayer
from latentcode.testing.spoken import spoken

CC = "cc:7@nano/1"
GAIN, MASTER = ("gain", 0), ("master",)


class Set:
    """A performance, the short way, and a player that stands `lead` samples behind."""

    def __init__(self) -> None:
        settings = Settings(RATE, RATE, WINDOW, latent_dim=LATENT)
        self.performance = Performance(Renderer(settings, Sounds(), First(), lambda trouble: None))
        self.said: list[str] = []
        self.player = FakePlayer(RATE)
        self.short = DirectParameters(
            self.player, Ahead(self.performance.bindings.takeover).counts, self.said.append
        )
        self.performance.holding.turned, self.performance.echoes.told = self.short.turn, self.short.echo
        self.short.begin()

    def do(self, kind, *arguments, voice=0):
        self.performance.schedule(Command(kind, voice, arguments), self.performance.renderer.position)
        self.performance.render(512)
        told, self.performance.outbox = [*map(spoken, self.performance.outbox)], []
        self.player.playhead = self.performance.renderer.position
        return told

    def move(self, value, name=CC):
        self.player.playhead += 256
        self.short.arrive(Input(name, value), time.monotonic())
        self.wait(lambda: not self.short._due)  # the next buffer's where its thread has just sent something
        return [one[:3] for one in self.player.hands[-1:]]

    def wait(self, ready):
        end = time.monotonic() + 30
        while not ready() and time.monotonic() < end:
            self.player.playhead += 16
            time.sleep(0.001)
        assert ready()


@pytest.fixture
def made():
    one = Set()
    yield one
    one.short.close()


def test_a_hand_moves_a_fader_at_once_by_way_of_its_curve(made):
    assert made.do("gain", lc.cc(7).range(0, 1.2)) == [("gain", 0, 0, 0.0)]
    assert made.move(0.5) == [(GAIN, 0, 0.6)]
    assert made.move(1.0) == [(GAIN, 0, 1.2)]
    before = len(made.player.hands)
    made.move(1.0)
    made.move(0.3, "cc:8@nano/1")
    assert len(made.player.hands) == before
    assert made.performance.outbox == []


def test_the_set_itself_sends_nothing_of_what_is_in_hand(made):
    made.do("gain", lc.cc(7) * lc.sine.fast(8))
    made.do("fx", (lc.lowpass(lc.cc(8).range(100, 800)), lc.delay(lc.cc(9).range(0.25, 0.5))))
    made.performance.render(20 * 512)
    assert made.performance.outbox == []


def test_a_number_takes_a_fader_out_of_the_hand(made):
    made.do("gain", lc.cc(7))
    assert made.do("gain", 0.5) == [("gain", 512, 0, 0.5)]
    assert made.move(0.9) == []
    made.do("gain", lc.cc(7))
    assert made.move(0.8) == [(GAIN, 1024, 0.8)]


def test_a_muted_voice_is_out_of_the_hand_until_it_is_heard_again(made):
    made.do("gain", lc.cc(7))
    made.performance.hear(Input(CC, 0.4), 600)
    assert made.do("mute", True) == [("gain", 512, 0, 0.0)]
    assert made.move(0.9) == []
    assert made.do("mute", False) == [("gain", 1024, 0, 0.4)]
    made.wait(lambda: made.player.hands)
    assert made.player.hands[-1][:3] == (GAIN, 1024, 0.9)
    assert made.do("solo", True, voice=3)[0] == ("gain", 1536, 0, 0.0)


def test_effects_are_in_hand_by_parameter_and_go_on_when_another_one_changes(made):
    chain = lc.lowpass(lc.cc(7).range(100, 8000)), lc.reverb(0.3)
    assert made.do("fx", chain)[0][:3] == ("fx", 0, 0)
    assert made.move(0.5) == [(("turn", 0, 0, 0), 0, 4050.0)]
    assert made.do("fx", (chain[0], lc.reverb(0.5))) == [("turn", 512, ((0, 1, 0, 0.5),))]
    assert made.move(0.6) == [(("turn", 0, 0, 0), 0, 4840.0)]
    assert made.do("fx", (lc.lowpass(800), lc.reverb(0.5))) == [("turn", 1024, ((0, 0, 0, 800.0),))]
    before = len(made.player.hands)
    made.move(0.7)
    assert len(made.player.hands) == before


def test_what_becomes_of_a_hand_that_moved_before_the_player_came_to_the_command(made):
    made.do("gain", lc.cc(7))
    made.player.playhead = 200
    made.performance.schedule(Command("master", SET, (lc.cc(7),)), made.performance.renderer.position)
    made.performance.render(512)
    made.move(0.7)
    assert [one[0] for one in made.player.hands] == [GAIN]
    made.wait(lambda: len(made.player.hands) == 2)
    place, since, value, when = made.player.hands[-1]
    assert (place, since, value) == (MASTER, 512, 0.7)
    assert when >= 512


def test_what_reads_another_fader_under_a_hand_follows_it_as_it_moves(made):
    made.do("gain", lc.cc(9, default=1))
    made.do("gain", lc.cc(7) * lc.live("d1.gain"), voice=1)
    made.do("fx", (lc.lowpass(lc.cc(8, default=1) * lc.live("d1.gain").range(100, 1100)),), voice=2)
    assert made.move(0.5) == [(("gain", 1), 512, 0.5)]
    made.move(0.4, "cc:9@nano/1")  # another hand: all three in one buffer
    assert [(place, value) for place, _, value, _ in made.player.hands[-3:]] == [
        (GAIN, 0.4), (("gain", 1), 0.2), (("turn", 2, 0, 0), 500.0)
    ]  # fmt: skip
    assert len({when for *_, when in made.player.hands[-3:]}) == 1
    told = made.do("gain", 0.8)  # a command
    made.wait(lambda: made.player.hands[-1][0] == ("gain", 1) and made.player.hands[-1][2] == 0.4)
    assert ("turn", 1536, ((2, 0, 0, 900.0),)) in told
    made.do("gain", lc.saw)  # a signal: what the set plays
    made.performance.render(4 * 512)
    made.wait(lambda: made.player.playhead >= made.performance.renderer.position)
    followed = [value for place, _, value, _ in made.player.hands if place == ("gain", 1)][-2:]
    stood = [value / 2 for _, _, _, value in map(spoken, made.performance.outbox) if value]
    assert followed == pytest.approx(stood[-2:], abs=1e-6)


def test_faders_that_read_each_other_come_to_rest(made):
    made.do("gain", lc.cc(7, default=1) * lc.live("d2.gain").range(0, 0.5))
    made.do("gain", lc.cc(8, default=1) * lc.live("d1.gain"), voice=1)
    made.move(0.5)
    made.wait(lambda: (made.player.hands and made.player.hands[-1][2] == 0) or len(made.player.hands) > 20)
    made.player.playhead += 4096
    before = len(made.player.hands)
    time.sleep(0.05)
    assert len(made.player.hands) - before < 100


def test_one_message_a_buffer_and_the_last_value_always_comes(made):
    made.do("gain", lc.cc(7))
    made.player.playhead += 256
    for value in np.linspace(0.1, 0.9, 50):
        made.short.arrive(Input(CC, float(value)), time.monotonic())
    assert len(made.player.hands) == 1
    made.wait(lambda: made.player.hands[-1][2] == 0.9)
    assert len(made.player.hands) == 2


def test_a_storm_from_several_threads_ends_where_the_hands_end(made):
    made.do("gain", lc.cc(7))
    made.do("pan", lc.cc(8))

    def storm(name):
        for value in np.linspace(0, 1, 400):
            made.short.arrive(Input(name, float(value)), time.monotonic())

    threads = [threading.Thread(target=storm, args=(name,)) for name in (CC, "cc:8@nano/1")]
    for thread in threads:
        thread.start()
    made.wait(lambda: not any(thread.is_alive() for thread in threads))
    made.wait(lambda: {one[0]: one[2] for one in made.player.hands} == {GAIN: 1.0, ("pan", 0): 1.0})
    assert len({(one[0], one[3]) for one in made.player.hands}) == len(made.player.hands)


def test_smoothing_goes_on_until_it_has_come_to_its_end(made):
    made.do("gain", lc.cc(7).smooth(20))
    made.move(1.0)
    made.wait(lambda: made.player.hands and made.player.hands[-1][2] > 0.999999)
    values = [one[2] for one in made.player.hands]
    assert len(values) > 4
    assert values == sorted(values)


def test_a_hand_on_a_signal_moves_while_the_hand_does_not(made):
    made.do("gain", lc.cc(7) * lc.square.fast(50))
    made.move(0.5)
    made.wait(lambda: {one[2] for one in made.player.hands} == {0.0, 0.5})


def test_a_hand_on_a_delay_follows_the_tempo(made):
    made.do("fx", (lc.delay(lc.cc(7).range(0.25, 0.5)),))
    assert made.move(1.0)[0][2] == 1.0
    made.performance.schedule(Command("tempo", SET, ("240",)), made.performance.renderer.position)
    made.performance.render(512)
    made.short.pace(made.performance.renderer.position, made.performance.renderer.tempo)
    made.wait(lambda: made.player.hands[-1][2] == 0.5)


def test_what_fails_stays_where_it_was_and_is_told_once(made):
    def bad(value):
        if value > 0.5:
            raise ValueError("no more")
        return value

    made.do("gain", lc.cc(7).fmap(bad))
    made.move(0.4)
    made.move(0.7)
    made.move(0.8)
    made.move(0.2)
    assert [one[2] for one in made.player.hands] == [0.4, 0.2]
    assert len(made.said) == 1
    assert "d1.gain" in made.said[0]


def test_a_bound_name_moves_what_it_is_bound_to_from_the_command_on(made):
    made.do("gain", lc.live("loud").smooth(0))
    made.do("bind", "loud", "cc:7@*/*", 0.0, 2.0, 0.0, voice=SET)
    made.move(0.5)
    assert made.player.hands[-1][0] == GAIN
    assert made.player.hands[-1][2] == 1.0


def test_undo_gives_a_fader_back_to_the_hand(made):
    made.do("gain", lc.cc(7))
    made.move(0.6)
    made.do("gain", 0.5)
    made.do("undo", 1, None, voice=SET)
    assert made.performance.faders.stand().gains[0] == lc.cc(7)
    assert made.move(0.7)[0][::2] == (GAIN, 0.7)


def test_a_new_player_is_told_all(made):
    made.do("gain", lc.cc(7))
    made.move(0.6)
    made.short.again()
    made.wait(lambda: len(made.player.hands) == 2)
    assert made.player.hands[1][:3] == (GAIN, 0, 0.6)


def test_an_engine_that_takes_over_tells_all_anew_and_the_hand_goes_on(made):
    commands = [
        (0, Command("gain", 0, (lc.cc(7),))),
        (100, Command("fx", 1, ((lc.reverb(lc.cc(8)),),))),
        (200, Command("bind", SET, ("loud", "cc:9@*/*", 0.0, 1.0, 0.0))),
        (300, Command("master", SET, (lc.live("loud"),))),
    ]
    for name, value, stamp in ((CC, 0.3, 50), ("cc:8@nano/1", 0.4, 60), ("cc:9@nano/1", 0.8, 70)):
        made.performance.hear(Input(name, value), stamp)
    made.performance.renderer.position = 5120
    made.performance.catch_up(commands)
    told = [*map(spoken, made.performance.outbox)]
    assert ("gain", 5120, 0, 0.3) in told
    assert ("master", 5120, 0.8) in told
    assert [message[3][0][1][0] for message in told if message[0] == "fx"] == [0.4]
    made.player.playhead = 5120
    made.move(0.3)  # nobody has seen the hand meanwhile: it takes over where the fader is
    assert made.move(0.5) == [(GAIN, 5120, 0.5)]
    made.move(0.8, "cc:9@nano/1")
    assert made.move(0.6, "cc:9@nano/1") == [(MASTER, 5120, 0.6)]


def test_places_are_named_in_the_journal_and_read_again(tmp_path):
    given = ((GAIN, 0.1), (MASTER, 2.0), (("turn", 16, 1, 2), 812.4), (("turn", 3, 0, 0), 1e-7))
    assert [place_name(place) for place, _ in given] == ["d1.gain", "master", "master.fx.1.2", "d4.fx.0.0"]
    assert [place_named(place_name(place)) for place, _ in given] == [place for place, _ in given]
    journal = Journal(tmp_path / "set.py")
    journal.header({"seed": 1})
    journal.note(DirectValues(4800, given))
    journal.close()
    assert read_session(tmp_path / "set.py").of(DirectValues) == [DirectValues(4800, given)]


def test_a_replay_gives_the_player_what_the_hand_gave(made):
    made.performance.holding.again(700, ((GAIN, 0.3),))
    made.performance.holding.again(600, ((MASTER, 0.2),))
    assert made.do("gain", lc.cc(7)) == [("gain", 0, 0, 0.0)]
    assert made.do("pan", 0.5) == [("hand", 600, ((MASTER, 0.2),)), ("hand", 700, ((GAIN, 0.3),))]
