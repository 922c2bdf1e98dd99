"""Latents over time, drawn: what moves most stands above."""

from __future__ import annotations

import numpy as np
import pytest

import latentcode as lc
from latentcode.errors import LatentError
from latentcode.pictures.frames import colour, heat_map, lines, step
from latentcode.pictures.sight import Latents, own_sight


def latents(seconds=2.0, frames=100, dimensions=6):
    mean = np.zeros((frames, dimensions), np.float32)
    mean[:, 4] = np.sin(np.arange(frames) / 5) * 3
    mean[50:, 1] = 1.0
    return Latents("a sound", seconds, mean)


def test_the_dimensions_that_move_most_come_first():
    shown = heat_map(latents(), 50, 4)
    assert shown.dimensions[:2].tolist() == [4, 1]
    assert (shown.total, shown.frames, shown.values.shape) == (6, 100, (4, 50))
    np.testing.assert_allclose(shown.values[1], [0] * 25 + [1] * 25)


def test_more_columns_than_frames_repeat_them():
    np.testing.assert_allclose(heat_map(latents(), 200, 2).values[1], [0] * 100 + [1] * 100)


@pytest.mark.parametrize(("coloured", "names"), [(True, ["z4 z1"]), (False, ["z4", "z1"])])
def test_the_head_says_what_is_shown(coloured, names):
    shown = [line.plain for line in lines(latents(), 80, 4 // (1 + coloured), coloured)]
    assert "2.00 s, 100 frames" in shown[0]
    assert [line[:9].strip() for line in shown[1 : 1 + len(names)]] == names
    assert any("0 s" in line and "1.5" in line for line in shown)
    if coloured:
        assert "the 4 of 6 dimensions that move most" in shown[0]


def test_cold_is_below_zero_and_warm_above():
    cold, neutral, warm = (colour(value, 2.0) for value in (-2.0, 0.0, 2.0))
    assert cold[2] > cold[0]
    assert warm[0] > warm[2]
    assert sum(neutral) < 100


def test_marks_are_round_and_few():
    for seconds in (0.01, 0.37, 1, 2.4, 59, 3600):
        assert 1 <= seconds / step(seconds, 8) <= 8.01


def test_a_strategy_is_read_as_it_sounds(model):
    a, b = (model.encode(np.sin(np.arange(4000) / n).astype(np.float32)) for n in (9, 30))
    sight = own_sight(a)
    found = sight.latents(lc.stepwise(a, b, 2))
    source = model.frames(a, model.window // 2)[0]
    other = model.frames(b, model.window // 2)[0]
    np.testing.assert_allclose(found.mean, np.concatenate([source, other]), atol=1e-5)
    assert found.seconds == pytest.approx(2 * len(source) * model.window / 2 / model.sample_rate)
    assert len(sight.latents(lc.point([0.0] * 8)).mean) > 1


def test_latents_without_bounds_are_an_error(model):
    a = model.encode(np.sin(np.arange(4000) / 9).astype(np.float32))
    with pytest.raises(LatentError, match="not finite"):
        own_sight(a).latents(a.scale(1e38).scale(1e38))
