"""The baseline autoencoder of the NSynth paper (Engel et al. 2017, arXiv 1704.01279): ten
convolutions from the log magnitudes of a whole note to one latent frame, and ten back; the phases
by Griffin and Lim's algorithm.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from latentcode.models.card import Card, Kind, checked_rate
from latentcode.models.families.baseline.sizes import FAMILY, shapes_of
from latentcode.models.family import register
from latentcode.models.header import check_shapes, metadata, told_card
from latentcode.models.recipe import Measure, Plan

if TYPE_CHECKING:
    from latentcode.models.dataset import Sounds
    from latentcode.models.families.baseline.codec import BaselineCodec
    from latentcode.models.families.baseline.training import BaselineRecipe


class Baseline:
    """Notes as windows: a decoded one needs no other, and its phases are made of it alone."""

    name = FAMILY
    kind: Kind = "window"
    sizes: Mapping[str, float] = {
        "window": 65536,  # four seconds
        "latent_dim": 1984,
        "units": 1024,
        "sample_rate": 16000,
        "hop": 16384,
        "learning_rate": 1e-4,
        "batch": 8,
    }
    anchors: Mapping[str, Mapping[str, float]] = {}
    measure = Measure(
        key="trained_distance_db",
        shown="{:.1f} dB off",
        verdict="{} dB between the spectra of sounds and what it makes of them, silence among them",
    )

    def recognises(self, path: Path) -> bool:
        return metadata(path).get("family") == FAMILY

    def card(self, path: Path, sample_rate: int | None = None) -> Card:
        card, tensors = told_card(path, FAMILY)
        card = replace(card, sample_rate=checked_rate(sample_rate or card.sample_rate))
        check_shapes(shapes_of(card), tensors, path)
        return card

    def load(self, card: Card) -> BaselineCodec:
        from latentcode.models.families.baseline.codec import read

        return read(card)

    def shapes(self, plan: Plan) -> Mapping[str, tuple[int, ...]]:
        return shapes_of(plan)

    def recipe(self, plan: Plan, sounds: Sounds, card: Card) -> BaselineRecipe:
        from latentcode.models.families.baseline.training import BaselineRecipe

        return BaselineRecipe(plan, sounds, card)


register(Baseline())
