"""`python -m bench.touched ADDRESS …`: the engine process, with a hand in it that measures how soon it is obeyed.

It is asked `Moves`, and answers `Moved`: for each move of a control how many of the player's buffers went by, in
parts of one, until the border at which it held.
"""

from __future__ import annotations

import random
import sys
import threading
import time
from typing import Any

from latentcode.engine import __main__ as program
from latentcode.engine import process
from latentcode.inputs.history import Input
from latentcode.protocol.messages import FromDesk, Message

KEY = "cc:7@hand/1"
APART = (0.003, 0.03)  # seconds between two moves
PATIENCE = 2.0


class Moves(Message, frozen=True):
    """Move a control so many times, at random moments."""

    times: int
    seed: int


class Moved(Message, frozen=True):
    """How many buffers each move took that was obeyed, and how many moves there were."""

    late: tuple[float, ...]
    count: int


borders: dict[float, int] = {}  # by value, at which border it held


class Engine(process.Engine):
    """One that moves controls, and hears what the player says of them."""

    def takers(self) -> dict[type[Message], Any]:
        return {**super().takers(), Moves: self.moves}

    def moves(self, times: int, seed: int) -> None:
        """Move a control at random moments, beside the set."""
        threading.Thread(target=_move, args=(self, times, random.Random(seed)), daemon=True).start()

    def _heard(self, message: Any) -> None:
        if message[0] == "hand":
            for _, value in message[2]:
                borders.setdefault(value, message[1])
        super()._heard(message)


def _move(engine: Any, times: int, chance: random.Random) -> None:
    sound, moved = engine.sound, dict[float, float]()
    borders.clear()
    values = [round(number / times, 9) for number in range(1, times)]
    chance.shuffle(values)
    for value in values:
        time.sleep(chance.uniform(*APART))
        now = time.monotonic()
        playhead, beat = sound.ring.stepped()
        moved[value] = playhead - sound._offset - sound.buffer + (now - beat) * sound.rate
        engine.hands.arrive(Input(KEY, value), now)
    time.sleep(PATIENCE)
    late = [(borders[value] - place) / sound.buffer for value, place in moved.items() if value in borders]
    engine.desks.tell(Moved(tuple(late), len(moved)))


if __name__ == "__main__":
    process.Engine = Engine  # type: ignore[misc]
    program.FromDesk = FromDesk | Moves  # type: ignore[attr-defined]
    sys.exit(program.main(sys.argv[1:]))
