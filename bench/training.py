"""What a training learns a second, against plain loops of the same networks.

    python -m bench.training [--full]

The public loop of the raw-audio VAE: a data set that gives one window at a time, a loader that
collates them, float32, Adam as it comes, the loss read at every step. The plain loop of the spectral
family is the same, with each frame analysed when it is drawn. Sizes and batches are those of a plan;
processor time of one thread, the loops taking turns.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from bench.common import run, show, turns
from latentcode.models.best import Best
from latentcode.models.dataset import Sounds, gap_for
from latentcode.models.families.raw.network import Layers as RawLayers
from latentcode.models.families.raw.training import losses
from latentcode.models.families.spectral.analysis import Analysis, Features
from latentcode.models.families.spectral.loss import Loss, divergence
from latentcode.models.families.spectral.network import Layers as SpectralLayers
from latentcode.models.families.spectral.sizes import sizes_of
from latentcode.models.held_out import HeldOut
from latentcode.models.processes import Alone
from latentcode.models.recipe import Plan, planned
from latentcode.models.training import Run, Work, recipe_of

SECONDS, RATE = 60, 44100
GOAL = 3.5
STEPS = 4  # in a turn


class Frames(Dataset):  # type: ignore[type-arg]
    """One frame at a time, as public code has it."""

    def __init__(self, samples: Tensor, plan: Plan, make: Callable[[Tensor], object]) -> None:
        self.samples, self.window, self.hop, self.make = samples, plan.window, plan.hop, make

    def __len__(self) -> int:
        return (len(self.samples) - self.window) // self.hop + 1

    def __getitem__(self, index: int) -> object:
        begin = index * self.hop
        return self.make(self.samples[begin : begin + self.window])


def measure(full: bool) -> None:
    """Print the ratios of both families."""
    torch.set_num_threads(1)
    torch.manual_seed(0)
    samples = 0.3 * torch.randn(SECONDS * RATE)
    rounds = 9 if full else 3
    for name, plan, plain in (
        ("rawaudiovae, windows", planned("rawaudiovae"), plain_raw),
        ("spectral, frames", planned("spectral"), plain_spectral),
    ):
        ours, public = own(samples, plan), plain(samples, plan)
        ways = {"ours": partial(stepped, ours), "plain": partial(stepped, public)}
        for way in ways.values():
            way()  # what happens once
        taken = turns(ways, rounds)
        rates = {way: STEPS * plan.batch / seconds for way, seconds in taken.items()}
        text = f"{name} a second of one core: {rates['ours']:.0f}, in a plain loop {rates['plain']:.0f}"
        show(text, rates["ours"] / rates["plain"], least=GOAL if plain is plain_raw else None)


def stepped(loop: Iterator[None]) -> None:
    """Some steps of a loop."""
    for _ in range(STEPS):
        next(loop)


def own(samples: Tensor, plan: Plan) -> Iterator[None]:
    """Steps of a training here."""
    sounds = Sounds.of([samples], gap_for(plan.window, plan.hop))
    folder = Path(tempfile.mkdtemp(prefix="latentcode-bench-"))
    work = Work(
        plan, sounds, HeldOut((), RATE), Best(folder / "m.safetensors"), folder / "run", (), False, 1.0
    )
    recipe = recipe_of(plan, sounds, work.best.file, ())
    recipe.begin()
    training = Run(work, recipe, Alone())
    while True:
        training.learn(recipe.batch(training.number), 0.2)
        training.number += 1
        yield


def plain_raw(samples: Tensor, plan: Plan) -> Iterator[None]:
    """The public loop."""
    layers = RawLayers(plan.window, plan.units, plan.latent_dim)
    optimizer = torch.optim.Adam(layers.parameters(), lr=1e-4)
    while True:
        for batch in DataLoader(Frames(samples, plan, lambda window: window), plan.batch, shuffle=True):
            optimizer.zero_grad()
            decoded, mean, logvar = layers(batch)
            loss, _ = losses(batch, decoded, mean, logvar, plan.kl_beta)
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            loss.item()
            yield


def plain_spectral(samples: Tensor, plan: Plan) -> Iterator[None]:
    """The same for the spectral family: one frame is analysed at a time."""
    layers = SpectralLayers(sizes_of(plan))
    analysis = Analysis(plan.window, RATE)
    distance = Loss(analysis, RATE)
    optimizer = torch.optim.Adam(layers.parameters(), lr=1e-4)

    def analysed(window: Tensor) -> dict[str, Tensor]:
        return {name: part[0] for name, part in vars(analysis(window[None])).items()}

    while True:
        for batch in DataLoader(Frames(samples, plan, analysed), plan.batch, shuffle=True):
            features = Features(**batch)
            optimizer.zero_grad()
            mean, logvar = layers.encoder(features)
            made = layers.decoder(mean + torch.exp(0.5 * logvar) * torch.randn_like(mean))
            loss = distance(made, features) + plan.kl_beta * divergence(mean, logvar)
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            loss.item()
            yield


if __name__ == "__main__":
    run(measure)
