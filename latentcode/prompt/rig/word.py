"""`rig("tour.toml")` brings back a rig, `rig.save("tour.toml")` keeps the one that is there."""

from __future__ import annotations

import builtins
import inspect
import keyword
import os
import re
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from latentcode.errors import ControlError, LatentcodeError
from latentcode.files import atomic, texts
from latentcode.files.atomic import unused
from latentcode.files.texts import say, shown
from latentcode.inputs.keys import ANY, key, port_meant, port_name
from latentcode.inputs.mapping import MOST_BYTES, bindings, entry_of
from latentcode.latents.spaces import InSpace
from latentcode.patterns import digest
from latentcode.prompt.controllers.actions import CommandSink
from latentcode.prompt.controllers.files import file_of
from latentcode.prompt.rig.expressions import instead, meant
from latentcode.prompt.rig.places import Wrong, told_wrong
from latentcode.prompt.rig.reading import REFUSED, Bench, Part, failed_then, hand_words, parts_of, typed_words
from latentcode.prompt.scenes import SceneKept, tempo_pattern
from latentcode.prompt.set_api import SetApi, Sink, Words
from latentcode.words import prompt_word, typed_as

ENDING, EXAMPLE = ".toml", 'rig("tour.toml")'
TEMPLATES = Path(__file__).parents[2] / "data" / "rigs"
LOOKING, GLANCE = 5.0, 0.05  # seconds that MIDI inputs may take to be found, and between two looks
SETTLING = 5.0  # seconds that what was typed before has, to be made ready and heard
NOBODY = "the engine does not answer; when it has started, type the line again"


class RigWords(Words):
    """The word for the rig."""

    @property
    @prompt_word('rig("tour.toml")')
    def rig(self) -> Rig:
        """What is plugged in, what hands move and do, how the set is mixed: from and to a file."""
        return Rig(self._stage)


