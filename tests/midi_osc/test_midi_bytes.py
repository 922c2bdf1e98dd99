"""What MIDI bytes say, however they come."""

from __future__ import annotations

import random

import pytest

from latentcode.midi_osc.midi import MidiDecoder

NOISE = ([0xF8], [0xFE], [0xFA], [0xFC], [0xF9])  # may stand between any two bytes


def inputs(*packets):
    decoder = MidiDecoder("p")
    return [tuple(one) for packet in packets for one in decoder.decode(bytes(packet))[0]]


def values(name, *packets):
    return [value for key, value in inputs(*packets) if key == f"{name}@p/1"]


@pytest.mark.parametrize(
    ("packet", "expected"),
    [
        ([0x90, 60, 127], [("note:60@p/1", 1.0)]),
        ([0x90, 60, 0], [("note:60@p/1", 0.0)]),
        ([0x8F, 60, 99], [("note:60@p/16", 0.0)]),
        ([0xB1, 64, 127], [("cc:64@p/2", 1.0)]),
        ([0xE0, 0, 64], [("bend@p/1", 0.0)]),
        ([0xE0, 127, 127], [("bend@p/1", 1.0)]),
        ([0xE0, 0, 0], [("bend@p/1", -1.0)]),
        ([0xD0, 127], [("pressure@p/1", 1.0)]),
        ([0xA0, 60, 127], [("poly:60@p/1", 1.0)]),
        ([0xC0, 127], [("program@p/1", 1.0)]),
        ([0xFA], [("start@p/0", 1.0)]),
        ([0xFB], [("continue@p/0", 1.0)]),
        ([0xFC], [("stop@p/0", 1.0)]),
        ([0xF0, 0x7F, 0x7F, 6, 2, 0xF7], [("start@p/0", 1.0)]),  # machine control
        ([0xF0, 0x7F, 0, 6, 0xF8, 3, 0xF7], [("start@p/0", 1.0)]),
        ([0xF0, 0x7F, 0x7F, 6, 1, 0xF7, 0xF7], [("stop@p/0", 1.0)]),
        ([0xF0, 0x7F, 0x7F, 6, 1, 0x90, 60, 127], [("note:60@p/1", 1.0)]),  # cut off
        ([0xF0, 0x7F, 0x7F, 6, 9, 0xF7], []),
        ([0xF0, 0x7F, 0x7F, 7, 1, 0xF7], []),  # the answer of a machine
        ([0xF0, 0x7F, 0x7F, 6, 1, *[0] * 5000, 0xF7], []),
        ([0xFE, 0xF8, 0xF0, 1, 2, 0xF7, 5, 6], []),
        ([60, 100, 0x90, 60, 127], [("note:60@p/1", 1.0)]),  # data that belongs to nothing
        ([0xB0, 121, 0, 0xB0, 122, 0], []),
    ],
)
def test_a_message(packet, expected):
    assert inputs(packet) == expected


def test_reset_and_a_port_that_is_gone_lift_pedals_and_let_the_wheel_rest():
    played = [0x90, 60, 90, 0xB0, 64, 127, 0x80, 60, 0, 0xE0, 0, 127, 0xD0, 9]
    rest = [("cc:64@p/1", 0.0), ("bend@p/1", 0.0), ("pressure@p/1", 0.0)]
    assert inputs(played, [0xB0, 121, 0])[5:] == rest
    assert inputs(played, [0xB0, 120, 0])[5:] == rest[:1]
    decoder = MidiDecoder("p")
    decoder.decode(bytes(played))
    assert decoder.release() == rest
    assert decoder.release() == []


def test_a_button_that_is_numbered_as_a_pedal_stays_where_it_is():
    assert inputs([0xB0, 64, 127], [0xB0, 121, 0, 120, 0], [0xFF]) == [("cc:64@p/1", 1.0)]


