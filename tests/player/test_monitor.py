"""What the player keeps of its output, for those who look at it."""

from __future__ import annotations

import time

import numpy as np
import pytest

from latentcode.pictures import scope
from latentcode.protocol.ringbuffer import CHANNELS, MONITOR, Ring


def test_the_last_samples_are_there_whatever_the_size_of_the_buffers():
    ring = Ring.create(2, 64)
    assert ring.monitored().shape == (0, 2)
    sound = np.arange(2 * 100_000, dtype=np.float32).reshape(-1, 2)
    first = 0
    for count in (1, 256, 1000, 4096, 333) * 12:
        ring.monitor(first, sound[first : first + count])
        first += count
    kept = ring.monitored()
    assert len(kept) == 3 * MONITOR // 4
    np.testing.assert_array_equal(kept, sound[first - len(kept) : first])
    ring.close()


def test_a_tone_that_the_player_plays_is_seen_with_its_frequency(session, no_jack):
    stage = session("--driver", "timer", seconds=9.0)
    stage.start()
    tone = 0.5 * np.sin(2 * np.pi * 440 * np.arange(8 * stage.rate) / stage.rate)
    sound = np.zeros((len(tone), CHANNELS), np.float32)
    sound[:, 0], sound[:, 1] = tone, tone
    begin = stage.ring.playhead + 8192
    stage.ring.reset(begin)
    stage.ring.write(sound)
    stage.play_until(begin + stage.rate)
    time.sleep(0.02)
    heard = scope.MonitoredSound(stage.ring.monitored(), stage.rate)
    assert scope.peak_hz(heard) == pytest.approx(440, abs=0.5)
    assert scope.peak_db(heard) == pytest.approx(-6, abs=0.1)
    np.testing.assert_array_equal(heard.frames[:, 0], heard.frames[:, 1])
