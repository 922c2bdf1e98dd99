"""`make demo`: plays a session where there is sound, and writes it to a file otherwise.

`python -m latentcode.demo SESSION OUT`
"""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path

from latentcode import cli
from latentcode.engine.sound import PlayerLink, Wanted
from latentcode.errors import AudioError
from latentcode.files.texts import say
from latentcode.protocol.ringbuffer import PlayerState


def sound_is_there() -> bool:
    """Whether a player finds a device or a sound server; asked by starting one, and ending it."""
    try:
        sound = PlayerLink(Wanted(), lambda message: None)
    except AudioError:
        return False
    found = sound.ring.state == PlayerState.DEVICE
    sound.close(0.0)
    return found


def main(session: str, out: str) -> int:
    """Play or render, and say what to type next; returns the exit status."""
    if sound_is_there():
        say(f"playing {session}; Ctrl-C ends it")
        status = cli.main(["play", session])
    else:
        say(f"no sound device or JACK server was found: writing {session} to {out} instead")
        status = cli.main(["render", session, "-o", out])
    say(next_steps(Path(sys.executable).with_name("latentcode")))
    return status


def next_steps(program: Path) -> str:
    """What a newcomer types after the demo; `program`: where latentcode was installed."""
    with suppress(ValueError):
        program = program.relative_to(Path.cwd())
    return (
        f"next: {program}   the prompt, where your lines sound: help() tells the words, docs/guide.md is an evening\n"
        f"      {program} doctor   what was found, and what is missing"
    )


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
