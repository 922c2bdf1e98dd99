"""Messages between processes, and starting children.

What the messages are stands in `messages.py`; they are packed as msgpack, and reading one can run
no code. Values that are more than plain travel as bytes that the sender pickled and the receiver
chooses to unpickle.

A child is started as `python -m MODULE ADDRESS ARGUMENTS…` in a session of its own, so that Ctrl-C
at the prompt is not its affair, and calls `connect(ADDRESS)`. When either side dies the other reads
end of file: `receive` raises EOFError.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import connection as pipes
from pathlib import Path
from typing import IO, Any

import msgspec
from msgspec import msgpack

from latentcode.errors import LatentcodeError

PLAIN = tuple[Any, ...]
"""What is heard where nothing else is said: rows of plain values."""

# Keeps -m from putting the musician's folder, where a random.py may lie, before the libraries.
_OPTIONS = ("-P",) if sys.version_info >= (3, 11) else ()


class Wire:
    """One end of a two-way line of messages. Any thread may send; one thread receives.

    `hears` is the union of the messages that are received here (see `messages.py`). What is none of
    them is left out: `unknown` gets a sentence about it, which goes to the log unless somebody else
    is set there.
    """

    def __init__(self, connection: Any, hears: Any = PLAIN) -> None:
        self._connection = connection
        self._packing = Packing(hears)
        self._sending, self._closing = threading.Lock(), threading.RLock()
        self.unknown: Callable[[str], None] = log_line

    def fileno(self) -> int:
        """For `select` and `multiprocessing.connection.wait`."""
        return int(self._connection.fileno())

    def send(self, message: Any) -> None:
        """Send one message; EOFError when the other side is gone,
        TypeError for a value that is not plain.
        """
        data = self._packing.pack(message)
        try:
            with self._sending:
                self._connection.send_bytes(data)
        except (OSError, TypeError) as error:  # TypeError: hung up by another thread of ours meanwhile
            raise EOFError(f"the other process is gone ({error})") from error

    def poll(self, seconds: float | None = 0.0) -> bool:
        """Whether a message (or end of file) is there within `seconds`; None waits for ever."""
        try:
            return bool(self._connection.poll(seconds))
        except OSError:
            return True

    def receive(self) -> Any:
        """The next message that is known here, waiting for it;
        EOFError when the other side is gone.
        """
        while True:
            try:
                return self._packing.unpack(self._received())
            except LatentcodeError as error:
                self.unknown(str(error))

    def _received(self) -> bytes:
        try:
            return bytes(self._connection.recv_bytes())
        except (OSError, TypeError) as error:  # TypeError: hung up by another thread of ours meanwhile
            raise EOFError(f"the other process is gone ({error})") from error

    def close(self) -> None:
        """Hang up; the other side reads end of file, and so does a thread of ours that is reading.

        Any thread may, and again: a descriptor that was closed twice might be another's by then.
        """
        with self._closing:
            if self._connection.closed:
                return
            if sys.platform != "win32":
                with suppress(OSError), socket.socket(fileno=os.dup(self.fileno())) as line:
                    line.shutdown(socket.SHUT_RDWR)
            self._connection.close()


class Packing:
    """Messages as bytes: msgpack, read as one of the union `hears`."""

    def __init__(self, hears: Any) -> None:
        self._hears = hears
        self._encoder, self._decoder = msgpack.Encoder(), msgpack.Decoder(hears)

    def pack(self, message: Any) -> bytes:
        """The bytes of a message. TypeError for a value that no message can hold."""
        try:
            return self._encoder.encode(message)
        except UnicodeEncodeError:  # half characters, as in the name of a file that is no UTF-8
            plain = _texts(msgspec.to_builtins(message, builtin_types=(bytes,)), _escaped)
            return _ESCAPED + self._encoder.encode(plain)

    def unpack(self, data: bytes) -> Any:
        """The message in bytes. LatentcodeError for what is none that is known."""
        try:
            if data[:1] != _ESCAPED:
                return self._decoder.decode(data)
            return msgspec.convert(_texts(msgpack.decode(data[1:]), _plain), self._hears)
        except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
            raise LatentcodeError(f"a message is left out that nobody knows here: {error}") from error


_ESCAPED = b"\xc1"  # a byte that msgpack does not use: texts follow whose half characters are written out


def _escaped(text: str) -> str:
    return text.encode("unicode_escape").decode("ascii")


def _plain(text: str) -> str:
    return text.encode("ascii").decode("unicode_escape")


def _texts(value: Any, change: Callable[[str], str]) -> Any:
    """The same value with all of its texts changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {_texts(key, change): _texts(item, change) for key, item in value.items()}
    return [_texts(item, change) for item in value] if isinstance(value, (list, tuple)) else value


def log_line(text: str) -> None:
    """A sentence for the log of this process."""
    print(text, file=sys.stderr, flush=True)


