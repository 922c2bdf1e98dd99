"""What hands are bound to, and which of their values hold: pure in stamped inputs and commands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from latentcode.inputs.history import Input, Inputs
from latentcode.inputs.keys import UNPORTED, Key, key
from latentcode.inputs.mapping import Binding
from latentcode.inputs.takeover import Takeover, stands
from latentcode.set.commands import Command

Say = Callable[[str], None]


@dataclass(frozen=True)
class Hold:
    """What hands are bound to, and where their controls stand. `turn`: which recall was the last before it."""

    bound: tuple[tuple[str, Binding], ...] = ()
    rule: str = "pickup"
    values: tuple[tuple[str, float], ...] = ()
    turn: int = 0


class Bindings:
    """Names that are bound to controls, faders that are (d1.gain), and soft takeover.

    `say` is told where a binding means more than one device.
    """

    def __init__(self, inputs: Callable[[], Inputs], say: Say = lambda text: None) -> None:
        self.takeover = Takeover()
        self.bound: dict[str, Binding] = {}
        self.say, self._inputs = say, inputs
        self._seen: dict[str, Key] = {}
        self._turn = self._turns = 0

    def taken(self, given: Input) -> Input | None:
        """An input as it counts; None while another value holds."""
        if given.key not in self._seen:
            self._first(given.key)
        return self.takeover.put(given)

    def apply(self, command: Command, sample: int) -> None:
        """Do what a command of KINDS says."""
        KINDS[command.kind](self, sample, *command.arguments)

    def moved(self, command: Command) -> None:
        """Forget what a fader was bound to when it is told something else."""
        if command.kind in FADERS:
            self.bound.pop(FADERS[command.kind].format(command.voice + 1), None)

    def bind(self, sample: int, name: str, to: str, low: float, high: float, curve: float) -> None:
        """Bind a name, or remember what a fader is bound to."""
        bound = Binding(to, low, high, curve)
        if self.bound.get(name) == bound:
            return
        self.bound[name] = bound
        if named(name):
            self._inputs().bind(f"live:{name}", to, sample, bound.shaped)
        self._compare(name, bound)

    def unbind(self, sample: int, name: str) -> None:
        """Let a name stay where it is."""
        if self.bound.pop(name, None) is not None and named(name):
            self._inputs().bind(f"live:{name}", None, sample)

    def recall(self, sample: int, values: tuple[tuple[str, float], ...]) -> None:
        """Let controls have these values until their hands have come to them."""
        inputs = self._inputs()
        latest = inputs.latest()
        for given in self.takeover.recall(dict(values), latest):
            if latest.get(given.key) != given.value:
                inputs.put(given, sample)
        self._turns += 1
        self._turn = self._turns

    def rule(self, sample: int, rule: str) -> None:
        """How hands take over."""
        self.takeover.change(rule)

    def lose(self) -> None:
        """Nobody has seen the hands for a while."""
        self.takeover.lose(self._inputs().latest())

    # scenes

    @property
    def turn(self) -> int:
        """Which recall was the last."""
        return self._turn

    def stand(self) -> Hold:
        """All of it, to come back to."""
        latest = self._inputs().latest()
        values = tuple((name, value) for name, value in latest.items() if stands(name))
        return Hold(tuple(self.bound.items()), self.takeover.mode, values, self._turn)

    def again(self, hold: Hold) -> Hold:
        """A hold whose values are to come back even when nothing was recalled since."""
        self._turns += bool(hold.values)
        return replace(hold, turn=self._turns) if hold.values else hold

    def restore(self, hold: Hold, sample: int) -> None:
        """Bind as it was then. Values come back where another recall has been since; else hands stay as they are."""
        self.takeover.change(hold.rule)
        bound = dict(hold.bound)
        for name in [name for name in self.bound if name not in bound]:
            self.unbind(sample, name)
        for name, then in bound.items():
            self.bind(sample, name, then.to, then.low, then.high, then.curve)
        if hold.turn != self._turn:
            turns = self._turns
            self.recall(sample, hold.values)
            self._turn, self._turns = hold.turn, turns

    def but(self, hold: Hold, command: Command, turn: int) -> Hold:
        """A hold, but for what a command has said meanwhile; `turn` was before it. Hands that were to stay do so."""
        kind, bound = command.kind, dict(hold.bound)
        for name in _names(command):
            bound.pop(name, None)
            bound |= {name: self.bound[name]} if name in self.bound else {}
        hold = replace(hold, bound=tuple(bound.items()))
        if kind == "takeover":
            return replace(hold, rule=self.takeover.mode)
        if kind == "recall":
            values = {**dict(hold.values), **dict(command.arguments[0])}
            turn = self._turn if hold.turn == turn else hold.turn
            return replace(hold, values=tuple(values.items()), turn=turn)
        return hold

    # what is ambiguous

    def _first(self, name: str) -> None:
        self._seen[name] = key(name)
        for what, bound in self.bound.items():
            if key(bound.to).matches(self._seen[name]):
                self._compare(what, bound)

    def _compare(self, what: str, bound: Binding) -> None:
        """Tell of a binding that means several devices."""
        meant = key(bound.to)
        ports = sorted({seen.port for seen in self._seen.values() if meant.matches(seen)})
        if meant.kind not in UNPORTED and len(ports) > 1:
            self.say(
                f"{what} hears {spoken(meant)} of {' and '.join(ports)}; learn({what!r}) picks one of them"
            )


def _names(command: Command) -> tuple[str, ...]:
    """What a command binds, or binds no longer."""
    if command.kind in FADERS:
        return (FADERS[command.kind].format(command.voice + 1),)
    return command.arguments[:1] if command.kind in ("bind", "unbind") else ()


def named(name: str) -> bool:
    """Whether a binding is about a name, and not about a fader such as d1.gain."""
    return "." not in name and name not in WHOLE_SET


def spoken(meant: Key) -> str:
    """A control in a few words: cc 21."""
    return f"{meant.kind} {meant.what}".strip()


FADERS = {"gain": "d{}.gain", "pan": "d{}.pan", "master": "master", "tempo": "bpm"}  # by what moves them
WHOLE_SET = frozenset({"master", "bpm"})  # what can be bound and is the set's
KINDS: dict[str, Callable[..., None]] = {
    "bind": Bindings.bind,
    "unbind": Bindings.unbind,
    "recall": Bindings.recall,
    "takeover": Bindings.rule,
}
