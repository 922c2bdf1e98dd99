"""What is proposed in a learned space, and what a gesture has become."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from helpers.toy_sounds import rendered

from latentcode.engine.queries import content, emptiest, far
from latentcode.inputs.history import Input
from latentcode.inputs.reader import Reader
from latentcode.latents.spaces import Mark, Marks
from latentcode.patterns import compile_pattern
from latentcode.patterns.gestures import Captured, Loop
from latentcode.patterns.nodes import Live
from latentcode.set.commands import SET, Command

CYCLE = 88200
HAND = Live("cc:1@*/*")


def marks(count=4, dimensions=6, seed=1):
    rng, made = np.random.default_rng(seed), Marks()
    for _ in range(count):
        made = made.marked(Mark(tuple(rng.random(2)), rng.normal(size=dimensions).astype(np.float32)))
    return made


def test_proposals_are_far_from_all_marks_and_another_with_each_call():
    known, sounds = marks(), [np.random.default_rng(2).normal(size=(50, 6)).astype(np.float32)]
    found = [far(known, number, 7, 6, sounds) for number in range(6)]
    assert {kind for _, kind in found} == {"between the marks", "of a sound", "of the prior"}
    latents = np.array([mark.latent for mark in known.marks])
    for latent, _ in found:
        assert np.isfinite(latent).all()
        assert np.linalg.norm(latents - latent, axis=1).min() > 0.5
    assert len({latent.tobytes() for latent, _ in found}) == 6
    again = [far(known, number, 7, 6, sounds) for number in range(6)]
    assert [latent.tobytes() for latent, _ in again] == [latent.tobytes() for latent, _ in found]
    assert far(known, 0, 8, 6, sounds)[0].tobytes() != found[0][0].tobytes()


@pytest.mark.parametrize("count", [0, 1])
def test_with_few_marks_there_are_proposals_too(count):
    latent, _ = far(marks(count), 0, 7, 6, [])
    assert latent.shape == (6,)
    assert emptiest(marks(count)) is None


def test_the_emptiest_place_is_where_no_mark_is():
    made = Marks()
    for place in ((0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (0.1, 0.1)):
        made = made.marked(Mark(place, np.zeros(4, np.float32)))
    found = emptiest(made)
    assert found[0] > 0.8
    assert found[1] > 0.8


def heard(performance, over):
    performance.schedule(Command("capture", SET, ("1", "1.1", HAND.name, "2", False, 0.0)), 0)
    for sample, value in ((0, 0.25), (44100, 0.5), (CYCLE + 30000, 0.75)):
        performance.hear(Input("cc:1@nano/1", value), sample)
    performance.schedule(Command("capture", SET, ("1", "2.1", HAND.name, "4", True, 0.0)), 2 * CYCLE + 10)
    performance.hear(Input("cc:1@nano/1", 1.0), 4 * CYCLE)
    rendered(performance, 8 * CYCLE)
    first = Captured("1.1", Fraction(2), HAND)
    return Captured("2.1", Fraction(4), HAND, over or first)


@pytest.mark.parametrize("over", [None, Loop((0.0, 0.5), (0.1, 0.2), Fraction(1))])
def test_what_is_saved_of_a_gesture_over_another_is_what_is_heard(perform, over):
    performance = perform()
    node, live = heard(performance, over), Reader(performance.inputs)
    told = content(node, performance.inputs.known, live)
    loop = Loop(told["times"], told["values"], Fraction(told["cycles"]), told["tau"])
    cycles = np.arange(0, 8, 1 / 64) + 1e-6
    begin = float(performance.inputs.known["gesture:2.1"].begin)
    kept = compile_pattern(node).sample(begin + cycles, live)
    assert np.array_equal(loop.sample(cycles), kept)
    assert len(np.unique(kept)) >= 3


def test_a_gesture_that_is_still_taken_cannot_be_saved_yet(perform):
    performance = perform()
    performance.schedule(Command("capture", SET, ("1", "1.1", HAND.name, "2", False, 0.0)), 100)
    rendered(performance, CYCLE)
    told = content(Captured("1.1", Fraction(2), HAND), performance.inputs.known, Reader(performance.inputs))
    assert "not complete" in told["text"]
    assert performance.gestures.state(1.5) == ((HAND.name, 0.5, 2.0),)
    assert performance.gestures.state(0.5) == ((HAND.name, -0.5, 2.0),)
    assert performance.gestures.state(3.5) == ()
