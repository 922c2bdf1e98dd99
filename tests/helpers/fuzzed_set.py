"""Random sets out of the public words, to which everything happens that can: the same for the same seed.

    PYTHONPATH=tests python -m helpers.fuzzed_set 0-99 [--blocks N] [--keep FOLDER] [--whole]
        [--otherwise] [--edited N] [--streams]

The machine stands still, engines die between any two things that they do and others take over, patterns raise and
hang, decoders fail, sounds and models come late, hands move, others give the tempo, the set ends and is taken up
again at any cycle. Then the journal is played again, and its samples are held against what the player was given; with
--streams an exported model is among those that play, in a process that keeps a time of its own, so that a seed is not
quite the same again; with --otherwise the journal is read in every way that there is, and with --edited N it is
edited N times. A seed that differs is cut down to what makes it differ, unless --whole is said, and printed as a
script that plays just that; of an edited journal the least is printed that differs.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path
from random import Random

from helpers.exports import export
from helpers.fuzzed_lines import KEYS, MODELS, RIGS, prepared, typed
from helpers.read_otherwise import edited_otherwise, read_otherwise
from helpers.scripted_set import TRAPPED, WAYS, Played, ScriptedSet, begins_anew, held, script
from helpers.shrinking import shrunk
from latentcode.engine.midi_clock import STARTED, STOPPED

OPTIONS = ((), (), ("--noise", "0.5"), ("--block", "256"), ("--synthesis", "concat"), ("--lead", "60"))


class FuzzedSet:
    """One seed: `blocks` turns of the loop."""

    def __init__(self, seed: int, folder: Path, blocks: int = 250, model: str = "", stream: str = "") -> None:
        self.chance, self.blocks, self.stream = Random(seed), blocks, stream
        model = model or self.chance.choice(MODELS)
        options = [one for one in OPTIONS if model == "raw" or "concat" not in one]
        self.scripted = ScriptedSet(folder, model, "--bpm", "160", *self.chance.choice(options))
        self.fumble = self.chance.choice([0.0, 0.3])  # how often what was asked is not done at once
        self.slow = self.chance.random() < 0.3  # whether sounds are encoded one by one, now and then
        self.ends = self.chance.sample(
            range(blocks), self.chance.choice([0, 0, 1, 2])
        )  # to be taken up again

    def play(self) -> None:
        chance, do = self.chance, self.scripted.do
        do("type", TRAPPED)
        for number in range(self.blocks):
            self.take_over()
            if number in self.ends:
                do("taken_up", round(chance.random(), 2), chance.choice([*WAYS]))
            if chance.random() < (0.5 if number < 8 else 0.06):
                for _ in range(chance.choice([1, 1, 1, 2])):
                    self.type()
            while chance.random() < 0.25:
                do("touch", chance.choice(KEYS), round(chance.random(), 3))
            if self.slow:
                do("encode", chance.choice([0, 0, 1, 4]))
                do("look")
            elif chance.random() >= self.fumble:
                do("work", chance.random() >= self.fumble)
            if chance.random() < (0.1 if self.slow else 0.3):
                do("catch_up")
            if not self.scripted.set.dead:
                self.happen()
                do("step", chance.random() < 0.3)
        self.take_over()

    def type(self) -> None:
        """A line, of whoever plays; or one that loads a file."""
        chance, do, dice = self.chance, self.scripted.do, self.chance.random()
        if dice < 0.04:
            do("loads", "rig", "tour.toml", chance.choice(RIGS))
        elif dice < 0.08:
            do("loads", "load", "prep.py", prepared(chance))
        else:
            do("type", typed(chance, self.stream), chance.choice(["", "", "vim"]))

    def happen(self) -> None:
        """Something of what is feared, seldom."""
        chance, do, dice = self.chance, self.scripted.do, self.chance.random()
        if dice < 0.012:
            do("stands_still", chance.choice([23000, 30000, 44100, 100000]))
        elif dice < 0.024:
            do("dies", chance.randrange(12))
        elif dice < 0.04:
            do("hangs", chance.randrange(6))
        elif dice < 0.045:
            do("hangs_in_c", chance.randrange(6))
        elif dice < 0.055:
            do("fails", chance.choice([1, 2, 3]), chance.choice(["no memory", "overdue"]))
        elif dice < 0.06:
            do("follows", chance.choice([0, 300, 640, 700]))
        elif dice < 0.064:
            do("hears", chance.choice([STARTED, STOPPED]))

    def take_over(self) -> None:
        while self.scripted.set.dead:
            self.scripted.do("takes_over", self.chance.choice([0, 0, 1, 3]))


def fuzzed(seed: int, folder: Path, blocks: int = 250, stream: str = "") -> Played:
    """Play a seed, and hold it against its replay; `stream`: the file of an exported model."""
    begins_anew(folder)
    one = FuzzedSet(seed, folder, blocks, stream=stream)
    return held(one.scripted, one.play)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m helpers.fuzzed_set", description=__doc__)
    parser.add_argument("seeds", help="as 0-99, or 7")
    parser.add_argument("--blocks", type=int, default=250)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--otherwise", action="store_true", help="read each journal in other ways, too")
    parser.add_argument("--edited", type=int, default=0, metavar="N", help="edit each journal so often")
    parser.add_argument("--streams", action="store_true", help="with an exported model")
    parser.add_argument("--whole", action="store_true", help="do not cut down what differs")
    options = parser.parse_args()
    first, _, last = options.seeds.partition("-")
    bad, quiet = [], 0
    with tempfile.TemporaryDirectory(prefix="latentcode-fuzz-") as home:
        for name in ("DATA", "CONFIG", "STATE", "CACHE"):
            os.environ[f"XDG_{name}_HOME"] = home
        stream = ""
        if options.streams:
            os.environ["LATENTCODE_TRUST"] = "1"
            stream = str(export(Path(home)))
        for seed in range(int(first), int(last or first) + 1):
            folder = (options.keep or Path(home)) / f"{seed}"
            found = fuzzed(seed, folder, options.blocks, stream)
            quiet += found.loud < 0.01
            if found.wrong:
                bad.append(seed)
                print(f"seed {seed}: {found.wrong}")
                if not options.whole:
                    found = shrunk(found, folder / "shrunk")
                    print(script(found))
                if options.keep:
                    (folder / "script.py").write_text(script(found))
            elif found.journal is not None and _differs_again(seed, found.journal, options):
                bad.append(seed)
            sys.stdout.flush()
    print(f"{len(bad)} differ: {bad}; {quiet} are silent")
    return bool(bad)


def _differs_again(seed: int, journal: Path, options: argparse.Namespace) -> bool:
    chance = Random(seed)
    wrong = list(
        edited_otherwise(journal, chance, lambda: typed(chance), options.edited, least=not options.whole)
    )
    if options.otherwise and (differs := read_otherwise(journal, chance)):
        wrong.append(differs)
    for line in wrong:
        print(f"seed {seed}, {line}")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
