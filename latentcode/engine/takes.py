"""The recordings of a set: one at a time, none over another."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from latentcode.files import atomic
from latentcode.parameters import VOICES
from latentcode.player.recorder import stem_path


@dataclass(frozen=True)
class Asked:
    """What the musician asked for: a file, and whether each voice, and all outputs are recorded."""

    path: str
    stems: bool
    outputs: bool


class Takes:
    """Gives each recording a file of its own; where the player dies, the next goes on in another.

    `send` tells the player where to record (None: to end it), and whether each voice, and all
    outputs are. `running` is what the player says that it writes.
    """

    def __init__(self, send: Callable[[str | None, bool, bool], None], tell: Callable[[str], None]) -> None:
        self._send, self._tell = send, tell
        self._asked: Asked | None = None
        self._lost: Asked | None = None
        self._file: str | None = None
        self.running: str | None = None

    @property
    def going(self) -> str | None:
        """The file of the recording that goes on, also while it waits for another player."""
        return self.running or (None if self._lost is None else self._lost.path)

    def record(self, path: str | None, stems: bool = False, outputs: bool = False) -> None:
        """Begin a recording, or end the one there is; one that is running is not begun again."""
        asked = self._asked
        if path is None:
            if self._file is None and self._lost is None:
                self._tell('nothing is being recorded; record("set.wav") begins a recording')
            self._asked = self._lost = self._file = None
            self._send(None, False, False)
        elif path == self._file or (asked is not None and path == asked.path):
            self._tell(f"{self._file} is being recorded already; record(None) ends it")
        else:
            self._begin(Asked(path, stems, outputs), f"{path} is there already; this take goes to")

    def ended(self, path: str) -> None:
        """The player has ended this recording."""
        if path == self._file:
            self._asked = self._file = None
        if path == self.running:  # not when another has begun meanwhile
            self.running = None

    def player_leaves(self) -> None:
        """The player ends, though nobody has told it to record no more: its file will be whole."""
        self._lost = self._asked or self._lost

    def player_died(self) -> None:
        """What was recorded ends; it goes on when another player has started. A file that it
        had not begun is none.
        """
        with suppress(OSError):
            if self._file is not None and not os.path.getsize(self._file):
                os.unlink(self._file)
        self._lost = self._asked or self._lost
        self._asked = self._file = self.running = None

    def player_started(self) -> None:
        """Another player is there."""
        if self._lost is not None:
            self._begin(self._lost, "the recording goes on in")

    def _begin(self, asked: Asked, elsewhere: str) -> None:
        self._lost = None
        try:
            file = _reserved(Path(asked.path), asked.stems)
        except OSError as error:
            self._tell(f"✗ cannot record to {asked.path}: {error.strerror or error}")
            return
        if str(file) != asked.path:
            self._tell(f"{elsewhere} {file.name}")
        self._asked, self._file = asked, str(file)
        self._send(self._file, asked.stems, asked.outputs)


def frames_of(path: str) -> int:
    """How many frames a recording holds whose player has died; 0 where it cannot be read."""
    import soundfile

    with suppress(OSError, soundfile.SoundFileError):
        return int(soundfile.info(path).frames)
    return 0


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
