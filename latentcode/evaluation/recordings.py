"""The sounds that a model is tried on: any folder, or a data set in NSynth's layout."""

from __future__ import annotations

import difflib
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from latentcode.audio import listing
from latentcode.errors import SoundError
from latentcode.sounds.library import NOTE, pitch_of

TABLE, AUDIO = "examples.json", "audio"  # of NSynth
KEYS = range(128)
FIELDS = {"family": "families", "instrument": "instruments", "source": "sources"}  # that sounds are chosen by
MOST_NAMED = 12  # names that a message lists


@dataclass(frozen=True)
class Recording:
    """One sound: `pitch` is its MIDI note number where it is known, `instrument` whose it is."""

    name: str
    file: Path
    pitch: int | None = None
    instrument: str = ""
    family: str = ""
    source: str = ""
    velocity: int | None = None

    @property
    def frequency(self) -> float | None:
        """Its fundamental in Hz, by its pitch."""
        return None if self.pitch is None else 440.0 * 2.0 ** ((self.pitch - 69) / 12)


@dataclass(frozen=True)
class Filter:
    """Which of the sounds count; `pitch` from and to, both included; `most`: so many, by chance."""

    family: str | None = None
    instrument: str | None = None
    source: str | None = None
    pitch: tuple[int, int] | None = None
    most: int | None = None
    seed: int = 0

    def of(self, found: list[Recording]) -> list[Recording]:
        """Those that count, in their order. Raises SoundError where none does."""
        kept = [one for one in found if self._wanted(one)]
        if not kept:
            raise SoundError(f"none of the {len(found)} sounds is left; {_there_are(found, self)}")
        if self.most is not None and self.most < len(kept):
            places = sorted(random.Random(self.seed).sample(range(len(kept)), self.most))
            kept = [kept[place] for place in places]
        return kept

    def _wanted(self, one: Recording) -> bool:
        named = ((getattr(self, name), getattr(one, name)) for name in FIELDS)
        if any(asked is not None and asked.lower() != has.lower() for asked, has in named):
            return False
        if self.pitch is None:
            return True
        return one.pitch is not None and self.pitch[0] <= one.pitch <= self.pitch[1]


def find(folder: Path, wanted: Filter = Filter()) -> list[Recording]:
    """The sounds of a folder and those below it that `wanted` keeps.

    With an `examples.json` in it, it is read in NSynth's layout; elsewhere a sound's pitch is what
    its name begins or ends in, as in 060-112.flac, flute_c4.wav, and its instrument the folder that
    it lies in, or what stands before the pitch. Raises SoundError.
    """
    table = folder / TABLE
    return wanted.of(list(_noted(folder, table)) if table.is_file() else list(_listed(folder)))


def _listed(folder: Path) -> Iterator[Recording]:
    for file in listing.usable(folder):
        name = str(file.relative_to(folder).with_suffix(""))
        pitch, within = _pitch(file), file.parent.name if file.parent != folder else ""
        instrument = within or (_before_pitch(file) if pitch is not None else "")
        yield Recording(name, file, pitch, instrument, within)


def _pitch(file: Path) -> int | None:
    """Of 060-112 (note and velocity, as our own corpus has them) the note; else as sounds are
    named.
    """
    note, dash, velocity = file.stem.partition("-")
    if dash and note.isdecimal() and velocity.isdecimal():
        return int(note) if int(note) in KEYS and int(velocity) in KEYS else None
    return pitch_of(file)


def _before_pitch(file: Path) -> str:
    """Of flute_c4.wav flute; nothing where numbers are all that a name is."""
    found = NOTE.search(file.stem)
    return file.stem[: found.start()].rstrip(" _-.") if found else ""


def _noted(folder: Path, table: Path) -> Iterator[Recording]:
    try:
        notes = json.loads(table.read_text("utf-8"))
        rows = [_recording(folder, name, note) for name, note in notes.items()]
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise SoundError(
            f"{table} is not in NSynth's layout: {type(error).__name__} {error}; "
            "it holds an object with one entry a note: pitch, velocity, instrument_str, instrument_family_str"
        ) from None
    missing = [row for row in rows if not row.file.is_file()]
    if len(missing) == len(rows):
        raise SoundError(f"{table} names {len(rows)} notes, and none of them is in {folder / AUDIO}")
    yield from (row for row in rows if row not in set(missing))


def _recording(folder: Path, name: str, note: dict[str, Any]) -> Recording:
    if Path(name).name != name:
        raise ValueError(f"{name!r} is no name of a note")
    return Recording(
        name,
        folder / AUDIO / f"{name}.wav",
        int(note["pitch"]),
        str(note.get("instrument_str", note.get("instrument", ""))),
        str(note.get("instrument_family_str", "")),
        str(note.get("instrument_source_str", "")),
        int(note["velocity"]) if "velocity" in note else None,
    )


def _there_are(found: list[Recording], wanted: Filter) -> str:
    """What can be asked for in the place of what was, for each thing that was asked."""
    said = []
    for name, plural in FIELDS.items():
        if (asked := getattr(wanted, name)) is not None:
            there = sorted({has for one in found if (has := getattr(one, name))})
            said.append(f"--{name} {asked}: {_listed_near(asked, there) or f'no {plural} are known'}")
    if wanted.pitch is not None:
        pitches = [one.pitch for one in found if one.pitch is not None]
        known = f"they go from {min(pitches)} to {max(pitches)}" if pitches else "no pitch is known"
        said.append(f"--pitch {'-'.join(map(str, wanted.pitch))}: {known}")
    return "; ".join(said)


def _listed_near(asked: str, there: list[str]) -> str:
    """The names that there are, those first that are nearly what was asked."""
    near = difflib.get_close_matches(asked.lower(), there, MOST_NAMED)
    shown = [*near, *(name for name in there if name not in near)][:MOST_NAMED]
    return f"there are {', '.join(shown)}{' …' if len(there) > len(shown) else ''}" if shown else ""
