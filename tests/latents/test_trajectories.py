"""Operators on trajectories, read at moments."""

from __future__ import annotations

import numpy as np
import pytest

import latentcode as lc
from latentcode.latents.moments import Moments
from latentcode.patterns import digest

SOUND = (np.random.default_rng(2).standard_normal(64 * 10) * 0.3).astype(np.float32)


@pytest.fixture
def path(model):
    return model.encode(SOUND)


@pytest.fixture
def frames(path):
    return path.mean


def moments(count=10, hop=64, rate=44100):
    return Moments.over(count, hop / rate)


def mean(trajectory, at=None):
    return trajectory.at(at or moments())[0]


def test_a_path_gives_its_own_frames_and_starts_again_after_the_last(path, frames):
    assert len(frames) == 10
    assert np.array_equal(mean(path, moments(20)), np.concatenate([frames, frames]))


def test_arithmetic_is_what_it_says(path, frames):
    assert mean(path * 2 + 1) == pytest.approx(frames * 2 + 1)
    assert mean(path - 0.5) == pytest.approx(frames - 0.5)
    assert mean(3 - path) == pytest.approx(3 - frames)
    assert mean(path - path) == pytest.approx(frames * 0)
    assert mean(path * path) == pytest.approx(frames * frames)


def test_bias_and_scale_take_one_number_for_each_dimension(path, frames):
    each = np.arange(8.0)
    assert mean(path.bias(each)) == pytest.approx(frames + each)
    assert mean(path.scale(each)) == pytest.approx(frames * each)


def test_dim_sets_one_dimension_alone(path, frames):
    changed = mean(path.dim(3, 7.0))
    assert changed[:, 3] == pytest.approx(np.full(10, 7.0))
    assert np.array_equal(np.delete(changed, 3, 1), np.delete(frames, 3, 1))
    with pytest.raises(lc.LatentError, match="dimensions 0 to 7"):
        mean(path.dim(8, 1.0))


def test_reverse_reads_from_the_last_frame(path, frames):
    assert np.array_equal(mean(path.reverse()), frames[::-1])
    assert np.array_equal(mean(path.reverse().reverse()), frames)


def test_smooth_blends_where_the_nearest_would_be_taken(path, frames):
    half = mean(path.speed(0.5).smooth())
    assert half[1] == pytest.approx((frames[0] + frames[1]) / 2, abs=1e-6)
    assert np.array_equal(mean(path.speed(0.5))[1], frames[0])


def test_a_line_goes_from_one_point_to_the_other(path):
    line = lc.line(lc.point(np.zeros(8)), lc.point(np.ones(8)))
    values = mean(line + path * 0)
    assert values[:, 0] == pytest.approx(np.linspace(0, 1, 10), abs=1e-6)
    assert digest(line) == digest(lc.line(lc.point(np.zeros(8)), lc.point(np.ones(8))))


def test_a_signal_is_read_at_the_cycle_of_each_moment(path, frames):
    ramp = mean(path.scale(0).bias(lc.saw))
    assert ramp[:, 0] == pytest.approx(np.arange(10) / 10, abs=1e-6)


def test_jitter_is_a_function_of_seed_and_cycle(path):
    assert np.array_equal(mean(path.jitter(0.5)), mean(path.jitter(0.5)))
    assert not np.array_equal(mean(path.jitter(0.5)), mean(path))


def test_a_trajectory_has_one_digest_wherever_it_is_made(model):
    first, second = (lc.meso(model.encode(SOUND.copy()), model.encode(SOUND), [0.0, 1.0]) for _ in range(2))
    assert digest(first) == digest(second)
    assert digest(first) != digest(lc.meso(model.encode(SOUND), model.encode(SOUND), [0.0, 0.9]))


def test_a_path_travels_without_its_model(path):
    import pickle

    sent = pickle.loads(pickle.dumps(path))
    assert sent == path
    assert np.array_equal(sent.samples, path.samples)
    with pytest.raises(lc.LatentError, match="no model to encode it"):
        _ = sent.mean
