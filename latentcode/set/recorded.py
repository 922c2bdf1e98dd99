"""What no line of code asked for, as a journal records it: the tempo of others, what was grabbed,
where time was lost.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Collection
from contextlib import suppress
from fractions import Fraction
from pathlib import Path

from latentcode.clock.tempo import TempoMap
from latentcode.errors import ModelError
from latentcode.models import card_of
from latentcode.models.card import BUILT_IN, Card
from latentcode.models.noted import Noted
from latentcode.session.journal import Session
from latentcode.session.records import (
    Delay,
    EncodingDelay,
    Grab,
    GrabbedInput,
    Jump,
    LeaderTempo,
    LeaderTransport,
    Listening,
    Model,
    Restart,
)
from latentcode.set.commands import SET, Command
from latentcode.set.grabs import folder_of, kept_in, made
from latentcode.sounds import cache
from latentcode.sounds.recordings import Recorded

Stamped = tuple[int, Command]
Break = tuple[int, int]
"""The sample before which time was lost, and where it went on; twice the same: another engine took over."""


def steering(cps: Fraction | None, jump: Fraction = Fraction(0)) -> Command:
    """The command that lets others give the tempo (cycles per second), leaving `jump` cycles out;
    None: no longer.
    """
    return Command("steer", arguments=() if cps is None else (str(cps), str(jump)))


def command_of(record: LeaderTempo | LeaderTransport | Grab | GrabbedInput) -> Command:
    """The command that a record stands for."""
    if isinstance(record, LeaderTempo):
        return steering(record.cps, record.jump or Fraction(0))
    if isinstance(record, LeaderTransport):
        return Command("transport", arguments=(record.what,))
    if isinstance(record, GrabbedInput):
        return Command("grab", SET, (record.grab, str(record.cycles), record.inputs))
    return Command("grab", record.voice, (record.grab, str(record.cycles)))


def led(session: Session) -> list[Stamped]:
    """What others decided in a session, each with its stamp, in the order of stamps."""
    found: list[LeaderTempo | LeaderTransport] = [*session.of(LeaderTempo), *session.of(LeaderTransport)]
    return sorted(((one.sample, command_of(one)) for one in found), key=lambda pair: pair[0])


def grabbed(session: Session, kept: Collection[str] = ()) -> list[Stamped]:
    """What was grabbed in a session, each with its sample, but for what is `kept`, by name."""
    return [(one.sample, command_of(one)) for one in _grabs(session) if one.grab not in kept]


def grab_of(name: str, voice: int, cycles: str, inputs: tuple[int, ...], sample: int) -> Grab | GrabbedInput:
    """The record of what is grabbed up to a sample: the last cycles (text of a fraction) of a
    voice, or of some inputs.
    """
    if inputs:
        return GrabbedInput(name, Fraction(cycles), sample, inputs)
    return Grab(name, voice, Fraction(cycles), sample)


def grabbed_names(session: Session) -> set[str]:
    """The names of all that was grabbed in a session."""
    return {one.grab for one in _grabs(session)}


def grabs_by_hand(session: Session) -> bool:
    """Whether a line may ask to grab something of which no mark tells, as one that was written in
    by hand does: it is known when its code has run.
    """
    told = {int(name.partition(".")[0]) for name in grabbed_names(session)}
    return any("grab(" in block.code and block.number not in told for block in session.blocks)


def _grabs(session: Session) -> list[Grab | GrabbedInput]:
    return [*session.of(Grab), *session.of(GrabbedInput)]


def grabs_before(session: Session, sample: int, tempo: TempoMap | None = None) -> list[Grab | GrabbedInput]:
    """What was grabbed before a sample; where the `tempo` is given also what was grabbed later, and
    holds something from before: whoever begins there has not played that.
    """

    def first(one: Grab | GrabbedInput) -> int:
        if tempo is None:
            return one.sample
        return max(0, tempo.sample_of(tempo.cycle_at(one.sample) - one.cycles))

    return [one for one in _grabs(session) if min(one.sample, first(one)) < sample]


def missing_grabs(
    session: Session, path: str | Path, sample: int, tempo: TempoMap | None = None, bpm: str = ""
) -> list[Grab | GrabbedInput]:
    """What was grabbed in the session at `path` before a sample, and is not kept; `tempo`, `bpm`:
    see `keep_grabs`.
    """
    folder = kept_in(path, bpm)
    there = set[str]() if folder is None else {file.stem for file in folder.glob("*.npy")}
    return [one for one in grabs_before(session, sample, tempo) if one.grab not in there]


def keep_grabs(
    session: Session,
    path: str | Path,
    journal: str | Path,
    sample: int,
    tempo: TempoMap | None = None,
    bpm: str = "",
) -> set[str]:
    """Have what was grabbed in the session at `path` before a sample where the engine of another
    journal looks for it; where the session's `tempo` is given what was grabbed later, and reaches
    back before the sample, too; where it has another tempo, `bpm`, what was grabbed at that.
    Returns the names of those that hold something.
    """
    before, now, kept = kept_in(path, bpm), folder_of(journal), set[str]()
    if before is None or now is None:
        return kept
    for grab in grabs_before(session, sample, tempo):
        with suppress(OSError):
            made(now)
            copied = shutil.copyfile(before / f"{grab.grab}.npy", now / f"{grab.grab}.npy")
            kept |= {grab.grab} if (found := cache.array(copied)) is not None and found.size else set()
    return kept


def breaks(session: Session, end: int) -> list[Break]:
    """Where time was lost in a session before its sample `end`, and where another engine took
    over.
    """
    jumps = [(jump.before, jump.after) for jump in session.of(Jump)]
    restarts = [(restart.sample, restart.sample) for restart in session.of(Restart)]
    return sorted(pair for pair in [*jumps, *restarts] if pair[0] < end)


def recordings_of(session: Session) -> list[Recorded]:
    """What was recorded of what came in: files beside the session."""
    folder = os.curdir if session.path is None else os.path.dirname(session.path)
    return [
        Recorded(one.channel, one.sample, os.path.abspath(os.path.join(folder, one.file)))
        for one in session.of(Listening)
    ]


def known_models(session: Session, notice: Callable[[str], None]) -> dict[str, str]:
    """The files of the models that a session has asked for by name, where the name leads to another
    model now.
    """
    known = {}
    for one in session.of(Model):
        names = (one.called, one.file, *BUILT_IN)
        found = next((name for name in names if _digest(name) == one.digest), None)
        if found is None:
            notice(f"the model {one.called} is not the one that was played: it will sound otherwise")
        elif found != one.called:
            known[one.called] = found
    return known


def noted_of(session: Session) -> Noted | None:
    """What it says of exported models; None where it says nothing at all."""
    if not session.header:
        return None
    delays = tuple((one.digest, one.samples_late) for one in session.of(Delay))
    through = tuple((one.digest, one.samples_late) for one in session.of(EncodingDelay))
    return Noted(session.number("rows"), delays, through)


def cards_of(session: Session) -> list[Card]:
    """The cards of the models that a session asks for, of those that are there."""
    names = [session.model, *(name for one in session.of(Model) for name in (one.called, one.file))]
    found = []
    for name in dict.fromkeys(names):
        with suppress(ModelError):
            found.append(card_of(name))
    return found


def _digest(model: str) -> str:
    """The digest of a model by its name or file; empty where there is none."""
    try:
        return card_of(model).digest
    except ModelError:
        return ""
