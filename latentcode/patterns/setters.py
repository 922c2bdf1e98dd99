"""Methods that set controls, from one table of names."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from latentcode.checks import is_number, plain, received, truth, wrong
from latentcode.errors import PatternError
from latentcode.patterns import hashing, nodes
from latentcode.patterns.arguments import Argument, Numeric, number, reify
from latentcode.patterns.controls import AddsControls, Controls
from latentcode.patterns.pattern import Pattern
from latentcode.patterns.scales import scale as scale_called
from latentcode.patterns.words import example, method
from latentcode.words import word

# may be arrays, one number for each latent dimension
PER_DIMENSION = frozenset({"scale", "bias", "jitter", "walk"})
Setter: TypeAlias = Callable[..., Pattern]


@dataclass(frozen=True)
class SetControl(AddsControls):
    """A value → its controls, with one more."""

    name: str
    value: Any

    def __call__(self, value: Any) -> Controls:
        return Controls.of(value).with_(self.name, self.value)


@dataclass(frozen=True)
class NamedSound:
    """A value → controls with the source of that name."""

    def __call__(self, value: Any) -> Controls:
        if isinstance(value, (int, float, Fraction)):
            return Controls((("s", str(value)),))
        return Controls.of(value)


@word('s("cello choir*2")')
def s(pattern: Any) -> Pattern:
    """A pattern of sounds by name, as mini-notation: `s("cello [choir flute]")`.

    An event's value is controls with that `s`. Raises MiniError with the place of a mistake.
    """
    return nodes.Map(reify(pattern, "the names of sounds", names=True), NamedSound())


@word('n("0 3 7").s("flute")')
def n(pattern: Any) -> Pattern:
    """A pattern of numbers, as mini-notation: `n("0 3 7")`.

    Of a sound with several pitches they are semitones from its usual one, of a folder its sounds
    from 0. Raises PatternError for a name where a number is due.
    """
    made = nodes.Map(reify(pattern, "numbers"), Numeric("n"))
    if isinstance(pattern, str):
        made.query(0, 1)  # a name instead of a number is found now, not on stage
    return made


def _signal(value: Any, name: str) -> Any:
    """Return what a continuous control holds: a number, or a pattern to be read as a signal."""
    value = plain(value)
    if is_number(value):
        number(value, name, ".5")
        return value
    if isinstance(value, np.ndarray) and name in PER_DIMENSION:
        return _per_dimension(value, name)
    if name == "scale" and isinstance(value, str):
        no_scale_of_notes(value)
    pattern = reify(value, f"a number or a signal for {name}")
    if isinstance(pattern, nodes.Pure):
        return Numeric(name)(pattern.value)
    if isinstance(value, str):
        for event in pattern.query(0, 1):
            Numeric(name)(event.value)
    return nodes.branch(pattern, hashing.number_of(name))


def no_scale_of_notes(text: str) -> None:
    """Raise PatternError for the name of a musical scale."""
    names = [text] if not set(text) & set("<>[]*/!|,") else re.findall(r"[\w#]+:[\w#:]+", text)
    for name in names:
        try:
            scale_called(name)
        except PatternError:
            continue
        raise PatternError(f"scale is a factor on the latents, notes have scale_of: type .scale_of({text!r})")


def _per_dimension(value: Any, name: str) -> Any:
    kept = np.array(value)
    if (
        kept.ndim != 1
        or not kept.size
        or not np.issubdtype(kept.dtype, np.number)
        or not np.isfinite(kept).all()
    ):
        raise PatternError(
            f"{name} takes a number, a signal, or an array of one finite number for each latent dimension, "
            f"not one of shape {kept.shape}, {kept.dtype}; as in {name}(.5)"
        )
    kept.setflags(write=False)
    return kept


def _read(name: str, meaning: str, default: Any = None) -> Setter:
    def setter(pattern: Pattern, value: Any = default) -> Pattern:
        return nodes.Map(pattern, SetControl(name, _signal(_given(value, name), name)))

    return _described(setter, name, f"{meaning} A number or a signal, read all the time.")


def _continuous(typed: str, meaning: str, function: bool = True) -> Setter:
    return method(typed, function=function)(_read(typed.partition("(")[0], meaning))


def _onset(typed: str, meaning: str, default: Any = None, function: bool = True) -> Setter:
    name = typed.partition("(")[0]

    def setter(pattern: Pattern, value: Any = default) -> Pattern:
        value = plain(_given(value, name))
        if isinstance(value, bool) or (is_number(value) and value - value == 0):
            return nodes.Map(pattern, SetControl(name, str(value) if name == "s" else value))
        argument = nodes.branch(
            reify(value, f"a value for {name}", names=name == "s"), hashing.number_of(name)
        )
        if isinstance(argument, nodes.Pure):
            argument = nodes.Steady(argument.value)
        return nodes.Apply(pattern, argument, f"control:{name}", "onset")

    _described(setter, name, f"{meaning} Taken at the onset of each event.")
    return method(typed, function=function)(setter)


def _given(value: Any, name: str) -> Any:
    if value is None:
        raise PatternError(f"{name} still needs a value; as in {example(name)}")
    return value


def _described(setter: Setter, name: str, text: str) -> Setter:
    setter.__name__ = setter.__qualname__ = name
    setter.__doc__ = text
    return setter


@method("dim(3, .5)")
def dim(pattern: Pattern, index: int, value: Argument) -> Pattern:
    """Set one latent dimension (from 0). A number or a signal, read all the time.

    Raises PatternError for an index that is no whole number from 0.
    """
    place = number(index, "the number of a dimension", "0")
    if place.denominator != 1 or place < 0:
        raise PatternError(
            f"dim takes the number of a dimension from 0, not {received(index)}; as in .dim(3, sine)"
        )
    return nodes.Map(pattern, SetControl("dim", (int(place), _signal(value, "dim"))))


@method('attr("gain", .5)', function=False)
def attr(pattern: Pattern, name: str, *values: Any) -> Pattern:
    """Set an attribute of the exported model that plays, by its name, to a value or several.

    Numbers and signals are read all the time; a text is one of its values as it is, and a pattern
    of texts is taken at the onset of each event. Which attributes there are stands in the file:
    `latentcode info rave`. Raises PatternError for what is neither.
    """
    if not isinstance(name, str) or not name.isidentifier():
        raise wrong("attr", "the name of an attribute", name, '.attr("gain", .5)', PatternError)
    if not values:
        raise PatternError(f'attr still needs a value for {name}; as in .attr("{name}", 1)')
    given = tuple(_setting(value) for value in values)
    if len(given) == 1 and isinstance(given[0], _Words):
        named = nodes.Map(given[0].pattern, Setting(name))
        return nodes.Apply(pattern, named, "control:attr", "onset")
    texts = tuple(value.text if isinstance(value, _Words) else value for value in given)
    return nodes.Map(pattern, SetControl("attr", (name, texts)))


@dataclass(frozen=True)
class Setting:
    """A text → the attribute of that name, and this."""

    name: str

    def __call__(self, value: Any) -> tuple[str, tuple[str, ...]]:
        return self.name, (str(value),)


class _Words(NamedTuple):
    """Texts for an attribute: what was typed, and the pattern that it is."""

    text: str
    pattern: Pattern


def _setting(value: Any) -> Any:
    """A value of an attribute: a number, a signal, or texts."""
    value = plain(value)
    if isinstance(value, bool):
        return float(value)
    if not isinstance(value, (str, Pattern)):
        return _signal(value, "attr")
    pattern = reify(value, "a value for attr")
    if any(isinstance(event.value, (str, Controls)) for event in pattern.query(0, 1)):
        words = nodes.branch(reify(value, "a text for attr", names=True), hashing.number_of("attr"))
        words = nodes.Steady(words.value) if isinstance(words, nodes.Pure) else words
        return _Words(value if isinstance(value, str) else str(value), words)
    return _signal(value, "attr")


@method("walk(.5)", function=False)
def walk(pattern: Pattern, reach: Any = 0.5, pace: Any = 1, seed: int = 0, level: bool = False) -> Pattern:
    """Wander about the latents: `reach` is the deviation in each dimension,
    `pace` the new goals a cycle.

    The reach is a number or a signal, read all the time; smooth noise that is a function of seed
    and cycle. Another `seed` is another walk. `level`: whether the level wanders as well.

    Raises PatternError for what is no number.
    """
    rate = float(number(pace, "the pace of walk", "2"))
    chance: Pattern = nodes.Rand("rand")
    if seed:
        chance = nodes.Seeded(chance, int(number(seed, "the seed of walk", "3")))
    wanders = (True,) if truth(level, "level", "walk(.5, level=True)", PatternError) else ()
    return nodes.Map(pattern, SetControl("walk", (_signal(reach, "walk"), rate, chance, *wanders)))


@method('model("raw")', function=False)
def model(pattern: Pattern, value: Any) -> Pattern:
    """The model that plays each event: a name, as `.model("<house raw>")`, a file, or a model.

    Taken at the onset of each event. Raises PatternError for what names no model.
    """
    if isinstance(value, os.PathLike) or (isinstance(value, str) and not set(value).isdisjoint("./\\")):
        if "<" in os.fspath(value):
            raise PatternError(
                f"{value!r} is a pattern with the name of a file in it: load it, mine = load_model('mine.ts'), "
                "and write mine in the pattern"
            )
        return nodes.Map(pattern, SetControl("model", os.fspath(value)))
    argument = nodes.branch(reify(value, "the name of a model", names=True), hashing.number_of("model"))
    return nodes.Apply(pattern, argument, "control:model", "onset")


s_: Setter = _onset('s("flute")', "The source, by name.", function=False)
n_: Setter = _onset('n("0 3 7")', "The number: a step, a pitch or an index.", function=False)
begin: Setter = _onset("begin(.25)", "Where in the source to begin, 0 to 1.")
end: Setter = _onset("end(.5)", "Where in the source to end, 0 to 1.")
attack: Setter = _onset("attack(.01)", "The attack, in seconds.")
release: Setter = _onset("release(.2)", "The release, in seconds.")
legato: Setter = _onset("legato(2)", "The length of events, as a factor of their whole.")
velocity: Setter = _onset(
    'velocity("1 .6")', "How hard a note is struck, 0 to 1; of a voice a factor on the gain."
)
ring: Setter = _onset("ring()", "Let events sound until their source ends.", True)
formant: Setter = _onset(
    "formant()", "Keep the formants of a sound that is played at another pitch than its own.", True
)
cut: Setter = _onset("cut(1)", "The group whose events end one another.", 1)
reverse: Setter = _onset("reverse()", "Run through the frames of the source backwards.", True)
speed: Setter = _onset("speed(2)", "How fast the frames of the source go by: 1 unchanged, below 0 backwards.")
fit: Setter = _onset("fit()", "Spread the source over the event, whatever its length.", True)
freeze: Setter = _onset(
    "freeze(.5)", "Hold one frame of the source, the one at a place from 0 to 1.", 0.5, function=False
)
gain: Setter = _continuous("gain(.8)", "The gain, 1 unchanged.")
pan: Setter = _continuous("pan(.3)", "The place from left, 0, to right, 1.")
plain_: Setter = _onset("plain()", "Sound as it was recorded, past the model.", True, function=False)
noise: Setter = _continuous("noise(.5)", "How much of the latent's own variance to add, 0 none.")
scale: Setter = _continuous("scale(1.5)", "A factor on the latent.")
bias: Setter = _continuous("bias(-.2)", "An offset on the latent.")
jitter: Setter = _continuous("jitter(.1)", "The amount of random offset on the latent.")
scrub: Setter = _continuous(
    "scrub(saw)", "The place in the source, 0 to 1, instead of the time since the onset.", function=False
)
smooth: Setter = _read("smooth", "Blend between latent frames instead of taking the nearest.", 1)
