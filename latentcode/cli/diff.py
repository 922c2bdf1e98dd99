"""`latentcode diff A B`: how the code of two sets differs, and where their sound parts."""

from __future__ import annotations

import argparse
import ast
import difflib
from collections.abc import Iterator
from typing import NamedTuple

from latentcode.cli.options import add_session
from latentcode.files.texts import say, shown
from latentcode.prompt.session_list import minutes
from latentcode.session import records
from latentcode.session.header import HEADER
from latentcode.session.journal import Session
from latentcode.session.reading import read_shown
from latentcode.set.retiming import CyclesThen

WIDTH = 100  # columns
SPOKEN: dict[type[records.Record], str] = {
    records.Restart: "an engine went on",
    records.Device: "another device, or another player",
    records.Dry: "the sound came too late",
    records.Jump: "the machine stood still",
    records.Inputs: "what hands did",
    records.DirectValues: "what hands did",
    records.Missed: "a note whose sounds were not there in time",
    records.Unread: "sounds that a morph came from were not there in time",
    records.Behind: "what is decoded ahead was not there in time",
    records.Late: "a change came too late for its sample, and counted after it",
    records.Eased: "what a model follows was read later",
    records.Fallback: "what took too long was set aside",
    records.Grab: "a grab of a voice",
    records.GrabbedInput: "a grab of what came in",
    records.Listening: "what came in was recorded",
    records.Delayed: "what came in was heard later",
    records.Deaf: "what came in was lost",
    records.LeaderTempo: "the tempo of who leads",
    records.LeaderTransport: "who leads started or stopped",
}
SILENT = (  # records that nothing is heard of
    *(records.Bookmark, records.Take, records.Recording, records.Answer, records.Failed, records.Unheard),
    *(records.Timing, records.Unwritten, records.Reached, records.End, records.MidiIn, records.MidiPort),
)


class Parting(NamedTuple):
    """Where two sessions part, and what is otherwise there."""

    sample: int
    text: str


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    add_session(parser, "a")
    add_session(parser, "b")


def run(args: argparse.Namespace) -> int:
    """Print the difference; none of their code is run; 1 where they differ. Raises SessionError."""
    one, other = read_shown(args.a), read_shown(args.b)
    code = list(of_code(one, other, args.a, args.b))
    for line in code:
        say(shown(line))
    found = parting(one, other)
    if found is None:
        say("they sound the same" if code else "they are the same")
        return int(bool(code))
    seconds, cycles = minutes(found.sample / one.number("rate")), CyclesThen(one)
    at = f"cycle {float(cycles.cycle(found.sample)):.2f} ({seconds})" if cycles.noted else seconds
    text = found.text if len(found.text) <= WIDTH else f"{found.text[: WIDTH - 1]}…"
    say(shown(f"the sound parts at {at}: {text}"))
    return 1


def of_code(one: Session, other: Session, name: str, other_name: str) -> Iterator[str]:
    """A unified difference of the code, without the marks."""
    ours, theirs = (
        [line for block in session.blocks for line in block.code.split("\n")] for session in (one, other)
    )
    yield from difflib.unified_diff(ours, theirs, name, other_name, lineterm="", n=1)


def parting(one: Session, other: Session) -> Parting | None:
    """From where on two sessions sound otherwise, as far as their marks and code say it."""
    for name in (*HEADER, "model", "model_file"):
        ours, theirs = (
            session.value(name) if name in HEADER else session.header.get(name) for session in (one, other)
        )
        if ours != theirs and not (name == "model_file" and one.header.get("model")):
            said = ("not said" if value is None else value for value in (ours, theirs))
            return Parting(0, "{} {} there, {} here".format(name, *said))
    mine, yours = sorted(_sounding(one)), sorted(_sounding(other))
    for first, second in zip(mine, yours, strict=False):
        if first != second:
            return Parting(min(first[0], second[0]), min(first, second)[1])
    rest = [*mine[len(yours) :], *yours[len(mine) :]]
    ends = sorted((one.end, other.end))
    if rest and rest[0][0] < ends[0]:
        return Parting(rest[0][0], rest[0][1])
    return None if ends[0] == ends[1] else Parting(ends[0], "one of them ends")


def _sounding(session: Session) -> Iterator[tuple[int, str]]:
    """All that is heard of, each with its sample."""
    for block in session.blocks:
        code = _meant(block.code)
        for mark in block.marks:
            if mark.target != "bookmark":
                yield mark.stamp, f"{mark.target} {mark.digest}, {code}"
        if not block.marks and block.number == 0:
            yield block.sample, code
    for record in session.records:
        if not isinstance(record, SILENT) and (samples := list(record.samples())):
            yield min(samples), f"{SPOKEN[type(record)]} ({record.format()})"


def _meant(code: str) -> str:
    """A block without what means nothing: comments, spaces."""
    try:
        return "; ".join(map(ast.unparse, ast.parse(code).body))
    except (SyntaxError, ValueError, RecursionError):
        return code
