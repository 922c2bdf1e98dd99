"""Mappings: what hands move, as a file to be read and written by people.

    brightness = {cc = 21, port = "nano", range = [200, 4000], curve = 4}
    "d1.gain" = {cc = 7, port = "nano", ch = 1, range = [0, 0.8], value = 0.5}
    takeover = "pickup"

A control is one of CONTROLS, with the port (any part of its name; every port when left out) and the
channel `ch` (1 to 16; every one when left out) on which it is. Its values, 0 to 1, go from one end
of the `range` to the other, along `curve` (its bend, as of the method: 0 is straight). `value` is
where it stood when the mapping was written, 0 to 1.
"""

from __future__ import annotations

import difflib
import math
import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from latentcode.checks import is_number, is_whole
from latentcode.errors import ControlError
from latentcode.files import atomic, texts
from latentcode.inputs.encoders import ENCODINGS, STEP
from latentcode.inputs.keys import ANY, PAGED, Key, key, port_name
from latentcode.inputs.takeover import RULES

TITLE = "a mapping of latentcode: what hands move"
NAME = re.compile(r"[^\W\d]\w*(\.[a-z_]\w*)?$")
STRAIGHT, STEEPEST = 0.0, 20.0  # bends of curves
USUAL = {"bpm": (60, 180)}  # ranges where none is said, but for 0 to 1


@dataclass(frozen=True)
class Binding:
    """A control that something is bound to, by its key, and what its values 0 to 1 become."""

    to: str
    low: float = 0.0
    high: float = 1.0
    curve: float = STRAIGHT
    value: float | None = None  # where the control stood
    relative: str = ""  # the encoding of an endless encoder
    step: float = STEP  # … and how far each step goes

    def shaped(self, value: float) -> float:
        """What a value of the control becomes; the values of bend, −1 to 1, count as 0 to 1."""
        share = (value + 1) / 2 if self.to.startswith("bend") else value
        bent = share if self.curve == STRAIGHT else math.expm1(self.curve * share) / math.expm1(self.curve)
        return self.low + (self.high - self.low) * bent

    def stands(self, shaped: float) -> float:
        """Where the control stands that has become `shaped`;
        at an end where that is out of the range.
        """
        bent = 0.0 if self.low == self.high else (shaped - self.low) / (self.high - self.low)
        bent = min(max(bent, 0.0), 1.0)
        share = bent if self.curve == STRAIGHT else math.log1p(bent * math.expm1(self.curve)) / self.curve
        return 2 * share - 1 if self.to.startswith("bend") else share


@dataclass(frozen=True)
class Written:
    """What a mapping says: bindings by name, or by what they move (d1.gain),
    and perhaps the rule of takeover.
    """

    bound: Mapping[str, Binding]
    takeover: str | None = None


def _whole(low: int, high: int) -> Callable[[Any], bool]:
    return lambda given: is_whole(given, low, high)


def _number(low: float, high: float) -> Callable[[Any], bool]:
    return lambda given: is_number(given) and low <= given <= high


def _range(given: Any) -> bool:
    return isinstance(given, list) and len(given) == 2 and all(map(_number(-1e9, 1e9), given))


def _text(given: Any) -> bool:
    return isinstance(given, str) and bool(given.strip())


