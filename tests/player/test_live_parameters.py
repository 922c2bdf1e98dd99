"""What hands do is heard without clicks, however fast they are."""

from __future__ import annotations

import numpy as np
import pytest
from helpers import effect_bench as bench

from latentcode.player import offline
from latentcode.protocol.ringbuffer import CHANNELS
from latentcode.testing.spoken import made

RATE, BUFFER, SECONDS = 44100, 256, 1.0


def tone(hz: float = 220.0) -> np.ndarray:
    sound = np.zeros((int(RATE * SECONDS), CHANNELS), np.float32)
    sound[:, :2] = 0.3 * np.sin(2 * np.pi * hz * np.arange(len(sound)) / RATE)[:, None]
    return sound


def heard(commands=()) -> np.ndarray:
    blocks = offline.render(
        [tone()], rate=RATE, buffer=BUFFER, commands=[made(*command) for command in commands]
    )
    return np.concatenate(list(blocks))[RATE // 10 :, 0]


def swept(place, low, high, seconds=0.04) -> list[tuple]:
    """A hand that throws a control of 7 bits up and down, as fast as it can."""
    borders = np.arange(RATE // 5, RATE * SECONDS, BUFFER) // BUFFER * BUFFER
    turns = np.abs((borders / RATE / seconds) % 2 - 1)
    values = low + (high - low) * np.round(turns * 127) / 127
    return [("hand", int(at), ((place, float(value)),)) for at, value in zip(borders, values, strict=True)]


def roughness(sound: np.ndarray) -> float:
    """The largest second difference: of a tone 4π²f²/rate² of its level, of a click far more."""
    return float(np.abs(np.diff(sound, 2)).max())


@pytest.mark.parametrize(
    ("place", "low", "high"), [(("gain", 0), 0.0, 1.0), (("master",), 0.0, 1.0), (("pan", 0), -1.0, 1.0)]
)
def test_a_fader_that_is_thrown_does_not_click(place, low, high):
    still = roughness(heard())
    thrown = heard(swept(place, low, high))
    assert np.ptp(np.abs(thrown).reshape(-1, 630).max(axis=1)[10:]) > 0.1
    assert roughness(thrown) < 3 * still  # a step of one place of 127 alone would be ten times as rough


def test_a_filter_that_is_thrown_does_not_click():
    chain = ("fx", 0, 0, bench.spec(("lowpass", {"cutoff": 8000.0})))
    still = roughness(heard([chain]))
    thrown = heard([chain, *swept(("turn", 0, 0, 0), 100.0, 8000.0)])
    assert roughness(thrown) < 1.5 * still
