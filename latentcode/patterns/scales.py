"""Note names and scales, as numbers: 60 is middle C, c4."""

from __future__ import annotations

import difflib
import math
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from latentcode.checks import is_number, wrong
from latentcode.errors import PatternError
from latentcode.patterns.controls import Controls

NOTE = re.compile(r"([a-g])([#sbf]*)(-?\d{1,2})?", re.IGNORECASE)
LETTERS = {"c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11}
SIGNS = {"#": 1, "s": 1, "b": -1, "f": -1}
OCTAVE = 3  # of a name without one, as in Strudel

_SCALES = {
    "major": "0 2 4 5 7 9 11",
    "minor": "0 2 3 5 7 8 10",
    "dorian": "0 2 3 5 7 9 10",
    "phrygian": "0 1 3 5 7 8 10",
    "lydian": "0 2 4 6 7 9 11",
    "mixolydian": "0 2 4 5 7 9 10",
    "locrian": "0 1 3 5 6 8 10",
    "harmonic minor": "0 2 3 5 7 8 11",
    "harmonic major": "0 2 4 5 7 8 11",
    "melodic minor": "0 2 3 5 7 9 11",
    "major pentatonic": "0 2 4 7 9",
    "minor pentatonic": "0 3 5 7 10",
    "blues": "0 3 5 6 7 10",
    "major blues": "0 2 3 4 7 9",
    "whole tone": "0 2 4 6 8 10",
    "chromatic": "0 1 2 3 4 5 6 7 8 9 10 11",
    "diminished": "0 2 3 5 6 8 9 11",
    "augmented": "0 3 4 7 8 11",
    "phrygian dominant": "0 1 4 5 7 8 10",
    "lydian dominant": "0 2 4 6 7 9 10",
    "lydian augmented": "0 2 4 6 8 9 11",
    "altered": "0 1 3 4 6 8 10",
    "double harmonic": "0 1 4 5 7 8 11",
    "hungarian minor": "0 2 3 6 7 8 11",
    "ukrainian dorian": "0 2 3 6 7 9 10",
    "neapolitan minor": "0 1 3 5 7 8 11",
    "neapolitan major": "0 1 3 5 7 9 11",
    "enigmatic": "0 1 4 6 8 10 11",
    "prometheus": "0 2 4 6 9 10",
    "bebop": "0 2 4 5 7 9 10 11",
    "hirajoshi": "0 2 3 7 8",
    "in sen": "0 1 5 7 10",
    "iwato": "0 1 5 6 10",
    "kumoi": "0 2 3 7 9",
    "pelog": "0 1 3 7 8",
    "egyptian": "0 2 5 7 10",
    "ritusen": "0 2 5 7 9",
}
_ALIASES = {
    "ionian": "major",
    "aeolian": "minor",
    "natural minor": "minor",
    "pentatonic": "major pentatonic",
    "minor blues": "blues",
    "super locrian": "altered",
    "acoustic": "lydian dominant",
    "arabian": "double harmonic",
    "maj": "major",
    "min": "minor",
    "wholetone": "whole tone",
    "whole": "whole tone",
}
SCALES: dict[str, tuple[int, ...]] = {
    **{name: tuple(map(int, steps.split())) for name, steps in _SCALES.items()},
    **{name: tuple(map(int, _SCALES[other].split())) for name, other in _ALIASES.items()},
}


def note_number(value: Any) -> Any:
    """The MIDI number of a note: a name ("c4", "eb3", "f#5", "cs4") or a number,
    which may be fractional.

    A name without an octave is one of octave 3, as in Strudel. Raises PatternError for anything
    else.
    """
    if is_number(value):
        return value
    found = NOTE.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise PatternError(
            f'no note is called {value!r}; type a name such as "c4", "eb3" or "f#5", or a number (60 is c4)'
        )
    letter, signs, octave = found.groups()
    sign = sum(SIGNS[each] for each in signs.lower())
    return 12 * ((OCTAVE if octave is None else int(octave)) + 1) + LETTERS[letter.lower()] + sign


@dataclass(frozen=True)
class MusicalScale:
    """A scale on a root: `root` is the MIDI number of degree 0,
    `steps` are semitones above it within an octave.
    """

    root: int
    steps: tuple[int, ...]

    def note(self, degree: Any) -> Any:
        """The note of a degree, counted from 0; beyond an octave, and below 0,
        it goes on in the next octave.

        A degree between two is the lower one, so that whatever is played stays in the scale.
        """
        octave, step = divmod(math.floor(degree + 1e-9), len(self.steps))
        return self.root + 12 * octave + self.steps[step]


@lru_cache(maxsize=256)
def scale(name: str) -> MusicalScale:
    """A scale by name: "c minor", "f#4 dorian"; ":" and "_" count as spaces;
    without a root it stands on c3.

    Raises PatternError with the nearest names.
    """
    words = re.sub(r"[\s:_]+", " ", name).strip().lower().split(" ")
    rooted = bool(NOTE.fullmatch(words[0])) and " ".join(words) not in SCALES
    root, kind = (words[0], " ".join(words[1:])) if rooted else ("c", " ".join(words))
    if kind not in SCALES:
        raise PatternError(_unknown(name, root, kind))
    return MusicalScale(note_number(root), SCALES[kind])


def _unknown(name: str, root: str, kind: str) -> str:
    near = difflib.get_close_matches(kind, SCALES, n=3, cutoff=0.6) or ["major", "minor", "dorian"]
    return f"no scale is called {name!r}; type " + ", ".join(f'"{root} {each}"' for each in near)


def as_scale(value: Any) -> MusicalScale:
    """The scale that a value of a pattern stands for: "minor", or ("c", "minor") from "c:minor".

    Raises PatternError for what is no name, with the nearest names for an unknown one.
    """
    if isinstance(value, tuple) and value and all(isinstance(word, str) for word in value):
        return scale(" ".join(value))
    if isinstance(value, str):
        return scale(value)
    raise wrong("scale_of", "the name of a scale", value, '"c minor", or "<c:minor f:dorian>"', PatternError)


def noted(value: Any) -> Controls:
    """A value as controls with a note: a name or number becomes `note`,
    and so does the `n` of controls.
    """
    if not isinstance(value, Controls):
        return Controls((("note", note_number(value)),))
    if value.get("note") is not None or value.get("n") is None:
        return value
    return _replaced(value, note_number(value.get("n")))


def in_scale(value: Any, name: Any) -> Controls:
    """A degree, or controls with one as their `n`, as controls with the note of a scale.

    Raises PatternError for what is no degree, RangeError for one that is not finite.
    """
    degree = value.get("n") if isinstance(value, Controls) else value
    if not is_number(degree) or degree - degree != 0:
        raise wrong("scale_of", "degrees", degree, 'n("0 2 4").scale_of("c minor").s("cello")', PatternError)
    note = as_scale(name).note(degree)
    return _replaced(value, note) if isinstance(value, Controls) else Controls((("note", note),))


def _replaced(controls: Controls, note: Any) -> Controls:
    pairs = (pair for pair in controls.pairs if pair[0] != "note")
    return Controls(tuple(("note", note) if name == "n" else (name, value) for name, value in pairs))
