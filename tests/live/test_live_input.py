"""A tone that another program plays in, over jackd: heard, recorded, and heard again to the sample."""

from __future__ import annotations

import subprocess

import numpy as np
import pytest
import soundfile
from helpers.exports import export
from helpers.jack_hands import played_into, playing_into
from helpers.live_set import DeskSet, heard_again, rendered
from helpers.waiting import until

from latentcode.session.journal import read_session
from latentcode.session.records import Delayed, Listening

pytest.importorskip("jack")
pytestmark = pytest.mark.timeout(600)

RATE = 44100


def sliding(seconds):
    """A tone that goes up by an octave in each quarter of a second: no frame is like the one before."""
    octaves = np.arange(round(seconds * RATE)) * 4 / RATE % 3
    return 0.3 * np.sin(2 * np.pi * np.cumsum(110 * 2**octaves) / RATE)


def test_what_comes_in_renders_to_the_samples_that_were_heard_whatever_the_buffers(
    jack, own_folders, tmp_path, model_file, monkeypatch
):
    monkeypatch.setenv("LATENTCODE_TRUST", "1")
    plain = str(export(tmp_path))
    live = DeskSet(tmp_path, model_file)
    live.block('d2 >> s("kick*4")')
    until(lambda: "latentcode:output_1" in jack.ports(), 60, lambda: live.messages)
    for tool, port in (("jack_connect", "system:playback_2"), ("jack_disconnect", "system:playback_1")):
        subprocess.run([tool, "latentcode:output_1", port], env=jack.environment, check=True)
    tone = np.zeros(RATE // 2, np.float32)
    tone[8000:14000] = 0.3 * np.sin(2 * np.pi * 440 * np.arange(6000) / RATE)
    with heard_again(live, tmp_path / "heard.wav", least=0.5):
        live.block("d1 >> live_in(1)")  # inputs are opened while the kick goes on
        patched = jack.ports("-c", "latentcode:output_1").split()[1:]
        live.block("bpm(300); loop = looper(1); d4 >> loop.record()")
        live.block(f"d5 >> live_in(1).encoded_by({plain!r}).gain(.5)")  # followed from block to block
        played_into(jack, tone, tmp_path)
        live.block('d1 >> meso(live_in(1), path("cello"), .5)')
        live.block("loop.overdub(); loop.half()")
        live.block("d3 >> live_in(8)")  # there is none
        live.play_on(0.5)
        with playing_into(jack, sliding(20.0), tmp_path):
            for period, lead in ((2048, 80), (512, 100), (256, 120)):
                live.block(f"lead({lead})")
                live.play_on(0.3)
                jack.set_period(period)
            live.play_on(0.5)
        refused = [message for message in live.messages if message[0] == "refused"]
        live.messages = [message for message in live.messages if message not in refused]
    assert "has 2 inputs" in str(refused)
    assert patched == ["system:playback_2"]  # as it was connected by hand, under the name that patchbays know
    session = read_session(live.journal)
    recorded = session.of(Listening)[0]
    came_in, _ = soundfile.read(tmp_path / recorded.file)
    assert np.abs(came_in).max() == pytest.approx(0.3, abs=0.001)
    assert session.of(Delayed)
    (tmp_path / recorded.file).unlink()
    assert np.abs(rendered(live.journal)).max() > 0  # the rest plays all the same
