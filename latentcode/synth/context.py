"""What layers, and the tracks of a voice, share: where sounds are found, how they are heard,
which voice it is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property

from latentcode.arrays import Float32
from latentcode.clock.groove import Groove
from latentcode.clock.tempo import TempoMap
from latentcode.clock.watchdog import TooSlowError
from latentcode.errors import ModelError, RangeError
from latentcode.frames import Frames, Prior
from latentcode.inputs.reader import Reader
from latentcode.latents.compile import ReadContext
from latentcode.latents.drones import Length, natural_frames
from latentcode.latents.note import Note
from latentcode.latents.path import Path
from latentcode.latents.sustain import FindRing
from latentcode.latents.trajectory import Named, Trajectory
from latentcode.latents.tuning import SHIFT
from latentcode.models.family import LEVEL, PRIOR, AheadDecoder, Decoder, PriorDecoder
from latentcode.patterns.digest import digest
from latentcode.sounds.store import LoadedModel, NotEncodedError, NotReadyError
from latentcode.synth.clock import Rates
from latentcode.synth.synthesis import CONTINUOUS, STREAM, Synthesis, evened, laid, quickest_laid

FADE = 0.005  # seconds of the cross-fade between what was and what takes over
ALL = ""  # the name of all notes of a voice that begin at a sample


def _raise(error: RangeError) -> None:
    raise error


FindModel = Callable[[str], LoadedModel]


def _none(name: str) -> LoadedModel:
    raise ModelError(f"only the engine and lc.render find models by name, as {name!r}")


@dataclass(frozen=True)
class RenderContext:
    """What all layers of a renderer share.

    latents  the model\'s sizes, and where a path\'s latent frames are
    decoder  decodes the latents of all layers that share it
    noise    how much of the encoder's variance is heard by default
    samples  a path's sound as it was recorded, (n,) at `sample_rate`
    ring     the loop that a path goes on in; None: all are heard from their beginning again
    live     looks live inputs up; each reading has one of its own (`at`)
    beyond   is told of what moves and has come to where it cannot be played; it is silent there,
             unless this raises
    models   finds models by their names
    model    the name of the model, where it was asked for by one; "": it is the set's
    kind     the synthesis of windows
    grains   where overlapping windows are aligned: see `GRAINS`
    tunes    whether each source has the pitch of its own note; else all are shifted as the first
    quick    whether what hands move has the shortest frames that its model has
    onsets   whether what begins within a frame is put where it begins, as in newer sets
    shortest how these are laid; None: it has no others
    quickened whether it is for what hands move, and has these
    can      what its decoder does beside decoding, as its card says
    streams  samples that streams are decoded ahead
    wide     whether two channels that are decoded are heard; else their mean
    bridges  whether what a morph comes from sounds on until streams of the new are decoded
    seams    whether spectra of what comes round are encoded across its seam
    levels   whether what moves by itself leaves the level alone, where it is a latent
    places   whether spectra that are read at places have no stairs and no holes
    partials whether those of low notes are multiples of one frequency
    slides   whether they are so in glides as well
    attacks  whether what begins in extended sounds goes by at their own speed
    powers   whether what is mixed has the power of both, where the level is a latent
    spans    whether streams of short hops read nothing that has not come in yet
    attributes what can be set in its model, as its card says
    """

    latents: ReadContext
    decoder: Decoder
    find: Callable[[Named], Path]
    length: Length
    synthesis: Synthesis
    tempo: TempoMap
    sample_rate: int
    noise: float
    samples: Callable[[Path], Float32]
    live: Reader
    ring: FindRing | None = None
    beyond: Callable[[RangeError], None] = _raise
    models: FindModel = _none
    model: str = ""
    kind: str = "overlap"
    grains: str = "plain"
    tunes: bool = False
    quick: bool = False
    onsets: bool = False
    shortest: Synthesis | None = None
    quickened: bool = False
    can: tuple[str, ...] = ()
    streams: int = 0
    wide: bool = False
    bridges: bool = False
    seams: bool = False
    levels: bool = False
    places: bool = False
    partials: bool = False
    slides: bool = False
    powers: bool = False
    attacks: bool = False
    spans: bool = False
    attributes: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def ahead(self) -> int:
        """Samples of the session that a sound has to be known ahead of its onset."""
        return self.streams if self.synthesis.kind == STREAM else 0

    def check(self, improvised: bool) -> None:
        """Raise NotEncodedError while what decodes, or improvises, has to be started again; in a
        trial NotReadyError.
        """
        decoder = self.decoder
        if self.synthesis.kind != STREAM or not isinstance(decoder, AheadDecoder):
            return
        if not decoder.ready:
            raise NotEncodedError("its model has to be started again")
        if improvised and self.latents.prior and isinstance(decoder, PriorDecoder) and not decoder.improvises:
            if self.live.foreseen:  # a trial has time
                raise NotReadyError("the prior of its model is still being loaded", decoder.load_prior)
            raise NotEncodedError("the prior of its model has to be started again")

    def of(self, name: str) -> RenderContext:
        """The same for another model.

        Raises ModelError, and NotEncodedError while it is being loaded.
        """
        card, decoder = self.models(name)
        shape = laid(card, self.kind)
        sampled = replace(self.latents, sample_rate=card.sample_rate, latent_dim=card.latent_dim)
        even = evened(shape.kind, self.grains)
        prior = prior_of(card.can, decoder, self.streams)
        beside = around(shape.kind, card.window, self.seams)
        level = LEVEL in card.can
        latents = replace(sampled, hop=shape.hop, window=card.reach, even=even, model=name, prior=prior)
        latents = replace(latents, around=beside, level=level and self.levels)
        latents = replace(latents, powers=level and self.powers, attacks=level and self.attacks)
        found = replace(
            self,
            latents=latents,
            decoder=decoder,
            synthesis=shape,
            model=name,
            can=card.can,
            attributes=card.attributes,
        )
        return replace(found, shortest=quickest_laid(card, self.kind))

    @cached_property
    def means(self) -> ReadContext:
        """`latents` where no noise is heard: frames have no variances, which nobody would read."""
        whole = self.latents.frames

        def frames(path: Path, hop: int, length: int | None) -> Frames:
            return whole(path, hop, length)[0], None

        return replace(self.latents, frames=frames)

    @cached_property
    def for_hands(self) -> RenderContext:
        """The same with the frames in which hands are heard soonest."""
        shape = self.shortest
        if not self.quick or shape is None or shape.hop == self.synthesis.hop:
            return self
        latents = replace(self.latents, hop=shape.hop)
        return replace(self, latents=latents, synthesis=shape, quickened=True)

    @cached_property
    def tuned(self) -> bool:
        """Whether rows of latents have a shift behind them, for its decoder."""
        return self.tunes and SHIFT in self.can

    @cached_property
    def width(self) -> int:
        """Of a row that is no glide: its latents, and their shift; 0 where it is not known."""
        return self.latents.latent_dim and self.latents.latent_dim + self.tuned

    @cached_property
    def rates(self) -> Rates:
        return Rates(self.sample_rate, self.latents.sample_rate, self.synthesis.hop)

    def natural(self, trajectory: Trajectory) -> int:
        """Latent frames of one passage through a trajectory."""
        return natural_frames(trajectory, self.length, self.latents.window, self.synthesis.hop)

    def samples_of(self, frames: int) -> int:
        """Device samples in which so many latent frames go by."""
        return round(frames * self.synthesis.hop * self.sample_rate / self.latents.sample_rate)


class Improviser:
    """A prior that runs apart: what becomes of its process is decided once, as of what takes too
    long.
    """

    def __init__(self, prior: Prior) -> None:
        self.ratio, self._prior = prior.ratio, prior

    def ask(self, temperatures: Float32) -> None:
        """See `Prior`. Raises TooSlowError where it cannot go on."""
        try:
            self._prior.ask(temperatures)
        except ModelError as error:
            raise TooSlowError(str(error)) from error

    def take(self) -> Float32 | None:
        """See `Prior`. Raises TooSlowError where it cannot go on."""
        try:
            return self._prior.take()
        except ModelError as error:
            raise TooSlowError(str(error)) from error


def around(kind: str, window: int, seams: bool) -> int:
    """See `ReadContext`: half a window of spectra."""
    return window // 2 if seams and kind == CONTINUOUS else 0


def prior_of(can: tuple[str, ...], decoder: Decoder, streams: int) -> Callable[[int], Prior] | None:
    """What begins the prior of a model by a seed, where streams are decoded so far ahead; None of
    one that has none.
    """
    if PRIOR not in can or not isinstance(decoder, PriorDecoder):
        return None
    return lambda seed: Improviser(decoder.prior(seed, wait=not streams))


@dataclass
class Missed:
    """What was not encoded in time for its onset, by voice and sample, each by its name;
    a replay is given it.

    A note's name is the beginning of its digest, as others may begin at the same sample; ALL stands
    for all of them.
    """

    known: dict[tuple[int, int], set[str]] = field(default_factory=dict)
    report: Callable[[int, int, str, str], None] = lambda voice, sample, name, text: None

    def has(self, voice: int, sample: int, note: Note | None = None) -> bool:
        """Whether a note that begins at a sample was missed; any, where none is given."""
        names = self.known.get((voice, sample), set())
        return bool(names) and (note is None or ALL in names or named(note) in names)

    def add(self, voice: int, sample: int, note: Note | None, text: str) -> None:
        """It has been missed."""
        name = ALL if note is None else named(note)
        self.know(voice, sample, name)
        self.report(voice, sample, name, text)

    def know(self, voice: int, sample: int, name: str | None = None) -> None:
        """It was missed when the set was played; without a name all that begins there,
        as in journals of before.
        """
        self.known.setdefault((voice, sample), set()).add(name or ALL)


@dataclass
class Behind:
    """What was not decoded in time by a process beside the music, by place and sample of the block;
    a replay is given it.
    """

    known: set[tuple[str, int]] = field(default_factory=set)
    report: Callable[[str, int], None] = lambda place, sample: None

    def has(self, place: str, sample: int) -> bool:
        """Whether a place fell behind there."""
        return (place, sample) in self.known

    def add(self, place: str, sample: int) -> None:
        """It has fallen behind."""
        self.known.add((place, sample))
        self.report(place, sample)


@dataclass(frozen=True)
class VoiceContext:
    """Which voice it is, and what its tracks have in common.

    `unread`: onsets of a pattern that a morph comes from, whose sounds were not encoded in time.
    `heard`: whether anything of it is opened; else it only takes over when it is due.
    """

    index: int
    rendering: RenderContext
    seed: int
    missed: Missed
    groove: Groove = field(default_factory=Groove)
    unread: Missed = field(default_factory=Missed)
    heard: bool = True


def named(note: Note) -> str:
    """The name that a note has in a journal."""
    return digest(note)[:8]
