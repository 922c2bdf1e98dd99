"""What a voice has played, grabbed: the same samples, live and in a replay."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from helpers.toy_sounds import RATE, Sounds, rendered

import latentcode as lc
from latentcode.clock.tempo import TempoMap, cycles_per_second
from latentcode.errors import EngineError
from latentcode.latents.path import GRABBED, Path
from latentcode.set.commands import SET, Command
from latentcode.set.grabs import GrabbedSound, Grabs, NotGrabbedError
from latentcode.sounds.hearing import Hearing

CYCLE = 88200


def play(text, voice=0):
    return Command("play", voice, (lc.s(text) if isinstance(text, str) else text, None))


@pytest.mark.parametrize("block", [64, 512, 5000])
def test_a_grab_is_what_the_voice_has_rendered_before_its_fader(perform, block):
    found = []
    performance = perform(store=Sounds(50))
    performance.grabbed = found.append
    performance.schedule(play(lc.s("ramp*3").pan(0.25).gain(lc.sine)), 0)
    performance.schedule(Command("gain", 0, (0.1,)), 1000)
    performance.schedule(Command("grab", 0, ("2.1", "3/2")), 200001)
    sides = []
    while performance.renderer.position < 210000:
        sides.append(performance.render(block)[:2])
    mono = np.concatenate(sides, axis=1).mean(axis=0, dtype=np.float32)
    tempo = TempoMap(RATE, cycles_per_second(120))
    begin = tempo.sample_of(tempo.cycle_at(200001) - Fraction(3, 2))
    assert found[0].text == ""
    assert np.array_equal(found[0].samples, mono[begin:200001])


def test_of_what_came_in_the_last_cycles_are_grabbed_as_far_as_they_were_heard(perform):
    class Counting:
        def samples(self, channel, first, count):
            return np.arange(first, first + count, dtype=np.float32) * channel

    found, told, performance = [], [], perform()
    hearing = Hearing(RATE, Counting(), lambda name: None)
    hearing.delay(0, 1000)
    performance.listen(hearing)
    performance.grabbed, performance.notice = found.append, told.append
    for name, inputs in (("2.1", (1, 3)), ("2.2", (0,))):
        performance.schedule(Command("grab", SET, (name, "1", inputs)), 2 * CYCLE)
    rendered(performance, 2 * CYCLE + 10)
    assert np.array_equal(found[0].samples, 2.0 * np.arange(CYCLE - 1000, 2 * CYCLE - 1000))
    assert len(found[1].samples) == 0
    assert "nothing has come in at live_in(0)" in told[0]


def test_where_there_are_fewer_cycles_those_are_taken_and_said(perform):
    found, told = [], []
    performance = perform()
    performance.grabbed, performance.notice = found.append, told.append
    performance.schedule(play(lc.s("one").attack(0)), CYCLE)
    performance.schedule(Command("grab", 0, ("2.1", "4")), 2 * CYCLE)
    performance.schedule(Command("grab", 1, ("2.2", "4")), 2 * CYCLE)
    rendered(performance, 2 * CYCLE + 10)
    assert len(found[0].samples) == CYCLE
    assert told[0] == "grabbed 1 cycle of d1: there are no more"
    assert len(found[1].samples) == 0
    assert "d2 has not sounded" in told[1]


def test_what_was_grabbed_plays_like_any_other_sound(perform):
    grabs = Grabs(RATE, RATE)
    path = Path("grab(d1, 1)", GRABBED + "2.1")
    with pytest.raises(NotGrabbedError, match=r"grab\(d1, 1\)"):
        grabs.of(path)
    grabs.keep(GrabbedSound("2.1", np.ones(100, np.float32)))
    assert grabs.of(path).samples.tolist() == [1.0] * 100
    assert grabs.of(path).sound == grabs.of(Path("other", GRABBED + "2.1")).sound
    grabs.keep(GrabbedSound("2.2", np.zeros(0, np.float32), "d1 has not sounded"))
    with pytest.raises(EngineError, match="has not sounded"):
        grabs.of(Path("grab(d1, 1)", GRABBED + "2.2"))


def test_another_engine_of_the_same_session_finds_it(tmp_path):
    samples = np.random.default_rng(1).standard_normal(4800).astype(np.float32)
    first = Grabs(48000, RATE, tmp_path / "grabs")
    first.keep(GrabbedSound("12.1", samples))
    path = Path("x", GRABBED + "12.1")
    second = Grabs(48000, RATE, tmp_path / "grabs", again=True)
    assert len(first.of(path).samples) == 4410
    assert np.array_equal(first.of(path).samples, second.of(path).samples)
    assert first.of(path).sound == second.of(path).sound
