"""The spectral family: log magnitudes in the latents, phases made while playing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from latentcode.models.card import Card, Kind, checked_rate
from latentcode.models.families.spectral.sizes import FAMILY, hops_of, sizes_of
from latentcode.models.family import register
from latentcode.models.header import check_shapes, metadata, told_card
from latentcode.models.recipe import Measure, Plan

CAN = ("glide", "shift", "quick", "level")  # see `Card`

if TYPE_CHECKING:
    from latentcode.models.dataset import Sounds
    from latentcode.models.families.spectral.codec import SpectralCodec
    from latentcode.models.families.spectral.training import SpectralRecipe


class Spectral:
    """Magnitudes through a network, phases from frame to frame."""

    name = FAMILY
    kind: Kind = "spectral"
    sizes: Mapping[str, float] = {
        "window": 2048,
        "latent_dim": 256,
        "units": 1024,
        "hop": 512,
        "kl_beta": 1e-3,
        "learning_rate": 7e-4,
        "batch": 512,
    }
    anchors: Mapping[str, Mapping[str, float]] = {
        "components": {"units": 256, "latent_dim": 128},
        "magnitudes": {},
    }
    measure = Measure(
        key="trained_distance_db",
        shown="{:.2f} dB off",
        verdict="{} dB between the spectra of sounds and what it makes of them: 5 is rough, below 4 is good",
    )

    def recognises(self, path: Path) -> bool:
        return metadata(path).get("family") == FAMILY

    def card(self, path: Path, sample_rate: int | None = None) -> Card:
        card, tensors = told_card(path, FAMILY)
        checked_rate(card.sample_rate)  # at which it was trained: its shapes follow from that
        card = replace(card, kind=self.kind, hops=hops_of(card.window), can=CAN)
        check_shapes(sizes_of(card).shapes, tensors, path)
        return replace(card, sample_rate=checked_rate(sample_rate or card.sample_rate))

    def load(self, card: Card) -> SpectralCodec:
        from latentcode.models.families.spectral.codec import read

        return read(card)

    def shapes(self, plan: Plan) -> Mapping[str, tuple[int, ...]]:
        return sizes_of(plan).shapes

    def recipe(self, plan: Plan, sounds: Sounds, card: Card) -> SpectralRecipe:
        from latentcode.models.families.spectral.training import SpectralRecipe

        return SpectralRecipe(plan, sounds, replace(card, can=CAN))


register(Spectral())
