"""Training a model on a folder of sounds: Adam under a schedule, the weights' average, what is
saved when. What is trained is a family's recipe (`models/recipe.py`).
"""

from __future__ import annotations

import contextlib
import math
import os
import signal
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from latentcode.arrays import Float64
from latentcode.errors import ModelError, SoundError
from latentcode.files import limits
from latentcode.models.best import Best, Checkpoint, score_of
from latentcode.models.card import Card, one_line
from latentcode.models.dataset import Sounds, mixed
from latentcode.models.gathering import gather
from latentcode.models.held_out import HeldOut
from latentcode.models.processes import Alone, Crew, Tell, asking, share, together
from latentcode.models.progress import Doing, Progress, Report
from latentcode.models.recipe import Plan, Recipe, planned, trainable
from latentcode.models.resuming import adam_state, read_state, restore_adam, state_file, write_state
from latentcode.models.run_folder import HELD_OUT, LOSSES, RunFolder, run_folder
from latentcode.models.target import handled, output_file, refuge, say

AVERAGED_EVERY, AVERAGED = 8, 0.01  # steps; the part of the newest weights in the average that is saved
WARMUP_STEPS, WARMUP = 500, 0.1  # or a part of a short training; without it a high rate collapses
FINAL_RATE = 0.02  # of the peak learning rate
CLIP_NORM = 1.0
COLLAPSED = 4.0  # times the usual loss
PATIENCE = 4  # batches in a row that give no numbers, before the weights are taken back
SAVED_BYTES = 2  # by weight: float16
REPORT_SECONDS, SAVE_SECONDS = 2.0, 120.0
RELEASED_EVERY = 4  # batches, after which what was read of a file is given back
Watch = Callable[[RunFolder, Checkpoint], None]


def train(
    folder: str | os.PathLike[str],
    output: str | os.PathLike[str],
    *,
    family: str = Plan.family,
    report: Report = lambda progress: None,
    doing: Doing = lambda what: None,
    watch: Watch = lambda folder, checkpoint: None,
    ended: Callable[[int], None] = lambda number: None,
    force: bool = False,
    resume: bool = False,
    notes: tuple[tuple[str, str], ...] = (),
    run: str | os.PathLike[str] | None = None,
    every: float = 10.0,
    memory: int | None = None,
    devices: int = 1,
    accelerator: str = "cpu",
    **options: float | str | None,
) -> Card:
    """Train on every sound below `folder`; returns the card, with its file, of the best model.

    `options` are the fields of `Plan`: minutes, epochs, window, latent_dim, units, sample_rate,
    hop, kl_beta, learning_rate, batch, seed, held_out, anchor; each family has its own values for
    those that are not given. A file that is at `output` already is kept, and the model gets a
    number, unless `force`: then it is replaced by a model that plays held-out sounds better, and
    only so.

    Every `every` minutes, and in the end, the model is tried on the held-out sounds; it is written
    to `output` where it is better than what lies there, and `watch` is told. Losses and measures
    stand in the folder `run` (default: OUTPUT.run). Every two minutes all that `resume` goes on
    from, with the sizes it had, is saved beside the model. Ctrl-C, SIGTERM and SIGHUP end the
    training early, and save what there is; `ended` is told the signal's number. Sounds of
    more than `memory` bytes (default: what LATENTCODE_MEMORY allows) stay on the disk. `devices`
    processes train together, on GPUs with `accelerator="cuda"`.

    Raises SoundError when there is nothing to train on, ModelError.
    """
    figures = read_state(state_file(Path(output)))[1] if resume else None
    if figures is not None:
        family, options = resumed(figures, options)
    plan = planned(family, **options)
    if not 1 <= devices <= plan.batch:
        raise ModelError(f"{devices} devices; from 1 to {plan.batch} can share a batch")
    if not every > 0:
        raise ModelError(f"a checkpoint every {every} minutes; a number above 0 was expected")
    file = output_file(Path(output), force or resume, plan.weights * SAVED_BYTES)
    place = run_folder(file, None if run is None else Path(run), (figures or {}).get("run"))
    most = limits.most() if memory is None else memory
    try:
        sounds, held_out = gather(Path(folder), plan, place.samples, most, mapped=devices > 1)
    except OSError as error:
        raise SoundError(f"the sounds cannot be kept in {place.path}: {error.strerror or error}") from error
    best = Best(file, score_of(file, held_out))
    work = Work(plan, sounds, held_out, best, place.path, notes, resume, every)

    doing("the first steps")

    def hear(told: Progress | Checkpoint | str) -> None:
        if isinstance(told, Progress):
            report(told)
        elif isinstance(told, str):
            doing(told)
        else:
            watch(place, told)

    if devices > 1:
        return together(devices, accelerator, work, hear, ended)
    crew = Alone(accelerator)
    with handled(asking(crew.ask, ended)):
        return work(crew, hear)


