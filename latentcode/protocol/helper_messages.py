"""What the engine and its helpers say to one another: the encoder, MIDI in, MIDI out.

Each message, and who says it; `Notice` and `Encoding` of `messages.py` come this way, too.
"""

from __future__ import annotations

from typing import TypeAlias

from latentcode.protocol.messages import Encoding, Message, Notice

Array = tuple[tuple[int, ...], bytes]
"""An array of float32: its shape, and its bytes."""

# engine → encoder


class Encode(Message, frozen=True):
    """Encode a sound, and leave its latent frames in the cache under `key`.

    `name` and `file` are the sound's, `sound` its digest, `samples` float32 in bytes where it is in
    no file; `hop` and `length` (None: the sound's own) are in samples; `levelled`: whether it is
    matched in loudness; `model`: the file of another model than the set's.
    """

    key: str
    name: str
    file: str | None
    sound: str
    samples: bytes | None
    hop: int
    length: int | None
    levelled: bool
    model: str = ""


ToEncoder: TypeAlias = Encode


# encoder → engine


class Encoded(Message, frozen=True):
    """The frames of `key` are in the cache."""

    key: str


class Unkept(Message, frozen=True):
    """The cache cannot be written, and why: the frames themselves,
    their means and logarithmic variances.
    """

    key: str
    text: str
    mean: Array
    logvar: Array | None


class NotEncoded(Message, frozen=True):
    """A sound cannot be encoded, and why."""

    key: str
    text: str


FromEncoder: TypeAlias = Encoding | Encoded | Unkept | NotEncoded | Notice


# engine → MIDI in


class Choose(Message, frozen=True):
    """Listen to the inputs with one of `fragments` in their names ("*": all); nothing: to none."""

    fragments: tuple[str, ...]


class Make(Message, frozen=True):
    """Make an input of our own, which others connect to."""

    name: str


ToMidiIn: TypeAlias = Choose | Make


# MIDI in → engine


class Inputs(Message, frozen=True):
    """What has arrived, in its order: the key of a control, its value,
    the moment (time.monotonic()).
    """

    found: tuple[tuple[str, float, float], ...]


class Realtime(Message, frozen=True):
    """Clock, start, stop, continue or song position,
    as it came from a port at a moment (time.monotonic()).
    """

    port: str
    data: bytes
    moment: float


class InputNames(Message, frozen=True):
    """The names of the inputs that are listened to, and of all that are there."""

    heard: tuple[str, ...]
    there: tuple[str, ...]


FromMidiIn: TypeAlias = Inputs | Realtime | InputNames | Notice


# engine → MIDI out


class At(Message, frozen=True):
    """Send bytes to an output at a moment (time.monotonic()); at once where it is over."""

    moment: float
    port: str
    data: bytes


class Open(Message, frozen=True):
    """Look for an output; with `virtual` make one of that name for others to connect to."""

    port: str
    virtual: bool


class Struck(Message, frozen=True):
    """A process that died has struck these keys, (channel from 0, number):
    they are to be let go of.
    """

    port: str
    keys: tuple[tuple[int, int], ...]


class Reopen(Message, frozen=True):
    """Open all outputs anew: the sound server was started again."""


class NameOutputs(Message, frozen=True):
    """Say which outputs there are."""


ToMidiOut: TypeAlias = At | Open | Struck | Reopen | NameOutputs


# MIDI out → engine


class OutputNames(Message, frozen=True):
    """The outputs that are there."""

    names: tuple[str, ...]


class OutputThere(Message, frozen=True):
    """Whether an output that was looked for is there."""

    port: str
    there: bool


FromMidiOut: TypeAlias = OutputNames | OutputThere | Notice
