from __future__ import annotations

import struct
import time

import numpy as np
import pytest
from helpers.waiting import until
from pythonosc.osc_bundle_builder import IMMEDIATELY, OscBundleBuilder
from pythonosc.osc_message_builder import OscMessageBuilder

from latentcode.errors import ControlError
from latentcode.midi_osc.osc import Server, Sockets, bundled, message, place
from latentcode.midi_osc.sending import Sender


@pytest.fixture
def arrived():
    return []


@pytest.fixture
def server(arrived):
    made = Server(0, lambda given, moment: arrived.append((given.key, given.value)), "127.0.0.1")
    yield made
    made.close()


def built(address, *values):
    made = OscMessageBuilder(address)
    for value in values:
        made.add_arg(value)
    return made.build()


def test_numbers_arrive_as_inputs_and_all_else_is_left_out(server, arrived):
    server.take(built("/x", 0.5, 3, True, "name", b"bytes", [1.5]).dgram, 0.0)
    assert arrived == [("osc:/x#0", 0.5), ("osc:/x#1", 3.0), ("osc:/x#2", 1.0)]


def test_bundles_in_bundles_arrive(server, arrived):
    inner, outer = OscBundleBuilder(IMMEDIATELY), OscBundleBuilder(time.time() + 10)
    inner.add_content(built("/a", 1.0))
    outer.add_content(inner.build())
    outer.add_content(built("/b/c", 2))
    server.take(outer.build().dgram, 0.0)
    assert arrived == [("osc:/a#0", 1.0), ("osc:/b/c#0", 2.0)]


def packed(tags, *data):
    """A message to /x with these types, whose arguments are given as bytes."""
    tags = f",{tags}".encode() + b"\0"
    return b"/x\0\0" + tags + b"\0" * (-len(tags) % 4) + b"".join(data)


FLOAT, INT, WORD = struct.pack(">f", 0.5), struct.pack(">i", 3), b"mix\0"


@pytest.mark.parametrize(
    ("tags", "data", "expected"),
    [
        ("Sf", (WORD, FLOAT), [(1, 0.5)]),
        ("sf", (WORD, FLOAT), [(1, 0.5)]),
        ("cf", (INT, FLOAT), [(1, 0.5)]),
        ("Iif", (INT, FLOAT), [(1, 3.0), (2, 0.5)]),
        ("TFNf", (FLOAT,), [(0, 1.0), (1, 0.0), (3, 0.5)]),
        ("[ff]f", (INT, INT, FLOAT), [(1, 0.5)]),
        ("[i[sT]f]if", (INT, WORD, INT, INT, FLOAT), [(1, 3.0), (2, 0.5)]),
        ("[]f", (FLOAT,), [(1, 0.5)]),
        ("hf", (struct.pack(">q", -(2**40)), FLOAT), [(0, -(2.0**40)), (1, 0.5)]),
        ("df", (struct.pack(">d", 0.25), FLOAT), [(0, 0.25), (1, 0.5)]),
        ("rmtf", (b"\0\0\0\7", INT, INT, INT, FLOAT), [(0, 7.0), (3, 0.5)]),
        ("bf", (struct.pack(">i", 5), b"12345\0\0\0", FLOAT), [(1, 0.5)]),
        ("bf", (struct.pack(">i", 0), FLOAT), [(1, 0.5)]),
        ("", (), []),
    ],
)
def test_every_type_is_read_and_shifts_nothing(server, arrived, tags, data, expected):
    server.take(packed(tags, *data), 0.0)
    assert arrived == [(f"osc:/x#{place}", value) for place, value in expected]
    assert server.bad == 0


@pytest.mark.parametrize(
    ("tags", "data"),
    [
        ("fuf", (FLOAT, FLOAT, FLOAT)),  # a type that nobody knows
        ("f f", (FLOAT, FLOAT)),
        ("f]", (FLOAT,)),
        ("[f", (FLOAT,)),
        ("ff", (FLOAT,)),  # cut off
        ("fs", (FLOAT, b"mixx")),  # a text without an end
        ("fb", (FLOAT, struct.pack(">i", 2**30))),  # a size that lies
        ("fb", (FLOAT, struct.pack(">i", -4))),
        ("fd", (FLOAT, FLOAT)),
    ],
)
def test_a_message_that_cannot_be_read_is_left_out_whole_and_what_is_beside_it_counts(
    server, arrived, tags, data
):
    bad, good = packed(tags, *data), packed("f", FLOAT)
    server.take(bad, 0.0)
    assert not arrived
    parts = b"".join(struct.pack(">i", len(part)) + part for part in (bad, good, bad, good))
    server.take(b"#bundle\0" + bytes(8) + parts, 0.0)
    assert arrived == [("osc:/x#0", 0.5)] * 2
    assert server.bad == 3


