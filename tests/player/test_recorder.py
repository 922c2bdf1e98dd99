from __future__ import annotations

from contextlib import suppress

import numpy as np
import pytest
import soundfile
from helpers.waiting import until

from latentcode.errors import AudioError
from latentcode.player.recorder import Recorder, _header


def test_a_recording_is_a_float_wav_that_begins_at_its_first_sample(tmp_path):
    reports = []
    path = str(tmp_path / "out.wav")
    recorder = Recorder(path, 48000, lambda *report: reports.append(report))
    sound = np.random.default_rng(1).standard_normal((1000, 2)).astype(np.float32) * 3
    recorder.sink(-40, sound[:30])
    recorder.sink(-10, sound[30:500])
    recorder.sink(460, sound[500:])
    recorder.stop(30.0)
    assert reports == [("recording", path, 0), ("recorded", path, 0, 960)]
    read, rate = soundfile.read(path, dtype="float32")
    assert rate == 48000
    np.testing.assert_array_equal(read, sound[40:])
    assert soundfile.info(path).subtype == "FLOAT"


def test_a_folder_that_is_not_there_is_a_plain_error(tmp_path):
    with pytest.raises(AudioError, match="cannot record to"):
        Recorder(str(tmp_path / "no" / "out.wav"), 44100, print)


@pytest.mark.parametrize("frames", [1000, 1 << 28, 1 << 29, 1 << 32])
def test_a_recording_may_be_of_any_length(tmp_path, frames):
    path = tmp_path / "long.wav"
    header = _header(44100, frames)
    with path.open("wb") as file:  # hours of silence, which take no place on the disk
        file.write(header)
        file.seek(len(header) + 8 * (frames - 1))
        file.write(np.full(2, 0.5, "<f4").tobytes())
    with soundfile.SoundFile(path) as sound:
        assert (sound.frames, sound.samplerate, sound.channels) == (frames, 44100, 2)
        sound.seek(frames - 1)
        assert np.array_equal(sound.read(), [[0.5, 0.5]])


def test_what_was_written_can_be_read_before_the_end(tmp_path):
    path = str(tmp_path / "out.wav")
    recorder = Recorder(path, 100, lambda *report: None)
    for first in range(0, 1000, 100):
        recorder.sink(first, np.ones((100, 2), np.float32))
    until(lambda: _frames(path) == 1000)  # whoever dies has written all of it
    recorder.stop(30.0)


def _frames(path):
    """0 while the recorder's thread has not begun, or is in the header."""
    with suppress(soundfile.LibsndfileError):
        return soundfile.info(path).frames
    return 0
