"""`python -m latentcode.demo SESSION OUT`: plays a session where there is sound, and writes it to OUT otherwise."""

from __future__ import annotations

import sys

from latentcode import cli
from latentcode.engine.sound import Sound, Wanted
from latentcode.errors import AudioError
from latentcode.ringbuffer import State


def sound_is_there() -> bool:
    """Whether a player finds a device or a sound server; asked by starting one, and ending it."""
    try:
        sound = Sound(Wanted(), lambda message: None)
    except AudioError:
        return False
    found = sound.ring.state == State.DEVICE
    sound.close(0.0)
    return found


def main(session: str, out: str) -> int:
    """Play or render; returns the exit status."""
    if sound_is_there():
        print(f"playing {session}; Ctrl-C ends it")
        return cli.main(["play", session])
    print(f"no sound device or JACK server was found: writing {session} to {out} instead")
    return cli.main(["render", session, "-o", out])


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
