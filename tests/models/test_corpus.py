from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from latentcode.errors import SoundError
from latentcode.models import corpus, soundset
from latentcode.sounds import library as sounds


def test_a_sixth_of_the_pitches_is_held_out_and_no_drum():
    held_out = [(v, pitch) for v in corpus.VOICES for pitch in v.pitches if corpus.is_held_out(v, pitch)]
    pitched = sum(len(voice.pitches) for voice in corpus.VOICES if not voice.drums)
    assert len(held_out) / pitched == pytest.approx(1 / 6, abs=0.02)
    assert not any(voice.drums for voice, _ in held_out)


def test_a_missing_sound_font_says_what_to_install(tmp_path):
    with pytest.raises(SoundError, match="fluid-soundfont-gm"):
        corpus.find_soundfont(tmp_path / "none.sf2")


def test_silence_is_trimmed_and_peaks_are_set():
    note = np.concatenate([np.zeros(100), np.full(50, 0.25), np.full(100, 1e-6)]).astype(np.float32)
    trimmed = corpus.trimmed(note)
    assert len(trimmed) == 50
    assert np.abs(corpus.peak_normalised(trimmed, -6.0)).max() == pytest.approx(0.501, abs=1e-3)
    assert len(corpus.trimmed(np.zeros(10, np.float32))) == 0


def test_every_built_in_sound_can_be_made_again():
    assert set(sounds.names()) == set(soundset.MELODIC) | set(soundset.DRUMS)
    for name, (_, pitches) in soundset.MELODIC.items():
        assert tuple(sounds.find(name, n).pitch for n in range(len(pitches))) == pitches


def test_a_built_in_sound_ends_in_silence():
    faded = soundset.faded(np.ones(10_000, np.float32))
    assert faded[0] == 1
    assert faded[-1] == 0


@pytest.mark.skipif(
    not (shutil.which("fluidsynth") and Path(corpus.SOUNDFONTS[0]).exists()),
    reason="needs fluidsynth and FluidR3",
)
def test_notes_are_rendered_at_their_pitch():
    pytest.importorskip("mido")
    flute = corpus.Instrument("flute", 73, 69, 81)
    notes = corpus.render_notes(flute, [(69, 100), (81, 100)], Path(corpus.SOUNDFONTS[0]))
    for samples, hertz in zip(notes, (440.0, 880.0), strict=True):
        part = samples[22050 : 22050 + 16384]
        spectrum = np.abs(np.fft.rfft(part * np.hanning(len(part))))
        found = np.argmax(spectrum * (np.arange(len(spectrum)) > 50)) * corpus.RATE / len(part)
        assert found == pytest.approx(hertz, rel=0.02) or found == pytest.approx(2 * hertz, rel=0.02)
