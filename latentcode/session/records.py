"""The vocabulary of a journal: every mark that may stand in one, how it is written,
and what it must hold.

A mark is a comment, `# @ NAME WORD WORD …`; a class below is what one says. `forms` are the ways it
is written, the newest first; each word of a form in capitals is one of `marks.KINDS`, others stand
for themselves, and what is in brackets comes any number of times. Samples are session samples, at
the rate of the header.

A form is never taken away: sessions of before are read for ever. A new one goes before it, with a
field that has a default for what it adds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

from latentcode.clock.set_aside import ANY
from latentcode.session.marks import MARK, SAMPLES, Form, Place, form

FIRST_LINE = "# latentcode session 1"
ALL = "all"  # the header's word on marks: what never counted has one, too
RECORDS: dict[str, type[Record]] = {}


class Record:
    """What a mark says.

    Its fields are the words of its form, in their order; the last holds those that repeat.
    """

    name: ClassVar[str]
    forms: ClassVar[tuple[str, ...]]

    def __init_subclass__(cls, name: str, forms: tuple[str, ...]) -> None:
        cls.name, cls.forms = name, forms
        RECORDS[name] = cls

    @classmethod
    def parse(cls, words: Sequence[str]) -> Record | None:
        """The record of these words, which stand after its name; None where they are of no form."""
        for one in map(form, cls.forms):
            if (values := one.read(words)) is not None:
                return cls(*_gathered(values, one))
        return None

    @classmethod
    def usage(cls) -> str:
        """How the mark is written."""
        return " or ".join(f"{MARK}{cls.name} {one}" for one in cls.forms)

    def format(self) -> str:
        """The mark, without a line end."""
        values = self.values()
        while values and values[-1] is None:  # not given
            values.pop()
        ways = (form(one).write(values) for one in self.forms)
        return " ".join([f"{MARK}{self.name}", *next(words for words in ways if words is not None)])

    def samples(self) -> Iterable[int]:
        """The samples that it speaks of."""
        values = self.values()
        kinds = form(self.forms[0]).kinds(len(values))
        return [value for kind, value in zip(kinds, values, strict=True) if kind in SAMPLES]

    def moved(self, there: Callable[[int], int]) -> Record:
        """The same, with all samples that it speaks of where `there` says."""
        values = self.values()
        one = form(self.forms[0])
        pairs = zip(one.kinds(len(values)), values, strict=True)
        values = [there(value) if kind in SAMPLES else value for kind, value in pairs]
        return type(self)(*_gathered(values, one))

    def values(self) -> list[Any]:
        """What its words stand for, one after another."""
        values = [getattr(self, field) for field in self.__dataclass_fields__]  # type: ignore[attr-defined]
        again = len(form(self.forms[0]).again)
        if again:
            rows = values.pop()
            values += rows if again == 1 else [value for row in rows for value in row]
        return values


def _gathered(values: list[Any], of: Form) -> list[Any]:
    """Values with those that repeat in one, as rows."""
    first, size = len(of.first), len(of.again)
    if not size:
        return values
    rest = values[first:]
    rows = rest if size == 1 else zip(*(rest[place::size] for place in range(size)), strict=True)
    return [*values[:first], tuple(rows)]


# what was asked


@dataclass(frozen=True)
class Failed(Record, name="failed", forms=("NUMBER",)):
    """A block raised an error, or was interrupted."""

    block: int


@dataclass(frozen=True)
class SentBy(Record, name="by", forms=("NUMBER WORD",)):
    """Who sent a block: the name of an editor; what was typed at the prompt has no such mark."""

    block: int
    sender: str


@dataclass(frozen=True)
class Unheard(Record, name="unheard", forms=("NUMBER WORD WORD", "NUMBER")):
    """A command of a block never counted: it was refused, or a later line was ready before it.

    Without a target all of the block that has no mark.
    """

    block: int
    target: str | None = None
    digest: str | None = None

    @property
    def command(self) -> tuple[str, ...]:
        """Its target and digest; () without."""
        return () if self.target is None or self.digest is None else (self.target, self.digest)


@dataclass(frozen=True)
class Answer(Record, name="answer", forms=("NAME JSON",)):
    """What a block was told when it asked; `place`: the number of the block,
    and of the question in it.

    `text` is for `marks.value_of`.
    """

    place: str
    text: str


@dataclass(frozen=True)
class Timing(Record, name="timing", forms=("WORD JSON",)):
    """Who leads the tempo, and who follows (see `engine/sync.py`);
    `text` is for `marks.value_of`.
    """

    topic: str
    text: str


@dataclass(frozen=True)
class Grab(Record, name="grab", forms=("NAME VOICE FRACTION SAMPLE",)):
    """The last cycles of a voice were kept under a name, up to a sample."""

    grab: str
    voice: int
    cycles: Fraction
    sample: int


@dataclass(frozen=True)
class Bookmark(Record, name="bookmark", forms=("WORD SAMPLE",)):
    """A place has a name."""

    bookmark: str
    sample: int


@dataclass(frozen=True)
class GrabbedInput(Record, name="grab_in", forms=("NAME FRACTION SAMPLE [NUMBER]",)):
    """The same of what came in at some inputs."""

    grab: str
    cycles: Fraction
    sample: int
    inputs: tuple[int, ...]


@dataclass(frozen=True)
class Sound(Record, name="sound", forms=("WORD WORD",)):
    """A file of the musician's that was played, by the name that found it, and its digest."""

    file: str
    digest: str


