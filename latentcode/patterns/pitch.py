"""Pitch: notes by name or number, degrees of scales, and sounds as they were recorded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from latentcode.checks import plain as unwrapped
from latentcode.patterns import hashing, nodes
from latentcode.patterns.arguments import reify
from latentcode.patterns.controls import Controls
from latentcode.patterns.pattern import Pattern
from latentcode.patterns.scales import as_scale, in_scale, note_number, noted, scale
from latentcode.patterns.setters import NamedSound, SetControl
from latentcode.patterns.words import method
from latentcode.words import word

MINI = frozenset("<>[]{}()*/!?@~|,:")  # what tells mini-notation from the name of a scale


@dataclass(frozen=True)
class Noted:
    """A value → controls with a note."""

    def __call__(self, value: Any) -> Controls:
        return noted(value)


@dataclass(frozen=True)
class NoteNumber:
    """A value → the number of its note."""

    def __call__(self, value: Any) -> Any:
        return noted(value).get("note")


@dataclass(frozen=True)
class InScale:
    """A degree → controls with its note in a scale."""

    name: str

    def __call__(self, value: Any) -> Controls:
        return in_scale(value, self.name)


@word('note("c e g").s("flute")')
def note(pattern: Any) -> Pattern:
    """A pattern of notes: names ("c4 eb4 f#5", c4 is middle C) or MIDI numbers,
    which may be fractional.

    A name without an octave is one of octave 3. Raises PatternError for what is no note.
    """
    made = nodes.Map(reify(pattern, "the names of notes"), Noted())
    if isinstance(pattern, str):
        made.query(0, 1)  # a wrong name is found now, not on stage
    return made


@method('note("c e g")', function=False)
def note_(pattern: Pattern, value: Any = None) -> Pattern:
    """The note, by name or MIDI number; without one, the pattern's own values are taken as notes.

    Taken at the onset of each event.
    """
    if value is None:
        return nodes.Map(pattern, Noted())
    value = unwrapped(value)
    if isinstance(value, (int, float)):
        return nodes.Map(pattern, SetControl("note", note_number(value)))
    argument = nodes.Map(nodes.branch(reify(value, "notes"), hashing.number_of("note")), NoteNumber())
    if isinstance(value, str):
        argument.query(0, 1)
    return nodes.Apply(pattern, argument, "control:note", "onset")


@method('scale_of("c minor")')
def scale_of(pattern: Pattern, name: Any) -> Pattern:
    """Degrees, counted from 0, as the notes of a scale: n("0 2 4").scale_of("c minor").

    `name`: a root (with an octave or without: octave 3) and a scale, or a pattern of them,
    "<c:minor f:dorian>", taken at the onset of each event. Degrees beyond the scale, and below 0,
    go on in other octaves; a degree between two is the lower one. Raises PatternError with the
    nearest names.
    """
    if isinstance(name, str) and not MINI & set(name):
        scale(name)
        return nodes.Map(pattern, InScale(name))
    if not isinstance(name, (str, nodes.Pattern)):
        as_scale(name)
    names = reify(name, "the name of a scale")
    for event in names.query(0, 1):
        as_scale(event.value)
    return nodes.Apply(pattern, nodes.branch(names, hashing.number_of("scale_of")), "scale_of", "onset")


@word('plain("kick*4")')
def plain(pattern: Any) -> Pattern:
    """Sounds as they were recorded, past the model: plain("kick*4, ~ hat");
    a path is a drone that loops.
    """
    return nodes.Map(
        nodes.Map(reify(pattern, "the names of sounds", names=True), NamedSound()), SetControl("plain", True)
    )
