"""What a kind of model has to offer, and the table of those that there are.

A family is a file of `models/families`, or a folder where it has much to read: it registers itself
when it is imported, and is found there. One that lives elsewhere is a module that an installed
package names in the group `latentcode.families` of its entry points; whatever opens a model finds
it, the processes of a set among them. A family says which files are its own and reads their cards
without torch and without weights; with weights it is a codec, which encodes whole sounds into
latent frames and makes a decoder, which decodes the frames of all layers that sound in one call.
What these give is looked at (`models/given.py`): what does not fit costs a voice its pattern, or a
sound its frames, with a message that says what was expected.

What a layer needs to go on from frame to frame is its slot: `open` gives it one, `close` frees it,
and a decoder keeps in it what it likes.

| kind | what a decoded frame is | what a slot holds |
| --- | --- | --- |
| window | samples that begin at its moment, laid as the synthesis likes | nothing |
| spectral | a windowed frame that is centred on its moment | a phase for each bin |
| stream | the samples that come next | a row of the batch |
| sequence | discrete steps, each of the steps before | what was drawn so far |

A card of any kind but window says in `hops` how far apart its frames may be. A windowed frame has
`card.span_at(hop)` samples, under a window that sums up to 1 with those beside it, as
`faded(span, hop)` of `frames.py`. A sequence is laid as spectra are.

A stream that is quick enough is decoded as the others are. One that is not works beside the music,
in a process of its own (`AheadDecoder`), and keeps its state in rows of a batch. `open` takes the
lowest row that is free, `close` frees it. A call is always given as many rows, as a row of one
batch size is not that of another to the bit; a row that has no job stays as it was. What comes out
of it late by some samples is named in the card's details once it is loaded (`DELAY`), and with it
how many frames a layer begins with at once (`OPENING`), so that it is heard from its beginning on,
and how many it goes on by (`TOGETHER`). A frame source reads latents so much further ahead, as a
pattern knows what comes; hands alone feel it.

A family that can be trained is `Trainable` as well: see `models/recipe.py`.
"""

from __future__ import annotations

import os
import warnings
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Literal, NamedTuple, Protocol, runtime_checkable

import numpy as np

from latentcode.arrays import Float32
from latentcode.errors import ModelError
from latentcode.frames import Frames, Prior
from latentcode.models.card import Card, Kind, model_file
from latentcode.models.given import sound_card

Device = Literal["auto", "cpu", "cuda"]
Layout = tuple[tuple[str, tuple[int | str, ...]], ...]
Report = Callable[[int, int], None]  # how many frames of how many are done
THROUGH = "through"  # the detail of a card that says how late its encoder and decoder are together
DELAY = "delay"  # the detail of a card that says how many samples late its decoder is,
ROWS = "rows"  # the detail that says how many rows of it go together
LEVEL = "level"  # what a card says it can whose first latent is the level, and no other changes it
PRIOR = "prior"  # what a card says it can whose model makes latents itself
OPENING, TOGETHER = "opening", "together"  # how many frames a layer begins with, and goes on by
STREAMED = ((DELAY, 0), (OPENING, 1), (TOGETHER, 1))  # and what they are where a card does not say it

FAMILIES: dict[str, Family] = {}
GROUP = "latentcode.families"  # of entry points, which name families that lie in other packages
HOME, LAST = f"{__package__}.families", "rawaudiovae"  # which says what is wrong with a file that is nobody's


class Family(Protocol):
    """A kind of model. Neither importing it nor reading a card may import torch."""

    @property
    def name(self) -> str:
        """As files say it in their header: "rawaudiovae", "spectral"."""
        ...

    @property
    def kind(self) -> Kind: ...

    def recognises(self, path: Path) -> bool:
        """Whether a file holds a model of this family, by its content; False where it is damaged.

        `path` may name one of several models in a file after a #, as in ckpt_00500#ema.
        """
        ...

    def card(self, path: Path, sample_rate: int | None = None) -> Card:
        """The card of a file, whose header is checked against its size.

        `sample_rate` (Hz) overrides what the file says. Raises ModelError for what is damaged.
        """
        ...

    def load(self, card: Card) -> Codec:
        """The weights of `card.file`.

        Raises ModelError; no file can run code by being loaded.
        """
        ...


