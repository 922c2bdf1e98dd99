"""What is said of the mix: effects, the set's fader, the outputs; and the last cycles of a voice,
as a path.
"""

from __future__ import annotations

from typing import Any

from latentcode.checks import cycles as checked_cycles
from latentcode.checks import is_whole, wrong
from latentcode.errors import EngineError
from latentcode.files.texts import say
from latentcode.latents.listening import LiveIn
from latentcode.latents.path import GRABBED, Path
from latentcode.parameters import PARAMETERS
from latentcode.patterns import Live, Pattern
from latentcode.prompt.remarks import strayed
from latentcode.prompt.set_api import SetApi, Words, voice_index
from latentcode.protocol.messages import Grab
from latentcode.set.commands import SET
from latentcode.set.effects import chain
from latentcode.words import prompt_word

MOST_OUTPUTS = 8
LONGEST = 64  # cycles that are grabbed
CUE_OUTPUTS = 4  # what a device must have for pre-listening


class Fixed:
    """What a musician can tell something, but give nothing:
    assignments are answered with the call that was meant.
    """

    _given: tuple[str, ...] = ()  # the public attributes that it has

    def __setattr__(self, name: str, value: Any) -> None:
        if name.startswith("_") or name in self._given:
            object.__setattr__(self, name, value)
        elif hasattr(type(self), name):
            raise EngineError(
                f"{name} is a word of {self._spoken}: type {self._spoken}.{name}({_typed(value)})"
            )
        else:
            raise AttributeError(f"{self._spoken} has no {name!r}", name=name, obj=self)

    @property
    def _spoken(self) -> str:
        """What it is called at the prompt."""
        return str(self)


def _typed(value: Any) -> str:
    return "…" if isinstance(value, Pattern) and not isinstance(value, Live) else repr(value)


class Master(Fixed):
    """The mix of all voices: `master(.8)` moves its fader, `master()` tells it,
    `master.fx(…)` sets its effects.
    """

    _spoken = "master"

    def __init__(self, stage: SetApi) -> None:
        self._stage = stage

    def __call__(self, gain: Any = None) -> float | None:
        """The fader of the whole set, 1 is unity, or what moves it;
        without an argument where it stands.
        """
        return self._stage.master(gain)

    def fx(self, *effects: Any) -> None:
        """Let the mix go through these effects, in their order; without arguments, through none."""
        set_effects(self._stage, SET, effects, "master")

    def __repr__(self) -> str:
        state = self._stage.state()
        return f"<master {state.master:g}" + (f", fx {state.fx}>" if state.fx else ">")

    def __reduce__(self) -> tuple[Any, ...]:
        raise EngineError("master is the set's mix and cannot be part of a pattern")


class Mixing(Words):
    """The words about the mix, and the one that makes a sound of what was heard."""

    @property
    @prompt_word("master(.8)")
    def master(self) -> Master:
        """The mix of all voices."""
        return Master(self._stage)

    @prompt_word("cue(d2)")
    def cue(self, *voices: Any) -> None:
        """Hear these voices on the outputs 3 and 4 alone, before they go into the mix: `cue(d2)`.

        `cue(d2, False)` or `uncue(d2)` puts them back.

        Raises EngineError for what is no voice, and for a device of fewer than four outputs.
        """
        on = not (voices and voices[-1] is False)
        self._cue([voice for voice in voices if not isinstance(voice, bool)], on, "cue")

    @prompt_word()
    def uncue(self, *voices: Any) -> None:
        """Put these voices back where they were; without arguments, all.

        Raises EngineError for what is no voice.
        """
        self._cue(list(voices) or list(range(1, 17)), False, "uncue")

    @prompt_word("grab(d1, 4)")
    def grab(self, voice: Any, cycles: Any = 1) -> Path:
        """The last cycles of a voice, before its fader and effects,
        as a path that can be played like any other; or of what came in, `grab(live_in(1), 4)`.

        What sounds in it is taken now; as many cycles as there are, of at most the last 40 seconds.

        Raises EngineError for what is no voice, and for cycles that are not above 0, up to 64.
        """
        length = checked_cycles(cycles, "grab", LONGEST, "x = grab(d1, 4)")
        name, text = self._stage.name(), str(length)
        if isinstance(voice, LiveIn):
            self._stage.ask(Grab(name, 0, text, voice.channels))
            return Path(f"grab({voice!r}, {float(length):g})", GRABBED + name)
        index = voice_index(voice, "grab")
        self._stage.ask(Grab(name, index, text))
        return Path(f"grab(d{index + 1}, {float(length):g})", GRABBED + name)

    def _cue(self, voices: list[Any], on: bool, word: str) -> None:
        if not voices:
            raise EngineError(f"{word} needs to know which voices; as in {word}(d2)")
        indices = [voice_index(voice, word) for voice in voices]
        if on:
            needed(self._stage, CUE_OUTPUTS, "cue uses the outputs 3 and 4")
        for index in indices:
            self._stage.issue("cue", index, on)


def set_effects(stage: SetApi, voice: int, effects: tuple[Any, ...], name: str) -> None:
    """Hand over the effects of a voice, or of the mix."""
    made = chain(effects, f"{name}.fx(lowpass(800), reverb(.4))")
    stage.issue("fx", voice, tuple(stage.said(effect, effect) for effect in made))
    for effect in made if stage.live else ():
        for parameter, setting in zip(PARAMETERS[effect.name], effect.settings, strict=True):
            for remark in strayed(f"{name}: {parameter.name} of {effect.name}", parameter, setting):
                say(remark)


def send_out(stage: SetApi, voice: int, first: Any, name: str) -> None:
    """Send a voice to the pair of outputs whose first, counted from 1, is `first`.

    Raises EngineError for another number, and for a device of fewer outputs.
    """
    if not is_whole(first) or first not in range(1, MOST_OUTPUTS, 2):
        raise wrong(f"{name}.out", "the first of two outputs, 1, 3, 5 or 7", first, f"{name}.out(3)")
    needed(stage, first + 1, f"{name}.out({first}) uses the outputs {first} and {first + 1}")
    stage.issue("out", voice, first // 2)


def needed(stage: SetApi, outputs: int, what: str) -> None:
    """Raise EngineError when the device is known to have fewer outputs."""
    there = stage.state().outputs
    if outputs > there:
        raise EngineError(f"{what}; the device has {there}. Start with a device that has {outputs} or more")