@dataclass
class Child:
    """A process that was started by `start`, and the wire to it."""

    process: subprocess.Popen[bytes]
    wire: Wire

    @property
    def alive(self) -> bool:
        """Whether the process is still running."""
        return self.process.poll() is None

    def close(self, timeout: float = 2.0) -> int:
        """Hang up and wait `timeout` seconds, then terminate, then kill;
        returns the exit status.
        """
        self.wire.close()
        for push in (None, self.process.terminate, self.process.kill):
            if push is not None:
                push()
            with suppress(subprocess.TimeoutExpired):
                return self.process.wait(timeout)
        return self.process.wait()


def start(
    module: str,
    *args: str,
    hears: Any = PLAIN,
    pass_fds: Sequence[int] = (),
    log: Path | str | None = None,
) -> Child:
    """Start `python -m module ADDRESS args…` and return it with a wire to it.

    `hears` is the union of its messages; `pass_fds` are descriptors for it to inherit (POSIX). What
    it prints, also from C, is appended to `log`, or goes nowhere.
    """
    if sys.platform == "win32":
        return _start_windows(module, args, hears, log)
    ours, theirs = socket.socketpair()
    with theirs:
        process = _popen(module, (f"fd:{theirs.fileno()}", *args), log, (*pass_fds, theirs.fileno()))
    return Child(process, Wire(pipes.Connection(ours.detach()), hears))


def connect(address: str, hears: Any = PLAIN) -> Wire:
    """In a child: the wire to the parent, from the first argument of the command line;
    `hears` is known on it.
    """
    if address.startswith("fd:"):
        descriptor = int(address[3:])
        os.set_inheritable(descriptor, False)
        return Wire(pipes.Connection(descriptor), hears)
    return Wire(pipes.Client(address), hears)


class Door:
    """A private socket at which other processes of the same user can call;
    the messages `hears` are known from them.

    The folder of `path` must belong to the user alone. The socket file goes when the door is
    closed; one that a killed process left behind is replaced.
    """

    def __init__(self, path: Path | str, hears: Any = PLAIN) -> None:
        self._hears = hears
        self.address = _door_address(path)
        if sys.platform != "win32":
            _clear_stale(self.address)
        self._listener, self._closed = pipes.Listener(self.address), False
        if sys.platform != "win32":
            os.chmod(self.address, 0o600)

    def accept(self) -> Wire:
        """The next caller, waiting for one; EOFError when the door was closed meanwhile."""
        try:
            caller = Wire(self._listener.accept(), self._hears)
        except OSError as error:
            raise EOFError(f"the door at {self.address} is closed") from error
        if self._closed:
            caller.close()
            raise EOFError(f"the door at {self.address} is closed")
        return caller

    def close(self) -> None:
        """Close the door and remove its file."""
        self._closed = True
        with suppress(OSError):
            call(self.address).close()  # wakes a thread that waits in accept
        self._listener.close()


def call(path: Path | str, hears: Any = PLAIN) -> Wire:
    """A wire to the process that has a Door at `path`, on which `hears` is known;
    OSError when nobody is there.
    """
    return Wire(pipes.Client(_door_address(path)), hears)


def _door_address(path: Path | str) -> str:
    if sys.platform != "win32":
        return str(path)
    name = str(path)
    return (
        name
        if name.startswith("\\\\.\\pipe\\")
        else rf"\\.\pipe\{name.replace(':', '').replace(os.sep, '-')}"
    )


def _clear_stale(address: str) -> None:
    if not os.path.exists(address):
        return
    try:
        call(address).close()
    except OSError:
        os.unlink(address)
        return
    raise LatentcodeError(f"a process already listens at {address}: end it first, or choose another name")


def _popen(
    module: str, args: Sequence[str], log: Path | str | None, pass_fds: Sequence[int]
) -> subprocess.Popen[bytes]:
    windows = sys.platform == "win32"
    with _log(log) as output:
        return subprocess.Popen(
            [sys.executable, *_OPTIONS, "-m", module, *args],
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            pass_fds=tuple(pass_fds),
            start_new_session=not windows,
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0) if windows else 0,
        )


def _log(path: Path | str | None) -> IO[bytes]:
    """Where a child's own output goes: nowhere, when a disk that is full has no place for it."""
    with suppress(OSError):
        return open(path or os.devnull, "ab", buffering=0)
    return open(os.devnull, "ab", buffering=0)


def _environment() -> dict[str, str]:
    """The child's: it finds this package also where it runs from a checkout."""
    ours = Path(__file__).resolve().parents[2]
    if ours.name in ("site-packages", "dist-packages"):
        return dict(os.environ)
    paths = [str(ours), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}


def _start_windows(module: str, args: Sequence[str], hears: Any, log: Path | str | None) -> Child:
    listener = pipes.Listener(family="AF_PIPE")
    process = _popen(module, (str(listener.address), *args), log, ())
    threading.Thread(target=_release, args=(process, str(listener.address)), daemon=True).start()
    connection = listener.accept()
    listener.close()
    return Child(process, Wire(connection, hears))


def _release(process: subprocess.Popen[bytes], address: str) -> None:
    """End a wait for a child that died before it called."""
    process.wait()
    with suppress(OSError):
        pipes.Client(address).close()