def test_clocks_are_told_beside_the_inputs():
    decoder = MidiDecoder("p")
    heard, clock = decoder.decode(bytes([0xFA, 0xF8, 0x90, 60, 0xF8, 127, 0xF2, 1, 0xFE, 2, 0xFC]))
    assert clock == [b"\xfa", b"\xf8", b"\xf8", b"\xf2\x01\x02", b"\xfc"]
    assert [name for name, _ in heard] == ["start@p/0", "note:60@p/1", "stop@p/0"]


@pytest.mark.parametrize("silence", [[0xB0, 123, 0], [0xB0, 120, 0], [0xFF]])
def test_all_notes_off_lets_go_of_what_sounds(silence):
    struck = [0x90, 60, 90, 62, 90, 62, 0]
    assert inputs(struck, silence, silence)[3:] == [("note:60@p/1", 0.0)]


def test_a_port_that_is_gone_lets_go_of_what_sounds():
    decoder = MidiDecoder("p")
    decoder.decode(bytes([0x90, 60, 90, 0x93, 61, 90]))
    assert decoder.release() == [("note:60@p/1", 0.0), ("note:61@p/4", 0.0)]
    assert decoder.release() == []


# streams


def message(rng):
    """A message as bytes, and the input that it is."""
    channel, a, b = rng.randrange(16), rng.randrange(128), rng.randrange(128)
    control = rng.choice([1, 40, 64, 74, 95, 102, 119])
    made = {
        0x80: ([a, b], f"note:{a}", 0.0),
        0x90: ([a, b], f"note:{a}", b / 127),
        0xA0: ([a, b], f"poly:{a}", b / 127),
        0xB0: ([control, b], f"cc:{control}", b / 127),
        0xC0: ([a], "program", a / 127),
        0xD0: ([a], "pressure", a / 127),
        0xE0: ([a, b], "bend", max(((b << 7 | a) - 8192) / 8191, -1.0)),
    }
    kind = rng.choice([*made, 0xB0, 0x90])
    data, name, value = made[kind]
    return [kind | channel, *data], (f"{name}@p/{channel + 1}", value)


def stream(rng, count):
    """A stream with running status, realtime bytes anywhere, and system messages between; what it says."""
    data, expected, running = [], [], 0
    for _ in range(count):
        one, said = message(rng)
        if rng.random() < 0.1:
            data += rng.choice([[0xF0, 1, 99, 0xF7], [0xF0, 5], [0xF1, 3], [0xF3, 7], [0xF6]])
            running = 0
        bare = one[1:] if one[0] == running else one
        running = one[0]
        for byte in bare:
            if rng.random() < 0.05:
                data += rng.choice(NOISE)
            data.append(byte)
        expected.append(said)
    return data, expected


@pytest.mark.parametrize("seed", range(20))
def test_a_random_stream_says_the_same_however_it_is_cut(seed):
    rng = random.Random(seed)
    data, expected = stream(rng, 500)
    packets, left = [], data
    while left:
        size = rng.choice([1, 2, 3, 7, 50])
        packets.append(left[:size])
        left = left[size:]
    heard = [one for one in inputs(*packets) if one[0] not in ("start@p/0", "stop@p/0")]
    assert [name for name, _ in heard] == [name for name, _ in expected]
    assert [value for _, value in heard] == pytest.approx([value for _, value in expected], abs=2e-4)


