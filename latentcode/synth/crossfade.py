"""How a layer is on its way from what played before: its latents are mixed,
or its sound rises while others fall.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from latentcode.arrays import Float64
from latentcode.clock.tempo import TempoMap
from latentcode.inputs.reader import Reader
from latentcode.latents.compile import Latents
from latentcode.latents.improvising import NotMadeError
from latentcode.latents.morph import Share
from latentcode.patterns.tree import live_inputs
from latentcode.synth.clock import numbers
from latentcode.synth.history import MaskedLatents, PatternHistory, mixed
from latentcode.synth.level import FINE, drawn

DEEPEST = 8  # morphs that begin in the middle of one another; of one more the first is forgotten


@dataclass(eq=False)
class LatentCrossfade:
    """The way from what played before, which may have been on its way itself, to a new pattern.

    `reading` stays true when reading the old pattern raises; `gone`: nothing of it counts any more.
    `width`: of the model's rows, where they are no glides; `powers`: see `ReadContext`.
    """

    old: PatternHistory
    earlier: LatentCrossfade | None
    share: Share
    tempo: TempoMap
    width: int = 0
    powers: bool = False
    reading: bool = False
    gone: bool = False

    def mixed(self, new: Latents, samples: Float64, live: Reader) -> Latents:
        """The new pattern's latents at samples (N,), mixed with the old one's."""
        if self.gone or self._over(samples):
            return new
        seen = self.seen(MaskedLatents(*new, np.ones(len(samples), bool)), samples, live)
        return seen.mean, seen.logvar

    def seen(self, new: MaskedLatents, samples: Float64, live: Reader) -> MaskedLatents:
        """The same of latents that are not there at all moments."""
        self.reading = True
        try:
            old = self.old.at(samples, live)
            if self.earlier is not None and not self.earlier._over(samples):
                empty = MaskedLatents(np.zeros_like(new.mean), None, np.zeros(len(samples), bool))
                old = self.earlier.seen(empty if old is None else old, samples, live)
        except NotMadeError:
            self.reading = False
            raise
        self.reading = False
        share = self.share(self.tempo.cycles(samples), live.moved(samples))
        return mixed(old, new, share, self.width, self.share.morph.glide, self.powers)

    @property
    def model(self) -> str:
        """The name of the model whose latents it mixes; others are left as they are."""
        return self.old.model

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


def shortened(crossfade: LatentCrossfade | None, deepest: int = DEEPEST) -> LatentCrossfade | None:
    """A crossfade of which the morphs longest ago are forgotten."""
    if crossfade is None or not deepest:
        return None
    return LatentCrossfade(
        crossfade.old,
        shortened(crossfade.earlier, deepest - 1),
        crossfade.share,
        crossfade.tempo,
        crossfade.width,
        crossfade.powers,
    )


class Fade:
    """The gain of one side of a cross-fade in sound,
    which begins at sample `begin` over `soft` samples.

    The powers of both sides add up to one: sounds of different patterns do not agree in phase.
    """

    def __init__(
        self, share: Share, rising: bool, tempo: TempoMap, begin: int, soft: int, live: Reader
    ) -> None:
        self.share, self._rising, self._tempo = share, rising, tempo
        self._begin, self._soft, self._live = begin, soft, live
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
        angle = np.clip(self.share(self._tempo.cycles(samples), self._live.at(samples)), 0.0, 1.0) * (
            np.pi / 2
        )
        begun = np.clip((samples - self._begin) / self._soft, 0.0, 1.0)
        return np.sin(angle) * begun if self._rising else 1.0 - (1.0 - np.cos(angle)) * begun
