"""Feedback: what a voice gives, through a band-pass, encoded again and mixed into its latents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from latentcode.arrays import Float32, Float64
from latentcode.latents.compile import BUILDERS, Latents, ReadContext, Reader, compile_trajectory, values
from latentcode.latents.listening import heard_by
from latentcode.latents.moments import Moments
from latentcode.latents.show import WORDS, shown_curve
from latentcode.latents.strategies import Source, _lifted, as_trajectory
from latentcode.latents.trajectory import Curve, Trajectory, curve
from latentcode.patterns.nodes import Live
from latentcode.words import word

OUTPUTS = "outputs"  # under which whoever reads finds what voices gave
LOWEST, NARROWEST = 20.0, 100.0  # Hz; the largest q


@dataclass(frozen=True, repr=False, eq=False)
class Feedback(Trajectory):
    """The child, and what its voice gave before: `f` Hz, `q`, and how much of it, 0 to 1.

    `ears`: that it is read as late as live inputs are.
    """

    child: Trajectory
    f: Curve
    q: Curve
    amount: Curve
    ears: tuple[Live, ...] = (Live("output"),)


@dataclass(frozen=True)
class Fed:
    """Builds it of a tuple of one source, and what it is made with."""

    f: Curve
    q: Curve
    amount: Curve

    def __call__(self, given: tuple[Any, ...]) -> Feedback:
        return Feedback(as_trajectory(given[0]), self.f, self.q, self.amount)


class Encoding(Protocol):
    """Who encodes what voices gave."""

    def fed(
        self,
        model: str,
        voice: int,
        outputs: Outputs,
        seen: Float64,
        f: Float64,
        q: Float64,
        bands: bool = True,
    ) -> tuple[Float32, NDArray[np.bool_]]:
        """The latents (N, D) of a voice's sound at session samples (N,), through band-passes; and
        where there was any sound. `bands`: see `ReadContext`.
        """
        ...


class Outputs(Protocol):
    """What voices gave of late, from sample `begin` on."""

    @property
    def begin(self) -> int: ...

    def samples(self, voice: int, first: int, count: int) -> Float32:
        """Mono samples (count,) from session sample `first` on; silence where none are known."""
        ...


@word('feedback(path("cello"), f=cc(1).exprange(100, 4000), q=5, amount=.6)')
def feedback(a: Source, f: Any = 1000, q: Any = 5, amount: Any = 0.5) -> Any:
    """`a`, into which its voice's own sound is fed back through a band-pass, a block late.

    f       Hz in the middle of the band, from 20
    q       how narrow it is, 0.1 to 100
    amount  how much of the latents is what was fed back, 0 to 1

    All three may be signals, patterns or arrays. What is fed back is as loud as what it was made
    of, and no louder than −12 dB: it cannot grow without bounds.
    """
    return _lifted(Fed(curve(f, "f"), curve(q, "q"), curve(amount, "amount")), a)


def _feedback(node: Feedback, scene: ReadContext) -> Reader:
    child = compile_trajectory(node.child, scene)
    middle, narrow, share = (values(part, scene) for part in (node.f, node.q, node.amount))

    def held(read: Any, moments: Moments, low: float, high: float) -> Float64:
        found = np.broadcast_to(np.asarray(read(moments), np.float64), len(moments.cycle))
        return np.clip(np.nan_to_num(found, nan=low), low, high)

    def read(moments: Moments) -> Latents:
        mean, logvar = child(moments)
        encoding: Encoding = heard_by(moments, repr(node))
        live = moments.live
        assert live is not None
        outputs: Outputs | None = live.known(OUTPUTS)
        if outputs is None or live.seen is None or live.foreseen:
            return mean, logvar
        top = scene.sample_rate * 0.49
        f, q = held(middle, moments, LOWEST, top), held(narrow, moments, 0.1, NARROWEST)
        fed, there = encoding.fed(scene.model, scene.voice, outputs, live.seen, f, q, scene.bands)
        weight = (held(share, moments, 0.0, 1.0) * there)[:, None]
        return (1 - weight) * mean + weight * fed, logvar

    return read


def _shown(node: Feedback) -> str:
    parts = ", ".join(f"{name}={shown_curve(getattr(node, name))}" for name in ("f", "q", "amount"))
    return f"feedback({node.child}, {parts})"


BUILDERS[Feedback] = _feedback
WORDS[Feedback] = _shown