class Rig:
    """`rig("tour.toml")` loads a file, `rig.save("tour.toml")` writes one."""

    def __init__(self, stage: SetApi) -> None:
        self._stage = stage
        self._own: set[Path] = set()  # files that this set has loaded or saved
        self._devices: list[str] = []  # that those files count on

    @typed_as('rig("tour.toml")')
    def __call__(self, path: str | os.PathLike[str] | None = None) -> Rig | None:
        """Bring back what a file says, a rig or a mapping. What it does not name stays as it is.

        rig("nanokontrol2") is that of a controller: apc-mini, apc-mini-mk2, launchpad-mini,
        midimix, nanokontrol2, x-touch-mini.

        No code in it is run. What cannot be had here, as a device or a sound, is told, and the rest
        works. The journal keeps what the file said, so that a replay does not need it. Without a
        file it is told what is set. Raises ControlError for what is no such file, with the line.
        """
        if path is None:
            return self
        file = _template(path) or file_of(path, ENDING, EXAMPLE)
        text = self._stage.noted(lambda: _content(file))
        if not isinstance(text, str):
            raise ControlError(f"what the rig {file.name} said then is not in the journal")
        if file.parent != TEMPLATES:
            self._own.add(file)
        found = _parsed(text, file.name)
        parts = parts_of(found, self._bench(text, file.name))
        self._devices += _devices(found)
        done = self._do(parts, text, file.name)
        if self._stage.live:
            for line in self._absent(found):
                say(line)
            say(f"{file.name}: {done} of {len(parts)} parts" if done < len(parts) else f"{file.name} is set")
        return None

    load = __call__

    @typed_as('rig.save("tour.toml")')
    def save(self, path: str | os.PathLike[str], force: bool = False) -> None:
        """Write the rig as it is now; comments in the file stay.

        A file that this set has neither loaded nor saved is kept, and the rig gets a number, unless
        `force`. Devices that a file counted on stay in it while they are unplugged. What a file
        cannot hold, as a function of your own, is told. Raises ControlError.
        """
        file = file_of(path, ENDING, 'rig.save("tour.toml")')
        if not self._stage.live:
            return
        settled = self._stage.sink.question("settled", patience=SETTLING)
        wanted, left_out = self._standing()
        if settled is False:  # nobody is heard of where there is no engine
            left_out.append("a line from before is still being made ready, and is not in it; save once more")
        if not force and file not in self._own and (free := unused(file)) != file:
            say(f"{file} is there already, and is kept; rig.save(…, force=True) replaces it")
            file = free
        self._write(file, wanted)
        self._own.add(file)
        self._devices = wanted.get("devices", [])
        for line in left_out:
            say(line)
        say(f"{', '.join(wanted)} → {file}")

    def __repr__(self) -> str:
        try:
            wanted, _ = self._standing()
        except ControlError:
            wanted = {}
        return f"<rig {', '.join(wanted)}>" if wanted else '<rig, empty; rig("tour.toml") loads one>'

    def __reduce__(self) -> tuple[Any, ...]:
        raise ControlError("rig is what hands are on, and cannot be part of a pattern")

    # loading

    def _do(self, parts: list[Part], text: str, file: str) -> int:
        """Do all parts that can be done here, and tell of the others; how many were done."""
        gathered: list[Gathering] = []
        wrong: list[Wrong] = []

        def tried() -> tuple[str, ...]:
            for part in parts:
                sink = Gathering(self._stage)
                try:
                    with self._stage.given_to(sink):
                        part.do()
                    gathered.append(sink)
                except REFUSED as error:
                    wrong.append((part, " ".join(_why(error, self._stage.own).split())))
            return tuple(part.name for part, _ in wrong)

        noted = self._stage.noted(tried)
        if not self._stage.live and noted is not None:  # a replay: what failed then is left out now
            failed = failed_then(parts, noted)
            for part in parts:
                if part.name not in failed:
                    part.do()
        for command in [command for sink in gathered for command in sink.commands]:
            self._stage.hand(command)
        for line in told_wrong(wrong, text, file):
            say(line)
        return len(parts) - len(wrong)

    def _bench(self, text: str, file: str) -> Bench:
        """What the parts of a file are made with."""
        mapping, here = self._stage.own["mapping"], _only_controls(text)

        def check(entries: dict[str, Any]) -> None:
            for name in bindings(entries, here, file):
                mapping.must_be_name(name)

        return Bench(
            self._stage.own,
            lambda entries: mapping.take(bindings(entries, here, file)),
            check,
            self._name_space,
            self._stage.live,
        )

    def _name_space(self, name: str, space: InSpace) -> None:
        ours = name in self._stage.own or hasattr(builtins, name)
        if ours or name.startswith("__") or not name.isidentifier() or keyword.iskeyword(name):
            raise ControlError(f"a space cannot be called {name!r}; give it another name")
        self._stage.space[name] = space

    def _absent(self, found: dict[str, Any]) -> list[str]:
        """Lines on the inputs that are named and not there."""
        told, end = self._stage.question("controls"), time.monotonic() + LOOKING
        while told is not None and not told["looked"] and time.monotonic() < end:  # the set has just begun
            time.sleep(GLANCE)
            told = self._stage.question("controls")
        if told is None:
            return []
        named = {*_devices(found)} | _ports(found)
        return [
            f"{name} is not plugged in; what is bound to it waits for it"
            for name in sorted(named)
            if not _there(name, told["ports"])
        ]

    # saving

    def _standing(self) -> tuple[dict[str, Any], list[str]]:
        """What is set now, as it stands in a rig, and lines on what cannot stand there."""
        from latentcode.prompt.rig import writing

        told, controls = self._stage.question("rig"), self._stage.question("controls")
        if told is None or controls is None:
            raise ControlError(NOBODY)
        ports = list(controls["ports"])
        left_out: list[str] = []
        bound = self._stage.own["mapping"].bound()
        digests = told["digests"]
        faders = {
            name: text
            for name, value in told["faders"].items()
            if name not in bound and (text := self._said(name, value, digests, left_out)) is not None
        }
        told["fx"] = {
            voice: [text for one in row if (text := self._said(f"{voice}.fx", one, digests, left_out))]
            for voice, row in told["fx"].items()
        }
        told["fx"] = {voice: row for voice, row in told["fx"].items() if row}
        if told["tempo"]:
            told["tempo"] = self._said("bpm", told["tempo"], digests, left_out)
        told = {**told, **{name: self._kept_pads(told[name], left_out) for name in ("pads", "transport")}}
        keys = [one for one in told["keys"] if self._can(one[1], hand_words(self._stage.own))]
        left_out += [f"keys of d{one[0] + 1}: {NOT_KEPT}" for one in told["keys"] if one not in keys]
        state = self._stage.state()
        led = "bpm" in bound or told["timing"]["follow"] or told["timing"]["link"]
        left_out += [f'midi_in("{name}", virtual=True): {NO_PORT}' for name in told["midi_in"][1]]
        wanted = {
            "devices": [*ports, *dict.fromkeys(one for one in self._devices if not _there(one, ports))],
            **writing.timing_written(told),
            "bpm": None if led or state.bpm is None else told["tempo"] or _number(state.bpm),
            "takeover": controls["takeover"],
            "master": faders.pop("master", None),
            "fx": list(told["fx"].get("master", ())),
            "voices": writing.voices_written(faders, told["fx"], told["voices"]),
            "encoders": writing.encoders_written(controls.get("encoders", {}), bound),
            "controls": {name: entry_of(one) for name, one in bound.items()},
            "spaces": self._spaces(),
            "pads": writing.pads_written(told["pads"]),
            "transport": writing.transport_written(told["transport"]),
            "keys": writing.keys_written(keys),
            "leds": writing.leds_written(state.timing.leds),
        }
        silent = wanted["midi_in"] == []  # no input is listened to: that is said, too
        kept = {name: value for name, value in wanted.items() if value not in (None, [], {})}
        return kept | ({"midi_in": []} if silent else {}), left_out

    def _said(self, name: str, value: Any, digests: dict[str, str], left_out: list[str]) -> Any:
        """A number, or the text for a pattern or an effect that is read as what it stands for: as
        it is shown, or was typed. None where there is no such text; a line on that is added.
        """
        if not isinstance(value, str):
            return value
        wanted = digests.get(value)
        texts = [value] if wanted is None else [value, self._stage.typed.get(wanted, "")]
        found = next((text for text in texts if self._means(name, text, wanted)), None)
        left_out += [] if found else [f"{name}: {NOT_SAID}"]
        return found

    def _means(self, name: str, text: str, wanted: str | None) -> bool:
        """Whether a text is read as what has a digest; without one it is as it was typed."""
        words = typed_words(self._stage.own)
        if wanted is None:
            return self._can(text, words)
        with self._stage.given_to(CommandSink()), suppress(*REFUSED):
            found = meant(text, words)
            return digest(tempo_pattern(found, None) if name == "bpm" else found) == wanted
        return False

    def _kept_pads(self, pads: Any, left_out: list[str]) -> list[Any]:
        words = hand_words(self._stage.own)
        kept = [pad for pad in pads if self._can(pad[1], words)]
        left_out += [f"{key(pad[0]).kind} {key(pad[0]).what}: {NOT_KEPT}" for pad in pads if pad not in kept]
        return kept

    def _can(self, source: str, words: dict[str, Any]) -> bool:
        """Whether what is typed can stand in a rig: as words, or as mini-notation."""
        with self._stage.given_to(CommandSink()):
            try:
                found = meant(source, words)
                if isinstance(found, SceneKept):
                    found.only_meant()
                return bool(source) and (not isinstance(found, str) or not _is_code(source))
            except (LatentcodeError, TypeError, ValueError):
                return False

    def _spaces(self) -> dict[str, Any]:
        from latentcode.prompt.rig.writing import space_written

        words = self._stage.own["learn_space"].__self__
        named = {name: one for name, one in self._stage.space.items() if isinstance(one, InSpace)}
        return {
            name: space_written(space, digest(space.inputs)[:8], words.marks_of(space))
            for name, space in named.items()
            if name != "_"
        }

    def _write(self, file: Path, wanted: dict[str, Any]) -> None:
        from tomlkit.exceptions import TOMLKitError

        from latentcode.prompt.rig.writing import updated

        try:
            text = updated(texts.read(file) if file.exists() else "", wanted)
            atomic.write(file, text.encode())
        except (OSError, UnicodeDecodeError, TOMLKitError) as error:
            why = getattr(error, "strerror", None) or error
            raise ControlError(f"the rig cannot be written to {file}: {why}") from error


