"""How much memory a file may ask for: held against what it claims before anything is allocated."""

from __future__ import annotations

import os

from latentcode.errors import LatentcodeError

VARIABLE = "LATENTCODE_MEMORY"  # of the environment, in MiB
USUAL = 2048
MIB = 1 << 20


def most() -> int:
    """The bytes that one file may take in memory.

    Raises LatentcodeError where LATENTCODE_MEMORY is no number.
    """
    text = os.environ.get(VARIABLE, "").strip() or str(USUAL)
    if not (text.isascii() and text.isdigit() and 0 < len(text) < 9 and int(text)):
        raise LatentcodeError(f"{VARIABLE} is {text!r}; a whole number of MiB is needed, as in {USUAL}")
    return int(text) * MIB


def excess(size: int) -> str:
    """Why `size` bytes are too many, with what to type; empty when they are not.

    Raises LatentcodeError.
    """
    if size <= most():
        return ""
    enough = -(-size // MIB)
    cure = f"; {VARIABLE}={enough} would allow it" if enough < 10**8 else ""
    return f"{spoken(size)} of memory, where {spoken(most())} are allowed{cure}"


def spoken(size: int) -> str:
    """A number of bytes as people say it: "2 GiB"."""
    for unit, name in ((1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")):
        if size >= unit:
            return f"{float(f'{size / unit:.3g}'):.12g} {name}"
    return f"{size} bytes"
