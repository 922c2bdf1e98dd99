"""OSC over UDP: what arrives as inputs, and what leaves at its moment.

Bundles are opened, and of each message the numbers are read:

| types | are read as |
| --- | --- |
| i h f d r | numbers (r, a colour, as one of 32 bits) |
| T F | 1 and 0 |
| s S c b t m I N | an argument that is no number: it has its place, and is left out |
| [ … ] | one argument that is no number, whatever it holds |

A message with any other type is refused whole, as nobody knows where its next argument begins.
"""

from __future__ import annotations

import math
import re
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress

from latentcode.errors import ControlError, LatentcodeError
from latentcode.inputs.history import Input

EVERYWHERE = "0.0.0.0"
LARGEST = 65535  # bytes in a packet
LARGEST_SENT = 65487  # bytes of a message: what UDP carries, less what a bundle adds
LARGEST_FLOAT = 3.4028234e38  # of single precision
MOST_KEYS = 4096  # addresses and places of arguments that are known at most
AGAIN_SECONDS = 5.0  # between two looks for a host that is not known
PATIENCE = 0.2  # seconds after which a closed server has noticed
_ADDRESS = re.compile(r"/[!-~]{0,126}")
_NOT_IN_KEYS = re.compile(r"[@*]")

Arrive = Callable[[Input, float], None]
Value = int | float | str | bool


class Server:
    """Listens on a UDP port, on a thread of its own;
    numbers and truth values become inputs `osc:/address#place`.

    Other values are left out, and so is what is no OSC; time tags do not count.
    Raises ControlError when the port cannot be had.
    """

    def __init__(self, port: int, arrive: Arrive, host: str = EVERYWHERE) -> None:
        self._arrive = arrive
        self._keys: dict[tuple[str, int], str] = {}
        self.bad = self.heard = 0
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
            self._socket.bind((host, port))
        except (OSError, OverflowError, TypeError, ValueError) as error:
            self._socket.close()
            raise ControlError(
                f"port {port} of {host} cannot be listened to ({error}); another one: osc_in({port + 1})"
            ) from error
        self._socket.settimeout(PATIENCE)
        self.host, self.port = self._socket.getsockname()
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, name="osc in", daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._end.set()
        self._thread.join(2 * PATIENCE)
        self._socket.close()

    def _run(self) -> None:
        while not self._end.is_set():
            try:
                packet = self._socket.recv(LARGEST)
            except TimeoutError:
                continue
            except OSError:  # closed, or an answer of the network to nothing of ours
                if self._end.wait(PATIENCE):
                    return
                continue
            self.take(packet, time.monotonic())

    def take(self, packet: bytes, moment: float) -> None:
        """What a packet says arrives; messages that cannot be read are left out, each whole."""
        try:
            for one in messages(packet):
                self._take(one, moment)
        except ValueError:
            self.bad += 1

    def _take(self, one: bytes, moment: float) -> None:
        try:
            found = numbers(one)
        except ValueError:
            self.bad += 1
            return
        for address, place, value in found:
            name = self._key(address, place)
            if name:
                self.heard += 1
                self._arrive(Input(name, value), moment)

    def _key(self, address: str, place: int) -> str:
        known = self._keys.get((address, place))
        if known is None:
            known = ""
            if _ADDRESS.fullmatch(address) and len(self._keys) < MOST_KEYS:
                known = f"osc:{_NOT_IN_KEYS.sub('_', address)}#{place}"
                self._keys[address, place] = known
        return known


def message(address: str, values: tuple[Value, ...]) -> bytes:
    """An OSC message.

    Raises ControlError for what OSC cannot say, or a packet cannot hold.
    """
    from pythonosc.osc_message_builder import OscMessageBuilder

    _tag(address)
    made = OscMessageBuilder(address)
    for value in values:
        made.add_arg(value, _tag(value))
    try:
        data = bytes(made.build().dgram)
    except Exception as error:  # the library raises what it meets
        raise ControlError(f"{address} cannot be sent as OSC: {error}") from error
    if len(data) > LARGEST_SENT:
        raise ControlError(f"an OSC message has at most {LARGEST_SENT} bytes, and this has {len(data)}")
    return data


def bundled(data: bytes, moment: float) -> bytes:
    """A message in a bundle that is to be heard at a moment of time.monotonic()."""
    from pythonosc.parsing.ntp import system_time_to_ntp

    stamp = system_time_to_ntp(time.time() + moment - time.monotonic())
    return b"#bundle\0" + stamp + struct.pack(">i", len(data)) + data


