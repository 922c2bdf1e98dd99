"""The picture of a trajectory: which voice is shown, and what of it."""

from __future__ import annotations

import numpy as np
import pytest

from latentcode.stage.score import Block
from latentcode.stage.trajectory import COLUMNS, ROWS, Picture, evaluated

BLOCKS = [
    Block(1, "d1 >> a\nd3 >> b", (0, 2)),
    Block(2, "d2 >> c", (1,)),
    Block(3, "d2.gain(.5)", (1,)),
    Block(4, "d1 >> x", (0,), failed=True),
]


@pytest.mark.parametrize(
    ("sounding", "shown"), [({0, 1, 2}, 1), ({0, 2}, 2), ({0}, 0), (set(), None), ({7}, None)]
)
def test_the_voice_that_was_given_something_last_is_shown(sounding, shown):
    assert evaluated(BLOCKS, dict.fromkeys(sounding, ("", ""))) == shown


def test_the_dimensions_that_move_most_are_shown_and_a_silent_voice_has_a_gap():
    picture, told = Picture(), []
    for look in range(2 * COLUMNS):
        row = np.zeros(64, np.float32)
        row[10:50] = 0.01 * np.sin(look)
        row[[5, 60]] = np.sin(look / 9), -2 * np.sin(look / 9)
        heard = () if look % 50 == 49 else ((2, row.tobytes()), (4, bytes(8)))
        told += picture.take(2, heard)
        assert (picture.column is None) == (not heard)
    last = told[-1]
    assert len(told) < 16
    assert (last["voice"], len(last["columns"])) == (2, COLUMNS)
    shown = last["dimensions"]
    assert len(shown) == ROWS
    assert shown == sorted(shown)
    columns = np.array([column for column in last["columns"] if column])
    ranges = dict(zip(shown, np.ptp(columns, axis=0), strict=True))
    assert ranges[60] > 150
    assert 70 < ranges[5] <= 110
    assert max(ranges[name] for name in shown if name not in (5, 60)) < 3
    (other,) = picture.take(4, ((4, np.ones(2, np.float32).tobytes()),))  # of another width
    assert (other["voice"], other["dimensions"], other["columns"]) == (4, [0, 1], [[100, 100]])
    (none,) = picture.take(None, ())
    assert (none["voice"], none["columns"]) == (None, [None])
