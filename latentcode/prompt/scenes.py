"""Words about the set in time: tempo and swing, scenes, going back, one cycle of something,
silence.
"""

from __future__ import annotations

import difflib
import shlex
from fractions import Fraction
from typing import Any

import numpy as np

from latentcode.checks import as_float, as_fraction, moreover, received, text, whole, wrong
from latentcode.checks import cycles as checked_cycles
from latentcode.errors import EngineError, LatentcodeError
from latentcode.patterns import Pattern, compile_pattern
from latentcode.patterns.arguments import reify
from latentcode.prompt.set_api import SetApi, Told, Words
from latentcode.set.commands import SET
from latentcode.words import prompt_word

SLOWEST_BPM, FASTEST_BPM = 1, 2000
LONGEST = 4096  # cycles of a ramp, a fade or a morph
FINEST = 960  # of what a swing's amount is made
TRIED = np.arange(0, 64, 1 / 16)  # cycles at which a tempo pattern is tried


class SceneKept:
    """A scene that a line has named; `before` is what was known by that name in `kept`."""

    def __init__(
        self, name: str, before: dict[int, Pattern] | None, kept: dict[str, dict[int, Pattern]]
    ) -> None:
        self.name, self._before, self._known = name, before, kept

    @property
    def new(self) -> bool:
        """Whether nothing was known by its name."""
        return self._before is None

    def only_meant(self) -> None:
        """It was named to go there: it stays what it was."""
        if self._before is not None:
            self._known[self.name] = self._before

    def __repr__(self) -> str:
        return f"scene {self.name!r}"


class Scenes(Words):
    """The words of one set; they make commands, like those of `SetApi`."""

    def __init__(self, stage: SetApi) -> None:
        super().__init__(stage)
        self._kept: dict[str, dict[int, Pattern]] = {}  # for each scene what the voices were told to play

    @prompt_word("bpm(120)")
    def bpm(self, tempo: Any = None, over: Any = None) -> float | None:
        """The tempo in beats per minute, four to the cycle; without an argument the present one.

        `over`: reach it within so many cycles. A pattern (`bpm("<120 140>")`,
        `bpm(sine.slow(8).range(100, 140))`) is the tempo in its own cycles.

        Raises EngineError for tempos beyond 1 to 2000, and for a length that is none.
        """
        if tempo is None:
            return self._stage.state().bpm
        text = number_text(tempo)
        if text is None:
            self._stage.issue("tempo", SET, self._stage.said(tempo_pattern(tempo, over), tempo))
        elif over is None:
            self._stage.issue("tempo", SET, text)
        else:
            self._stage.issue("tempo", SET, text, cycles_text(over, "bpm(…, over)", "bpm(140, over=8)"))
        return None

    @prompt_word("swing(1/3)", ended="swing(0)")
    def swing(self, amount: Any = None, steps: int = 4) -> float | None:
        """Let the second half of each of `steps` parts of a cycle come later by `amount` (0 to 1)
        of that half.

        `swing(1/3)` delays the off-beat eighths, `swing(0)` ends it, without an argument it tells
        the amount.

        Raises EngineError for an amount or for steps (1 to 64) beyond their range.
        """
        if amount is None:
            return self._stage.state().swing
        if not 0 <= as_float(amount) < 1:
            raise wrong("swing", "an amount from 0 to 1", amount, "swing(1/3)")
        steps = whole(steps, "swing", 1, 64, "swing(1/3, steps=8)", of="a number of steps")
        text = str(Fraction(amount).limit_denominator(FINEST))
        self._stage.issue("swing", SET, text, steps, self._stage.quant_of(...))
        return None

    @prompt_word('once(s("cello"))')
    def once(self, music: Any, quant: Any = ...) -> None:
        """Play one cycle of a pattern, from its cycle 0, at the next boundary,
        on a voice that is free.
        """
        self._stage.once(SET, music, quant)

    @prompt_word('scene("verse")')
    def scene(self, name: str) -> SceneKept:
        """Keep the set as it is: what plays, faders, effects, tempo and swing;
        `go(name)` comes back to it.

        Given to a pad, `pads({36: scene("drop")})`, it is the scene to go to, kept only if there is
        none.

        Raises EngineError for what is no text.
        """
        text(name, "scene", "a name", 'scene("verse")')
        before = self._kept.get(name)
        self._kept[name] = dict(self._stage.asked_last)
        self._stage.issue("scene", SET, name)
        return SceneKept(name, before, self._kept)

    @prompt_word()
    def scenes(self) -> list[str]:
        """The names of the scenes."""
        return sorted({*self._kept, *self._stage.state().scenes})

    @prompt_word('bookmark("bridge")')
    def bookmark(self, name: str, quant: Any = ...) -> Told:
        """Name the place where the set stands, at the next boundary: `latentcode open SESSION
        --from bridge` goes on from there, and `play` and `render` begin there.

        Raises EngineError for what is no text, or would be taken for a number.
        """
        text(name, "bookmark", "a name", 'bookmark("bridge")')
        if as_fraction(name.strip().removesuffix("s")) is not None or not name.strip():
            raise wrong("bookmark", "a name that is no number", name, 'bookmark("bridge")')
        self._stage.issue("bookmark", SET, name, wait := self._stage.quant_of(quant))
        where = "here" if wait is None else "where the set comes to the next boundary"
        return Told(f"⚑ {name} is {where}; latentcode open SESSION --from {shlex.quote(name)} begins there")

    @prompt_word('go("verse")')
    def go(self, name: str, quant: Any = ..., morph: Any = None) -> None:
        """Come back to a scene at the next boundary; `morph`:
        each voice becomes it within so many cycles.

        Raises EngineError for a scene that there is not, with the nearest name.
        """
        known = self.scenes()
        if name not in known:
            near = difflib.get_close_matches(str(name), known, 1)
            there = f"there are {', '.join(known)}" if known else 'scene("verse") keeps the set as it is'
            hint = f"did you mean {near[0]!r}?" if near else there
            raise EngineError(f"there is no scene {name!r}; {hint}")
        more = () if morph is None else (cycles_text(morph, "go(…, morph)", 'go("verse", morph=4)'),)
        self._stage.asked_last.update(self._kept.get(name, {}))
        self._stage.issue("go", SET, name, self._stage.quant_of(quant), *more)

    @prompt_word()
    def back(self, quant: Any = ...) -> None:
        """Undo the last go, hush or panic; when there was none,
        all voices play what they played before.
        """
        self._stage.issue("back", SET, self._stage.quant_of(quant))

    @prompt_word()
    def undo(self, steps: int = 1, quant: Any = ...) -> None:
        """Take back what the last line changed, or the last `steps` of them.

        Raises EngineError for steps beyond 1 to 64.
        """
        steps = whole(steps, "undo", 1, 64, "undo(2)", of="a number of steps")
        self._stage.issue("undo", SET, steps, self._stage.quant_of(quant))

    @prompt_word()
    def redo(self, quant: Any = ...) -> None:
        """Do again what undo took back."""
        self._stage.issue("redo", SET, self._stage.quant_of(quant))

    @prompt_word()
    def cancel(self) -> None:
        """Forget all that is pending."""
        self._stage.issue("cancel")

    @prompt_word("hush()")
    def hush(self, over: Any = None) -> None:
        """Let all voices fade out: at once, or while they play on for `over` cycles.

        Raises EngineError for cycles that are not above 0, up to 4096.
        """
        more = () if over is None else (cycles_text(over, "hush", "hush(over=2)"),)
        self._stage.issue("hush", SET, *more)

    @prompt_word("panic()")
    def panic(self) -> None:
        """Silence at once."""
        self._stage.issue("panic")


