"""`learn`: the next control that a hand moves, as a signal, under a name, or for a fader."""

from __future__ import annotations

import inspect
from typing import Any

from latentcode.checks import choice, number, whole, wrong
from latentcode.errors import ControlError
from latentcode.files.texts import say
from latentcode.inputs.encoders import ENCODINGS, STEP
from latentcode.inputs.keys import Key, as_heard, spoken
from latentcode.inputs.mapping import STEEPEST, STRAIGHT, Binding
from latentcode.inputs.takeover import RULES
from latentcode.latents.trajectory import Trajectory
from latentcode.parameters import PARAMETERS
from latentcode.patterns import Pattern
from latentcode.patterns.nodes import Live
from latentcode.prompt.controllers.actions import done
from latentcode.prompt.controllers.assignments import place_of
from latentcode.prompt.controllers.hearing import PATIENCE, heard
from latentcode.prompt.controllers.mapping import (
    EXAMPLE,
    RANGES,
    Mapping,
    Targets,
    conflicts,
    moving,
    range_of,
    signal,
)
from latentcode.prompt.error_hints import example
from latentcode.prompt.mixing import Master
from latentcode.prompt.scenes import SceneKept
from latentcode.prompt.set_api import SetApi, Told, Words
from latentcode.prompt.voices import Voice
from latentcode.set.commands import SET
from latentcode.words import prompt_word

MUTED = ("mute", "unmute")
BY_THEMSELVES = {"unsolo", "stop", "restart", "back", "cancel", "hush", "panic", "undo", "redo"}  # at a press
DONE = BY_THEMSELVES | {"solo", "play", "once", "go", "scene", "start", "resume", *MUTED}
"""Words that are done, where others are moved."""


