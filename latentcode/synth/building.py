"""The one place where a renderer is set up: for a set, for its replay, and for a single pattern.

Whatever a renderer has to know of its model is asked for here, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from latentcode.errors import RangeError
from latentcode.models.card import Card
from latentcode.models.family import Decoder
from latentcode.synth.context import FindModel
from latentcode.synth.renderer import Renderer, Trouble
from latentcode.synth.settings import Settings, SoundSource
from latentcode.synth.synthesis import laid, quickest_laid


@dataclass(frozen=True)
class ModelInUse:
    """A model as a renderer has it: its card, its sounds, and what decodes its latents;
    `others` finds those that paths and events ask for by name.
    """

    card: Card
    store: SoundSource
    decoder: Decoder
    others: FindModel | None = None


class _Nothing:
    """No sound is looked for, and nothing decoded: nothing is rendered."""

    def __getattr__(self, name: str) -> None:
        return None


def build_renderer(
    model: ModelInUse | None,
    rate: int,
    report: Callable[[Trouble], None],
    beyond: Callable[[int, RangeError], None] = lambda voice, error: None,
    *,
    synthesis: str = "overlap",
    hop: int | None = None,
    loops: bool = False,
    ahead: int = 0,
    **begun: Any,
) -> Renderer:
    """A renderer at `rate` Hz; without a model it keeps the time, and renders nothing.

    report, beyond  are told of voices that failed, and of what moved to where it cannot be played
    hop             samples between two windows; None: as many as are usual
    loops           whether drones and long notes go on in loops: never in the published algorithm
    ahead           ms that streams are decoded ahead
    begun           what else a set begins with, see `Settings`: noise, seed, bpm, grains, habits

    Raises EngineError for a hop or a kind of synthesis that cannot be.
    """
    begun["loops"] = loops and synthesis != "concat"
    begun["streams"] = round(ahead * rate / 1000)
    if model is None:
        nothing: Any = _Nothing()
        return Renderer(Settings(rate, rate, 1024, synthesis, **begun), nothing, nothing, report)
    card = model.card
    shape = laid(card, synthesis, hop)
    sizes = (rate, card.sample_rate, card.window, synthesis, shape, quickest_laid(card, synthesis))
    settings = Settings(*sizes, latent_dim=card.latent_dim, can=card.can, attributes=card.attributes, **begun)
    renderer = Renderer(settings, model.store, model.decoder, report, model.others)
    renderer.beyond = beyond
    return renderer
