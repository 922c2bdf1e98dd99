"""What begins in sounds that are extended goes by at their own speed."""

from __future__ import annotations

import numpy as np
import pytest

import latentcode as lc
from latentcode.latents.compile import ReadContext, source
from latentcode.latents.moments import Moments

RATE, HOP, FACTOR = 44100, 512, 4
FINE = HOP // FACTOR
BEGINS = 60  # hops after the first


def frames(path, hop, length):
    """The level, and the number of the frame in hops; it begins at once, and again."""
    places = np.arange(0, 200, hop / HOP)
    return np.stack([np.where(places < BEGINS, 0.1, 1.0), places], axis=1).astype(np.float32), None


def read(attacks: bool) -> np.ndarray:
    scene = ReadContext(frames, HOP, 0, RATE, around=2 * HOP, attacks=attacks)
    node = lc.extend(lc.path(np.zeros(200 * HOP, np.float32)), factor=FACTOR)
    return lc.latents.compile.compile_trajectory(node, scene)(Moments.over(800, HOP / RATE))[0][:, 1]


def test_what_begins_goes_by_at_the_speed_of_the_sound_and_begins_where_it_should():
    plain, found = read(False), read(True)
    assert plain == pytest.approx(np.arange(800) / FACTOR)
    assert found[BEGINS * FACTOR] == pytest.approx(BEGINS, abs=0.3)
    for begin in (0, BEGINS * FACTOR):
        assert np.diff(found[begin : begin + 4]) == pytest.approx([1, 1, 1], abs=0.3)
    assert (np.diff(found) >= 0).all()
    assert found[-1] > 199
    assert np.median(np.diff(found)) == pytest.approx(1 / FACTOR)
    assert np.abs(found - plain).max() < 4


def test_at_the_usual_hop_all_is_as_it_was():
    scene = ReadContext(frames, HOP, 0, RATE, around=2 * HOP, attacks=True)
    heard = source(lc.path(np.zeros(200 * HOP, np.float32)), scene)(Moments.over(200, HOP / RATE))[0]
    assert heard[:, 1] == pytest.approx(np.arange(200))


def test_a_sound_in_which_nothing_begins_is_extended_at_one_speed():
    """It is as loud from its first frame on as it was before: a portion, or a sound that fades in."""

    def swelling(path, hop, length):
        places = np.arange(0, 200, hop / HOP)
        return np.stack([1e-6 * places, places], axis=1).astype(np.float32), None

    scene = ReadContext(swelling, HOP, 0, RATE, around=2 * HOP, attacks=True)
    node = lc.extend(lc.path(np.zeros(200 * HOP, np.float32)), factor=FACTOR)
    heard = lc.latents.compile.compile_trajectory(node, scene)(Moments.over(400, HOP / RATE))[0]
    assert heard[:, 1] == pytest.approx(np.arange(400) / FACTOR)