class Learning(Words):
    """The words that bind what hands move."""

    def __init__(self, stage: SetApi) -> None:
        super().__init__(stage)
        self._targets = Targets(stage)
        self._learnt: set[str] = set()  # names that the engine may not have been told yet

    @prompt_word("learn(d1.gain)")
    def learn(
        self,
        target: Any = None,
        low: Any = None,
        high: Any = None,
        curve: float = STRAIGHT,
        seconds: float = PATIENCE,
    ) -> Pattern:
        """The next control that a hand moves: a knob that is turned some way, or a pad that is hit.

        learn()                      its signal, to be used as cc(…) is
        learn(d1.gain, 0, .8)        … and moves d1's fader; also d1.pan, master, bpm
        learn("brightness", 200, 4000, curve=4)   … is bound to live("brightness"), with a range
        learn(d1)                    a pad that mutes d1; also d1.solo, hush, scene("drop")

        curve     how the values, 0 to 1, are bent before they get their range, as `curve` does it
        seconds   how long it waits; then, and with Ctrl-C, nothing is learnt
        Raises ControlError.

        Raises EngineError for a curve or seconds beyond their range.
        """
        target = _muted(target)
        if pressable(target):
            return self._pressed(target, number(seconds, "seconds", 0.1, 600, "learn(seconds=15)"))
        name = self._meant(target)
        if low is not None and high is None and (name or "").rpartition(".")[2] not in RANGES:
            what = f"{name!r}, " if name else "None, " if target is None else "…, "
            raise ControlError(f"a range has two ends, and {low!r} is one; as in learn({what}0, {low!r})")
        ends = range_of(name or "", low, high)
        bend = number(curve, "curve", -STEEPEST, STEEPEST, "learn(d1.gain, curve=4)")
        to, encoding = self._heard(number(seconds, "seconds", 0.1, 600, "learn(seconds=15)"))
        bound = Binding(to, *ends, bend)
        if encoding:
            self._endless(name, bound, encoding)
        if name is None:
            return self._given(target, bound)
        self._tell(name, bound)
        self.bind(name, bound)
        return signal(bound) if self._targets.name(name) else Live(f"live:{name}")

    @prompt_word("unlearn(d1.gain)")
    def unlearn(self, target: Any) -> None:
        """Let a name or a fader be moved no more by its control; it stays where it is.

        Raises ControlError for a name for which nothing was learnt.
        """
        name = self._meant(target)
        if name is None:
            raise wrong("unlearn", "a name or a fader", target, 'unlearn("brightness")', ControlError)
        self._must_be_learnt(name)
        fader = self._targets.all().get(name)
        if fader is None:
            self._stage.issue("unbind", SET, name)
            return
        stands = self._stage.asked("fader", name)
        if stands is None:
            raise ControlError(f"nobody knows where {name} stands; move it yourself, as in {name}(.8)")
        fader(stands)

    @prompt_word('takeover("scale")')
    def takeover(self, rule: str | None = None) -> str | None:
        """How a hand takes over a value that was brought back by `go` or `mapping`.

        "pickup": the value holds until the hand has passed it. "scale": the way that is left to the
        hand is stretched over the way of the value. "jump": at once. Without an argument the rule
        that holds.

        Raises ControlError for another rule.
        """
        if rule is None:
            return dict(self._stage.question("controls") or {}).get("takeover")
        choice(rule, "takeover", RULES, 'takeover("scale")', ControlError)
        self._stage.issue("takeover", SET, rule)
        return None

    @prompt_word('encoders(16, 17, encoding="twos")')
    def encoders(
        self,
        *controls: int,
        encoding: str | None = "auto",
        step: float = STEP,
        ch: int | None = None,
        port: str | None = None,
    ) -> Told | None:
        """Control changes that are endless encoders: encoders(16, 17); without any, which are.

        encoding   "twos" (127 is a step down), "sign" (65 is, as Mackie's), "offset" (63 is);
                   "auto" reads the first two; None: they are knobs again. `learn` finds it out
        step       how far a step goes, as a part of the whole way
        ch, port   the channel, 1 to 16, and a part of the port's name; else all

        `cc(16)` is then where it has been turned to, from 0. Raises ControlError, and EngineError
        for a step beyond 0.0001 to 1.
        """
        if not controls:
            known = dict(self._stage.question("controls") or {}).get("encoders", {})
            lines = [f"{spoken(to)}: {how}, step {step:g}" for to, (how, step) in known.items()]
            return Told("\n".join(lines) or "no encoders; as in encoders(16, 17)")
        if encoding is not None:
            choice(encoding, "encoding", ENCODINGS, 'encoders(16, encoding="twos")', ControlError)
        far = number(step, "step", 0.0001, 1, "encoders(16, step=.02)")
        where = place_of(port, ch, "encoders")
        for control in controls:
            which = whole(
                control, "encoders", 0, 127, "encoders(16, 17)", ControlError, "numbers of control changes"
            )
            self._stage.issue("encoder", SET, str(Key("cc", str(which), *where)), encoding, far)
        return None

    @property
    @prompt_word()
    def mapping(self) -> Mapping:
        """What hands are bound to, from and to a file."""
        return Mapping(self._stage, self._targets, self.bind)

    def bind(self, name: str, bound: Binding) -> None:
        """Bind a name, or a fader by its name."""
        self._learnt.add(name)
        fader = self._targets.all().get(name)
        if fader is not None:
            fader(signal(bound))
        self._stage.issue("bind", SET, name, bound.to, bound.low, bound.high, bound.curve)

    def _must_be_learnt(self, name: str) -> None:
        told = dict(self._stage.question("controls") or {}) if self._stage.live else {}
        bound = told.get("bound", {})
        known = {*bound, *told.get("led", {}), *self._learnt}
        self._learnt.discard(name)
        if not told or name in known:
            return
        found = ", ".join(f"{one} ({spoken(to)})" for one, (to, *_) in bound.items())
        raise ControlError(
            f"nothing was learnt for {name}; "
            + (f"what is learnt: {found}" if found else 'nothing is learnt yet, as in learn("brightness")')
        )

    def _meant(self, target: Any) -> str | None:
        """What is to be bound by name; None: nothing, or a function of the musician's."""
        name = self._targets.name(target)
        if name is not None or target is None:
            return name
        if isinstance(target, str):
            return self._targets.own_name(target)
        if callable(target):
            self._takes_a_signal(target)
            return None
        raise ControlError(f"a control moves a fader, a name or a function, not {target!r}; {EXAMPLE}")

    def _takes_a_signal(self, target: Any) -> None:
        """Raise ControlError for what could not be given one, before a hand is waited for."""
        name, owner = _called(target), getattr(target, "__self__", target)
        own = str(getattr(type(owner), "__module__", "")).startswith("latentcode.") or self._targets.is_word(
            target
        )
        if own and (not _bindable(target) or name.rpartition(".")[2] in DONE):
            pad = f"pads({{36: {_on_a_pad(target)}}})"
            raise ControlError(
                f"{name} is nothing that could be moved, it is done; a pad does it: {pad}. "
                f"learn moves a fader, {EXAMPLE}"
            )
        if name in PARAMETERS:
            raise ControlError(
                f"{name} is an effect, and a control moves one that is heard; "
                f"as in learn(lambda x: d1.fx({name}(x.{_over(name)})))"
            )
        if self._targets.is_word(target) or isinstance(owner, Voice | Master):
            raise ControlError(f"{name} is not moved by a control; learn moves a fader, {EXAMPLE}")
        if not _bindable(target):
            raise ControlError(
                f"{name} takes no value, and learn gives it the signal; as in learn(lambda x: …)"
            )

    def _given(self, target: Any, bound: Binding) -> Pattern:
        """The signal, which a function of the musician's gets as well."""
        made = Live(bound.to) if bound == Binding(bound.to) and target is None else signal(bound)
        if target is not None:
            target(made)
        return made

    def _pressed(self, target: Any, seconds: float) -> Pattern:
        """The next pad that is hit, or button that is pressed, does what it is given."""
        to, _ = self._heard(seconds, pressed=True)
        self._stage.own["pads"]({to: target})
        if self._stage.live:
            say(f"{spoken(to)} → {done(target)}")
        return Live(to)

    def _endless(self, name: str | None, bound: Binding, encoding: str) -> None:
        """The control is an endless encoder, which goes on from where its fader stands."""
        self._stage.issue("encoder", SET, bound.to, encoding, STEP)
        stands = None if name is None else self._stage.asked("fader", name)
        if stands is not None:
            self._stage.issue("recall", SET, ((as_heard(bound.to), bound.stands(stands)),))
        if self._stage.live:
            say(f"{spoken(bound.to)} is an endless encoder: a hundred steps are its whole way")

    def _heard(self, seconds: float, pressed: bool = False) -> tuple[str, str | None]:
        """The control that was moved, or pressed, and the encoding of one that is endless."""
        what = "press a pad or a button" if pressed else "move a control"
        found = heard(self._stage, seconds, what, pressed)
        if found is None:
            raise ControlError(
                f"no control was moved within {seconds:g} s, nothing was learnt; midi() shows what is heard"
            )
        return found

    def _tell(self, name: str, bound: Binding) -> None:
        if not self._stage.live:
            return
        say(f"{spoken(bound.to)} → {name}, {bound.low:g} to {bound.high:g}")
        for line in conflicts(name, bound, moving(self._stage)):
            say(line)


