"""Training a raw-audio VAE on a folder of sounds: the published loss, Adam,
windows gathered as tensors.
"""

from __future__ import annotations

import argparse
import contextlib
import math
import os
import signal
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from latentcode.errors import ModelError, SoundError
from latentcode.files import limits, texts
from latentcode.models.card import Card, checked_rate, overlap_of
from latentcode.models.dataset import Windows, read_folder
from latentcode.models.families.raw.codec import from_weights, save
from latentcode.models.families.raw.network import Layers
from latentcode.models.families.raw.sizes import FAMILY, layer_shapes
from latentcode.models.progress import Progress, Report, shown
from latentcode.models.target import handled, interrupt, output_file, refuge, say

AVERAGED_EVERY, AVERAGED = 8, 0.01  # steps; the part of the newest weights in the average that is saved
WARMUP_STEPS, WARMUP = 500, 0.1  # or a part of a short training; without it a high rate collapses
FINAL_RATE = 0.02  # of the peak learning rate
CLIP_NORM = 1.0
COLLAPSED = 4.0  # times the usual loss
PATIENCE = 4  # batches in a row that give no numbers, before the weights are taken back
MOST = 1 << 20  # samples, units, latents, windows
TRAINED_BYTES, SAVED_BYTES = 20, 2  # by weight: itself, its gradient, two means of Adam, its average; float16
REPORT_SECONDS, SAVE_SECONDS = 2.0, 120.0


@dataclass(frozen=True)
class Plan:
    """What is asked of a training; `minutes` or `epochs` ends it (100 epochs when neither is
    given).
    """

    minutes: float | None = None
    epochs: float | None = None
    window: int = 1024  # samples
    latent_dim: int = 128
    units: int = 2048
    sample_rate: int = 44100  # Hz
    hop: int = 128  # samples between windows: an epoch sees each of them once
    kl_beta: float = 1e-4
    learning_rate: float = 1e-3
    batch: int = 1024  # windows
    seed: int = 0

    def __post_init__(self) -> None:
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
        checked_rate(self.sample_rate)
        overlap_of(self.window)
        if excess := limits.excess(self.weights * TRAINED_BYTES):
            raise ModelError(
                f"a network with windows of {self.window} samples, {self.units} units and {self.latent_dim} "
                f"latents would take {excess}; fewer units take less"
            )

    @property
    def weights(self) -> int:
        """How many numbers the network has."""
        shapes = layer_shapes(self.window, self.units, self.latent_dim)
        return sum(math.prod(shape) for shape in shapes.values())


def train(
    folder: str | os.PathLike[str],
    output: str | os.PathLike[str],
    *,
    report: Report = lambda progress: None,
    force: bool = False,
    notes: tuple[tuple[str, str], ...] = (),
    **options: float | None,
) -> Card:
    """Train on every sound below `folder` and write the model to `output`; returns its card,
    which names the file.

    A file that is there already is kept, and the model gets a number, unless `force`. `options` are
    the fields of `Plan`: minutes, epochs, window, latent_dim, units, sample_rate, hop, kl_beta,
    learning_rate, batch, seed. Ctrl-C, SIGTERM and SIGHUP end the training early and save what
    there is; in between, the model is saved every two minutes. Raises SoundError when there is
    nothing to train on, ModelError.
    """
    plan = Plan(**options)  # type: ignore[arg-type]
    file = output_file(Path(output), force, plan.weights * SAVED_BYTES)
    sounds = read_folder(Path(folder), plan.sample_rate)
    windows = Windows.of(sounds, plan.window, plan.hop)
    torch.manual_seed(plan.seed)
    layers = Layers(plan.window, plan.units, plan.latent_dim)
    card = Card(
        name=file.stem,
        digest="",
        family=FAMILY,
        sample_rate=plan.sample_rate,
        window=plan.window,
        latent_dim=plan.latent_dim,
        units=plan.units,
        hop=plan.hop,
        notes=notes,
    )
    training = Run(plan, layers, windows, card, file)
    with handled(interrupt):
        with contextlib.suppress(KeyboardInterrupt):
            training.steps(report)
        with handled(signal.SIG_IGN):
            return training.finish()


