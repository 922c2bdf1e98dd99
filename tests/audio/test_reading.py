from __future__ import annotations

import struct

import numpy as np
import pytest
import soundfile

from latentcode.audio import decoding
from latentcode.audio import reading as audio
from latentcode.errors import SoundError, SoundWarning


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


def noise(seconds=2.0, rate=44100):
    return np.random.default_rng(0).uniform(-0.5, 0.5, round(seconds * rate)).astype(np.float32)


@pytest.mark.parametrize("suffix", ["flac", "wav", "ogg", "aiff", "mp3", "w64", "rf64", "caf", "au"])
def test_of_a_truncated_file_there_is_what_is_there(tmp_path, suffix):
    whole, cut = tmp_path / f"a.{suffix}", tmp_path / f"b.{suffix}"
    soundfile.write(whole, noise(), 44100, format=suffix.upper())
    data = whole.read_bytes()
    cut.write_bytes(data[: len(data) // 2])
    with pytest.warns(SoundWarning, match=r"b\.\w+ is cut off: the [01]\.\d+ s that are there"):
        samples, _ = audio.read(cut)
    assert 0.2 * 2 * 44100 < len(samples) < 0.55 * 2 * 44100
    expected = audio.read(whole)[0][: len(samples)]
    assert np.mean(np.abs(samples - expected)[: -(1 << 12)]) < 0.01
    assert audio.size(cut) == (len(samples), 44100)


def _wav(content: bytes, riff: int, data: int) -> bytes:
    place = content.index(b"data") + 4
    return (
        content[:4]
        + struct.pack("<I", riff)
        + content[8:place]
        + struct.pack("<I", data)
        + content[place + 4 :]
    )


SIZES = [
    (10**8, 8000),
    (0x7FFFF024, 0x7FFFF000),
    (0x80000024, 0x80000000),
    (2**32 - 1, 2**32 - 1),
    (0, 0),
    (8036, 0),
]


@pytest.mark.parametrize(("riff", "data"), SIZES)
@pytest.mark.parametrize("subtype", ["PCM_16", "PCM_24", "FLOAT"])
def test_a_wav_whose_sizes_lie(tmp_path, recwarn, riff, data, subtype):
    stereo = np.stack([tone(440, 8000), tone(300, 8000)], axis=1)
    soundfile.write(tmp_path / "a.wav", stereo, 8000, subtype=subtype)
    true = audio.read(tmp_path / "a.wav")[0]
    data = data if data != 8000 else len(stereo) * {"PCM_16": 4, "PCM_24": 6, "FLOAT": 8}[subtype]
    (tmp_path / "b.wav").write_bytes(_wav((tmp_path / "a.wav").read_bytes(), riff, data))
    assert np.array_equal(audio.read(tmp_path / "b.wav")[0], true)
    assert audio.size(tmp_path / "b.wav") == (4000, 8000)
    assert not recwarn


PATCHES = {  # format: where its sizes stand (from the name of a chunk on), how they are written
    "aiff": [(b"FORM", 4, ">I"), (b"COMM", 10, ">I"), (b"SSND", 4, ">I")],
    "w64": [(b"riff", 16, "<Q"), (b"data\xf3\xac", 16, "<Q")],
    "rf64": [(b"ds64", 8, "<Q"), (b"ds64", 16, "<Q"), (b"ds64", 24, "<Q")],
    "caf": [(b"data", 4, ">Q")],
    "au": [(b".snd", 8, ">I")],
}


@pytest.mark.parametrize("suffix", PATCHES)
@pytest.mark.parametrize("value", [0, -1])
def test_streamed_files_of_other_formats(tmp_path, recwarn, suffix, value):
    soundfile.write(tmp_path / "a", tone(440, 8000), 8000, format=suffix.upper(), subtype="PCM_16")
    content = bytearray((tmp_path / "a").read_bytes())
    for name, offset, kind in PATCHES[suffix]:
        place, size = content.index(name) + offset, struct.calcsize(kind)
        content[place : place + size] = (value % (1 << 8 * size)).to_bytes(size, "little")
    (tmp_path / f"b.{suffix}").write_bytes(content)
    assert audio.size(tmp_path / f"b.{suffix}") == (4000, 8000)
    assert np.array_equal(audio.read(tmp_path / f"b.{suffix}")[0], audio.read(tmp_path / "a")[0])
    assert not recwarn


def test_what_is_empty_stays_empty(tmp_path):
    soundfile.write(tmp_path / "a.wav", np.zeros(0, np.float32), 8000)
    (tmp_path / "b.wav").write_bytes((tmp_path / "a.wav").read_bytes() + b"LIST\4\0\0\0abcd")
    with pytest.raises(SoundError, match="no samples"):
        audio.read(tmp_path / "b.wav")


def test_one_wild_sample_does_not_silence_the_others(tmp_path):
    good = tone(440, 8000)
    wild = good.copy()
    wild[100] = 1e29
    soundfile.write(tmp_path / "a.wav", wild, 8000, subtype="FLOAT")
    with pytest.warns(SoundWarning, match="1 samples far beyond full scale"):
        samples = audio.read(tmp_path / "a.wav")[0]
    good[100] = 0
    assert np.array_equal(samples, good)


@pytest.mark.parametrize("scale", [2.0**15, 2.0**23, 2.0**31, 3e30])
def test_floats_in_the_scale_of_whole_numbers(tmp_path, scale):
    quiet = np.concatenate([np.zeros(40000, np.float32), tone(440, 8000)])
    soundfile.write(tmp_path / "a.wav", quiet * np.float32(scale), 8000, subtype="FLOAT")
    with pytest.warns(SoundWarning, match="full scale"):
        samples = audio.read(tmp_path / "a.wav")[0]
    expected = quiet if scale < 1e30 else quiet * 2
    np.testing.assert_allclose(samples, expected, atol=1e-5)


def test_hot_floats_are_left_alone(tmp_path, recwarn):
    soundfile.write(tmp_path / "a.wav", 8 * tone(440, 8000), 8000, subtype="FLOAT")
    assert np.array_equal(audio.read(tmp_path / "a.wav")[0], 8 * tone(440, 8000))
    assert not recwarn


@pytest.mark.parametrize("sides", [(0.9, -0.9), (0.5, -0.51), (-0.9, 0.9)])
def test_counter_phase_takes_one_side(tmp_path, sides):
    stereo = np.stack([gain * tone(440, 8000) for gain in sides], axis=1)
    soundfile.write(tmp_path / "a.wav", stereo, 8000, subtype="FLOAT")
    with pytest.warns(SoundWarning, match="cancel each other out"):
        samples = audio.read(tmp_path / "a.wav")[0]
    assert np.abs(samples).max() == pytest.approx(max(map(abs, sides)) / 2, rel=0.01)


def test_wide_stereo_and_silence_are_averaged(tmp_path, recwarn):
    for number, (left, right) in enumerate([(1.0, -0.8), (0.0, 0.0)]):
        stereo = np.stack([left * tone(440, 8000), right * tone(440, 8000)], axis=1)
        soundfile.write(tmp_path / f"{number}.wav", stereo, 8000, subtype="FLOAT")
        np.testing.assert_allclose(audio.read(tmp_path / f"{number}.wav")[0], stereo.mean(axis=1), atol=1e-7)
    assert not recwarn


def test_long_sounds_are_read_and_resampled_in_pieces(tmp_path, monkeypatch):
    long = noise(3.0, 96000)
    soundfile.write(tmp_path / "a.wav", np.stack([long, long], axis=1), 96000, subtype="FLOAT")
    whole = audio.read(tmp_path / "a.wav", 44100)[0]
    monkeypatch.setattr(decoding, "BLOCK", 1000)
    monkeypatch.setattr(audio, "RESAMPLED", 1 << 14)
    assert np.array_equal(audio.read(tmp_path / "a.wav", 44100)[0], whole)
    monkeypatch.setenv("LATENTCODE_MEMORY", "1")
    with pytest.raises(SoundError, match="too long"):
        audio.read(tmp_path / "a.wav")


def test_an_impossible_rate(tmp_path):
    soundfile.write(tmp_path / "a.wav", tone(440, 8000), 8000)
    with pytest.raises(SoundError, match="0 Hz"):
        audio.read(tmp_path / "a.wav", 0)
