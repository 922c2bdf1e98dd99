"""Training a model on a folder of sounds: Adam under a schedule, the weights' average, what is
saved when. What is trained is a family's recipe (`models/recipe.py`).
"""

from __future__ import annotations

import argparse
import contextlib
import math
import os
import signal
import sys
import time
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from latentcode.arrays import Float64
from latentcode.errors import ModelError, SoundError
from latentcode.files import texts
from latentcode.models.card import Card, one_line
from latentcode.models.dataset import mixed, read_folder
from latentcode.models.progress import Progress, Report, shown
from latentcode.models.recipe import Plan, Recipe, planned, trainable, trained
from latentcode.models.resuming import adam_state, read_state, restore_adam, state_file, write_state
from latentcode.models.target import handled, interrupt, output_file, refuge, say

AVERAGED_EVERY, AVERAGED = 8, 0.01  # steps; the part of the newest weights in the average that is saved
WARMUP_STEPS, WARMUP = 500, 0.1  # or a part of a short training; without it a high rate collapses
FINAL_RATE = 0.02  # of the peak learning rate
CLIP_NORM = 1.0
COLLAPSED = 4.0  # times the usual loss
PATIENCE = 4  # batches in a row that give no numbers, before the weights are taken back
SAVED_BYTES = 2  # by weight: float16
REPORT_SECONDS, SAVE_SECONDS = 2.0, 120.0


def train(
    folder: str | os.PathLike[str],
    output: str | os.PathLike[str],
    *,
    family: str = Plan.family,
    report: Report = lambda progress: None,
    force: bool = False,
    resume: bool = False,
    notes: tuple[tuple[str, str], ...] = (),
    **options: float | str | None,
) -> Card:
    """Train on every sound below `folder` and write the model to `output`; returns its card,
    which names the file.

    A file that is there already is kept, and the model gets a number, unless `force`. `options`
    are the fields of `Plan`: minutes, epochs, window, latent_dim, units, sample_rate, hop,
    kl_beta, learning_rate, batch, seed, anchor; each family has its own values for those that are
    not given.

    Ctrl-C, SIGTERM and SIGHUP end the training early and save what there is; in between, the
    model is saved every two minutes, and beside it what `resume` goes on from, with the sizes it
    had. Raises SoundError when there is nothing to train on, ModelError.
    """
    state = read_state(state_file(Path(output))) if resume else None
    if state is not None:
        family, options = resumed(state[1], options)
    plan = planned(family, **options)
    file = output_file(Path(output), force or resume, plan.weights * SAVED_BYTES)
    sounds = read_folder(Path(folder), plan.sample_rate)
    torch.manual_seed(plan.seed)
    training = Run(plan, recipe_of(plan, sounds, file, notes), file)
    if state is None:
        training.recipe.begin()
    else:
        training.restore(*state)
    with handled(interrupt):
        with contextlib.suppress(KeyboardInterrupt):
            training.steps(report)
        with handled(signal.SIG_IGN):
            return training.finish()


def recipe_of(plan: Plan, sounds: list[Tensor], file: Path, notes: tuple[tuple[str, str], ...]) -> Recipe:
    """What the plan's family trains."""
    card = Card(
        name=file.stem,
        digest="",
        family=plan.family,
        sample_rate=plan.sample_rate,
        window=plan.window,
        latent_dim=plan.latent_dim,
        units=plan.units,
        hop=plan.hop,
        notes=notes + ((("anchor", plan.anchor),) if plan.anchor else ()),
    )
    return trainable(plan.family).recipe(plan, sounds, card)


def resumed(figures: dict[str, Any], options: dict[str, float | str | None]) -> tuple[str, dict[str, Any]]:
    """The family and the options of a training that goes on: as they were,
    but how long it takes.
    """
    plan = dict(figures["plan"])
    length = {name: options[name] for name in ("minutes", "epochs") if options.get(name) is not None}
    if length:
        plan |= {"minutes": None, "epochs": None} | length
    return str(plan.pop("family")), plan


