"""`latentcode log SESSION`: a set as a line of time, with what was asked and what happened."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from dataclasses import replace
from heapq import merge
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

from latentcode.cli.lanes import set_lanes
from latentcode.cli.options import add_session, notice
from latentcode.cli.playing import Playing, Voices, names_in
from latentcode.cli.pressed import Pressed, presses
from latentcode.files import atomic
from latentcode.files.texts import say, shown
from latentcode.pictures.set_lanes import SetLanes
from latentcode.prompt.session_list import VOICE, asked_of, began_with, minutes, voices_of
from latentcode.session import records
from latentcode.session.escaping import says_something
from latentcode.session.journal import Block, Session
from latentcode.session.reading import read_shown
from latentcode.set.retiming import CyclesThen

WIDTH = 80  # columns
LABEL = 7  # of them before a line of time
LEAST = 24  # columns of code; where lanes beside it would leave it less, they are above it alone
DEFAULT = Path()  # the name of the session, with .png
TICKS = 5  # times that are written above the lanes


class Event(NamedTuple):
    """Something of a set: its sample, what it is, and the voices that it is about.

    `playing`: those that play from then on; None: as before. `still`: how long the machine stood
    still, in seconds. `held`: the scene that was gone to and holds from then on.
    """

    sample: int
    text: str
    voices: tuple[str, ...] = ()
    playing: Voices | None = None
    still: float | None = None
    held: str | None = None


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    add_session(parser)
    parser.add_argument(
        "--plot",
        nargs="?",
        type=Path,
        const=DEFAULT,
        metavar="FILE",
        help="draw it instead, as a .png, .svg or .pdf file (default: SESSION.png here)",
    )
    parser.add_argument("-f", "--force", action="store_true", help="replace a file that is there already")


def run(args: argparse.Namespace) -> int:
    """Print the line of time, or draw it; none of its code is run.

    Raises SessionError, and LatentcodeError where it cannot be drawn.
    """
    session = read_shown(args.session)
    if args.plot is not None:
        _draw(session, args.plot, args.force)
        return 0
    for line in told(session):
        say(shown(line))
    return 0


def _draw(session: Session, asked: Path, force: bool) -> None:
    """Have a picture of the line of time in a file; one that is there already is kept."""
    from latentcode.pictures import plotting

    stem = session.path.stem if session.path else "set"
    file = plotting.file_of(Path(f"{stem}.png") if asked == DEFAULT else asked)
    free = file if force else atomic.unused(file)
    if free != file:
        notice(f"{file} is there already; this goes to {free}, and -f replaces it")
    plotting.set_lanes(lanes_drawn(session), free)
    say(shown(f"{free}: voices, scenes, bookmarks, tempo"))


def lanes_drawn(session: Session) -> SetLanes:
    """The lanes of a session, for a picture."""
    rate, cycles = session.number("rate"), CyclesThen(session)
    found = sorted(events(session), key=lambda event: event.sample)
    changes = [(event.sample, event.playing) for event in found if event.playing is not None]
    told_then = [(event.sample, voice) for event in found for voice in event.voices if VOICE.fullmatch(voice)]
    tempo = list(_tempos(session, cycles)) if cycles.noted else []
    held = [(event.sample, event.held) for event in found if event.held is not None]
    made = set_lanes(session, next(told(session)), changes, told_then, tempo, voices_of(session), held)
    made = replace(made, clock=minutes)
    if not cycles.noted:
        return made
    return replace(made, cycle=lambda second: float(cycles.cycle(round(second * rate))))


def told(session: Session) -> Iterator[str]:
    """The lines: lanes over all of the time, a line each; then seconds, cycle, a column for each
    voice (● it was told something, │ it plays), and the code.
    """
    rate, cycles, voices = session.number("rate"), CyclesThen(session), voices_of(session)
    began = began_with(session)
    name = session.path.name if session.path else ""
    yield f"{name}  {minutes(session.end / rate)}" + (f"  {began}" if began else "")
    found = list(_stood_still(sorted(events(session), key=lambda event: event.sample)))
    yield from (line.rstrip() for line in lanes_of(session, found, cycles, voices))
    yield ""
    beside = voices if WIDTH - 20 - 4 * len(voices) >= LEAST else ()
    lanes_told = " ".join(f"{voice:<3}" for voice in beside)
    yield f"{'time':>8} {'cycle':>8}  {lanes_told}".rstrip()
    yield from _rows(session, found, cycles, beside)


def lanes_of(
    session: Session, found: list[Event], cycles: CyclesThen, voices: tuple[str, ...]
) -> Iterator[str]:
    """A line of time for each voice (● it was told something, ─ it plays), above them the time, the
    tempo and the bookmarks.
    """
    columns, end, rate = WIDTH - LABEL, max(session.end, 1), session.number("rate")

    def column(sample: int) -> int:
        return min(sample * columns // end, columns - 1)

    ticks = [end * tick // TICKS for tick in range(TICKS)]
    yield _line("", [(column(tick), minutes(tick / rate)) for tick in ticks], columns)
    if cycles.noted:
        yield _line("bpm", [(column(at), f"{bpm:g}") for at, bpm in _tempos(session, cycles)], columns)
    if names := [(column(one.sample), f"⚑{one.bookmark}") for one in session.of(records.Bookmark)]:
        yield _line("", names, columns)
    for voice in voices:
        lane, playing, before = [" "] * columns, False, 0
        for event in [*found, Event(end, "")]:
            here = column(event.sample)
            if playing:
                lane[before:here] = [one if one == "●" else "─" for one in lane[before:here]]
            if voice in event.voices:
                lane[here] = "●"
            playing, before = playing if event.playing is None else voice in event.playing, here
        yield f"{voice:<{LABEL}}{''.join(lane)}"


def _line(label: str, marks: list[tuple[int, str]], columns: int) -> str:
    """Texts at their columns; one that has no room is left out."""
    line = ""
    for at, text in marks:
        if at >= len(line) + bool(line) and at + len(text) <= columns:
            line = line.ljust(at) + text
    return f"{label:<{LABEL}}{line}"


def _tempos(session: Session, cycles: CyclesThen) -> Iterator[tuple[int, float]]:
    """The tempo where it is another than before, with its sample, as blocks say at which cycle they
    came.
    """
    rate, last = session.number("rate"), 0.0
    samples = sorted({0, *(block.sample for block in session.blocks)})
    for sample in samples:
        bpm = round(float(cycles.cycle(sample + rate) - cycles.cycle(sample)) * 240, 1)
        if abs(bpm - last) > last / 200:
            last = bpm
            yield sample, bpm


def _rows(session: Session, found: list[Event], cycles: CyclesThen, voices: tuple[str, ...]) -> Iterator[str]:
    rate, room = session.number("rate"), WIDTH - 20 - 4 * len(voices)
    playing: Voices = {}
    for event in found:
        lanes = ("●" if one in event.voices else "│" if one in playing else " " for one in voices)
        cycle = f"{float(cycles.cycle(event.sample)):.2f}" if cycles.noted else ""
        time = f"{minutes(event.sample / rate)}.{int(10 * event.sample / rate) % 10}"
        text = event.text if len(event.text) <= room else f"{event.text[: room - 1]}…"
        yield f"{time:>8} {cycle:>8}  {' '.join(f'{lane:<3}' for lane in lanes)} {text}".rstrip()
        playing = playing if event.playing is None else event.playing


def events(session: Session) -> Iterator[Event]:
    """All that is shown of a session, in no order."""
    playing, names = Playing(), names_in(session)
    asked = [(block.sample, block) for block in session.blocks if says_something(block.code)]
    pressed = [(one.sample, one) for one in presses(session)]
    together: Iterable[tuple[int, Block | Pressed]] = merge(asked, pressed, key=itemgetter(0))
    for sample, one in together:
        if isinstance(one, Block):
            yield _of_block(one, playing.after(one, names), playing.held)
        else:
            text = f"{one.key}: {one.kind}({one.argument and repr(one.argument)})"
            yield Event(sample, text, playing=playing.led(one.kind, one.argument), held=playing.held)
    for mark in session.of(records.Bookmark):
        yield Event(mark.sample, f"⚑ {mark.bookmark}")
    for jump in session.of(records.Jump):
        yield Event(jump.before, "", still=(jump.after - jump.before) / session.number("rate"))
    began = session.went_on
    for restart in session.of(records.Restart):
        went_on = began is not None and began <= restart.sample < began + session.number("rate")
        yield Event(restart.sample, "── went on here" if went_on else "── another engine took over")
    for take in session.takes:
        yield Event(max(take.first, 0), f"○ recorded to {take.path}")
    ends = session.of(records.End)
    for end in ends:
        yield Event(end.sample, "■ the end")
    if not ends and (last := max((one.sample for one in session.of(records.Reached)), default=0)):
        yield Event(last, "── here it was last: it plays still, or was killed")


def _stood_still(found: list[Event]) -> Iterator[Event]:
    """What happened, where the machine stood still told once until something else happens."""
    for stood, group in groupby(found, lambda event: event.still is not None):
        if not stood:
            yield from group
            continue
        times = list(group)
        seconds = sum(one.still or 0.0 for one in times)
        often = f" {len(times)} times" if len(times) > 1 else ""
        yield Event(times[0].sample, f"── the machine stood still{often}, for {seconds:.1f} s")


def _of_block(block: Block, playing: Voices, held: str) -> Event:
    lines = [line for line in block.code.split("\n") if says_something(line)]
    more = f"  (+{len(lines) - 1})" if len(lines) > 1 else ""
    return Event(
        block.sample, f"{'✗ ' if block.failed else ''}{lines[0]}{more}", asked_of(block), playing, held=held
    )
