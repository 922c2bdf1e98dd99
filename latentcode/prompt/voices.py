"""The voices of a set, as a musician holds them: `d1 >> pattern`, `d["bass"] >> pattern`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from latentcode.checks import is_whole, wrong
from latentcode.errors import EngineError
from latentcode.latents.morph import Morph, as_morph
from latentcode.parameters import VOICES
from latentcode.prompt.fading import standing
from latentcode.prompt.mixing import Fixed, send_out, set_effects
from latentcode.prompt.scenes import cycles_text
from latentcode.prompt.set_api import SetApi
from latentcode.prompt.toolbar import morph_spoken
from latentcode.words import typed_as


class Voice(Fixed):
    """One of sixteen stereo slots; `index` counts from 0.

    It is told one thing after another: d1.gain(.5).pan(.2).
    """

    _given = ("index",)
    _only_told = True  # a call that gives it back has told it something, and shows nothing

    def __init__(self, stage: SetApi, index: int) -> None:
        self._stage, self.index = stage, index

    def __rshift__(self, music: Any) -> None:
        """Let a pattern, a path or mini-notation take over at the next boundary (see `quant`)."""
        self._stage.play(self.index, music)

    @typed_as('d1.play(s("cello"), quant="now")')
    def play(self, music: Any, quant: Any = ..., morph: Any = None) -> Voice:
        """The same as `>>`, with a quant for this once: `d1.play("cello", quant="now")`;
        or a morph (see `morph`).
        """
        self._stage.play(self.index, music, quant, None if morph is None else as_morph(morph))
        return self

    @typed_as('d1.morph(8) >> s("cello")')
    def morph(self, over: Any, curve: Any = None, glide: bool = False) -> Morphing:
        """`d1.morph(8) >> pattern`: its onsets and gains at once,
        its latents within so many cycles.

        curve   how the old latents (0) become the new ones (1): "linear", "in", "out", "smooth", an
                array, or a signal over its first cycle
        over    may be a signal: the share itself, for as long as the pattern plays
        glide   what is heard in the old pattern moves to where it is in the new one (see `meso`)
        """
        return Morphing(self, as_morph(over, curve, glide))

    @typed_as('once(s("cello"))')
    def once(self, music: Any, quant: Any = ...) -> Voice:
        """Play one cycle of a pattern, from its cycle 0, beside what plays here, which goes on."""
        self._stage.once(self.index, music, quant)
        return self

    @typed_as("d1.stop()")
    def stop(self, over: Any = None) -> Voice:
        """Fall silent at the next boundary, or fade out from now on while playing on for `over`
        cycles.
        """
        if over is None:
            self._stage.at_boundary("stop", self.index)
        else:
            self._stage.issue(
                "stop", self.index, None, cycles_text(over, f"{self}.stop", f"{self}.stop(over=2)")
            )
        return self

    def restart(self) -> Voice:
        """Let the drones begin again from their beginning."""
        self._stage.at_boundary("restart", self.index)
        return self

    def back(self) -> Voice:
        """Play again what played before."""
        self._stage.at_boundary("back", self.index)
        return self

    def cancel(self) -> Voice:
        """Forget what is pending."""
        self._stage.issue("cancel", self.index)
        return self

    @typed_as("d1.gain(.8)")
    def gain(self, amount: Any = None) -> Any:
        """The fader; 1 is unity.

        A signal or a pattern moves it, as in `d1.gain(cc(7))`; without one: where it is.
        """
        where = self._stage.fader("gain", self.index, amount)
        return where if amount is None else self

    @typed_as("d1.pan(.3)")
    def pan(self, place: Any = None) -> Any:
        """From 0 (left) to 1 (right), or what moves it; without an argument where it is."""
        where = self._stage.fader("pan", self.index, place)
        return where if place is None else self

    def mute(self) -> Voice:
        """Play on unheard."""
        self._stage.issue("mute", self.index, True)
        return self

    def unmute(self) -> Voice:
        """Be heard again."""
        self._stage.issue("mute", self.index, False)
        return self

    def solo(self) -> Voice:
        """Be heard alone, or with others that are solo."""
        self._stage.issue("solo", self.index, True)
        return self

    def unsolo(self) -> Voice:
        """Be one of many again."""
        self._stage.issue("solo", self.index, False)
        return self

    @typed_as("d1.fx(lowpass(800), reverb(.4))")
    def fx(self, *effects: Any) -> Voice:
        """Go through these effects, in their order: `d1.fx(lowpass(800), reverb(.4))`; without any,
        through none.
        """
        set_effects(self._stage, self.index, effects, str(self))
        return self

    @typed_as("d1.out(3)")
    def out(self, first: int) -> Voice:
        """Go to the outputs `first` and the next, counted from 1: `d1.out(3)`;
        1 is the main pair.
        """
        send_out(self._stage, self.index, first, str(self))
        return self

    def __str__(self) -> str:
        return f"d{self.index + 1}"

    def __repr__(self) -> str:
        state = self._stage.voice_state(self.index)
        line = f"<{self} {(state.text or '…') if state.playing else 'silent'}"
        if state.morph:
            line = f"<{self} {morph_spoken(state.text, *state.morph)}"
        if state.pending:
            line += f" → {state.pending} at cycle {state.pending_cycle:g}"
        marks = [name for name in ("muted", "solo", "cued") if getattr(state, name)]
        led = [(name, standing(self._stage.state(), f"{self}.{name}")) for name in ("gain", "pan")]
        marks += [f"{name} {found.by}" for name, found in led if found is not None and found.by]
        marks += [f"fx {state.fx}"] if state.fx else []
        marks += [f"out {state.out}"] if state.out != 1 else []
        return line + "".join(f", {mark}" for mark in marks) + ">"

    def __reduce__(self) -> tuple[Any, ...]:
        raise EngineError(f"{self} is a voice and cannot be part of a pattern; use the pattern that it plays")


@dataclass(frozen=True, eq=False)
class Morphing:
    """What `d1.morph(8)` gives: a voice and how it morphs; waits for `>>`."""

    voice: Voice
    morph: Morph

    def __rshift__(self, music: Any) -> None:
        """Let a pattern, a path or mini-notation take over from the next boundary on,
        by degrees.
        """
        self.voice.play(music, morph=self.morph)

    def __repr__(self) -> str:
        return f"{self.voice}.{self.morph} waits for a pattern: type {self.voice}.{self.morph} >> …"


class Voices(Fixed):
    """`d`: voices by name. A new name takes the highest slot that the code has not touched yet."""

    _given = ("all",)
    _spoken = "d"

    def __init__(self, stage: SetApi) -> None:
        self._stage = stage
        self.all = tuple(Voice(stage, index) for index in range(VOICES))
        self._names: dict[str, Voice] = {}

    def __getitem__(self, name: str | int) -> Voice:
        if is_whole(name, 1, VOICES):
            return self.all[name - 1]
        if not isinstance(name, str) or not name:
            raise wrong("d[…]", f"a name or a number from 1 to {VOICES}", name, 'd["bass"]')
        if name not in self._names:
            self._names[name] = self._free(name)
        return self._names[name]

    def __setitem__(self, name: str, value: Any) -> None:
        raise EngineError(f"a voice plays what is sent to it: type d[{name!r}] >> …")

    def __delitem__(self, name: str) -> None:
        """Give a name's slot free again; what plays there stops at the next boundary."""
        voice = self._names.pop(name, None)
        if voice is None:
            raise EngineError(
                f"no voice is called {name!r}; there are {', '.join(self._names) or 'none yet'}"
            )
        if voice.index in self._stage.touched:
            voice.stop()
        self._stage.touched.discard(voice.index)

    def __iter__(self) -> Iterator[str]:
        return iter(dict(self._names))

    def __len__(self) -> int:
        return len(self._names)

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __repr__(self) -> str:
        return ", ".join(f"{name}: {voice!r}" for name, voice in self._names.items()) or "no named voices"

    def _free(self, name: str) -> Voice:
        taken = self._stage.touched | {voice.index for voice in self._names.values()}
        for voice in reversed(self.all):
            if voice.index not in taken:
                return voice
        raise EngineError(
            f"no voice is free for {name!r}; take one of {', '.join(self._names) or 'd1 to d16'}, "
            "or free one: del d[name]"
        )
