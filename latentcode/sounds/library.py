"""The built-in sounds by name, and a musician's own files by path.

Reads folders, never the sounds.
"""

from __future__ import annotations

import difflib
import os
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from latentcode.audio import listing
from latentcode.audio.reading import SUFFIXES
from latentcode.errors import SoundError
from latentcode.files.whereabouts import alike, located, stands_in
from latentcode.files.whereabouts import known as known_elsewhere

NOTE = re.compile(r"(?:^|[\s_.-])([a-gA-G])([#sb]?)(-?\d)$")  # at the end of a file's name
LETTERS = {"c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11}
SOME = "cello, choir, flute, piano, kick"
ALIASES = {  # what other systems call them
    "bd": "kick", "sd": "snare", "sn": "snare", "hh": "hat", "ch": "hat", "hc": "hat", "oh": "openhat",
    "ho": "openhat", "cp": "clap", "rs": "rim", "rd": "ride", "cr": "crash", "cy": "crash", "cb": "cowbell",
    "sh": "shaker", "tb": "tambourine", "lt": "tom:0", "mt": "tom:1", "ht": "tom:2", "wb": "woodblock",
    "bongos": "bongo", "superpiano": "piano", "sawtooth": "saw", "white": "noise",
    "808bd": "kick808", "808sd": "snare808", "808cp": "clap808", "808hc": "hat808", "808ch": "hat808",
    "808hh": "hat808", "808oh": "openhat808", "808cy": "crash808", "808cb": "cowbell808", "808rs": "rim808",
    "808cl": "clave", "808ma": "maracas", "808lt": "tom808:0", "808mt": "tom808:1", "808ht": "tom808:2",
    "808lc": "conga808:0", "808mc": "conga808:1",
    "909bd": "kick909", "909sd": "snare909", "909cp": "clap909", "909ch": "hat909", "909hh": "hat909",
    "909oh": "openhat909", "909cr": "crash909", "909rd": "ride909", "909rs": "rim909", "909lt": "tom909:0",
    "909mt": "tom909:1", "909ht": "tom909:2",
}  # fmt: skip
SUSTAINED = frozenset(  # what is bowed, blown or sung, or has no end, and is held for as long as its note is
    {
        "bassoon", "brass", "cello", "choir", "clarinet", "contrabass", "flute", "horn", "oboe", "organ", "sax",
        "shakuhachi", "strings", "trombone", "trumpet", "tuba", "viola", "violin", "voice",
        "chip", "hollow", "lead", "pad", "pulse", "reese", "saw", "sine", "soft", "square", "sub", "supersaw",
        "vowel", "brown", "hiss", "noise", "pink",
        "crackle", "crowd", "fire", "leaves", "rain", "roomtone", "surf", "vinyl", "water", "wind",
    }
)  # fmt: skip
PIANO = range(21, 109)
FOLDER = Path(__file__).parent.parent / "data" / "sounds"
MADE = FOLDER / "made"  # electronic sounds and textures; what a musician calls so comes before them


@dataclass(frozen=True)
class Sound:
    """A sound that can be played or encoded.

    `name` is what finds it again ("cello:2", or a path); `file` is where it is; `pitch` is its MIDI
    note number (60 is middle C), None where it is not known; `index` is its place among the `count`
    of its name.
    """

    name: str
    file: Path
    pitch: int | None = None
    index: int = 0
    count: int = 1


def names() -> tuple[str, ...]:
    """The names of the built-in sounds, sorted.

    Raises SoundError where the package has lost them.
    """
    return tuple(sorted(_built_in()))


def library() -> dict[str, Path]:
    """The folders by name in those of LATENTCODE_SOUNDS (parted as PATH is);
    what is hidden is not listed.
    """
    return {name: folder for name, folder in _known_folders().items() if not listing.hidden(name)}


def _known_folders() -> dict[str, Path]:
    """All of them, the first of a name: what is hidden is in no list,
    but found by who asks for it.
    """
    places = filter(None, os.environ.get("LATENTCODE_SOUNDS", "").split(os.pathsep))
    found: dict[str, Path] = {}
    for place in map(Path, map(os.path.expanduser, places)):
        found = _folders(place, _changed(place)) | found
    return found


@lru_cache(maxsize=64)
def _folders(place: Path, changed: int) -> dict[str, Path]:
    """The folders in one, by name; `changed` is when something was last put there."""
    try:
        inside = sorted(place.iterdir())
    except OSError:
        return {}
    return {sub.name: sub for sub in inside if os.path.isdir(sub)}


def _changed(place: Path) -> int:
    try:
        return place.stat().st_mtime_ns
    except OSError:
        return 0


def named_folder(name: str) -> Path | None:
    """The folder of that name in those of LATENTCODE_SOUNDS, in whichever normal form;
    None where there is none.
    """
    known = _known_folders()
    if name in known or name.isascii():
        return known.get(name)
    return next((folder for other, folder in known.items() if alike(other, name)), None)


def all_names() -> tuple[str, ...]:
    """The names of the built-in sounds, what else they are called, and the musician's folders,
    sorted.

    Raises SoundError as `names` does.
    """
    return tuple(sorted({*_built_in(), *ALIASES, *library()}))


def counts() -> dict[str, tuple[int, bool]]:
    """For each built-in name how many sounds it has, and whether they are pitches.

    Raises SoundError as `names` does.
    """
    return {name: (len(found), found[0].pitch is not None) for name, found in sorted(_built_in().items())}


def find(name: str | os.PathLike[str], n: int | None = None) -> Sound:
    """The sound that a name or a path stands for; SoundError, with the nearest names,
    when there is none.

    - "cello": the middle one of its pitches (for drums: the first of its kind)
    - "cello:2", or `n=2`: counted from 0, low to high; round and round past either end
    - "bd", and what else other systems call them: see ALIASES
    - a file: that file; `n` does not matter (see `whereabouts` for where it is looked for)
    - a folder: its first sound, or the `n`th; its own by name, then those of the folders in it
    - the name of a folder in one of those that LATENTCODE_SOUNDS lists: as a folder
    """
    if (found := known(name, n)) is not None:
        return found
    if stands_in(name):
        return _built_in()["kick"][0]
    raise SoundError(_unknown(os.fspath(name), _split(os.fspath(name))[0]))


def known(name: str | os.PathLike[str], n: int | None = None) -> Sound | None:
    """The same; None when there is none. Raises SoundError for a folder without sounds."""
    text = os.fspath(name)
    stem, number = _split(text)
    variants = _recorded().get(stem, ())
    if not variants and (own := _own(text, n)) is not None:
        return own
    index = number if n is None else n
    if not variants:
        meant, default = _split(ALIASES.get(stem, stem))
        variants, index = _built_in().get(meant, ()), default if index is None else index
    if not variants:
        return None
    return variants[_default(variants) if index is None else index % len(variants)]


def _own(text: str, n: int | None) -> Sound | None:
    """A file or a folder of the musician's; None where there is none."""
    stem, number = _split(text)
    for candidate, wanted in ((text, n), (stem, number if n is None else n)):
        path = located(candidate)
        if os.path.isfile(path):
            return Sound(candidate, path, pitch_of(path))
        folder = path if os.path.isdir(path) else named_folder(candidate)
        if folder is not None:
            return _in_folder(candidate, folder, wanted or 0)
    return _of_lost_folder(stem, number if n is None else n)


def _of_lost_folder(stem: str, n: int | None) -> Sound | None:
    """A sound of a folder that is not there, where it alone was found; without a number any."""
    there = {name: file for name, file in known_elsewhere().items() if _split(name)[0] == stem != name}
    name = next(iter(there), "") if n is None else f"{stem}:{n}"
    return Sound(name, Path(there[name]), pitch_of(Path(there[name]))) if name in there else None


def _variants(name: str) -> tuple[Sound, ...]:
    """The built-in sounds that a name stands for."""
    found = known(name)
    if found is None or not found.file.is_relative_to(FOLDER):
        return ()
    return _built_in().get(_split(found.name)[0], ())


def in_pitches(name: str) -> bool:
    """Whether a name stands for a built-in sound that was recorded at several pitches.

    Raises SoundError as `names` does.
    """
    return any(sound.pitch is not None for sound in _variants(name))


def nearest(name: str, pitch: float) -> Sound:
    """The sound called `name` whose pitch (a MIDI note number) is nearest to `pitch`,
    the lower of two.

    Raises SoundError for an unknown name; what has no pitch (a drum, a file) is returned as `find`
    does.
    """
    pitched = [sound for sound in _variants(name) if sound.pitch is not None]
    if not pitched:
        return find(name)
    return min(pitched, key=lambda sound: (abs((sound.pitch or 0) - pitch), sound.pitch))


def sustains(file: str | os.PathLike[str]) -> bool:
    """Whether a file is a built-in sound that sustains; those that are struck or plucked do not."""
    folder = Path(file).parent
    return folder.name in SUSTAINED and folder.parent in (FOLDER, MADE)


@cache
def _built_in() -> dict[str, tuple[Sound, ...]]:
    return {**_inside(MADE), **_recorded()}


@cache
def _recorded() -> dict[str, tuple[Sound, ...]]:
    if not FOLDER.is_dir():
        raise SoundError(f"the built-in sounds are missing from {FOLDER}; install latentcode again")
    return _inside(FOLDER)


def _inside(place: Path) -> dict[str, tuple[Sound, ...]]:
    """The sounds in a folder of folders, by name."""
    found = {}
    for folder in sorted(place.iterdir()) if place.is_dir() else ():
        files = sorted(file for file in folder.glob("*.*") if file.suffix in (".ogg", ".flac"))
        if files:
            found[folder.name] = tuple(
                Sound(f"{folder.name}:{index}", file, _number(file), index, len(files))
                for index, file in enumerate(files)
            )
    return found


def _number(file: Path) -> int | None:
    return int(file.stem) if file.stem.isascii() and file.stem.isdigit() else None


def pitch_of(file: Path) -> int | None:
    """The pitch that a file's name ends in: flute_c4.wav, "bell F#3.wav",
    60.wav (a key of a piano).
    """
    if file.stem.isascii() and file.stem.isdigit() and len(file.stem) <= 3:
        return int(file.stem) if int(file.stem) in PIANO else None
    found = NOTE.search(file.stem)
    if found is None:
        return None
    letter, sign, octave = found.groups()
    return 12 * (int(octave) + 1) + LETTERS[letter.lower()] + {"#": 1, "s": 1, "b": -1}.get(sign, 0)


def _default(variants: tuple[Sound, ...]) -> int:
    return len(variants) // 2 if variants[0].pitch is not None else 0


def _split(text: str) -> tuple[str, int | None]:
    """ "cello:2" → ("cello", 2); text without a number after its last colon stays whole."""
    stem, colon, number = text.rpartition(":")
    if colon and number.removeprefix("-").isdecimal() and number.isascii():
        return stem, int(number[:10])
    return text, None


def _in_folder(name: str, folder: Path, n: int) -> Sound:
    files = listing.usable(folder)
    index = n % len(files)
    return Sound(f"{name}:{index}", files[index], pitch_of(files[index]), index, len(files))


def _unknown(text: str, stem: str) -> str:
    if os.sep in text or Path(text).suffix.lower() in SUFFIXES:
        return f"no sound at {text!r}; give a file or a folder that is there, or a name such as {SOME}"
    near = difflib.get_close_matches(stem.lower(), all_names(), n=3, cutoff=0.5)
    if near:
        return f"no sound called {text!r}; did you mean {' or '.join(near)}?"
    return (
        f"no sound called {text!r}; there are {SOME} and {len(names()) - 5} more (sounds() lists them at the "
        "prompt), and files by their path"
    )
