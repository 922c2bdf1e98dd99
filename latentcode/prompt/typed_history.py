"""The history: what was typed in this set and in those before, in a file that all sets share."""

from __future__ import annotations

import datetime
import os
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from prompt_toolkit.history import FileHistory

from latentcode.files import places
from latentcode.files.texts import whole

RECALLED = 2 << 20  # bytes of the file that are read, from its end: those of some thirty evenings
FAILED, RIGHT = "# failed", "# right"  # behind them the sign of an entry; others see a comment


def history_file(folder: Path) -> tuple[str | None, str]:
    """The file of the history in a folder, None where there can be none;
    and a sentence on what is wrong with it, or "".
    """
    file = folder / "history"
    lost = f"{file} cannot be {{}}: what you type now is not there in the next set"
    if file.exists() and not file.is_file():
        return None, lost.format("the history, for it is no file")
    try:
        with open(file, "a", opener=places.opener):
            return str(file), ""
    except OSError as error:
        known = str(file) if os.access(file, os.R_OK) else None
        return known, lost.format(f"written ({error.strerror})")


class TypedHistory(FileHistory):
    """The latest entries of the file; what cannot be written is known until the set ends."""

    def load_history_strings(self) -> Iterable[str]:
        """The entries, the latest first."""
        return reversed([entry for entry, _ in _entries(os.fsdecode(self.filename))])

    def store_string(self, string: str) -> None:
        """Write an entry at once, so that those of two sets do not mix."""
        lines = "".join(f"+{line}\n" for line in whole(string).split("\n"))
        _append(os.fsdecode(self.filename), f"\n# {datetime.datetime.now()}\n{lines}")


def note(file: str, entry: str, right: bool) -> None:
    """Have in the file whether an entry ran well."""
    _append(file, f"{RIGHT if right else FAILED} {_sign(entry)}\n")


def failed(file: str) -> set[str]:
    """The entries of the file that failed when they were run last."""
    known, wrong = dict[str, str](), dict[str, bool]()
    for entry, marks in _entries(file):
        known[_sign(entry)] = entry
        for mark in marks:
            if mark in (FAILED, RIGHT):  # as sets of before noted it: of the entry above
                wrong[entry] = mark == FAILED
                continue
            said, _, sign = mark.rpartition(" ")
            if said in (FAILED, RIGHT) and sign in known:
                wrong[known[sign]] = said == FAILED
    return {entry for entry, is_wrong in wrong.items() if is_wrong}


def _entries(file: str) -> list[tuple[str, list[str]]]:
    """Each entry, and the lines behind it that are none."""
    found: list[tuple[list[str], list[str]]] = []
    before = ""
    for line in _latest(file):
        if not line.startswith("+"):
            for _, others in found[-1:]:
                others.append(line)
        elif before.startswith("+"):
            found[-1][0].append(line[1:])
        else:
            found.append(([line[1:]], []))
        before = line
    return [("\n".join(lines), others) for lines, others in found]


def _latest(file: str) -> Iterator[str]:
    """The last lines of the file, from where an entry begins."""
    with suppress(OSError), open(file, "rb") as source:
        size = source.seek(0, os.SEEK_END)
        source.seek(max(size - RECALLED, 0))
        lines = source.read().decode("utf-8", "replace").split("\n")
        begin = next((n for n, line in enumerate(lines) if not line.startswith("+")), len(lines))
        yield from lines if size <= RECALLED else lines[begin + 1 :]


def _sign(entry: str) -> str:
    return f"{zlib.crc32(entry.encode('utf-8', 'replace')):08x}"


def _append(file: str, text: str) -> None:
    with suppress(OSError), open(file, "ab", buffering=0) as target:
        target.write(text.encode("utf-8", "replace"))
