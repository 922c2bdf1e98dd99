from __future__ import annotations

import os
import signal

import pytest
from helpers.waiting import until
from msgspec.structs import replace

from latentcode.errors import EngineError
from latentcode.prompt.link import HANDLERS, Link
from latentcode.prompt.options import Options, doors
from latentcode.prompt.session import Desk
from latentcode.protocol.messages import Block, Bye, Replaced, State
from latentcode.set.commands import Command
from latentcode.set.kinds import packed
from latentcode.testing.engine import ENGINE, heard


@pytest.fixture
def desk(home):
    said: list[str] = []
    link = Link(Options(journal=str(home / "set.py"), seed=5, bpm="90").settled(), said.append, ENGINE)
    link.start()
    desk = Desk(link, said.append)
    desk.said, desk.journal = said, home / "set.py"
    yield desk
    link.leave()


def blocks(desk):
    return [m for m in heard(desk.journal) if m[0] == "block"]


def test_the_engine_gets_the_options(desk):
    assert desk.link.wait_ready(10)
    words = heard(desk.journal)[0][1]
    assert words[:8] == ["--model", "default", "--seed", "5", "--bpm", "90", "--journal", str(desk.journal)]


def test_lines_typed_before_the_engine_is_ready_are_sent_when_it_is(desk):
    assert desk.run('d1 >> "cello"')
    assert desk.run("x = 1")
    until(lambda: len(blocks(desk)) == 2)
    assert blocks(desk)[0][:4] == ("block", 1, 'd1 >> "cello"', False)


def test_the_state_is_kept(desk):
    desk.run('bpm(99); d1 >> "cello"')
    until(lambda: desk.link.state.bpm == 99)
    assert "cello" in repr(desk.names.space["d1"])
    assert eval("bpm()", desk.names.space) == 99


def test_it_is_known_whether_what_was_asked_before_is_done(desk):
    desk.link.wait_ready(20)
    assert desk.link.ask("settled", patience=20)
    desk.link._unanswered.sent(Block(99, "", False, ()))  # its sounds are still being encoded
    assert desk.link.ask("settled", patience=0.05) is False


def test_errors_are_lines_and_blocks_that_failed_are_sent(desk):
    assert not desk.run('d1 >> "cello"\nd2 >> "celo"')
    assert desk.said[-1].startswith("✗ d2: no sound called 'celo'")
    told = lambda: [m for m in heard(desk.journal) if m[:2] in (("block", 1), ("done", 1))]  # noqa: E731
    until(
        lambda: any(m[3 if m[0] == "block" else 2] is True for m in told()), told=told
    )  # early, or at its end
    desk.run("why()")
    assert "SoundError" in desk.said[-1]


def test_notices_and_refusals_reach_the_musician(desk):
    desk.run("1 #notice the device is lost")
    until(lambda: "the device is lost" in desk.said)
    desk.run('d3 >> "cello" #refuse d3: too many layers')
    until(lambda: "✗ d3: too many layers" in desk.said)


def test_keys_are_blocks_of_their_own(desk):
    desk.run('d1 >> "cello"; hush = 3')
    desk.press("hush")
    until(lambda: len(blocks(desk)) == 2)
    assert blocks(desk)[1][:4] == ("block", 2, "hush()", False)
    assert blocks(desk)[1][4][0][0] == "hush"


def test_a_name_that_was_lost_is_told_once(desk):
    desk.run("d1 = 3")
    desk.run("d2 = 3")
    desk.run("s = 4")
    told = [line for line in desk.said if "restore_names" in line]
    assert [line.split()[0] for line in told] == ["d1", "d2", "s"]


def test_when_the_engine_dies_another_takes_over(desk):
    desk.run('bpm(100); d1 >> "cello"; d1.gain(.5)')
    desk.run('d1 >> "choir"; d2 >> "kick"; d1.gain(.6); d2.mute()')
    until(lambda: desk.link.state.sample > 4000)
    until(lambda: not desk.link.memory._sent)
    os.kill(desk.link._child.process.pid, signal.SIGKILL)
    until(lambda: "the engine is back" in desk.said)
    restored = until(lambda: [m for m in heard(desk.journal) if m[0] == "restore"])
    kinds = sorted(kind for _, kind in restored[0][1])
    assert kinds == ["gain", "gain", "mute", "play", "play", "play", "tempo"]
    words = [m[1] for m in heard(desk.journal) if m[0] == "start"][1]
    assert "--continue" in words
    assert int(words[words.index("--start") + 1]) > 4000
    assert desk.run('d3 >> "flute"')
    until(lambda: blocks(desk)[-1][2] == 'd3 >> "flute"')