@dataclass(frozen=True)
class Folder(Record, name="folder", forms=("WORD NUMBER",)):
    """A folder of the musician's that a line named, as it was typed, and how many sounds it had."""

    place: str
    count: int


@dataclass(frozen=True)
class Model(Record, name="model", forms=("WORD WORD WORD",)):
    """Another model than the set's that was played: what it was called, its digest, its file."""

    called: str
    digest: str
    file: str


@dataclass(frozen=True)
class Delay(Record, name="delay", forms=("WORD NUMBER",)):
    """How many samples late an exported model is, by its digest, as it was found to be."""

    digest: str
    samples_late: int


@dataclass(frozen=True)
class EncodingDelay(Record, name="encoding_delay", forms=("WORD NUMBER",)):
    """The same of its encoder and decoder together, which decides where the frames of a sound
    lie.
    """

    digest: str
    samples_late: int


@dataclass(frozen=True)
class MidiIn(Record, name="midi_in", forms=("[WORD]",)):
    """The inputs to listen to, by parts of their names, from here on."""

    parts: tuple[str, ...]


@dataclass(frozen=True)
class MidiPort(Record, name="midi_port", forms=("WORD",)):
    """An input of ours that others send to was opened."""

    port: str


# what hands and others did


@dataclass(frozen=True)
class Inputs(Record, name="in", forms=("[WORD SAMPLE VALUE]",)):
    """What hands did: each input's key (see `inputs/keys.py`), the first sample that it may affect,
    its value.
    """

    inputs: tuple[tuple[str, int, float], ...]


@dataclass(frozen=True)
class DirectValues(Record, name="hand", forms=("SAMPLE [PLACE VALUE]",)):
    """What hands gave the player at the border of a buffer (see `set/live_ownership.py`)."""

    sample: int
    given: tuple[tuple[Place, float], ...]


@dataclass(frozen=True)
class Packed(Record, name="packed", forms=("WORD NUMBER zlib-base85",)):
    """So many of the marks of a name, in the comments below (see `session/packing.py`)."""

    marks: str
    count: int
    coding: str = "zlib-base85"


@dataclass(frozen=True)
class LeaderTempo(Record, name="tempo", forms=("SAMPLE FRACTION FRACTION", "SAMPLE -")):
    """Who leads gave the tempo (cycles per second), leaving `jump` cycles out;
    without one it is ours again.
    """

    sample: int
    cps: Fraction | None = None
    jump: Fraction | None = None


@dataclass(frozen=True)
class LeaderTransport(Record, name="transport", forms=("SAMPLE start", "SAMPLE stop", "SAMPLE begun")):
    """Who leads has started, or stopped; or something has begun here while they were stopped."""

    sample: int
    what: str


@dataclass(frozen=True)
class Listening(Record, name="listening", forms=("NUMBER SAMPLE WORD",)):
    """What came in at an input (from 1) was recorded, beside the journal, from a sample on."""

    channel: int
    sample: int
    file: str


@dataclass(frozen=True)
class Delayed(Record, name="delayed", forms=("SAMPLE FRAMES",)):
    """From a sample on what came in was heard later, beside what frames reach ahead."""

    sample: int
    samples_late: int

    def samples(self) -> Iterable[int]:
        return (self.sample,)


