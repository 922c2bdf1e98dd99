"""What a set is started with, and the folders that it uses."""

from __future__ import annotations

import os
import secrets
import stat
import sys
import time
import warnings
from dataclasses import dataclass, replace
from pathlib import Path

import platformdirs

from latentcode.errors import EngineError

NAME = "latentcode"


@dataclass(frozen=True)
class Options:
    """How the engine is started; None leaves the choice to it.

    rate and buffer are wishes (Hz, samples; a sound server decides for itself), lead in ms, bpm as text,
    block and hop in samples: rendered at a time, and between two windows, headroom in dB: what the set is turned
    down by before the limiter. midi: parts of inputs' names with commas between, or "none".
    """

    model: str = "default"
    rate: int | None = None
    buffer: int | None = None
    driver: str | None = None
    outputs: int | None = None
    lead: float | None = None
    block: int | None = None
    hop: int | None = None
    low_latency: bool = False
    seed: int | None = None
    bpm: str | None = None
    synthesis: str | None = None
    noise: float | None = None
    headroom: int | None = None
    journal: str | None = None
    keep: bool = False
    resume: bool = False
    midi: str | None = None
    vi: bool = False

    def settled(self) -> Options:
        """The same with a seed, and a file for the journal."""
        seed = secrets.randbelow(2**31) if self.seed is None else self.seed
        return replace(self, seed=seed, journal=self.journal or str(new_journal()))

    def arguments(self) -> list[str]:
        """The engine's command line."""
        named = (
            "model", "rate", "buffer", "driver", "outputs", "lead", "block", "hop", "seed", "bpm", "synthesis",
            "noise", "headroom", "journal", "midi",
        )  # fmt: skip
        pairs = ((name, getattr(self, name)) for name in named)
        words = [word for name, value in pairs if value is not None for word in (f"--{name}", str(value))]
        return [*words, "--low-latency"] if self.low_latency else words


def data_folder() -> Path:
    """Where history, sessions and trust are kept."""
    return Path(platformdirs.user_data_dir(NAME, appauthor=False))


def sessions_folder() -> Path:
    """Where sets are written down."""
    return data_folder() / "sessions"


def new_journal() -> Path:
    """A file for a new session, named after the date and time."""
    return sessions_folder() / f"{time.strftime('%Y-%m-%d-%H%M%S')}-{os.getpid()}.py"


def log_file() -> Path | None:
    """Where the engine's own output goes; None when it cannot be kept. Begins anew above a megabyte."""
    folder = Path(platformdirs.user_log_dir(NAME, appauthor=False))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / "engine.log"
        if file.exists() and file.stat().st_size > 1 << 20:
            file.unlink()
        file.touch()
    except OSError:
        return None
    return file


def doors() -> Path:
    """The private folder of the doors at which desks call running engines. Raises EngineError."""
    folder = runtime_folder()
    folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.mkdir(exist_ok=True, mode=0o700)
    if sys.platform != "win32":
        if folder.stat().st_uid != os.getuid() or folder.parent.stat().st_uid not in (os.getuid(), 0):
            raise EngineError(
                f"{folder} belongs to somebody else; set XDG_RUNTIME_DIR to a folder of your own"
            )
        if stat.S_IMODE(folder.stat().st_mode) & 0o077:
            folder.chmod(0o700)
    return folder


def runtime_folder() -> Path:
    """Where the doors are, if there are any."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that XDG_RUNTIME_DIR is not set is no news
        return Path(platformdirs.user_runtime_dir(NAME, appauthor=False))
