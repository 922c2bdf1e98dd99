from __future__ import annotations

import numpy as np
import pytest
import soundfile

from latentcode.errors import AudioError
from latentcode.player.recorder import Recorder


def test_a_recording_is_a_float_wav_that_begins_at_its_first_sample(tmp_path):
    reports = []
    path = str(tmp_path / "out.wav")
    recorder = Recorder(path, 48000, lambda *report: reports.append(report))
    sound = np.random.default_rng(1).standard_normal((1000, 2)).astype(np.float32) * 3
    recorder.sink(-40, sound[:30])
    recorder.sink(-10, sound[30:500])
    recorder.sink(460, sound[500:])
    recorder.stop(5.0)
    assert reports == [("recording", path, 0), ("recorded", path, 0, 960)]
    read, rate = soundfile.read(path, dtype="float32")
    assert rate == 48000
    np.testing.assert_array_equal(read, sound[40:])
    assert soundfile.info(path).subtype == "FLOAT"


def test_a_folder_that_is_not_there_is_a_plain_error(tmp_path):
    with pytest.raises(AudioError, match="cannot record to"):
        Recorder(str(tmp_path / "no" / "out.wav"), 44100, print)


def test_what_was_written_can_be_read_before_the_end(tmp_path):
    path = str(tmp_path / "out.wav")
    recorder = Recorder(path, 100, lambda *report: None)
    for first in range(0, 1000, 100):
        recorder.sink(first, np.ones((100, 2), np.float32))
    while not recorder._blocks.empty():
        pass
    assert soundfile.info(path).frames >= 800
    recorder.stop(5.0)
