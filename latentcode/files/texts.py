"""Text from elsewhere: files in UTF-8 or UTF-16, with a byte order mark or without;
what may stand in a terminal.
"""

from __future__ import annotations

import codecs
import io
import os
import sys
import unicodedata
from pathlib import Path
from typing import TextIO

ORDER = (  # the longer marks first: that of UTF-32 begins as that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
JOINERS = "\u200c\u200d"  # format characters that scripts need to be read
PLAIN = str.maketrans("\n\t", "  ")  # what is meant where lines are
HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})  # categories: control, format, surrogates, line separators


def read(path: str | os.PathLike[str], errors: str = "strict") -> str:
    """The text of a file; its lines end with a line feed.

    errors  "surrogateescape" keeps bytes that are no text, for what is written back

    Raises OSError, UnicodeDecodeError.
    """
    return decoded(Path(path).read_bytes(), errors)


def decoded(data: bytes, errors: str = "strict") -> str:
    """Bytes as text: UTF-8, or what their byte order mark or their zeros say.

    Lines that all end with a bare carriage return, as old editors write them, are lines. Raises
    UnicodeDecodeError.
    """
    mark, encoding = next((pair for pair in ORDER if data.startswith(pair[0])), (b"", _guessed(data)))
    text = data[len(mark) :].decode(encoding, errors).replace("\r\n", "\n")
    return text if "\n" in text else text.replace("\r", "\n")


def _guessed(data: bytes) -> str:
    """UTF-16 without a mark shows by a zero in its first character,
    which is Latin in all that we read.
    """
    zeros = data[:1] == b"\0", data[1:2] == b"\0"
    return {(True, False): "utf-16-be", (False, True): "utf-16-le"}.get(zeros, "utf-8")


SIGNS = {"✗": "x", "●": "*", "·": ".", "│": "|", "→": "->", "⇢": "->", "−": "-", "–": "-", "…": "...", "▮": "#",
    "‹": "<", "›": ">", "“": '"', "”": '"', "’": "'", "×": "x", "▸": ">"}  # fmt: skip
STROKES = "─━┃╷╎┬└◆⚑○■█▀▏▎▍▌▋▊▉▁▂▃▄▅▆▇↑↓↕♯", "-=|':++*Po###..:||##_..-=*#^v|#"
DRAWN = dict(zip(*STROKES, strict=True))
"""The strokes and blocks of drawings: one sign for each, so that what stands below one another does."""
BRAILLE, DOTS = 0x2800, ".::**###"  # the dots of a drawing; what stands for one, for two, …
OURS, OTHERWISE = "".join(SIGNS), "latentcode.otherwise"


def shown(text: object, lines: bool = False) -> str:
    r"""Text from elsewhere as it may stand in a terminal: an escape is `\x1b`, a line break `\n`.

    Whatever moves the cursor, rings, hides or turns what stands beside it is written out. `lines`:
    line breaks and tabs are meant, and stay.
    """
    kept = JOINERS + "\n\t" if lines else JOINERS
    text = str(text)
    if (text.translate(PLAIN) if lines else text).isprintable():
        return text
    return "".join(
        one if one in kept or unicodedata.category(one) not in HIDDEN else _escape(one) for one in text
    )


def whole(text: str) -> str:
    """Text in which bytes stand that a terminal could not read: as the UTF-8 that they are, or a
    sign for each.
    """
    try:
        data = text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # half a character
        data = text.encode("utf-8", "replace")
    return data.decode("utf-8", "replace")


def told_in_any_alphabet(*streams: TextIO | None) -> None:
    """Let terminals without UTF-8 show other signs for those that they lack, and raise nothing."""
    codecs.register_error(OTHERWISE, _otherwise)
    for stream in streams:
        try:
            OURS.encode(getattr(stream, "encoding", None) or "utf-8")
        except (UnicodeEncodeError, LookupError):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors=OTHERWISE)


def _otherwise(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(in_ascii(one) or "?" for one in error.object[error.start : error.end]), error.end


def in_ascii(one: str) -> str:
    """What stands for a sign of ours where a terminal lacks it; "" for what is none of ours."""
    dots = ord(one) - BRAILLE
    if 0 <= dots < 256:
        return DOTS[dots.bit_count() - 1] if dots else " "
    return SIGNS.get(one) or DRAWN.get(one, "")


def say(text: object, file: TextIO | None = None) -> None:
    """Print lines of ours that hold text from elsewhere."""
    # in one piece, with its end: threads may speak at once
    print(f"{shown(text, lines=True)}\n", end="", file=file or sys.stdout, flush=True)


def _escape(one: str) -> str:
    return one.encode("unicode_escape").decode("ascii")
