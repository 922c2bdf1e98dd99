"""The graph: thirty-two channels in, effects, faders, mix, limiter, and the device's channels out.

    row 0, 1 → [rack 0] → fader ┐
    row 2, 3 → [rack 1] → fader ┼→ mix → [rack 16] → master, headroom → limiter → table → out
    …                           ┘        further pairs of outputs → the same

The rows are `block`, which the callback fills before each buffer; `compute` takes them through all
of it and leaves what is heard in a table that the device's own server plays. Each chain of effects
and the mix is a pyo server of its own, computed in the order of the flow.
"""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from latentcode.arrays import Float32
from latentcode.audio.limiter import Limiter, cleaned, headroom_gain
from latentcode.parameters import MASTER, VOICES
from latentcode.player.chain import ManualServer, building, turn, view
from latentcode.player.library import pyo
from latentcode.player.mixer import Command, Mixer
from latentcode.player.rack import Rack
from latentcode.protocol.player_messages import Ending, Fx, Gain, Master, Out, Pan, Turn
from latentcode.protocol.ringbuffer import CHANNELS

FADER_SECONDS = 0.01

Bad = Callable[[int], None]


class Graph:
    """The graph on a booted pyo server.

    `block` (32, buffer) is the next buffer of what the voices play; output is `latency` samples
    behind it. `bad` is told the rack whose chain gave what is no number, in the audio thread.
    `headroom` (dB) is what the mix is turned down by.
    """

    def __init__(self, server: Any, mixer: Mixer, bad: Bad = lambda rack: None, headroom: int = 0) -> None:
        self.rate = int(server.getSamplingRate())
        self.buffer = int(server.getBufferSize())
        self.outputs = int(server.getNchnls())
        self.limiter = Limiter(self.rate, self.outputs)
        self.latency = self.limiter.latency
        self.mixer, self.headroom = mixer, np.float32(headroom_gain(headroom))
        self.block: Float32 = np.zeros((CHANNELS, self.buffer), np.float32)
        self._master: Float32 = np.zeros(self.buffer, np.float32)
        self._racks = [Rack(self.rate, self.buffer, partial(bad, place)) for place in range(VOICES + 1)]
        for place, spec in mixer.chains.items():
            if spec:
                self._racks[place].begin(spec)
        self._desk = _Desk(self.rate, self.buffer, self.outputs // 2, mixer)
        self.outlet = Outlet(server, self.outputs, self.buffer)

    def move(self, outlet: Outlet) -> None:
        """Go on through another server of the same device, from this buffer on."""
        outlet.samples[:] = self.outlet.samples  # who records takes them at the next border
        self.outlet.samples[:] = 0.0
        self.outlet = outlet

    def compute(self) -> None:
        """Take `block` through effects, faders, mix and limiter,
        for the device's server to play.
        """
        turn.audio = threading.get_ident()
        try:
            self._compute()
        finally:
            turn.audio = None

    def _compute(self) -> None:
        desk, block = self._desk, self.block
        desk.input[:] = block
        for voice, rack in enumerate(self._racks[:VOICES]):
            pair = block[2 * voice : 2 * voice + 2]
            heard = rack.process(pair)
            if heard is not pair:
                desk.input[2 * voice : 2 * voice + 2] = heard
        made = desk.compute()
        mix, master = made[:-1], made[-1]
        self._master = master
        mix[:2] = self._racks[MASTER].process(mix[:2])
        self.outlet.samples[:] = self.limiter.process(cleaned(mix) * master * self.headroom)

    def silence(self) -> None:
        """Let the next buffer be silent, without computing anything."""
        self.block[:] = 0.0
        self.outlet.samples[:] = 0.0

    def output(self) -> Float32:
        """What the last computed buffer sounded like on all outputs, (buffer, outputs)."""
        return np.array(self.outlet.samples.T)

    def to_faders(self) -> tuple[Float32, Float32]:
        """What the voices gave to their faders in the last computed buffer, (32, buffer), and where
        the set's own was, (buffer,).
        """
        return self._desk.input, self._master

    def peaks(self) -> Float32:
        """The largest magnitude of each voice's channels (32,) in the buffer that was computed
        last.
        """
        peaks: Float32 = np.abs(self._desk.input).max(axis=1)
        return peaks

    def prepare(self, command: Command) -> None:
        """Build beside the audio thread what a command will need that is to be applied later."""
        if isinstance(command, Fx):
            self._racks[command.rack].prepare(command.chain)

    def apply(self, command: Command) -> None:
        """Carry out one command from this buffer on."""
        self.mixer.take(command)
        match command:
            case Gain(_, voice) | Pan(_, voice) | Out(_, voice):
                self._desk.set_sides(voice)
            case Fx(_, rack, chain):
                self._racks[rack].switch(chain)
            case Turn(_, changes):
                for rack, place, parameter, value in changes:
                    if self.mixer.has(rack, place, parameter):
                        self._racks[rack].turn(place, parameter, value)
            case Master(_, value):
                self._desk.master.value = value
            case Ending(_, seconds):
                self._desk.master.time = max(seconds, FADER_SECONDS)
                self._desk.master.value = 0.0

    def tidy(self) -> None:
        """Beside the audio thread: free what has ended."""
        for rack in self._racks:
            rack.tidy()

    def close(self) -> None:
        """Let go of the chains, when no more buffers are computed."""
        for rack in self._racks:
            rack.close()
        self._desk.close()


class Outlet:
    """What a device's server plays, `samples` (outputs, buffer), and what has come in there,
    `inputs` (inputs, buffer): of the buffer that is computed, as the callback finds it.
    """

    def __init__(self, server: Any, outputs: int, buffer: int) -> None:
        self.buffer = buffer
        with building:
            server.setServer()
            self._table = pyo.DataTable(outputs * buffer)
            self.samples = view(self._table).reshape(outputs, buffer)
            self._index = pyo.Count(pyo.Trig().play(), 0, buffer - 1)
            self._places = [pyo.Sig(self._index, add=row * buffer) for row in range(outputs)]
            self._channels = [pyo.TableIndex(self._table, place) for place in self._places]
        self.inputs = _incoming(server, inputs_open(server), buffer)

    def play(self) -> None:
        """Begin to be heard."""
        for output, channel in enumerate(self._channels):
            channel.out(output)

    def stop(self) -> None:
        """Play nothing any more, from this buffer on.

        Else pyo reads past the end of ours, where the server's have become larger.
        """
        for channel in self._channels:
            channel.stop()


def inputs_open(server: Any) -> int:
    """How many inputs a server was opened with."""
    return int(server._ichnls) if getattr(server, "listens", False) else 0


def _incoming(server: Any, count: int, buffer: int) -> Float32:
    """A server's own memory of what comes in, (inputs, buffer): filled before its callback."""
    if not count:
        return np.zeros((0, buffer), np.float32)
    address = int(server.getInputAddr(), 16)
    memory = (ctypes.c_float * (count * buffer)).from_address(address)
    incoming: Float32 = np.ctypeslib.as_array(memory).reshape(buffer, count).T
    return incoming


class _Desk(ManualServer):
    """Faders and the sums of the voices: (32, buffer) → (2 · pairs, buffer),
    and a row for the set's fader.
    """

    def __init__(self, rate: int, buffer: int, pairs: int, mixer: Mixer) -> None:
        self._pairs, self._mixer = pairs, mixer
        super().__init__(rate, buffer, CHANNELS)

    def set_sides(self, voice: int) -> None:
        """Move a voice's faders to where the mixer has them."""
        for pair, faders in enumerate(self._faders):
            for fader, value in zip(faders[voice], self._mixer.sides(voice, pair), strict=True):
                fader.value = value

    def _build(self, rows: list[Any]) -> list[Any]:
        self._faders = [
            [[_ramp(side) for side in self._mixer.sides(voice, pair)] for voice in range(VOICES)]
            for pair in range(self._pairs)
        ]
        self.master = _ramp(self._mixer.master)
        sums = [self._sum(rows, pair, side) for pair in range(self._pairs) for side in (0, 1)]
        return [*sums, self.master]

    def _sum(self, rows: list[Any], pair: int, side: int) -> Any:
        faded = [
            pyo.Sig(rows[2 * voice + side], mul=fader[side]) for voice, fader in enumerate(self._faders[pair])
        ]
        self._objects.append(faded)
        return pyo.Mix(faded, voices=1)


def _ramp(value: float) -> Any:
    return pyo.SigTo(value, time=FADER_SECONDS, init=value)
