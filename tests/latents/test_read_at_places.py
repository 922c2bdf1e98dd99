"""Sounds that are read at places: between frames where the place is slow, and whole at their end."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import latentcode as lc
from latentcode.latents.compile import compile_trajectory, own_scene
from latentcode.latents.moments import Moments
from latentcode.latents.places import comes_round, placed

SOUND = (np.random.default_rng(4).standard_normal(64 * 10) * 0.3).astype(np.float32)
PACE = 1 / 100  # cycles to a frame


@pytest.fixture
def path(model):
    return model.encode(SOUND)


def read(trajectory, path, pace=PACE, count=400, **scene):
    node = placed(trajectory, lambda source: len(SOUND))
    return compile_trajectory(node, replace(own_scene(path), **scene))(over(pace, count))[0]


def over(pace=PACE, count=400):
    return replace(Moments.over(count, 64 / 44100, 0.0, count * pace), pace=pace)


def test_a_slow_place_has_no_stairs_and_a_quick_one_has_frames_as_they_are(path):
    slow = lc.scrub(path, lc.sine.slow(8))
    steps = [len(np.unique(rows, axis=0)) for rows in (read(slow, path), slow.at(over(), own_scene(path))[0])]
    assert steps[0] > 20 * steps[1]
    quick = read(lc.scrub(path, lc.tri), path, pace=1 / 20, count=40)
    assert all((row == path.mean).all(axis=1).any() for row in quick)
    frozen = read(path.freeze(0.33), path)
    assert (frozen == path.mean[int(0.33 * len(path.mean))]).all()


def test_the_last_frame_that_lies_in_the_sound_is_held_to_its_end(path):
    held = read(lc.scrub(path, 1), path, around=128)
    assert (held == path.mean[(len(SOUND) - 128) // 64]).all()
    part = read(path.begin(0.25).end(0.5).scrub(1), path, around=128)
    assert (part == path.mean[round(0.5 * len(path.mean)) - 1]).all()


@pytest.mark.parametrize(
    ("place", "round_"),
    [
        (lc.saw, True),
        (lc.isaw.fast(3), True),
        (lc.saw.slow(2).early(0.25), True),
        (lc.tri, False),
        (0.5, False),
    ],
)
def test_a_saw_comes_round(place, round_):
    assert comes_round(place) == round_
