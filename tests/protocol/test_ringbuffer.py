from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from latentcode.errors import AudioError
from latentcode.protocol.ringbuffer import Ring


def ramp(first: int, count: int, channels: int = 4) -> np.ndarray:
    """Samples that say where they belong."""
    return (np.arange(first, first + count)[:, None] + np.arange(channels) / 10).astype(np.float32)


@pytest.fixture
def ring():
    ring = Ring.create(4, 100)
    yield ring
    ring.close()


def test_what_is_written_can_be_read_at_its_position(ring):
    assert ring.write(ramp(0, 60)) == 60
    np.testing.assert_array_equal(ring.read(10, 50), ramp(10, 50))


def test_samples_that_are_not_all_there_are_none(ring):
    ring.write(ramp(0, 60))
    assert ring.read(10, 51) is None
    assert ring.read(60, 1) is None
    assert ring.read(-1, 2) is None


def test_it_wraps_around_and_forgets_what_was_overwritten(ring):
    for first in range(0, 240, 80):
        ring.write(ramp(first, 80))
    np.testing.assert_array_equal(ring.read(140, 100), ramp(140, 100))
    assert ring.read(139, 10) is None


def test_a_block_that_does_not_fit_is_refused(ring):
    with pytest.raises(AudioError, match=r"\(n, 4\)"):
        ring.write(np.zeros((10, 3), np.float32))
    with pytest.raises(AudioError, match="up to 100"):
        ring.write(np.zeros((101, 4), np.float32))


def test_reset_takes_samples_back_and_keeps_those_before(ring):
    ring.write(ramp(0, 80))
    ring.reset(50)
    assert ring.read(40, 20) is None
    ring.write(-ramp(50, 10))
    np.testing.assert_array_equal(ring.read(40, 10), ramp(40, 10))
    np.testing.assert_array_equal(ring.read(50, 10), -ramp(50, 10))


def test_samples_overwritten_before_a_reset_stay_forgotten(ring):
    ring.write(ramp(0, 90))
    ring.write(ramp(90, 90))
    ring.reset(100)
    assert ring.read(79, 10) is None
    np.testing.assert_array_equal(ring.read(80, 20), ramp(80, 20))


@pytest.mark.parametrize("position", [500, 3])
def test_reset_elsewhere_leaves_an_empty_ring(ring, position):
    ring.reset(10)
    ring.write(ramp(10, 60))
    ring.reset(position)
    assert ring.read(position, 1) is None
    ring.write(ramp(position, 20))
    np.testing.assert_array_equal(ring.read(position, 20), ramp(position, 20))
    assert ring.read(position - 1, 2) is None


def test_room_is_counted_from_the_playhead(ring):
    ring.write(ramp(0, 70))
    ring.playhead = 30
    assert (ring.ahead, ring.free) == (40, 60)


def test_the_clock_is_read_between_its_steps(ring):
    ring.playhead, ring.player_beat, ring.rate = 1000, 50.0, 44100
    assert ring.sample_at(50.0) == 1000
    assert ring.sample_at(50.01) == 1441


def test_a_child_sees_samples_and_header_and_writes_its_own_fields(ring):
    ring.write(ramp(0, 60))
    code = (
        "import sys; from latentcode.protocol.ringbuffer import Ring; ring = Ring.attach(sys.argv[1]);"
        "print(ring.read(20, 30).sum(), ring.head, ring.channels, ring.frames);"
        "ring.playhead = 40; ring.load = 0.25; ring.voice_peaks[3] = 0.5"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, ring.handle],
        pass_fds=ring.pass_fds,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == [str(ramp(20, 30).sum()), "60", "4", "100"]
    assert (ring.playhead, ring.load, ring.voice_peaks[3]) == (40, 0.25, 0.5)


def test_a_wrong_handle_is_a_plain_error():
    with pytest.raises(AudioError, match="no ring"):
        Ring.attach("987654")


def test_a_reader_during_writing_sees_whole_samples_or_none():
    writer = Ring.create(2, 4096)
    code = (
        "import sys, itertools, numpy as np\n"
        "from latentcode.protocol.ringbuffer import Ring; ring = Ring.attach(sys.argv[1])\n"
        "for block in itertools.count():\n"
        "    ring.write(np.full((256, 2), block, np.float32))\n"
    )
    child = subprocess.Popen([sys.executable, "-c", code, writer.handle], pass_fds=writer.pass_fds)
    read = 0
    while read < 300 or writer.head < 3000 * 256:
        position = max(0, writer.head // 256 * 256 - 256 * 15)
        block = writer.read(position, 256)
        if block is not None:
            read += 1
            assert (block == position // 256).all()
        assert child.poll() is None
    child.kill()
    child.wait()
    writer.close()


def test_playhead_and_beat_are_read_together(ring):
    ring.step(512, 7.5)
    assert ring.stepped() == (512, 7.5)
    assert (ring.playhead, ring.player_beat) == (512, 7.5)