def _template(path: Any) -> Path | None:
    """The rig of a controller that comes with the package, by its name: rig("nanokontrol2")."""
    if not isinstance(path, str) or Path(path).suffix or Path(path).name != path:
        return None
    file = TEMPLATES / f"{path.lower()}{ENDING}"
    if not file.is_file():
        known = ", ".join(sorted(one.stem for one in TEMPLATES.glob(f"*{ENDING}")))
        raise ControlError(
            f"no controller is called {path!r} here: there are {known}; a file ends in {ENDING}"
        )
    return file


NO_PORT = "an input of our own stands in no rig; keep its line in a file for load(…)"
NOT_SAID = (
    "what moves it cannot be written in a rig, as gestures, numbers of a space and functions of your own; "
    "keep its line in a file for load(…), to be loaded after the rig"
)
NOT_KEPT = "a function or a name of your own stands in no rig; keep its line in a file for load(…)"


class Gathering(CommandSink):
    """Keeps the commands of a part until it is known that it can be done; all else goes on."""

    def __init__(self, stage: SetApi) -> None:
        super().__init__()
        self._to: Sink = stage.sink
        self.live = self._to.live
        self.ask, self.question = self._to.ask, self._to.question  # type: ignore[method-assign]
        self.noted, self.name, self.state = self._to.noted, self._to.name, self._to.state  # type: ignore[method-assign]