class Run:
    """One training: its optimiser, its clock, the steps."""

    def __init__(self, plan: Plan, layers: Layers, windows: Windows, card: Card, output: Path) -> None:
        self.plan, self.layers, self.windows, self.card, self.output = plan, layers, windows, card, output
        self.average = [weight.detach().clone() for weight in layers.parameters()]
        self.bfloat16 = has_bfloat16()
        self.seen = 0  # windows
        self.rate = plan.learning_rate
        self.begin()
        self.start = time.monotonic()
        self.skipped = 0  # batches that gave no numbers
        self.in_a_row = 0
        self.totals = np.zeros(4)  # windows, loss, error, power since the last report
        self.snr_db = -math.inf

    def begin(self) -> None:
        """A fresh optimiser; it warms up, and learns again what losses and gradients are usual."""
        self.optimizer = torch.optim.Adam(self.layers.parameters(), lr=self.rate, fused=True)
        self.count = 0  # steps
        self.usual_loss = self.usual_norm = math.inf

    def steps(self, report: Report) -> None:
        """Train until the time or the epochs are up."""
        reported = saved = self.start
        for batch in self.windows.batches(self.plan.batch):
            fraction = self.fraction()
            self.learn(batch, fraction)
            now = time.monotonic()
            if fraction >= 1 or now - reported >= REPORT_SECONDS:
                report(self.progress(fraction, now - reported))
                reported = now
            if fraction >= 1:
                return
            if now - saved >= SAVE_SECONDS:
                self.save_between()
                saved = now

    def learn(self, batch: Tensor, fraction: float) -> None:
        """One step, and its figures; a batch that gives no numbers teaches nothing,
        and is counted.
        """
        figures = self.step(batch, fraction)
        self.seen += len(batch)
        if all(map(math.isfinite, figures)):
            self.totals += len(batch) * np.array([1.0, *figures])
            self.in_a_row = 0
            return
        self.skipped += 1
        self.in_a_row += 1
        if self.in_a_row == PATIENCE:  # not the sounds, but the weights
            self.recover()
            self.in_a_row = 0

    def fraction(self) -> float:
        """How much of the training is done, 0 to 1."""
        done = [0.0]
        if self.plan.minutes is not None:
            done.append((time.monotonic() - self.start) / 60 / self.plan.minutes)
        epochs = self.plan.epochs or (None if self.plan.minutes is not None else 100)
        if epochs is not None:
            done.append(self.seen / len(self.windows) / epochs)
        return min(1.0, max(done))

    def step(self, batch: Tensor, fraction: float) -> tuple[float, float, float]:
        """One step of Adam; returns loss, mean squared error, and the power of the windows."""
        self.count += 1
        for group in self.optimizer.param_groups:
            group["lr"] = self.rate * schedule(self.count, fraction)
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=self.bfloat16):
            decoded, mean, logvar = self.layers(batch)
        loss, error = losses(batch, decoded.float(), mean.float(), logvar.float(), self.plan.kl_beta)
        if not math.isfinite(loss.item()):
            return loss.item(), error.item(), 0.0
        if loss.item() < COLLAPSED * self.usual_loss:
            self.descend(loss)
        else:
            self.recover()
        return loss.item(), error.item(), batch.square().mean().item()

    def descend(self, loss: Tensor) -> None:
        """Step down the gradient, clipped to twice its usual norm:
        one wild batch must not undo the rest.
        """
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        limit = min(2 * self.usual_norm, CLIP_NORM)
        norm = torch.nn.utils.clip_grad_norm_(self.layers.parameters(), limit).item()
        if not math.isfinite(norm):
            return self.recover()
        self.optimizer.step()
        self.usual_norm = followed(self.usual_norm, norm, self.count)
        self.usual_loss = followed(self.usual_loss, loss.item(), self.count)
        if self.count % AVERAGED_EVERY == 0:
            self.remember()

    @torch.no_grad()
    def recover(self) -> None:
        """Go back to the averaged weights, at a lower rate: the training has collapsed."""
        for average, weight in zip(self.average, self.layers.parameters(), strict=True):
            weight.copy_(average)
        self.rate *= 0.7
        self.begin()

    @torch.no_grad()
    def remember(self) -> None:
        """Move the average towards the newest weights: fast at first,
        then over some hundred steps.
        """
        newest = max(AVERAGED, min(1.0, 40 / self.count))
        for average, weight in zip(self.average, self.layers.parameters(), strict=True):
            average.lerp_(weight, newest)

    def progress(self, fraction: float, seconds: float) -> Progress:
        """How far the training is; the figures begin anew."""
        count, loss = float(self.totals[0]), float(self.totals[1])
        elapsed = time.monotonic() - self.start
        self.measure()
        return Progress(
            fraction=fraction,
            epoch=self.seen / len(self.windows),
            loss=loss / max(count, 1.0),
            snr_db=self.snr_db,
            windows_per_second=count / max(seconds, 1e-9),
            seconds_left=elapsed * (1 / max(fraction, 1e-6) - 1),
        )

    def measure(self) -> None:
        """The score of what was learnt since the last report;
        the former one where that was nothing.
        """
        count, _, error, power = (float(total) for total in self.totals)
        if count:
            self.snr_db = 10 * math.log10((power + 1e-20) / (error + 1e-20))
        self.totals = np.zeros(4)

    def save_between(self) -> None:
        """Save in mid-training; what prevents it is said, and tried again the next time."""
        if math.isfinite(self.snr_db):
            try:
                self.save()
            except ModelError as error:
                say(f"{error}; the training goes on")

    def finish(self) -> Card:
        """Save what there is, elsewhere if need be. Raises ModelError for what is no model."""
        self.measure()
        if self.skipped:
            say(f"{self.skipped} batches gave no numbers and were skipped")
        if not math.isfinite(self.snr_db):
            raise ModelError(
                f"nothing was learnt, so {self.output} was not written; train longer, or on other sounds"
            )
        try:
            return self.save()
        except ModelError as error:
            self.output = refuge(self.output)
            self.save()
            raise ModelError(f"{error}; the model is in {self.output} instead, copy it from there") from None

    def save(self) -> Card:
        """Write the averaged weights as they are now; returns the model's card.

        Raises ModelError.
        """
        minutes = (time.monotonic() - self.start) / 60
        trained = (
            ("trained_minutes", f"{minutes:.1f}"),
            ("trained_epochs", f"{self.seen / len(self.windows):.1f}"),
            ("trained_snr_db", f"{self.snr_db:.1f}"),
        )
        card = replace(self.card, notes=self.card.notes + trained)
        names = (name for name, _ in self.layers.named_parameters())
        weights = {name: weight.clone() for name, weight in zip(names, self.average, strict=True)}
        return save(from_weights(card, weights), self.output)


