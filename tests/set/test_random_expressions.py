"""Random expressions through the engine: none raises, none clicks, each takes over at the sample it said.

Set LATENTCODE_EXPRESSIONS to try more of them than in every run.
"""

from __future__ import annotations

import os
from fractions import Fraction
from random import Random

import numpy as np
import pytest
from helpers.random_expressions import Expressions
from helpers.toy_sounds import RATE, First
from helpers.whole_set import Smooth

import latentcode as lc
from latentcode.latents.path import Path
from latentcode.latents.strategies import as_pattern
from latentcode.parameters import VOICES
from latentcode.set.commands import Command

ROUNDS = int(os.environ.get("LATENTCODE_EXPRESSIONS", "64")) // VOICES
SECONDS, BPM = 2.5, "211.7"
QUANTS = ("1", "1/4", "1/2", None)
CLICK = 0.06  # change of slope per sample: the edges of all layers together stay below, a jump of a tenth makes 0.1


LATENT_WORDS = (
    "bias",
    "jitter",
    "smooth",
    "scrub",
    "freeze",
    "walk",
    "scale(",
    "dim(",
    "noise",
)  # not for plain sounds
CELLO, CHOIR = (Path(name, name, file=name) for name in ("cello", "choir"))
SPACE = {name: getattr(lc, name) for name in lc.__all__} | {"cello": CELLO, "choir": CHOIR}


def music(expressions, random):
    """The text of something to play, three to six functions deep."""
    text = expressions.pattern(random.randint(3, 6))
    while "plain()" in text and any(word in text for word in LATENT_WORDS):
        text = expressions.pattern(random.randint(3, 6))
    shape = random.choice(
        ["{0}"] * 5 + ["meso({0}, choir, sine)", "stepwise({0}, choir, 4)", "extend({0})", "drone"]
    )
    shape = "{0}" if "plain()" in text and shape != "drone" else shape
    return expressions.drone() if shape == "drone" else shape.format(text)


def play(voice, text, quant):
    return Command("play", voice, (as_pattern(eval(text, dict(SPACE))), quant))


class Set:
    """Sixteen voices, each with an expression and another that takes its place."""

    def __init__(self, seed, perform):
        self.random = Random(seed)
        expressions = Expressions(seed)
        self.texts = [
            (music(expressions, self.random), music(expressions, self.random)) for _ in range(VOICES)
        ]
        self.quants = [self.random.choice(QUANTS) for _ in range(VOICES)]
        self.stamps = [self.random.randrange(RATE // 4, RATE) for _ in range(VOICES)]
        self.perform = perform

    def rendered(self, edited):
        performance = self.perform(First(), Smooth(), synthesis="overlap", bpm=BPM)
        for voice, (first, second) in enumerate(self.texts):
            performance.schedule(play(voice, first, None), 0)
            if edited:
                performance.schedule(play(voice, second, self.quants[voice]), self.stamps[voice])
        blocks = [performance.render(512) for _ in range(round(SECONDS * RATE / 512))]
        return np.concatenate(blocks, axis=1)

    def boundary(self, voice):
        """The sample of a takeover, by arithmetic of its own."""
        if self.quants[voice] is None:
            return self.stamps[voice]
        step = Fraction(self.quants[voice]) * RATE * 240 / Fraction(BPM)
        return -int(-(-(-self.stamps[voice] // step) * step) // 1)


def steepest(audio):
    """The largest change of slope in each channel, with its place."""
    bends = np.abs(np.diff(audio, 2, axis=1))
    return bends.max(axis=1), bends.argmax(axis=1)


def test_the_measure_finds_a_click():
    audio = 0.8 * np.sin(np.arange(RATE) / 40)[None, :]
    assert steepest(audio)[0][0] < CLICK / 10
    audio[0, 20000:] *= 0.75
    bend, place = steepest(audio)
    assert bend[0] > CLICK
    assert abs(place[0] - 20000) < 3


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_expressions_sound_without_clicks_and_take_over_where_they_said(seed, perform, troubles):
    played = Set(seed, perform)
    before, after = played.rendered(False), played.rendered(True)
    assert not troubles, [(played.texts[t.voice], t.error) for t in troubles]
    for voice, texts in enumerate(played.texts):
        at, left = played.boundary(voice), slice(2 * voice, 2 * voice + 2)
        assert np.array_equal(before[left, :at], after[left, :at]), texts
        changed = np.flatnonzero((before[left] != after[left]).any(axis=0))
        assert not len(changed) or changed[0] >= at, texts
        if before[left, at - 100 : at + 100].any(axis=0).all():
            assert texts[0] == texts[1] or "plain" in texts[0] or changed[0] == at, (
                texts
            )  # plain sounds ring on
        bends, places = steepest(after[left])
        assert bends.max() < CLICK, (texts, places, at)
