"""What decides how soon something is heard, chosen where the musician has chosen nothing."""

from __future__ import annotations

import argparse
from dataclasses import dataclass

from latentcode.checks import whole
from latentcode.synth.synthesis import checked_hop

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


def least_lead(buffer: int, block: int, rate: int) -> float:
    """The lead in ms below which no block can be in time: a buffer,
    and a quarter of a block to render it in.
    """
    return 1000 * (buffer + block / 4) / rate