class Run:
    """One training: its optimiser, its clock, the steps."""

    def __init__(self, plan: Plan, recipe: Recipe, output: Path) -> None:
        self.plan, self.recipe, self.layers, self.output = plan, recipe, recipe.layers, output
        self.measured = trainable(plan.family).measure
        self.even = float(plan.anchor == "published")  # times the rate, from first to last
        self.names = [name for name, _ in self.layers.named_parameters()]
        self.average = [weight.detach().clone() for weight in self.layers.parameters()]
        self.number = 0  # of the next batch
        self.seen = 0  # frames
        self.rate = plan.learning_rate
        self.begin()
        self.start = time.monotonic()
        self.skipped = 0  # batches that gave no numbers
        self.in_a_row = 0
        self.totals: Float64 | None = None  # frames, loss and figures since the last report
        self.score = -math.inf

    def begin(self) -> None:
        """A fresh optimiser; it warms up, and learns again what losses and gradients are usual."""
        self.optimizer = torch.optim.Adam(self.layers.parameters(), lr=self.rate, fused=True)
        self.count = 0  # steps
        self.usual_loss = self.usual_norm = math.inf

    def steps(self, report: Report) -> None:
        """Train until the time or the epochs are up."""
        reported = saved = time.monotonic()
        while True:
            fraction = self.fraction()
            torch.manual_seed(mixed(self.plan.seed, self.number))
            self.learn(self.recipe.batch(self.number), fraction)
            self.number += 1
            now = time.monotonic()
            if fraction >= 1 or now - reported >= REPORT_SECONDS:
                report(self.progress(fraction, now - reported))
                reported = now
            if fraction >= 1:
                return
            if now - saved >= SAVE_SECONDS:
                self.save_between()
                saved = now

    def learn(self, batch: Any, fraction: float) -> None:
        """One step, and its figures; a batch that gives no numbers teaches nothing,
        and is counted.
        """
        figures = self.step(batch, fraction)
        self.seen += len(batch)
        if np.isfinite(figures).all():
            counted = len(batch) * np.array([1.0, *figures])
            self.totals = counted if self.totals is None else self.totals + counted
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
            done.append(self.elapsed() / 60 / self.plan.minutes)
        epochs = self.plan.epochs or (None if self.plan.minutes is not None else 100)
        if epochs is not None:
            done.append(self.seen / len(self.recipe) / epochs)
        return min(1.0, max(done))

    def elapsed(self) -> float:
        """The seconds that were trained."""
        return time.monotonic() - self.start

    def step(self, batch: Any, fraction: float) -> Float64:
        """One step of Adam; returns the loss and the recipe's figures."""
        self.count += 1
        for group in self.optimizer.param_groups:
            group["lr"] = self.rate * (self.even or schedule(self.count, fraction))
        loss, figures = self.recipe.loss(batch)
        told = np.array([loss.item(), *figures.tolist()])
        if not np.isfinite(told).all():
            return told
        if told[0] < COLLAPSED * self.usual_loss:
            self.descend(loss)
        else:
            self.recover()
        return told

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
        count, loss = (0.0, 0.0) if self.totals is None else (float(self.totals[0]), float(self.totals[1]))
        self.measure()
        return Progress(
            fraction=fraction,
            epoch=self.seen / len(self.recipe),
            loss=loss / max(count, 1.0),
            score=self.measured.shown.format(self.score),
            frames_per_second=count / max(seconds, 1e-9),
            seconds_left=self.elapsed() * (1 / max(fraction, 1e-6) - 1),
        )

    def measure(self) -> None:
        """The score of what was learnt since the last report;
        the former one where that was nothing.
        """
        if self.totals is not None:
            self.score = self.recipe.score(self.totals[2:] / self.totals[0])
        self.totals = None

    def save_between(self) -> None:
        """Save in mid-training; what prevents it is said, and tried again the next time."""
        if math.isfinite(self.score):
            try:
                self.save()
                self.save_state()
            except (ModelError, OSError) as error:
                say(f"{error}; the training goes on")

    def finish(self) -> Card:
        """Save what there is, elsewhere if need be. Raises ModelError for what is no model."""
        self.measure()
        if self.skipped:
            say(f"{self.skipped} batches gave no numbers and were skipped")
        if not math.isfinite(self.score):
            raise ModelError(
                f"nothing was learnt, so {self.output} was not written; train longer, or on other sounds"
            )
        try:
            card = self.save()
        except ModelError as error:
            self.output = refuge(self.output)
            self.save()
            raise ModelError(f"{error}; the model is in {self.output} instead, copy it from there") from None
        self.keep_state()
        return card

    def keep_state(self) -> None:
        """Leave what a training goes on from beside the model of one that was ended early, and
        only there.
        """
        try:
            if self.fraction() < 1:
                self.save_state()
                say(f"train on with --resume, which reads {state_file(self.output)}")
            else:
                state_file(self.output).unlink(missing_ok=True)
        except OSError as error:
            say(f"{state_file(self.output)} cannot be written: {error.strerror or error}; the model is whole")

    def save(self) -> Card:
        """Write the averaged weights as they are now; returns the model's card.

        Raises ModelError.
        """
        trained = (
            ("trained_minutes", f"{self.elapsed() / 60:.1f}"),
            ("trained_epochs", f"{self.seen / len(self.recipe):.1f}"),
            (self.measured.key, f"{self.score:.1f}"),
        )
        card = self.recipe.card
        card = replace(card, notes=card.notes + trained, file=str(self.output))
        averages = {name: weight.clone() for name, weight in zip(self.names, self.average, strict=True)}
        return self.recipe.save(self.layers.state_dict() | averages, card)

    def save_state(self) -> None:
        """Write what `restore` takes. Raises OSError."""
        averages = {f"average/{name}": weight for name, weight in zip(self.names, self.average, strict=True)}
        weights = {f"weight/{name}": weight for name, weight in self.layers.state_dict().items()}
        kept = {name: getattr(self, name) for name in KEPT}
        figures = {"plan": asdict(self.plan), "seconds": self.elapsed(), **kept}
        write_state(
            state_file(self.output), weights | averages | adam_state(self.optimizer, self.names), figures
        )

    @torch.no_grad()
    def restore(self, tensors: dict[str, Tensor], figures: dict[str, Any]) -> None:
        """Be where a training was when it was saved. Raises ModelError where its weights are
        others.
        """
        try:
            weights = {name: tensors[f"weight/{name}"] for name in self.layers.state_dict()}
            self.layers.load_state_dict(weights)
            for average, name in zip(self.average, self.names, strict=True):
                average.copy_(tensors[f"average/{name}"])
            restore_adam(self.optimizer, self.names, tensors)
            for name in KEPT:
                setattr(self, name, figures[name])
            self.start = time.monotonic() - float(figures["seconds"])
        except (KeyError, RuntimeError, TypeError, ValueError) as error:
            raise ModelError(
                f"{state_file(self.output)} does not fit: {one_line(error)}; begin the training anew"
            ) from None


