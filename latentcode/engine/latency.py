"""What decides how soon something is heard, chosen where the musician has chosen nothing."""

from __future__ import annotations

import argparse
from dataclasses import dataclass

from latentcode.checks import whole
from latentcode.errors import EngineError
from latentcode.models.card import overlap_of

LONGEST = 1000.0  # ms of lead


@dataclass(frozen=True)
class Latency:
    """buffer: samples of the device; block: samples rendered at a time; overlap: grains at once;
    lead: ms.
    """

    buffer: int = 256
    block: int = 512
    overlap: int = 2
    lead: float = 26.0


USUAL = Latency()
LOW = Latency(buffer=128, block=256, overlap=4, lead=14.0)


def settle(options: argparse.Namespace, window: int) -> None:
    """Fill in what the options leave open.

    Raises EngineError for a hop or a block that cannot be.
    """
    chosen = LOW if options.low_latency else USUAL
    for name in ("buffer", "block", "lead"):
        if getattr(options, name) is None:
            setattr(options, name, getattr(chosen, name))
    whole(options.block, "a block", 32, 8192, "--block 256", of="samples")
    options.hop = checked_hop(options.hop, options.synthesis, window, chosen.overlap)


def checked_hop(hop: int | None, synthesis: str, window: int, overlap: int = USUAL.overlap) -> int:
    """Samples between two windows. Raises EngineError for a hop that the window has no room for."""
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


def least_lead(buffer: int, block: int, rate: int) -> float:
    """The lead in ms below which no block can be in time: a buffer,
    and a quarter of a block to render it in.
    """
    return 1000 * (buffer + block / 4) / rate
