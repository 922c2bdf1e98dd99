"""What a training is asked for, and what belongs to a family in one."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from latentcode.arrays import Float64
from latentcode.errors import ModelError
from latentcode.files import limits
from latentcode.models.card import Card, checked_rate
from latentcode.models.family import families

if TYPE_CHECKING:
    from torch import Tensor, device, nn

    from latentcode.models.dataset import Sounds

ACCELERATORS = ("cpu", "cuda")
MOST = 1 << 20  # samples, units, latents, frames
TRAINED_BYTES = 20  # by weight: itself, its gradient, two means of Adam, its average


@dataclass(frozen=True)
class Plan:
    """What is asked of a training; `minutes` or `epochs` ends it (100 epochs when neither is
    given).

    The sizes that stand here are those of the raw-audio VAE; `planned` takes those of a family.
    """

    minutes: float | None = None
    epochs: float | None = None
    window: int = 1024  # samples
    latent_dim: int = 128
    units: int = 2048
    sample_rate: int = 44100  # Hz
    hop: int = 128  # samples between frames: an epoch sees each of them once
    kl_beta: float = 1e-4
    learning_rate: float = 1e-3
    batch: int = 1024  # frames
    seed: int = 0
    held_out: float = 0.05  # the part of the sounds that is measured with, not learnt
    family: str = "rawaudiovae"
    anchor: str = ""  # one of the family's: a simpler or older way to compare with

    def __post_init__(self) -> None:
        if self.anchor and self.anchor not in trainable(self.family).anchors:
            known = ", ".join(map(repr, trainable(self.family).anchors)) or "none"
            raise ModelError(f"{self.family} has no anchor {self.anchor!r}; it has {known}")
        counts = ("window", "latent_dim", "units", "hop", "batch")
        positive = ("minutes", "epochs", "learning_rate")
        wrong = [name for name in counts if not 1 <= getattr(self, name) <= MOST]
        if wrong:
            raise ModelError(
                f"{wrong[0]} is {getattr(self, wrong[0])}; whole numbers from 1 to {MOST} are allowed"
            )
        wrong = [name for name in positive if not (getattr(self, name) is None or getattr(self, name) > 0)]
        if wrong:
            raise ModelError(f"{wrong[0]} is {getattr(self, wrong[0])}; a number above 0 was expected")
        if not -(2**63) <= self.seed < 2**63:
            raise ModelError(f"seed is {self.seed}; whole numbers of 64 bits are allowed")
        if not 0 <= self.held_out <= 0.5:
            raise ModelError(f"held_out is {self.held_out}; a part of the sounds from 0 to 0.5 was expected")
        checked_rate(self.sample_rate)
        if excess := limits.excess(self.weights * TRAINED_BYTES):
            raise ModelError(
                f"a network with windows of {self.window} samples, {self.units} units and {self.latent_dim} "
                f"latents would take {excess}; fewer units take less"
            )

    @property
    def weights(self) -> int:
        """How many numbers the network has. Raises ModelError where there
        can be none like that.
        """
        shapes: Iterable[tuple[int, ...]] = trainable(self.family).shapes(self).values()
        return sum(math.prod(shape) for shape in shapes)


@dataclass(frozen=True)
class Measure:
    """What tells how good a model is, of what it was trained on."""

    key: str  # of the note on its card
    shown: str  # a format for the value, short
    verdict: str  # and in a sentence


class Recipe(Protocol):
    """What belongs to a family in a training: its network, its batches, its loss, its figures."""

    layers: nn.Module
    card: Card

    def __len__(self) -> int:
        """How many frames an epoch has."""
        ...

    def to(self, device: device) -> None:
        """Move the network, and what the loss needs beside it, to a device."""
        ...

    def begin(self) -> None:
        """The first weights, where they are not drawn at random."""
        ...

    def batch(self, step: int) -> Any:
        """The frames of a step, a tensor of rows or a dataclass of such; always the same ones."""
        ...

    def loss(self, batch: Any) -> tuple[Tensor, Tensor]:
        """The loss, and a vector of figures whose means over all frames make a score."""
        ...

    def score(self, figures: Float64) -> float:
        """The measure, of the mean figures."""
        ...

    def save(self, weights: Mapping[str, Tensor], card: Card) -> Card:
        """Write the model to `card.file`; returns its card. Raises ModelError."""
        ...


@runtime_checkable
class Trainable(Protocol):
    """A family whose models are trained here."""

    sizes: Mapping[str, float]  # fields of `Plan` that it has other values for
    anchors: Mapping[str, Mapping[str, float]]  # ways to train it to compare with, and their own values
    measure: Measure

    def shapes(self, plan: Plan) -> Mapping[str, tuple[int, ...]]:
        """The shape of every weight. Raises ModelError where there can be no such network."""
        ...

    def recipe(self, plan: Plan, sounds: Sounds, card: Card) -> Recipe:
        """`sounds` are mono at the plan's rate, with the silence of `dataset.gap_for` around them;
        `card` has a name, notes and what the plan says.
        """
        ...


def trainable(name: str) -> Trainable:
    """The family called so. Raises ModelError where none can be trained that is."""
    family = families().get(name)
    if not isinstance(family, Trainable):
        raise ModelError(f"no family {name!r} is trained; {', '.join(trained())} are")
    return family


def trained() -> list[str]:
    """The families that can be trained."""
    return [name for name, family in families().items() if isinstance(family, Trainable)]


def planned(family: str = Plan.family, **options: Any) -> Plan:
    """A plan with the sizes of a family, or of its anchor, where `options` have none.

    Of another window than a family's own the hop is the same part, where the family has one.
    """
    found = trainable(family)
    sizes: dict[str, Any] = {**found.sizes, **found.anchors.get(str(options.get("anchor", "")), {})}
    if "window" in options and "hop" in sizes:
        sizes["hop"] = max(1, int(options["window"] * sizes["hop"] / sizes["window"]))
    return Plan(**sizes | options, family=family)
