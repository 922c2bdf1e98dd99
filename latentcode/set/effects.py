"""The words for effects: `d1.fx(lowpass(800), reverb(.4))`.

Each is a value; where it sounds is the player's affair.

What can be set in each, in which unit and range, is in `parameters.PARAMETERS`.
"""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from latentcode.checks import as_float, moreover, plain
from latentcode.errors import EngineError, LatentcodeError
from latentcode.parameters import MOST_EFFECTS, PARAMETERS, Parameter
from latentcode.patterns import Pattern, compile_pattern, mini, nodes
from latentcode.patterns.tree import Tree, mapped
from latentcode.words import public

Setting = float | str | Pattern
"""A number, mini-notation, or a pattern or signal that is read while it sounds."""
_TRIAL = np.arange(0.0, 4.0, 1 / 16)  # cycles at which a pattern is tried
MOSTLY = 0.5  # a share of the time
_PLACES = (0.25, 0.5, 1.0, 0.0, -1.0)  # where hands are taken to stand


@dataclass(frozen=True)
class Effect:
    """One effect: a key of `PARAMETERS` and a setting for each of its parameters,
    in their order.
    """

    name: str
    settings: tuple[Setting, ...]

    def __repr__(self) -> str:
        """As a musician would type it, without what is at its default."""
        pairs = list(zip(PARAMETERS[self.name], self.settings, strict=True))
        changed = [not isinstance(v, float) or v != each.default for each, v in pairs]
        in_order = changed.index(False) if False in changed else len(changed)
        words = [
            _spoken(value) if place < in_order else f"{each.name}={_spoken(value)}"
            for place, (each, value) in enumerate(pairs)
            if changed[place]
        ]
        return f"{self.name}({', '.join(words)})"


Chain = tuple[Effect, ...]


def chain(effects: tuple[Any, ...], example: str = "d1.fx(lowpass(800))") -> Chain:
    """Effects as they follow each other. Raises EngineError for what is none, and for too many."""
    for each in effects:
        if not isinstance(each, Effect):
            raise EngineError(_no_effect(each, example))
    if len(effects) > MOST_EFFECTS:
        raise EngineError(f"fx takes up to {MOST_EFFECTS} effects, not {len(effects)}; as in {example}")
    return effects


def reader(setting: Pattern | str) -> Callable[[np.ndarray[Any, Any]], Any]:
    """The compiled values of a setting, by cycles (N,) → (N,)."""
    return compile_pattern(mini(setting) if isinstance(setting, str) else setting).sample


def _no_effect(value: Any, example: str) -> str:
    if isinstance(value, str) and value in PARAMETERS:
        return f"fx takes effects, not the text {value!r}; type {value}() without quotes, as in {example}"
    if callable(value) and getattr(value, "__name__", "") in PARAMETERS:
        return f"fx takes effects: {value.__name__} must be called; type {value.__name__}(), as in {example}"
    return f"fx takes effects ({', '.join(PARAMETERS)}), not {value!r}; as in {example}"


def _setting(name: str, parameter: Parameter, value: Any) -> Setting:
    value = plain(value)
    if isinstance(value, (str, Pattern)):
        return _tried(name, parameter, value)
    number = as_float(value)
    if not parameter.low <= number <= parameter.high:
        raise EngineError(_out_of_range(name, parameter, value))
    return number


def _tried(name: str, parameter: Parameter, value: str | Pattern) -> str | Pattern:
    """A setting that was read over some cycles.

    What strays is clamped when it sounds; nothing may be all wrong.
    """
    try:
        good = fits(value, parameter)
    except LatentcodeError as error:
        raise EngineError(_out_of_range(name, parameter, value) + moreover(value, error)) from error
    if not good:
        raise EngineError(_out_of_range(name, parameter, value) + _brought_there(parameter, value))
    return value


def _brought_there(parameter: Parameter, value: str | Pattern) -> str:
    """What to add where a signal stays between 0 and 1, as most do, and hands,
    and the setting lies beyond.
    """
    if isinstance(value, str):
        return ""
    read = np.asarray(reader(value)(_TRIAL))
    if not ((read >= 0) & (read <= 1)).all():
        return ""
    word = "exprange" if parameter.unit == "Hz" and parameter.low > 0 else "range"
    return f"; it stays between 0 and 1: add .{word}({parameter.low:g}, {parameter.high:g})"


def fits(value: str | Pattern, parameter: Parameter) -> bool:
    """Whether a setting, read over some cycles, is in its range somewhere, and a number everywhere.

    Live inputs stand at their default, and then all of them at some places of their range. Raises
    LatentcodeError for what is no pattern of numbers.
    """
    read = [np.asarray(reader(one)(_TRIAL)) for one in _with_hands(value)]
    if not np.isfinite(read[0]).all():
        return False
    return any(bool(((one >= parameter.low) & (one <= parameter.high)).any()) for one in read)


