"""`latentcode verify SESSION RECORDING`: whether the one made the other, and where not."""

from __future__ import annotations

import argparse
from math import log10
from pathlib import Path
from typing import TYPE_CHECKING

from latentcode import progress
from latentcode.cli.options import add_find_option, add_session, may_run, notice
from latentcode.files.texts import say, shown
from latentcode.session.journal import read_session

if TYPE_CHECKING:
    from latentcode.offline.verifying import Verdict

MOST = 10  # differences that are told


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    add_session(parser)
    parser.add_argument("recording", metavar="RECORDING", type=Path, help="a .wav, .flac or .aiff file")
    add_find_option(parser)
    parser.add_argument("--trust", action="store_true", help="run its code without asking")


def run(args: argparse.Namespace) -> int:
    """Say it; 0 where it made it, to the sample, else 1, at another level too.

    Raises LatentcodeError.
    """
    may_run(args)
    from latentcode.offline.verifying import verified
    from latentcode.prompt.session_list import minutes
    from latentcode.set.retiming import CyclesThen

    with progress.shown("rendering") as tell:
        found = verified(
            Path(args.session),
            args.recording,
            lambda done, total: tell(done, total, f"{done:.0f} of {total:.0f} s"),
            notice,
        )
    cycles = CyclesThen(read_session(args.session))

    def place(sample: int) -> str:
        at = f"{minutes(sample / found.rate)}.{int(10 * sample / found.rate) % 10}"
        return f"{at} (cycle {float(cycles.cycle(sample)):.2f})" if cycles.noted else at

    heard = args.session if found.voice is None else f"d{found.voice + 1} of {args.session}"
    begin, end = place(max(found.first, 0)), place(max(found.first, 0) + found.frames)
    level = "" if found.gain == 1.0 else f", {level_of(found)}"
    said = f"what {heard} sounds like from {begin} to {end}{level}"
    if found.equal:
        how = ": that is its only difference" if level else ", to the sample"
        say(shown(f"{args.recording} is {said}{how}"))
    elif found.frames and found.alike:
        by = f"{10 * log10(found.apart):.0f} dB of its level, as after mp3, another rate or an effect"
        say(shown(f"{args.recording} is {said}, and not to the sample: nearly all of it differs, by {by}"))
    elif not found.frames:
        say(shown(f"{args.recording} lies outside of {args.session}"))
    else:
        say(shown(f"{args.recording} is not {said}: it differs"))
        for first, last in found.spans[:MOST]:
            say(f"  from {place(first)}, for {(last + 1 - first) / found.rate:.3f} s")
        if len(found.spans) > MOST:
            say(f"  and at {len(found.spans) - MOST} places more")
    if found.beyond and found.frames:
        say(f"  {found.beyond / found.rate:.2f} s of it lie outside of the session")
    return int(not found.equal or bool(level))


def level_of(found: Verdict) -> str:
    """A difference of level in words."""
    turned, by = "upside down" if found.gain < 0 else "", abs(found.louder)
    level = f"{by:.{1 if by >= 0.1 else 2}f} dB {'louder' if found.louder > 0 else 'softer'}"
    return " and ".join(filter(None, [turned, level if by >= 0.01 else ""]))