def test_an_engine_that_dies_where_a_set_of_before_plays_by_itself_is_followed_where_it_was(home):
    said: list[str] = []
    link = Link(Options(journal=str(home / "set.py")).settled(), said.append, ENGINE)
    link.take_up(4000, 400000)
    assert link.wait_ready(20)
    hush = Command("hush")
    link.memory.keep(hush, 300000, packed(hush))  # what is still to come
    until(lambda: link.state.sample > 8000)
    os.kill(link._child.process.pid, signal.SIGKILL)
    until(lambda: "the engine is back" in said)
    words = [m[1] for m in heard(home / "set.py") if m[0] == "start"][1]
    assert 8000 < int(words[words.index("--start") + 1]) < 300000
    assert "--opened" in words
    link.leave()


def test_a_recording_goes_on_with_the_next_engine_and_with_those_after_it(desk, monkeypatch):
    monkeypatch.setattr("latentcode.prompt.deaths.PAUSES", (0.0, 0.0, 0.05, 0.05))
    desk.run('record("take.wav", stems=True)')
    until(lambda: desk.link.state.recording)
    os.kill(desk.link._child.process.pid, signal.SIGKILL)
    until(lambda: any("take.wav holds what was recorded" in line for line in desk.said))
    with monkeypatch.context() as patch:  # one that dies before it has said that it records
        patch.setitem(HANDLERS, State, lambda link, state: link._on_state(replace(state, recording=None)))
        until(lambda: "the engine is back" in desk.said)
        os.kill(desk.link._child.process.pid, signal.SIGKILL)
        until(lambda: desk.said.count("the engine is back") == 2)
    until(lambda: desk.link.state.recording)
    os.kill(desk.link._child.process.pid, signal.SIGKILL)  # one that had gone on, dead again soon
    until(lambda: desk.said.count("the engine is back") == 3)
    until(lambda: desk.link.state.recording)
    asked = [m[1:] for m in heard(desk.journal) if m[0] == "record"]
    assert asked[-1][0].endswith("take.wav")
    assert asked[-1][1]
    desk.run("record(None)")
    until(lambda: not desk.link.state.recording)
    os.kill(desk.link._child.process.pid, signal.SIGKILL)
    until(lambda: desk.said.count("the engine is back") == 4)
    assert len([m for m in heard(desk.journal) if m[0] == "record"]) == len(asked) + 1


def test_a_block_that_kills_the_engine_is_not_sent_for_ever(desk):
    desk.run('d1 >> "cello"')
    until(lambda: not desk.link.memory._sent)
    desk.run("1 #die")
    until(lambda: desk.said.count("the engine is back") == 2, 20)
    desk.run("x = 2")
    until(lambda: blocks(desk)[-1][2] == "x = 2")
    assert sum(m[2] == "1 #die" for m in blocks(desk)) == 2
    assert "✗ not played, as two engines died over it: 1 #die" in desk.said


def test_what_a_block_was_told_is_told_to_the_next_engine_with_it(desk, home):
    (home / "tour.toml").write_text("bpm = 100\n")
    desk.link.wait_ready(20)
    desk.run(f"rig({str(home / 'tour.toml')!r}) #die")
    until(lambda: sum("#die" in m[2] for m in blocks(desk)) == 2, 20)
    kinds = [m[0] for m in heard(desk.journal) if m[0] in ("answered", "block", "restore")]
    assert kinds[:6] == ["answered", "answered", "block", "restore", "answered", "answered"]


