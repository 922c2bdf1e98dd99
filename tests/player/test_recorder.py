from __future__ import annotations

import sys
from contextlib import suppress

import numpy as np
import pytest
import soundfile
from helpers.waiting import until

from latentcode.errors import AudioError
from latentcode.player.mixer import Mixer
from latentcode.player.recorder import Recorder, _header
from latentcode.player.stems import Stems


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


def test_nothing_is_written_that_is_not_settled_nor_before_the_set_begins(tmp_path):
    settled, reports = [250], []
    recorder = Recorder(
        str(tmp_path / "out.wav"), 100, lambda *report: reports.append(report),
        settled=lambda: settled[0], begun=lambda: 30,
    )  # fmt: skip
    for first in range(0, 1000, 100):
        recorder.sink(first, np.full((100, 2), first, np.float32))
    until(lambda: _frames(tmp_path / "out.wav"))
    assert reports == [("recording", str(tmp_path / "out.wav"), 30)]
    settled[0] = 700
    recorder.cut()
    recorder.stop(30.0)
    sound, _ = soundfile.read(tmp_path / "out.wav")
    np.testing.assert_array_equal(sound[:, 0], np.repeat(np.arange(0, 700, 100), 100)[30:])


def test_a_flac_file_can_be_read_whole_while_it_is_written_as_by_who_finds_it_after_a_crash(tmp_path):
    path, sound = (
        tmp_path / "out.flac",
        np.random.default_rng(1).uniform(-1, 1, (30000, 2)).astype(np.float32),
    )
    recorder = Recorder(str(path), 44100, lambda *report: None)
    for first in range(0, 30000, 300):
        recorder.sink(first, sound[first : first + 300])
    until(lambda: _frames(path) >= 24576)  # whole blocks of what was written
    there = soundfile.read(path, dtype="float32")[0]
    np.testing.assert_allclose(there, sound[: len(there)], atol=2**-23)
    recorder.stop(30.0)
    np.testing.assert_allclose(soundfile.read(path, dtype="float32")[0], sound, atol=2**-23)
    assert soundfile.info(path).subtype == "PCM_24"


class _Graph:
    """Sixteen voices of a buffer of 100, as stems see them."""

    headroom = np.float32(0.5)

    def __init__(self):
        self.block = np.zeros((32, 100), np.float32)

    def to_faders(self):
        return self.block, np.ones(100, np.float32)


@pytest.mark.parametrize("suffix", [".wav", ".flac"])
def test_voices_are_recorded_beside_the_mix_in_step_with_it_once_they_sound(tmp_path, suffix):
    stems, graph, mixer = Stems(1000), _Graph(), Mixer()
    recorder = Recorder(str(tmp_path / f"take{suffix}"), 1000, lambda *report: None, stems=stems)
    mixer.gains[4] = 0.5
    latency, heard = 10, []
    for position in range(500, 2500, 100):
        graph.block[8:10] = position / 5000 if position >= 1200 else 0.0
        graph.block[:2] = 0.1
        stems.tap(position, graph, mixer)
        heard.append(graph.block[[0, 1]] * 0.5 + graph.block[[8, 9]] * 0.25)
        recorder.sink(position - latency, heard[-1].T)
    recorder.stop(30.0)
    assert sorted(file.name for file in tmp_path.iterdir()) == [
        f"take{one}{suffix}" for one in ("-d1", "-d5", "")
    ]
    mix, first, fifth = (soundfile.read(tmp_path / f"take{one}{suffix}")[0] for one in ("", "-d1", "-d5"))
    assert len(mix) == len(first) == len(fifth) == 1990  # from the first buffer of the voices on
    assert not fifth[: 1200 - 500].any()
    np.testing.assert_allclose(
        fifth[1200 - 500 :, 0], np.repeat(np.arange(1200, 2500, 100) / 20000, 100)[:1290], atol=1e-6
    )
    np.testing.assert_allclose(first + fifth, np.concatenate(heard, axis=1).T[:1990], atol=1e-6)


def test_a_recording_of_all_outputs_has_them_all_and_goes_on_where_there_are_fewer(tmp_path):
    recorder = Recorder(str(tmp_path / "four.flac"), 1000, lambda *report: None, channels=4)
    recorder.sink(0, np.full((100, 4), 0.5, np.float32))
    recorder.sink(100, np.full((100, 2), 0.25, np.float32))
    recorder.stop(30.0)
    sound, _ = soundfile.read(tmp_path / "four.flac")
    assert sound.shape == (200, 4)
    assert sound[50].tolist() == [0.5] * 4
    assert sound[150].tolist() == [0.25, 0.25, 0, 0]


@pytest.mark.skipif(sys.platform != "linux", reason="a disk that is always full")
def test_a_disk_that_is_full_ends_a_recording_with_a_sentence(tmp_path):
    reports = []
    recorder = Recorder("/dev/full", 44100, lambda *report: reports.append(report))
    recorder.sink(0, np.ones((5000, 2), np.float32))
    recorder.stop(30.0)
    assert reports[-2][0] == "error"
    assert "/dev/full ends here: No space left" in reports[-2][1]