def pressable(target: Any) -> bool:
    """Whether something is done at a press, and not moved."""
    if isinstance(target, (Voice, SceneKept)):
        return True
    if isinstance(target, (Pattern, Trajectory)):
        return not target.live_inputs if isinstance(target, Pattern) else True
    ours = str(getattr(target, "__module__", "")).startswith("latentcode.")
    own = {"solo"} if isinstance(getattr(target, "__self__", None), Voice) else set()
    return ours and getattr(target, "__name__", "") in BY_THEMSELVES | own


def _muted(target: Any) -> Any:
    """The voice itself for d1.mute and d1.unmute: one pad mutes it, and lets it be heard again."""
    voice = getattr(target, "__self__", None)
    return voice if isinstance(voice, Voice) and getattr(target, "__name__", "") in MUTED else target


def _called(target: Any) -> str:
    """How a function is typed: d1.mute, hush."""
    name = str(getattr(target, "__name__", type(target).__name__)).replace("<lambda>", "this function")
    owner = getattr(target, "__self__", None)
    return f"{owner}.{name}" if type(owner).__name__ in ("Voice", "MidiOut", "OscOut") else name


def _on_a_pad(target: Any) -> str:
    """What a pad is given to do it."""
    name, voice = _called(target), getattr(target, "__self__", None)
    word = name.rpartition(".")[2]
    if word in MUTED:  # a voice: muted, and heard again
        return str(voice) if isinstance(voice, Voice) else "d1"
    if word == name == "solo":
        return "d1.solo"
    typed = example(word) or f"{word}(…)"
    if isinstance(voice, Voice):
        typed = f"{voice}.{typed.removeprefix('d1.')}"
    return name if _callable_alone(target) else f"lambda: {typed}"


def _over(effect: str) -> str:
    """How a control is brought to the range of an effect's first setting."""
    first = PARAMETERS[effect][0]
    return f"{'exprange' if first.unit == 'Hz' else 'range'}({first.low:g}, {first.high:g})"


def _callable_alone(target: Any) -> bool:
    try:
        inspect.signature(target).bind()
    except (TypeError, ValueError):
        return False
    return True


def _bindable(target: Any) -> bool:
    """Whether something can be called with one value."""
    try:
        inspect.signature(target).bind(None)
    except TypeError:
        return False
    except ValueError:  # nobody knows what it takes
        return True
    return True
