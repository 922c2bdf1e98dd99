"""Shows a training: one line in place on a terminal, a line every few seconds elsewhere."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

LINE_SECONDS = 10.0


@dataclass(frozen=True)
class Progress:
    """How far a training is: `fraction` of the whole (0 to 1),
    losses averaged since the last report.
    """

    fraction: float
    epoch: float
    loss: float
    score: str  # of the reconstructions from one sample of the latent, with its unit
    frames_per_second: float
    seconds_left: float


Report = Callable[[Progress], None]


@contextmanager
def shown() -> Iterator[Callable[[Progress], None]]:
    """A `report` for `train` that shows what it is told while the block lasts."""
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn
    from rich.progress import Progress as Bar

    console = Console()
    if not console.is_terminal:
        yield _lines(console.out)
        return
    bar = Bar(BarColumn(), TextColumn("{task.description}"), console=console)
    task = bar.add_task("", total=1.0)

    def report(progress: Progress) -> None:
        bar.start()  # when there is something to show: until then sounds are read
        bar.update(task, completed=progress.fraction, description=described(progress))

    try:
        yield report
    finally:
        bar.stop()


@contextmanager
def counted(what: str, total: int) -> Iterator[Callable[[str], None]]:
    """A function to be called with the name of each of `total` things when it is done, while the
    block lasts: a bar on a terminal, a line every few seconds elsewhere.
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    console = Console(stderr=True)
    columns = (
        TextColumn(what),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.description}"),
    )
    done, last = 0, -math.inf

    def step(name: str) -> None:
        nonlocal done, last
        done += 1
        bar.update(task, completed=done, description=name)
        now = time.monotonic()
        if not console.is_terminal and (done == total or now - last >= LINE_SECONDS):
            console.out(f"{what}: {done} of {total}  {name}")
            last = now

    with Bar(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=total)
        yield step


def described(progress: Progress) -> str:
    """A training's state in one short line."""
    minutes, seconds = divmod(round(progress.seconds_left), 60)
    return (
        f"{progress.fraction:4.0%}  epoch {progress.epoch:.1f}  loss {progress.loss:.6f}  "
        f"{progress.score}  {progress.frames_per_second:.0f} frames/s  {minutes}:{seconds:02d} left"
    )


def _lines(write: Callable[[str], None]) -> Callable[[Progress], None]:
    last = -math.inf

    def report(progress: Progress) -> None:
        nonlocal last
        now = time.monotonic()
        if progress.fraction >= 1 or now - last >= LINE_SECONDS:
            write(described(progress))
            last = now

    return report
