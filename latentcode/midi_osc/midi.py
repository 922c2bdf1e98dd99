"""MIDI messages as bytes: from those of a port to inputs, and from values to those that are sent.

note on and off, with velocity   note:60@port/1       released by 120, 123 to 127 (all notes off)
                                 and a reset too; 120 and 121 lift pedals, 121 lets the wheel and
                                 pressure rest
control change                   cc:7@port/1          14 bits where n and 32 + n are a pair (see
                                 `pairs.py`)
98, 99 and 6, 38, 96, 97         nrpn:300@port/1      registered parameters (100, 101) are left out,
                                 data and all
pitch bend                       bend@port/1          −1 to 1, its centre exactly 0
pressure of a channel, a key     pressure@port/1, poly:60@port/1
program change                   program@port/1
start, stop, continue            start@port/0, stop@port/0, continue@port/0; play and stop of MIDI
                                 machine control are start and stop

Values go from 0 to 1. Other system exclusive messages are skipped.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from latentcode.inputs.keys import SPRINGS, HeldInputs, Input
from latentcode.midi_osc.pairs import HIGHEST, Pair, Parameters

KEYS = 127
CENTRE = 8192  # of 14 bits
DATA_BYTES = {0x80: 2, 0x90: 2, 0xA0: 2, 0xB0: 2, 0xC0: 1, 0xD0: 1, 0xE0: 2, 0xF1: 1, 0xF2: 2, 0xF3: 1}
SONG_POSITION, RESET = 0xF2, 0xFF
TRANSPORT = {0xFA: "start", 0xFB: "continue", 0xFC: "stop"}
EXCLUSIVE, EXCLUSIVE_END = 0xF0, 0xF7
MACHINE = {1: "stop", 2: "start", 3: "start"}  # commands of MIDI machine control: 3 plays when it is ready
MACHINE_BYTES = 4
CLOCK = frozenset({0xF8, *TRANSPORT})  # what is told beside the inputs, and song positions
ENTRY = frozenset({6, 38, 96, 97})
NUMBERS = frozenset({98, 99, 100, 101})
NOTES, PEDALS = frozenset({"note"}), frozenset({"cc"})  # kinds of which something is down
ALL = (NOTES, SPRINGS | PEDALS)
LETTING_GO = {  # what lets go of which kinds: all sound off, reset of all controllers, all notes off
    120: (NOTES, PEDALS),
    121: (SPRINGS | PEDALS,),
    **dict.fromkeys((123, 124, 125, 126, 127), (NOTES,)),
}
MODES = frozenset({*LETTING_GO, 122})  # about the channel, no controllers

Heard = tuple[list[Input], list[bytes]]


class Channel:
    """What a channel's messages depend on."""

    def __init__(self) -> None:
        self.held = HeldInputs()
        self.pairs: dict[int, Pair] = {}
        self.parameters = Parameters()
        self.last = -1  # the controller that came last