def number_text(tempo: Any) -> str | None:
    """The decimal text of a tempo, which stands for exactly that fraction;
    None for what may be a pattern.
    """
    if isinstance(tempo, Pattern):
        return None
    exact = as_fraction(tempo)
    if exact is None and isinstance(tempo, str):
        return None
    if exact is None or not SLOWEST_BPM <= exact <= FASTEST_BPM:
        raise _no_tempo(received(tempo))
    return str(tempo)


def bpm_text(tempo: Any) -> str:
    """The decimal text of a tempo. Raises EngineError for what is none."""
    text = number_text(tempo)
    if text is None:
        raise _no_tempo(received(tempo))
    return text


def tempo_pattern(tempo: Any, over: Any) -> Pattern:
    """A pattern of tempos that has been tried.

    Raises EngineError for one that gives something else.
    """
    if over is not None:
        raise EngineError("a tempo pattern has no end to be reached: bpm(140, over=8), or bpm('<120 140>')")
    try:
        pattern = reify(tempo)
        found = compile_pattern(pattern).sample(TRIED)
    except LatentcodeError as error:
        raise _no_tempo(received(tempo), moreover(tempo, error)) from error
    wrong = ~((found >= SLOWEST_BPM) & (found <= FASTEST_BPM))
    if wrong.any():
        first = int(np.argmax(wrong))
        raise _no_tempo(f"{found[first]:g} at cycle {TRIED[first]:g} of {tempo!r}")
    return pattern


def _no_tempo(given: str, more: str = "") -> EngineError:
    return EngineError(
        f"bpm takes beats per minute from {SLOWEST_BPM} to {FASTEST_BPM}, not {given}; as in bpm(120), "
        f'bpm(140, over=8) or bpm("<120 140>"){more}'
    )


def cycles_text(cycles: Any, what: str, example: str) -> str:
    """A number of cycles above 0 as commands carry it. Raises EngineError for anything else."""
    return str(checked_cycles(cycles, what, LONGEST, example))
