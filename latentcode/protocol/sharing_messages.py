"""What a render says to the processes that share its voices, and they to it."""

from __future__ import annotations

from typing import TypeAlias

from latentcode.protocol.messages import Message
from latentcode.protocol.player_messages import PlayerCommand

# render → share


class Share(Message, frozen=True):
    """Render some voices of a session: `work` is a pickled `offline.performed.Work`."""

    work: bytes


ToShare: TypeAlias = Share


# share → render


class Made(Message, frozen=True):
    """The next blocks of its voices.

    sound  float32 in bytes: left and right of each voice in turn, all samples of one after another
    sizes  samples of each block
    told   what the player is told of each block; nothing from all but the first share
    said   what the musician should know
    """

    sound: bytes
    sizes: tuple[int, ...]
    told: tuple[tuple[PlayerCommand, ...], ...]
    said: tuple[str, ...]


class Over(Message, frozen=True):
    """The session ends here."""


class Troubled(Message, frozen=True):
    """A pattern has failed, which others may have to know of."""


FromShare: TypeAlias = Made | Over | Troubled
