"""One of the processes that share the voices of a session: it renders some of them, and sends them
to where they are mixed (see `sharing.py`).

It does all that the session does, but of the other voices it opens no sound: so it knows at each
sample what they play, as scenes, `undo()` and the like have to, at next to no cost.
"""

from __future__ import annotations

import pickle
import sys
from collections.abc import Iterator
from contextlib import closing, suppress

import numpy as np

from latentcode.arrays import Float32
from latentcode.engine.deadman import ended_when_hung
from latentcode.errors import LatentcodeError, on_sound_warning
from latentcode.files import whereabouts
from latentcode.files.whereabouts import looking_in
from latentcode.models.card import default_is
from latentcode.offline.blocks import AHEAD, SessionBlocks
from latentcode.offline.performed import Told, Work, performed, sides
from latentcode.parameters import VOICES
from latentcode.protocol.player_messages import PlayerCommand
from latentcode.protocol.sharing_messages import Made, Over, ToShare, Troubled
from latentcode.protocol.wire import Wire, connect
from latentcode.set.kinds import unpacked
from latentcode.set.performance import Performance
from latentcode.synth.renderer import Trouble


class TroubledError(LatentcodeError):
    """A pattern has failed."""


def main(address: str) -> None:
    """Render until it is over, or nobody listens any more."""
    wire = connect(address, ToShare)
    with suppress(EOFError), ended_when_hung():
        work: Work = pickle.loads(wire.receive().work)
        whereabouts.know(work.known)
        with looking_in(work.folders), default_is(work.session.value("default")):
            try:
                for made in _made(work):
                    wire.send(made)
            except TroubledError:
                wire.send(Troubled())
            else:
                wire.send(Over())
        _await_end(wire)


def _await_end(wire: Wire) -> None:
    """Stay until what was sent has been read."""
    while True:
        wire.receive()


def _made(work: Work) -> Iterator[Made]:
    said: list[str] = []
    on_sound_warning(said.append)
    told = Told(said.append if work.first else lambda text: None, _troubled, said.append)
    commands = [(stamp, unpacked(command)) for stamp, command in work.commands]

    def begin() -> Performance:
        return performed(work.session, commands, told, voices=work.voices)

    rows, ahead = sides(work.voices), AHEAD * VOICES // len(work.voices)
    blocks = SessionBlocks(work.session, begin, ahead)
    sounds: list[Float32] = []
    messages: list[tuple[PlayerCommand, ...]] = []
    with closing(iter(blocks)) as voices:
        for block in voices:
            sounds.append(block.T[rows])
            messages.append(tuple(blocks.told()) if work.first else ())
            if len(sounds) == ahead:
                yield _packed(sounds, messages, said)
                sounds, messages = [], []
                said.clear()
    if sounds:
        yield _packed(sounds, messages, said)


def _packed(sounds: list[Float32], told: list[tuple[PlayerCommand, ...]], said: list[str]) -> Made:
    sizes = tuple(sound.shape[1] for sound in sounds)
    return Made(np.concatenate(sounds, axis=1).tobytes(), sizes, tuple(told), tuple(said))


def _troubled(found: Trouble) -> None:
    raise TroubledError(str(found.error))


if __name__ == "__main__":
    main(*sys.argv[1:])
