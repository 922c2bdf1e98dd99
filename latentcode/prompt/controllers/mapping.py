"""`mapping`: what hands are bound to, from and to a file; and what controls can be bound to:
names of the musician's own, and faders.
"""

from __future__ import annotations

import difflib
import keyword
import math
import os
from collections.abc import Callable
from pathlib import Path
from types import MethodType
from typing import Any

from latentcode.checks import is_number
from latentcode.errors import ControlError
from latentcode.files.atomic import unused
from latentcode.files.texts import say
from latentcode.files.whereabouts import located
from latentcode.inputs.keys import key, spoken
from latentcode.inputs.mapping import STRAIGHT, Binding, Written, read_mapping, write_mapping
from latentcode.inputs.takeover import stays
from latentcode.parameters import VOICES
from latentcode.patterns import Pattern
from latentcode.patterns.nodes import Live
from latentcode.prompt.set_api import SetApi
from latentcode.set.commands import SET
from latentcode.words import typed_as

ENDING = ".toml"
SHOWN = 12  # files
Plain = tuple[tuple[tuple[Any, ...], ...], str | None]
RANGES = {"gain": (0.0, 1.0), "pan": (0.0, 1.0), "master": (0.0, 1.0), "bpm": (60.0, 180.0)}  # unless said
EXAMPLE = 'as in learn(d1.gain, 0, .8), learn("brightness") or learn()'


class Targets:
    """The faders of a set by name: d1.gain to d16.pan, master and bpm."""

    def __init__(self, stage: SetApi) -> None:
        self._stage = stage

    def all(self) -> dict[str, Callable[[Any], Any]]:
        """What is called with a signal, or a number, by name."""
        own = self._stage.own
        voices = [f"d{n}" for n in range(1, VOICES + 1)]
        faders = {
            f"{voice}.{what}": getattr(own[voice], what) for voice in voices for what in ("gain", "pan")
        }
        return {**faders, "master": own["master"], "bpm": own["bpm"]}

    def name(self, thing: Any) -> str | None:
        """The name of a fader that is meant by itself, `d1.gain`, or by its name;
        None for anything else.
        """
        if isinstance(thing, str):
            return thing if thing in self.all() else None
        known = thing is self._stage.own["master"] or isinstance(thing, MethodType)
        return next((name for name, word in self.all().items() if known and word == thing), None)

    def is_word(self, thing: Any) -> bool:
        """Whether something is a word of the prompt, and no function of the musician's."""
        module = str(getattr(thing, "__module__", ""))
        return module.startswith("latentcode.") and any(thing is word for word in self._stage.own.values())

    def own_name(self, name: str) -> str:
        """A name that a control can have. Raises ControlError for one that can be none."""
        if name.isidentifier() and not keyword.iskeyword(name):
            return name
        near = difflib.get_close_matches(name, self.all(), 1)
        hint = f"did you mean {near[0]!r}?" if near else EXAMPLE
        raise ControlError(f"{name!r} is no name for a control: letters, digits and _ make one; {hint}")


def range_of(name: str, low: Any, high: Any) -> tuple[float, float]:
    """The ends of a range, where the musician has not said one those that suit what is moved.

    Raises ControlError for an end that is no finite number.
    """
    usual = RANGES.get(name.rpartition(".")[2], (0.0, 1.0))
    ends = [one if given is None else given for given, one in zip((low, high), usual, strict=True)]
    if not all(is_number(end) and math.isfinite(end) for end in ends):
        raise ControlError(f"a range goes from one number to another, not {low!r} to {high!r}; {EXAMPLE}")
    return float(ends[0]), float(ends[1])


def signal(bound: Binding) -> Pattern:
    """What a binding makes of its control, as a live signal from `low` to `high`."""
    made: Pattern = Live(bound.to)
    if key(bound.to).kind == "bend":
        made = (made + 1) / 2
    if bound.curve != STRAIGHT:
        made = made.curve(bound.curve)
    plain = (bound.low, bound.high) == (0.0, 1.0)
    return made if plain else made.range(bound.low, bound.high)


def moving(stage: SetApi) -> dict[str, tuple[Any, ...]]:
    """What controls move, learnt or not: their keys, by the name of what is moved."""
    told = dict(stage.question("controls") or {})
    return {**told.get("led", {}), **{name: (to,) for name, (to, *_) in told.get("bound", {}).items()}}


def conflicts(name: str, bound: Binding, known: dict[str, tuple[Any, ...]]) -> list[str]:
    """What a new binding changes for others, each in a line. `known`: keys by name."""
    found, meant = [], key(bound.to)
    if name in known and bound.to not in known[name]:
        found.append(f"{name} was {' and '.join(map(spoken, known[name]))} until now")
    others = [o for o, keys in known.items() if o != name and any(meant.meets(key(to)) for to in keys)]
    if others:
        found.append(f"{spoken(bound.to)} moves {', '.join(others)}, too")
    return found