class Codec(Protocol):
    """A model with its weights: numpy in and out, one thread, the same bits every time."""

    card: Card

    def encode(self, samples: Float32, hop: int, report: Report | None = None) -> Frames:
        """A whole sound (n,) at the card's rate as frames `hop` samples apart:
        mean (N, D), log-variance (N, D) or None, N being `card.frames(n, hop)`.

        A frame does not depend on the sound beyond what it covers.
        """
        ...

    def decoder(self, device: Device = "auto", hop: int | None = None) -> Decoder:
        """Decodes frames that are `hop` samples apart, one of the card's `hops`; its own first.

        `device`: "cpu", "cuda", or "auto" for a GPU where there is one. Raises ModelError.
        """
        ...


@runtime_checkable
class PartCodec(Codec, Protocol):
    """A codec that encodes some of a sound's frames without the others, `at_once` together."""

    at_once: int

    def encode_part(self, samples: Float32, hop: int, part: range) -> Frames:
        """Consecutive frames of those that `encode` gives, by their numbers, the first a multiple
        of `at_once`: the same to the last bit.
        """
        ...


@runtime_checkable
class FrameCodec(Codec, Protocol):
    """A codec that encodes what comes in as it comes, one frame at a time."""

    @property
    def around(self) -> tuple[int, int]:
        """Samples before a frame's moment, and from it on, that it is made of."""
        ...

    def encode_frame(self, samples: Float32) -> Frames:
        """The frame of its samples (n,), which lie around its moment as `around` says: mean (1, D)
        and log-variance (1, D) or None; a function of them alone.
        """
        ...


class Asked(Protocol):
    """What a listener has been asked for."""

    @property
    def ready(self) -> bool:
        """Whether it is there, or will never be."""
        ...

    def frames(self, row: int) -> Float32 | None:
        """The frames (n, D) of a row, waiting for them; None where the model could not encode them.
        Raises ModelError where its process has ended.
        """
        ...

    def close(self) -> None:
        """Nobody takes them."""
        ...


class Listener(Protocol):
    """Encodes what comes in in a process of its own, in two rows that go on from block to block."""

    @property
    def ready(self) -> bool:
        """Whether it can be asked now; where it cannot, its process is started beside."""
        ...

    def start(self) -> None:
        """Have its process started, and wait until it is. Raises ModelError."""
        ...

    def ask(self, number: int, begins: set[int], on: set[int], samples: Float32) -> Asked | None:
        """Have samples (channels, n) encoded by rows that begin anew with them and by such as go
        on; all that chance may depend on is the block's `number`. None where nobody can be asked.
        """
        ...

    def end(self) -> None:
        """Its process does not come back: it is ended, and all that rows remember is lost."""
        ...


@runtime_checkable
class StreamedCodec(Codec, Protocol):
    """A codec that encodes what comes in block by block, each after the one before.

    block     samples at its rate, a multiple of the hop
    context   samples before a block that it is given again, if it remembers nothing; else 0
    channels  of what it is given
    through   samples by which what it encodes and decodes is late; None before it has encoded a
              sound
    """

    @property
    def through(self) -> int | None: ...

    @property
    def block(self) -> int: ...

    @property
    def context(self) -> int: ...

    @property
    def channels(self) -> int: ...

    def listener(self, patient: bool) -> Listener:
        """One that hears for itself alone; `patient`: whether who asks may be kept waiting."""
        ...


class Slot:
    """What a decoder knows of one layer; a family whose decoder has a state has a subclass.

    `seed` is all that chance in it may depend on, beside the numbers and latents of its frames.
    """

    def __init__(self, seed: int) -> None:
        self.seed = seed


class Glide(NamedTuple):
    """Where frames are on their way to, latents (n, D), and how much of it is behind them, (n,)
    from 0 to 1.
    """

    latents: Float32
    share: Float32


class Attributes(NamedTuple):
    """What is set in a model for some frames: by name its values, each a text, or the column of
    `values` (n, columns) in which it stands for each of the frames.
    """

    layout: Layout
    values: Float32


