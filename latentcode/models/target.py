"""Where a training writes to: tried before hours are spent, never over another model,
saved to whatever ends it.
"""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

from latentcode.errors import ModelError
from latentcode.files import atomic
from latentcode.files.texts import shown
from latentcode.models.family import card_of
from latentcode.models.recipe import trainable

SUFFIX = ".safetensors"
ENDINGS = ("SIGINT", "SIGTERM", "SIGHUP")  # those of them that a system has


def say(text: str) -> None:
    """A word about a training that goes on, beside its progress;
    a terminal that is gone does not end it.
    """
    with suppress(OSError):
        print(shown(text), file=sys.stderr)


def output_file(path: Path, force: bool, size: int) -> Path:
    """The file that a training of `size` bytes will write,
    which a file of that size could be written to just now.

    What is there already is kept, under a new number for what comes, unless `force`. Raises
    ModelError.
    """
    if path.suffix.lower() != SUFFIX:
        raise ModelError(f"a model is written to a {SUFFIX} file, not {path.name!r}; as in -o model{SUFFIX}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        atomic.replaceable(path)
        free = path if force else atomic.unused(path)
        atomic.rehearse(free, size)
    except OSError as error:
        raise ModelError(f"cannot write the model to {path}: {error.strerror or error}") from error
    if os.path.exists(path) and not force:
        say(
            f"{path} is there already{_quality(path)}: this model goes to {free}; -f replaces it by a better one"
        )
    return free


def refuge(path: Path) -> Path:
    """Another place for a model that cannot be written where it should be."""
    return atomic.unused(Path(tempfile.gettempdir()) / path.name)


@contextmanager
def handled(handler: Callable[[int, FrameType | None], None] | signal.Handlers) -> Iterator[None]:
    """What asks the process to end goes to `handler` while the block lasts; what it ignores,
    it goes on to ignore.
    """
    known = [getattr(signal, name) for name in ENDINGS if hasattr(signal, name)]
    if threading.current_thread() is not threading.main_thread():
        known = []
    heard = [number for number in known if signal.getsignal(number) is not signal.SIG_IGN]
    before = [(number, signal.signal(number, handler)) for number in heard]
    try:
        yield
    finally:
        for number, former in before:
            signal.signal(number, former)


def _quality(path: Path) -> str:
    """How good the model in a file is, as it says itself."""
    try:
        card = card_of(path)
        score = card.note(trainable(card.family).measure.key)
    except (ModelError, OSError):
        return ""
    return f" ({score} dB)" if score else ""
