"""The header of a journal: what a set is played with, and what it was before headers said it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from latentcode.session.marks import KINDS, MARK, plain, word


class HeaderWord(NamedTuple):
    """A word of the header: how it looks, what it was `before` headers said it,
    and of a number its range.
    """

    pattern: re.Pattern[str]
    before: str
    span: tuple[int, int] | None = None

    def wrong(self, text: str) -> str:
        """What it should be that it is not; empty where it is as it should be."""
        good = self.pattern.fullmatch(text) is not None
        if self.span is None:
            return "" if good else self.pattern.pattern.replace("|", " or ")
        low, high = self.span
        return "" if good and low <= Fraction(text) <= high else f"a number from {low} to {high}"


HEADER = {
    "seed": HeaderWord(KINDS["WHOLE"].pattern, "0", (-(2**63), 2**63)),
    "rate": HeaderWord(KINDS["NUMBER"].pattern, "44100", (1000, 768_000)),
    "buffer": HeaderWord(KINDS["NUMBER"].pattern, "256", (1, 65_536)),
    "block": HeaderWord(KINDS["NUMBER"].pattern, "512", (1, 65_536)),
    "hop": HeaderWord(KINDS["NUMBER"].pattern, "0", (1, 2**31)),
    "bpm": HeaderWord(KINDS["FRACTION"].pattern, "120", (1, 2000)),
    "synthesis": HeaderWord(re.compile("overlap|concat"), "overlap"),
    "noise": HeaderWord(KINDS["VALUE"].pattern, "0.0", (0, 1)),
    "headroom": HeaderWord(KINDS["NUMBER"].pattern, "0", (0, 60)),
    "loops": HeaderWord(KINDS["NUMBER"].pattern, "0", (0, 1)),
    "lasting": HeaderWord(KINDS["NUMBER"].pattern, "0", (0, 1)),
    "grains": HeaderWord(re.compile("auto|aligned|plain"), "plain"),
    "tunes": HeaderWord(KINDS["NUMBER"].pattern, "0", (0, 1)),
    "quick": HeaderWord(KINDS["NUMBER"].pattern, "0", (0, 1)),
    "wide": HeaderWord(KINDS["NUMBER"].pattern, "0", (0, 1)),
    "bridges": HeaderWord(KINDS["NUMBER"].pattern, "0", (0, 1)),
    "rows": HeaderWord(KINDS["NUMBER"].pattern, "4", (1, 64)),
    "onsets": HeaderWord(KINDS["NUMBER"].pattern, "0", (0, 1)),
    "seams": HeaderWord(KINDS["NUMBER"].pattern, "0", (0, 1)),
    "levels": HeaderWord(KINDS["NUMBER"].pattern, "0", (0, 1)),
    "places": HeaderWord(KINDS["NUMBER"].pattern, "0", (0, 1)),
    "ahead": HeaderWord(KINDS["NUMBER"].pattern, "0", (0, 5000)),
    "default": HeaderWord(re.compile("raw|spectral"), "raw"),
}


def header_mark(values: Mapping[str, object]) -> str:
    """What a set is played with."""
    return MARK + "  ".join(f"{name} {word(value)}" for name, value in values.items())


def header_of(words: Sequence[str]) -> dict[str, str]:
    """The names and values of a header."""
    return dict(zip(map(plain, words[::2]), map(plain, words[1::2]), strict=False))


def wrong_header(name: str, text: str) -> str:
    """What a value of the header should be that is not; empty where it is as it should be,
    or nobody knows.
    """
    return HEADER[name].wrong(text) if name in HEADER else ""