@dataclass(frozen=True, eq=False)
class Job:
    """Consecutive latent frames (n, D) of one layer, finite.

    `first` is the number of the first on the layer's grid, on which frames are a hop apart. Where
    it is not the one after the last that was decoded in this slot, its state begins anew there.
    Of a decoder whose card says that it can: `glide`, what the frames turn into by moving;
    `shift`, semitones by which they are higher, one for all or (n,), and where they glide what they
    glide to by then; `formants`, whether what is shifted keeps the envelope of its spectra. `grid`:
    of a stream, where in the session its frames lie that all go on by together, the first of them
    after its opening; those of other layers with the same number go through the model with them.
    `attributes`: what is set in it meanwhile, of those that its card names; all else is as it was
    loaded.
    """

    slot: Slot
    first: int
    latents: Float32
    glide: Glide | None = None
    shift: float | Float32 = 0.0
    formants: bool = False
    grid: int = 0
    attributes: Attributes | None = None


class Decoder(Protocol):
    """Decodes for all layers in one call; not for two threads at once.

    What comes out is a pure function of a slot's seed and of its frames since its state began: no
    row depends on what else is decoded with it, or on how its frames were dealt out to calls.
    """

    def open(self, seed: int) -> Slot:
        """A place for a layer."""
        ...

    def close(self, slot: Slot) -> None:
        """A layer is gone; its slot is not used again."""
        ...

    def step(self, jobs: Sequence[Job]) -> list[Float32]:
        """The decoded frames of each job, (n, samples), float32, the caller's to keep; no slot
        stands in two. Of a model whose card says two channels they are (n, 2, samples).

        One that raises leaves all states as they were; the voice whose job raises alone is set
        aside.
        """
        ...


class Pending(Protocol):
    """Frames that are being decoded."""

    @property
    def ready(self) -> bool:
        """Whether they are there, or will never be."""
        ...

    def frames(self) -> list[Float32 | Exception]:
        """The decoded frames of each job (n, samples), waiting for them; or why there are none."""
        ...

    @property
    def refused(self) -> Mapping[int, str]:
        """By the places of jobs, once their frames are there, what the model did not let be set."""
        ...


@runtime_checkable
class AheadDecoder(Decoder, Protocol):
    """A decoder that works beside whoever asks it.

    `patient`: whether who asks may be kept waiting until its process has been started again.
    """

    patient: bool

    @property
    def ready(self) -> bool:
        """Whether it can be asked now; where it cannot, it is started beside the music."""
        ...

    def submit(self, jobs: Sequence[Job]) -> Pending:
        """Have jobs decoded, in the order in which they are submitted; see `Decoder.step`.

        Raises ModelError for jobs that cannot be, and where what a slot remembers is lost.
        """
        ...


@runtime_checkable
class VariedDecoder(Decoder, Protocol):
    """One whose card says `quick`: in the same call it decodes layers of several kinds."""

    def open_as(
        self, seed: int, quick: bool, onsets: bool, stands: bool, partials: bool, slides: bool
    ) -> Slot:
        """A place for a layer. `quick`: its frames are the shortest that the card has, in which
        what hands do is heard soonest, `card.hops[-1]` samples apart. `onsets`: what begins is put
        where it begins as by `open`; else as it was in the first sets. `stands`: what stays as it
        is begins once, as by `open`; else in each of its frames, as it did there. `partials`: those
        of low notes are multiples of one frequency, as by `open`, with `slides` in glides as well.
        """
        ...


@runtime_checkable
class PriorDecoder(Decoder, Protocol):
    """One whose card says `prior`: its model makes latents itself."""

    @property
    def improvises(self) -> bool:
        """Whether it can be asked for some now; where it cannot, it is started beside the music."""
        ...

    def load_prior(self) -> None:
        """Wait until it can be asked for some. Raises ModelError."""
        ...

    def prior(self, seed: int, wait: bool) -> Prior:
        """Begin to make some, from the beginning; `wait`: until what was asked for is made."""
        ...