def _is_code(source: str) -> bool:
    """Whether a text that is no call of our words looks like one of the musician's own."""
    return (
        re.fullmatch(r"\s*(lambda\b.*|[^\W\d]\w*\s*\(.*[a-z_]=.*\)|.*\)\.\w+\(.*)", source, re.DOTALL)
        is not None
    )


def _content(file: Path) -> str:
    try:
        if file.stat().st_size > MOST_BYTES:
            raise ControlError(f"{file.name} is larger than {MOST_BYTES >> 10} KiB; a rig is not")
        return texts.read(file)
    except FileNotFoundError as error:
        there = ", ".join(sorted(one.name for one in file.parent.glob(f"*{ENDING}"))[:8])
        has = f"has {there}" if there else f"has no {ENDING} files"
        raise ControlError(
            shown(f'there is no {file.name}; {file.parent} {has}; rig.save("tour.toml") writes one')
        ) from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise ControlError(f"{file.name}, line {line}, is not written in UTF-8; save it as UTF-8") from error
    except OSError as error:
        raise ControlError(f"the rig {file.name} cannot be read: {error}") from error


def _parsed(text: str, name: str) -> dict[str, Any]:
    from tomlkit import parse
    from tomlkit.exceptions import ParseError, TOMLKitError

    try:
        found: dict[str, Any] = parse(text).unwrap()
        return found
    except ParseError as error:
        said = re.sub(r" at line \d+ col \d+", "", str(error))
        raise ControlError(f"{name}, line {error.line}: {said}") from error
    except (TOMLKitError, RecursionError) as error:
        raise ControlError(f"{name}: {error}") from error


def _why(error: Exception, own: dict[str, Any]) -> str:
    """An error as a rig is told it: a setting that a word does not have, with those that it has."""
    found = re.search(r"(\w+)\(\) got an unexpected keyword argument '(.*)'", str(error))
    if not isinstance(error, TypeError) or found is None or found[1] not in own:
        return str(error)
    given = inspect.signature(own[found[1]]).parameters
    known = [{"sound": "plays"}.get(name, name) for name in given if name != "learn"]
    return f"{found[1]} has no {found[2]!r}{instead(found[2], known)}"


def _only_controls(text: str) -> str:
    """The text with its lines ahead of [controls] left empty: names are looked for below."""
    lines = text.split("\n")
    begin = next((n for n, line in enumerate(lines) if re.match(r"\s*\[\s*controls\b", line)), 0)
    return "\n".join([""] * begin + lines[begin:])


def _devices(found: dict[str, Any]) -> list[str]:
    """The inputs that a file counts on."""
    devices = found.get("devices", ())
    return [one for one in devices if isinstance(one, str)] if isinstance(devices, list) else []


def _there(name: str, ports: Iterable[str]) -> bool:
    """Whether an input by a part of its name is plugged in."""
    return any(port_meant(port_name(name), port_name(port)) for port in ports)


def _ports(found: dict[str, Any]) -> set[str]:
    """The ports that entries name."""
    tables = [*_rows(found.get("pads")), *_rows(found.get("keys")), *_rows(found.get("transport"))]
    controls = found.get("controls", {})
    tables += (
        [one for one in controls.values() if isinstance(one, dict)] if isinstance(controls, dict) else []
    )
    ports = [one.get("port") for one in tables]
    return {port for port in ports if isinstance(port, str) and port.strip() not in ("", ANY)}


def _rows(value: Any) -> list[dict[str, Any]]:
    rows = value if isinstance(value, list) else [value]
    return [row for row in rows if isinstance(row, dict)]


def _number(value: float) -> int | float:
    return int(value) if value == int(value) else round(value, 6)
