"""A chain of effects: pyo objects on a pyo server of their own,
which is computed when it is asked for.

On a server of its own a chain is in time with what calls it, wherever and whenever it was made; it
can be made beside the audio thread, and nothing in it moves before its first buffer, so that it is
the same in a replay.
"""

from __future__ import annotations

import ctypes
import sys
import threading
import time
from contextlib import suppress
from typing import Any

import numpy as np

from latentcode.arrays import Float32
from latentcode.parameters import PARAMETERS
from latentcode.player.effects import BUILD, Knobs
from latentcode.player.library import pyo
from latentcode.protocol.player_messages import Spec

building = threading.Lock()
"""pyo gives what is made to one server at a time: whoever makes objects or servers holds this."""


class BuildTurn:
    """Whose turn it is: who builds beside the audio thread waits while that computes,
    between two objects.

    Else each of them would take Python's lock away from the audio thread in the middle of its
    buffer.
    """

    audio: int | None = None  # the thread that computes a buffer

    def wait(self) -> None:
        """Until no buffer is being computed, 5 ms at most."""
        for _ in range(25):
            if self.audio in (None, threading.get_ident()):
                return
            time.sleep(0.0002)


turn = BuildTurn()

INAUDIBLE = 1e-7
_QUIET_SECONDS = 0.25


class ManualServer:
    """Two or more channels through pyo: `input` (channels, buffer) in,
    `output` (outs, buffer) out.
    """

    def __init__(self, rate: int, buffer: int, channels: int) -> None:
        self._server = _server(rate, buffer)
        self.buffer = buffer
        with building:
            self._server.setServer()
            self._table = pyo.DataTable(channels * buffer)
            self._count = pyo.Count(pyo.Trig().play(), 0, buffer - 1)
            places = [pyo.Sig(self._count, add=channel * buffer) for channel in range(channels)]
            self._objects: list[Any] = [places]
            self._rows = [pyo.TableIndex(self._table, place) for place in places]
            self._objects.append(outs := self._build(self._rows))
            self._tables = [pyo.DataTable(buffer) for _ in outs]
            self._fills = [pyo.TableFill(out, table) for out, table in zip(outs, self._tables, strict=True)]
        self.input: Float32 = view(self._table).reshape(channels, buffer)
        self._outputs = [view(table) for table in self._tables]

    def compute(self) -> Float32:
        """The next buffer of output, (outs, buffer)."""
        self._server.process()
        out = np.empty((len(self._outputs), self.buffer), np.float32)
        for row, channel in zip(out, self._outputs, strict=True):
            row[:] = channel
        return out

    def close(self) -> None:
        """Let go of the objects; the server serves again."""
        kept = self._server
        del self.input, self._outputs
        self.__dict__.clear()
        for stream in kept.getStreams():
            kept._server.removeStream(stream.getId())
        _spare.setdefault((int(kept.getSamplingRate()), int(kept.getBufferSize())), []).append(kept)

    def _build(self, rows: list[Any]) -> list[Any]:
        raise NotImplementedError


class Chain(ManualServer):
    """A voice's or the mix's effects.

    `turn` moves a parameter; `tail` is how long it sounds on, in seconds.
    """

    def __init__(self, spec: Spec, rate: int, buffer: int) -> None:
        self.spec = spec
        self.tail = max(BUILD[name].tail for name, _ in spec)
        self._knobs: list[Knobs] = []
        super().__init__(rate, buffer, 2)
        longest = max(BUILD[name].gap for name, _ in spec) + _QUIET_SECONDS
        self._patience = int(longest * rate / buffer) + 1
        self._quiet = self._patience

    def process(self, pair: Float32) -> Float32:
        """(2, buffer) → (2, buffer).

        Costs nothing after it has been silent for longer than it can ring.
        """
        silent = not pair.any()
        if silent and self._quiet >= self._patience:
            return np.zeros_like(pair)
        self.input[:] = pair
        made = self.compute()
        heard = not silent or not np.abs(made).max() <= INAUDIBLE
        self._quiet = 0 if heard else self._quiet + 1
        return made

    def turn(self, place: int, parameter: int, value: float) -> None:
        """Let a parameter of the effect at `place` move to a value."""
        self._knobs[place].turn(parameter, value)

    def _build(self, rows: list[Any]) -> list[Any]:
        pair = rows
        for name, values in self.spec:
            turn.wait()
            knobs = Knobs(PARAMETERS[name], values, BUILD[name].scales, turn.wait)
            pair = BUILD[name].build(pair, knobs)
            self._knobs.append(knobs)
            self._objects.append(pair)
        return pair


def view(table: Any) -> Float32:
    """A table's own memory as an array, to be used while the table is there.

    pyo lends its memory without counting the loan, takes it back counted, and frees it with loans
    still open: so the loan is given back at once, and only the address is kept.
    """
    lender = table.getBuffer()
    before = sys.getrefcount(lender)
    lent = np.asarray(lender)
    if sys.getrefcount(lender) == before:
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(lender))
    address, size = lent.ctypes.data, lent.size
    del lent
    memory = (ctypes.c_float * size).from_address(address)
    return np.ctypeslib.as_array(memory)


_spare: dict[tuple[int, int], list[Any]] = {}
_servers: list[Any] = []


def _server(rate: int, buffer: int) -> Any:
    """A server that is driven by hand.

    They are never freed: pyo's objects do not survive theirs.
    """
    spare = _spare.get((rate, buffer), [])
    if spare:
        return spare.pop()
    server = make_server(rate, buffer, "manual", 2)
    server.boot()
    server.start()
    _servers.append(server)
    return server


def make_server(
    rate: int, buffer: int, backend: str, outputs: int, name: str = "latentcode", inputs: int = 0
) -> Any:
    """A pyo server that is not booted yet."""
    with building:
        server = pyo.Server(
            sr=rate, nchnls=outputs, ichnls=inputs or None, buffersize=buffer, duplex=int(inputs > 0),
            audio=backend, jackname=name, verbosity=3,
        )  # fmt: skip
    server.deactivateMidi()
    server.listens = inputs > 0
    return server


def rehearse(rate: int, buffer: int, chains: int = 16) -> None:
    """Build chains and let go of them, so that memory and servers are there when a set
    needs them.
    """
    spec: Spec = tuple(
        (name, tuple(each.default for each in PARAMETERS[name])) for name in ("delay", "reverb", "chorus")
    )
    with suppress(
        OSError, AttributeError
    ):  # the C library keeps what is freed; else its pages come one by one
        libc = ctypes.CDLL(None)
        libc.mallopt(_MMAP_THRESHOLD, 1 << 24)
        libc.mallopt(_TRIM_THRESHOLD, 1 << 30)
    for chain in [Chain(spec, rate, buffer) for _ in range(chains)]:
        chain.process(np.ones((2, buffer), np.float32))
        chain.close()


_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3  # glibc's names for what `mallopt` sets