def test_another_library_writes_what_is_read_here():
    mido = pytest.importorskip("mido")
    made = [
        mido.Message("note_on", channel=3, note=61, velocity=127),
        mido.Message("note_off", channel=3, note=61, velocity=5),
        mido.Message("control_change", control=74, value=0),
        mido.Message("polytouch", note=3, value=127),
        mido.Message("aftertouch", channel=15, value=127),
        mido.Message("pitchwheel", pitch=0),
        mido.Message("pitchwheel", pitch=-8192),
        mido.Message("pitchwheel", pitch=8191),
        mido.Message("program_change", program=127),
        mido.Message("sysex", data=(1, 2, 3)),
        mido.Message("quarter_frame"),
        mido.Message("song_select"),
        mido.Message("songpos", pos=300),
    ]
    decoder = MidiDecoder("p")
    heard, clock = decoder.decode(b"".join(bytes(one.bytes()) for one in made))
    assert heard == [
        ("note:61@p/4", 1.0),
        ("note:61@p/4", 0.0),
        ("cc:74@p/1", 0.0),
        ("poly:3@p/1", 1.0),
        ("pressure@p/16", 1.0),
        ("bend@p/1", 0.0),
        ("bend@p/1", -1.0),
        ("bend@p/1", 1.0),
        ("program@p/1", 1.0),
    ]
    assert mido.Message.from_bytes(clock[0]).pos == 300


# two halves


def sweep(order, count=400, pace=37):
    """A fader of 14 bits that goes up and down again, both halves each time; its positions."""
    up = [min(index * pace, 16383) for index in range(count)]
    places = up + up[::-1]
    halves = {"upper": lambda p: [0xB0, 7, p >> 7], "lower": lambda p: [0xB0, 39, p & 127]}
    return places, [[byte for half in order for byte in halves[half](place)] for place in places]


