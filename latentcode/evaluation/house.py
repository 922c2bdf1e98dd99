"""Makes a model as the one of the package, from nothing: its sounds, the training, its figures.

    python -m latentcode.evaluation.house OUT [--minutes 100] [--small] [--kinds KIND …]

OUT/train and OUT/held-out are the corpus (`python -m latentcode.models.corpus`), with more of what
there is little of; OUT/house.safetensors is the model, with its figures on its card, OUT/report the
page of them. Ended at any moment, the same command goes on where it was.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from types import ModuleType

from latentcode.errors import LatentcodeError
from latentcode.evaluation import command, training_command
from latentcode.files.texts import say, shown
from latentcode.models.corpus import fonts
from latentcode.models.corpus.__main__ import render
from latentcode.models.corpus.parts import HELD_OUT, KINDS, TRAIN, house
from latentcode.models.resuming import state_file

MODEL, REPORT = "house.safetensors", "report"
MINUTES, SMALL_MINUTES = 100.0, 35.0
SMALL = ("--latent", "64", "--units", "352")


def main(arguments: list[str] | None = None) -> None:
    """Make the model in the folder named on the command line."""
    parser = argparse.ArgumentParser(prog="python -m latentcode.evaluation.house", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("out", type=Path, metavar="OUT")
    parser.add_argument("--minutes", type=float, metavar="N", help="of training (100; 35 with --small)")
    parser.add_argument("--small", action="store_true", help="64 latents and 352 units")
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=KINDS, metavar="KIND")
    args = parser.parse_args(arguments)
    others = tuple(Path(file) for file in fonts.OTHERS if Path(file).is_file())
    try:
        render(args.out, house(tuple(args.kinds), 0, None, others))
        model = trained(args.out, args.minutes or (SMALL_MINUTES if args.small else MINUTES), args.small)
        if state_file(model).is_file():
            say(shown(f"the same command goes on with {model}"))
        else:
            measured(model, args.out)
    except LatentcodeError as error:
        sys.exit(str(error))


def trained(out: Path, minutes: float, small: bool) -> Path:
    """The model, trained from the beginning or from where it was; as it is, where it is through."""
    model = out / MODEL
    begun = state_file(model).is_file()
    if begun or not model.is_file():
        words = [str(out / TRAIN), "-o", str(model), "--minutes", str(minutes)]
        words += ["--resume"] if begun else list(SMALL if small else ())
        run(training_command, words)
    return model


def measured(model: Path, out: Path) -> None:
    """Figures of the sounds that were held out: on the model's card, and a page."""
    run(command, [str(model), str(out / HELD_OUT), "--write", "-o", str(out / REPORT)])


def run(subject: ModuleType, words: list[str]) -> None:
    """A command of `latentcode`, as if it were typed; where it is ended early, so is this."""
    parser = argparse.ArgumentParser()
    subject.add_arguments(parser)
    if status := subject.run(parser.parse_args(words)):
        sys.exit(status)


if __name__ == "__main__":
    main()
