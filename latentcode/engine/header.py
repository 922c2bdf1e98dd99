"""What a set is played with, as the header of its journal says it."""

from __future__ import annotations

import argparse
import os
from typing import Any

from latentcode import __version__
from latentcode.engine.sound import PlayerLink
from latentcode.models.card import BUILT_IN, LASTING, Card, asked_again
from latentcode.session.header import HABITS
from latentcode.session.journal import Session
from latentcode.session.records import ALL
from latentcode.synth.settings import Settings


def header(
    options: argparse.Namespace, sound: PlayerLink, settings: Settings, card: Card, rows: int
) -> dict[str, Any]:
    """The words of the header with their values; `rows`: of a stream that go together."""
    import torch

    return {
        "seed": options.seed,
        "rate": sound.rate,
        "buffer": sound.buffer,
        "bpm": options.bpm,
        "synthesis": options.synthesis,
        "block": options.block,
        "hop": options.hop,
        "noise": options.noise,
        "headroom": options.headroom,
        **{name: int(getattr(settings, name)) for name in HABITS},
        "grains": settings.grains,
        "rows": rows,
        "ahead": options.ahead,
        "model": f"{card.name}@{card.digest[:12]}",
        "model_file": asked_again(options.model, card),
        "default": LASTING[BUILT_IN["default"]],
        "folder": os.getcwd(),
        "marks": ALL,
        "torch": torch.__version__,
        "latentcode": __version__,
    }


def as_it_began(options: argparse.Namespace, before: Session) -> dict[str, Any]:
    """What a renderer is built with: as a set began that this engine goes on with, else as is
    asked.
    """
    begun = {name: getattr(options, name) for name in ("synthesis", "hop", "noise", "seed", "bpm")}
    begun |= before.habits if before.header else {name: bool(getattr(options, name)) for name in HABITS}
    begun["ahead"] = before.number("ahead") if before.header else options.ahead
    begun["grains"] = before.value("grains") if before.header else options.grains
    return begun
