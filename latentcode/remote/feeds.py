"""Where `latentcode pipe` has its blocks from: standard input, and flok's OSC messages."""

from __future__ import annotations

import ast
import os
import queue
import re
import socket
import threading
import time
import warnings
from collections.abc import Callable, Iterator, Sequence

from latentcode.errors import ControlError
from latentcode.remote.address import LOOPBACK

QUIET = 0.03  # seconds without a byte after which a block is whole: whoever writes it writes it at once
PATIENT = 0.5  # … after which one is that stops in the middle of a line
CHUNK = 1 << 16
GOES_ON = re.compile(r"(else|elif|except|finally)\b")
ADDRESS, PORT = "/flok", 3001  # what flok's free target sends, and where to

Take = Callable[[str], None]


def blocks(descriptor: int) -> Iterator[str]:
    """What is written to a pipe, cut where the writer pauses; until its end.

    flok-repl writes the text of an evaluation, stripped, and one line end (0.2) or two (since), and
    no more. What several musicians evaluate almost at once is a block for each (`apart`); where
    it was read at once, a blank line is all that tells them apart.
    """
    for written in _at_once(descriptor):
        texts = [data.decode("utf-8", "replace").replace("\r\n", "\n") for data in written]
        for block in apart(texts):
            if text := block.strip("\n"):
                yield text


def _at_once(descriptor: int) -> Iterator[list[bytes]]:
    """What is written between two pauses, by what was written at a time; however late it is asked
    for.
    """
    chunks: queue.SimpleQueue[tuple[float, bytes]] = queue.SimpleQueue()
    threading.Thread(target=_read_on, args=(descriptor, chunks.put), daemon=True).start()
    came, data = chunks.get()
    while data:
        written = [data]
        while True:
            patience = QUIET if written[-1].endswith(b"\n") else PATIENT
            try:
                more = chunks.get(timeout=patience)
            except queue.Empty:
                more = None
            if more is None or not more[1] or more[0] - came > patience:
                break
            came = more[0]
            if written[-1].endswith(b"\n"):
                written.append(more[1])
            else:
                written[-1] += more[1]
        yield written
        came, data = more or chunks.get()


def apart(texts: Sequence[str]) -> Iterator[str]:
    """The blocks of what came almost at once, by what was written at a time: a new one begins where
    what came before is whole and the next stands at the margin. What is not whole to the end is
    taken as it came, so that no mistake takes along what others have written.
    """
    pieces: list[str] = []
    for place, text in enumerate(texts, 1):
        pieces.append(text)
        if place == len(texts) or (_begins(texts[place]) and _is_whole("".join(pieces))):
            yield from ["".join(pieces)] if _is_whole("".join(pieces)) else pieces
            pieces = []


def _begins(text: str) -> bool:
    """Whether a text does not go on with a statement that could be whole."""
    return not text[:1].isspace() and not GOES_ON.match(text)


def _is_whole(text: str) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # they are given where it is run
        try:
            compile(text, "<block>", "exec", ast.PyCF_ONLY_AST)
        except (SyntaxError, ValueError, OverflowError, RecursionError, MemoryError):
            return False
    return True


def _read_on(descriptor: int, put: Callable[[tuple[float, bytes]], None]) -> None:
    data = b"begin"
    while data:
        try:
            data = os.read(descriptor, CHUNK)
        except OSError:
            data = b""
        put((time.monotonic(), data))


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