@pytest.mark.parametrize("order", [("upper", "lower"), ("lower", "upper")])
@pytest.mark.parametrize("pace", [37, 300, 5])
def test_a_pair_gives_itself_away_and_is_fine_from_then_on(order, pace):
    places, packets = sweep(order, pace=pace)
    decoder, errors, lower = MidiDecoder("p"), [], 0
    for place, packet in zip(places, packets, strict=True):
        heard, _ = decoder.decode(bytes(packet))
        whole = [value for name, value in heard if name == "cc:7@p/1"]
        assert all(abs(value - place / 16383) < 1 / 40 for value in whole)
        errors.append(abs(whole[-1] - place / 16383))
        lower += sum(name == "cc:39@p/1" for name, _ in heard)
    proven = next(index for index in range(len(errors)) if max(errors[index:]) < 1e-9)
    assert max(errors) < 1 / 120
    assert proven <= max(2 * 128 // pace + 2, 12)
    assert lower <= proven + 1


def test_an_upper_half_may_be_sent_only_when_it_changes():
    decoder, places, last = MidiDecoder("p"), [*range(0, 3000, 11)], -1
    for place in places:
        packet = [0xB0, 7, place >> 7] if place >> 7 != last else []
        last = place >> 7
        heard, _ = decoder.decode(bytes([*packet, 0xB0, 39, place & 127]))
    assert heard[-1] == ("cc:7@p/1", pytest.approx(places[-1] / 16383))


def knob(number, path):
    return [[0xB0, number, value] for value in path]


UP, DOWN = list(range(128)), list(range(127, -1, -1))


@pytest.mark.parametrize(
    "packets",
    [
        knob(1, UP) + knob(33, DOWN) + knob(1, DOWN),
        [one for both in zip(knob(1, UP), knob(33, UP), strict=True) for one in both],
        [one for both in zip(knob(1, UP), knob(33, DOWN), strict=True) for one in both],
        [one for both in zip(knob(1, UP[::9]), knob(33, DOWN[::9]), strict=True) for one in both],
        [*knob(1, [127, 0]), *knob(33, [127, 0])] * 20,
        [[0xB0, 1, 127], [0xB0, 33, 127], [0xB0, 1, 0], [0xB0, 33, 0]] * 20,
        knob(33, [5, 90, 3, 99]) * 20,
    ],
    ids=("in turn", "together", "against", "fast", "buttons", "buttons together", "one alone"),
)
def test_single_knobs_on_these_numbers_stay_what_they_are(packets):
    for number in (1, 33):
        sent = [packet[2] / 127 for packet in packets if packet[1] == number]
        assert values(f"cc:{number}", *packets) == sent


def test_what_was_taken_for_a_pair_is_told_again_when_it_is_none():
    _, packets = sweep(("upper", "lower"), pace=300)
    alone = knob(7, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
    last = packets[-1][5]
    heard = inputs(*packets, *alone)[-12:]
    assert ("cc:39@p/1", last / 127) in heard
    assert heard[-1] == ("cc:7@p/1", 11 / 127)
    assert all(
        abs(value - sent[2] / 127) < 1 / 120
        for value, sent in zip(values("cc:7", *packets, *alone)[-11:], alone, strict=True)
    )


# parameters

SELECT = [[0xB0, 99, 2], [0xB0, 98, 44]]  # 300


def test_an_nrpn_has_seven_bits_or_fourteen_and_goes_on_running():
    assert inputs(*SELECT, [0xB0, 6, 127, 6, 0]) == [("nrpn:300@p/1", 1.0), ("nrpn:300@p/1", 0.0)]
    assert values("nrpn:300", *SELECT, [0xB0, 6, 64], [0xB0, 38, 1])[-1] == (64 * 128 + 1) / 16383
    assert values("nrpn:300", *SELECT[::-1], [0xB0, 38, 1, 6, 64])[-1] == (64 * 128 + 1) / 16383
    assert inputs(*SELECT, [0xB0, 98, 45, 6, 127]) == [("nrpn:301@p/1", 1.0)]


def test_an_nrpn_goes_up_and_down_by_steps():
    assert values("nrpn:300", *SELECT, *[[0xB0, 96, 0]] * 3, [0xB0, 97, 0]) == [
        pytest.approx(n / 127) for n in (1, 2, 3, 2)
    ]
    fine = values("nrpn:300", *SELECT, [0xB0, 6, 1, 38, 0, 96, 0, 97, 0, 97, 0])
    assert [round(16383 * value) for value in fine[-4:]] == [128, 129, 128, 127]
    assert values("nrpn:300", *SELECT, [0xB0, 97, 0]) == [0.0]


def test_a_registered_parameter_is_left_out_with_its_data():
    bend_range = [[0xB0, 101, 0, 100, 0, 6, 12, 38, 0, 96, 0], [0xB0, 101, 127, 100, 127]]
    assert inputs(*SELECT, *bend_range) == []
    assert inputs(*bend_range, [0xB0, 6, 127]) == [("cc:6@p/1", 1.0)]
    assert inputs(*SELECT, *bend_range, *SELECT, [0xB0, 6, 127]) == [("nrpn:300@p/1", 1.0)]


def test_knobs_on_the_numbers_of_parameters_are_knobs():
    assert values("cc:98", [0xB0, 98, 1, 98, 2, 98, 3]) == [2 / 127, 3 / 127]
    assert inputs([0xB0, 98, 1, 98, 2, 6, 127])[-1] == ("cc:6@p/1", 1.0)
    assert inputs([0xB0, 6, 127, 96, 127, 97, 0]) == [
        ("cc:6@p/1", 1.0),
        ("cc:96@p/1", 1.0),
        ("cc:97@p/1", 0.0),
    ]


@pytest.mark.parametrize("seed", range(10))
def test_random_controllers_lose_no_last_value(seed):
    """Any controllers in any order: each is off by a 128th at most, whatever was taken for a pair."""
    rng, decoder, sent, heard = random.Random(seed), MidiDecoder("p"), {}, {}
    for _ in range(20000):
        number, value = rng.randrange(96), rng.randrange(128)
        if number not in (6, 38):
            sent[number] = value / 127
            heard |= dict(decoder.decode(bytes([0xB0, number, value]))[0])
    off = [number for number in sent if abs(heard[f"cc:{number}@p/1"] - sent[number]) > 1 / 120]
    assert len([number for number in off if not 32 <= number < 64]) == 0
    assert len(off) <= 1
