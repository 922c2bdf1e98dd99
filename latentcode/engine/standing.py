"""Where a player's faders and effects stand, for another one that takes over when it dies."""

from __future__ import annotations

import threading
from collections.abc import Iterator

from latentcode.set.knobs import Message


class Standing:
    """Keeps of each fader, effect and hand the last message that was carried out,
    and those still to come.

    From any thread: the engine tells what it sends, and a player what its hands did.
    """

    def __init__(self) -> None:
        self._kept: dict[object, list[Message]] = {}
        self._lock = threading.Lock()

    def keep(self, message: Message, played: int) -> None:
        """A message to the player; those up to sample `played` have been carried out."""
        with self._lock:
            for key, part in _parts(message):
                kept = self._kept.setdefault(key, [])
                kept.append(part)
                if len(kept) > 1 and kept[-2][1] > part[1]:
                    kept.sort(key=_sample)
                while len(kept) > 1 and kept[1][1] <= played:
                    del kept[0]

    def at(self, played: int) -> tuple[list[Message], list[Message]]:
        """What was carried out up to a sample, and what is still to come,
        in the order of the player's.
        """
        with self._lock:
            kept = [each for messages in self._kept.values() for each in messages]
        kept.sort(key=_order)
        return (
            [message for message in kept if _sample(message) <= played],
            [message for message in kept if _sample(message) > played],
        )


def _parts(message: Message) -> Iterator[tuple[object, Message]]:
    """A message as one for each thing that it is about, with what it is about."""
    name, sample, *values = message
    if name == "hand":
        for place, value in values[0]:
            yield ("hand", place), ("hand", sample, ((place, value),))
    elif name == "turn":
        for change in values[0]:
            yield ("turn", change[:3]), ("turn", sample, (change,))
    else:
        yield (name, *values[:-1]), message


def _sample(message: Message) -> int:
    return int(message[1])


def _order(message: Message) -> tuple[int, bool]:
    return _sample(message), message[0] == "hand"
