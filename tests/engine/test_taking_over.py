"""Where an engine that takes over begins."""

from __future__ import annotations

import threading
import time
from random import Random
from types import SimpleNamespace
from unittest.mock import Mock

import numpy as np
import pytest
import soundfile
from helpers.toy_sounds import RATE

import latentcode as lc
from latentcode.engine.live_set import LiveSet
from latentcode.engine.pacing import Pace
from latentcode.engine.process import Engine
from latentcode.engine.taking_over import TakingOver, own, unrendered
from latentcode.engine.turns import Turns
from latentcode.inputs.history import Input
from latentcode.session.journal import read_session
from latentcode.session.writing import Journal
from latentcode.set.commands import Command
from latentcode.set.kinds import packed
from latentcode.testing.player import FakePlayer

HEAD = "# latentcode session 1\n# @ seed 1  rate 44100  buffer 256\n"


@pytest.mark.parametrize(
    ("mark", "begins"),
    [
        ("", 279040),
        ("dry 278528 279295", 279295),
        ("dry 279552 279807", 279807),
        ("in cc:1@nano/1 279500 0.5 cc:1@nano/1 279600 0.7", 279600),
        ("hand 279808 d1.gain 0.5", 279809),
        ("recording 100000 180000 a.wav", 280000),
        ("recording -5 20000 a.wav", 279040),
        ("tempo 279552 1/2 0", 279552),
        ("grab 3.1 d1 2 279600", 279601),
        ("1 279600", 279600),
        ("jump 100 90000000", 279040),  # a damaged one
    ],
)
def test_after_all_that_another_one_has_noted(tmp_path, mark, begins):
    (tmp_path / "set.py").write_text(f"{HEAD}# @ {mark}\nd1 >> s('kick')\n# @ end 3\n")
    session = read_session(tmp_path / "set.py")
    assert unrendered(279040, session, 44100) == begins
    assert unrendered(279040, session, 44100, recorded=290_000) == 290_000


def test_where_a_set_of_before_plays_by_itself_what_is_still_to_come_was_not_rendered(tmp_path):
    head = HEAD.replace("buffer 256", "buffer 256  from a.py@0  at 200000")
    coming = "# @ 1 0 0\nd1 >> s('kick')\n# @ 1 d1 000000 0\n# @ missed d1 290000\n# @ restart 100000\n"
    (tmp_path / "set.py").write_text(f"{head}{coming}# @ fallback d1 300000 -\n")
    assert own(read_session(tmp_path / "set.py")).records == []
    (tmp_path / "set.py").write_text(
        f"{head}{coming}# @ fallback d1 300000 -\n# @ restart 200192\n# @ dry 279552 279807\n"
    )
    session = own(read_session(tmp_path / "set.py"))
    assert unrendered(279040, session, 44100) == 279807
    (tmp_path / "set.py").write_text(f"{HEAD}{coming}")  # it goes on with none
    assert own(read_session(tmp_path / "set.py")).records == []


def test_a_recording_that_died_with_its_engine_is_noted_as_far_as_it_goes(perform, tmp_path):
    lines = ["take 1000 {}/a.wav", "recording 1000 50 {}/a.wav", "take 5000 {}/b.wav", "take 9000 {}/no.wav"]
    text = "".join(f"# @ {line}\n" for line in lines).format(*[tmp_path] * 4)
    (tmp_path / "set.py").write_text(HEAD + text)
    soundfile.write(tmp_path / "b.wav", np.zeros((300, 2)), 44100)
    journal = Journal(tmp_path / "set.py", again=True)
    engine = taking_over(perform(), journal)
    engine.taking_over.restore(())
    takes = read_session(tmp_path / "set.py").takes
    assert [(take.first, take.frames) for take in takes] == [(1000, 50), (5000, 300), (9000, 0)]


RESTARTED = 353 * 88200
COMMANDS = [
    (0, Command("play", 0, (lc.s("one*8"), "1"))),
    (0, Command("send", arguments=(("midi", "synth", "note", 1), lc.n("0 3 7 5"), "1", ()))),
    (44100, Command("tempo", arguments=("90",))),
    (2_000_000, Command("scene", arguments=("a",))),
    (RESTARTED - 300_000, Command("play", 0, (lc.s("half*8"), "4"))),
]


class Leaving(FakePlayer):
    """A player that has always played all; after so many blocks the engine is to leave."""

    def __init__(self, leave, blocks):
        super().__init__(RATE, follow=True)
        self._leave, self._blocks = leave, blocks

    def beat(self):
        time.sleep(0.0005)  # so that others have their turn

    def write(self, block):
        super().write(block)
        if len(self.heard) == self._blocks:
            self._leave.set()


