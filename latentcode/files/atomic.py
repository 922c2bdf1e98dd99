"""Writing files whole or not at all, and never over what is no file."""

from __future__ import annotations

import errno
import itertools
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

LONGEST = 180  # bytes of a file's name that its partial file repeats, as file systems allow 255
_PART = re.compile(r"\.(.+)\.(\d+)(-\d+)?\.part", re.DOTALL)
_numbers = itertools.count()


@contextmanager
def replacing(path: str | os.PathLike[str], mode: int | None = None) -> Iterator[Path]:
    """A partial file beside `path`, to be written by its name;
    it takes the place of `path` when the block ends.

    When the block raises, `path` is as it was and nothing is left behind. Links are followed. What
    was there keeps its permissions; a new file has `mode`, or what the umask leaves. Raises
    OSError, also when a folder, a device or a file that may not be written is there.
    """
    target = replaceable(path)
    _clear(target)
    part = _partial(target)
    try:
        part.touch(mode=0o666 if mode is None else mode, exist_ok=False)
        yield part
        if target.exists():
            part.chmod(target.stat().st_mode & 0o777)
        _sync(part)
        os.replace(part, target)
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def write(path: str | os.PathLike[str], content: bytes, mode: int | None = None) -> None:
    """Write a file, whole or not at all; see `replacing`. Raises OSError."""
    with replacing(path, mode) as part:
        part.write_bytes(content)


def rehearse(path: str | os.PathLike[str], size: int) -> None:
    """Write `size` bytes beside `path` and remove them.

    Raises OSError where so much cannot be written.
    """
    target = replaceable(path)
    part = _partial(target)
    try:
        part.write_bytes(bytes(size))
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def replaceable(path: str | os.PathLike[str]) -> Path:
    """The file that is written when `path` is, its links followed.

    Raises OSError when it must not be replaced.
    """
    check_name(path)
    target = Path(os.path.realpath(path))
    if not target.parent.is_dir():
        raise FileNotFoundError(errno.ENOENT, f"there is no folder {target.parent}", str(path))
    if target.is_dir():
        raise IsADirectoryError(errno.EISDIR, "it is a folder", str(path))
    if target.exists() and not target.is_file():
        raise OSError(errno.EINVAL, "it is a device, not a file", str(path))
    if target.exists() and not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, "it may not be written to", str(path))
    return target


def check_name(path: str | os.PathLike[str]) -> None:
    """Raise OSError for text that can be no file's name on any disk: with a zero,
    or half of a surrogate pair.
    """
    try:
        possible = b"\0" not in os.fsencode(path)
    except UnicodeEncodeError:
        possible = False
    if not possible:
        raise OSError(errno.EINVAL, "no file can have such a name", str(path))


def unused(path: Path) -> Path:
    """`path`, or where something is there already the same with the first free number: take-2.wav,
    take-3.wav.
    """
    return next(unused_names(path))


def unused_names(path: Path) -> Iterator[Path]:
    """All that `unused` may give, one after another."""
    numbered = (path.with_name(f"{path.stem}-{number}{path.suffix}") for number in itertools.count(2))
    return (free for free in itertools.chain([path], numbered) if not os.path.lexists(free))


def _clear(target: Path) -> None:
    """Remove the partial files that processes have left which are no more."""
    for part in target.parent.glob(".*.part"):
        found = _PART.fullmatch(part.name)
        if found and found[1] == _stem(target) and not _alive(int(found[2])):
            with suppress(OSError):
                part.unlink()


def _partial(target: Path) -> Path:
    return target.with_name(f".{_stem(target)}.{os.getpid()}-{next(_numbers)}.part")


def _stem(target: Path) -> str:
    return os.fsdecode(os.fsencode(target.name)[:LONGEST])


def _sync(part: Path) -> None:
    """Have a file on the disk before its name is: after a power cut there is the old one or the new
    one.
    """
    descriptor = os.open(part, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _alive(process: int) -> bool:
    if process == os.getpid():
        return True
    if os.name == "nt":  # os.kill would end it there; what another process has open cannot be removed anyway
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True
