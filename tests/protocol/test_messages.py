"""Messages between processes: what is packed comes back, and nothing else is let in."""

from __future__ import annotations

import inspect
import socket
from multiprocessing.connection import Connection
from unittest.mock import create_autospec

import msgspec
import numpy as np
import pytest

from latentcode.engine.departures import Departures
from latentcode.engine.ears import Ears
from latentcode.engine.latency import Lead
from latentcode.engine.process import Engine
from latentcode.engine.queries import Queries
from latentcode.engine.stamping import Stamping
from latentcode.engine.sync import Sync
from latentcode.engine.takes import Takes
from latentcode.engine.taking_over import TakingOver
from latentcode.errors import LatentcodeError
from latentcode.midi_osc.midi_in_client import Listening
from latentcode.midi_osc.midi_out_client import Posting
from latentcode.prompt import link
from latentcode.protocol import helper_messages, messages, player_messages
from latentcode.protocol.helper_messages import Choose, Encode, Inputs, Make
from latentcode.protocol.messages import Message, Notice
from latentcode.protocol.wire import Packing, Wire
from latentcode.session.journal import Session
from latentcode.session.writing import Journal

SAID = {**vars(messages), **vars(player_messages), **vars(helper_messages)}
UNIONS = {name: one for name, one in SAID.items() if name.startswith(("To", "From"))}
ASKED = Encode("key", "cello", None, "digest", b"\0" * 8, 32, None, True)


def members(union) -> tuple[type[Message], ...]:
    return getattr(union, "__args__", (union,))


def pair(hears) -> tuple[Wire, Wire]:
    """Both ends of a wire; the second knows `hears`."""
    ours, theirs = socket.socketpair()
    return Wire(Connection(ours.detach())), Wire(Connection(theirs.detach()), hears)


def test_every_message_is_told_by_somebody_and_says_what_it_means():
    told = {message for union in UNIONS.values() for message in members(union)}
    known = {one for one in SAID.values() if isinstance(one, type) and issubclass(one, Message)}
    assert told == known - {Message}
    assert all(message.__doc__ and message.__struct_config__.frozen for message in told)


@pytest.mark.parametrize("name", UNIONS)
def test_every_union_can_be_read(name):
    packing = Packing(UNIONS[name])
    with pytest.raises(LatentcodeError, match="left out"):
        packing.unpack(msgspec.msgpack.encode({"type": "Nothing"}))


@pytest.mark.parametrize(
    "message",
    [ASKED, Inputs((("cc:1@nano/1", 0.5, 12.25),)), Notice("no such sound: \udc80\\ é"), Choose(())],
)
def test_a_message_comes_back_as_it_was(message):
    packing = Packing(type(message))
    assert packing.unpack(packing.pack(message)) == message


@pytest.mark.parametrize("value", [np.float32(1), np.zeros(2), print, object()])
def test_only_plain_values_can_be_sent(value):
    near, _ = pair(Make)
    with pytest.raises(TypeError):
        near.send(Make(value))


NOT_KNOWN = {
    "nothing": b"",
    "half texts": b"\xc1",
    "no texts": b"\xc1\xff",
    "words": b"no message",
    "a list": msgspec.msgpack.encode(["Make", "x"]),
    "of another": Packing(Message).pack(Notice("x")),
    "a number": msgspec.msgpack.encode({"type": "Make", "name": 3}),
}


@pytest.mark.parametrize("data", NOT_KNOWN.values(), ids=NOT_KNOWN)
def test_what_is_not_known_is_a_sentence_and_the_next_message_is_heard(data):
    near, far = pair(helper_messages.ToMidiIn)
    told: list[str] = []
    far.unknown = told.append
    near._connection.send_bytes(data)
    near.send(Make("mine"))
    assert far.receive() == Make("mine")
    assert len(told) == 1
    near.close()
    with pytest.raises(EOFError):
        far.receive()


def test_what_the_desk_says_is_taken_by_its_fields():
    engine = Engine.__new__(Engine)
    parts = {"lead": Lead, "takes": Takes, "timing": Sync, "queries": Queries, "ports": Listening}
    parts |= {"stamping": Stamping, "taking_over": TakingOver, "journal": Journal, "departures": Departures}
    parts |= {"ears": Ears}
    vars(engine).update({name: create_autospec(part, instance=True) for name, part in parts.items()})
    engine.departures.sender, engine.before = create_autospec(Posting, instance=True), Session()
    takers = engine.takers()
    for message, taker in takers.items():
        assert tuple(inspect.signature(taker).parameters) == message.__struct_fields__
    apart = {messages.Attach, messages.Observe}  # heard where the desks are told apart
    before = {messages.CommandLine}  # heard before there is an engine
    assert set(takers) == set(members(messages.FromDesk)) - apart - before


def test_the_desk_takes_all_that_the_engine_says():
    assert set(link.HANDLERS) == set(members(messages.ToDesk))


def test_before_the_engine_has_spoken_the_state_is_known():
    packing = Packing(messages.ToDesk)
    assert packing.unpack(packing.pack(messages.State())) == messages.State()