class Mapping:
    """`mapping("nano.toml")` loads a file, `mapping.save("nano.toml")` writes one."""

    def __init__(self, stage: SetApi, targets: Targets, bind: Callable[[str, Binding], None]) -> None:
        self._stage, self._targets, self._bind = stage, targets, bind
        self._own: set[Path] = set()  # files that this set has loaded or saved: to save them again is meant

    @typed_as('mapping("nano.toml")')
    def __call__(self, path: str | os.PathLike[str] | None = None) -> Mapping | None:
        """Bind what a file says. What it does not name stays as it is; no code in it is run.

        Without a file what is bound now is shown. mapping.load("nano.toml") is the same.

        Values that it holds come back, and hold until their hands have come to them (see
        `takeover`). The journal keeps what the file said, so that a replay does not need it. Raises
        ControlError, which names the line.
        """
        if path is None:
            return self
        file = _file(path)
        noted = self._stage.noted(lambda: self._read(file))
        if noted is None:
            raise ControlError(f"what the mapping {os.fspath(path)} said then is not in the journal")
        entries, rule = noted
        self._own.add(file)
        found = {name: Binding(*values) for name, *values in entries}
        if rule is not None:
            self._stage.issue("takeover", SET, rule)
        self.take(found)
        return None

    def take(self, found: dict[str, Binding]) -> None:
        """Bind all of it, with the values that it holds; for a file that says it.

        Raises ControlError for a name that can be none.
        """
        for name in found:
            self.must_be_name(name)
        self._tell(found)
        for bound in found.values():
            if bound.relative:
                self._stage.issue("encoder", SET, bound.to, bound.relative, bound.step)
        values = {bound.to: bound.value for bound in found.values() if bound.value is not None}
        values = {**dict(self._stage.noted(lambda: self._staying(found)) or ()), **values}
        if values:
            self._stage.issue("recall", SET, tuple(sorted(values.items())))
        for name, bound in found.items():
            self._bind(name, bound)

    def must_be_name(self, name: str) -> None:
        """Raise ControlError for a name that is no fader's, and can be none of the musician's."""
        if self._targets.name(name) is None:
            self._targets.own_name(name)

    def bound(self) -> dict[str, Binding]:
        """What hands are bound to, with where the controls stand.

        Raises ControlError where the engine does not answer.
        """
        told = self._stage.question("controls")
        if told is None:
            raise ControlError("the engine does not answer; when it has started, type the line again")
        heard = {**told, "heard": self._stage.question("heard") or {}}
        return {
            name: Binding(to, low, high, curve, _value(to, heard), *told.get("encoders", {}).get(to, ()))
            for name, (to, low, high, curve) in told["bound"].items()
        }

    load = __call__

    @typed_as('mapping.save("nano.toml")')
    def save(self, path: str | os.PathLike[str], force: bool = False) -> None:
        """Write what hands are bound to, with the values of their controls;
        comments in the file stay.

        A file that this set has neither loaded nor saved is kept, and the mapping gets a number,
        unless `force`.

        Raises ControlError.
        """
        file = _file(path)
        if not self._stage.live:
            return
        made = self.bound()
        if not made:
            raise ControlError('nothing is bound yet; as in learn("brightness") or learn(d1.gain)')
        if not force and file not in self._own and (free := unused(file)) != file:
            say(f"{file} is there already, and is kept; mapping.save(…, force=True) replaces it")
            file = free
        rule = dict(self._stage.question("controls") or {}).get("takeover")
        write_mapping(file, Written(made, rule))
        self._own.add(file)
        say(f"{', '.join(made)} → {file}")

    def __repr__(self) -> str:
        told = dict(self._stage.question("controls") or {})
        bound = [f"{name}: {spoken(to)}" for name, (to, *_) in told.get("bound", {}).items()]
        return (
            f"<mapping {', '.join(bound)}>" if bound else '<mapping, empty; learn("brightness") begins one>'
        )

    def __reduce__(self) -> tuple[Any, ...]:
        raise ControlError("mapping is what hands are bound to, and cannot be part of a pattern")

    def _read(self, file: Path) -> Plain:
        """The file as plain values, with no name that is none."""
        if not os.path.exists(file):
            raise ControlError(f"there is no {file.name}; {_others(file.parent)}")
        written = read_mapping(file)
        for name in written.bound:  # before anything is noted
            self.must_be_name(name)
        entries = (
            (n, b.to, b.low, b.high, b.curve, b.value, *((b.relative, b.step) if b.relative else ()))
            for n, b in written.bound.items()
        )
        return tuple(entries), written.takeover

    def _staying(self, found: dict[str, Binding]) -> tuple[tuple[str, float], ...]:
        """Where controls stand that nothing is known of,
        for their faders to stay where they are.
        """
        told = dict(self._stage.question("controls") or {})
        made = {}
        for name, bound in found.items() if told else ():
            if bound.value is None and self._targets.name(name) and not _known(bound.to, told["values"]):
                stands = self._stage.question("fader", name)
                if isinstance(stands, float):
                    made[bound.to] = bound.stands(stands)
        return tuple(made.items())

    def _tell(self, found: dict[str, Binding]) -> None:
        known = moving(self._stage) if self._stage.live else {}
        known = {name: keys for name, keys in known.items() if name not in found}
        for name, bound in found.items():
            for line in conflicts(name, bound, known):
                say(line)
            known[name] = (bound.to,)


def _file(path: Any) -> Path:
    if not isinstance(path, (str, os.PathLike)) or Path(path).suffix.lower() != ENDING:
        raise ControlError(f'a mapping is a {ENDING} file, not {path!r}; as in mapping("nano.toml")')
    return located(path).absolute()


def _others(folder: Path) -> str:
    """The mappings that a folder may hold."""
    found = sorted(one.name for one in folder.glob(f"*{ENDING}"))
    there = f"has {', '.join(found[:SHOWN])}" if found else f"has no {ENDING} files"
    return f'{folder} {there}; mapping.save("nano.toml") writes one'


def _known(to: str, values: dict[str, float]) -> bool:
    """Whether the control has a value that a key means."""
    meant = key(to)
    return any(name == to or meant.matches(key(name)) for name in values)


def _value(to: str, told: dict[str, Any]) -> float | None:
    """Where the control stands, as it is read; None where it springs back."""
    if not stays(to):
        return None
    if to in told["heard"]:
        found: float | None = told["heard"][to]
        return found
    meant = key(to)
    known = [value for name, value in told["values"].items() if name == to or meant.matches(key(name))]
    return known[-1] if known else None