Test = tuple[Callable[[Any], bool], str]
CONTROLS: dict[str, Test] = {  # what stands for a control, and how it must be
    "cc": (_whole(0, 127), "a control change, 0 to 127"),
    "nrpn": (_whole(0, 16383), "a number from 0 to 16383"),
    "note": (_whole(0, 127), "a key, 0 to 127"),
    "poly": (_whole(0, 127), "a key, 0 to 127"),
    "bend": (lambda given: given is True, "true"),
    "pressure": (lambda given: given is True, "true"),
    "program": (lambda given: given is True, "true"),
    "osc": (
        lambda given: _text(given) and given[0] == "/" and not set(given) & set(" #*?,[]{}"),
        'an address without spaces and #*?,[]{}, as in "/fader"',
    ),
    "touch": (lambda given: given in ("x", "y", "down"), '"x", "y" or "down"'),
    "slider": (lambda given: _text(given) and not set(given) & set(" @/:#*"), "the name of a slider"),
}
SETTINGS: dict[str, Test] = {
    "port": (_text, "a part of the port's name, as text"),
    "ch": (_whole(1, 16), "a channel, 1 to 16"),
    "argument": (_whole(0, 99), "which argument of the OSC message, from 0"),
    "finger": (_whole(1, 10), "the number of a finger, 1 to 10"),
    "range": (_range, "two numbers, as in [0, 1]"),
    "curve": (_number(-STEEPEST, STEEPEST), "a bend from -20 to 20; 0 is straight"),
    "value": (_number(-1, 1), "a number from 0 to 1"),
    "relative": (lambda given: given in ENCODINGS, f"one of {', '.join(map(repr, ENCODINGS))}"),
    "step": (_number(0.0001, 1), "a part of the range, 0.0001 to 1"),
}


def read_mapping(path: str | Path) -> Written:
    """The mapping in a file.

    Raises ControlError, which names the line and what is allowed; no code is run.
    """
    file = Path(os.path.expanduser(path))
    try:
        if file.stat().st_size > MOST_BYTES:
            raise ControlError(f"{file} is larger than {MOST_BYTES >> 10} KiB; a mapping is not")
        text = texts.read(file)
    except (OSError, UnicodeDecodeError) as error:
        raise ControlError(f"the mapping {path} cannot be read: {error}") from error
    return parsed(text, str(path))


def parsed(text: str, file: str = "the mapping") -> Written:
    """The mapping in a text. Raises ControlError with the line."""
    from tomlkit import parse
    from tomlkit.exceptions import ParseError, TOMLKitError

    try:
        found = parse(text).unwrap()
    except ParseError as error:
        raise ControlError(
            f"{file}, line {error.line}: {_without_place(str(error))}; as in {EXAMPLE}"
        ) from error
    except (TOMLKitError, RecursionError) as error:
        raise ControlError(f"{file}: {error}; as in {EXAMPLE}") from error
    takeover = found.pop("takeover", None)
    if takeover is not None and (not isinstance(takeover, str) or takeover not in RULES):
        reader = _MappingReader(text, file)
        reader.fail("takeover", f"takeover is one of {', '.join(map(repr, RULES))}, not {takeover!r}")
    return Written(bindings(found, text, file), takeover)


def bindings(entries: dict[str, Any], text: str, file: str) -> dict[str, Binding]:
    """The bindings of a table that was read from a text. Raises ControlError with the line."""
    reader = _MappingReader(text, file)
    return {name: reader.bound(name, entry) for name, entry in _flat(entries)}


MOST_BYTES = 1 << 18
EXAMPLE = 'brightness = {cc = 21, port = "nano"}'


class _MappingReader:
    """Makes bindings of what a file says, and knows where it says it."""

    def __init__(self, text: str, file: str) -> None:
        self._lines, self._file = text.split("\n"), file

    def fail(self, name: str, text: str) -> None:
        raise ControlError(f"{self._file}, line {self._line(name)}: {text}")

    def bound(self, name: str, entry: Any) -> Binding:
        if not NAME.match(name):
            self.fail(name, f'{name!r} cannot be a name: letters, digits and _, or a target as in "d1.gain"')
        if not isinstance(entry, dict):
            self.fail(name, f"{name} is bound to a control, not to {entry!r}; as in {EXAMPLE}")
        controls = [word for word in entry if word in CONTROLS]
        for word, given in entry.items():
            self._check(name, word, given)
        if len(controls) != 1:
            several = f"{' and '.join(controls)} at once" if controls else "no control"
            self.fail(name, f"{name} has {several}; it needs one of {', '.join(CONTROLS)}, as in {EXAMPLE}")
        low, high = entry.get("range", USUAL.get(name, (0, 1)))
        value = entry.get("value")
        return Binding(
            str(_key(controls[0], entry)),
            float(low),
            float(high),
            float(entry.get("curve", STRAIGHT)),
            None if value is None else float(value),
            entry.get("relative", ""),
            float(entry.get("step", STEP)),
        )

    def _check(self, name: str, word: str, given: Any) -> None:
        known = CONTROLS | SETTINGS
        if word not in known:
            near = difflib.get_close_matches(word, known, 1)
            hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(known)}"
            self.fail(name, f"{name} has an unknown {word!r}; {hint}")
        good, allowed = known[word]
        if not good(given):
            self.fail(name, f"{name}: {word} is {allowed}, not {given!r}")

    def _line(self, name: str) -> int:
        last = re.escape(name.rpartition(".")[2])
        wanted = re.compile(rf"""^\s*\[?\s*["']?({re.escape(name)}|([\w"']+\.)?["']?{last})["']?\s*[\].=]""")
        return next((n for n, line in enumerate(self._lines, 1) if wanted.match(line)), 1)