class MidiDecoder:
    """One port.

    What it gives depends on the bytes alone that it was given, however they were cut into packets.
    """

    def __init__(self, port: str) -> None:
        self.port = port
        self._channels = [Channel() for _ in range(16)]
        self._status, self._wanted = 0, 0  # 0: data bytes mean nothing
        self._data: list[int] = []
        self._exclusive = bytearray()
        self._inputs: list[Input] = []
        self._clock: list[bytes] = []
        self._names: dict[tuple[str, int, int], str] = {}

    def decode(self, packet: bytes) -> Heard:
        """What a packet says: inputs, and the messages of clocks (F8, FA, FB, FC, F2 with its two
        bytes).
        """
        for byte in packet:
            if byte < 0x80:
                self._on_data(byte)
            elif byte < 0xF8:
                self._on_status(byte)
            else:
                self._on_realtime(byte)
        heard = self._inputs, self._clock
        self._inputs, self._clock = [], []
        return heard

    def release(self) -> list[Input]:
        """Let go of every key and pedal that is down, as when the port is gone."""
        for number in range(16):
            self._let_go(number, *ALL)
        released, self._inputs = self._inputs, []
        return released

    # bytes

    def _on_data(self, byte: int) -> None:
        if not self._wanted:
            if self._status == EXCLUSIVE and len(self._exclusive) <= MACHINE_BYTES:
                self._exclusive.append(byte)
            return
        data = self._data
        data.append(byte)
        if len(data) < self._wanted:
            return
        self._data = []
        status = self._status
        if status < 0xF0:
            MESSAGES[status & 0xF0](self, status & 0x0F, *data)
            return
        if status == SONG_POSITION:
            self._clock.append(bytes((status, *data)))
        self._status = self._wanted = 0

    def _on_status(self, byte: int) -> None:
        self._data = []
        if byte == EXCLUSIVE_END and self._status == EXCLUSIVE:
            self._on_exclusive(*self._exclusive)
        self._exclusive.clear()
        self._status = byte
        self._wanted = DATA_BYTES.get(byte if byte >= 0xF0 else byte & 0xF0, 0)

    def _on_exclusive(self, *data: int) -> None:
        """The keys of a transport as machine control has them: 7F, a device, 06, a command."""
        if len(data) == MACHINE_BYTES and (data[0], data[2]) == (0x7F, 0x06) and data[3] in MACHINE:
            self._inputs.append(Input(self._key(MACHINE[data[3]], -1, -1), 1.0))

    def _on_realtime(self, byte: int) -> None:
        if byte in TRANSPORT:
            self._inputs.append(Input(self._key(TRANSPORT[byte], -1, -1), 1.0))
        if byte in CLOCK:
            self._clock.append(bytes((byte,)))
        elif byte == RESET:
            for number in range(16):
                self._let_go(number, *ALL)

    # messages

    def _note_off(self, channel: int, number: int, velocity: int) -> None:
        self._give("note", channel, 0.0, number)

    def _note_on(self, channel: int, number: int, velocity: int) -> None:
        if not velocity:
            self._note_off(channel, number, 0)
            return
        self._give("note", channel, velocity / HIGHEST, number)

    def _poly(self, channel: int, number: int, value: int) -> None:
        self._give("poly", channel, value / HIGHEST, number)

    def _program(self, channel: int, number: int) -> None:
        self._give("program", channel, number / HIGHEST)

    def _pressure(self, channel: int, value: int) -> None:
        self._give("pressure", channel, value / HIGHEST)

    def _bend(self, channel: int, low: int, high: int) -> None:
        value = (high << 7 | low) - CENTRE
        self._give("bend", channel, value / (CENTRE - 1 if value > 0 else CENTRE))

    def _control(self, channel: int, number: int, value: int) -> None:
        if number in MODES:
            self._let_go(channel, *LETTING_GO.get(number, ()))
            return
        state = self._channels[channel]
        last, state.last = state.last, number
        if number in NUMBERS:
            if not state.parameters.choose(number, value):
                self._give("cc", channel, value / HIGHEST, number)
            return
        state.parameters.forget_choice()
        if number in ENTRY and self._entered(channel, number, value):
            return
        if number < 64:
            self._half(channel, number, value, last)
        else:
            self._give("cc", channel, value / HIGHEST, number)

    def _entered(self, channel: int, number: int, value: int) -> bool:
        """Whether a data entry was for a parameter."""
        parameters = self._channels[channel].parameters
        chosen = parameters.chosen
        if chosen is not None and chosen >= 0:
            self._give("nrpn", channel, parameters.enter(chosen, number, value), chosen)
        return chosen is not None

    def _half(self, channel: int, number: int, value: int, last: int) -> None:
        upper = number & 31
        pairs = self._channels[channel].pairs
        pair = pairs.get(upper)
        if pair is None:
            pair = pairs[upper] = Pair()
        if number == upper:
            whole, again = pair.upper(value, last == upper + 32)
            if again is not None:
                self._give("cc", channel, again, upper + 32)
            self._give("cc", channel, whole, upper)
            return
        both = pair.lower(value, last == upper)
        if both is None:
            self._give("cc", channel, value / HIGHEST, number)
        else:
            self._give("cc", channel, both, upper)

    # giving

    def _let_go(self, channel: int, *kinds: frozenset[str]) -> None:
        """Let go of what is down of some kinds, one after the other."""
        for some in kinds:
            self._inputs += self._channels[channel].held.release(some)

    def _give(self, kind: str, channel: int, value: float, number: int = -1) -> None:
        name = self._key(kind, number, channel)
        self._channels[channel].held.hear(name, value)
        self._inputs.append(Input(name, value))

    def _key(self, kind: str, number: int, channel: int) -> str:
        place = (kind, number, channel)
        name = self._names.get(place)
        if name is None:
            what = kind if number < 0 else f"{kind}:{number}"
            name = self._names[place] = f"{what}@{self.port}/{channel + 1}"
        return name


MESSAGES: dict[int, Callable[..., None]] = {
    0x80: MidiDecoder._note_off,
    0x90: MidiDecoder._note_on,
    0xA0: MidiDecoder._poly,
    0xB0: MidiDecoder._control,
    0xC0: MidiDecoder._program,
    0xD0: MidiDecoder._pressure,
    0xE0: MidiDecoder._bend,
}


class Format(NamedTuple):
    """How a value becomes a number on the wire, and that number messages.

    least, most   what values can be; those beyond are moved to the edge
    number        a value → a whole number
    bytes         channel (0 to 15), what (the number of a controller, 0 where there is none),
                  number → messages
    """

    least: float
    most: float
    number: Callable[[float], int]
    bytes: Callable[[int, int, int], list[bytes]]


def _seven(value: float) -> int:
    return round(value * KEYS)


def _nrpn(channel: int, what: int, number: int) -> list[bytes]:
    pairs = ((99, what >> 7), (98, what & KEYS), (6, number >> 7), (38, number & KEYS))
    return [bytes((0xB0 | channel, *pair)) for pair in pairs]


FORMATS: dict[str, Format] = {
    "cc": Format(0, 1, _seven, lambda channel, what, number: [bytes((0xB0 | channel, what, number))]),
    "nrpn": Format(0, 1, lambda value: round(value * 16383), _nrpn),
    "pressure": Format(0, 1, _seven, lambda channel, what, number: [bytes((0xD0 | channel, number))]),
    "program": Format(0, KEYS, round, lambda channel, what, number: [bytes((0xC0 | channel, number))]),
    "bend": Format(
        -1,
        1,
        lambda value: min(round(value * CENTRE) + CENTRE, 16383),
        lambda channel, what, number: [bytes((0xE0 | channel, number & KEYS, number >> 7))],
    ),
}


def note_on(channel: int, key: int, velocity: float) -> bytes:
    """A key is struck; `channel` 0 to 15, `velocity` above 0 to 1."""
    return bytes((0x90 | channel, key, min(max(round(velocity * KEYS), 1), KEYS)))


def note_off(channel: int, key: int) -> bytes:
    """A key is let go."""
    return bytes((0x80 | channel, key, 0))
