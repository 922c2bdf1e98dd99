"""Live inputs: the words for what hands move, and what can be done with their values."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, ClassVar, TypeAlias

import numpy as np

from latentcode.checks import is_number, plain, text, whole, wrong
from latentcode.errors import LatentcodeError, PatternError, RangeError
from latentcode.patterns import nodes, setters
from latentcode.patterns.arguments import Argument, Whole, number, patternable
from latentcode.patterns.event import Float64
from latentcode.patterns.operators import NUMBER
from latentcode.patterns.pattern import Pattern
from latentcode.patterns.signals import bounds
from latentcode.patterns.tree import Tree, mapped
from latentcode.patterns.words import method
from latentcode.words import public, word

ANY = "*"
SMOOTH, SLOWEST = 50.0, 10_000.0  # ms
STEEPEST = 20.0  # bends of a curve beyond it are steps
MOST_STEPS = 10_000

Levels: TypeAlias = tuple[float, ...]


@word("cc(21)")
def cc(control: int, ch: int | None = None, port: str | None = None, default: float = 0.0) -> Pattern:
    """Control change `control` (0 to 127) of a MIDI controller: a signal from 0 to 1, always now.

    ch       the channel, 1 to 16; left out, any
    port     part of the port's name; left out, any
    default  what it is until it is moved for the first time

    Raises PatternError for what is no number, RangeError for one beyond.
    """
    which = _whole(control, "the number of a control change", 0, 127, "cc(21)")
    return _input(f"cc:{which}", ch, port, default, "cc(21, ch=1)")


@word("nrpn(300)")
def nrpn(parameter: int, ch: int | None = None, port: str | None = None, default: float = 0.0) -> Pattern:
    """Non-registered parameter `parameter` (0 to 16383): a signal from 0 to 1, always now.

    Raises PatternError for what is no number, RangeError for one beyond.
    """
    which = _whole(parameter, "the number of an NRPN", 0, 16383, "nrpn(300)")
    return _input(f"nrpn:{which}", ch, port, default, "nrpn(300, ch=1)")


@word("bend()")
def bend(ch: int | None = None, port: str | None = None, default: float = 0.0) -> Pattern:
    """The pitch wheel: a signal from -1 to 1, 0 at rest, always now.

    Raises PatternError for a channel or a port that is none.
    """
    return _input("bend", ch, port, default, "bend(ch=1)")


@word("pressure()")
def pressure(
    key: int | None = None, ch: int | None = None, port: str | None = None, default: float = 0.0
) -> Pattern:
    """How hard keys are pressed once they are down: a signal from 0 to 1, always now.

    key: the number of one key, 0 to 127, on keyboards that tell them apart; left out, all together.

    Raises PatternError for what is no number, RangeError for one beyond.
    """
    if key is None:
        return _input("pressure", ch, port, default, "pressure(ch=1)")
    which = _whole(key, "the number of a key", 0, 127, "pressure(60)")
    return _input(f"poly:{which}", ch, port, default, "pressure(60, ch=1)")


@public
def program(ch: int | None = None, port: str | None = None, default: float = 0.0) -> Pattern:
    """The last program change: a signal from 0 to 1 (program 0 to 127), always now.

    Raises PatternError for a channel or a port that is none.
    """
    return _input("program", ch, port, default, "program(ch=1)")


@word("pressed(36)")
def pressed(key: int, ch: int | None = None, port: str | None = None, default: float = 0.0) -> Pattern:
    """How hard a key or pad (0 to 127) was hit, as long as it is held, else 0:
    a signal from 0 to 1, always now.

    Raises PatternError for what is no number, RangeError for one beyond.
    """
    which = _whole(key, "the number of a key", 0, 127, "pressed(36)")
    return _input(f"note:{which}", ch, port, default, "pressed(36, ch=10)")


@word('osc("/x")')
def osc(address: str, argument: int = 0, default: float = 0.0) -> Pattern:
    """An argument, counted from 0, of the last OSC message to an address:
    a signal of its numbers as they are.

    Raises PatternError for an address that OSC has not.
    """
    if not isinstance(address, str) or not address.startswith("/") or set(address) & set(" #*?,[]{}"):
        allowed = "an address that begins with / and has no spaces, and none of #*?,[]{}"
        raise wrong("osc", allowed, address, "osc('/x')", PatternError)
    which = _whole(argument, "the number of an OSC argument", 0, 1000, "osc('/x', 0)")
    named = address.replace("@", "_")  # as it arrives: @ stands before a port
    return nodes.Live(f"osc:{named}#{which}", _default(default))


@word('live("brightness")')
def live(name: str, default: float = 0.0) -> Pattern:
    """A name that is bound to a control, by learn or from a file: its values, always now.

    Raises PatternError for a name of more than one word.
    """
    if not isinstance(name, str) or not name or set(name) & set(" @/:#*"):
        raise wrong("live", "a name of one word", name, "live('brightness')", PatternError)
    return nodes.Live(f"live:{name}", _default(default))


TOUCHED = ("x", "y", "down")
MOST_FINGERS = 10


@word('touch("x")')
def touch(what: str, finger: int = 1, default: float = 0.0) -> Pattern:
    """A finger on the map of the stage page: a signal from 0 to 1, always now.

    what     "x" from the left, "y" from below: where it is, or was when it was lifted; "down": 1
             while it is there, else 0
    finger   the first that is down is 1, one beside it 2, to 10
    default  what it is until the map is touched for the first time

    Raises PatternError for anything else.
    """
    if what not in TOUCHED:
        raise wrong("touch", "'x', 'y' or 'down'", what, "touch('x')", PatternError)
    which = _whole(finger, "the number of a finger", 1, MOST_FINGERS, "touch('x', 2)")
    return nodes.Live(f"touch:{what}" + (f"#{which}" if which > 1 else ""), _default(default))


LONGEST_NAME = 40


@word('slider("cutoff", 200, 4000)')
def slider(
    name: str, low: float = 0.0, high: float = 1.0, value: float | None = None, exp: bool = False
) -> Pattern:
    """A slider of the stage page, which is there while something plays that has it: a signal from
    `low` to `high`, always now.

    value  where it stands until it is moved for the first time; left out, at `low`
    exp    whether it goes by equal ratios, as `exprange` does: for frequencies and times

    Lines with one name share its place, and keep their own ends.

    Raises PatternError for a name of more than one word, and for ends that are the same or no
    numbers; RangeError for a value beyond them, and for `exp` over 0.
    """
    if not isinstance(name, str) or not _is_word(name):
        allowed = f"a name of one word, up to {LONGEST_NAME} letters"
        raise wrong("slider", allowed, name, "slider('cutoff', 200, 4000)", PatternError)
    for given in (low, high, *(() if value is None else (value,))):
        if not is_number(given) or not math.isfinite(given):
            raise wrong(
                f"slider {name}", "numbers", given, f"slider({name!r}, 200, 4000, value=800)", PatternError
            )
    ends = float(low), float(high)
    dial = nodes.Dial(*ends, bool(exp))
    made = nodes.Live(f"slider:{name}", _stands(dial, name, value), dial=dial)
    if dial.exp:
        return exprange(made, *ends)
    return made if ends == (0.0, 1.0) else made.range(*ends)


def _is_word(name: str) -> bool:
    one = len(name.split()) == 1 and name.isprintable()
    return one and len(name) <= LONGEST_NAME and not set(name) & set(" @/:#*")


def _stands(dial: nodes.Dial, name: str, value: float | None) -> float:
    """Where a slider begins, 0 to 1."""
    low, high = dial.low, dial.high
    as_typed = f"slider({name!r}, 200, 4000, value=800)"
    if low == high:
        raise PatternError(
            f"slider goes from one number to another, not from {low:g} to {high:g}; as in {as_typed}"
        )
    if dial.exp and low * high <= 0:
        raise RangeError(
            f"with exp a slider goes by ratios and takes two ends above 0, or two below, not {low:g} and {high:g}; "
            f"as in slider({name!r}, 20, 2000, exp=True)"
        )
    if value is None:
        return 0.0
    if not min(low, high) <= value <= max(low, high):
        raise RangeError(
            f"slider {name} goes from {low:g} to {high:g}, and cannot begin at {value:g}; as in {as_typed}"
        )
    return dial.place(float(value))


def _input(name: str, ch: Any, port: Any, default: Any, typed: str) -> Pattern:
    channel = ANY if ch is None else _whole(ch, "a MIDI channel", 1, 16, typed)
    if port is not None:
        text(port, "port", "a part of the port's name", "port='nano'", PatternError)
    place = ANY if port is None else re.sub(r"[\s/@*]+", "_", port.strip().lower())
    return nodes.Live(f"{name}@{place}/{channel}", _default(default))


def _whole(value: Any, what: str, low: int, high: int, typed: str) -> int:
    return whole(value, what, low, high, typed, PatternError)


def _default(value: Any) -> float:
    return float(number(value, "the default of a live input", "0.5"))


WORDS = {"poly": "pressure", "note": "pressed"}  # of kinds that have another name than their word


def typed(given: nodes.Live) -> str:
    """A live input as it is typed: cc(21, ch=1, port='nano')."""
    if given.dial is not None:
        return _slid(given, given.dial)
    name, _, place = given.name.partition("@")
    kind, _, what = name.partition(":")
    port, _, channel = place.rpartition("/")
    which = (
        {"osc": _address, "live": repr, "touch": _finger, "slider": repr}.get(kind, str)(what) if what else ""
    )
    said = {"ch": channel, "port": repr(port), "default": f"{given.default:g}"}
    left_out = {"ch": ("", ANY), "port": ("''", repr(ANY)), "default": ("0",)}
    more = [f"{word}={text}" for word, text in said.items() if text not in left_out[word]]
    glide = f".smooth({given.glide:g})" if given.glide else ""
    return f"{WORDS.get(kind, kind)}({', '.join([which, *more] if which else more)}){glide}"


def _slid(given: nodes.Live, dial: nodes.Dial) -> str:
    """A slider as it is typed, its range with it."""
    words = [repr(given.name.partition(":")[2])]
    words += [f"{dial.low:g}", f"{dial.high:g}"] if (dial.low, dial.high) != (0, 1) else []
    words += [f"value={dial.shows(given.default):g}"] if given.default else []
    words += ["exp=True"] if dial.exp else []
    return f"slider({', '.join(words)})" + (f".smooth({given.glide:g})" if given.glide else "")


def _finger(what: str) -> str:
    which, _, finger = what.partition("#")
    return f"{which!r}, {finger}" if finger else repr(which)


def _address(what: str) -> str:
    address, _, argument = what.rpartition("#")
    return repr(address) if argument == "0" else f"{address!r}, {argument}"


# what can be done with a signal


@method("exprange(20, 2000)", function=False)
@patternable
def exprange(pattern: Pattern, low: Argument, high: Argument) -> Pattern:
    """Spread a signal of 0 to 1 over low to high, by equal ratios: for frequencies and times.

    Raises RangeError where 0 lies between the ends, or is one of them.
    """
    bottom = float(number(low, "the low end of exprange", "20"))
    top = float(number(high, "the high end of exprange", "2000"))
    if bottom * top <= 0:
        raise RangeError(
            f"exprange goes by ratios and takes two ends above 0, or two below, not {bottom:g} and {top:g}; "
            "as in .exprange(20, 2000), or .range(0, 1)"
        )
    return nodes.Map(pattern, Ratios(bottom, top))


@method("curve(4)", function=False)
@patternable
def curve(pattern: Pattern, bend: Argument) -> Pattern:
    """Bend a signal of 0 to 1, which stays in its ends: above 0 it begins slowly, below 0 fast;
    0 leaves it.

    (e^(bend·x) − 1) / (e^bend − 1), as envelopes of synthesizers have it.

    Raises PatternError for what is no number, RangeError for a bend beyond -20 to 20.
    """
    amount = float(number(bend, "the bend of curve", "4"))
    if abs(amount) > STEEPEST:
        allowed = f"a number from -{STEEPEST:g} to {STEEPEST:g}"
        raise wrong("the bend of curve", allowed, amount, ".curve(4)", PatternError)
    return nodes.Map(pattern, Bent(amount)) if amount else pattern


@method("quantize(5)", function=False)
@patternable
def quantize(pattern: Pattern, steps: Whole | list[float] | tuple[float, ...]) -> Pattern:
    """Let a signal take the nearest of some values: a list of them,
    or so many steps over its range.

    The range is what `range` has made it, of a bare input or signal 0 to 1.

    Raises PatternError for an empty list, RangeError for fewer than 2 steps.
    """
    return nodes.Map(pattern, Nearest(_levels(pattern, plain(steps))))


def _levels(pattern: Pattern, steps: Any) -> Levels:
    if isinstance(steps, (list, tuple, np.ndarray)) and len(steps):
        return tuple(sorted(float(number(step, "a value of quantize", "0.5")) for step in steps))
    if isinstance(steps, (list, tuple, np.ndarray)):
        raise PatternError("quantize takes at least one value, not none; as in .quantize([0, 3, 7])")
    count = _whole(steps, "the number of steps", 2, MOST_STEPS, ".quantize(5), or .quantize([0, 3, 7])")
    low, high = bounds(pattern) or (0.0, 1.0)
    return tuple(low + (high - low) * step / (count - 1) for step in range(count))


@method("switch(.5)", function=False)
@patternable
def switch(pattern: Pattern, threshold: Argument = 0.5) -> Pattern:
    """1 where a signal reaches a threshold, else 0."""
    return nodes.Map(pattern, Reaches(float(number(threshold, "the threshold of switch", "0.5"))))


@method("smooth()")
def smooth(pattern: Pattern, amount: Any = True) -> Pattern:
    """Of sounds: blend between latent frames instead of taking the nearest, 0 to 1.

    Of live inputs: glide, in ms.

    A live input reaches 63 % of the way to a new value within that time. A number or, of sounds, a
    signal.

    Raises PatternError for a signal without live inputs, and for what is no number from 0 to 10000
    ms.
    """
    if not _is_signal(pattern):
        return setters.smooth(pattern, 1 if amount is True else amount)
    if not pattern.live_inputs:
        raise PatternError(
            f"only live inputs can be made smooth, and {pattern!r} has none; as in cc(1).smooth(50)"
        )
    ms = SMOOTH if amount is True else float(number(amount, "the milliseconds of smooth", "50"))
    if not 0 <= ms <= SLOWEST:
        raise PatternError(f"smooth takes 0 to {SLOWEST:g} milliseconds, not {ms:g}; as in cc(1).smooth(50)")
    return mapped(pattern, partial(_glides, ms))  # type: ignore[no-any-return]


def _glides(ms: float, node: Tree) -> Tree:
    return replace(node, glide=ms) if isinstance(node, nodes.Live) else node


def _is_signal(pattern: Pattern) -> bool:
    """Whether a pattern gives numbers and no onsets."""
    try:
        found = pattern.query(0, 0)
    except LatentcodeError:
        return False
    return bool(found) and found[0].whole is None and isinstance(plain(found[0].value), NUMBER)


class Many:
    """A function of numbers that takes many at once, and of a value that is one."""

    word: ClassVar[str]
    many: Callable[[Float64], Float64]

    def __call__(self, value: Any) -> float:
        given = float(number(value, f"the value of {self.word}", "0.5"))
        return float(self.many(np.array([given]))[0])


@dataclass(frozen=True)
class Ratios(Many):
    """0 to 1 → low to high, by equal ratios."""

    word = "exprange"
    low: float
    high: float

    def many(self, values: Float64) -> Float64:
        """The same of numbers (N,)."""
        return np.asarray(self.low * (self.high / self.low) ** values)


@dataclass(frozen=True)
class Bent(Many):
    """0 to 1, bent."""

    word = "curve"
    amount: float

    def many(self, values: Float64) -> Float64:
        """The same of numbers (N,)."""
        return np.asarray(np.expm1(self.amount * values) / np.expm1(self.amount))


@dataclass(frozen=True)
class Nearest(Many):
    """A number → the nearest of some, in order."""

    word = "quantize"
    levels: Levels

    def many(self, values: Float64) -> Float64:
        """The same of numbers (N,)."""
        levels = np.array(self.levels)
        return levels[np.searchsorted((levels[1:] + levels[:-1]) / 2, values, side="right")]


@dataclass(frozen=True)
class Reaches(Many):
    """1 from a threshold on, else 0."""

    word = "switch"
    threshold: float

    def many(self, values: Float64) -> Float64:
        """The same of numbers (N,)."""
        return (values >= self.threshold).astype(np.float64)
