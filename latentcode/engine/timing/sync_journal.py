"""What others have decided of the time, as the journal notes it: `tempo STAMP CPS JUMP`, `transport STAMP WHAT`."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from latentcode.session.journal import Session
from latentcode.set.commands import Command

LEFT = "-"  # the tempo is ours again


def steering(cps: Fraction | None, jump: Fraction = Fraction(0)) -> Command:
    """The command that lets others give the tempo (cycles per second), leaving `jump` cycles out; None: no longer."""
    return Command("steer", arguments=() if cps is None else (str(cps), str(jump)))


def words(command: Command, stamp: int) -> tuple[str, tuple[object, ...]]:
    """What the journal notes of a command that others led to: a name, and values."""
    name = {"steer": "tempo"}.get(command.kind, command.kind)
    return name, (stamp, *(command.arguments or (LEFT,)))


def decided(session: Session) -> Iterator[tuple[int, Command]]:
    """What others decided in a session, each with its stamp, in the order of stamps."""
    found: list[tuple[int, Command]] = []
    for name, kind in (("tempo", "steer"), ("transport", "transport")):
        for stamp, *values in session.notes.get(name, []):
            found.append((int(stamp), _command(kind, values)))
    yield from sorted(found, key=lambda pair: pair[0])


def _command(kind: str, values: list[str]) -> Command:
    if kind == "transport":
        return Command(kind, arguments=(values[0],))
    if values[0] == LEFT:
        return steering(None)
    return steering(Fraction(values[0]), Fraction(values[1]))
