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


HABITS = {
    "loops": "drones and long notes go on in the loops of their sounds",
    "lasting": "what is set between a recall and its boundary stays",
    "tunes": "each source has the pitch of its own note",
    "quick": "what hands move has the model's shortest frames",
    "wide": "two channels of a model are heard, and not their mean",
    "bridges": "what a morph comes from sounds on until streams of the new are decoded",
    "onsets": "what begins within a frame begins where it does, by what its decoder has learnt of that",
    "seams": "spectra of what comes round are encoded across its seam",
    "levels": "what moves by itself leaves the level alone, where it is a latent",
    "places": "spectra that are read at places are mixed between frames, come round without a hole, do not buzz",
    "partials": "partials of low notes are multiples of one frequency",
    "slides": "they are so on their way to another note, too",
    "attacks": "what begins in sounds that are extended goes by at their own speed, with spectra",
    "powers": "what is mixed has the power of both, where the level is a latent",
    "bands": "what is fed back has the band of whoever hears it, and not that of who heard it first",
    "takes": "loops ask for nothing that has not come in yet, so that it is recorded",
    "spans": "streams of short hops follow what comes in, and hands, frame by frame",
    "zones": "pedals of the main channel of MPE hold all its notes",
}
"""What sets do, 1 in the header, that sets of before did not: those go without, and sound as they did."""

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
    "grains": HeaderWord(re.compile("auto|aligned|plain"), "plain"),
    "rows": HeaderWord(KINDS["NUMBER"].pattern, "4", (1, 64)),
    "ahead": HeaderWord(KINDS["NUMBER"].pattern, "0", (0, 5000)),
    "default": HeaderWord(re.compile("raw|spectral"), "raw"),
} | dict.fromkeys(HABITS, HeaderWord(KINDS["NUMBER"].pattern, "0", (0, 1)))


def header_mark(values: Mapping[str, object]) -> str:
    """What a set is played with."""
    return MARK + "  ".join(f"{name} {word(value)}" for name, value in values.items())


def header_of(words: Sequence[str]) -> dict[str, str]:
    """The names and values of a header."""
    return dict(zip(map(plain, words[::2]), map(plain, words[1::2]), strict=False))


def is_header(words: Sequence[str]) -> bool:
    """Whether the words of a mark are those of a header."""
    return bool(words) and words[0] in HEADER


def wrong_header(name: str, text: str) -> str:
    """What a value of the header should be that is not; empty where it is as it should be,
    or nobody knows.
    """
    return HEADER[name].wrong(text) if name in HEADER else ""
