"""Which sounds a model is tried on: folders as they are, and NSynth's layout."""

from __future__ import annotations

import argparse
import json

import numpy as np
import pytest
import soundfile

from latentcode.errors import SoundError
from latentcode.evaluation.command import span
from latentcode.evaluation.recordings import Filter, find

NOTES = {
    "brass_acoustic_001-060-100": ("brass", "acoustic", 60),
    "brass_acoustic_001-072-100": ("brass", "acoustic", 72),
    "bass_synthetic_033-040-050": ("bass", "synthetic", 40),
}


def write(file):
    file.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(file, np.sin(np.arange(8000) / 20).astype(np.float32) * 0.5, 16000)
    return file


@pytest.fixture
def nsynth(tmp_path):
    for name in NOTES:
        write(tmp_path / "audio" / f"{name}.wav")
    table = {
        name: {
            "pitch": pitch, "velocity": 100, "instrument_str": name.rsplit("-", 2)[0],
            "instrument_family_str": family, "instrument_source_str": source,
        }
        for name, (family, source, pitch) in NOTES.items()
    }  # fmt: skip
    (tmp_path / "examples.json").write_text(json.dumps(table))
    return tmp_path


def test_a_folder_says_pitch_and_instrument_by_its_names(tmp_path):
    for name in ("cello/060-112.flac", "flute/flute_c5.wav", "kick.wav", "bell_c4.wav", "0-00446.wav"):
        write(tmp_path / name)
    found = {one.name: (one.instrument, one.pitch) for one in find(tmp_path)}
    assert found == {
        "kick": ("", None), "cello/060-112": ("cello", 60), "flute/flute_c5": ("flute", 72),
        "bell_c4": ("bell", 60), "0-00446": ("", None),
    }  # fmt: skip


def test_a_pitch_has_its_frequency(nsynth):
    assert find(nsynth, Filter(pitch=(60, 60)))[0].frequency == pytest.approx(261.63, abs=0.01)


def test_nsynth_is_read_by_its_table(nsynth):
    found = find(nsynth)
    assert [one.name for one in found] == list(NOTES)
    assert (found[2].family, found[2].source, found[2].pitch, found[2].velocity) == (
        "bass",
        "synthetic",
        40,
        100,
    )


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        (Filter(family="brass"), 2),
        (Filter(family="Brass", pitch=(48, 66)), 1),
        (Filter(source="synthetic"), 1),
        (Filter(instrument="bass_synthetic_033"), 1),
        (Filter(most=2), 2),
        (Filter(most=9), 3),
    ],
)
def test_filters(nsynth, wanted, count):
    assert len(find(nsynth, wanted)) == count


def test_the_same_seed_chooses_the_same_sounds(nsynth):
    assert find(nsynth, Filter(most=2, seed=3)) == find(nsynth, Filter(most=2, seed=3))


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (Filter(family="strings"), "--family strings: there are bass, brass$"),
        (Filter(instrument="brass_acoustic"), "--instrument brass_acoustic: there are brass_acoustic_"),
        (Filter(source="x", pitch=(1, 2)), "--source x: there are .*; --pitch 1-2: they go from 40 to"),
    ],
)
def test_a_filter_that_leaves_nothing_says_what_there_is(nsynth, wanted, said):
    with pytest.raises(SoundError, match=f"none of the 3 sounds is left; {said}"):
        find(nsynth, wanted)


@pytest.mark.parametrize("text", ["{", "[]", '{"a": {"pitch": "x"}}', '{"../a": {"pitch": 60}}', '{"a": 3}'])
def test_a_damaged_table_is_told(tmp_path, text):
    (tmp_path / "examples.json").write_text(text)
    (tmp_path / "examples.json").write_text(text)
    with pytest.raises(SoundError, match="NSynth"):
        find(tmp_path)


def test_a_table_without_its_sounds_is_told(nsynth):
    for file in (nsynth / "audio").iterdir():
        file.unlink()
    with pytest.raises(SoundError, match="names 3 notes, and none of them is in"):
        find(nsynth)


def test_a_note_that_is_missing_is_left_out(nsynth):
    (nsynth / "audio" / "brass_acoustic_001-060-100.wav").unlink()
    assert len(find(nsynth)) == 2


def test_spans_of_pitches():
    assert span("48-72") == (48, 72)
    assert span("60") == (60, 60)
    for text in ("72-48", "c4", "48-", "60-200", ""):
        with pytest.raises(argparse.ArgumentTypeError, match="--pitch 48-72"):
            span(text)