def taking_over(performance, journal, blocks=100):
    """An engine that waits to be put back, without processes."""
    engine = Engine.__new__(Engine)
    engine.leave, engine.stamping = threading.Event(), SimpleNamespace(begun=threading.Event())
    engine.options = SimpleNamespace(hold=False, resumed=True, block=512, deskless=60.0)
    engine.journal, engine.words, engine.shortcut = journal, None, None
    engine.turns = Turns()
    engine.sound, engine.pace = Leaving(engine.leave, blocks), Pace(512 / RATE)
    engine.desks = SimpleNamespace(gone_for=lambda: 0.0, notice=lambda text: None, busy=True)
    engine.live = LiveSet(performance, journal, engine.desks)
    engine.hands, engine.lead, engine.timing = Mock(drain=lambda *place: []), Mock(samples=1146), Mock()
    engine.ears = engine.encoder = Mock()
    engine.taking_over = TakingOver(engine.live, engine.sound, engine.timing, engine.stamping.begun, None)
    performance.renderer.position = RESTARTED
    return engine


def delayed(thing, chance, *names):
    """Let methods of a thing wait for a moment, before and after they do what they do."""

    def waiting(method):
        def run(*arguments, **more):
            time.sleep(0.003 * chance.random())
            found = method(*arguments, **more)
            time.sleep(0.003 * chance.random())
            return found

        return run

    for name in names:
        setattr(thing, name, waiting(getattr(thing, name)))


def outgoing_of(performance):
    sent = []
    performance.outgoing.send = lambda going: sent.append((going.sample, going.data))
    return sent


@pytest.mark.parametrize("seed", range(12))
def test_it_comes_back_in_the_same_cycle_however_long_each_step_takes(perform, tmp_path, seed):
    straight, performance, chance = perform(), perform(), Random(seed)
    sent_straight, sent = outgoing_of(straight), outgoing_of(performance)
    (tmp_path / "set.py").write_text(HEAD)
    engine = taking_over(performance, Journal(tmp_path / "set.py", again=True))
    delayed(performance, chance, "schedule", "catch_up", "_hasten", "_approach", "_begin_again", "told")
    delayed(engine.sound, chance, "begin")
    delayed(engine.journal, chance, "note")
    thread = threading.Thread(target=engine._render_on)
    thread.start()
    time.sleep(0.01 * chance.random())
    engine.taking_over.restore(tuple((stamp, packed(command)) for stamp, command in COMMANDS))
    thread.join(20)
    assert engine.sound.first == RESTARTED
    heard = np.concatenate(engine.sound.heard, axis=1)
    straight.renderer.position = RESTARTED
    straight.catch_up(COMMANDS)
    due = np.concatenate([straight.render(512) for _ in range(heard.shape[1] // 512)], axis=1)
    assert np.array_equal(heard, due)
    assert sent == sent_straight != []
    assert min(sample for sample, _ in sent) >= RESTARTED


@pytest.mark.parametrize("also", [[], [(44032, Command("fx", 0, ((),)))]], ids=["alone", "with a command"])
def test_a_tempo_in_the_hand_is_passed_through_as_it_was_heard(perform, also):
    # the tempo is read, the hand moves and a command comes, all at one sample
    commands = [(0, Command("tempo", arguments=(lc.cc(2).range(100, 160),))), *also]
    moves = [(22016, 0.8), (44032, 0.1), (66048, 0.6)]
    heard, passed = perform(), perform()
    for performance in (heard, passed):
        for stamp, value in moves:
            performance.hear(Input("cc:2@nano/1", value), stamp)
    for stamp, command in commands:
        heard.schedule(command, stamp)
    for _ in range(172):
        heard.render(512)
    passed.renderer.position = heard.renderer.position
    passed.catch_up(commands)
    there = range(0, heard.renderer.position, 512)
    assert [passed.renderer.tempo.cycle_at(n) for n in there] == [
        heard.renderer.tempo.cycle_at(n) for n in there
    ]


@pytest.mark.parametrize("stamp", [30720, 31232], ids=["before", "at the jump"])
def test_time_that_was_lost_is_passed_through_as_it_was(perform, stamp):
    # the machine stands still while a hand moves the tempo and a command waits
    commands = [(0, Command("tempo", arguments=(lc.cc(2).range(100, 160),)))]
    commands += [
        (512, Command("play", 0, (lc.s("one*8"), "1"))),
        (stamp, Command("tempo", arguments=("90",))),
    ]
    commands += [(66048, Command("tempo", arguments=(lc.cc(2).range(80, 200),)))]
    moves = [(1000, 0.8), (30900, 0.1), (40000, 0.6), (50000, 0.3), (60000, 0.7), (70000, 0.5), (80000, 0.2)]
    lost = [(31232, 61440), (71680, 71680)]
    heard, passed = perform(), perform()
    for performance in (heard, passed):
        for sample, value in moves:
            performance.hear(Input("cc:2@nano/1", value), sample)
    for sample, command in commands:
        heard.schedule(command, sample)
    for before, after in [*lost, (88064, 88064)]:
        while heard.renderer.position < before:
            heard.render(512)
        heard.renderer.position = after
        heard.restart(unseen=after == before)
    passed.renderer.position = 88064
    passed.catch_up(commands, lost)
    there = range(0, 88064, 512)
    assert [passed.renderer.tempo.cycle_at(n) for n in there] == [
        heard.renderer.tempo.cycle_at(n) for n in there
    ]
    for _ in range(60):
        np.testing.assert_array_equal(passed.render(512), heard.render(512))
