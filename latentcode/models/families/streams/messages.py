"""What is said to the process in which an exported model runs, and what it says.

Samples and latents are float32 in bytes, channels first: (channels, n).
"""

from __future__ import annotations

from typing import TypeAlias

from latentcode.protocol.messages import Message

Setting: TypeAlias = tuple[str, tuple[bool | int | float | str, ...]]  # an attribute, and its values


# to the process


class Load(Message, frozen=True):
    """Load a file for one of its methods; the first thing that is said.

    digest         of what the file holds; anything else is not loaded
    inner          the attribute in which the model lies, with dots; "": the file's own
    inputs         channels in, and samples of sound between two values of one
    outputs        the same of what comes out
    streams        whether it remembers what came before
    rows, columns  of a call: rows together, and values of each channel of a row
    kind, codes    of latents: "continuous", "codes" or "angles", and how many codes there are
    delay          samples by which what comes out is late, where that is known
    decoding       samples by which what is decoded is late, for what encodes
    attributes     what can be set in it, by name: the types of its values
    memory         bytes that it may take beyond what it takes when it is loaded
    """

    file: str
    digest: str
    inner: str
    method: str
    inputs: tuple[int, int]
    outputs: tuple[int, int]
    streams: bool
    rows: int
    columns: int
    kind: str
    codes: int
    delay: int | None
    decoding: int
    memory: int
    attributes: tuple[tuple[str, tuple[str, ...]], ...] = ()


class Begin(Message, frozen=True):
    """Let a row begin anew, and give it its first values, alone.

    `settings`: from which value on which attributes are set; all others are as they were loaded.
    """

    number: int
    row: int
    values: bytes
    seed: int
    settings: tuple[tuple[int, tuple[Setting, ...]], ...] = ((0, ()),)


class Step(Message, frozen=True):
    """Go on with some rows: values (rows, channels, columns); `settings`: attributes that are set
    meanwhile.
    """

    number: int
    rows: tuple[int, ...]
    values: bytes
    seed: int
    settings: tuple[Setting, ...] = ()


class Improvise(Message, frozen=True):
    """Let a row go on by itself, or begin where `made` is 0: values (channels, n), which go in one
    after the other; `made`: how many it has been given so far, which the chance of each depends on,
    and on the seed.
    """

    number: int
    row: int
    made: int
    values: bytes
    seed: int


class Forget(Message, frozen=True):
    """No row from this one on is used."""

    row: int


ToModel: TypeAlias = Load | Begin | Step | Improvise | Forget


# from the process


class Loaded(Message, frozen=True):
    """It is loaded: samples by which what comes out is late, whether it draws random numbers."""

    delay: int
    chance: bool


class Unloaded(Message, frozen=True):
    """It cannot be loaded, and why."""

    text: str


class Made(Message, frozen=True):
    """What came of a `Begin`, a `Step` or an `Improvise`: (rows, channels, n).

    `spoilt`: rows, by their places in it, that raised an error, and what that says; they remember
    what they did before. `refused`: attributes that could not be set, and so were as they were
    loaded, in a sentence for each.
    """

    number: int
    values: bytes
    spoilt: tuple[tuple[int, str], ...] = ()
    refused: tuple[str, ...] = ()


FromModel: TypeAlias = Loaded | Unloaded | Made
