"""The map of latent space: principal components, and what is drawn of them."""

from __future__ import annotations

import numpy as np
import pytest

from latentcode.pictures.map import MOST_FRAMES, latent_map, lines, middles, principal
from latentcode.pictures.sight import Latents


def cluster(middle, count=60, spread=0.05, seed=0):
    random = np.random.default_rng(seed)
    return (np.asarray(middle) + spread * random.standard_normal((count, len(middle)))).astype(np.float32)


def test_the_axes_are_those_of_the_covariance():
    rows = np.random.default_rng(1).standard_normal((500, 6)) * [5, 1, 0.2, 3, 0.5, 0.1] + 7
    found = principal(rows)
    sizes, axes = np.linalg.eigh(np.cov(rows.T))
    for place in (0, 1):
        assert abs(found.axes[place] @ axes[:, -1 - place]) == pytest.approx(1, abs=1e-6)
        assert found.shares[place] == pytest.approx(sizes[-1 - place] / sizes.sum())
    np.testing.assert_allclose(found.mean, rows.mean(axis=0))
    again = principal(rows[::-1])
    np.testing.assert_allclose(found.axes, again.axes, atol=1e-9)  # the signs are settled


def test_known_clusters_come_apart_in_the_order_of_their_distance():
    middles_ = {"near": [1, 0, 0, 0], "far": [9, 0, 0, 0], "aside": [5, 3, 0, 0]}
    made = latent_map([Latents(name, 1.0, cluster(m)) for name, m in middles_.items()], {})
    places = {name: rows.mean(axis=0) for name, rows in made.paths.items()}
    order = sorted(places, key=lambda name: places[name][0])
    assert order in (["near", "aside", "far"], ["far", "aside", "near"])
    assert np.linalg.norm(places["near"] - places["far"]) == pytest.approx(8, abs=0.1)
    assert made.shares.sum() == pytest.approx(1, abs=0.01)
    assert set(middles(made)) == set(middles_)


def test_a_long_sound_counts_no_more_than_a_short_one():
    made = latent_map(
        [Latents("long", 1.0, cluster([0, 0], 5000)), Latents("short", 1.0, cluster([1, 0], 20))], {}
    )
    assert (len(made.paths["long"]), len(made.paths["short"])) == (MOST_FRAMES, 20)


def test_a_voice_stands_where_its_latents_are():
    paths = [Latents("a", 1.0, cluster([0, 0, 0])), Latents("b", 1.0, cluster([4, 1, 0]))]
    made = latent_map(paths, {"d3": cluster([4, 1, 0], 5, 0.0)})
    np.testing.assert_allclose(made.voices["d3"][-1], made.paths["b"].mean(axis=0), atol=0.1)
    shown = [line.plain for line in lines(made, 80, 30)]
    assert sum("◆d3" in line for line in shown) == 1
    assert "voices, now" in shown[-1]
    assert "● a  ● b" in shown[-1]
    assert "% of the variance" in shown[0]


@pytest.mark.parametrize(
    "rows", [np.ones((1, 4)), np.ones((30, 4)), np.arange(12.0)[:, None], np.ones((1, 1))]
)
def test_what_has_no_spread_is_drawn_as_well(rows):
    made = latent_map([Latents("only", 1.0, rows.astype(np.float32))], {})
    assert np.isfinite(made.paths["only"]).all()
    assert lines(made, 60, 20)


@pytest.mark.parametrize("width", [40, 80, 200])
def test_the_map_keeps_to_its_width(width):
    many = [Latents(f"a sound with a long name {n}", 1.0, cluster([n, n % 3], 9)) for n in range(9)]
    assert all(len(line.plain.rstrip()) <= width for line in lines(latent_map(many, {}), width, 20))