KEPT = ("number", "seen", "rate", "count", "usual_loss", "usual_norm", "skipped", "in_a_row", "score")


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
        "--family", choices=trained(), default=Plan.family, help="the kind of model (default %(default)s)"
    )
    parser.add_argument("--anchor", default="", metavar="NAME", help="a simpler model, to compare with")
    parser.add_argument("--resume", action="store_true", help="go on with a training that was ended early")
    for option, field, what in OPTIONS:
        usual = ", ".join(f"{name} {getattr(planned(name), field)}" for name in trained())
        parser.add_argument(option, dest=field, type=int, help=f"{what} (default: {usual})")
    parser.add_argument(
        "--seed", type=int, default=Plan.seed, help="of weights and order (default %(default)s)"
    )


OPTIONS = (
    ("--window", "window", "samples in a frame"),
    ("--latent", "latent_dim", "dimensions"),
    ("--units", "units", "hidden units"),
    ("--rate", "sample_rate", "Hz"),
)


def run(args: argparse.Namespace) -> int:
    """Train as the command line says, with the progress shown; returns the exit status."""
    given = {field: getattr(args, field) for _, field, _ in OPTIONS if getattr(args, field) is not None}
    with shown() as report:
        card = train(
            args.folder,
            args.output,
            family=args.family,
            report=report,
            force=args.force,
            resume=args.resume,
            minutes=args.minutes,
            epochs=args.epochs,
            seed=args.seed,
            anchor=args.anchor,
            **given,
        )
    texts.say(f"{card.file}: {card.window} samples, {card.latent_dim} latents, {card.units} units")
    measure = trainable(card.family).measure
    if score := card.note(measure.key):
        print(f"  {measure.verdict.format(score)}")
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
