"""A rig as text: its sections, and what each entry asks of the words of the prompt.

devices = ["nano"]                   # inputs that it counts on
latency = 12
takeover = "pickup"
master = 0.8

[controls]                           # as in a mapping
brightness = {cc = 21, port = "nano", range = [200, 4000]}
"d1.gain" = {cc = 7, value = 0.5}

[[pads]]
port = "nano"
36 = "kick"                          # mini-notation, or a pattern as it is typed
37 = 's("snare").gain(.8)'
40 = 'scene("drop")'
41 = "hush"
42 = "d1"                            # mutes it

[[keys]]
voice = "d5"
plays = 's("cello").release(.4)'
ch = 2

[voices.d1]
gain = "cc(7).range(0, 1.2)"
out = 3
fx = ["lowpass(cc(10).exprange(100, 8000))", "reverb(.4)"]

[spaces.low]                         # the name under which it is known
inputs = ["cc(1)", "cc(2)"]
marks = [{at = [0, 0.5], text = "choir", numbers = {cutoff = 800}}]
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import partial
from typing import Any, NamedTuple

import numpy as np

import latentcode
from latentcode.checks import is_number, received
from latentcode.errors import ControlError, LatentcodeError
from latentcode.inputs.mapping import CONTROLS
from latentcode.latents.spaces import InSpace, Mark
from latentcode.prompt.labels import remember
from latentcode.prompt.rig.expressions import ASKS_OUTSIDE, instead, meant, near

EXAMPLE = 'as in [[pads]], and below it 36 = "kick"'
DONE = ("hush", "panic", "undo", "redo", "back", "cancel", "unsolo", "unmute", "uncue")  # words by themselves
VOICES = re.compile(r"d([1-9]|1[0-6])")
REFUSED = (LatentcodeError, TypeError, ValueError, AttributeError, ArithmeticError, LookupError)  # by a part

Own = Mapping[str, Any]
Do = Callable[[], None]


class Part(NamedTuple):
    """One thing that a rig asks for: where it stands (section, entry), and what is done for it.

    refused   whether something was wrong with it when it was read; `do` raises it
    table     of several with the name of its section, as of [[pads]], which it stands in, from 0
    gained    whether older sets lost it, as it stands behind a table that was wrong
    """

    section: str
    entry: str
    do: Do
    refused: bool = False
    table: int = 0
    gained: bool = False

    @property
    def name(self) -> str:
        """What it is called in a journal: the same wherever it stands."""
        first, *rest = filter(None, (self.section, self.entry))
        return " ".join([f"{first}#{self.table + 1}" if self.table else first, *rest])


class Bench(NamedTuple):
    """What parts are made with: the words of the prompt by their names, what binds a table of
    controls (or, `check`, raises ControlError for one that cannot be bound), what gives a space
    its name, and whether it is played now, and not a replay of what was taken then.
    """

    own: Own
    bind: Callable[[dict[str, Any]], None]
    check: Callable[[dict[str, Any]], None]
    name_space: Callable[[str, InSpace], None]
    live: bool


def parts_of(found: dict[str, Any], bench: Bench) -> list[Part]:
    """What a rig asks for, in the order in which it is done; what cannot be done comes last."""
    if _is_mapping(found):
        takeover = {"takeover": found.pop("takeover")} if "takeover" in found else {}
        found = {**takeover, "controls": found}
    parts = [part for name in SECTIONS if name in found for part in _section(name, found[name], bench)]
    parts += [_unknown(name) for name in found if name not in SECTIONS]
    return sorted(parts, key=lambda part: part.refused)


def failed_then(parts: list[Part], noted: Iterable[int | str]) -> set[str]:
    """The names of the parts that could not be done in a set, as it noted them; older sets noted
    their places among those that they knew, and did not do the others.
    """
    noted = list(noted)
    known = [part.name for part in parts if not part.gained]
    if all(isinstance(one, str) for one in noted):
        return {str(one) for one in noted}
    lost = {part.name for part in parts if part.gained}
    return lost | {known[one] for one in noted if isinstance(one, int) and one < len(known)}


def _section(name: str, value: Any, bench: Bench) -> Iterator[Part]:
    """The parts of a section, of each of its tables; one that is wrong is told alone."""
    make, gained = SECTIONS[name], False
    tables = value if name in SEVERAL and isinstance(value, list) else [value]
    for number, table in enumerate(tables):
        try:
            yield from (
                part._replace(table=number, gained=gained or part.gained) for part in make(table, bench)
            )
        except REFUSED as error:
            yield _refused("", name, error)._replace(table=number, gained=gained)
            gained = True


def _refused(section: str, entry: str, error: Exception) -> Part:
    """A part that cannot be done, and says why when its turn comes."""

    def do() -> None:
        raise error

    return Part(section, entry, do, refused=True)


def _unknown(name: str) -> Part:
    return _refused("", name, ControlError(f"{name!r} is no section of a rig{instead(name, SECTIONS)}"))


def _is_mapping(found: dict[str, Any]) -> bool:
    """Whether it is a mapping, as they were before there were rigs: bindings by name alone."""

    def binds(entry: Any) -> bool:
        return isinstance(entry, dict) and bool(set(entry) & set(CONTROLS) or all(map(binds, entry.values())))

    tables = {name for name, section in SECTIONS.items() if section in TABLES}
    rest = {name: entry for name, entry in found.items() if name != "takeover"}
    return bool(rest) and not set(rest) & tables and all(map(binds, rest.values()))


def typed_words(own: Own) -> dict[str, Any]:
    """The words that may stand in a rig: those of patterns, of effects and of inputs."""
    return {name: own[name] for name in latentcode.__all__ if name in own and name not in ASKS_OUTSIDE}


def hand_words(own: Own) -> dict[str, Any]:
    """The same, and what a pad can be given: voices, scenes, words that are done."""
    voices = {name: word for name, word in own.items() if VOICES.fullmatch(name)}
    return typed_words(own) | voices | {name: own[name] for name in (*DONE, "scene") if name in own}


def _told(word: str, spread: bool = False) -> Callable[[Any, Bench], Iterator[Part]]:
    """A section that is one value, which a word is told."""

    def section(value: Any, bench: Bench) -> Iterator[Part]:
        def do() -> None:
            told = bench.own[word]
            if spread and isinstance(value, list):
                told(*value or [None])
            elif word in WITH_OPTIONS and value and isinstance(value, dict):
                told(**value)
            else:
                told(_setting(value, typed_words(bench.own)) if word in MOVED else value)

        yield Part("", word, do)

    return section


MOVED = frozenset({"bpm", "master"})
WITH_OPTIONS = frozenset(
    {"link", "follow", "swing"}
)  # that may be tables: follow = {port = "seq", jump = true}


def _expected(value: Any, bench: Bench) -> Iterator[Part]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise ControlError(f'devices is a list of names, as in devices = ["nano"], not {received(value)}')
    yield from ()


def _osc(value: Any, bench: Bench) -> Iterator[Part]:
    given = value if isinstance(value, dict) else {"port": value}
    yield Part("", "osc", lambda: bench.own["osc_in"](**given))


def _clocks(value: Any, bench: Bench) -> Iterator[Part]:
    for name, nudge in _table(value, "clock", "synth = 0").items():
        yield Part("clock", name, partial(bench.own["clock_out"], name, nudge))


def _controls(value: Any, bench: Bench) -> Iterator[Part]:
    good: dict[str, Any] = {}
    for name, entry in _table(value, "controls", "brightness = {cc = 21}").items():
        try:
            bench.check({name: entry})
            good[name] = entry
        except ControlError as error:
            yield _refused("controls", name, error)
    yield Part("controls", "", partial(bench.bind, good))


def _encoders(value: Any, bench: Bench) -> Iterator[Part]:
    given = dict(_table(value, "encoders", "cc = [16, 17]"))
    controls = given.pop("cc", [])
    controls = controls if isinstance(controls, list) else [controls]
    yield Part("encoders", "cc", partial(bench.own["encoders"], *controls, **given))


def _leds(value: Any, bench: Bench) -> Iterator[Part]:
    given = dict(_table(value, "leds", 'port = "launch"'))
    port = given.pop("port", None)
    yield Part("leds", "port", partial(bench.own["leds"], port, **given))


def _voices(value: Any, bench: Bench) -> Iterator[Part]:
    gained = False
    for name, settings in _table(value, "voices", "d1 = {gain = 0.8}").items():
        if not VOICES.fullmatch(name):
            error = ControlError(f"the voices are d1 to d16, not {name!r}")
            yield _refused(f"voices.{name}", "", error)._replace(gained=gained)
            continue
        try:
            given = _table(settings, f"voices.{name}", "gain = 0.8")
        except ControlError as error:
            yield _refused(f"voices.{name}", "", error)._replace(gained=gained)
            gained = True
            continue
        for word, said in given.items():
            do = partial(_voiced, bench.own[name], word, said, bench)
            yield Part(f"voices.{name}", word, do, gained=gained)


def _voiced(voice: Any, word: str, given: Any, bench: Bench) -> None:
    words = typed_words(bench.own)
    if word == "fx":
        voice.fx(*_effects(given, words))
    elif word in ("gain", "pan"):
        getattr(voice, word)(_setting(given, words))
    elif word == "out":
        voice.out(given)
    elif word in ("mute", "solo", "cue"):
        if bench.live and given is not True and given is not False:  # older sets took any text for true
            raise ControlError(f"{word} is true or false, without quotes, not {received(given)}")
        bench.own[word if given else f"un{word}"](voice)
    else:
        raise ControlError(f"a voice has gain, pan, out, fx, mute, solo and cue in a rig, not {word!r}")


def _master_fx(value: Any, bench: Bench) -> Iterator[Part]:
    yield Part("", "fx", lambda: bench.own["master"].fx(*_effects(value, typed_words(bench.own))))


def _effects(given: Any, words: Mapping[str, Any]) -> list[Any]:
    chain = given if isinstance(given, list) else [given]
    return [_setting(one, words) for one in chain]


def _setting(given: Any, words: Mapping[str, Any]) -> Any:
    """What a fader or an effect is set to: a value, or a text as it is typed."""
    found = meant(given, words) if isinstance(given, str) else given
    return found if found is given else remember(found, given)


def _spaces(value: Any, bench: Bench) -> Iterator[Part]:
    for name, entry in _table(value, "spaces", 'low = {inputs = ["cc(1)"]}').items():
        yield Part(f"spaces.{name}", "", partial(_space, name, entry, bench))


def _space(name: str, entry: Any, bench: Bench) -> None:
    known = _table(entry, f"spaces.{name}", 'inputs = ["cc(1)"]')
    _only(known, SPACE, f"spaces.{name}", bench)
    words = typed_words(bench.own)
    texts = known.get("inputs", [])
    if not isinstance(texts, list) or not all(isinstance(one, str) for one in texts):
        raise ControlError(
            f'inputs are a list of texts, as in inputs = ["cc(1)", "cc(2)"], not {received(texts)}'
        )
    marks = known.get("marks", [])
    if not isinstance(marks, list):
        raise ControlError(
            f'marks are a list, as in marks = [{{at = [0, 0.5], text = "choir"}}], not {received(marks)}'
        )
    learn_space = bench.own["learn_space"]
    space = learn_space(*(meant(one, words) for one in texts), name=known.get("called"))
    for mark in marks:
        _only(mark if isinstance(mark, dict) else {}, MARK, "a mark", bench)
    for mark in marks:
        learn_space.__self__.add(space, _mark(mark, len(space.inputs)))
    bench.name_space(name, space)


SPACE, MARK = ("inputs", "marks", "called"), ("at", "text", "numbers", "latent")


def _only(given: Mapping[str, Any], known: Collection[str], what: str, bench: Bench) -> None:
    """Raises ControlError for what a table does not have, but for a replay: older sets passed it
    over.
    """
    for name in (name for name in given if bench.live and name not in known):
        raise ControlError(f"{what} has no {name!r}{instead(name, known)}")


def _mark(entry: Any, inputs: int) -> Mark:
    at = entry.get("at") if isinstance(entry, dict) else None
    if not isinstance(at, list) or len(at) != inputs or not all(map(is_number, at)):
        raise ControlError(f"a mark is at {inputs} numbers, as in at = {[0.5] * inputs}, not {received(at)}")
    latent = None
    if "latent" in entry:
        try:
            latent = np.frombuffer(base64.b64decode(entry["latent"], validate=True), "<f4").astype(np.float32)
        except (ValueError, TypeError) as error:
            raise ControlError(f"the latent of the mark at {at} is damaged: {error}") from error
        if not np.isfinite(latent).all():
            raise ControlError(f"the latent of the mark at {at} is not finite")
    found = entry.get("numbers", {})
    if not isinstance(found, dict) or not all(map(is_number, found.values())):
        raise ControlError(
            f"the numbers of a mark are as in numbers = {{cutoff = 800}}, not {received(found)}"
        )
    numbers = tuple(sorted((str(key), float(value)) for key, value in found.items()))
    return Mark(tuple(map(float, at)), latent, numbers, str(entry.get("text", "")))


OF_PADS = ("port", "ch", "quant", "voice")


def _pads(value: Any, bench: Bench) -> Iterator[Part]:
    given = _table(value, "pads", '36 = "kick"')
    options: dict[str, Any] = {word: given[word] for word in OF_PADS if word in given}
    if isinstance(options.get("voice"), str):
        try:
            options["voice"] = meant(options["voice"], hand_words(bench.own))
        except REFUSED as error:
            said = f'pads sound through a voice, as in voice = "d3", not {received(options["voice"])}'
            raise ControlError(f"{said}: {error}") from error
    for pad, thing in given.items():
        if pad not in options:

            def do(pad: str = pad, thing: Any = thing) -> None:
                if hint := near(pad, OF_PADS):
                    raise ControlError(f"pads have no {pad!r}{hint}")
                number = int(pad) if pad.isdecimal() else pad
                bench.own["pads"]({number: _thing(thing, bench)}, **options)

            yield Part("pads", pad, do)


def _transport(value: Any, bench: Bench) -> Iterator[Part]:
    given = _table(value, "transport", 'stop = "hush"')
    options = {word: given[word] for word in ("port", "quant") if word in given}
    for name, thing in given.items():
        if name not in options:

            def do(name: str = name, thing: Any = thing) -> None:
                bench.own["transport"](**{name: _thing(thing, bench)}, **options)

            yield Part("transport", name, do)


def _keys(value: Any, bench: Bench) -> Iterator[Part]:
    given = dict(_table(value, "keys", 'voice = "d5"'))
    voice, plays = given.pop("voice", None), given.pop("plays", None)
    if "learn" in given:
        error = ControlError('a rig says which keys: low = "c2", high = "c4"; learn is for the prompt')
        yield _refused("keys", "learn", error)
        return

    def do() -> None:
        if voice is None or plays is None:
            hint = next(filter(None, (near(name, ("voice", "plays")) for name in given)), "")
            said = 'keys have a voice and what they play, as in voice = "d5", plays = \'s("cello")\''
            raise ControlError(f"{said}{hint}")
        bench.own["keys"](_thing(voice, bench), _thing(plays, bench), **given)

    yield Part("keys", voice if isinstance(voice, str) else "voice", do)


def _thing(value: Any, bench: Bench) -> Any:
    """What a hand is given, as it is typed."""
    if not isinstance(value, str):
        raise ControlError(
            f"what is played or done is a text, as it is typed, not {received(value)}; {EXAMPLE}"
        )
    found = meant(value, hand_words(bench.own))
    return found if isinstance(found, str) else remember(found, value)


def _table(value: Any, name: str, example: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ControlError(f"[{name}] is a table, and below it as in {example}; not {received(value)}")
    return value


SECTIONS: dict[str, Callable[[Any, Bench], Iterator[Part]]] = {  # in the order in which they are done
    "devices": _expected,
    "midi_in": _told("midi_in", spread=True),
    "osc": _osc,
    "link": _told("link"),
    "follow": _told("follow"),
    "latency": _told("latency"),
    "lead": _told("lead"),
    "bpm": _told("bpm"),
    "swing": _told("swing"),
    "clock": _clocks,
    "takeover": _told("takeover"),
    "master": _told("master"),
    "fx": _master_fx,
    "voices": _voices,
    "encoders": _encoders,
    "controls": _controls,
    "spaces": _spaces,
    "pads": _pads,
    "transport": _transport,
    "keys": _keys,
    "leds": _leds,
}
SEVERAL = frozenset({"encoders", "pads", "transport", "keys", "leds"})  # that may be several tables: [[pads]]
TABLES = (_encoders, _voices, _controls, _spaces, _pads, _transport, _keys, _leds)
