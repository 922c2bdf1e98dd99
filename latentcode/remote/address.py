"""Where running sets listen for editors: a socket each in the user's own folder of sockets.

Where there are no Unix sockets, as on Windows, the file holds a port of this machine and a secret:
who can read the file may speak.
"""

from __future__ import annotations

import json
import os
import secrets
import socket
import stat
import sys
from contextlib import suppress
from pathlib import Path

from latentcode.errors import EngineError
from latentcode.files import places

SUFFIX = ".edit"  # no longer than that of a door
REPLAY = f".play{SUFFIX}"  # what the sockets of sets end in that are played again: nothing can be sent there
VARIABLE = "LATENTCODE_SOCKET"  # of the environment: the socket of the set that is meant
LOOPBACK = "127.0.0.1"
UNIX = hasattr(socket, "AF_UNIX") and sys.platform != "win32"
SOON = 2.0  # seconds in which a set that plays answers a call


class Listening:
    """A socket that listens, and its file; `secret` is to be said first, where there is one."""

    def __init__(self, path: Path, unix: bool = UNIX) -> None:
        """Raises OSError."""
        self.path = path
        with suppress(FileNotFoundError):
            path.unlink()  # of a process of the same number that was killed
        self.secret = "" if unix else secrets.token_hex(16)
        self.socket = socket.socket(socket.AF_UNIX if unix else socket.AF_INET)
        try:
            self.socket.bind(str(path) if unix else (LOOPBACK, 0))
            self.socket.listen(128)
            if not unix:
                told = {"port": self.socket.getsockname()[1], "secret": self.secret}
                with open(path, "w", encoding="utf-8", opener=places.opener) as file:
                    json.dump(told, file)
            path.chmod(0o600)
        except OSError:
            self.close()
            raise

    def close(self) -> None:
        """Listen no more, and remove the file."""
        self.socket.close()
        with suppress(OSError):
            self.path.unlink()


def own_path() -> Path | None:
    """Where this process listens; None where no socket can be opened."""
    found = places.find("runtime")
    return found.folder / f"{os.getpid()}{SUFFIX}" if found.usable else None


def listening() -> list[Path]:
    """The sockets of the sets of this user, the newest first, those included that nobody answers
    at.
    """
    known = []
    for folder in places.all_of("runtime"):
        for file in folder.glob(f"*{SUFFIX}"):
            if file.name.endswith(REPLAY):
                continue
            with suppress(OSError):
                about = file.lstat()
                if not stat.S_ISLNK(about.st_mode) and places.mine(file):
                    known.append((about.st_mtime, file))
    return [file for _, file in sorted(known, reverse=True)]


def clear() -> None:
    """Remove the sockets of sets that are no more, as of one whose prompt was killed."""
    for one in listening():
        try:
            _called(one).close()
        except ConnectionRefusedError:
            with suppress(OSError):
                one.unlink()
        except (OSError, ValueError, KeyError):  # busy, or no socket
            continue


def found(path: str | Path | None = None) -> Path:
    """Where the set listens that is meant by `path`, or the newest. Raises EngineError for none."""
    line, there = _answering(path)
    line.close()
    return there


def call(path: str | Path | None = None) -> socket.socket:
    """A line to the set that listens at `path`, or to the newest.

    Raises EngineError where no set answers.
    """
    return _answering(path)[0]


def _answering(path: str | Path | None) -> tuple[socket.socket, Path]:
    named = path or os.environ.get(VARIABLE)
    for one in [Path(named)] if named else listening():
        try:
            return _called(one), one
        except (OSError, ValueError, KeyError) as error:
            if named:
                raise EngineError(f"no set listens at {named}: {error}") from None
            if isinstance(error, ConnectionRefusedError):  # nobody listens; others are busy, or begin
                with suppress(OSError):
                    one.unlink()
    raise EngineError("no set is playing here; type latentcode for one with a prompt, or latentcode serve")


def _called(path: Path) -> socket.socket:
    unix = stat.S_ISSOCK(path.stat().st_mode)
    line = socket.socket(socket.AF_UNIX if unix else socket.AF_INET)
    line.settimeout(SOON)
    try:
        if unix:
            line.connect(str(path))
        else:
            told = json.loads(path.read_text(encoding="utf-8"))
            line.connect((LOOPBACK, int(told["port"])))
            line.sendall(f"{told['secret']}\n".encode())
        line.settimeout(None)
    except BaseException:
        line.close()
        raise
    return line
