"""`grab` at the prompt: what it asks for, and that a replay makes the same path."""

from __future__ import annotations

import threading

import pytest

from latentcode.errors import EngineError, LatentError
from latentcode.prompt.blocks import Blocks
from latentcode.prompt.evaluate import run_block
from latentcode.prompt.names import Names
from latentcode.prompt.replay import Replay
from latentcode.prompt.set_api import SetApi
from latentcode.session.journal import Block, Session

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