def test_bundles_as_deep_as_a_packet_can_hold_are_opened(server, arrived):
    packet = packed("f", FLOAT)
    for _ in range(3000):
        packet = b"#bundle\0" + bytes(8) + struct.pack(">i", len(packet)) + packet
    server.take(packet, 0.0)
    assert arrived == [("osc:/x#0", 0.5)]


def test_what_is_no_osc_raises_nothing(server, arrived):
    draw = np.random.default_rng(7)
    good = built("/x", 0.5, "name", 7).dgram
    for count in range(800):
        packet = draw.integers(0, 256, count % 90).astype(np.uint8).tobytes()
        server.take(packet, 0.0)
        broken = bytearray(good)
        broken[int(draw.integers(0, len(good)))] = int(draw.integers(0, 256))
        server.take(bytes(broken[: int(draw.integers(0, len(good) + 1))]), 0.0)
        server.take(b"#bundle\0" + packet, 0.0)
    server.take(built("/nan", float("nan"), float("inf")).dgram, 0.0)
    assert all(np.isfinite(value) and key.isprintable() and " " not in key for key, value in arrived)
    arrived.clear()
    server.take(good, 0.0)
    assert arrived == [("osc:/x#0", 0.5), ("osc:/x#2", 7.0)]


def test_addresses_are_names_without_what_keys_use(server, arrived):
    server.take(built("/a@b*", 1.0).dgram, 0.0)
    server.take(built("/" + "long" * 60, 1.0).dgram, 0.0)
    assert arrived == [("osc:/a_b_#0", 1.0)]


def test_over_the_wire_with_time_tags_and_at_its_moment(server, arrived):
    sender = Sender(outlets=Sockets())
    to = f"127.0.0.1:{server.port}"
    sender.open(to)
    until(lambda: sender.is_open(to))
    moment = time.monotonic() + 0.05
    sender.at(moment, to, message("/later", (3.0, "a", True)))
    sender.now(to, bundled(message("/now", (2.5,)), moment))
    until(lambda: len(arrived) == 3)
    assert arrived[0] == ("osc:/now#0", 2.5)
    assert time.monotonic() >= moment
    sender.close()


def test_a_body_in_motion_is_cheap(server, arrived):
    packets = [built(f"/pose/{joint}", 0.1, 0.2, 0.3, 0.9).dgram for joint in range(29)]
    begun = time.process_time()
    for _ in range(50):
        for packet in packets:
            server.take(packet, 0.0)
    assert time.process_time() - begun < 0.3  # of a second
    assert len(arrived) == 29 * 4 * 50


def test_a_port_that_is_taken_is_said(server):
    with pytest.raises(ControlError, match="osc_in"):
        Server(server.port, lambda given, moment: None, "127.0.0.1")


def test_places():
    assert place("127.0.0.1:57120") == ("127.0.0.1", 57120)
    assert place(":9000") == place("9000") == ("127.0.0.1", 9000)
    for wrong in ("host", "host:x", "host:0", "host:99999", ""):
        with pytest.raises(ControlError, match="as in"):
            place(wrong)


def test_a_host_that_is_not_there_is_said_once():
    told = []
    sockets = Sockets(told.append)
    sockets.want("no such host:7000")
    until(lambda: told)
    assert not sockets.send("no such host:7000", b"")
    sockets.close()


def test_what_an_output_raises_is_said_once_and_all_else_is_still_sent():
    class Outputs(Sockets):
        def send(self, name, data):
            if name == "bad":
                raise RuntimeError("out of reach")
            sent.append(data)
            return True

    sent, told = [], []
    sender = Sender(told.append, Outputs())
    for data in (b"1", b"2"):
        sender.now("bad", data)
        sender.now("good", data)
    until(lambda: len(sent) == 2)
    sender.close()
    assert told == ["✗ bad did not take what was sent: RuntimeError: out of reach"]


def test_keys_that_were_let_go_of_while_an_output_was_away_are_let_go_of_when_it_is_back():
    class Outputs(Sockets):
        there = True

        def send(self, name, data):
            if self.there:
                sent.append(data)
            return self.there

    sent, outputs = [], Outputs()
    sender = Sender(outlets=outputs)
    for key in (60, 64):
        sender.now("synth", bytes((0x90, key, 80)))
    until(lambda: len(sent) == 2)
    outputs.there = False
    sender.now("synth", b"\x80\x3c\0")
    until(lambda: not sender._queue)
    outputs.there = True
    sender._there("synth", True)
    until(lambda: sent[2:] == [b"\x80\x3c\0"])
    sender.close()
    assert sent[3:] == [b"\x80\x40\0"]


@pytest.mark.parametrize("host", ["no such host", "x" * 300, "a\0b", "[::1]"])
def test_a_host_that_cannot_be_is_said_and_a_message_to_it_is_dropped(host):
    told = []
    sockets = Sockets(told.append)
    sockets.want(f"{host}:7000")
    until(lambda: told)
    assert not sockets.send(f"{host}:7000", b"")
    assert "nothing can be sent" in told[0]
    sockets.close()
