from __future__ import annotations

import pytest

from latentcode.errors import AudioError
from latentcode.player.mixer import Mixer, checked, checked_hand
from latentcode.protocol.player_messages import Gain, Master
from latentcode.testing.spoken import made


@pytest.mark.parametrize(
    ("pan", "sides"), [(0, (0.5, 0.5)), (-1, (0.5, 0)), (1, (0, 0.5)), (0.5, (0.25, 0.5))]
)
def test_pan_is_unity_in_the_centre(pan, sides):
    mixer = Mixer()
    mixer.gains[3], mixer.pans[3] = 0.5, pan
    assert mixer.sides(3) == sides


def test_good_commands_pass():
    assert checked(Gain(100, 3, 1)) == Gain(100, 3, 1.0)
    assert checked(Master(0, 0.5)) == Master(0, 0.5)


@pytest.mark.parametrize(
    "command",
    [
        ("gain", 100, 16, 1.0),
        ("gain", 100, 3, float("nan")),
        ("gain", 100, 3, 9.0),
        ("pan", 100, 3, -1.5),
        ("gain", "soon", 3, 1.0),
        ("hand", 100, ((("gain", 3), 9.0),)),
        ("hand", 100, ((("louder", 3), 1.0),)),
        ("master", 0, "loud"),
    ],
)
def test_bad_commands_are_plain_errors(command):
    with pytest.raises(AudioError):
        checked(made(*command))


def test_what_a_hand_does_is_checked():
    items = ((("gain", 3), 0, 1), (("turn", 16, 0, 1), 5, 800.0), (("master",), 0, 0.5))
    assert checked_hand(items) == items
    for bad in (((("gain", 3), 0),), ((("gain", 3, 1), 0, 1.0),), ((("pan", 3), 0, 2.0),), (3,)):
        with pytest.raises(AudioError):
            checked_hand(bad)
