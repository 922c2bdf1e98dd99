"""Commands that no line of code asked for, as a journal records them: the tempo of others,
what was grabbed.
"""

from __future__ import annotations

from fractions import Fraction

from latentcode.session.journal import Session
from latentcode.session.records import Grab, Tempo, Transport
from latentcode.set.commands import Command

Stamped = tuple[int, Command]


def steering(cps: Fraction | None, jump: Fraction = Fraction(0)) -> Command:
    """The command that lets others give the tempo (cycles per second), leaving `jump` cycles out;
    None: no longer.
    """
    return Command("steer", arguments=() if cps is None else (str(cps), str(jump)))


def command_of(record: Tempo | Transport | Grab) -> Command:
    """The command that a record stands for."""
    if isinstance(record, Tempo):
        return steering(record.cps, record.jump or Fraction(0))
    if isinstance(record, Transport):
        return Command("transport", arguments=(record.what,))
    return Command("grab", record.voice, (record.grab, str(record.cycles)))


def led(session: Session) -> list[Stamped]:
    """What others decided in a session, each with its stamp, in the order of stamps."""
    found: list[Tempo | Transport] = [*session.of(Tempo), *session.of(Transport)]
    return sorted(((one.sample, command_of(one)) for one in found), key=lambda pair: pair[0])


def grabbed(session: Session) -> list[Stamped]:
    """What was grabbed in a session, each with its sample."""
    return [(one.sample, command_of(one)) for one in session.of(Grab)]
