"""Racks: what the player is told of effects, whatever the size of the blocks."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

import latentcode as lc
from latentcode.clock.tempo import TempoMap
from latentcode.parameters import MASTER, PARAMETERS
from latentcode.set.effects import Chain, Effect
from latentcode.set.knobs import Around
from latentcode.set.racks import Racks
from latentcode.testing.spoken import spoken

RATE = 44100


class Told:
    """Racks, what they tell the player as tuples."""

    def __init__(self, made):
        self._made = made

    def __getattr__(self, name):
        def call(*arguments):
            found = getattr(self._made, name)(*arguments)
            return [*map(spoken, found)] if isinstance(found, list) else found

        return call


def racks(cps=Fraction(1, 2), seed=3):
    said: list[str] = []
    tempo = TempoMap(RATE, cps)
    made = Told(Racks(Around(seed, lambda: tempo, said.append)))
    return made, tempo, said


def fx(*effects: Effect, rack: int = 0) -> tuple[int, Chain]:
    return rack, effects


def test_a_chain_is_told_whole_and_then_only_what_moves():
    made, _, _ = racks()
    [(name, sample, place, spec)] = made.change(*fx(lc.lowpass(800), lc.reverb(0.4), rack=4), 1000)
    assert (name, sample, place) == ("fx", 1000, 4)
    assert spec == (("lowpass", (800.0, 0.0)), ("reverb", (0.4, 0.6, 0.4)))
    assert made.change(*fx(lc.lowpass(800), lc.reverb(0.4), rack=4), 1100) == []
    assert made.change(*fx(lc.lowpass(900), lc.reverb(0.4), rack=4), 1200) == [
        ("turn", 1200, ((4, 0, 0, 900.0),))
    ]
    assert made.change(*fx(lc.reverb(0.4), lc.lowpass(900), rack=4), 1300)[0][0] == "fx"
    assert made.change(*fx(rack=4), 1400) == [("fx", 1400, 4, ())]
    assert made.change(*fx(lc.compressor(), rack=MASTER), 1500)[0][2] == MASTER


def test_signals_are_read_on_the_grid_whatever_the_blocks():
    chain = (lc.lowpass(lc.perlin.fast(8).range(200, 4000)), lc.delay("<.25 .5>*4", lc.rand.segment(8)))

    def told(size):
        made, _, _ = racks()
        messages = made.change(*fx(*chain), 300)
        for begin in range(300, RATE, size):
            messages += made.advance(begin, min(begin + size, RATE))
        return messages

    assert told(512) == told(100) == told(5000)
    assert {message[1] % 512 for message in told(512)[1:]} == {0}


def test_a_delay_follows_the_tempo_and_stands_on_a_sample():
    made, tempo, _ = racks()
    [(*_, spec)] = made.change(*fx(lc.delay(3 / 8)), 0)
    assert spec[0][1][0] == 0.375 * 2
    tempo.set(700, Fraction(3, 5))
    [(_, sample, [(*_, seconds)])] = made.advance(0, 2000)
    assert sample == 1024
    assert seconds * RATE == pytest.approx(round(0.375 / 0.6 * RATE), abs=1e-9)


def test_a_signal_that_strays_is_held_to_the_range():
    made, _, _ = racks()
    made.change(*fx(lc.reverb(lc.sine.range(-3, 4))), 0)
    values = [change[3] for message in made.advance(0, 2 * RATE) for change in message[2]]
    assert min(values) == 0.0
    assert max(values) == 1.0


def test_a_pattern_that_fails_keeps_its_last_value_and_says_so_once():
    made, _, said = racks()

    def bad(value):
        if value == 6:
            raise ValueError("no more")
        return value / 10

    made.change(*fx(lc.reverb(lc.n("<0 1 2 3 4 5 6 7 8>").fmap(bad)), rack=1), 0)
    messages = made.advance(0, 13 * RATE)
    assert [message[2][0][3] for message in messages] == [0.1, 0.2, 0.3, 0.4, 0.5]
    assert len(said) == 1
    assert "d2.fx: reverb: mix" in said[0]
    assert "no more" in said[0]


def test_a_snapshot_brings_the_chains_back():
    made, _, _ = racks()
    made.change(*fx(lc.lowpass(800)), 0)
    before = made.snapshot()
    made.change(*fx(lc.chorus()), 10)
    made.change(*fx(lc.reverb(), rack=MASTER), 20)
    messages = made.restore(before, 30)
    assert [(m[0], m[2]) for m in messages] == [("fx", 0), ("fx", MASTER)]
    assert made.snapshot() == before
    assert [m[2] for m in made.told(40)] == [0]


def test_every_effect_at_its_defaults_is_told_with_all_its_values():
    made, _, _ = racks()
    for name, parameters in PARAMETERS.items():
        [(*_, spec)] = made.change(*fx(getattr(lc, name)()), 0)
        assert len(spec[0][1]) == len(parameters)
        assert np.isfinite(spec[0][1]).all()