# what wall time decided


@dataclass(frozen=True)
class Dry(Record, name="dry", forms=("SAMPLE SAMPLE",)):
    """Samples, the last included, that were not there in time: the player faded, and counted on."""

    first: int
    last: int


@dataclass(frozen=True)
class Jump(Record, name="jump", forms=("SAMPLE SAMPLE",)):
    """The machine stood still: what lies between was never rendered."""

    before: int
    after: int


@dataclass(frozen=True)
class Device(Record, name="device", forms=("TIME BUFFER",)):
    """Another device or player plays from a sample on, in buffers of so many samples."""

    sample: int
    buffer: int


@dataclass(frozen=True)
class Restart(Record, name="restart", forms=("SAMPLE",)):
    """Another engine has taken over."""

    sample: int


@dataclass(frozen=True)
class Fallback(Record, name="fallback", forms=("WORD SAMPLE WORD", "WORD SAMPLE")):
    """What took too long at a place, by its digest, was set aside (`clock/set_aside.py`)."""

    place: str
    sample: int
    digest: str = ANY


@dataclass(frozen=True)
class Missed(Record, name="missed", forms=("VOICE SAMPLE WORD", "VOICE SAMPLE")):
    """A note whose sounds were not encoded in time was left out;
    without a name all that begin there.
    """

    voice: int
    sample: int
    note: str | None = None


@dataclass(frozen=True)
class Unread(Record, name="unread", forms=("VOICE SAMPLE",)):
    """The sounds of a pattern that a morph came from were not encoded in time."""

    voice: int
    sample: int


@dataclass(frozen=True)
class Behind(Record, name="behind", forms=("WORD SAMPLE",)):
    """What a process decodes ahead was not there for a place: it fell silent at a sample."""

    place: str
    sample: int


@dataclass(frozen=True)
class Unencoded(Record, name="unencoded", forms=("WORD [NUMBER]",)):
    """Frames of what came in, by their numbers, were not encoded in time by a model that follows it
    (see `sounds/following.py`): the frame before was heard in their place.
    """

    following: str
    numbers: tuple[int, ...]

    def each(self) -> list[tuple[str, int]]:
        """Each frame of them, with who was to encode it."""
        return [(self.following, number) for number in self.numbers]


@dataclass(frozen=True)
class Eased(Record, name="eased", forms=("WORD SAMPLE FRAMES",)):
    """From a sample on what a model follows was read so many of its samples later, as it was not
    encoded in time.
    """

    following: str
    sample: int
    later: int

    def samples(self) -> Iterable[int]:
        return (self.sample,)


@dataclass(frozen=True)
class Late(Record, name="late", forms=("WORD TIME TIME",)):
    """A message came to the player after its sample, and took effect at a later one."""

    key: str
    sample: int
    applied: int


@dataclass(frozen=True)
class Recording(Record, name="recording", forms=("TIME FRAMES WORD",)):
    """So many samples were recorded to a file, the first of them at a sample."""

    first: int
    frames: int
    path: str

    def samples(self) -> Iterable[int]:
        return self.first, self.frames, self.first + self.frames


@dataclass(frozen=True)
class Take(Record, name="take", forms=("TIME WORD",)):
    """A recording to a file began with a sample; its `Recording` says how long it became."""

    first: int
    path: str


@dataclass(frozen=True)
class Deaf(Record, name="deaf", forms=("SAMPLE SAMPLE",)):
    """What came in in this time, the last sample included, was lost: it is silence."""

    first: int
    last: int


@dataclass(frozen=True)
class Unwritten(Record, name="unwritten", forms=("SAMPLE SAMPLE NUMBER",)):
    """In this time the disk took nothing; what waited is there, but so many lines."""

    first: int
    last: int
    lost: int


@dataclass(frozen=True)
class Reached(Record, name="reached", forms=("SAMPLE",)):
    """The set has come to a sample; in digits that can be written over (`session/reaching.py`)."""

    sample: int

    def format(self) -> str:
        return f"{MARK}{self.name} {self.sample:012}"


@dataclass(frozen=True)
class End(Record, name="end", forms=("SAMPLE",)):
    """The set was over."""

    sample: int
