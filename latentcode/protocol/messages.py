"""What the processes say to one another: each message, who says it to whom, and what it holds.

    desk ⇄ engine ⇄ player (`player_messages.py`)
    observers ← ⇅
                encoder, MIDI in, MIDI out (`helper_messages.py`)

A message is a frozen value. A `Wire` packs it (msgpack: the name of its class and its fields by
theirs), and the receiver knows it again by the union of all that it is told, as `ToEncoder`. What
is in no such union, or holds what its fields do not allow, is left out, with a sentence in the log.
Reading a message runs no code.
"""

from __future__ import annotations

import re
from typing import Any, TypeAlias, get_args

from msgspec import Struct

from latentcode.protocol.state import Assignments, Preparing, TimingState, VoiceState

Place = tuple[str | int, ...]
"""("gain", voice), ("pan", voice), ("master",), or of an effect ("turn", rack, place in the chain, parameter)."""

Given = tuple[tuple[Place, float], ...]
"""What hands have given to places."""


def _spoken(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


class Message(Struct, frozen=True, tag=_spoken):
    """What all messages have in common: they are known by the name of their class,
    as not_encoded.
    """


def name_of(message: Message) -> str:
    """The name by which a message is known."""
    return str(message.__struct_config__.tag)


def by_name(union: Any) -> dict[str, Any]:
    """The messages of a union by their names."""
    return {str(one.__struct_config__.tag): one for one in get_args(union)}


def tupled(value: Any) -> Any:
    """A value with tuples where the way over a wire has made lists of them."""
    if isinstance(value, list):
        return tuple(map(tupled, value))
    return {key: tupled(item) for key, item in value.items()} if isinstance(value, dict) else value


class Notice(Message, frozen=True):
    """Any process → the one that started it, and so to the musician: a sentence."""

    text: str


class Encoding(Message, frozen=True):
    """Encoder → engine → desk: so many windows of all are encoded of the sound `name`."""

    done: int
    total: int
    name: str


class Record(Message, frozen=True):
    """Desk → engine → player: record what is heard to a .wav or .flac file; None: stop.

    stems    whether each voice that sounds gets a file of its own beside it
    outputs  whether the file has all outputs, and not the first two alone
    """

    path: str | None
    stems: bool = False
    outputs: bool = False


# desk → engine


class Attach(Message, frozen=True):
    """Whoever calls at the engine's door is its desk from now on;
    the desk before is told `Replaced`.
    """


class Observe(Message, frozen=True):
    """Whoever calls at the engine's door hears what the desk hears, but answers;
    what it says does not count, but for this: `looks`, whether it is told `Look` and `Sliders`,
    too; `sliders`, whether those alone.
    """

    looks: bool = False
    sliders: bool = False


class Block(Message, frozen=True):
    """A block of code has run, or runs still: its number, its code, whether it raised,
    its commands.

    Commands are bytes here and below (see `set/kinds/`).
    """

    number: int
    code: str
    failed: bool
    commands: tuple[bytes, ...]


class SentBy(Message, frozen=True):
    """Who sends the block of a number, which follows: the name of an editor."""

    number: int
    name: str


class More(Message, frozen=True):
    """More commands of a block that runs: the part of it (from 1) that they are."""

    number: int
    part: int
    commands: tuple[bytes, ...]


class Done(Message, frozen=True):
    """A block of which `More` was told has ended, or raised."""

    number: int
    failed: bool


class Unheard(Message, frozen=True):
    """Blocks that no engine will be told any more."""

    numbers: tuple[int, ...]


class Answered(Message, frozen=True):
    """What a block was told, for the journal: the place of the question,
    and the answer as a word of the journal.
    """

    name: str
    word: str


class Opened(Message, frozen=True):
    """A line has named a folder of sounds: as it was typed, and how many there are."""

    place: str
    count: int


class Ask(Message, frozen=True):
    """A question, to be answered by `Answer` with the same number;
    the kinds stand in `engine/queries.py`.
    """

    number: int
    kind: str
    arguments: tuple[Any, ...] = ()


class Lead(Message, frozen=True):
    """How far to render ahead, in ms; None: it is found by itself."""

    milliseconds: float | None


class Grab(Message, frozen=True):
    """Take the last cycles (text of a fraction) of a voice, 0 to 15, as a sound of that name; those
    of `inputs`, where any are given.
    """

    name: str
    voice: int
    cycles: str
    inputs: tuple[int, ...] = ()


class Timing(Message, frozen=True):
    """Be in time with others: a topic of `engine/sync.py`, and what is asked."""

    topic: str
    values: tuple[Any, ...] = ()


class MidiIn(Message, frozen=True):
    """The MIDI inputs to listen to, by parts of their names, or (`virtual`) to make."""

    names: tuple[str, ...]
    virtual: bool


class Outlet(Message, frozen=True):
    """A MIDI output will be sent to; with `virtual` it is made."""

    port: str
    virtual: bool


class Sysex(Message, frozen=True):
    """A message to be sent to a MIDI output now, as it is."""

    port: str
    data: bytes


class Bye(Message, frozen=True):
    """The desk leaves; the engine fades and ends, or (`keep`) plays on."""

    keep: bool


# … of a set that is put back, or played again


class Restore(Message, frozen=True):
    """All commands of the set so far, each with its stamp:
    an engine that takes over begins after them.
    """

    commands: tuple[tuple[int, bytes], ...]


class TakeUp(Message, frozen=True):
    """All commands of a set of before, each with its stamp: it goes on after them, as soon as all
    that plays is there.
    """

    commands: tuple[tuple[int, bytes], ...]


class Stamped(Message, frozen=True):
    """Commands with the stamps that they had."""

    commands: tuple[tuple[int, bytes], ...]


class Hands(Message, frozen=True):
    """What hands did: the key of a control, the stamp, the value."""

    inputs: tuple[tuple[str, int, float], ...]


class Held(Message, frozen=True):
    """What hands gave the player: from a sample on these places had these values."""

    values: tuple[tuple[int, Given], ...]


class Decided(Message, frozen=True):
    """What was set aside: place, sample, digest (see `clock/set_aside.py`)."""

    known: tuple[tuple[str, int, str], ...]


class Missed(Message, frozen=True):
    """What was not encoded in time: voice, sample, the digest of the note or None for all."""

    known: tuple[tuple[int, int, str | None], ...]


class Unread(Message, frozen=True):
    """What of a voice was not read in time: as `Missed`."""

    known: tuple[tuple[int, int, str | None], ...]


class CameIn(Message, frozen=True):
    """What was recorded of what came in: input, first sample, file; and by how many samples later
    it was heard, from which sample on; and what of it was not encoded in time, or
    was read later for it.
    """

    recordings: tuple[tuple[int, int, str], ...]
    delays: tuple[tuple[int, int], ...]
    unencoded: tuple[tuple[str, tuple[int, ...]], ...] = ()
    eases: tuple[tuple[str, int, int], ...] = ()


class Repeat(Message, frozen=True):
    """A replay is played from its first sample up to another one, again and again."""

    first: int
    last: int


class Replayed(Message, frozen=True):
    """A block of a session that is played again takes effect: it is noted, for those who read its
    code where the engine writes, with who sent it, and the target and digest of what it asked for,
    which comes as `Stamped`.
    """

    number: int
    code: str
    failed: bool
    by: str
    marks: tuple[tuple[str, str], ...]


class CommandLine(Message, frozen=True):
    """The command line of an engine that was started before there was one (`engine/early.py`)."""

    words: tuple[str, ...]


class Begin(Message, frozen=True):
    """The set begins: all that comes before its first sample has been told."""


FromDesk: TypeAlias = (
    Attach
    | Observe
    | Block
    | SentBy
    | More
    | Done
    | Unheard
    | Answered
    | Opened
    | Ask
    | Lead
    | Record
    | Grab
    | Timing
    | MidiIn
    | Outlet
    | Sysex
    | Bye
    | Restore
    | TakeUp
    | Stamped
    | Hands
    | Held
    | Decided
    | Missed
    | Unread
    | CameIn
    | Repeat
    | Begin
    | Replayed
    | CommandLine
)


# engine → desk, and all but `Answer` → observers


class Hello(Message, frozen=True):
    """Ready: the engine's journal, model and lead (ms), the rate (Hz),
    buffer (samples) and name of its device.
    """

    journal: str
    model: str
    sample_rate: int
    buffer: int
    driver: str
    seed: int
    lead: float
    version: str


class State(Message, frozen=True):
    """How the set stands, ten times a second; as it is before an engine has spoken where nothing is
    given.

    sample, playhead      session samples: the first that is not rendered, and that which the player
                          comes to next
    cycle, bpm, beats     at the playhead
    load, player_load     shares of the time that they have, 0 to 1
    dry, xruns            buffers without samples, and that came late
    peak, held, over      the present peaks, the largest of two seconds, by what factor it was over
                          the ceiling
    faders                those that were moved: where they stand, and what moves them
    waiting               what waits for its hand: its name, where the control is to go, and which
                          way (1 up, −1 down)
    capturing             gestures that are taken: key, cycles done (below 0: to come), cycles in
                          all
    """

    bpm: float | None = None
    cycle: float = 0.0
    beats: int = 4
    sample: int = 0
    playhead: int = 0
    lead: float | None = None
    load: float = 0.0
    player_load: float = 0.0
    dry: int = 0
    xruns: int = 0
    peak: tuple[float, ...] = ()
    held: float = 0.0
    over: float = 1.0
    voice_peaks: tuple[float, ...] = ()
    voices: tuple[VoiceState, ...] = ()
    scenes: tuple[str, ...] = ()
    hands: Assignments = Assignments()
    swing: float | None = None
    master: float = 1.0
    faders: dict[str, tuple[float, str]] | None = None
    waiting: tuple[tuple[str, float, int], ...] = ()
    capturing: tuple[tuple[str, float, float], ...] = ()
    recording: str | None = None
    fx: str = ""
    outputs: int = 8
    timing: TimingState = TimingState()
    midi: tuple[str, ...] = ()
    device: str = ""
    preparing: Preparing = ((), "")


class Accepted(Message, frozen=True):
    """Commands of a block are stamped: target, digest, the sample from which each takes effect;
    those of a part of it (see `More`), 0: its first.
    """

    number: int
    marks: tuple[tuple[str, str, int], ...]
    part: int = 0


class Refused(Message, frozen=True):
    """A command of a block cannot be done, and why."""

    number: int
    target: str
    text: str


class Failed(Message, frozen=True):
    """What a voice, 0 to 15, plays has failed; `replaced`: its last good pattern plays again."""

    voice: int
    text: str
    replaced: bool


class Without(Message, frozen=True):
    """What the engine before this one hung in is set aside."""

    place: str


class Replaced(Message, frozen=True):
    """Another desk has attached itself; a sentence on it."""

    text: str


class Answer(Message, frozen=True):
    """The answer to a question of that number, of plain values."""

    number: int
    value: Any


ToDesk: TypeAlias = (
    Hello | State | Accepted | Refused | Failed | Without | Encoding | Notice | Replaced | Answer
)
