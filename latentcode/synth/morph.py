"""Morphing: a new pattern's latents begin as the old one's and become its own.

Where both are one line of latents (`history.alone`) each latent is (1 − m)·old + m·new at its moment
(`LatentCrossfade`). Where something sounds at once with something else, or is not decoded at all, the sounds
cross-fade (`Fade`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from latentcode.arrays import Float64
from latentcode.clock.tempo import TempoMap
from latentcode.latents.compile import Latents
from latentcode.latents.morph import Morph, Share
from latentcode.patterns.tree import live_inputs
from latentcode.synth.clock import numbers
from latentcode.synth.history import MaskedLatents, PatternHistory, alone, mixed
from latentcode.synth.layer import FADE
from latentcode.synth.level import FINE, drawn
from latentcode.synth.track import CompiledPattern, Track, VoiceContext

SOUNDING = 4  # patterns that cross-fade at once; one more ends the first
DEEPEST = 8  # morphs that begin in the middle of one another; of one more the first is forgotten


@dataclass(eq=False)
class LatentCrossfade:
    """The way from what played before, which may have been on its way itself, to a new pattern.

    `reading` stays true when reading the old pattern raises; `gone`: nothing of it counts any more.
    """

    old: PatternHistory
    earlier: LatentCrossfade | None
    share: Share
    tempo: TempoMap
    reading: bool = False
    gone: bool = False

    def mixed(self, new: Latents, samples: Float64) -> Latents:
        """The new pattern's latents at samples (N,), mixed with the old one's."""
        if self.gone or self._over(samples):
            return new
        seen = self.seen(MaskedLatents(*new, np.ones(len(samples), bool)), samples)
        return seen.mean, seen.logvar

    def seen(self, new: MaskedLatents, samples: Float64) -> MaskedLatents:
        """The same of latents that are not there at all moments."""
        self.reading = True
        old = self.old.at(samples)
        if self.earlier is not None and not self.earlier._over(samples):
            empty = MaskedLatents(np.zeros_like(new.mean), None, np.zeros(len(samples), bool))
            old = self.earlier.seen(empty if old is None else old, samples)
        self.reading = False
        return mixed(old, new, self.share(self.tempo.cycles(samples), samples))

    @property
    def live(self) -> bool:
        """Whether hands move what it mixes, or how."""
        own = bool(live_inputs(self.share.morph) or self.old.part.pattern.live_inputs)
        return own or (self.earlier is not None and self.earlier.live)

    def tempo_changed(self) -> None:
        self.old.tempo_changed()
        if self.earlier is not None:
            self.earlier.tempo_changed()

    def _over(self, samples: Float64) -> bool:
        end = self.share.end
        return end is not None and bool(self.tempo.cycles(samples[:1])[0] >= float(end))


def morphed(
    place: VoiceContext, before: Sequence[Track], part: CompiledPattern | None, cycle: Fraction, morph: Morph
) -> Track | None:
    """The track on which `part` takes over by a morph from those that sound, the last of which plays.

    From silence, and to silence (None), it is a fade.
    """
    share = Share(morph, cycle, replace(place.stage.scene.context, seed=place.seed))
    playing = [track for track in before if track.playing]
    sample = place.stage.tempo.sample_of(cycle)
    single = playing[-1:] if len(playing) == 1 and alone(playing[-1].part, cycle, sample) else []
    if part is not None and single and alone(part, cycle, sample):
        track = Track(part, cycle, place, _turn(single[0], part, cycle, share))
        single[0].leave(sample)
    else:
        _fade_out(playing, cycle, share)
        if part is None:
            return None
        track = Track(part, cycle, place)
        track.fades.append(_fade(place, cycle, share, True))
    track.share, track.coming_from = share, playing[-1].part.label if playing else ""
    return track


def _turn(last: Track, part: CompiledPattern, cycle: Fraction, share: Share) -> LatentCrossfade:
    again = last.part.pattern.digest == part.pattern.digest
    if again and last.turn is not None and share.morph.cycles is None:  # the same with another signal
        return replace(last.turn, share=share)
    earlier = None if last.turn is None or last.turn.share.over(cycle) else last.turn
    old = PatternHistory(last.part, last.since, cycle, last.place)
    return LatentCrossfade(old, shortened(earlier), share, last.place.stage.tempo)


def _fade_out(playing: Sequence[Track], cycle: Fraction, share: Share) -> None:
    for track in playing:
        track.fades.append(_fade(track.place, cycle, share, False))
        track.until = min((end for end in (track.until, share.end) if end is not None), default=None)
    for track in playing[: max(len(playing) + 1 - SOUNDING, 0)]:
        track.leave(track.place.stage.tempo.sample_of(cycle))


def _fade(place: VoiceContext, cycle: Fraction, share: Share, rising: bool) -> Fade:
    stage = place.stage
    soft = round(FADE * stage.sample_rate)
    return Fade(share, rising, stage.tempo, stage.tempo.sample_of(cycle), soft)


def shortened(turn: LatentCrossfade | None, deepest: int = DEEPEST) -> LatentCrossfade | None:
    """A turn of which the morphs longest ago are forgotten."""
    if turn is None or not deepest:
        return None
    return LatentCrossfade(turn.old, shortened(turn.earlier, deepest - 1), turn.share, turn.tempo)


class Fade:
    """The gain of one side of a cross-fade in sound, which begins at sample `begin` over `soft` samples.

    The powers of both sides add up to one: sounds of different patterns do not agree in phase.
    """

    def __init__(self, share: Share, rising: bool, tempo: TempoMap, begin: int, soft: int) -> None:
        self.share, self._rising, self._tempo = share, rising, tempo
        self._begin, self._soft = begin, soft
        self._kept: tuple[tuple[int, int], Float64] | None = None

    def gain(self, begin: int, count: int) -> Float64 | None:
        """The gain of `count` samples from `begin` on; None where it is one throughout."""
        if self._rising and self.share.over(self._tempo.cycle_at(begin)):
            return None
        if self._kept is None or self._kept[0] != (begin, count):
            self._kept = ((begin, count), self._read(begin, count))
        return self._kept[1]

    def _read(self, begin: int, count: int) -> Float64:
        if live_inputs(self.share.morph):
            return drawn(lambda first, count: self._gains(numbers(first, count) * FINE), begin, count)
        return self._gains(np.arange(begin, begin + count, dtype=np.float64))

    def _gains(self, samples: Float64) -> Float64:
        angle = np.clip(self.share(self._tempo.cycles(samples), samples), 0.0, 1.0) * (np.pi / 2)
        begun = np.clip((samples - self._begin) / self._soft, 0.0, 1.0)
        return np.sin(angle) * begun if self._rising else 1.0 - (1.0 - np.cos(angle)) * begun
