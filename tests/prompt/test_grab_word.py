"""`grab` at the prompt: what it asks for, and that a replay makes the same path."""

from __future__ import annotations

import threading
from fractions import Fraction

import pytest

from latentcode.errors import EngineError, LatentError
from latentcode.prompt.blocks import Blocks
from latentcode.prompt.evaluate import run_block
from latentcode.prompt.names import Names
from latentcode.prompt.replay import Replay
from latentcode.prompt.set_api import SetApi
from latentcode.prompt.update_digests import remarked
from latentcode.session.journal import Block, Session, read_session
from latentcode.session.records import Grab
from latentcode.set.recorded import grabbed_names

CODE = ("x = grab(d1, 4); y = grab(d[2])", "z = grab(d3, 1.5)")


def test_a_grab_has_the_name_of_its_place_live_and_in_a_replay(said):
    blocks = Blocks(said.send)
    live = Names(SetApi(blocks), 0).space
    blocks.number = 11
    for code in CODE:
        assert run_block(code, live, blocks) is None
    asked = [message for message in said.messages if message[0] == "grab"]
    given = [(0, "4", ()), (1, "1", ()), (2, "3/2", ())]
    assert asked == [("grab", name, *one) for name, one in zip(("12.1", "12.2", "13.1"), given, strict=True)]
    replay = Replay(Session(blocks=[Block(12, CODE[0], 1), Block(13, CODE[1], 3)]))
    assert list(replay) == []
    for name in "xyz":
        assert replay.names.space[name] == live[name]
    assert repr(live["x"]) == "grab(d1, 4)"
    assert live["x"] != live["y"]


def test_a_grabbed_path_says_where_it_is(said):
    blocks = Blocks(said.send)
    space = Names(SetApi(blocks), 0).space
    run_block("x = grab(d1)", space, blocks)
    with pytest.raises(LatentError, match="in the engine"):
        _ = space["x"].mean


@pytest.mark.parametrize("wrong", ["grab()", "grab(d1, 0)", "grab(d1, 'x')", "grab(17)", "grab(d1, True)"])
def test_what_cannot_be_grabbed_is_said(said, wrong):
    blocks = Blocks(said.send)
    error = run_block(wrong, Names(SetApi(blocks), 0).space, blocks)
    assert isinstance(error, (EngineError, TypeError))
    assert not [message for message in said.messages if message[0] == "grab"]


def test_a_thread_of_its_own_cannot_grab(said):
    blocks = Blocks(said.send)
    space, errors = Names(SetApi(blocks), 0).space, []

    def grab():
        try:
            space["grab"](space["d1"])
        except EngineError as error:
            errors.append(error)

    thread = threading.Thread(target=grab)
    thread.start()
    thread.join()
    assert "thread of its own" in str(errors[0])


EDITED = """\
# latentcode session 1
# @ seed 7  rate 44100  marks all
# @ 1 0 0
d1 >> s("cello")
# @ 1 d1 {} 0
m = grab(d1, 1)
# @ 2 88200 1
k = grab(d1, 2); d2 >> s(k)
# @ grab 2.1 d1 2 88100
# @ 2 d2 {} 88200
# @ 3 176400 2
n = grab(d2, 1/2); d3 >> s(n)
# @ 3 d3 {} 176400
# @ end 352800
"""


def edited(path):
    digests = [command.digest for _, command in Replay(_session(path, EDITED))]
    return _session(path, EDITED.format(*digests))


def _session(path, text):
    path.write_text(text)
    return read_session(path)


def test_a_grab_that_was_written_in_takes_what_sounded_before_its_block(tmp_path):
    session, told = edited(tmp_path / "set.py"), []
    list(Replay(session, told.append))
    assert grabbed_names(session) == {"0.1", "2.1", "3.1"}
    assert [(one.grab, one.voice, one.cycles, one.sample) for one in session.of(Grab)] == [
        ("2.1", 0, 2, 88100), ("0.1", 0, 1, 0), ("3.1", 1, Fraction(1, 2), 176400)
    ]  # fmt: skip
    assert told == [
        "line 6: grab(d1, 1) without a mark takes what sounded before 0.0 s",
        "line 12: grab(d2, 0.5) without a mark takes what sounded before 4.0 s",
    ]
    list(Replay(session, told.append))
    assert len(told) == 2  # once


def test_what_no_engine_would_have_grabbed_is_not(tmp_path):
    session = edited(tmp_path / "set.py")
    for mark in ("# @ failed 3", "# @ unheard 3"):
        text = (tmp_path / "set.py").read_text().replace("# @ end", f"{mark}\n# @ end")
        session = _session(tmp_path / "one.py", text)
        list(Replay(session))
        assert grabbed_names(session) == {"0.1", "2.1"}


def test_a_retimed_session_has_marks_of_what_was_written_in(tmp_path):
    edited(tmp_path / "set.py")
    session = _session(tmp_path / "now.py", remarked(tmp_path / "set.py", edited=True).text)
    assert grabbed_names(session) == {"4.1", "2.1", "3.1"}
    told = []
    list(Replay(session, told.append))
    assert told == []
