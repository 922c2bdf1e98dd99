"""Where a player's faders and effects stand, for another one that takes over when it dies."""

from __future__ import annotations

import threading
from collections.abc import Iterator

from msgspec.structs import astuple

from latentcode.protocol.player_messages import Hand, PlayerCommand, Turn


class Standing:
    """Keeps of each fader, effect and hand the last message that was carried out,
    and those still to come.

    From any thread: the engine tells what it sends, and a player what its hands did.
    """

    def __init__(self) -> None:
        self._kept: dict[object, list[PlayerCommand]] = {}
        self._lock = threading.Lock()

    def keep(self, command: PlayerCommand, played: int) -> None:
        """A command to the player; those up to sample `played` have been carried out."""
        with self._lock:
            for key, part in _parts(command):
                kept = self._kept.setdefault(key, [])
                kept.append(part)
                if len(kept) > 1 and kept[-2].sample > part.sample:
                    kept.sort(key=lambda one: one.sample)
                while len(kept) > 1 and kept[1].sample <= played:
                    del kept[0]

    def at(self, played: int) -> tuple[list[PlayerCommand], list[PlayerCommand]]:
        """What was carried out up to a sample, and what is still to come,
        in the order of the player's.
        """
        with self._lock:
            kept = [each for commands in self._kept.values() for each in commands]
        kept.sort(key=_order)
        return (
            [command for command in kept if command.sample <= played],
            [command for command in kept if command.sample > played],
        )


def _parts(command: PlayerCommand) -> Iterator[tuple[object, PlayerCommand]]:
    """A command as one for each thing that it is about, with what it is about."""
    match command:
        case Hand(sample, given):
            yield from ((("hand", place), Hand(sample, ((place, value),))) for place, value in given)
        case Turn(sample, changes):
            yield from ((("turn", change[:3]), Turn(sample, (change,))) for change in changes)
        case _:
            yield (type(command), *astuple(command)[1:-1]), command


def _order(command: PlayerCommand) -> tuple[int, bool]:
    return command.sample, isinstance(command, Hand)