@dataclass(frozen=True)
class Work:
    """What each process of a training has to do; it goes to others as a pickle."""

    plan: Plan
    sounds: Sounds
    held_out: HeldOut
    best: Best
    run: Path
    notes: tuple[tuple[str, str], ...]
    resume: bool
    every: float

    def __call__(self, crew: Crew, tell: Tell) -> Card:
        torch.manual_seed(self.plan.seed)
        recipe = recipe_of(self.plan, self.sounds, self.best.file, self.notes)
        if not self.resume:
            recipe.begin()
        recipe.to(crew.device)
        training = Run(self, recipe, crew)
        with contextlib.suppress(KeyboardInterrupt):
            training.steps(tell)
        with handled(signal.SIG_IGN):
            return recipe.card if crew.rank else training.finish(tell)


def recipe_of(plan: Plan, sounds: Sounds, file: Path, notes: tuple[tuple[str, str], ...]) -> Recipe:
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
    plan: dict[str, Any] = {"held_out": 0.0} | figures["plan"]  # nothing was, before it could be
    length = {name: options[name] for name in ("minutes", "epochs") if options.get(name) is not None}
    if length:
        plan |= {"minutes": None, "epochs": None} | length
    return str(plan.pop("family")), plan


class Run:
    """One training: its optimiser, its clock, the steps."""

    def __init__(self, work: Work, recipe: Recipe, crew: Crew) -> None:
        self.work, self.recipe, self.crew = work, recipe, crew
        self.plan, self.layers, self.best = work.plan, recipe.layers, work.best
        self.folder = RunFolder(work.run)
        self.measured = trainable(self.plan.family).measure
        self.even = float(self.plan.anchor == "published")  # times the rate, from first to last
        self.names = [name for name, _ in self.layers.named_parameters()]
        self.average = [weight.detach().clone() for weight in self.layers.parameters()]
        self.number = 0  # of the next batch
        self.seen = 0  # frames
        self.rate = self.plan.learning_rate
        self.begin()
        self.start = time.monotonic()
        self.tried = -math.inf  # seconds, when the last checkpoint was made
        self.skipped = 0  # batches that gave no numbers
        self.in_a_row = 0
        self.totals: Float64 | None = None  # frames, loss and figures since the last report
        self.score = -math.inf
        if work.resume:
            self.restore(*read_state(state_file(self.best.file)))
        else:
            self.agree()
        if not crew.rank:
            self.folder.begin(self.number)

    def begin(self) -> None:
        """A fresh optimiser; it warms up, and learns again what losses and gradients are usual."""
        self.optimizer = torch.optim.Adam(self.layers.parameters(), lr=self.rate, fused=True)
        self.count = 0  # steps
        self.usual_loss = self.usual_norm = math.inf

    @torch.no_grad()
    def agree(self) -> None:
        """Have all processes begin with the weights of the first."""
        if self.crew.count == 1:
            return
        for values in (*self.layers.state_dict().values(), *self.average):
            values.copy_(self.crew.summed(values * (self.crew.rank == 0)))

    def steps(self, tell: Tell) -> None:
        """Train until the time or the epochs are up, or the training is asked to end."""
        reported = saved = time.monotonic()
        ended = False
        while not ended:
            fraction, ended = self.ending()
            torch.manual_seed(mixed(self.plan.seed, self.number * self.crew.count + self.crew.rank))
            self.learn(self.recipe.batch(self.number), fraction)
            self.number += 1
            if self.number % RELEASED_EVERY == 0:
                self.work.sounds.release()
            if self.crew.rank:
                continue
            now = time.monotonic()
            if ended or now - reported >= REPORT_SECONDS:
                tell(self.progress(fraction, now - reported))
                reported = now
            if not ended and now - saved >= min(SAVE_SECONDS, 60 * self.work.every):
                self.save_between(tell)
                saved = now
                reported += time.monotonic() - now  # in which nothing was learnt

    def ending(self) -> tuple[float, bool]:
        """How much of the training is done, and whether it ends with the next step: as the first
        process says.
        """
        said = (self.fraction(), float(self.crew.ended())) if not self.crew.rank else (0.0, 0.0)
        fraction, asked = self.crew.summed(torch.tensor(said, dtype=torch.float64)).tolist()
        return fraction, fraction >= 1 or asked > 0

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
        """One step of Adam; returns the loss and the recipe's figures, over all processes."""
        self.count += 1
        for group in self.optimizer.param_groups:
            group["lr"] = self.rate * (self.even or schedule(self.count, fraction))
        part = share(batch, self.crew)
        loss, figures = self.recipe.loss(part)
        weight = len(part) / self.crew.summed(torch.tensor(float(len(part)))).item()
        told = self.crew.summed(torch.cat([loss.detach()[None], figures]) * weight).double().cpu().numpy()
        if not np.isfinite(told).all():
            return told
        if told[0] < COLLAPSED * self.usual_loss:
            self.descend(loss * weight, float(told[0]))
        else:
            self.recover()
        return told

    def descend(self, loss: Tensor, whole: float) -> None:
        """Step down the gradient of this process's part of the `whole` loss, summed over all and
        clipped to twice its usual norm: one wild batch must not undo the rest.
        """
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        self.gather_gradients()
        limit = min(2 * self.usual_norm, CLIP_NORM)
        norm = torch.nn.utils.clip_grad_norm_(self.layers.parameters(), limit).item()
        if not math.isfinite(norm):
            return self.recover()
        self.optimizer.step()
        self.usual_norm = followed(self.usual_norm, norm, self.count)
        self.usual_loss = followed(self.usual_loss, whole, self.count)
        if self.count % AVERAGED_EVERY == 0:
            self.remember()

    def gather_gradients(self) -> None:
        """Have every process follow the gradient of the whole batch."""
        if self.crew.count == 1:
            return
        gradients = [weight.grad for weight in self.layers.parameters() if weight.grad is not None]
        whole = self.crew.summed(torch.cat([gradient.flatten() for gradient in gradients]))
        parts = torch.split(whole, [gradient.numel() for gradient in gradients])
        for gradient, part in zip(gradients, parts, strict=True):
            gradient.copy_(part.view_as(gradient))

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
        state = Progress(
            fraction=fraction,
            epoch=self.seen / len(self.recipe),
            loss=loss / max(count, 1.0),
            score=self.measured.shown.format(self.score),
            frames_per_second=count / max(seconds, 1e-9),
            seconds_left=self.seconds_left(max(fraction, self.fraction())),  # with this step, as what it took
        )
        row = self.row() | {"loss": state.loss, self.measured.key.partition("_")[2]: self.score}
        with contextlib.suppress(OSError):  # a disk that is full: it is told where it matters
            self.folder.add(LOSSES, row | {"frames_per_second": state.frames_per_second})
        return state

    def seconds_left(self, fraction: float) -> float:
        """How long it still takes, by what it has taken."""
        return self.elapsed() * (1 / max(fraction, 1e-6) - 1)

    def row(self) -> dict[str, float]:
        """Where the training is, as the rows of its folder begin."""
        minutes, epoch = self.elapsed() / 60, self.seen / len(self.recipe)
        return {"step": self.number, "minutes": round(minutes, 3), "epoch": round(epoch, 4)}

    def measure(self) -> None:
        """The score of what was learnt since the last report;
        the former one where that was nothing.
        """
        if self.totals is not None:
            self.score = self.recipe.score(self.totals[2:] / self.totals[0])
        self.totals = None

    def save_between(self, tell: Tell) -> None:
        """Save in mid-training; what prevents it is said, and tried again the next time."""
        if not math.isfinite(self.score):
            return
        every, left = 60 * self.work.every, self.seconds_left(self.fraction())
        due = self.elapsed() - self.tried >= every and left > min(SAVE_SECONDS, every)  # else the last
        for save in [lambda: self.checkpoint(tell)] * due + [self.save_state]:  # which may lie on two disks
            try:
                save()
            except (ModelError, OSError) as error:
                say(f"{error}; the training goes on")

    def checkpoint(self, tell: Tell) -> Checkpoint:
        """Try the model as it is now on the held-out sounds; it goes to the output where it is the
        best one so far. Raises ModelError, OSError.
        """
        self.folder.path.mkdir(parents=True, exist_ok=True)
        self.save(self.folder.newest)
        trial = self.work.held_out.tried(self.folder.newest, tell)
        better = self.best.take(self.folder.newest, trial.score)
        self.tried = self.elapsed()
        self.folder.add(HELD_OUT, self.row() | dict(trial.figures) | {"best": better})
        done = Checkpoint(self.number, self.elapsed() / 60, trial.few(), better, self.work.held_out.what)
        tell("what came of it is drawn")
        tell(done)
        return done

    def finish(self, tell: Tell) -> Card:
        """Save what there is, elsewhere if need be. Raises ModelError for what is no model."""
        self.measure()
        if self.skipped:
            say(f"{self.skipped} batches gave no numbers and were skipped")
        if not math.isfinite(self.score):
            raise ModelError(
                f"nothing was learnt, so {self.best.file} was not written; train longer, or on other sounds"
            )
        if self.fraction() < 1:
            tell("it ends here: what was learnt is tried, and saved")
        try:
            done = self.checkpoint(tell)
        except (ModelError, OSError) as error:
            other = refuge(self.best.file)
            self.save(other)
            if self.fraction() < 1:
                self.keep_state()
            raise ModelError(f"{error}; the model is in {other} instead, copy it from there") from None
        if not done.better:
            say(self.best.kept(done.trial.score, self.folder.newest))
        self.keep_state()
        return self.best.card()

    def keep_state(self) -> None:
        """Leave what a training goes on from beside the model of one that was ended early, and
        only there.
        """
        state, whole = state_file(self.best.file), self.fraction() >= 1
        try:
            if whole:
                state.unlink(missing_ok=True)
            else:
                self.save_state()
                say(f"train on with --resume, which reads {state}")
            self.folder.end(whole)
        except OSError as error:
            say(f"{state} cannot be written: {error.strerror or error}; the model is whole")

    def save(self, path: Path) -> Card:
        """Write the averaged weights as they are now; returns the model's card.

        Raises ModelError.
        """
        trained = (
            ("trained_minutes", f"{self.elapsed() / 60:.1f}"),
            ("trained_epochs", f"{self.seen / len(self.recipe):.1f}"),
            (self.measured.key, f"{self.score:.1f}"),
        )
        card = self.recipe.card
        card = replace(card, notes=card.notes + trained, file=str(path))
        averages = dict(zip(self.names, self.average, strict=True))
        weights = self.layers.state_dict() | averages
        return self.recipe.save({name: weight.cpu().clone() for name, weight in weights.items()}, card)

    def save_state(self) -> None:
        """Write what `restore` takes. Raises OSError."""
        averages = {f"average/{name}": weight for name, weight in zip(self.names, self.average, strict=True)}
        weights = {f"weight/{name}": weight for name, weight in self.layers.state_dict().items()}
        kept = {name: getattr(self, name) for name in KEPT}
        run, beside = self.folder.path, self.best.file.parent  # which may be moved together
        place = run.relative_to(beside) if run.is_relative_to(beside) else run.absolute()
        figures = {"plan": asdict(self.plan), "seconds": self.elapsed(), "run": str(place), **kept}
        write_state(
            state_file(self.best.file), weights | averages | adam_state(self.optimizer, self.names), figures
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
                f"{state_file(self.best.file)} does not fit: {one_line(error)}; begin the training anew"
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