def test_an_engine_that_is_killed_again_and_again_is_never_given_up(desk, monkeypatch):
    monkeypatch.setattr("latentcode.prompt.deaths.PAUSES", (0.0, 0.0, 0.05, 60.0))
    desk.run('d1 >> "cello"')
    until(lambda: not desk.link.memory._sent)
    for times in range(1, 4):
        os.kill(desk.link._child.process.pid, signal.SIGKILL)
        until(lambda times=times: desk.said.count("the engine is back") == times, 20)
    os.kill(desk.link._child.process.pid, signal.SIGKILL)
    until(lambda: desk.link.pausing)
    assert "died again as it began" in desk.said[-1]
    assert "tried in 60 s, or when you enter a line" in desk.said[-1]
    desk.run("x = 2")  # which ends the pause
    until(lambda: blocks(desk)[-1][2] == "x = 2", 20)
    assert not desk.link.pausing


def test_patterns_that_hang_one_after_the_other_do_not_leave_the_set_without_an_engine(desk):
    desk.run('d1 >> "cello" #hang')
    until(lambda: not desk.link.memory._sent)
    os.kill(desk.link._child.process.pid, signal.SIGKILL)
    until(lambda: desk.said.count("the engine is back") == 5, 20)
    desk.run("x = 2")
    until(lambda: blocks(desk)[-1][2] == "x = 2")
    assert not any("does not start" in line for line in desk.said)


def test_an_engine_that_does_not_start_is_told_with_its_last_words(home):
    said: list[str] = []
    link = Link(Options(journal=str(home / "set.py")).settled(), said.append, "no_such_engine")
    link.start()
    until(lambda: said)
    assert "does not start" in said[0]
    assert "no_such_engine" in said[0]
    link.leave()


def test_an_engine_that_says_why_it_cannot_start(home):
    said: list[str] = []
    link = Link(Options(journal=str(home / "set.py"), model="bad").settled(), said.append, ENGINE)
    link.start()
    until(lambda: said)
    assert said == ["✗ the engine does not start: no model at bad"]
    assert not link.wait_ready(5)
    link.leave()


def test_a_set_that_was_kept_can_be_resumed(home):
    said: list[str] = []
    journal = home / "set.py"
    first = Link(Options(journal=str(journal)).settled(), said.append, ENGINE)
    first.start()
    assert first.wait_ready(10)
    first.leave(keep=True)
    journal.write_text(
        "# latentcode session 1\n# @ seed 3  rate 44100\n"
        "# @ 1 0\ncello = path('cello')\ndef go():\n    d3 >> cello\n# @ 2 100\n"
        "d1 >> cello\n# @ 2 d1 cc93ed 100\n"
    )
    second = Link(Options(resume=True), said.append, ENGINE)
    second.resume()
    desk = Desk(second, said.append)
    desk.resumed()
    assert desk.names.space["cello"].name == "cello:2"
    assert [stamp for stamp, _ in second.memory.commands()] == [100]
    assert desk.code_of(0) == "d1 >> cello"  # and its words light
    assert (second.options.seed, second.options.journal) == (3, str(journal))
    desk.run("go()")
    until(lambda: [m for m in heard(journal) if m[0] == "block"])
    assert next(m for m in heard(journal) if m[0] == "block")[1] == 3
    second.leave()
    first._child.process.wait(5)


def test_there_may_be_nothing_to_resume(home):
    doors().joinpath("123.door").touch()
    with pytest.raises(EngineError, match="type latentcode to start one"):
        Link(Options(), print, ENGINE).resume()
    assert list(doors().iterdir()) == []


def test_leaving_says_goodbye(home):
    link = Link(Options(journal=str(home / "set.py")).settled(), print, ENGINE)
    link.start()
    assert link.wait_ready(10)
    link.leave()
    assert heard(home / "set.py")[-1] == ("bye", False)
    assert link._child.process.wait(5) == 0


def test_a_prompt_whose_set_was_taken_does_not_start_another_engine(desk):
    assert desk.link.wait_ready(10)
    desk.link._on_replaced(Replaced("another prompt holds this set"))
    desk.link._line.send(Bye(False))
    until(lambda: "ended at another prompt" in desk.link.down)
    desk.run("hush()")
    assert "ended at another prompt" in desk.link.down
    assert [m[0] for m in heard(desk.journal)].count("start") == 1
