"""Where `latentcode pipe` has its blocks from: standard input, and flok's OSC messages."""

from __future__ import annotations

import os
import queue
import socket
import threading
from collections.abc import Callable, Iterator

from latentcode.errors import ControlError
from latentcode.remote.address import LOOPBACK

QUIET = 0.03  # seconds without a byte after which a block is whole: whoever writes it writes it at once
PATIENT = 0.5  # … after which one is that stops in the middle of a line
CHUNK = 1 << 16
ADDRESS, PORT = "/flok", 3001  # what flok's free target sends, and where to

Take = Callable[[str], None]


def blocks(descriptor: int) -> Iterator[str]:
    """What is written to a pipe, cut where the writer pauses; until its end.

    flok writes the text of an evaluation and a line end, and no more: blank lines may be part of
    it.
    """
    chunks: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_read_on, args=(descriptor, chunks.put), daemon=True).start()
    ended = False
    while not ended:
        data = chunks.get()
        ended = not data
        while not ended:
            try:
                more = chunks.get(timeout=QUIET if data.endswith(b"\n") else PATIENT)
            except queue.Empty:
                break
            ended, data = not more, data + more
        if text := data.decode("utf-8", "replace").replace("\r\n", "\n").strip("\n"):
            yield text


def _read_on(descriptor: int, put: Callable[[bytes], None]) -> None:
    data = b"begin"
    while data:
        try:
            data = os.read(descriptor, CHUNK)
        except OSError:
            data = b""
        put(data)


def listen(port: int, take: Take) -> socket.socket:
    """Give `take` the text of each OSC message `/flok` that comes to a port of this machine,
    on a thread of its own. Raises ControlError where the port cannot be had.
    """
    line = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        line.bind((LOOPBACK, port))
    except (OSError, OverflowError) as error:
        line.close()
        raise ControlError(
            f"port {port} cannot be listened to: {error}; another one: --osc {port + 1}"
        ) from error
    threading.Thread(target=_hear, args=(line, take), daemon=True).start()
    return line


def _hear(line: socket.socket, take: Take) -> None:
    while True:
        try:
            packet = line.recv(CHUNK)
        except OSError:
            return
        for text in _texts(packet):
            take(text)


def _texts(packet: bytes) -> Iterator[str]:
    from pythonosc.osc_packet import OscPacket, ParseError

    try:
        messages = [timed.message for timed in OscPacket(packet).messages]
    except (ParseError, ValueError, IndexError, RecursionError):  # no OSC
        return
    for message in messages:
        texts = [value for value in message.params if isinstance(value, str)]
        if message.address == ADDRESS and texts and texts[-1].strip():
            yield texts[-1]