def mostly_beyond(value: Setting, parameter: Parameter) -> float | None:
    """The farthest that a setting goes which is beyond its range most of the time, and is held
    there; None for others, and for what hands move.
    """
    if isinstance(value, (int, float)) or (isinstance(value, Pattern) and value.live_inputs):
        return None
    read = np.asarray(reader(value)(_TRIAL))
    beyond = np.maximum(parameter.low - read, read - parameter.high)
    return float(read[beyond.argmax()]) if np.mean(beyond > 0) > MOSTLY else None


def _with_hands(value: str | Pattern) -> list[str | Pattern]:
    """A setting, and what it would be if hands stood elsewhere."""
    if isinstance(value, str) or not value.live_inputs:
        return [value]
    return [value, *(mapped(value, partial(_at, place)) for place in _PLACES)]


def _at(place: float, node: Tree) -> Tree:
    return replace(node, default=place) if isinstance(node, nodes.Live) else node


def _out_of_range(name: str, parameter: Parameter, value: Any) -> str:
    to = f"{parameter.high:g} {parameter.unit}".strip()
    low = (
        f"1/{1 / parameter.low:g}"
        if 0 < parameter.low < 0.01 and parameter.in_cycles
        else f"{parameter.low:g}"
    )
    return (
        f"{name}: {parameter.name} takes numbers from {low} to {to}, "
        f"a signal or a pattern of them, not {value!r}; "
        f"as in {name}({parameter.name}={_spoken(parameter.default)})"
    )


def _spoken(value: Setting) -> str:
    if isinstance(value, (int, float)):
        text = f"{value:g}"
        return text.replace("0.", ".", 1) if text.lstrip("-").startswith("0.") else text
    return repr(value)


def _word(name: str, text: str) -> Callable[..., Effect]:
    parameters = PARAMETERS[name]
    signature = inspect.Signature(
        [
            inspect.Parameter(each.name, inspect.Parameter.POSITIONAL_OR_KEYWORD, default=each.default)
            for each in parameters
        ]
    )

    def effect(*arguments: Any, **named: Any) -> Effect:
        try:
            bound = signature.bind(*arguments, **named)
        except TypeError:
            raise EngineError(_wrong_arguments(name, arguments, named)) from None
        bound.apply_defaults()
        settings = zip(parameters, bound.args, strict=True)
        return Effect(name, tuple(_setting(name, parameter, value) for parameter, value in settings))

    units = "; ".join(f"{p.name}: {p.low:g} to {p.high:g} {p.unit}".strip() for p in parameters)
    effect.__name__ = effect.__qualname__ = name
    effect.__doc__ = f"{text}\n\n{units}. Each may be a number, a signal or a pattern."
    effect.__signature__ = signature  # type: ignore[attr-defined]
    return public(effect)


def _wrong_arguments(name: str, arguments: tuple[Any, ...], named: dict[str, Any]) -> str:
    known = [each.name for each in PARAMETERS[name]]
    unknown = [word for word in named if word not in known]
    twice = [word for word in known[: len(arguments)] if word in named]
    if unknown:
        near = difflib.get_close_matches(unknown[0], known, 1)
        fault = f"has no {unknown[0]}=" + (f"; did you mean {near[0]!r}?" if near else "")
    elif twice:
        fault = f"was given {' and '.join(twice)} twice"
    else:
        fault = f"takes at most {len(known)} settings, not {len(arguments)}"
    return f"{name} {fault}; type {name}({', '.join(known)})"


lowpass = _word("lowpass", "Take away what lies above the cutoff, 12 dB an octave.")
highpass = _word("highpass", "Take away what lies below the cutoff, 12 dB an octave.")
bandpass = _word("bandpass", "Keep what lies around the cutoff; resonance makes the band narrow.")
notch = _word("notch", "Take away what lies around the cutoff; resonance makes the band narrow.")
delay = _word("delay", "Echoes, `time` cycles apart at the tempo of the moment.")
reverb = _word("reverb", "A room: `mix` of it beside the sound, its size, and how dull it is.")
distortion = _word("distortion", "Drive the sound into saturation; tone 0 is dark, 1 is bright.")
crush = _word("crush", "Fewer bits, and with `rate` below 1 that share of the sampling rate.")
chorus = _word("chorus", "Eight voices, slowly out of tune, beside the sound.")
phaser = _word("phaser", "Notches that sweep up and down, `rate` times a second.")
compressor = _word("compressor", "Turn down what is above the threshold; both sides alike.")
shift = _word("shift", "Move all frequencies by so many Hz: what was in tune no longer is.")
gain_db = _word("gain_db", "Louder or softer, in decibels.")