def _tag(value: Value) -> str | None:
    """The type of an argument; None: the library knows.

    Raises ControlError for what no argument can be.
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        if "\0" in value or (not value.isascii() and _lone(value)):
            raise ControlError(f"{value[:60]!r} is no text that OSC can hold")
        return None
    low, high = (-LARGEST_FLOAT, LARGEST_FLOAT) if isinstance(value, float) else (-(1 << 31), (1 << 31) - 1)
    if not low <= value <= high:
        raise ControlError(f"{value:g} cannot be sent as OSC: numbers go from {low:g} to {high:g}")
    return "f" if isinstance(value, float) else "i"


def _lone(text: str) -> bool:
    """Whether a text holds half of a character, which has no bytes."""
    return any("\ud800" <= letter <= "\udfff" for letter in text)


def place(text: str) -> tuple[str, int]:
    """Host and port of "127.0.0.1:57120", ":57120" or "57120". Raises ControlError."""
    host, _, port = text.strip().rpartition(":")
    if not port.isdecimal() or not 0 < int(port) < 65536 or "\0" in host:
        raise ControlError(f'OSC goes to a host and a port, not {text!r}; as in osc_out("127.0.0.1:57120")')
    return host or "127.0.0.1", int(port)


class Sockets:
    """Where OSC leaves: the outputs of a `Sender`, by "host:port".

    `notice` is told once of one that fails.
    """

    def __init__(self, notice: Callable[[str], None] = lambda text: None) -> None:
        self._notice, self._told = notice, set[str]()
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._places: dict[str, tuple[str, int] | None] = {}
        self._next: dict[str, float] = {}  # by place the moment from which on it may be looked up again
        self._lock = threading.Lock()

    def want(self, name: str, virtual: bool = False) -> None:
        """Find out where it is; on a thread of its own, as the network may take its time.

        It is tried again.
        """
        now = time.monotonic()
        with self._lock:
            if self._places.get(name) is not None or now < self._next.get(name, now):
                return
            self._places[name], self._next[name] = None, now + AGAIN_SECONDS
        threading.Thread(target=self._resolve, args=(name,), name="osc out", daemon=True).start()

    def send(self, name: str, data: bytes) -> bool:
        """Send a packet; False where that is not possible."""
        where = self._places.get(name)
        if where is None:
            return False
        try:
            self._socket.sendto(data, where)
        except OSError as error:
            self._tell(name, error)
            return False
        return True

    def is_open(self, name: str) -> bool:
        """Whether it is known where it is."""
        return self._places.get(name) is not None

    def reopen(self) -> None:
        """Nothing is held that could be lost."""

    def close(self) -> None:
        with suppress(OSError):
            self._socket.close()

    def _resolve(self, name: str) -> None:
        try:
            host, port = place(name)
            self._places[name] = (socket.gethostbyname(host), port)
        except (OSError, ValueError, LatentcodeError) as error:
            self._tell(name, error)

    def _tell(self, name: str, error: Exception) -> None:
        if name not in self._told:
            self._told.add(name)
            self._notice(f"✗ nothing can be sent to {name}: {error}")


BUNDLE, HEAD = b"#bundle\0", 16  # a bundle's mark; it and the time tag are so many bytes
NUMBERS = {
    tag: struct.Struct(form) for tag, form in zip("ihfdr", (">i", ">q", ">f", ">d", ">I"), strict=True)
}
SKIPPED = {"c": 4, "m": 4, "t": 8, "I": 0, "N": 0}  # bytes of what is no number
TRUTH = {"T": 1.0, "F": 0.0}
TEXTS, BLOB = "sS", "b"
SIZE = struct.Struct(">i")

Number = tuple[str, int, float]  # address, place among the arguments, value


def messages(packet: bytes) -> Iterator[bytes]:
    """The messages of a packet, those of bundles in their order.

    Raises ValueError for what is no OSC.
    """
    left = [packet]
    while left:
        part = left.pop()
        if part.startswith(BUNDLE):
            left += reversed(_elements(part))
        else:
            yield part


def numbers(message: bytes) -> list[Number]:
    """The finite numbers of a message. Raises ValueError for one that cannot be read to its end."""
    address, here = _text(message, 0)
    if not address.startswith("/"):
        raise ValueError(f"an OSC address begins with /, not {address[:20]!r}")
    if here == len(message):
        return []
    tags, here = _text(message, here)
    if not tags.startswith(","):
        raise ValueError("the types of an OSC message begin with a comma")
    found: list[Number] = []
    place = depth = 0
    for tag in tags[1:]:
        depth += (tag == "[") - (tag == "]")
        if depth < 0:
            raise ValueError("an OSC array ends before it begins")
        value = None
        if tag not in "[]":
            value, here = _argument(message, here, tag)
        if value is not None and depth == 0 and math.isfinite(value):
            found.append((address, place, value))
        place += depth == 0
    if depth:
        raise ValueError("an OSC array does not end")
    return found


def _elements(bundle: bytes) -> list[bytes]:
    found, here = [], HEAD
    if len(bundle) < HEAD:
        raise ValueError("an OSC bundle has a time tag")
    while here < len(bundle):
        size, here = _size(bundle, here)
        found.append(bundle[here : here + size])
        here += size
    return found


def _argument(message: bytes, here: int, tag: str) -> tuple[float | None, int]:
    """The value of an argument, None for what is no number; and where the next one begins."""
    if tag in TRUTH:
        return TRUTH[tag], here
    if tag in TEXTS:
        return None, _text(message, here)[1]
    if tag == BLOB:
        size, here = _size(message, here)
        return None, _within(message, here + -(-size // 4) * 4)
    if tag in NUMBERS:
        form = NUMBERS[tag]
        end = _within(message, here + form.size)
        return float(form.unpack_from(message, here)[0]), end
    if tag in SKIPPED:
        return None, _within(message, here + SKIPPED[tag])
    raise ValueError(f"OSC has no type {tag!r} that is known here")


def _text(message: bytes, here: int) -> tuple[str, int]:
    """A text, and where what follows it begins: it ends with a zero,
    and fills words of four bytes.
    """
    end = message.index(b"\0", here)
    return message[here:end].decode("utf-8"), _within(message, here + (end - here) // 4 * 4 + 4)


def _size(message: bytes, here: int) -> tuple[int, int]:
    """How long what follows is, and where it begins."""
    begin = _within(message, here + SIZE.size)
    (size,) = SIZE.unpack_from(message, here)
    if size < 0:
        raise ValueError("a size below 0")
    _within(message, begin + size)
    return size, begin


def _within(message: bytes, place: int) -> int:
    if place > len(message):
        raise ValueError("an OSC message that is cut off")
    return place
