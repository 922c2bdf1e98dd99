"""Prepared code: files whose blocks are run behind the line that loads them, as if they were typed.

Each block is one of the journal, so a replay needs no file: there `load` does nothing.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from latentcode.checks import truth
from latentcode.errors import EngineError
from latentcode.files import texts
from latentcode.files.texts import shown
from latentcode.files.whereabouts import located
from latentcode.prompt.error_format import Origin
from latentcode.prompt.sent import blocks_of
from latentcode.prompt.set_api import Words
from latentcode.words import prompt_word

EXAMPLE = 'as in load("prep.py")'
MOST = 2**22  # bytes of a file


@dataclass(frozen=True)
class Prepared:
    """The blocks of a file that are to be run."""

    file: Path
    blocks: tuple[tuple[Origin, str], ...]
    watch: bool | None = None  # whether it is watched from now on; None: as it was


class Loading(Words):
    """The word that loads prepared code."""

    @prompt_word('load("prep.py")')
    def load(self, path: str | os.PathLike[str], watch: bool | None = None) -> None:
        """Run a file of prepared code, block by block, behind this line: load("prep.py").

        A block is what stands between blank lines; an error in one is told with its line, and the
        others run.

        watch   True: whenever the file is saved, the blocks that have changed are run; False: no
                longer

        Raises EngineError for what is no such file.
        """
        if watch is not None:
            truth(watch, "watch", 'load("prep.py", watch=True)')
        if not self._stage.live:
            return
        file = file_of(path)
        if file in self._stage.loads:
            raise EngineError(f"{file.name} loads itself, which would never end; leave that line out")
        self._stage.prepared.append(prepared(file, watch))


def came_of(blocks: int, wrong: Sequence[int]) -> str:
    """What is said of a file that was run: how many blocks it has, and the lines of those that
    failed.
    """
    if not blocks:
        return "nothing to run in it"
    whole = f"{blocks} block{'s' * (blocks > 1)}"
    if not wrong:
        return f"{whole} run"
    others = "; the others have run" if len(wrong) < blocks else ""
    where = f"line{'s' * (len(wrong) > 1)} {', '.join(map(str, wrong))}"
    return f"{len(wrong)} of {whole} failed ({where}){others}"


def file_of(path: str | os.PathLike[str]) -> Path:
    """The file that is meant. Raises EngineError."""
    if not isinstance(path, (str, os.PathLike)) or not os.fspath(path):
        raise EngineError(f"load takes a file of code, not {path!r}; {EXAMPLE}")
    file = Path(os.path.abspath(located(path)))
    if not file.is_file():
        there = sorted(one.name for one in file.parent.glob("*.py"))[:8]
        has = f"has {', '.join(there)}" if there else "has no .py files"
        what = "a folder" if file.is_dir() else "not there"
        raise EngineError(shown(f"{file.name} is {what}; {file.parent} {has}"))
    return file


def prepared(file: Path, watch: bool | None = None) -> Prepared:
    """A file as its blocks. Raises EngineError where it cannot be read, or is no text."""
    return Prepared(file, blocks_in(content(file), file), watch)


def content(file: Path) -> str:
    """The text of a file. Raises EngineError where it cannot be read, or is none."""
    try:
        if file.stat().st_size > MOST:
            raise EngineError(f"{file.name} is larger than {MOST // 2**20} MiB, and no prepared code")
        text = texts.read(file)
    except OSError as error:
        raise EngineError(f"{file.name} cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise EngineError(f"{file.name} is no text: {error}") from error
    if "\0" in text:
        raise EngineError(f"{file.name} is no text: it holds bytes that are 0")
    return text


def blocks_in(text: str, file: Path) -> tuple[tuple[Origin, str], ...]:
    """The blocks of a text, with where they stand in its file."""
    return tuple((Origin(str(file), line), code) for line, code in blocks_of(text))
