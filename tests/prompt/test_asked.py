"""What the code of a line learns from the engine is the same in a replay."""

from __future__ import annotations

import threading

import pytest

from latentcode.errors import EngineError, SessionError
from latentcode.prompt.blocks import Blocks
from latentcode.prompt.evaluate import run_block
from latentcode.prompt.link import Link
from latentcode.prompt.names import Names
from latentcode.prompt.options import Options
from latentcode.prompt.questions import Questions
from latentcode.prompt.replay import Replay
from latentcode.prompt.set_api import SetApi
from latentcode.protocol.messages import Ask, Hello
from latentcode.session.journal import read_session
from latentcode.session.marks import text_of, value_of
from latentcode.session.records import Answer
from latentcode.session.writing import Journal

VALUES = [None, True, -3, 0.1, float("inf"), "a b # @ c\n", (1, (2.5, "x")), {"a b": (1,)}, b"\0\xff"]


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_a_plain_value_is_one_word_and_back(value):
    assert " " not in text_of(value)
    assert "\n" not in text_of(value)
    assert value_of(text_of(value)) == value


def test_what_is_not_plain_is_said():
    with pytest.raises(EngineError, match="no plain value"):
        text_of({"a": object()})
    with pytest.raises(SessionError, match="no answer"):
        value_of("{")


def stage_of(names, stage):
    names.space["hear"] = stage.asked
    return names


def test_a_replay_gives_what_was_answered(tmp_path, said):
    told = iter([[1, 2.5, "a b"], None, {"x": [1]}])
    blocks = Blocks(said.send, answer=lambda *question, patience: next(told))
    live = stage_of(Names(stage := SetApi(blocks), 0), stage)
    code = ("x = hear('what'); y = hear('late', 3)", "z = hear('what', patience=2)")
    for line in code:
        assert run_block(line, live.space, blocks) is None
    journal = Journal(tmp_path / "set.py")
    journal.header({"seed": 0})
    for message in said.messages:
        if message[0] == "answered":
            journal.note(Answer(*message[1:]))
        elif message[0] == "block":
            journal.block(message[1], message[2], 0)
    journal.close()
    assert [m[1] for m in said.messages if m[0] == "answered"] == ["1.1", "1.2", "2.1"]
    replay = Replay(read_session(tmp_path / "set.py"))
    stage_of(replay.names, replay.names.stage)
    assert list(replay) == []
    for name, value in {"x": (1, 2.5, "a b"), "y": None, "z": {"x": (1,)}}.items():
        assert live.space[name] == replay.names.space[name] == value


def test_a_thread_of_its_own_gets_no_answer(said):
    stage, errors = SetApi(Blocks(said.send)), []

    def ask():
        try:
            stage.asked("what")
        except EngineError as error:
            errors.append(error)

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    assert "thread of its own" in str(errors[0])


class Line:
    """An engine that answers everything at once."""

    def __init__(self, link):
        self.link = link

    def send(self, message):
        if isinstance(message, Ask):
            self.link.questions.answered(message.number, 7)


def test_a_question_waits_for_the_hello_of_an_engine_that_starts(monkeypatch):
    monkeypatch.setattr("latentcode.prompt.link.SHORT", 0.05)
    told = []
    link = Link(Options(), told.append)
    assert link.ask("what") is None  # none was started
    link._line = Line(link)
    threading.Timer(
        0.3, link._on_hello, (Hello("set.py", "house", 44100, 256, "jack", 1, 46.0, "0"),)
    ).start()
    assert link.ask("what", patience=0.1) == 7
    assert told == ["waiting for the engine … (Ctrl-C ends)"]
    assert link.ask("what") == 7
    assert len(told) == 1


def test_an_engine_that_cannot_start_is_not_waited_for():
    link = Link(Options(), print)
    link._line, link.down = Line(link), "no sound"
    assert link.ask("what") is None


def test_an_answer_may_come_late():
    questions = Questions(lambda ask: threading.Timer(0.4, questions.answered, (ask.number, 7)).start())
    assert questions.ask("what", patience=30.0) == 7
    assert Questions(lambda ask: None).ask("what", patience=0.3) is None
