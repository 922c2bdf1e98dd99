from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import soundfile

from latentcode import cli
from latentcode.errors import SoundError
from latentcode.models.corpus import fonts, nsynth

FONT = next((Path(place) for place in fonts.SOUNDFONTS if Path(place).is_file()), None)
needs_a_font = pytest.mark.skipif(
    not (shutil.which("fluidsynth") and FONT), reason="needs fluidsynth and FluidR3"
)
FEW = ("--instrument", "cello", "marimba", "--pitch", "48-60", "--step", "12", "--velocity", "50", "100")


def tone(hz: float, seconds: float, t60: float) -> np.ndarray:
    t = np.arange(round(seconds * fonts.RATE)) / fonts.RATE
    return (np.sin(2 * np.pi * hz * t) * 10 ** (-3 * t / t60)).astype(np.float32)


def test_every_instrument_has_a_family_and_a_source_of_nsynth():
    assert {voice.family for voice in fonts.VOICES} <= set(nsynth.FAMILIES)
    assert {voice.source for voice in fonts.VOICES} <= set(nsynth.SOURCES)
    assert len({voice.name for voice in fonts.VOICES}) == len(fonts.VOICES)


def test_notes_are_chosen_by_family_source_name_pitch_and_velocity():
    wanted = nsynth.Wanted(families=("brass",), pitches=range(60, 73), step=4, velocities=(100,))
    chosen = {voice.name: wanted.notes(voice) for voice in fonts.VOICES if wanted.notes(voice)}
    assert {"trumpet", "horn"} <= set(chosen)
    assert "cello" not in chosen
    assert chosen["trumpet"] == [(pitch, 100) for pitch in (60, 64, 68, 72)]
    assert not nsynth.Wanted(sources=("synthetic",)).notes(fonts.VOICES[0])
    with pytest.raises(SoundError, match="no instrument called 'celo'; there are cello, violin"):
        nsynth.Wanted(instruments=("celo",))


def test_qualities_that_can_be_measured():
    assert {"percussive", "fast_decay"} <= nsynth.qualities(tone(880, 4, 0.6), 3)
    assert nsynth.qualities(tone(880, 4, 1e6), 3) == {"long_release"}
    assert "bright" in nsynth.qualities(tone(5000, 4, 3), 3)
    assert "dark" in nsynth.qualities(tone(110, 4, 3), 3)
    assert nsynth.qualities(np.zeros(1000, np.float32), 3) == set()


@pytest.mark.parametrize("text", ["x", "72-48", "-1", "0-200", ""])
def test_pitches_that_are_none(text, capsys):
    assert list(nsynth.pitches("48-50")) == [48, 49, 50]
    assert list(nsynth.pitches("60")) == [60]
    with pytest.raises(SystemExit):
        cli.main(["dataset", "out", f"--pitch={text}"])
    assert "type 48-72" in capsys.readouterr().err


def test_a_data_set_that_is_there_stays(tmp_path, capsys):
    font = tmp_path / "font.sf2"
    font.touch()
    (tmp_path / "set" / "audio").mkdir(parents=True)
    assert cli.main(["dataset", str(tmp_path / "set"), "--soundfont", str(font), *FEW]) == 1
    assert "replace it with --force" in capsys.readouterr().err
    assert cli.main(["dataset", str(tmp_path / "set"), "--soundfont", str(tmp_path / "none.sf2")]) == 1
    assert "no sound font at" in capsys.readouterr().err


@needs_a_font
def test_a_data_set_has_the_layout_of_nsynth(tmp_path):
    pytest.importorskip("mido")
    out = tmp_path / "set"
    assert cli.main(["dataset", str(out), "--seconds", "2", *FEW]) == 0
    examples = json.loads((out / "examples.json").read_text())
    assert sorted(examples) == sorted(file.stem for file in (out / "audio").glob("*.wav"))
    assert len(examples) == 8
    for name, example in examples.items():
        assert example["note_str"] == name
        assert name == f"{example['instrument_str']}-{example['pitch']:03d}-{example['velocity']:03d}"
        assert example["instrument_family_str"] == nsynth.FAMILIES[example["instrument_family"]]
        assert example["instrument_source_str"] == "acoustic"
        assert len(example["qualities"]) == 10
        assert sum(example["qualities"]) == len(example["qualities_str"])
        samples, rate = soundfile.read(out / "audio" / f"{name}.wav")
        assert (rate, len(samples), samples.ndim) == (example["sample_rate"], 32000, 1)
        assert np.abs(samples).max() > 0.005
    assert len({example["note"] for example in examples.values()}) == 8
    louder = [name for name in examples if name.endswith("-100")]
    for name in louder:
        levels = [soundfile.read(out / "audio" / f"{name[:-3]}{v}.wav")[0].std() for v in ("050", "100")]
        assert levels[0] < levels[1]
    assert cli.main(["dataset", str(out), *FEW, "--rate", "22050", "--seconds", "1", "--force"]) == 0
    assert {soundfile.info(file).samplerate for file in (out / "audio").glob("*.wav")} == {22050}