def losses(
    windows: Tensor, decoded: Tensor, mean: Tensor, logvar: Tensor, kl_beta: float
) -> tuple[Tensor, Tensor]:
    """The published loss, mean squared error + kl_beta × mean divergence, and the error alone."""
    error = functional.mse_loss(decoded, windows)
    divergence = -0.5 * torch.mean(1 + logvar - mean.square() - logvar.exp())
    return error + kl_beta * divergence, error


def followed(usual: float, value: float, count: int) -> float:
    """The running mean of a value, slow enough that one outlier hardly moves it."""
    if count < 20 or not math.isfinite(usual):
        return value
    return usual + 0.01 * (min(value, 2 * usual) - usual)


def schedule(step: int, fraction: float) -> float:
    """The learning rate as a part of its peak: linear warm-up by steps,
    half a cosine over the whole.
    """
    cosine = FINAL_RATE + (1 - FINAL_RATE) * (1 + math.cos(math.pi * fraction)) / 2
    return min(1.0, max(step / WARMUP_STEPS, fraction / WARMUP)) * cosine


def has_bfloat16() -> bool:
    """Whether this processor multiplies in bfloat16, at two to four times the rate of float32."""
    flags = ("_is_avx512_bf16_supported", "_is_amx_tile_supported")
    return any(getattr(torch.cpu, flag, bool)() for flag in flags)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command line of `latentcode train`."""
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="sounds, searched recursively")
    parser.add_argument("-f", "--force", action="store_true", help="replace a model that is there already")
    parser.add_argument(
        "-o", "--output", type=Path, required=True, metavar="MODEL", help="the .safetensors to write"
    )
    length = parser.add_mutually_exclusive_group()
    length.add_argument("--minutes", type=float, help="train this long")
    length.add_argument("--epochs", type=float, help="go through the sounds this often (default 100)")
    parser.add_argument(
        "--window", type=int, default=Plan.window, help="samples in a window (default %(default)s)"
    )
    parser.add_argument(
        "--latent", type=int, default=Plan.latent_dim, help="dimensions (default %(default)s)"
    )
    parser.add_argument("--units", type=int, default=Plan.units, help="hidden units (default %(default)s)")
    parser.add_argument("--rate", type=int, default=Plan.sample_rate, help="Hz (default %(default)s)")
    parser.add_argument(
        "--seed", type=int, default=Plan.seed, help="of weights and order (default %(default)s)"
    )


def run(args: argparse.Namespace) -> int:
    """Train as the command line says, with the progress shown; returns the exit status."""
    with shown() as report:
        card = train(
            args.folder,
            args.output,
            report=report,
            force=args.force,
            minutes=args.minutes,
            epochs=args.epochs,
            window=args.window,
            latent_dim=args.latent,
            units=args.units,
            sample_rate=args.rate,
            seed=args.seed,
        )
    texts.say(f"{card.file}: {card.window} samples, {card.latent_dim} latents, {card.units} units")
    snr = card.note("trained_snr_db")
    if snr:
        print(f"  {snr} dB between sounds and what it makes of them: 10 is rough, above 15 is good")
    texts.say(f"  play it: latentcode --model {card.file}")
    return 0


def main(arguments: list[str] | None = None) -> int:
    """`python -m latentcode.models.training FOLDER -o MODEL`."""
    parser = argparse.ArgumentParser(prog="python -m latentcode.models.training", description=__doc__)
    add_arguments(parser)
    try:
        return run(parser.parse_args(arguments))
    except (SoundError, ModelError) as error:
        texts.say(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
