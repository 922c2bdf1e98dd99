"""What hands are bound to and do, what is learned of them, and what other instruments are sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from latentcode.errors import LatentError
from latentcode.set.actions import Do, Strike
from latentcode.set.commands import Command, quant_of
from latentcode.set.event_encoder import Destination
from latentcode.set.kinds.table import Kept, Kind, Rehearsal, kind_of, register

if TYPE_CHECKING:
    from latentcode.set.bindings import Bindings, Hold
    from latentcode.set.scenes import SetParts, Snapshot


def holds(change: Callable[[Bindings, Hold, Command, int], Hold]) -> Kept:
    """Keeps what hands are bound to, changed."""

    def kept(parts: SetParts, command: Command, snapshot: Snapshot, turn: int) -> Snapshot:
        return replace(snapshot, hold=change(parts.bindings, snapshot.hold, command, turn))

    return kept


def pressed(command: Command) -> Iterator[Command]:
    """What the pads of a command let sound."""
    for _, action in command.arguments[1] or ():
        if isinstance(action, Strike):
            yield Command("once", action.voice, (action.pattern, action.quant))
        elif isinstance(action, Do):
            for inner in action.commands:
                yield from kind_of(inner).sounding(inner)


def try_pads(trial: Rehearsal, command: Command) -> None:
    for inner in pressed(command):
        kind_of(inner).rehearse(trial, inner)


def pads(parts: SetParts, command: Command, sample: int) -> None:
    table, pairs, port, channel, meant = command.arguments
    parts.touch.change(table, pairs, port, channel)
    parts.history.only_meant(meant, command.block)


def try_keys(trial: Rehearsal, command: Command) -> None:
    if (keyboard := command.arguments[0]) is not None:
        trial.keys(command.voice, keyboard)


def capture(parts: SetParts, command: Command, sample: int) -> None:
    """Begin a gesture at the next boundary."""
    quant, *asked = command.arguments
    parts.gestures.take(parts.renderer.boundary(quant_of(quant), sample), sample, *asked)


def loop(parts: SetParts, command: Command, sample: int) -> None:
    """Let a loop of what comes in do something at the next boundary."""
    quant, what, name, cycles, source = command.arguments
    cycle = parts.renderer.boundary(quant_of(quant), sample)
    parts.loops.tell(parts.hearing, cycle, name, source, Fraction(cycles), what)


def mark(parts: SetParts, command: Command, sample: int) -> None:
    """Apply a mark; one that cannot be learned is told and left out."""
    try:
        parts.spaces.mark(*command.arguments)
    except LatentError as error:
        parts.notice(str(error))


def try_send(trial: Rehearsal, command: Command) -> None:
    place, pattern, *_ = command.arguments
    if pattern is not None:
        trial.send(place, pattern)


def send(parts: SetParts, command: Command, sample: int) -> None:
    place, pattern, quant, options = command.arguments
    where, outgoing = Destination(*place), parts.outgoing
    part = None if pattern is None else outgoing.part(where, pattern, options, command.label)
    outgoing.take_over(where, part, parts.renderer.boundary(quant_of(quant), sample))


BOUND = holds(lambda bindings, hold, c, turn: bindings.but(hold, c.arguments[0]))

register(
    Kind("bind", "name, key of a control, low, high, curve: a name, or a fader as d1.gain, is bound to a control",
         whole=lambda parts, c, sample: parts.bindings.bind(sample, *c.arguments), lasting=True, kept=BOUND),
    Kind("unbind", "name: it stays where it is",
         whole=lambda parts, c, sample: parts.bindings.unbind(sample, *c.arguments), lasting=True, kept=BOUND),
    Kind("recall", "pairs of a control's key and a value: these hold until their hands have come to them",
         whole=lambda parts, c, sample: parts.bindings.recall(sample, *c.arguments), lasting=True,
         kept=holds(lambda bindings, hold, c, turn: bindings.recalled(hold, c.arguments[0], turn))),
    Kind("encoder", "key of a control, encoding or None, step: it is an endless encoder, or a knob again",
         whole=lambda parts, c, sample: parts.bindings.encode(sample, *c.arguments), lasting=True,
         undoable=False),
    Kind("takeover", "pickup, scale or jump: how hands take over from such values",
         whole=lambda parts, c, sample: parts.bindings.rule(sample, *c.arguments), lasting=True,
         kept=holds(lambda bindings, hold, c, turn: replace(hold, rule=bindings.takeover.mode))),
    Kind("pads", "pads or transport, pairs of an input's name and what it does (None: nothing there does anything"
         " any more), port, channel, scenes that are only meant", whole=pads,
         lasting=True, rehearse=try_pads, sounding=pressed),
    Kind("keys", "how keys play the voice, or None",
         lambda parts, c, sample: parts.touch.play(c.voice, c.arguments[0], sample),
         overtakes=True, lane="keys", rehearse=try_keys, sounding=lambda c: (c,)),
    Kind("capture", "quant, name, key, text of cycles, whether it is played over another, default: a gesture of a"
         " live input", whole=capture, undoable=False, lasting=True),
    Kind("loop", "quant, what it does, name, text of cycles, inputs: a loop of what comes in", whole=loop,
         undoable=False, lasting=True, rehearse=lambda trial, c: trial.listen(c.arguments[4].channels)),
    Kind("mark", "name, mark: a learned space has one mark more", whole=mark, undoable=False, lasting=True,
         prepare=lambda trial, c: trial.learn(*c.arguments)),
    Kind("unmark", "name, number or None: it has one less, or none",
         whole=lambda parts, c, sample: parts.spaces.unmark(*c.arguments), undoable=False, lasting=True),
    Kind("send", "place (see Destination), pattern or None for silence, quant, options: it is sent to another"
         " instrument", whole=send, lasting=True, rehearse=try_send,
         sent_to=lambda c: (c.arguments[0], c.arguments[3])),
)  # fmt: skip
