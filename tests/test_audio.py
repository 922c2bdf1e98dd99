from __future__ import annotations

import numpy as np
import pytest
import soundfile

from latentcode import audio
from latentcode.errors import SoundError


def tone(hertz, rate, seconds=0.5):
    return (0.5 * np.sin(2 * np.pi * hertz * np.arange(int(rate * seconds)) / rate)).astype(np.float32)


@pytest.mark.parametrize(
    ("suffix", "subtype"), [("wav", "FLOAT"), ("wav", "PCM_24"), ("flac", "PCM_16"), ("aiff", "PCM_16")]
)
def test_formats(tmp_path, suffix, subtype):
    soundfile.write(tmp_path / f"a.{suffix}", tone(440, 22050), 22050, subtype=subtype)
    samples, rate = audio.read(tmp_path / f"a.{suffix}")
    assert rate == 22050
    assert samples.dtype == np.float32
    np.testing.assert_allclose(samples, tone(440, 22050), atol=1e-4)


@pytest.mark.parametrize("suffix", ["ogg", "mp3"])
def test_lossy_formats(tmp_path, suffix):
    soundfile.write(tmp_path / f"a.{suffix}", tone(440, 44100), 44100)
    samples, rate = audio.read(tmp_path / f"a.{suffix}")
    assert rate == 44100
    assert np.abs(samples).max() == pytest.approx(0.5, abs=0.1)


def test_channels_are_averaged(tmp_path):
    left, right = tone(440, 8000), tone(300, 8000)
    soundfile.write(tmp_path / "a.wav", np.stack([left, right], axis=1), 8000, subtype="FLOAT")
    np.testing.assert_allclose(audio.read(tmp_path / "a.wav")[0], (left + right) / 2, atol=1e-6)


@pytest.mark.parametrize(("rate", "wanted"), [(48000, 44100), (22050, 44100), (44100, 16000)])
def test_resampling_keeps_pitch_and_length(tmp_path, rate, wanted):
    soundfile.write(tmp_path / "a.wav", tone(440, rate), rate, subtype="FLOAT")
    samples, got = audio.read(str(tmp_path / "a.wav"), wanted)
    assert got == wanted
    expected = tone(440, wanted)
    assert abs(len(samples) - len(expected)) <= 1
    np.testing.assert_allclose(samples[2000:5000], expected[2000:5000], atol=1e-3)


def test_no_resampling_when_the_rate_is_right(tmp_path):
    soundfile.write(tmp_path / "a.wav", tone(440, 8000), 8000, subtype="FLOAT")
    assert np.array_equal(audio.read(tmp_path / "a.wav", 8000)[0], tone(440, 8000))


def test_the_digest_is_of_the_content(tmp_path):
    (tmp_path / "a").write_bytes(b"one")
    (tmp_path / "b").write_bytes(b"one")
    (tmp_path / "c").write_bytes(b"two")
    assert audio.digest(tmp_path / "a") == audio.digest(tmp_path / "b") != audio.digest(tmp_path / "c")


@pytest.mark.parametrize("content", [b"hello", b"RIFF\xff\xff\xff\xffWAVEfmt ", bytes(1000)])
def test_foreign_files(tmp_path, content):
    (tmp_path / "a.wav").write_bytes(content)
    with pytest.raises(SoundError, match=r"a\.wav") as caught:
        audio.read(tmp_path / "a.wav")
    assert "\n" not in str(caught.value)


def test_missing_empty_and_folders(tmp_path):
    with pytest.raises(SoundError, match="no sound at"):
        audio.read(tmp_path / "none.wav")
    with pytest.raises(SoundError, match="folder"):
        audio.read(tmp_path)
    (tmp_path / "a.wav").touch()
    with pytest.raises(SoundError, match="empty"):
        audio.read(tmp_path / "a.wav")
    with pytest.raises(SoundError, match="no sound at"):
        audio.digest(tmp_path / "none.wav")


def test_a_sound_without_samples(tmp_path):
    soundfile.write(tmp_path / "a.wav", np.zeros(0, np.float32), 8000)
    with pytest.raises(SoundError, match="no samples"):
        audio.read(tmp_path / "a.wav")


def test_numbers_that_are_no_samples(tmp_path):
    soundfile.write(tmp_path / "a.wav", np.array([0, np.nan, 1], np.float32), 8000, subtype="FLOAT")
    with pytest.raises(SoundError, match="not numbers"):
        audio.read(tmp_path / "a.wav")


@pytest.mark.parametrize("suffix", ["flac", "wav", "ogg", "aiff", "mp3"])
def test_truncated_files(tmp_path, suffix):
    rate = 44100
    noise = np.random.default_rng(0).uniform(-0.5, 0.5, 2 * rate).astype(np.float32)
    soundfile.write(tmp_path / f"a.{suffix}", noise, rate)
    data = (tmp_path / f"a.{suffix}").read_bytes()
    (tmp_path / f"a.{suffix}").write_bytes(data[: len(data) // 2])
    with pytest.raises(SoundError, match=r"cut off|lost sync"):
        audio.read(tmp_path / f"a.{suffix}")


def test_a_recording_whose_length_was_never_written(tmp_path):
    soundfile.write(tmp_path / "a.wav", tone(440, 8000), 8000, subtype="FLOAT")
    data = bytearray((tmp_path / "a.wav").read_bytes())
    data[4:8] = b"\xff\xff\xff\xff"
    (tmp_path / "a.wav").write_bytes(data)
    assert len(audio.read(tmp_path / "a.wav")[0]) == 4000


def test_an_impossible_rate(tmp_path):
    soundfile.write(tmp_path / "a.wav", tone(440, 8000), 8000)
    with pytest.raises(SoundError, match="0 Hz"):
        audio.read(tmp_path / "a.wav", 0)
