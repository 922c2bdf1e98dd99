"""The recordings of a set: one at a time, none over another."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from latentcode.files import atomic
from latentcode.parameters import VOICES
from latentcode.player.recorder import stem_path


class Takes:
    """Gives each recording a file of its own.

    `send` tells the player where to record (None: to end it), and whether each voice, and all
    outputs
    are. `running` is what the player says that it writes.
    """

    def __init__(self, send: Callable[[str | None, bool, bool], None], tell: Callable[[str], None]) -> None:
        self._send, self._tell = send, tell
        self._asked: str | None = None
        self._file: str | None = None
        self.running: str | None = None

    def record(self, path: str | None, stems: bool = False, outputs: bool = False) -> None:
        """Begin a recording, or end the one there is; one that is running is not begun again."""
        if path is None:
            if self._file is None:
                self._tell('nothing is being recorded; record("set.wav") begins a recording')
            self._asked = self._file = None
            self._send(None, False, False)
        elif path in (self._asked, self._file):
            self._tell(f"{self._file} is being recorded already; record(None) ends it")
        else:
            self._begin(path, stems, outputs)

    def _begin(self, path: str, stems: bool, outputs: bool) -> None:
        try:
            file = _reserved(Path(path), stems)
        except OSError as error:
            self._tell(f"✗ cannot record to {path}: {error.strerror or error}")
            return
        if str(file) != path:
            self._tell(f"{path} is there already; this take goes to {file.name}")
        self._asked, self._file = path, str(file)
        self._send(self._file, stems, outputs)

    def ended(self, path: str | None = None) -> None:
        """The player has ended this recording, or has died (None)."""
        if path in (None, self._file):
            self._asked = self._file = None
        if path in (None, self.running):  # not when another has begun meanwhile
            self.running = None


def _reserved(path: Path, stems: bool) -> Path:
    """A new, empty file at `path`, or at the next number that is free, for the voices beside it,
    too.

    Raises OSError.
    """
    atomic.check_name(path)
    for free in atomic.unused_names(path):
        if stems and any(os.path.lexists(stem_path(str(free), voice)) for voice in range(VOICES)):
            continue
        with suppress(FileExistsError):  # another program was faster
            free.touch(exist_ok=False)
            return free
    raise FileExistsError(errno.EEXIST, "all names are taken", str(path))
