"""A device with four outputs: voices on the second pair, the main pair in the recording."""

from __future__ import annotations

import subprocess

import numpy as np
import soundfile
from helpers.jack_server import private_jack
from helpers.player_process import PlayerProcess

from latentcode.protocol.ringbuffer import CHANNELS


def test_a_voice_goes_to_the_second_pair_of_four_outputs(session, on_jack, tmp_path):
    with private_jack(outputs=4) as jack:
        on_jack(jack)
        one = session(seconds=8)
        levels = np.zeros(CHANNELS, np.float32)
        levels[:4] = (0.1, 0.2, 0.3, 0.4)
        one.supply(lambda first, last: np.tile(levels, (last - first, 1)))
        assert one.start()[5] == 4
        connected = jack.ports("-c")
        assert all(f"system:playback_{n}" in connected for n in (1, 2, 3, 4))
        assert "latentcode:output_4" in connected
        one.send("out", 0, 1, 1)
        one.record()
        one.play_until(one.ring.playhead + 20000)
        path = tmp_path / "outside.wav"
        ports = [f"latentcode:output_{n}" for n in (1, 2, 3, 4)]
        subprocess.run(
            ["jack_rec", "-f", str(path), "-d", "1", "-b", "32", *ports],
            env=jack.environment,
            capture_output=True,
            check=True,
        )
        _, heard = one.recorded()
    outside = soundfile.read(path, dtype="float32")[0]
    np.testing.assert_allclose(outside[len(outside) // 2], [0.1, 0.2, 0.3, 0.4], atol=1e-6)
    np.testing.assert_allclose(heard[-1], [0.1, 0.2], atol=1e-6)
    assert np.abs(np.diff(heard[:, 0])).max() < 0.002


def test_no_more_outputs_are_opened_than_are_wanted(session: PlayerProcess, on_jack):
    with private_jack(outputs=6) as jack:
        on_jack(jack)
        one = session("--outputs", "3")
        assert one.start()[5] == 2
        assert "latentcode:output_3" not in jack.ports()