class Stateless(ABC):
    """A decoder whose rows need no others."""

    @abstractmethod
    def decode(self, latents: Float32) -> Float32:
        """Latents (N, D) → decoded frames (N, span)."""

    def open(self, seed: int) -> Slot:
        """One without a state."""
        return Slot(seed)

    def close(self, slot: Slot) -> None:  # noqa: B027
        """Nothing was kept."""

    def step(self, jobs: Sequence[Job]) -> list[Float32]:
        """See `Decoder`: all rows in one call."""
        if len(jobs) == 1:
            return [self.decode(jobs[0].latents)]
        windows = self.decode(np.concatenate([job.latents for job in jobs]))
        return np.split(windows, np.cumsum([len(job.latents) for job in jobs])[:-1])


def checked_rows(rows: Float32, width: int, what: str) -> Float32:
    """`rows` as float32, when they are two-dimensional and `width` wide.

    Raises ModelError for another shape.
    """
    rows = np.asarray(rows, dtype=np.float32)
    if rows.ndim != 2 or rows.shape[1] != width:
        raise ModelError(f"{what} have shape {rows.shape}; this model takes (N, {width})")
    return rows


def decoded(card: Card, decoder: Decoder, latents: Float32) -> Float32:
    """The decoded frames (N, samples) of latents (N, D), which are all that there is: of a stream,
    whose last latents are held until all of it is there, as if it came at once; (N, samples, 2)
    where it has two channels.
    """
    details, count, rows = dict(card.details), len(latents), latents
    late, opening, together = (int(details.get(name, least)) for name, least in STREAMED)
    if card.kind == "stream" and count:
        further = max(-(-(count + -(-late // card.hop) - opening) // together), 0)
        rows = latents[np.minimum(np.arange(opening + further * together), count - 1)]
    slot = decoder.open(0)
    try:
        found = decoder.step([Job(slot, 0, rows)])[0]
    finally:
        decoder.close(slot)
    found = found if found.ndim == 2 else np.moveaxis(found, 1, 2)
    if len(rows) == count:
        return found
    sound = found.reshape(-1, *found.shape[2:])[late : late + count * card.hop]
    return sound.reshape(count, -1, *found.shape[2:])


def register(family: Family) -> Family:
    """Have a family in the table."""
    FAMILIES[family.name] = family
    return family


@cache
def _own() -> dict[str, Family]:
    """Those that lie in `models/families`."""
    home = import_module(HOME)
    for found in iter_modules(home.__path__):
        import_module(f"{HOME}.{found.name}")
    return FAMILIES


@cache
def families() -> dict[str, Family]:
    """All that there are, by their names; one that cannot be imported is told, and left out."""
    from importlib.metadata import entry_points

    known = _own()
    for found in entry_points(group=GROUP):
        try:
            found.load()
        except Exception as error:  # whatever it does, the others are there
            warnings.warn(f"the family {found.name} is left out: {error!r}", UserWarning, stacklevel=2)
    return known


def recognised(path: Path) -> Family | None:
    """Whose a model file is; None where it is nobody's."""
    for known in (_own, families):  # to look for other packages takes time
        if family := next((one for one in list(known().values()) if one.recognises(path)), None):
            return family
    return None


def family_of(path: Path) -> Family:
    """The same, or the family that says what is wrong with it."""
    return recognised(path) or families()[LAST]


def card_of(name_or_path: str | os.PathLike[str], sample_rate: int | None = None) -> Card:
    """The card of a built-in model ("default", "house") or a model file, read without torch.

    `sample_rate` (Hz) overrides what the file says. Raises ModelError for a file that holds no
    model.
    """
    path = model_file(name_or_path)
    return sound_card(family_of(path).card(path, sample_rate))


def load(name_or_path: str | os.PathLike[str] = "default", sample_rate: int | None = None) -> Codec:
    """The model called "default" (or "house"), or the one in a file, with its weights.

    `sample_rate` (Hz) overrides what the file says. Raises ModelError; no file can run code by
    being loaded.
    """
    return load_card(card_of(name_or_path, sample_rate))


def load_card(card: Card) -> Codec:
    """The weights of a card that has been read. Raises ModelError."""
    if card.family not in families():
        raise ModelError(f"there is no family {card.family!r}; known are {', '.join(families())}")
    return families()[card.family].load(card)
