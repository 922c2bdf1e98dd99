"""Learning from a few examples: exact at them, smooth between, and within bounds beyond."""

from __future__ import annotations

import time

import numpy as np
import pytest

from latentcode.errors import LatentError
from latentcode.latents.fitting import LearnedMap
from latentcode.latents.spaces import Mark, Marks

DIMENSIONS = 16


def network(rng, inputs):
    """A function of a kind that nothing was chosen by: two layers of tanh."""
    first, second = rng.normal(size=(inputs, 12)) * 1.5, rng.normal(size=(12, DIMENSIONS)) / 3
    shift = rng.normal(size=12)
    return lambda x: np.tanh((x - 0.5) @ first + shift) @ second


@pytest.mark.parametrize(
    ("inputs", "marks"), [(1, 1), (1, 2), (1, 40), (2, 3), (3, 12), (4, 40), (116, 5), (116, 40)]
)
def test_it_is_exact_at_the_examples(inputs, marks):
    rng = np.random.default_rng(marks)
    places, values = rng.random((marks, inputs)), rng.normal(size=(marks, DIMENSIONS))
    assert np.abs(LearnedMap(places, values)(places) - values).max() < 1e-6


def test_examples_that_crowd_are_learned_as_well():
    rng = np.random.default_rng(3)
    places = np.repeat(rng.random((30, 2)), 2, axis=0) + 0.011 * rng.random((60, 2))
    values = rng.normal(size=(60, DIMENSIONS))
    assert np.abs(LearnedMap(places, values)(places) - values).max() < 1e-6


@pytest.mark.parametrize(
    ("inputs", "marks", "most"), [(1, 8, 0.1), (2, 16, 0.15), (3, 30, 0.25), (4, 40, 0.4)]
)
def test_between_them_it_is_near_a_smooth_function_that_it_has_not_seen(inputs, marks, most):
    errors = []
    for seed in range(8):
        rng = np.random.default_rng((inputs, seed))
        function, places = network(rng, inputs), rng.random((marks, inputs))
        others = places.min(axis=0) + np.ptp(places, axis=0) * rng.random((200, inputs))
        wrong = LearnedMap(places, function(places))(others) - function(others)
        errors.append(np.sqrt((wrong**2).mean()) / function(others).std(axis=0).mean())
    assert np.mean(errors) < most


def test_a_body_of_116_numbers_is_followed():
    rng = np.random.default_rng(5)
    joints = rng.normal(size=(2, 116))
    function = network(rng, 2)
    ways, others = rng.random((24, 2)), 0.1 + 0.8 * rng.random((200, 2))
    seen = [np.sin(x @ joints) + 0.01 * rng.normal(size=(len(x), 116)) for x in (ways, others)]
    wrong = LearnedMap(seen[0], function(ways))(seen[1]) - function(others)
    assert np.sqrt((wrong**2).mean()) / function(others).std(axis=0).mean() < 0.35


@pytest.mark.parametrize("marks", [1, 2, 3, 7, 40])
def test_beyond_the_examples_it_stays_within_their_bounds(marks):
    rng = np.random.default_rng(marks)
    places, values = rng.random((marks, 3)), rng.normal(size=(marks, DIMENSIONS))
    far = LearnedMap(places, values)(100 * rng.normal(size=(300, 3)))
    low, high, reach = values.min(axis=0), values.max(axis=0), np.ptp(values, axis=0)
    assert (far >= low - 0.25 * reach - 1e-9).all()
    assert (far <= high + 0.25 * reach + 1e-9).all()


def test_one_example_is_everywhere_and_two_make_a_line():
    one = LearnedMap(np.array([[0.3, 0.4]]), np.array([[1.0, 2.0]]))
    assert one(np.array([[0.0, 1.0], [5.0, 5.0]])).tolist() == [[1.0, 2.0], [1.0, 2.0]]
    two = LearnedMap(np.array([[0.2], [0.6]]), np.array([[1.0], [3.0]]))
    assert two(np.array([[0.2], [0.4], [0.5], [0.6], [0.9]]))[:, 0] == pytest.approx(
        [1.0, 2.0, 2.5, 3.0, 3.0]
    )


def test_it_does_not_matter_how_many_moments_are_read_at_once():
    rng = np.random.default_rng(9)
    fit = LearnedMap(rng.random((40, 4)), rng.normal(size=(40, 128)))
    places = rng.random((500, 4))
    whole = fit(places)
    assert np.array_equal(whole, np.concatenate([fit(row[None]) for row in places]))
    assert np.array_equal(whole, np.concatenate([fit(places[i : i + 7]) for i in range(0, 500, 7)]))
    still = np.repeat(places[:1], 5, axis=0)
    assert np.array_equal(fit(still), np.repeat(whole[:1], 5, axis=0))


def test_learning_takes_far_less_than_a_second():
    rng = np.random.default_rng(1)
    begun = time.process_time()
    LearnedMap(rng.random((40, 116)), rng.normal(size=(40, 128)))
    assert time.process_time() - begun < 1.0


def test_an_input_that_hardly_moved_does_not_decide():
    places = np.array([[0.0, 0.500], [1.0, 0.501], [0.5, 0.5005]])
    fit = LearnedMap(places, np.array([[0.0], [1.0], [0.5]]))
    assert fit(np.array([[0.25, 0.5], [0.25, 0.501]]))[:, 0] == pytest.approx([0.25, 0.25], abs=0.05)


def mark(place, value, **numbers):
    latent = None if value is None else np.full(4, value, np.float32)
    return Mark(place, latent, tuple(sorted(numbers.items())))


def test_a_mark_at_the_place_of_another_takes_its_place():
    marks = Marks().marked(mark((0.0, 0.0), 1.0)).marked(mark((1.0, 1.0), 2.0)).marked(mark((0.5, 0.2), 3.0))
    again = marks.marked(mark((0.504, 0.2), 4.0))
    assert len(again.marks) == 3
    assert again.latents(np.array([[0.504, 0.2]]))[0] == pytest.approx([4.0] * 4)
    assert len(marks.marked(mark((0.55, 0.2), 4.0)).marks) == 4
    both = again.marked(mark((0.504, 0.2), None, cutoff=800.0))
    assert len(both.marks) == 3
    assert both.latents(np.array([[0.504, 0.2]]))[0] == pytest.approx([4.0] * 4)
    assert both.number("cutoff", np.array([[0.9, 0.9]])) == pytest.approx([800.0])
    assert both.number("gain", np.array([[0.9, 0.9]])) is None


def test_without_marks_nothing_is_known():
    assert Marks().latents(np.zeros((2, 3))) is None
    assert Marks().marked(mark((0.0,), 1.0)).without(-1).latents(np.zeros((2, 1))) is None


def test_what_cannot_be_learned_says_so():
    with pytest.raises(LatentError, match="unmark"):
        LearnedMap(np.array([[0.5], [0.5], [0.7]]), np.array([[0.0], [1.0], [2.0]]))
