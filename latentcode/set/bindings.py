"""What hands are bound to, and which of their values hold: pure in stamped inputs and commands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from latentcode.inputs.encoders import Encoder, Encoders
from latentcode.inputs.history import Input, InputHistory
from latentcode.inputs.keys import UNPORTED, Key, key
from latentcode.inputs.mapping import Binding
from latentcode.inputs.takeover import Takeover, stands

Say = Callable[[str], None]


@dataclass(frozen=True)
class Hold:
    """What hands are bound to, and where their controls stand.

    `turn`: which recall was the last before it.
    """

    bound: tuple[tuple[str, Binding], ...] = ()
    rule: str = "pickup"
    values: tuple[tuple[str, float], ...] = ()
    turn: int = 0


class Bindings:
    """Names that are bound to controls, faders that are (d1.gain), and soft takeover.

    `say` is told where a binding means more than one device.
    """

    def __init__(self, inputs: Callable[[], InputHistory], say: Say = lambda text: None) -> None:
        self.encoders = Encoders()
        self.takeover = Takeover(endless=lambda name: self.encoders.of(name) is not None)
        self.bound: dict[str, Binding] = {}
        self.say, self._inputs = say, inputs
        self._seen: dict[str, Key] = {}
        self._turn = self._turns = 0

    def taken(self, given: Input) -> Input | None:
        """An input as it counts; None while another value holds."""
        if given.key not in self._seen:
            self._first(given.key)
        return self.takeover.put(given)

    def release(self, name: str) -> None:
        """Forget what a fader (d1.gain) was bound to: it is told something else."""
        self.bound.pop(name, None)

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

    def encode(self, sample: int, to: str, encoding: str | None, step: float) -> None:
        """Let a control be an endless encoder, or (None) a knob; what it has said until now was no
        place.
        """
        if encoding is not None:
            known = [name for name in self._inputs().latest() if key(to).matches(key(name))]
            for name in [name for name in known if self.encoders.of(name) is None]:
                self.takeover.held.pop(name, None)
                self._inputs().put(Input(name, 0.0), sample)
        self.encoders.change(to, None if encoding is None else Encoder(encoding, step))

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
        """Bind as it was then.

        Values come back where another recall has been since; else hands stay as they are.
        """
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

    # a hold that is still to come, where hands are told something meanwhile: the last word counts

    def but(self, hold: Hold, name: str) -> Hold:
        """The same, but for what a name is bound to: as it is now."""
        bound = dict(hold.bound)
        bound.pop(name, None)
        bound |= {name: self.bound[name]} if name in self.bound else {}
        return replace(hold, bound=tuple(bound.items()))

    def recalled(self, hold: Hold, values: tuple[tuple[str, float], ...], turn: int) -> Hold:
        """The same with values that were recalled since `turn` was the turn.

        Hands that were to stay do so.
        """
        turn = self._turn if hold.turn == turn else hold.turn
        return replace(hold, values=tuple({**dict(hold.values), **dict(values)}.items()), turn=turn)

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


def named(name: str) -> bool:
    """Whether a binding is about a name, and not about a fader such as d1.gain."""
    return "." not in name and name not in WHOLE_SET


def spoken(meant: Key) -> str:
    """A control in a few words: cc 21."""
    return f"{meant.kind} {meant.what}".strip()


WHOLE_SET = frozenset({"master", "bpm"})  # what can be bound and is the set's
