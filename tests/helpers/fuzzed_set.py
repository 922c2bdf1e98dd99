"""Random sets out of the public words, to which everything happens that can: the same for the same seed.

    PYTHONPATH=tests python -m helpers.fuzzed_set 0-99 [--blocks N] [--keep FOLDER] [--continued]

The machine stands still, engines die between any two things that they do and others take over, patterns raise and
hang, decoders fail, sounds and models come late, hands move. Then the journal is played again, and its samples are
held against what the player was given; with --continued also those of a set that is taken up in its middle, as
`latentcode open --from` does. A seed that differs prints its lines and the first sample.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
import tempfile
import threading
import traceback
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import numpy as np

from helpers.continued_set import ContinuedSet
from helpers.random_expressions import Expressions
from helpers.staged_engine import Words
from helpers.staged_set import StagedSet, replayed, stood
from latentcode.clock.watchdog import Overdue
from latentcode.engine.lastwords import Left
from latentcode.prompt.opening import Past
from latentcode.session.journal import read_session
from latentcode.session.records import Restart
from latentcode.set.span import place

VOICES = 5
SOUNDS = ("cello", "choir", "flute", "kick", "snare", "hat", "vibes", "harp")
KEYS = ("cc:1@nano/1", "cc:2@nano/1", "bend@nano/1", "note:60@nano/1", "note:64@nano/1", "note:36@nano/1")
TRAPPED = "from helpers.fuzzed_set import trap"


class Trap:
    """A musician's function, which may never come back: `happens` does what is to happen after so many calls
    more by the thread that renders. Its state is no part of it, so that a pattern's digest stays.
    """

    thread: int | None = None
    calls = 0
    happens: object = None

    def __call__(self, value):
        if Trap.happens is not None and threading.get_ident() == Trap.thread:
            Trap.calls -= 1
            if Trap.calls < 0:
                happens, Trap.happens = Trap.happens, None
                happens()
        return value


trap = Trap()


def hang():
    raise Overdue


LINES = (  # what is typed: chance, the voice
    lambda c, v: f'd{v} >> s("{sound(c)}({c.randint(1, 7)},8)").gain({c.random():.2f})',
    lambda c, v: f'd{v} >> s("<{sound(c)} {sound(c)}*3>").gain(cc(1)).pan(sine.slow({c.randint(1, 4)}))',
    lambda c, v: f"d{v} >> {Expressions(c.randrange(10**6)).pattern(c.randint(2, 5))}",
    lambda c, v: f"d{v} >> {Expressions(c.randrange(10**6)).pattern(c.randint(1, 3))}.fmap(trap)",
    lambda c, v: f's("{sound(c)}*4")',
    lambda c, v: f'd{v} >> meso(path("{sound(c)}"), path("{sound(c)}"), {signal(c)})',
    lambda c, v: f'd{v} >> stepwise(s("{sound(c)}*2"), path("{sound(c)}"), 4).gain(.5)',
    lambda c, v: f'd{v} >> s("{sound(c)}*4").bias({signal(c)}).fmap(trap)',
    lambda c, v: f'd{v} >> meso(note("60(3,8)").s("{sound(c)}"), note("67").s("{sound(c)}"), sine, glide=True)',
    lambda c, v: f'd{v} >> freeze("{sound(c)}", {c.random():.2f}).bias({signal(c)})',
    lambda c, v: f'd{v}.morph({c.choice("1234")}) >> s("{sound(c)}*{c.randint(1, 4)}").gain(.4)',
    lambda c, v: f'd{v}.morph({c.choice("1234")}, glide=True) >> s("{sound(c)}(3,8)").bias({signal(c)})',
    lambda c, v: f'd{v}.morph(2) >> s("{sound(c)}*2").fmap(trap)',
    lambda c, v: f'd{v} >> s("{sound(c)}(3,8)").model("{c.choice(MODELS)}").gain(.5)',
    lambda c, v: f'd{v} >> path("{sound(c)}", model="{c.choice(MODELS)}").gain(.3)',
    lambda c, v: f'd{v}.morph(2) >> s("{sound(c)}*2").model("{c.choice(MODELS)}")',
    lambda c, v: f'd{v} >> feedback(path("{sound(c)}"), f={c.randint(200, 3000)}, amount={signal(c)})',
    lambda c, v: f'd{v} >> feedback("{sound(c)}(3,8)", f="<300 1200>", amount=.6)',
    lambda c, v: f"d{v} >> live_in({c.choice('12')}).gain(.5)",
    lambda c, v: f'd{v} >> meso(live_in(1), path("{sound(c)}"), cc(2))',
    lambda c, v: f"loop{v} = looper({c.choice(['1', '2', '1/2'])}); loop{v}.record(); d{v} >> loop{v}",
    lambda c, v: f"loop{v}.{c.choice(LOOPED)}",
    lambda c, v: f'd{v} >> s("loop{v}(3,8)")',
    lambda c, v: f'd{v} >> plain("kick*4, {sound(c)}").note("<60 64.5>")',
    lambda c, v: f'd{v} >> n("0 2 -3").scale_of("c minor").s("{sound(c)}").attack(.05).release(.3)',
    lambda c, v: f'd{v} >> n("0 .. 7").s("{sound(c)}").fmap(lambda x: x if x != {c.randint(3, 9)} else 1 / 0)',
    lambda c, v: f'd{v} >> s("{" ".join(sound(c) for _ in range(3))} <{" ".join(SOUNDS)} trumpet piano guitar>")',
    lambda c, v: f'd{v} >> s("{sound(c)}").loop_at("<1 2>").chop(4)',
    lambda c, v: f"d{v} >> s(\"{sound(c)}*2\").slow(2).jitter(.3).noise(.5)",
    lambda c, v: f'd{v}.once("{sound(c)}*3")',
    lambda c, v: f'once(s("{sound(c)}*{c.randint(1, 5)}").fmap(trap))',
    lambda c, v: f"g{v} = grab(d{v}, {c.choice('12')}); d{c.randint(1, VOICES)} >> g{v}",
    lambda c, v: f"g{v} = grab(live_in(1), 1); d{v} >> g{v}",
    lambda c, v: f"d{v} >> s('g{v}*2')",
    lambda c, v: f"w{v} = capture(cc(1), {c.choice('12')}); d{v} >> s('{sound(c)}*4').gain(w{v})",
    lambda c, v: f"d{v}.gain({c.choice(['.5', 'cc(2)', 'sine.slow(3)', 'cc(1).smooth(40)', '1'])})",
    lambda c, v: f"d{v}.gain(sine.fmap(trap))",
    lambda c, v: f"d{v}.pan({c.choice(['.3', 'cc(1).range(-1, 1)', 'perlin'])})",
    lambda c, v: f"d{v}.fx(lowpass({c.randint(300, 5000)}), reverb(.3))",
    lambda c, v: f"d{v}.fx(lowpass(cc(1).exprange(100, 4000)), delay(1/8, .4))",
    lambda c, v: f"d{v}.fx()",
    lambda c, v: f"master({c.choice(['.7', 'cc(2)', '1', 'sine.slow(2)'])})",
    lambda c, v: f"bpm({c.randint(90, 240)})",
    lambda c, v: f"bpm({c.randint(90, 240)}, over={c.randint(1, 4)})",
    lambda c, v: "bpm(sine.slow(3).range(100, 200))",
    lambda c, v: "bpm(sine.range(100, 200).fmap(trap))",
    lambda c, v: "bpm(cc(2).range(80, 200))",
    lambda c, v: 'bpm("<120 180 90>")',
    lambda c, v: f"swing({c.choice(['1/3', '0', '1/6'])})",
    lambda c, v: f'scene("{c.choice("ab")}")',
    lambda c, v: f'go("{c.choice("ab")}"{c.choice(GOING)})',
    lambda c, v: f"undo({c.choice(['', '2'])})",
    lambda c, v: "redo()",
    lambda c, v: f"hush({c.choice(['', 'over=1', 'over=2'])})",
    lambda c, v: "panic()",
    lambda c, v: "back()",
    lambda c, v: f"d{v}.back()",
    lambda c, v: f"d{v}.restart()",
    lambda c, v: f"d{v}.cancel()",
    lambda c, v: f"d{v}.stop({c.choice(['', 'over=1', 'over=1/2'])})",
    lambda c, v: f"solo(d{v})",
    lambda c, v: f"unsolo(); mute(d{v})",
    lambda c, v: "unmute()",
    lambda c, v: f"cue(d{v})",
    lambda c, v: f"uncue(d{v})",
    lambda c, v: f'quant({c.choice(["now", "beat", "cycle", "1/8"])!r})',
    lambda c, v: f'keys(d{v}, "{sound(c)}")',
    lambda c, v: f'keys(d{v}, s("{sound(c)}").release(.3).bias(cc(1)))',
    lambda c, v: f"keys(d{v}, None)",
    lambda c, v: f'pads({{36: s("{sound(c)}*2").fmap(trap)}})',
    lambda c, v: f'pads({{36: {c.choice(["hush", "undo", "d2", "lambda: d1.back()"])}}})',
    lambda c, v: "1 / 0",
    lambda c, v: f'd{v} >> s("{sound(c)}*3"); d{c.randint(1, VOICES)} >> s("{sound(c)}"); bpm({c.randint(100, 200)})',
    lambda c, v: "seed" and f'd{v} >> s("{sound(c)}*4?").shuffle(4).gain(rand)',
)  # fmt: skip
LOOPED = (
    "record()", "overdub()", "undo()", "half()", "turn()", "clear()", 'replace("now")', "double()",
)  # fmt: skip
GOING = ("", ', quant="now"', ", morph=2", ', quant="beat", morph=1')
MODELS = ("raw", "small")
OPTIONS = ((), (), ("--noise", "0.5"), ("--block", "256"), ("--synthesis", "concat"), ("--lead", "60"))


def sound(chance: Random) -> str:
    return chance.choice(SOUNDS)


def signal(chance: Random) -> str:
    return chance.choice(
        ["sine", "saw.slow(2)", "cc(1)", "tri.fast(2)", ".4", "perlin", "live('d1.gain')", "bend()"]
    )


@dataclass
class Played:
    """What came of a seed: empty where the replay is what was heard."""

    seed: int
    wrong: str = ""
    lines: list[str] = field(default_factory=list)
    loud: float = 0.0
    journal: Path | None = None


class FuzzedSet:
    """One seed: `blocks` turns of the loop."""

    def __init__(self, seed: int, folder: Path, blocks: int = 250, model: str = "") -> None:
        self.chance, self.seed, self.blocks = Random(seed), seed, blocks
        model = model or self.chance.choice(MODELS)
        options = [one for one in OPTIONS if model == "raw" or "concat" not in one]
        self.set = StagedSet(folder, model, "--bpm", "160", *self.chance.choice(options))
        self.fumble = self.chance.choice([0.0, 0.3])  # how often what was asked is not done at once
        self._wrapped: object = None

    def play(self) -> None:
        self.line(TRAPPED)
        chance = self.chance
        for number in range(self.blocks):
            if self.set.dead:
                self.take_over()
            self.wrap()
            Trap.thread = self.set._engine._thread.ident
            if chance.random() < (0.5 if number < 8 else 0.06):
                for _ in range(chance.choice([1, 1, 1, 2])):
                    self.line(chance.choice(LINES)(chance, chance.randint(1, VOICES)))
            while chance.random() < 0.25:
                self.set.touch(chance.choice(KEYS), round(chance.random(), 3))
            if chance.random() >= self.fumble:
                self.set.work(patiently=chance.random() >= self.fumble)
            if chance.random() < 0.3:
                self.set.catch_up()
            if not self.set.dead:
                self.happen()
                self.set.step(told=chance.random() < 0.3)

        if self.set.dead:
            self.take_over()
        Trap.happens, self._failing, self.set._engine._countdown = None, 0, None
        self.set.finish()

    def line(self, code: str) -> None:
        self.set.type(code)

    def happen(self) -> None:
        """Something of what is feared, seldom."""
        chance, dice = self.chance, self.chance.random()
        if dice < 0.012:
            self.note("the machine stands still")
            self.set.stand_still(chance.choice([23000, 30000, 44100, 100000]))
        elif dice < 0.024:
            points = chance.randrange(12)
            self.note(f"the engine dies in {points}")
            self.set.dies_in(points)
        elif dice < 0.04:
            Trap.calls, Trap.happens = chance.randrange(6), hang
            self.note(f"a pattern hangs in {Trap.calls}")
        elif dice < 0.045:
            Trap.calls, Trap.happens = chance.randrange(6), self._hangs_in_c
            self.note(f"a pattern hangs in C in {Trap.calls}")
        elif dice < 0.055:
            self._failing = chance.choice([1, 2, 3])
            self._fault = chance.choice([RuntimeError("no memory"), Overdue()])
            self.note(f"the decoder fails {self._failing} times: {self._fault!r}")

    _failing = 0
    _fault: BaseException = RuntimeError()

    def wrap(self) -> None:
        """Let decoders fail when they are to."""
        decoder = self.set.engine.store.models.decoder
        if decoder is self._wrapped:
            return
        step, self._wrapped = decoder.step, decoder

        def failing(jobs):
            if self._failing and threading.get_ident() == Trap.thread:
                self._failing -= 1
                raise self._fault
            return step(jobs)

        decoder.step = failing

    def _hangs_in_c(self) -> None:
        self.hung = Left(*self.set.engine.words.place)
        self.set.dies_in(0)
        self.set._engine.point()

    hung: Left | None = None

    def note(self, text: str) -> None:
        self.set.lines.append(f"{self.set.position}: # {text}")

    def take_over(self) -> None:
        self._failing, Trap.happens, self._wrapped = 0, None, None
        hung, self.hung = self.hung, None
        while self.set.dead:
            self.set.take_over(lost=self.chance.choice([0, 0, 1, 3]), hung=hung)
            hung = None


def played(seed: int, folder: Path, blocks: int = 250) -> Played:
    """Play a seed, and hold it against its replay."""
    found = Played(seed)
    fuzzed = FuzzedSet(seed, folder, blocks)
    try:
        fuzzed.play()
    except Exception:
        found.wrong, found.lines = f"raised: {traceback.format_exc()}", fuzzed.set.lines
        return found
    finally:
        Trap.happens = None
        found.journal = fuzzed.set.journal
    found.lines = fuzzed.set.lines
    return held_against_replay(fuzzed.set, found)


def continued(seed: int, before: Path, folder: Path) -> Played:
    """Take a seed's journal up again somewhere in its middle, and hold that against its replay."""
    found, session = Played(seed), read_session(before)
    seconds = Random(seed).uniform(0.2, 0.9) * session.end / session.number("rate")
    found.lines = [f"# taken up at {seconds:.3f} s"]
    goes_on = ContinuedSet(Past(before, place(f"{seconds:.3f}s"), whole=True), folder / "again.py")
    goes_on.play_on()
    return held_against_replay(goes_on, found)


