"""What engine and player say to one another: each message, and who says it.

`Record` and `Notice` of `messages.py` come this way, too. A player holds what it is told against
the bounds that stand here, so that nothing else reaches its graph.
"""

from __future__ import annotations

from typing import Annotated, TypeAlias

from msgspec import Meta

from latentcode.parameters import MASTER, MOST_EFFECTS, VOICES
from latentcode.protocol.messages import Given, Message, Place, Record
from latentcode.protocol.ringbuffer import INPUTS

MAX_PAIRS = 4
Voice = Annotated[int, Meta(ge=0, lt=VOICES)]
Rack = Annotated[int, Meta(ge=0, le=MASTER)]
Factor = Annotated[float, Meta(ge=0, le=8)]
_At = Annotated[int, Meta(ge=0, le=MOST_EFFECTS)]

Change = tuple[Rack, _At, _At, Annotated[float, Meta(ge=-1e6, le=1e6)]]
"""Of a parameter of an effect: rack, place in the chain, parameter, value."""

Spec = tuple[tuple[str, tuple[float, ...]], ...]
"""Effects in the order of the flow: name, values in the order of `PARAMETERS`."""

# engine → player: commands, which hold from the first of its buffers on that begins at `sample` or later (samples of
# the player's own counter), and what holds at once


class Gain(Message, frozen=True):
    """The fader of a voice: a factor."""

    sample: int
    voice: Voice
    value: Factor


class Pan(Message, frozen=True):
    """The place of a voice: −1 left to 1 right."""

    sample: int
    voice: Voice
    value: Annotated[float, Meta(ge=-1, le=1)]


class Master(Message, frozen=True):
    """The fader of the set: a factor."""

    sample: int
    value: Factor


class Out(Message, frozen=True):
    """The pair of outputs of a voice, counted from 0."""

    sample: int
    voice: Voice
    pair: Annotated[int, Meta(ge=0, lt=MAX_PAIRS)]


class Fx(Message, frozen=True):
    """The effects of a voice, or under `MASTER` of the mix:
    (name, values in the order of `PARAMETERS`) of each.
    """

    sample: int
    rack: Rack
    chain: Annotated[Spec, Meta(max_length=MOST_EFFECTS)]


class Turn(Message, frozen=True):
    """Parameters that move: rack, place in the chain, parameter, value."""

    sample: int
    changes: tuple[Change, ...]


class Hand(Message, frozen=True):
    """What hands have given to places.

    From the player: it holds from this border on; to it: as it once did.
    """

    sample: int
    given: Given


class Now(Message, frozen=True):
    """What hands do, at the next border: a place, the sample of the command that gave it to the
    hand, the value.
    """

    items: tuple[tuple[Place, int, float], ...]


class Listen(Message, frozen=True):
    """Open so many inputs at least; what plays goes on meanwhile."""

    inputs: Annotated[int, Meta(ge=1, le=INPUTS)]


class Stand(Message, frozen=True):
    """First of all to a player that takes over: the commands that the one before has
    carried out.
    """

    commands: tuple[PlayerCommand, ...]


class Quit(Message, frozen=True):
    """Fade out in so many seconds, and end."""

    seconds: Annotated[float, Meta(ge=0, le=60)]


PlayerCommand: TypeAlias = Gain | Pan | Master | Out | Fx | Turn | Hand
ToPlayer: TypeAlias = PlayerCommand | Now | Record | Listen | Stand | Quit


# player → engine


class Ready(Message, frozen=True):
    """It plays: rate (Hz), buffer (samples), driver ("jack", "portaudio", "timer") and what it is
    called, outputs.
    """

    rate: int
    buffer: int
    driver: str
    text: str
    outputs: int


class Dry(Message, frozen=True):
    """These samples, the last with them, were not there in time."""

    first: int
    last: int


class Device(Message, frozen=True):
    """The device is "lost", "back" or "changed", and a new graph plays from `sample` on, in
    buffers of `buffer` samples.
    """

    what: str
    text: str
    sample: int
    outputs: int
    buffer: int


class Listening(Message, frozen=True):
    """So many inputs are open; a sentence on why there are no more, where more were asked for."""

    inputs: int
    text: str


class Sanitised(Message, frozen=True):
    """So many samples of a voice were mended in the buffer that begins at `sample`."""

    sample: int
    voice: int
    count: int


class Late(Message, frozen=True):
    """A command that came after its sample: its key (see `player/transport.py`),
    and where it was applied.
    """

    key: str
    sample: int
    applied: int


class Bad(Message, frozen=True):
    """A chain of effects gave what is no number; it is built anew."""

    sample: int
    rack: int


class Recording(Message, frozen=True):
    """A recording begins with a sample."""

    path: str
    first: int


class Recorded(Message, frozen=True):
    """A recording is whole."""

    path: str
    first: int
    frames: int


class Settled(Message, frozen=True):
    """All that happened before a sample has been told; said while something is recorded."""

    sample: int


class Ending(Message, frozen=True):
    """The player fades from a sample on, for so many seconds, and ends."""

    sample: int
    seconds: float


class Error(Message, frozen=True):
    """Something is amiss: a sentence."""

    text: str


FromPlayer: TypeAlias = (
    Ready
    | Dry
    | Device
    | Listening
    | Sanitised
    | Late
    | Hand
    | Bad
    | Recording
    | Recorded
    | Settled
    | Ending
    | Error
)
