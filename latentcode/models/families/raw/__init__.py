"""The raw-audio VAE (Tatar et al., arXiv 2305.15571): our files, and
checkpoints of rawaudiovae.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from latentcode.errors import ModelError
from latentcode.models.archives import holds_code
from latentcode.models.card import (
    Card,
    Kind,
    checked_rate,
    file_digest,
    overlap_of,
    saved_by_torch,
    split_choice,
)
from latentcode.models.families.raw.checkpoint import read_checkpoint
from latentcode.models.families.raw.sizes import FAMILY, check_extra, layer_shapes, layer_sizes
from latentcode.models.family import families, register
from latentcode.models.header import is_safetensors, metadata, notes_of, read_header, whole_number
from latentcode.models.recipe import Measure, Plan

if TYPE_CHECKING:
    from latentcode.models.dataset import Sounds
    from latentcode.models.families.raw.codec import RawCodec
    from latentcode.models.families.raw.training import RawRecipe


class RawAudio:
    """Windows of samples through a multilayer perceptron: a decoded window needs no other."""

    name = FAMILY
    kind: Kind = "window"
    sizes: Mapping[str, float] = {}
    anchors: Mapping[str, Mapping[str, float]] = {
        "published": {"latent_dim": 256, "learning_rate": 1e-4, "batch": 4096}
    }
    measure = Measure(
        key="trained_snr_db",
        shown="{:.1f} dB",
        verdict="{} dB between sounds and what it makes of them: 10 is rough, above 15 is good",
    )

    def recognises(self, path: Path) -> bool:
        """Whether it is one of our files of this family, or what torch has saved."""
        if saved_by_torch(path):
            return not holds_code(split_choice(path)[0])  # TorchScript is another's
        return metadata(path).get("family") == FAMILY

    def card(self, path: Path, sample_rate: int | None = None) -> Card:
        """The card of our file or a checkpoint. Raises ModelError."""
        return _card(path, sample_rate) if is_safetensors(path) else read_checkpoint(path, sample_rate)[0]

    def load(self, card: Card) -> RawCodec:
        """The weights of a card. Raises ModelError."""
        from latentcode.models.families.raw.codec import RawCodec, read

        return RawCodec(read(card))

    def shapes(self, plan: Plan) -> Mapping[str, tuple[int, ...]]:
        overlap_of(plan.window)
        return layer_shapes(plan.window, plan.units, plan.latent_dim)

    def recipe(self, plan: Plan, sounds: Sounds, card: Card) -> RawRecipe:
        from latentcode.models.families.raw.training import RawRecipe

        return RawRecipe(plan, sounds, card)


def _card(path: Path, sample_rate: int | None) -> Card:
    told, tensors = read_header(path)
    if told.get("family") != FAMILY:
        known = ", ".join(map(repr, families()))
        raise ModelError(f"{path} holds a model of family {told.get('family')!r}; latentcode reads {known}")
    sizes = layer_sizes({name: tuple(entry["shape"]) for name, entry in tensors.items()}, path)
    check_extra([name for name in tensors if name not in layer_shapes(*sizes)], path)
    rate = sample_rate or whole_number(told, "sample_rate", path)
    return Card(
        name=told.get("name") or path.stem,
        digest=file_digest(path),
        family=FAMILY,
        sample_rate=checked_rate(rate),
        window=sizes[0],
        units=sizes[1],
        latent_dim=sizes[2],
        hop=whole_number(told, "hop", path),
        notes=notes_of(told, path),
        file=str(path),
    )


register(RawAudio())
