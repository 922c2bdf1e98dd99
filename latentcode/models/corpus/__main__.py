"""Renders the corpus that house models are trained on.

    python -m latentcode.models.corpus OUT [--kinds notes drums electronic textures speech fonts]
                                           [--soundfont FILE] [--also FILE …] [--seed N] [--force]

Notes and drums come from FluidR3 (MIT licence), "fonts" from other sound fonts (MuseScore's where
it is installed, or those given by --also), both by fluidsynth; speech from espeak-ng; electronic
sounds and textures are made by functions and the seed. OUT/train/KIND is to train on,
OUT/held-out/KIND to measure with: other pitches, seeds and sentences. A command that was stopped
goes on where it was; what is there already stays.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from latentcode.errors import SoundError
from latentcode.files import atomic
from latentcode.models.corpus import fonts
from latentcode.models.corpus.parts import KINDS, Part, parts
from latentcode.models.corpus.waves import RATE
from latentcode.progress import counted

MADE = "corpus.json"


def main(arguments: list[str] | None = None) -> None:
    """Render the corpus into the folder named on the command line."""
    parser = argparse.ArgumentParser(prog="python -m latentcode.models.corpus", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("out", type=Path, metavar="OUT")
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=KINDS, metavar="KIND")
    parser.add_argument("--soundfont", type=Path, default=None, metavar="FILE")
    parser.add_argument("--also", nargs="*", type=Path, default=None, metavar="FILE")
    parser.add_argument("--seed", type=int, default=0, metavar="N")
    options = parser.parse_args(arguments)
    others = (
        [Path(file) for file in fonts.OTHERS if Path(file).is_file()]
        if options.also is None
        else options.also
    )
    try:
        wanted = parts(tuple(options.kinds), options.seed, options.soundfont, tuple(others))
        render(options.out, wanted)
    except SoundError as error:
        sys.exit(str(error))
    for line in summary(options.out):
        print(line)


def render(out: Path, wanted: list[Part]) -> None:
    """Write the parts below `out`; those that are there already are left as they are."""
    made = _made(out)
    with counted("corpus", len(wanted)) as step:
        for part in wanted:
            if made.get(part.name, {}).get("of") != part.of:
                made[part.name] = {"of": part.of, "seconds": _written(out, part)}
                out.mkdir(parents=True, exist_ok=True)
                atomic.write(out / MADE, json.dumps(made, indent=1, sort_keys=True).encode())
            step(part.name)


def _made(out: Path) -> dict[str, dict[str, object]]:
    try:
        found = json.loads((out / MADE).read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _written(out: Path, part: Part) -> float:
    """Write the takes of a part as 16-bit FLAC; the seconds of them."""
    import soundfile

    seconds = 0.0
    for take, samples in zip(part.takes, part.made(), strict=True):
        if len(samples) == 0:
            continue
        file = out / f"{take}.flac"
        file.parent.mkdir(parents=True, exist_ok=True)
        with atomic.replacing(file) as unfinished:
            soundfile.write(unfinished, samples, RATE, subtype="PCM_16", format="FLAC")
        seconds += len(samples) / RATE
    return seconds


def summary(out: Path) -> list[str]:
    """How much of what there is: a line for each kind."""
    import soundfile

    lines = []
    for share in ("train", "held-out"):
        for folder in sorted(path for path in (out / share).iterdir() if path.is_dir()):
            files = sorted(folder.rglob("*.flac"))
            seconds = sum(soundfile.info(file).duration for file in files)
            count = f"{len(files):5d} sounds of {len({file.parent for file in files})} names"
            lines.append(f"{share:8s} {folder.name:10s} {seconds / 60:5.1f} minutes  {count}")
    return lines


if __name__ == "__main__":
    main()
