"""Sounds, gestures, mappings and spaces that claim more than they hold: one sentence, and no memory."""

from __future__ import annotations

import json
import re
import struct
import subprocess
import sys

import numpy as np
import pytest
import soundfile

from latentcode import prior, render
from latentcode.audio import reading as audio
from latentcode.errors import ControlError, EngineError, LatentError, PatternError, SoundError
from latentcode.inputs.mapping import read_mapping
from latentcode.patterns import gestures
from latentcode.prompt.controllers import files as space_files

MEMORY = 700 << 20  # bytes of address space


def wav(path, rate, frames, size=None, channels=1, bits=16):
    """A WAV whose header says so, with zeros behind it."""
    data, align = frames * channels * bits // 8, channels * bits // 8
    form = struct.pack("<IHHIIHH", 16, 1, channels, rate, rate * align & 0xFFFFFFFF, align, bits)
    with path.open("wb") as file:
        head = b"RIFF" + struct.pack("<I", data + 36 & 0xFFFFFFFF) + b"WAVEfmt " + form
        file.write(head + b"data" + struct.pack("<I", data & 0xFFFFFFFF))
        file.truncate(44 + (data if size is None else size))


READING = """
import pathlib, resource, sys, warnings
import soundfile, soxr
from latentcode.cli.info import describe
from latentcode.audio import reading as audio
from latentcode.errors import LatentcodeError
from latentcode.sounds.store import named_path, sound_length
warnings.simplefilter("ignore")
resource.setrlimit(resource.RLIMIT_AS, ({memory},) * 2)
for file in sorted(pathlib.Path(sys.argv[1]).iterdir()):
    for read in (
        lambda: describe(str(file)),
        lambda: audio.read(file, 768000),
        lambda: audio.read(file, 44100),
        lambda: sound_length(named_path(str(file)), 768000),
    ):
        try:
            print(file.name, "was read:", str(read())[:9].split())
        except LatentcodeError as error:
            assert "\\n" not in str(error) and "MemoryError" not in str(error), error
"""


@pytest.mark.skipif(sys.platform != "linux", reason="a limit on memory")
def test_sounds_that_claim_gigabytes(tmp_path):
    wav(tmp_path / "one hertz.wav", 1, 20_000)
    wav(tmp_path / "two gigahertz.wav", 2_000_000_000, 20_000)
    wav(tmp_path / "no rate.aiff.wav", 0, 20_000)
    wav(tmp_path / "forty gigabytes.wav", 44100, 0, 40 << 30)
    wav(tmp_path / "long.wav", 1000, 1 << 20, bits=8)  # at 768 kHz it takes 3.2 GB
    code = READING.format(memory=MEMORY)
    done = subprocess.run([sys.executable, "-c", code, tmp_path], capture_output=True, text=True, timeout=60)
    assert done.stderr == ""
    assert done.returncode == 0
    assert [line.split(" was read")[0] for line in done.stdout.splitlines()] == [
        "long.wav"
    ] * 2  # at 44.1 kHz


def test_what_is_packed_tightly_is_read_and_what_only_claims_to_be_long_is_not_allocated(tmp_path):
    silence = np.zeros(400_000, np.float32)
    soundfile.write(tmp_path / "a.flac", silence, 44100)
    assert (tmp_path / "a.flac").stat().st_size < 40_000
    assert len(audio.read(tmp_path / "a.flac")[0]) == len(silence)


def test_a_sound_of_very_many_channels(tmp_path):
    many = np.tile(np.linspace(-0.5, 0.5, 3000, dtype=np.float32)[:, None], (1, 600))
    soundfile.write(tmp_path / "a.wav", many, 44100, subtype="FLOAT")
    np.testing.assert_allclose(audio.read(tmp_path / "a.wav")[0], many[:, 0], atol=1e-6)


def test_what_a_resampling_would_take_can_be_bounded(monkeypatch):
    sound = np.zeros(20_000, np.float32)
    assert len(audio.resampled(sound, 1000, 44100)) == 882_000
    monkeypatch.setenv("LATENTCODE_MEMORY", "2")
    with pytest.raises(
        SoundError, match=r"882000|20000 samples at 1000 Hz.*LATENTCODE_MEMORY=4 would allow it"
    ):
        audio.resampled(sound, 1000, 44100)


@pytest.mark.parametrize(
    "text",
    [
        'cycles = "1e99999999"\npoints = [[0, 1]]',
        "cycles = 1e400\npoints = [[0, 1]]",
        "points = " + "[" * 200_000,
    ],
)
def test_gestures_that_claim_more(text):
    with pytest.raises(PatternError, match="is no gesture"):
        gestures.understood(f"{gestures.TITLE}\n{text}", "wave.toml")


def test_mappings_that_claim_more(tmp_path):
    (tmp_path / "deep.toml").write_text("a = " + "[" * 20_000)
    with (tmp_path / "long.toml").open("wb") as file:
        file.truncate(40 << 30)
    for name, said in (("deep.toml", "deep.toml"), ("long.toml", "larger than 256 KiB")):
        with pytest.raises(ControlError, match=said):
            read_mapping(tmp_path / name)


def test_spaces_that_claim_more():
    entry = {"dtype": "F64", "shape": [1 << 40, 3], "data_offsets": [0, 24 << 40]}
    about = {"format": space_files.FORMAT, "inputs": "[]", "marks": "[" * 100_000}
    for header in ({"__metadata__": about}, {"__metadata__": {**about, "marks": "[]"}, "places": entry}):
        content = json.dumps(header).encode()
        for size in (len(content), 1 << 62):
            with pytest.raises(ControlError, match="is no space"):
                space_files.marks_of(struct.pack("<Q", size) + content, "moods.safetensors")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"seconds": 80_000}, "80000 s at 44100 Hz would take 26.3 GiB of memory"),
        ({"seconds": 1, "sample_rate": 10**9}, "from 1000 to 768000, not 1000000000"),
        ({"seconds": 1, "sample_rate": 0}, "from 1000 to 768000, not 0"),
        ({"seconds": 1, "sample_rate": 44100.5}, "from 1000 to 768000, not 44100.5"),
    ],
)
def test_more_samples_than_memory_holds(asked, said):
    with pytest.raises(EngineError, match=re.escape(said)):
        render("kick", **asked)


@pytest.mark.parametrize("number", [10**30, -(2**60), 1e30, float(2**62)])
def test_a_place_of_the_prior_that_no_counter_reaches(number):
    with pytest.raises(LatentError, match="numbered up to"):
        prior(number)
