"""Blocks that a set renders together have the samples that they have one by one."""

from __future__ import annotations

import numpy as np
import pytest
from helpers.whole_set import WholeSet

from latentcode.inputs.history import Input
from latentcode.synth.planned import UnforeseenError

LINES = (
    'd1 >> s("cello*3").gain(cc(7))',
    'd2 >> stepwise("choir(3,8)", "<flute harp>", 4).pan(sine)',
    'd3 >> s("piano/2").off(1/8, fast(2))',
    "d1.fx(lowpass(cc(8).range(200, 4000)))",
    'once(s("vibes*2"))',
    'd2.morph(1) >> s("organ*5")',
)


def played(sizes):
    """The samples of a set whose blocks are rendered so many together, and what the player is told."""
    one, told = WholeSet(), []

    def begin(sample):
        block = sample // 512
        if block % 40 == 0 and block // 40 < len(LINES):
            assert one.evaluate(LINES[block // 40]) is None
        one.performance.hear(Input("cc:7" if block % 2 else "cc:8", block % 50 / 50), sample + 100)

    def end(before, after):
        assert after - before == 512
        told.append(one.performance.outbox)
        one.performance.outbox = []

    sound = [one.performance.together(512, size, begin, end) for size in sizes]
    return np.concatenate(sound, axis=1), told


def test_the_samples_are_those_of_one_block_at_a_time():
    alone, commands = played([1] * 400)
    assert np.abs(alone).max(axis=1).astype(bool).sum() >= 6
    together, same = played([1, 2, 8, 4, 8, 1, 8, 8] * 10)
    np.testing.assert_array_equal(together, alone)
    assert same == commands


def test_what_fails_only_as_it_is_decoded_is_told_and_then_one_voice_alone_is_silent(monkeypatch):
    one = WholeSet()
    for line in ('d1 >> s("cello*4")', 'd2 >> s("choir*4")'):
        one.evaluate(line)
    one.render(4)
    decoder = one.performance.renderer.rendering.decoder
    step = decoder.step

    def failing(jobs):
        if any(job.slot is spoilt for job in jobs):
            raise RuntimeError("no frames of this one")
        return step(jobs)

    spoilt = one.performance.renderer._decoding._slots[one.performance.renderer.voices[1].layers[0]][1]
    monkeypatch.setattr(decoder, "step", failing)
    with pytest.raises(UnforeseenError):
        one.performance.together(512, 80, lambda sample: None, lambda before, after: None)
    one.performance.restart()
    assert np.abs(one.render(40)[:2]).max() > 0.1
