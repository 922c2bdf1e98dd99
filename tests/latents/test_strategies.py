"""The three strategies against the published algorithm, and what their expressions mean."""

from __future__ import annotations

import numpy as np
import pytest
from helpers.published_notebook import Notebook

import latentcode as lc
from latentcode.latents.trajectory import InTime, Mix, Stepwise

RANDOM = np.random.default_rng(1)
LONG = (RANDOM.standard_normal(1999) * 0.3).astype(np.float32)
SHORT = (RANDOM.standard_normal(1200) * 0.3).astype(np.float32)
CURVE = np.sin(np.linspace(0, 9, 333)) * 1.5


@pytest.fixture
def notebook(weights):
    return Notebook(weights)


@pytest.fixture(params=[(LONG, SHORT), (SHORT, LONG)], ids=["longer first", "shorter first"])
def pair(request):
    return request.param


def published(expression, model):
    audio = lc.render(expression, model=model, synthesis="concat")
    assert np.array_equal(audio[:, 0], audio[:, 1])
    return audio[:, 0]


@pytest.mark.parametrize("steps", [2, 6, 7])
def test_stepwise_is_the_published_sound(model, notebook, pair, steps):
    a, b = map(model.encode, pair)
    expected = notebook.stepwise(*pair, steps)
    assert published(lc.stepwise(a, b, steps), model) == pytest.approx(expected, abs=1e-4)


def test_one_step_is_the_first_source(model, notebook):
    a, b = model.encode(LONG), model.encode(LONG)
    expected = notebook.decode(notebook.encode(LONG, 64)[0]).ravel()
    assert published(lc.stepwise(a, b, 1), model) == pytest.approx(expected, abs=1e-4)


def test_meso_is_the_published_sound_and_does_not_clamp_alpha(model, notebook, pair):
    a, b = map(model.encode, pair)
    assert published(lc.meso(a, b, CURVE), model) == pytest.approx(notebook.meso(*pair, CURVE), abs=1e-4)


@pytest.mark.parametrize("factor", [2, 8, 16])
def test_extension_is_the_published_sound(model, notebook, pair, factor):
    a, b = map(model.encode, pair)
    expected = notebook.extend(*pair, CURVE, factor)
    assert published(lc.extend(a, b, CURVE, factor), model) == pytest.approx(expected, abs=1e-4)


def test_one_source_can_be_extended_alone(model, notebook):
    expected = notebook.extend(LONG, LONG, np.zeros(2), 8)
    assert published(lc.extend(model.encode(LONG)), model) == pytest.approx(expected, abs=1e-4)


def test_the_mix_of_mean_and_variance_is_what_noise_samples_from(model):
    """Over many renders with noise the mean of the latents is the mix and their spread that of the variance."""
    a, b = model.encode(LONG), model.encode(SHORT)
    quiet = lc.render(lc.meso(a, b, 0.5), model=model, synthesis="concat")
    noisy = [
        lc.render(lc.meso(a, b, 0.5), model=model, synthesis="concat", noise=1, seed=k) for k in range(2)
    ]
    again = lc.render(lc.meso(a, b, 0.5), model=model, synthesis="concat", noise=1, seed=0)
    assert np.array_equal(noisy[0], again)
    assert not np.array_equal(noisy[0], noisy[1])
    assert not np.array_equal(noisy[0], quiet)


def test_two_objects_are_a_drone_and_a_string_gives_onsets(model):
    a, b = model.encode(LONG), model.encode(SHORT)
    assert isinstance(lc.meso(a, b, 0.5), Mix)
    events = lc.meso("cello(3,8)", b, lc.sine.slow(4)).query(0, 1)
    assert [event.whole[0] for event in events if event.has_onset] == [0, 3 / 8, 6 / 8]


def test_structure_comes_from_the_first_argument():
    pattern = lc.stepwise("cello/2", "<choir flute>/2", "<4 6>")
    steps = [event.value.steps for event in pattern.query(0, 4) if event.has_onset]
    sources = [event.value.b.name for event in pattern.query(0, 4) if event.has_onset]
    assert steps == [4, 4]
    assert sources == ["choir", "flute"]
    assert isinstance(pattern.query(0, 1)[0].value, Stepwise)


def test_parameters_follow_their_pattern():
    event = lc.meso("cello", "choir", lc.saw).fast(2).query(0.5, 1)[0]
    assert isinstance(event.value, InTime)
    assert float(event.value.factor * event.whole[0] + event.value.shift) == 1.0


def test_controls_of_the_first_source_stay_with_the_sound():
    event = lc.meso(lc.s("cello").gain(0.5), "choir", 0.2).query(0, 1)[0]
    assert event.value.get("gain") == 0.5
    assert isinstance(event.value.get("s"), Mix)


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: lc.stepwise("a", "b", 0), "steps from 1 to 1000"),
        (lambda: lc.extend("a", "b", 0.5, factor=0), "factor takes a number from 1"),
        (lambda: lc.meso("a", "b", None), "meso's α takes"),
        (lambda: lc.meso("a", 3, 0.5), "takes paths"),
        (lambda: lc.meso("a", "b", [[1, 2]]), "row of finite numbers"),
    ],
)
def test_a_mistake_says_what_is_wrong_and_what_to_type(make, told):
    with pytest.raises(lc.LatentError, match=told):
        make()


@pytest.mark.parametrize(
    ("made", "digest"),
    [  # as journals hold them
        (lambda: lc.stepwise("cello flute", "choir", "<2 4 8>"), "2b4f03"),
        (lambda: lc.extend("cello", "<4 6>"), "c3e672"),
        (lambda: lc.freeze("cello", "0 .5"), "c5dbeb"),
        (lambda: lc.walk("cello", ".1 .3"), "a10077"),
    ],
)
def test_numbers_beside_the_sounds_stay_numbers(made, digest):
    assert made().digest.startswith(digest)
