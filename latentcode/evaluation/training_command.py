"""`latentcode train FOLDER -o MODEL`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from latentcode.files import texts
from latentcode.files.limits import MIB
from latentcode.models.progress import shown
from latentcode.models.recipe import ACCELERATORS, Plan, planned, trainable, trained
from latentcode.models.target import say

if TYPE_CHECKING:
    from latentcode.models.best import Checkpoint
    from latentcode.models.run_folder import RunFolder

USUAL = "spectral"  # as the default of the package
OPTIONS = (
    ("--window", "window", "samples in a frame"),
    ("--latent", "latent_dim", "dimensions"),
    ("--units", "units", "hidden units"),
    ("--rate", "sample_rate", "Hz"),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command line of `latentcode train`."""
    add = parser.add_argument
    add("folder", type=Path, metavar="FOLDER", help="sounds, searched recursively")
    add("-f", "--force", action="store_true", help="replace a model that is there already by a better one")
    add("-o", "--output", type=Path, required=True, metavar="MODEL", help="the .safetensors to write")
    length = parser.add_mutually_exclusive_group()
    length.add_argument("--minutes", type=float, help="train this long")
    length.add_argument("--epochs", type=float, help="go through the sounds this often (default 100)")
    add("--family", choices=trained(), default=USUAL, help="the kind of model (default %(default)s)")
    add("--anchor", default="", metavar="NAME", help="a simpler model, to compare with")
    add("--resume", action="store_true", help="go on with a training that was ended early")
    add(
        "--run",
        dest="place",
        type=Path,
        metavar="DIR",
        help="where losses, examples and the page go (default: MODEL.run)",
    )
    add("--every", type=float, default=10.0, metavar="MIN", help="between two checkpoints (default 10)")
    for option, field, what in OPTIONS:
        usual = ", ".join(f"{name} {getattr(planned(name), field)}" for name in trained())
        add(option, dest=field, type=int, help=f"{what} (default: {usual})")
    add("--held-out", type=float, metavar="PART", help="of the sounds, to measure with (default 0.05)")
    add("--memory", type=int, metavar="MIB", help="of sounds; more of them stay on the disk (default 2048)")
    add("--devices", type=int, default=1, metavar="N", help="train in so many processes, or on so many GPUs")
    add("--accelerator", choices=ACCELERATORS, default="cpu", help="what trains (default %(default)s)")
    add("--seed", type=int, default=Plan.seed, help="of weights and order (default %(default)s)")


def run(args: argparse.Namespace) -> int:
    """Train as the command line says, with the progress shown; returns the exit status: 128 + N
    where signal N ended it early, as a shell has it, though what was learnt is saved.

    Raises SoundError, ModelError.
    """
    say(f"reading the sounds in {args.folder} …")  # what trains takes seconds to be imported
    from latentcode.evaluation.training_page import PAGE, TrainingPage
    from latentcode.models.training import train

    fields = ("held_out", *(field for _, field, _ in OPTIONS))
    given = {field: getattr(args, field) for field in fields if getattr(args, field) is not None}
    show = TrainingPage(args.output.stem)
    last: list[tuple[RunFolder, Checkpoint]] = []
    ended: list[int] = []

    def watch(folder: RunFolder, checkpoint: Checkpoint) -> None:
        show(folder, checkpoint)
        last[:] = [(folder, checkpoint)]

    with shown() as bar:
        card = train(
            args.folder,
            args.output,
            family=args.family,
            report=bar.report,
            doing=bar.doing,
            watch=watch,
            ended=ended.append,
            force=args.force,
            resume=args.resume,
            run=args.place,
            every=args.every,
            memory=None if args.memory is None else args.memory * MIB,
            devices=args.devices,
            accelerator=args.accelerator,
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
    for folder, checkpoint in last:
        page = folder.path / PAGE
        texts.say(f"  {_heard(checkpoint)}{f'; open {page} in a browser' if page.is_file() else ''}")
    texts.say(f"  play it: latentcode --model {card.file}")
    return 128 + ended[0] if ended else 0


def _heard(checkpoint: Checkpoint) -> str:
    return f"{checkpoint.trial.score:.2f} dB of mel distance from {checkpoint.what}"
