from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from latentcode.audio import reading as audio
from latentcode.errors import SoundError
from latentcode.latents.sustain import find_loop
from latentcode.sounds import library as sounds


def test_enough_names_for_a_set():
    melodic = [name for name in sounds.names() if sounds.find(name).pitch is not None]
    assert len(melodic) >= 16
    assert {"kick", "snare", "hat", "openhat", "clap", "rim", "tom", "crash", "ride", "cowbell"} <= set(
        sounds.names()
    )
    assert {"cello", "choir", "flute", "violin", "piano", "voice", "strings"} <= set(melodic)


@pytest.mark.parametrize("name", sounds.names())
def test_every_sound_is_there_and_as_loud_as_the_others(name):
    first = sounds.find(name, 0)
    samples, rate = audio.read(first.file)
    assert rate == 44100
    assert 20 * np.log10(np.abs(samples).max()) == pytest.approx(-3, abs=1.5)


def test_a_name_alone_is_the_middle_pitch():
    pitches = [sounds.find("cello", n).pitch for n in range(5)]
    assert pitches == sorted(pitches)
    assert sounds.find("cello").pitch == pitches[2]


def test_a_number_counts_from_the_lowest_and_wraps():
    assert sounds.find("cello:1") == sounds.find("cello", 1)
    assert sounds.find("cello:1", 3) == sounds.find("cello", 3)
    assert sounds.find("cello", 5) == sounds.find("cello", 0)
    assert sounds.find("cello", -1) == sounds.find("cello", 4)


def test_what_a_sound_is_called_finds_it_again():
    for name in sounds.names():
        sound = sounds.find(name)
        assert sounds.find(sound.name) == sound


def test_drums_have_no_pitch():
    assert sounds.find("kick").pitch is None
    assert sounds.find("kick") == sounds.find("kick", 0)
    assert sounds.nearest("kick", 60) == sounds.find("kick")


@pytest.mark.parametrize("pitch", [0, 47, 60.4, 127])
def test_nearest(pitch):
    found = sounds.nearest("flute", pitch)
    distances = [abs(sounds.find("flute", n).pitch - pitch) for n in range(5)]
    assert abs(found.pitch - pitch) == min(distances)


def test_paths(tmp_path):
    for name in ("b.wav", "a.WAV", "c.txt"):
        (tmp_path / name).write_bytes(b"x")
    assert sounds.find(tmp_path / "b.wav").file == tmp_path / "b.wav"
    assert sounds.find(tmp_path).file.name == "a.WAV"
    assert sounds.find(f"{tmp_path}:1").file.name == "b.wav"
    assert sounds.find(tmp_path, 2).file.name == "a.WAV"
    assert sounds.find(tmp_path).pitch is None


def test_a_file_whose_name_has_a_colon(tmp_path):
    (tmp_path / "take:2").write_bytes(b"x")
    assert sounds.find(tmp_path / "take:2").file == tmp_path / "take:2"


def test_unknown_names_say_what_is_near(tmp_path):
    with pytest.raises(SoundError, match="did you mean cello"):
        sounds.find("celo")
    with pytest.raises(SoundError, match="did you mean flute"):
        sounds.find("Flute:3")
    with pytest.raises(SoundError, match="there are"):
        sounds.find("qqq")
    with pytest.raises(SoundError, match="no sound at"):
        sounds.find(tmp_path / "none.wav")
    with pytest.raises(SoundError, match="no sounds in"):
        sounds.find(tmp_path)
    with pytest.raises(SoundError, match="did you mean"):
        sounds.nearest("celo", 60)


def test_finding_loads_neither_torch_nor_soundfile():
    code = "import sys; from latentcode import sounds; sounds.find('cello'); "
    code += "print([name for name in ('torch', 'soundfile', 'soxr') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_what_is_made_comes_after_what_a_musician_calls_so(tmp_path, monkeypatch):
    assert sounds.find("rain").file.is_relative_to(sounds.MADE)
    assert sounds.find("bd") == sounds.find("kick")
    assert sounds.in_pitches("supersaw")
    assert sounds.nearest("sawtooth", 60).pitch == 60
    for name in ("rain", "bd", "supersaw", "kick"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "own.wav").write_bytes(b"x")
    monkeypatch.setenv("LATENTCODE_SOUNDS", str(tmp_path))
    for name in ("rain", "bd", "supersaw"):
        assert sounds.find(name).file == tmp_path / name / "own.wav"
        assert not sounds.in_pitches(name)
        assert sounds.nearest(name, 60).file == tmp_path / name / "own.wav"
    assert sounds.find("kick").file.is_relative_to(sounds.FOLDER)


def test_habits_are_names_of_one_drum_among_its_kind():
    assert [sounds.find(name).index for name in ("lt", "mt", "ht")] == [0, 1, 2]
    assert sounds.find("808lt").name == "tom808:0"
    assert sounds.find("bd:1") == sounds.find("kick:1") == sounds.find("bd", 1)
    assert sounds.known("808") is None


@pytest.mark.parametrize("name", sorted({"rain", "noise", "vinyl", "saw", "supersaw", "pad"}))
def test_what_is_made_without_an_end_has_a_loop(name):
    sound = sounds.find(name)
    assert sounds.sustains(sound.file)
    samples, rate = audio.read(sound.file)
    assert find_loop(samples, 1024, rate) is not None
