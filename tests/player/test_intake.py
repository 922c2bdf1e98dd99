from __future__ import annotations

import numpy as np
import pytest

from latentcode.player.transport import CEILING, Intake

BUFFER, RATE = 256, 44100


def intake(dry: bool = False) -> Intake:
    return Intake(np.zeros((4, BUFFER), np.float32), RATE, dry)


def test_good_samples_pass_untouched():
    one = intake()
    one.block[:] = sound = np.random.default_rng(1).standard_normal((4, BUFFER)).astype(np.float32)
    assert one.take() == []
    np.testing.assert_array_equal(one.block, sound)
    np.testing.assert_array_equal(one.peaks(), np.abs(sound).max(axis=1))


def test_bad_samples_are_mended_and_counted_by_channel():
    one = intake()
    one.block[:] = 0.5
    one.block[1, :3] = np.nan, np.inf, -np.inf
    one.block[3, 7] = -100.0
    assert one.take() == [(1, 3), (3, 1)]
    assert one.block[1, :4].tolist() == [0, 0, 0, 0.5]
    assert one.block[3, 7] == -CEILING
    assert (one.block[0] == 0.5).all()


def test_missing_samples_are_a_fade_and_then_silence():
    one = intake()
    one.block[:] = 0.9
    one.take()
    one.miss()
    faded = one.block.copy()
    one.miss()
    assert (one.block == 0).all()
    assert faded[:, -1] == pytest.approx(0)
    assert np.abs(np.diff(faded, prepend=0.9)).max() < 0.9 / 200


def test_what_comes_back_fades_in_once():
    one = intake()
    one.miss()
    one.block[:] = 1.0
    one.take()
    assert np.abs(np.diff(one.block, prepend=0)).max() < 1 / 200
    assert one.block[0, -1] == 1.0
    one.block[:] = 1.0
    one.take()
    assert (one.block == 1.0).all()


@pytest.mark.parametrize("buffer", [1, 16, 64, 2048])
def test_fades_fit_any_buffer(buffer):
    one = Intake(np.zeros((2, buffer), np.float32), 48000)
    one.block[:] = 1.0
    one.take()
    one.miss()
    assert one.block[:, -1].tolist() == [0, 0]
    one.block[:] = 1.0
    one.take()
    assert one.block[:, -1].tolist() == [1, 1]
