"""What a training leaves beside its model while it goes on: losses, held-out measures, the newest
model.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from latentcode.errors import ModelError
from latentcode.files import atomic

SUFFIX = ".run"
LOSSES, HELD_OUT = "losses.jsonl", "held-out.jsonl"
Row = Mapping[str, Any]


class RunFolder:
    """The folder of one training: a line in `losses.jsonl` every few seconds, one in
    `held-out.jsonl` at each checkpoint; files for TensorBoard where it is installed.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.newest = path / "newest.safetensors"
        self.samples = path / "sounds.f32"  # where sounds lie that memory should not hold
        self._board: Any = None

    def begin(self, step: int) -> None:
        """Be ready for the rows of a training that is at `step`, and forget later ones of one that
        was broken off. Raises ModelError where it cannot be written.
        """
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            for file in (self.path / LOSSES, self.path / HELD_OUT):
                if file.exists():
                    kept = [row for row in self.rows(file.name) if row["step"] <= step]
                    atomic.write(file, "".join(map(_line, kept)).encode())
        except OSError as error:
            raise ModelError(f"cannot write to {self.path}: {error.strerror or error}") from error
        self._board = _board(self.path / "tensorboard", step)

    def add(self, name: str, row: Row) -> None:
        """Put a row behind those of a file: `step`, and figures by name. Raises OSError."""
        with (self.path / name).open("a") as file:
            file.write(_line(row))
        if self._board is not None:
            group = name.partition(".")[0]
            for key, value in row.items():
                if key != "step" and isinstance(value, (int, float)) and math.isfinite(value):
                    self._board.add_scalar(f"{group}/{key}", value, row["step"])
            self._board.flush()

    def rows(self, name: str) -> list[Row]:
        """The rows of a file; a line that was cut off is none."""
        try:
            lines = (self.path / name).read_text().splitlines()
        except OSError:
            return []
        return [row for row in map(_row, lines) if row is not None]

    def end(self, whole: bool) -> None:
        """Close what is open; a training that is through needs the samples no more."""
        if self._board is not None:
            self._board.close()
        if whole:
            for file in (self.samples, self.samples.with_suffix(".json")):
                file.unlink(missing_ok=True)


def run_folder(model: Path, asked: Path | None, known: str | None) -> RunFolder:
    """Where the training of a model leaves what it leaves: where it is asked for, where it was
    `known` to lie, or beside the model. Raises ModelError for a folder that holds other things.
    """
    if known is not None:
        return RunFolder(model.parent / known)
    if asked is None:
        return RunFolder(atomic.unused(model.with_suffix(SUFFIX)))
    try:
        if asked.exists() and any(asked.iterdir()):
            raise ModelError(f"{asked} is not empty; name a new folder for what the training leaves")
    except OSError as error:
        raise ModelError(f"{asked} cannot be used: {error.strerror or error}") from error
    return RunFolder(asked.absolute())


def _board(path: Path, step: int) -> Any:
    """What writes for TensorBoard; None where it is not installed, or takes no such name."""
    try:
        from torch.utils.tensorboard import SummaryWriter

        return SummaryWriter(str(path), purge_step=step)
    except (ImportError, UnicodeError):
        return None


def _line(row: Row) -> str:
    finite = {key: value if _said(value) else None for key, value in row.items()}
    return json.dumps(finite) + "\n"


def _said(value: object) -> bool:
    return not isinstance(value, float) or math.isfinite(value)


def _row(line: str) -> Row | None:
    try:
        row = json.loads(line)
    except ValueError:
        return None
    return row if isinstance(row, dict) and isinstance(row.get("step"), int) else None
