"""How decoded frames are laid over one another."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from latentcode.arrays import Float32, Float64
from latentcode.errors import EngineError
from latentcode.frames import faded
from latentcode.models.card import Card, overlap_of
from latentcode.models.family import STREAMED

KINDS = ("overlap", "concat")
GRAINS = ("auto", "aligned", "plain")  # where windows are aligned: where latents stand still, always, never
CONTINUOUS = "continuous"
QUICK = "quick"  # what the card of a model says that decodes its shortest frames beside others
STREAM = "stream"
ATTACK = 0.002  # seconds


@dataclass(frozen=True, eq=False)
class Synthesis:
    """The shape of a grain: windows every `hop` samples, faded by `shape`,
    the first of an event by `first`.

    attack is the default one, in seconds. The first grain has no rising half, so that an onset
    keeps its edge: its shape is one minus all that the later grains give.

    Frames that are continuous come windowed, and begin `before` samples before their moments.
    `shape` is how much of a steady sound each sample of them carries, `first` (n,) what the first
    samples of an event are scaled by, since there is no frame before the first.

    Those of a stream are the samples that come next, and come `late` samples late. An event begins
    with `opening` of them at once, and goes on by `together`. `channels` of them are decoded:
    frames
    are (n, samples), or (n, 2, samples).
    """

    kind: str
    window: int
    hop: int
    shape: Float32
    first: Float32
    attack: float
    before: int = 0
    late: int = 0
    opening: int = 1
    together: int = 1
    channels: int = 1


@lru_cache(maxsize=16)
def synthesis(kind: str, window: int, overlap: int = 2) -> Synthesis:
    """`concat`: windows end to end, as published. `overlap`: Hann, hop = window / overlap.

    Raises EngineError for another kind, and for an overlap that divides no window.
    """
    if kind == "concat":
        flat = np.ones(window, np.float32)
        return Synthesis(kind, window, window, flat, flat, 0.0)
    if kind != "overlap":
        raise EngineError(f"synthesis is one of {', '.join(KINDS)}, not {kind!r}")
    if window % overlap or overlap < 2:
        raise EngineError(f"overlap divides the window of {window} samples and is 2 at least, not {overlap}")
    hop = window // overlap
    shape = np.sin(np.pi * np.arange(window) / window) ** 2 * (2.0 / overlap)
    later = np.sum([_delayed(shape, k * hop) for k in range(1, overlap)], axis=0)
    return Synthesis(kind, window, hop, shape.astype(np.float32), (1.0 - later).astype(np.float32), ATTACK)


@lru_cache(maxsize=16)
def continuous(span: int, hop: int) -> Synthesis:
    """Frames of `span` samples that are centred on their moments, under Hann × Hann windows whose
    sum is 1 (`faded`); of `hop` samples, end to end, where they are no longer than that.
    """
    if span == hop:
        flat = np.ones(span, np.float32)
        return Synthesis(CONTINUOUS, span, hop, flat, flat[:0], ATTACK)
    before = span // 2
    weight = faded(span, hop)
    present = np.zeros(span - before)
    for start in range(0, span, hop):  # of the frames that there are
        first, last = max(start - before, 0), min(start - before + span, len(present))
        present[first:last] += weight[first - start + before : last - start + before]
    edge = np.float32(1.0) / present[: span - before - hop].astype(np.float32)
    return Synthesis(CONTINUOUS, span, hop, weight.astype(np.float32), edge, ATTACK, before)


def streamed(card: Card) -> Synthesis:
    """The frames of a stream, end to end, as late as its loaded card says."""
    flat, details = np.ones(card.hop, np.float32), dict(card.details)
    late, opening, together = (int(details.get(name, least)) for name, least in STREAMED)
    return Synthesis(
        STREAM, card.hop, card.hop, flat, flat[:0], ATTACK, 0, late, opening, together, card.channels
    )


def laid(card: Card, kind: str, hop: int | None = None) -> Synthesis:
    """How the decoded frames of a model are laid, `hop` samples apart; None: as is usual.

    Raises EngineError for a hop or a kind of synthesis that cannot be.
    """
    hop = checked_hop(hop, kind, card)
    if card.kind == "window":
        return synthesis(kind, card.window, max(card.window // hop, 2))
    if card.kind == "stream":
        return streamed(card)
    return continuous(card.span_at(hop), hop)


def quickest_laid(card: Card, kind: str) -> Synthesis | None:
    """How the shortest frames of a model are laid; None of one that has one kind of frames."""
    return laid(card, kind, card.hops[-1]) if QUICK in card.can else None


def checked_hop(hop: int | None, synthesis: str, card: Card, low: bool = False) -> int:
    """Samples between two frames: `hop`, or what is usual where latency is to be `low` or not.

    Raises EngineError for a hop that the model has no room for, and for a kind of synthesis that
    it does not have.
    """
    window, overlap = card.window, 4 if low else 2
    if card.kind != "window":
        return _continuous_hop(hop, synthesis, card, low)
    if synthesis == "concat":
        if hop not in (None, window):
            raise EngineError(
                f"concat lays windows of {window} samples end to end; leave out the hop of {hop}"
            )
        return window
    if hop is None:
        return window // overlap_of(window, overlap)
    if hop < 1 or window % hop or window // hop < 2:
        fitting = ", ".join(str(window // n) for n in (2, 4, 8) if window % n == 0)
        raise EngineError(
            f"the hop divides the model's window of {window} samples, and is not {hop}; try {fitting}"
        )
    return hop


def _continuous_hop(hop: int | None, synthesis: str, card: Card, low: bool) -> int:
    if synthesis == "concat":
        raise EngineError(
            f"concat lays windows end to end, and {card.name} decodes none; take a model of windows, "
            'as model="raw", or synthesis="overlap"'
        )
    if hop is None:
        return card.hops[-1 if low else 0]
    if hop not in card.hops:
        raise EngineError(f"the hop of {card.name} is one of {', '.join(map(str, card.hops))}, not {hop}")
    return hop


def _delayed(shape: Float64, samples: int) -> Float64:
    return np.concatenate([np.zeros(samples), shape[: len(shape) - samples]])


def evened(kind: str, grains: str) -> bool:
    """Whether tones are mixed at equal power: of overlapping windows, where they are not to be as
    they were before they could be aligned.
    """
    return kind == "overlap" and grains != "plain"
