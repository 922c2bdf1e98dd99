"""Random expressions in the words of patterns, as text: the same for the same seed."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

TEXTS = (
    "cello choir*2",
    "<cello [flute ~]> kick(3,8)",
    "cello(<3 5>,8,2)",
    "[flute, choir/2] kick*3",
    "{cello kick flute}%4",
)
CHANCES = ("flute*8?", "cello*4?0.3 choir", "[cello|choir flute]*3", "kick(5,8)?")
TRUTHS = ('"t f t t"', '"<1 0>"', '"t(3,8)"', '"1 [0 1]"')
GAINS = (".7", '"<.5 .9>"', "sine.range(.4, .9).slow(2)")
BIASES = (".3", "saw.range(-.3, .3)", "tri.fast(3)")
LENGTHS = (".5", "1", '"<.3 1.5>"')
CONTROLS = ("attack(.01)", "release(.05)", "ring()", "cut(1)", "reverse()", "smooth()")
LATENT = (
    "walk(.3)",
    "scale(1.2)",
    "freeze(.5)",
    "scrub(saw)",
    "dim(0, .4)",
    "noise(.5)",
    'note("c e <g a>")',
)
PORTIONS = (
    "chop(4)", "striate(2)", 'slice(4, "0 2 <1 3>")', 'splice(4, "0 <2 1>*2")', "loop_at(2)", "begin(.25)",
    "end(.5)", 'speed("<1 2>")', "fit()", "plain()",
)  # fmt: skip
DRAWN = ("irand(3).segment(2).add(1)", "choose(1, 2).segment(1)", "wchoose((1, 3), (2, 1)).segment(2)")
DRONES = (
    "cello", "meso(cello, choir, sine.slow(4))", "stepwise(cello, choir, 4)", "extend(cello, choir, perlin)",
    "cello.bias(saw.range(-.2, .2))", "(cello + choir) * .5", "slerp(cello, choir, tri)", "walk(cello, .3)",
    "meso(cello.jitter(.1), choir.reverse(), .3)", "orbit(choir, .2, 2)", "spline(cello, choir, cello)",
)  # fmt: skip
WITHOUT_FUNCTION = ("note", "plain", "walk", "freeze", "scrub", "slice")
Draw = Callable[[], str]


class Expressions:
    """Draws expressions; `chance`: whether words that are random in time are among them."""

    def __init__(self, seed: int, chance: bool = True) -> None:
        self.random, self.chance = Random(seed), chance

    def pattern(self, words: int) -> str:
        """A pattern of sounds through so many words, nested in one another at times."""
        text, left = self.base(), words
        while left > 0:
            made, used = self.word(min(left, 3))
            text, left = f"{text}.{made}", left - used
        return text

    def base(self) -> str:
        texts = TEXTS + CHANCES if self.chance else TEXTS
        one = self.one(texts)
        return self.one([
            f's("{one}")', f's("{one}")', 'n("0 3 <7 10>").s("<cello flute>")', f'stack("{one}", "kick*2")',
            f'cat("{one}", "choir flute")', f'seq("{one}", ["kick", "flute"])', f'timecat((3, "{one}"), (1, "kick"))',
            'run("<3 4>").s("choir")', 'polymeter(["cello", "choir"], ["flute", "kick", "~"])',
            'n("0 1 <2 0>").squeeze(["cello flute", "choir", "kick*3"])',
        ])  # fmt: skip

    def drone(self) -> str:
        """An object that plays for as long as it is there: `cello` and `choir` are sources."""
        return self.one(DRONES)

    def word(self, depth: int) -> tuple[str, int]:
        """A word with its arguments, and how many words there are in it."""
        if depth > 1 and self.random.random() < 0.45:
            inner, used = self.word(depth - 1)
            if inner.startswith(WITHOUT_FUNCTION):
                inner = f"lambda p: p.{inner}"
            return self.random.choice(self.nesting())().replace("$", inner), used + 1
        return self.random.choice(self.plain())(), 1

    def nesting(self) -> list[Draw]:
        made: list[Draw] = [
            lambda: f"every({self.count()}, $)",
            lambda: f"last_of({self.count()}, $)",
            lambda: f"when({self.one(TRUTHS)}, $)",
            lambda: f"off({self.time()}, $)",
            lambda: "superimpose($)",
            lambda: "layer($, rev)",
            lambda: "jux($)",
            lambda: "jux_by(.5, $)",
            lambda: f"chunk({self.one((2, 3, 4))}, $)",
            lambda: "within(0, 1/2, $)",
            lambda: f"inside({self.count()}, $)",
            lambda: f"outside({self.count()}, $)",
        ]
        if self.chance:
            made += [lambda: "sometimes($)", lambda: "sometimes_by(.3, $)", lambda: "some_cycles_by(.5, $)"]
        return made

    def plain(self) -> list[Draw]:
        made: list[Draw] = [
            lambda: f"fast({self.factor()})",
            lambda: f"slow({self.factor()})",
            lambda: f"early({self.time()})",
            lambda: f"late({self.time()})",
            lambda: "rev()",
            lambda: "palindrome()",
            lambda: f"iter_back({self.count()})",
            lambda: f"ply({self.count()})",
            lambda: f"struct({self.one(TRUTHS)})",
            lambda: f"mask({self.one(TRUTHS)})",
            lambda: "segment(8)",
            lambda: "linger(1/4)",
            lambda: "compress(1/8, 3/4)",
            lambda: "zoom(1/4, 3/4)",
            lambda: f"fast_gap({self.factor()})",
            lambda: "swing_by(1/3, 4)",
            lambda: f"euclid({self.one((3, 5))}, 8)",
            lambda: f"euclid_rot(3, 8, {self.one((1, 2))})",
            lambda: f"echo({self.one((2, 3))}, {self.time()}, .6)",
            lambda: f"gain({self.one(GAINS)})",
            lambda: f"bias({self.one(BIASES)})",
            lambda: f"legato({self.one(LENGTHS)})",
            lambda: self.one(CONTROLS),
            lambda: self.one(LATENT),
            lambda: self.one(PORTIONS),
        ]
        if self.chance:
            made += [
                lambda: "degrade()",
                lambda: "degrade_by(.3)",
                lambda: "shuffle(4)",
                lambda: "scramble(3)",
                lambda: "gain(perlin.range(.4, .9))",
                lambda: "jitter(.2)",
                lambda: "bias(rand.range(-.2, .2))",
                lambda: f"fast({self.one(DRAWN)})",
            ]
        return made

    def factor(self) -> str:
        return self.one(("2", "3", "1.5", '"<2 3>"', '"<1 [2 4]>"'))

    def count(self) -> str:
        return self.one(("2", "3", "4", '"<2 3>"'))

    def time(self) -> str:
        return self.one(("1/8", "1/4", ".5", '"<.125 .25>"'))

    def one(self, choices: object) -> str:
        return str(self.random.choice(list(choices)))  # type: ignore[call-overload]
