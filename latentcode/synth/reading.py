"""A reading: the trajectory of one event or drone, ready to be read anywhere on its grain grid."""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction
from functools import partial

import numpy as np

from latentcode.arrays import Float64
from latentcode.errors import LatentError, RangeError
from latentcode.latents.compile import Latents, Reader, compile_trajectory, values
from latentcode.latents.dimensions import check_dimensions
from latentcode.latents.drones import asked_models, children, encoded_by, matched, resolved
from latentcode.latents.glide import GLIDE, compile_glide, gliding
from latentcode.latents.moments import Moments
from latentcode.latents.motions import Freeze
from latentcode.latents.note import Note, Plain
from latentcode.latents.path import Path
from latentcode.latents.places import placed
from latentcode.latents.rounds import rounded
from latentcode.latents.sustain import goes_on, sustained
from latentcode.latents.trajectory import Extend, Point, Trajectory
from latentcode.latents.tuning import SHIFT, ShiftOf, compile_shift, compile_tuned
from latentcode.patterns.tree import live_inputs
from latentcode.sounds.store import UNPITCHED
from latentcode.synth import plain
from latentcode.synth.clock import Clock, DroneClock, EventClock
from latentcode.synth.context import RenderContext

Whole = tuple[Fraction, Fraction]
WIDEST = 48.0  # semitones by which a sound can be shifted


class Reading:
    """What a note's trajectory is at moments counted from sample `onset` on;
    a drone's where `whole` is None. `mixed`: hands move what its latents are mixed with, or how;
    `noisy`: whether its variances are read as well.

    rendering  how it is heard: by the model that it asks for
    natural    latent frames of one passage through it
    shift      semitones by which it is shifted in pitch, as its first source is; where each has the
               pitch of its own note what they come to at the onset, or 0 where the shift stands
               behind the latents. Sources advance in seconds all the same
    clock      from the grain grid to moments
    read       from moments to latents
    by_hand    whether hands move what is read
    still      whether latents stand still in it, or nearly: held ones, points, extended sounds
    take       the samples of a plain sound, which has no latents; None: there are latents
    """

    def __init__(
        self,
        note: Note,
        onset: int,
        whole: Whole | None,
        rendering: RenderContext,
        mixed: bool = False,
        noisy: bool = True,
    ) -> None:
        self.note, self.onset, self.whole, self._noisy = note, onset, whole, noisy
        self.by_hand = mixed or bool(live_inputs((note.trajectory, note.noise, note.attributes)))
        rendering = modelled(rendering, note)
        self.rendering = rendering = rendering.for_hands if self.by_hand else rendering
        self.rates = rendering.rates
        trajectory = resolved(note.trajectory, rendering.find)
        if rendering.model:
            trajectory = encoded_by(trajectory, rendering.model, all_of_it=False)
        trajectory = trajectory if whole else matched(trajectory, rendering.length)
        self.natural = rendering.natural(trajectory)
        self._shift_of = shifts(note, trajectory)
        heard = self._sustained(trajectory)
        self.clock: Clock = (
            EventClock(rendering.tempo, self.rates, onset, whole)
            if whole
            else DroneClock(rendering.tempo, self.rates, onset, self.natural or 1, not goes_on(heard))
        )
        self.still = _stands_still(heard)
        self.shift = self._one_shift(heard)
        self.take = self._taken(note.plain, trajectory) if note.plain else None
        if note.formant and SHIFT not in rendering.can:
            raise _no_formants(rendering)
        self.read = _no_latents if note.plain else self._compiled(heard)

    def _compiled(self, heard: Trajectory) -> Reader:
        check_dimensions(heard, self.rendering.latents.latent_dim)
        scene = self.rendering.latents if self._noisy else self.rendering.means
        build = compile_trajectory
        if self.rendering.tuned:
            build = partial(compile_tuned, shift_of=self._shift_of)
        if not gliding(heard):
            return build(heard, scene)
        if GLIDE not in self.rendering.can:
            raise cannot_glide(self.rendering)
        return compile_glide(heard, scene, build)

    def _one_shift(self, heard: Trajectory) -> float:
        if self.note.plain or not self.rendering.tunes:
            return self._shift_of(None)
        if self.rendering.tuned:
            return 0.0
        read = compile_shift(heard, self.rendering.latents, self._shift_of)
        return float(np.ravel(read(self._at_onset))[0])

    @property
    def _at_onset(self) -> Moments:
        return self.clock.moments(np.zeros(1), self.rendering.live.at(None))

    def _sustained(self, trajectory: Trajectory) -> Trajectory:
        find, note = self.rendering.ring, self.note
        if not (find is None or note.plain or (self.whole and note.ring)):
            trajectory = sustained(trajectory, find, held=self.whole is None)
        if note.plain or not self.rendering.latents.around:
            return trajectory
        if self.rendering.places:
            trajectory = placed(trajectory, self.rendering.length)
        comes_round = self.whole is None
        return rounded(trajectory, self.rendering.length) if comes_round else trajectory

    def _taken(self, how: Plain, source: Trajectory) -> plain.Take:
        if not isinstance(source, Path):
            raise LatentError(
                f"plain sounds have no latents, and {source!r} is made of them; leave out plain"
            )
        speed = values(how.speed, self.rendering.latents)(self._at_onset)
        sample_of = self.rendering.tempo.sample_of
        length = sample_of(self.whole[1]) - sample_of(self.whole[0]) if self.whole else None
        return plain.take(self.rendering.samples(source), how, float(np.ravel(speed)[0]), self.shift, length)

    @property
    def last(self) -> float:
        """The grain that stays where a sound has rung out and its last frames reach beyond its end:
        centred ones would have its beginning in them.
        """
        over = self.note.ring and self.natural and self.rendering.synthesis.before
        return self.natural - 1.0 if over else math.inf

    def grains(self, samples: Float64) -> Float64:
        """Device samples of the session as numbers of grains since the onset, with fractions."""
        return self.rates.grains(samples - self.onset)

    def samples(self, grains: Float64) -> Float64:
        """The other way round."""
        return self.onset + self.rates.samples(grains * self.rates.hop)

    @property
    def end(self) -> int | None:
        """The sample at which the event is over, by the tempo map as it is; None for a drone."""
        if self.whole is None:
            return None
        return self._natural_end() or self._whole_end(self.whole)

    def _natural_end(self) -> int | None:
        if self.take is not None:
            sounds_out = self.onset + self.take.length
            ends = self._whole_end(self.whole) if self.whole and not self.note.ring else sounds_out
            return min(ends, sounds_out)
        rates = self.rates
        length = self.natural * rates.hop * rates.device / rates.model if self.note.ring else 0
        return self.onset + round(length) if length else None

    def _whole_end(self, whole: Whole) -> int:
        begin, end = whole
        return self.rendering.tempo.sample_of(begin + (end - begin) * Fraction(str(self.note.legato)))