def held_against_replay(was: StagedSet, found: Played) -> Played:
    """Whether what was heard is what its journal gives."""
    session, again, messages, told = replayed(was.journal)
    heard, commands = was.heard(session.end)
    found.loud = float(np.abs(heard).max(initial=0.0))
    if heard.shape != again.shape:
        found.wrong = f"{heard.shape[1]} samples were heard, {again.shape[1]} are played again"
        return found
    differing = (heard != again).any(axis=0) & was.compared(session.end)
    if differing.any():
        first = int(differing.argmax())
        channels = np.flatnonzero((heard[:, differing] != again[:, differing]).any(axis=1)) // 2 + 1
        last = len(differing) - 1 - int(differing[::-1].argmax())
        voices = sorted({*channels.tolist()})
        found.wrong = f"{differing.sum()} samples differ, from {first} to {last}, of the voices {voices}"
        return found
    anew = [restart.sample for restart in session.of(Restart)]
    one, other = (stood(told, session.end, anew, was.unheard) for told in (commands, messages))
    if one != other:
        found.wrong = f"faders and effects: {difference(one, other)}"
    elif said := [line for line in told if "digest" in line or "not now" in line or "raises now" in line]:
        found.wrong = f"it is said: {said}"
    return found


def difference(heard: list[tuple[int, str]], again: list[tuple[int, str]]) -> str:
    """The first place where faders stood otherwise."""
    both = zip([*heard, (-1, "")], [*again, (-1, "")], strict=False)
    (at, one), (also, other) = next(pair for pair in both if pair[0] != pair[1])
    alike = (n for n, (here, there) in enumerate(zip(one, other, strict=False)) if here != there)
    place = max(next(alike, 0) - 40, 0)
    return f"{at} {one[place : place + 80]!r}, again {also} {other[place : place + 80]!r}"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m helpers.fuzzed_set", description=__doc__)
    parser.add_argument("seeds", help="as 0-99, or 7")
    parser.add_argument("--blocks", type=int, default=250)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--continued", action="store_true", help="take each set up again in its middle, too")
    options = parser.parse_args()
    first, _, last = options.seeds.partition("-")
    bad, quiet = [], 0
    with tempfile.TemporaryDirectory(prefix="latentcode-fuzz-") as home:
        for name in ("DATA", "CONFIG", "STATE", "CACHE"):
            os.environ[f"XDG_{name}_HOME"] = home
        for seed in range(int(first), int(last or first) + 1):
            folder = (options.keep or Path(home)) / f"{seed}"
            os.environ["LATENTCODE_CACHE"] = f"{folder}/cache"
            folder.mkdir(parents=True, exist_ok=True)
            with suppress(FileNotFoundError):
                (folder / "set.py").unlink()
            Words.left, Words.memory = None, bytearray(len(Words.memory))
            gc.collect()
            found = played(seed, folder, options.blocks)
            if options.continued and not found.wrong:
                (folder / "again.py").unlink(missing_ok=True)
                found = continued(seed, folder / "set.py", folder)
            quiet += found.loud < 0.01
            if found.wrong:
                bad.append(seed)
                print(f"seed {seed}: {found.wrong}")
                if options.keep:
                    (folder / "lines.txt").write_text("\n".join(found.lines))
            sys.stdout.flush()
    print(f"{len(bad)} differ: {bad}; {quiet} are silent")
    return bool(bad)


if __name__ == "__main__":
    from helpers.fuzzed_set import main as once  # lines import this module by its name: it must be one

    sys.exit(once())
