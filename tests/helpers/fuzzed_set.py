"""Random sets out of the public words, to which everything happens that can: the same for the same seed.

    PYTHONPATH=tests python -m helpers.fuzzed_set 0-99 [--blocks N] [--keep FOLDER] [--whole]
        [--continued] [--otherwise] [--edited N]

The machine stands still, engines die between any two things that they do and others take over, patterns raise and
hang, decoders fail, sounds and models come late, hands move. Then the journal is played again, and its samples are
held against what the player was given; with --continued also those of a set that is taken up in its middle, as
`latentcode open --from` does; with --otherwise the journal is read in every way that there is, and with --edited N
it is edited N times. A seed that differs is cut down to what makes it differ, unless --whole is said, and
printed as a script that plays just that.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path
from random import Random

from helpers.continued_set import ContinuedSet
from helpers.random_expressions import Expressions
from helpers.read_otherwise import edited_otherwise, read_otherwise
from helpers.scripted_set import TRAPPED, Played, ScriptedSet, begins_anew, held, held_against_replay, script
from helpers.shrinking import shrunk
from latentcode.prompt.opening import Past
from latentcode.session.journal import read_session
from latentcode.set.span import place

VOICES = 5
SOUNDS = ("cello", "choir", "flute", "kick", "snare", "hat", "vibes", "harp")
KEYS = ("cc:1@nano/1", "cc:2@nano/1", "bend@nano/1", "note:60@nano/1", "note:64@nano/1", "note:36@nano/1")

TWICE = 'def twice(p):\n    """Faster.\n\n# @ 7 d1"""\n    return p.fast(2).gain(.4)\n\n'
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
    lambda c, v: f'm{v} = midi_out("synth", ch={v}); m{v}.note(n("0 3 <7 10>*2?").velocity({signal(c)}))',
    lambda c, v: f'midi_out("synth", ch={v}).note(s("60*4").fmap(trap))',
    lambda c, v: f'midi_out("synth").cc({c.choice("12")}, {signal(c)})',
    lambda c, v: f'midi_out("synth", ch={v}).stop()',
    lambda c, v: f'osc_out("127.0.0.1:57120").send("/{v}", n("0 .. 3").s("<a b>"))',
    lambda c, v: f'space = learn_space(cc(1), cc(2)); space.mark("{sound(c)}", at=(0, {c.random():.1f}))',
    lambda c, v: f"d{v} >> space",
    lambda c, v: f'space.mark("{sound(c)}")',
    lambda c, v: f"space.mark(cutoff={c.randint(300, 3000)}, at=({c.random():.1f}, 1))",
    lambda c, v: f'd{v}.fx(lowpass(space["cutoff"]))',
    lambda c, v: f'x = path("{sound(c)}").bias({signal(c)}); d{v} >> s("x*2 {sound(c)}")',
    lambda c, v: f'd{v} >> x.gain(.4)',
    lambda c, v: f'{TWICE}d{v} >> twice(s("{sound(c)}"))',
    lambda c, v: f'for v in (d1, d{v}):\n    v >> s("{sound(c)}").every({c.randint(2, 4)}, rev)',
    lambda c, v: f'bookmark("{c.choice("ab")}")',
    lambda c, v: f'd{v} >> s("{sound(c)}*3"); d{c.randint(1, VOICES)} >> s("{sound(c)}"); bpm({c.randint(100, 200)})',
    lambda c, v: "seed" and f'd{v} >> s("{sound(c)}*4?").shuffle(4).gain(rand)',
)  # fmt: skip
LOOPED = (
    "record()", "overdub()", "undo()", "half()", "turn()", "clear()", 'replace("now")', "double()",
)  # fmt: skip
GOING = ("", ', quant="now"', ", morph=2", ', quant="beat", morph=1')
MODELS = ("raw", "small", "spectral")
OPTIONS = ((), (), ("--noise", "0.5"), ("--block", "256"), ("--synthesis", "concat"), ("--lead", "60"))


def sound(chance: Random) -> str:
    return chance.choice(SOUNDS)


def signal(chance: Random) -> str:
    return chance.choice(
        ["sine", "saw.slow(2)", "cc(1)", "tri.fast(2)", ".4", "perlin", "live('d1.gain')", "bend()"]
    )


