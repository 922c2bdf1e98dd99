"""Voices of exported models in real time on one core, as rows of one call and as a call for each, as nn~ has it.

    LATENTCODE_EXPORTS=FOLDER python -m bench.streams [--full]

The exports in FOLDER are run in this process: whoever gives it trusts them. One torch thread; 2048 samples a call.
"""

from __future__ import annotations

import os
from pathlib import Path

import torch

from bench.common import run, show, turns
from latentcode.models.families.streams.archive import read_export
from latentcode.models.families.streams.codec import SPAN, USUAL_ROWS
from latentcode.models.families.streams.rows import Rows

FOLDER = "LATENTCODE_EXPORTS"
MANY = 32
GOALS = {"v1": 3.5, "v2": 6.0, "v2_small": 6.0}  # voices in one call, by those of one call per voice


def measure(full: bool) -> None:
    """Print a line for each export and number of rows."""
    files = sorted(Path(os.environ.get(FOLDER, os.devnull)).glob("*.ts"))
    if not files:
        print(f"  no exports: {FOLDER} names no folder with .ts files", flush=True)
    torch.set_num_threads(1)
    torch._C._jit_set_profiling_executor(False)  # as in the process that plays them
    for file in files if full else [file for file in files if file.stem in GOALS]:
        for rows in (USUAL_ROWS, MANY):
            _measure(file, rows, 7 if full else 3)


def _measure(file: Path, rows: int, rounds: int) -> None:
    export = read_export(file)
    decode, rate = export.methods["decode"], export.sample_rate or 44100
    model = torch.jit.load(str(file), map_location="cpu").eval()  # type: ignore[no-untyped-call]
    for name in filter(None, export.inner.split(".")):
        model = getattr(model, name)
    columns = max(SPAN // decode.in_ratio, 1)
    seconds = columns * decode.in_ratio / rate
    with torch.inference_mode():
        together = Rows(model, "decode", rows, (decode.in_channels, columns))
        latents = torch.rand(rows, decode.in_channels, columns)
        places = list(range(rows))

        def apart() -> None:
            for row in range(rows):
                model.decode(latents[row : row + 1])

        apart()
        took = turns({"together": lambda: together.step(places, latents, 0), "apart": apart}, rounds)
    voices = {name: rows * seconds / each for name, each in took.items()}
    text = f"{file.stem:12} {rows:2} rows, {took['together'] * 1000:4.0f} ms a call: {voices['together']:5.1f} voices"
    show(
        f"{text}; a call for each {voices['apart']:4.1f}",
        voices["together"] / voices["apart"],
        least=GOALS.get(file.stem) if rows == MANY else None,
    )


if __name__ == "__main__":
    run(measure)