def cannot_glide(rendering: RenderContext) -> LatentError:
    """The error of a glide that is played by a model that cannot."""
    return LatentError(
        "only models of spectra glide, and the one that plays this does not; leave out glide=True, "
        f"or {_of_spectra(rendering)}"
    )


def _no_formants(rendering: RenderContext) -> LatentError:
    return LatentError(
        "only models of spectra keep formants, and the one that plays this does not; leave out "
        f".formant(), or {_of_spectra(rendering)}"
    )


def _of_spectra(rendering: RenderContext) -> str:
    """How a model of spectra comes to play."""
    if rendering.kind == "concat":
        return 'take synthesis="overlap" instead of "concat", which lays windows end to end'
    return 'let one of spectra play it, with .model("spectral")'


def _two_models(one: str, other: str) -> LatentError:
    return LatentError(
        f"latents of two models cannot be mixed: {one!r} and {other!r} mean different things by them; "
        f'type .encoded_by("{one}") after the other, or cross-fade in sound, as d1.morph(4) >> does'
    )


def models_of(note: Note) -> set[str]:
    """The names of the models that a note, or its sources, ask for."""
    return {*asked_models(note.trajectory), *([note.model] if note.model else [])}


def modelled(rendering: RenderContext, note: Note) -> RenderContext:
    """How a note is heard by the model that it, or its sources, ask for."""
    if not (names := models_of(note)):
        return rendering
    one, *others = sorted(names)
    for other in others:
        if rendering.models(one).card.digest != rendering.models(other).card.digest:
            raise _two_models(one, other)
    return rendering.of(one)


def _stands_still(node: Trajectory) -> bool:
    return isinstance(node, (Freeze, Point, Extend)) or any(map(_stands_still, children(node)))


def shifts(note: Note, trajectory: Trajectory) -> ShiftOf:
    """Semitones from each source of a trajectory, as it was recorded, to its note: its own, or that
    of the event, which all move with where it is not that of the first.

    Raises RangeError where it is too far.
    """
    first = next(sources(trajectory), None)
    own = None if first is None else first.wanted
    moved = 0.0 if note.pitch is None or own is None else note.pitch - own

    def shift_of(path: Path | None) -> float:
        path = path or first
        recorded = UNPITCHED if path is None or path.pitch is None else path.pitch
        wanted = note.pitch if path is None or path.wanted is None else path.wanted + moved
        shift = wanted - recorded if wanted is not None else path.detune if path else 0.0
        if abs(shift) > WIDEST:
            raise RangeError(
                f"note {recorded + shift:g} lies {abs(shift):g} semitones from {path or trajectory!r}, "
                f"recorded at {recorded:g}; {WIDEST:g} semitones are the most"
            )
        return shift

    return shift_of


def sources(node: Trajectory) -> Iterator[Path]:
    """The paths inside a trajectory."""
    if isinstance(node, Path):
        yield node
    else:
        for child in children(node):
            yield from sources(child)


def _no_latents(moments: Moments) -> Latents:
    raise LatentError("plain sounds have no latents")
