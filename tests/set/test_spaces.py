"""Learned spaces: marks count from their samples on, the same in blocks of any size and when learned ahead."""

from __future__ import annotations

import numpy as np
import pytest
from helpers.toy_sounds import LATENT, RATE, Sounds, rendered

import latentcode as lc
from latentcode.inputs.history import Input
from latentcode.latents.spaces import InSpace, Mark
from latentcode.patterns.spaces import SpaceNumber
from latentcode.set.commands import SET, Command

LENGTH = 90000
INPUTS = (lc.cc(1), lc.cc(2))
SPACE = InSpace("x", INPUTS)


def mark(place, value, **numbers):
    latent = None if value is None else np.full(LATENT, value, np.float32)
    return Command("mark", SET, ("x", Mark(tuple(place), latent, tuple(sorted(numbers.items())))))


def play(pattern, voice=0):
    from latentcode.latents.strategies import as_pattern

    return Command("play", voice, (as_pattern(pattern), None))


def moved(performance, number, seed):
    rng = np.random.default_rng(seed)
    for stamp in np.sort(rng.integers(1, LENGTH, 60)):
        performance.hear(Input(f"cc:{number}@nano/1", float(rng.random())), int(stamp))


WAYS = {
    "a drone": lambda: SPACE,
    "in events": lambda: lc.s("one*3") + SPACE,
    "extended": lambda: lc.extend("ramp(3,8)", SPACE, 0.5),
    "mixed": lambda: lc.meso(lc.s("ramp*2"), SPACE, lc.sine),
    "a gain": lambda: lc.s("one*3").attack(0).gain(SpaceNumber("x", INPUTS, "level", 0.5)),
}


@pytest.mark.parametrize(("way", "rate"), [*((way, RATE) for way in WAYS), ("mixed", 48000)])
def test_a_space_sounds_the_same_in_blocks_of_any_size(perform, troubles, way, rate):
    results = []
    for block in (512, 64, 5000):
        performance = perform(store=Sounds(9), synthesis="overlap", sample_rate=rate, latent_dim=LATENT)
        performance.schedule(play(WAYS[way]()), 0)
        for stamp, place, value in (
            (100, (0, 0), 0.5),
            (20011, (1, 0), 1.0),
            (40007, (0.3, 1), -1.0),
            (60001, (1, 1), 0.2),
        ):
            performance.schedule(mark(place, value, level=value / 2 + 0.5), stamp)
        performance.schedule(Command("unmark", SET, ("x", -1)), 80003)
        moved(performance, 1, 5)
        moved(performance, 2, 6)
        results.append(rendered(performance, LENGTH, block))
    assert not troubles
    assert len(np.unique(results[0])) > 20
    for other in results[1:]:
        assert np.array_equal(results[0], other)


def test_at_a_mark_the_latent_is_the_one_that_was_marked(perform):
    performance = perform(latent_dim=LATENT)
    performance.schedule(play(SPACE), 0)
    for place, value in (((0.0, 0.0), 0.5), ((1.0, 0.0), 0.75), ((0.5, 1.0), -0.25)):
        performance.schedule(mark(place, value), 10)
    performance.hear(Input("cc:1@nano/1", 0.5), 5000)
    performance.hear(Input("cc:2@nano/1", 1.0), 5000)
    out = rendered(performance, 20000)
    assert out[3000] == pytest.approx(0.5, abs=1e-6)  # both at 0
    assert out[15000] == pytest.approx(-0.25, abs=1e-6)


def test_before_the_first_mark_a_space_is_the_centre_of_the_prior(perform):
    performance = perform(latent_dim=LATENT)
    performance.schedule(play(SPACE), 0)
    performance.schedule(mark((0.2, 0.2), 0.5), 10000)
    out = rendered(performance, 20000)
    assert not out[:10000].any()
    assert out[15000] == 0.5


def test_what_is_learned_ahead_is_what_is_learned_at_the_sample(perform):
    outs = []
    for ahead in (False, True):
        performance = perform(latent_dim=LATENT)
        performance.schedule(play(SPACE), 0)
        commands = [mark((i / 5, i % 2), 0.1 * i) for i in range(6)]
        for index, command in enumerate(commands):
            if ahead:
                performance.spaces.prepare(*command.arguments)
            performance.schedule(command, 1000 * index)
        moved(performance, 1, 5)
        outs.append(rendered(performance, 40000))
    assert np.array_equal(*outs)


def test_an_engine_that_takes_over_knows_the_marks(perform):
    performance = perform(latent_dim=LATENT)
    performance.renderer.position = 30000
    performance.catch_up([(10, play(SPACE)), (20, mark((0, 0), 0.5)), (30, mark((1, 0), 1.0))])
    assert [m.latent[0] for m in performance.spaces.marks("x").marks] == [0.5, 1.0]
    assert rendered(performance, 5000)[4000] == pytest.approx(0.5)


def test_marks_of_another_model_are_refused_and_nothing_stops(perform, troubles):
    told = []
    performance = perform(latent_dim=LATENT)
    performance.notice = told.append
    performance.schedule(play(SPACE), 0)
    performance.schedule(mark((0, 0), 0.5), 10)
    wrong = Mark((0.5, 0.5), np.zeros(3, np.float32))
    performance.schedule(Command("mark", SET, ("x", wrong)), 20)
    assert rendered(performance, 5000)[4000] == 0.5
    assert "another model" in told[0]
    assert not troubles
