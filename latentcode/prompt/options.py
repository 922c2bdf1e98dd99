"""What a set is started with, and the folders that it uses."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from latentcode.audio import reading as audio
from latentcode.audio.decoding import UNREADABLE
from latentcode.errors import SessionError
from latentcode.files import places

NO_SESSIONS = (  # what files of other kinds end in
    audio.SUFFIXES
    | UNREADABLE
    | {
        ".safetensors",
        ".pt",
        ".pth",
        ".ckpt",
        ".toml",
        ".mid",
        ".midi",
        ".png",
        ".svg",
        ".pdf",
        ".zip",
        ".ini",
    }
)

LAST = "last"  # the file that says which session was played last
ELSEWHERE = "elsewhere"  # the file that lists those outside the folder of sessions
MOST_ELSEWHERE = 1000  # of them


@dataclass(frozen=True)
class Options:
    """How the engine is started; None leaves the choice to it.

    rate and buffer are wishes (Hz, samples; a sound server decides for itself), lead in ms, bpm as
    text, block and hop in samples: rendered at a time, and between two windows, headroom in dB:
    what the set is turned down by before the limiter. habits: which of `HABITS` it has, those that
    are named; all others as well. grains: where windows are aligned ("auto": where latents stand
    still). rows: layers that go through exported streams together. ahead: ms that streams are
    decoded ahead. midi: parts of inputs' names with commas between, or "none". look_in: folders in
    which files are looked for first. known: names of models, each with the file that it means.
    found: names of sounds and models that lie elsewhere, each with its file. first: lines that are
    run before those that are typed.
    stage: the address at which a page shows the set, "" for this machine alone.
    """

    model: str = "default"
    rate: int | None = None
    buffer: int | None = None
    driver: str | None = None
    outputs: int | None = None
    inputs: int | None = None
    lead: float | None = None
    block: int | None = None
    hop: int | None = None
    low_latency: bool = False
    seed: int | None = None
    bpm: str | None = None
    synthesis: str | None = None
    noise: float | None = None
    headroom: int | None = None
    habits: Mapping[str, bool] = field(default_factory=dict)
    grains: str | None = None
    rows: int | None = None
    ahead: int | None = None
    journal: str | None = None
    keep: bool = False
    resume: bool = False
    midi: str | None = None
    vi: bool = False
    plain: bool = False
    look_in: tuple[str, ...] = ()
    known: tuple[tuple[str, str], ...] = ()
    found: tuple[tuple[str, str], ...] = ()
    first: tuple[str, ...] = ()
    stage: str | None = None

    def settled(self) -> Options:
        """The same with a seed, and a file for the journal; where a folder was given, a file in it.

        Raises SessionError for a file whose name says that it is no session.
        """
        seed = secrets.randbelow(2**31) if self.seed is None else self.seed
        journal = Path(os.path.expanduser(self.journal)).absolute() if self.journal else new_journal()
        if os.path.isdir(journal):
            journal /= journal_name()
        elif journal.suffix.lower() in NO_SESSIONS:
            raise SessionError(
                f"a set is written down as text, not in a {journal.suffix} file; type --journal {journal.stem}.py"
                + (f', and at the prompt record("{journal.name}")' if journal.suffix == ".wav" else "")
            )
        return replace(self, seed=seed, journal=str(journal))  # wherever the set is taken up again

    @property
    def chosen_model(self) -> str | None:
        """The model that a session is played with; None: its own."""
        return None if self.model == "default" else self.model

    def arguments(self) -> list[str]:
        """The engine's command line."""
        named = (
            "model", "rate", "buffer", "driver", "outputs", "inputs", "lead", "block", "hop", "seed", "bpm",
            "synthesis", "noise", "headroom", "grains", "rows", "ahead", "journal", "midi",
        )  # fmt: skip
        given = {name: getattr(self, name) for name in named}
        given |= {name: int(does) for name, does in self.habits.items()}
        pairs = ((name, value) for name, value in given.items() if value is not None)
        words = [word for name, value in pairs for word in (f"--{name}", str(value))]
        words += [word for folder in self.look_in for word in ("--look-in", folder)]
        words += [word for pair in self.known for word in ("--known", *pair)]
        words += [word for pair in self.found for word in ("--found", *pair)]
        return [*words, "--low-latency"] if self.low_latency else words


def data_folder() -> Path:
    """Where history, sessions and trust are kept."""
    return places.find("data").folder


def sessions_folder() -> Path:
    """Where sets are written down."""
    return data_folder() / "sessions"


def new_journal() -> Path:
    """A file for a new session, named after the date and time; nowhere, where none can be kept."""
    return sessions_folder() / journal_name() if places.find("data").usable else Path(os.devnull)


def journal_name() -> str:
    """What a new session is called: the date and the time."""
    return f"{time.strftime('%Y-%m-%d-%H%M%S')}-{os.getpid()}.py"


def remember_last(journal: str) -> None:
    """Note which session is played, for whoever wants to go on with it, and to list it wherever it
    lies. Raises nothing.
    """
    if journal == os.devnull:
        return
    with suppress(OSError):
        _note(LAST, [journal])
        before = _noted(ELSEWHERE)
        if Path(journal).parent != sessions_folder() and journal not in before and "\n" not in journal:
            _note(ELSEWHERE, [*before[1 - MOST_ELSEWHERE :], journal])


def _note(name: str, lines: list[str]) -> None:
    with open(
        data_folder() / name, "w", encoding="utf-8", errors="surrogateescape", opener=places.opener
    ) as file:
        file.writelines(f"{line}\n" for line in lines)


def _noted(name: str) -> list[str]:
    """The lines of a file of ours; none without it."""
    with suppress(OSError):
        text = (data_folder() / name).read_text(encoding="utf-8", errors="surrogateescape")
        return [line for line in text.split("\n") if line.strip()]
    return []


def last_noted() -> Path | None:
    """The session that was noted last: one that was played here, wherever it lies."""
    return next(map(Path, _noted(LAST)), None)


def played_sessions() -> list[Path]:
    """The sessions that were played here, wherever they lie now, the latest first."""
    noted = filter(Path.is_file, map(Path, [*_noted(ELSEWHERE), *_noted(LAST)]))
    return sorted({*sessions_folder().glob("*.py"), *noted}, key=_changed, reverse=True)


def last_sessions() -> list[Path]:
    """The same, the one that was noted last before all others."""
    noted = [one for one in [last_noted()] if one is not None]
    return [path for path in dict.fromkeys([*noted, *played_sessions()]) if path.is_file()]


def _changed(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except OSError:
        return 0.0


def log_file() -> Path | None:
    """Where the engine's own output goes; None when it cannot be kept."""
    found = places.find("log")
    file = found.folder / "engine.log"
    try:
        open(file, "ab", opener=places.opener).close()
        places.trim(file)
    except OSError:
        return None
    return file if found.usable else None


def doors() -> Path | None:
    """The private folder of the doors at which desks call running engines;
    None where no socket can be opened.
    """
    found = places.find("runtime")
    return found.folder if found.usable else None