class FuzzedSet:
    """One seed: `blocks` turns of the loop."""

    def __init__(self, seed: int, folder: Path, blocks: int = 250, model: str = "") -> None:
        self.chance, self.blocks = Random(seed), blocks
        model = model or self.chance.choice(MODELS)
        options = [one for one in OPTIONS if model == "raw" or "concat" not in one]
        self.scripted = ScriptedSet(folder, model, "--bpm", "160", *self.chance.choice(options))
        self.fumble = self.chance.choice([0.0, 0.3])  # how often what was asked is not done at once
        self.slow = self.chance.random() < 0.3  # whether sounds are encoded one by one, now and then

    def play(self) -> None:
        chance, do = self.chance, self.scripted.do
        do("type", TRAPPED)
        for number in range(self.blocks):
            self.take_over()
            if chance.random() < (0.5 if number < 8 else 0.06):
                for _ in range(chance.choice([1, 1, 1, 2])):
                    do("type", typed(chance))
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

    def take_over(self) -> None:
        while self.scripted.set.dead:
            self.scripted.do("takes_over", self.chance.choice([0, 0, 1, 3]))


def fuzzed(seed: int, folder: Path, blocks: int = 250) -> Played:
    """Play a seed, and hold it against its replay."""
    begins_anew(folder)
    one = FuzzedSet(seed, folder, blocks)
    return held(one.scripted, one.play)


def continued(seed: int, before: Path, folder: Path) -> Played:
    """Take a seed's journal up again somewhere in its middle, and hold that against its replay."""
    session = read_session(before)
    seconds = Random(seed).uniform(0.2, 0.9) * session.end / session.number("rate")
    goes_on = ContinuedSet(Past(before, place(f"{seconds:.3f}s"), whole=True), folder / "again.py")
    goes_on.play_on()
    return held_against_replay(goes_on, Played(journal=goes_on.journal))


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m helpers.fuzzed_set", description=__doc__)
    parser.add_argument("seeds", help="as 0-99, or 7")
    parser.add_argument("--blocks", type=int, default=250)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--continued", action="store_true", help="take each set up again in its middle, too")
    parser.add_argument("--otherwise", action="store_true", help="read each journal in other ways, too")
    parser.add_argument("--edited", type=int, default=0, metavar="N", help="edit each journal so often")
    parser.add_argument("--whole", action="store_true", help="do not cut down what differs")
    options = parser.parse_args()
    first, _, last = options.seeds.partition("-")
    bad, quiet = [], 0
    with tempfile.TemporaryDirectory(prefix="latentcode-fuzz-") as home:
        for name in ("DATA", "CONFIG", "STATE", "CACHE"):
            os.environ[f"XDG_{name}_HOME"] = home
        for seed in range(int(first), int(last or first) + 1):
            folder = (options.keep or Path(home)) / f"{seed}"
            found = fuzzed(seed, folder, options.blocks)
            quiet += found.loud < 0.01
            if found.wrong:
                bad.append(seed)
                print(f"seed {seed}: {found.wrong}")
                if not options.whole:
                    found = shrunk(found, folder / "shrunk")
                    print(script(found))
                if options.keep:
                    (folder / "script.py").write_text(script(found))
            elif _differs_again(seed, folder, options):
                bad.append(seed)
            sys.stdout.flush()
    print(f"{len(bad)} differ: {bad}; {quiet} are silent")
    return bool(bad)


def typed(chance: Random) -> str:
    """A line as it is typed."""
    return chance.choice(LINES)(chance, chance.randint(1, VOICES))


def _differs_again(seed: int, folder: Path, options: argparse.Namespace) -> bool:
    journal, chance = folder / "set.py", Random(seed)
    wrong = list(edited_otherwise(journal, chance, lambda: typed(chance), options.edited))
    if options.otherwise and (differs := read_otherwise(journal, chance)):
        wrong.append(differs)
    if options.continued:
        (folder / "again.py").unlink(missing_ok=True)
        if differs := continued(seed, journal, folder).wrong:
            wrong.append(f"taken up again: {differs}")
    for line in wrong:
        print(f"seed {seed}, {line}")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
