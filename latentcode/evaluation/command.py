"""`latentcode evaluate MODEL [FOLDER]`."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from latentcode import progress
from latentcode.errors import LatentcodeError, ModelError
from latentcode.evaluation import page
from latentcode.evaluation.recordings import KEYS, Filter, Recording, find
from latentcode.evaluation.tasks import Results, evaluate
from latentcode.files import atomic
from latentcode.files.texts import say, shown
from latentcode.files.trust import asked
from latentcode.models.family import card_of
from latentcode.models.files import annotated
from latentcode.models.header import beside
from latentcode.models.trust import allow
from latentcode.sounds.library import FOLDER
from latentcode.sounds.model import Model, load_model


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command line of `latentcode evaluate`."""
    parser.add_argument("model", metavar="MODEL", help="a model's name or file")
    parser.add_argument(
        "folder", type=Path, nargs="?", metavar="FOLDER",
        help="sounds, searched recursively, or a data set in NSynth's layout (default: the built-in sounds)",
    )  # fmt: skip
    parser.add_argument("--beside", action="append", default=[], metavar="MODEL", help="and this model")
    parser.add_argument("--family", metavar="NAME", help="only sounds of this family, as brass")
    parser.add_argument("--instrument", metavar="NAME", help="only sounds of this instrument, or folder")
    parser.add_argument("--source", metavar="NAME", help="only sounds of this source, as acoustic")
    parser.add_argument("--pitch", type=span, metavar="A-B", help="only pitches from A to B, as 48-72")
    parser.add_argument("--most", type=int, metavar="N", help="at most N sounds, chosen by chance")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="of that choice")
    parser.add_argument(
        "-o", "--output", type=Path, metavar="OUT", help="a folder for a page to hear and see"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="all figures, as JSON")
    parser.add_argument("--write", action="store_true", help="write the figures on the card of MODEL")


def span(text: str) -> tuple[int, int]:
    """48-72 as two MIDI note numbers, or 60 for one."""
    low, dash, high = text.partition("-")
    if not low.isdecimal() or (dash and not high.isdecimal()):
        raise argparse.ArgumentTypeError(f"{text!r}; give two MIDI note numbers, as in --pitch 48-72")
    pitches = int(low), int(high) if dash else int(low)
    if pitches[0] > pitches[1] or pitches[1] not in KEYS:
        raise argparse.ArgumentTypeError(f"{text!r}; from 0 to 127 and not backwards, as in --pitch 48-72")
    return pitches


def run(args: argparse.Namespace) -> int:
    """Evaluate as the command line says; returns the exit status.

    Raises LatentcodeError, ModelError and SoundError.
    """
    if args.most is not None and args.most < 1:
        raise LatentcodeError(f"--most {args.most}; a whole number from 1 on, as in --most 50")
    if args.output is not None:
        page.check()  # before minutes are spent
    for name in (args.model, *args.beside):
        allow(card_of(name), ask=asked)
    models = [load_model(name) for name in (args.model, *args.beside)]
    wanted = Filter(args.family, args.instrument, args.source, args.pitch, args.most, args.seed)
    found = find(args.folder or FOLDER, wanted)
    names = labels([args.model, *args.beside])
    results = [_evaluated(model, name, found) for model, name in zip(models, names, strict=True)]
    about = f"{len(found)} sounds of {args.folder or 'the package'}"
    _print(results, about)
    if args.json is not None:
        _kept(args.json, page.as_json(results))
    if args.output is not None:
        with progress.shown("the page") as tell:
            written = page.write(results, args.output, about, tell)
        say(shown(f"{written}: open it in a browser"))
    if args.write:
        _annotate(models[0], results[0], about)
    return 0


def labels(typed: Sequence[str]) -> list[str]:
    """What the models are called in the tables: as they were typed, files by their stems where
    these differ.
    """
    short = [Path(one).stem for one in typed]
    return short if len(set(short)) == len(set(typed)) else list(typed)


def _evaluated(model: Model, name: str, found: list[Recording]) -> Results:
    with progress.shown(shown(name)) as tell:
        results = evaluate(model, found, lambda done, total, what: tell(done, total, shown(what)[:40]))
    return replace(results, model=name)


def _print(results: Sequence[Results], about: str) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console()
    say(shown(about))
    for task in page.tasks_of(results):
        table = Table(title=task, title_justify="left", title_style="bold")
        table.add_column("")
        for one in results:
            table.add_column(shown(one.model), justify="right")
        for key in page.keys_of(results, task):
            row = [page.said(key, one.summary.get(task, {}).get(key)) for one in results]
            table.add_row(page.labelled(key), *row)
        console.print(table)


def _kept(file: Path, text: str) -> None:
    try:
        atomic.write(file, text.encode())
    except OSError as error:
        raise LatentcodeError(f"cannot write the figures to {file}: {error.strerror or error}") from error


def _annotate(model: Model, results: Results, about: str) -> None:
    if not model.card.file:
        raise ModelError(f"{model.card.name} has no file of its own to write figures into")
    notes = {
        f"{task}, {key}": page.said(key, value)
        for task, figures in results.summary.items()
        for key, value in figures.items()
        if task != "speed"
    }
    annotated(Path(model.card.file), notes | {"evaluated on": about})
    say(shown(f"{beside(Path(model.card.file))}: the figures stand on its card"))