def _flat(found: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Names and entries; `d1.gain = …` without quotes is a table in a table."""
    for name, entry in found.items():
        if isinstance(entry, dict) and entry and all(isinstance(inner, dict) for inner in entry.values()):
            yield from ((f"{name}.{inner}", value) for inner, value in entry.items())
        else:
            yield name, entry


def _key(kind: str, entry: dict[str, Any]) -> Key:
    given = entry[kind]
    if kind == "osc":
        return Key("osc", f"{given.replace('@', '_')}#{entry.get('argument', 0)}")
    if kind in PAGED:
        return Key(kind, given + (f"#{entry['finger']}" if entry.get("finger", 1) > 1 else ""))
    port = entry.get("port", ANY).strip()
    port = port if port == ANY else port_name(port)
    return Key(kind, "" if given is True else str(given), port, str(entry.get("ch", ANY)))


def entry_of(bound: Binding) -> dict[str, Any]:
    """A binding as it is written."""
    meant = key(bound.to)
    if meant.kind == "osc":
        address, _, argument = meant.what.partition("#")
        entry: dict[str, Any] = {"osc": address} | ({"argument": int(argument)} if argument != "0" else {})
    elif meant.kind in PAGED:
        which, _, finger = meant.what.partition("#")
        entry = {meant.kind: which} | ({"finger": int(finger)} if finger else {})
    else:
        entry = {meant.kind: int(meant.what) if meant.what else True}
    entry |= {} if meant.port == ANY else {"port": meant.port}
    entry |= {} if meant.channel == ANY else {"ch": int(meant.channel)}
    if (bound.low, bound.high) != (0.0, 1.0):
        entry["range"] = [_short(bound.low), _short(bound.high)]
    if bound.curve != STRAIGHT:
        entry["curve"] = _short(bound.curve)
    if bound.relative:
        entry |= {"relative": bound.relative} | ({} if bound.step == STEP else {"step": bound.step})
    return entry if bound.value is None else entry | {"value": round(bound.value, 4)}


def _short(value: float) -> int | float:
    return int(value) if value == int(value) else value


def write_mapping(path: str | Path, written: Written) -> None:
    """Write a mapping; what people have added to the file, comments and order, stays.

    Raises ControlError.
    """
    from tomlkit import comment, document, inline_table, parse
    from tomlkit.exceptions import TOMLKitError

    file = Path(os.path.expanduser(path))
    try:
        made = parse(texts.read(file)) if file.exists() else document()
    except (OSError, UnicodeDecodeError, TOMLKitError) as error:
        raise ControlError(f"{path} is there, and is no mapping: {error}; give another name") from error
    if not made.as_string().strip():
        made.add(comment(TITLE))
    for name in [name for name in made if name not in written.bound and name != "takeover"]:
        made.remove(name)
    for name, bound in written.bound.items():
        table = inline_table()
        table.update(entry_of(bound))
        if name not in made or dict(made[name]) != dict(table):
            made[name] = table
    if written.takeover is not None:
        made["takeover"] = written.takeover
    try:
        atomic.write(file, made.as_string().encode())
    except OSError as error:
        raise ControlError(f"the mapping cannot be written to {path}: {error.strerror or error}") from error


def _without_place(text: str) -> str:
    return re.sub(r" at line \d+ col \d+", "", text)
