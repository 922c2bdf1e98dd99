from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import soundfile

from latentcode.errors import SoundError
from latentcode.models import soundset
from latentcode.models.corpus import __main__ as corpus
from latentcode.models.corpus import fonts, parts, waves
from latentcode.models.corpus.drums import DRUMS
from latentcode.models.corpus.synths import SYNTHS
from latentcode.models.corpus.textures import TEXTURES
from latentcode.sounds import library as sounds

RATE = waves.RATE
MADE = ("electronic", "textures")  # what needs no other program
FONT = next((Path(place) for place in fonts.SOUNDFONTS if Path(place).is_file()), None)
needs_a_font = pytest.mark.skipif(
    not (shutil.which("fluidsynth") and FONT), reason="needs fluidsynth and FluidR3"
)


def decay(samples: np.ndarray, db: float = 40.0) -> float:
    """Seconds until the level of 5 ms is so far below the highest, for the last time."""
    level = np.sqrt(np.convolve(samples**2, np.ones(220) / 220, "same"))
    return float(np.flatnonzero(level > level.max() * 10 ** (-db / 20))[-1] / RATE)


def highest(samples: np.ndarray) -> float:
    """The frequency of the strongest partial, in Hz."""
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples)), 1 << 17))
    return float(np.argmax(spectrum) * RATE / (1 << 17))


def centroid(samples: np.ndarray) -> float:
    power = np.abs(np.fft.rfft(samples)) ** 2
    return float((power * np.fft.rfftfreq(len(samples), 1 / RATE)).sum() / power.sum())


def test_a_missing_sound_font_says_what_to_install(tmp_path):
    with pytest.raises(SoundError, match="fluid-soundfont-gm"):
        fonts.find_soundfont(tmp_path / "none.sf2")


def test_silence_is_trimmed_and_peaks_are_set():
    note = np.concatenate([np.zeros(100), np.full(50, 0.25), np.full(100, 1e-6)]).astype(np.float32)
    trimmed = fonts.trimmed(note)
    assert len(trimmed) == 50
    assert np.abs(fonts.peak_normalised(trimmed, -6.0)).max() == pytest.approx(0.501, abs=1e-3)
    assert len(fonts.trimmed(np.zeros(10, np.float32))) == 0


def test_every_kind_has_members_that_are_held_out(tmp_path):
    font = tmp_path / "font.sf2"
    font.touch()
    wanted = parts.parts(parts.KINDS, 0, font, (font,))
    for kind in parts.KINDS:
        takes = [take for part in wanted if part.name.startswith(kind) for take in part.takes]
        held_out = [take for take in takes if take.startswith(f"held-out/{kind}/")]
        assert 0.1 < len(held_out) / len(takes) < 0.51
        assert len(held_out) + sum(take.startswith(f"train/{kind}/") for take in takes) == len(takes)
    every = [take for part in wanted for take in part.takes]
    assert len(set(every)) == len(every)


def test_at_least_sixty_instruments_at_two_velocities_and_none_beside_what_is_held_out(tmp_path):
    font = tmp_path / "font.sf2"
    font.touch()
    notes = parts.parts(("notes",), 0, font, ())
    assert len(notes) >= 60
    for part in notes:
        trained = {int(take[-7:-4]) for take in part.takes if take.startswith("train")}
        held_out = {int(take[-7:-4]) for take in part.takes if take.startswith("held-out")}
        assert trained
        assert not {pitch + beside for pitch in held_out for beside in (-1, 0, 1)} & trained
        assert {take[-3:] for take in part.takes} == {"064", "112"}


def test_the_house_model_learns_again_only_what_is_not_held_out(tmp_path):
    font = tmp_path / "font.sf2"
    font.touch()
    once = parts.parts(parts.KINDS, 0, font, (font,))
    wanted = parts.house(parts.KINDS, 0, font, (font,))
    takes = [take for part in wanted for take in part.takes]
    assert len(set(takes)) == len(takes)
    assert len({part.name for part in wanted}) == len(wanted)
    again = wanted[len(once) :]
    assert all(take.startswith("train/again-") for part in again for take in part.takes)
    drums = [
        sum(take.startswith(f"train/{place}drums/") for take in takes)
        for place in ("", "again-3-", "again-4-")
    ]
    assert drums[0] == drums[1] == drums[2] > 500
    hat = next(part for part in again if part.name.endswith("electronic/hat808"))
    assert len(list(hat.made())) == len(hat.takes) == 20


@pytest.mark.parametrize("name", DRUMS)
def test_a_drum_is_a_function_of_its_seed(name):
    make, ranges = DRUMS[name]
    samples = make()
    assert np.isfinite(samples).all()
    assert np.array_equal(samples, make())
    assert abs(samples[0]) < 0.7 * np.abs(samples).max()
    assert decay(samples, 50) > 0.02
    for n in range(2):
        assert np.isfinite(make(seed=n, **parts.varied(ranges, parts.seeded(name, n)))).all()


@pytest.mark.parametrize("name", SYNTHS)
def test_a_synth_plays_its_pitch_without_aliases(name):
    make, ranges, low, high = SYNTHS[name]
    pitch = (low + high) // 2
    hz = 440 * 2 ** ((pitch - 69) / 12)
    samples = make(hz, 0.6, **parts.varied(ranges, parts.seeded(name)))
    assert len(samples) == round(0.6 * RATE)
    assert np.isfinite(samples).all()
    assert np.array_equal(make(hz, 0.2), make(hz, 0.2))
    if name in ("saw", "square", "pulse", "soft", "sine"):
        spectrum = np.abs(np.fft.rfft(samples * np.blackman(len(samples))))
        found = np.fft.rfftfreq(len(samples), 1 / RATE)
        between = np.abs(found / hz - np.round(found / hz)) > 0.3
        assert spectrum[between & (found > hz / 2)].max() < spectrum.max() * 1e-3


@pytest.mark.parametrize(
    ("name", "hz", "seconds"),
    [
        ("kick808", 50, (0.3, 0.6)),  # the decay of the machine at the middle of its range, to −40 dB
        ("kick909", 47, (0.2, 0.4)),
        ("snare808", 178, (0.1, 0.25)),
        ("tom808", 120, (0.2, 0.4)),
        ("cowbell808", 800, (0.1, 0.35)),
        ("clave", 2500, (0.03, 0.08)),
        ("hat808", None, (0.03, 0.09)),
        ("openhat808", None, (0.25, 0.6)),
        ("clap808", None, (0.1, 0.3)),
        ("rim808", None, (0.01, 0.06)),
        ("maracas", None, (0.02, 0.09)),
    ],
)
def test_drums_have_the_figures_of_the_machines(name, hz, seconds):
    samples = DRUMS[name][0]()
    assert seconds[0] < decay(samples) < seconds[1]
    if hz is not None:
        assert highest(samples[len(samples) // 8 :]) == pytest.approx(hz, rel=0.04)
    if hz is None and name not in ("rim808", "clap808"):
        assert centroid(samples) > 6000


@pytest.mark.parametrize("name", TEXTURES)
def test_a_texture_has_no_end(name):
    samples = TEXTURES[name](3, 2.0)
    assert len(samples) == 2 * RATE
    assert np.isfinite(samples).all()
    quarters = [part.std() for part in np.array_split(samples, 4)]
    assert min(quarters) > 0.05 * max(quarters)
    assert not np.array_equal(samples, TEXTURES[name](4, 2.0))


def test_what_is_made_circular_comes_round():
    noise = np.random.default_rng(0).standard_normal(5000)
    ring = waves.circular(noise, 4000, 1000)
    assert len(ring) == 5000
    assert np.array_equal(ring[:1000], ring[4000:])
    assert ring[:1000].std() == pytest.approx(1, abs=0.1)


def test_the_corpus_goes_on_where_it_was_stopped(tmp_path, monkeypatch):
    monkeypatch.setattr(parts, "STRUCK", 6)
    wanted = parts.parts(MADE, 1, None, ())
    few = [part for part in wanted if part.name in ("electronic/clave", "electronic/hat808")]
    corpus.render(tmp_path, few[:1])
    first = {file: file.stat().st_mtime_ns for file in tmp_path.rglob("*.flac")}
    corpus.render(tmp_path, few)
    assert {file: file.stat().st_mtime_ns for file in first} == first
    assert len(list(tmp_path.rglob("*.flac"))) == 12
    assert set(json.loads((tmp_path / corpus.MADE).read_text())) == {part.name for part in few}
    assert [line.split()[:2] for line in corpus.summary(tmp_path)] == [
        ["train", "electronic"],
        ["held-out", "electronic"],
    ]
    again = tmp_path / "again"
    corpus.render(again, few)
    for file in first:
        assert (again / file.relative_to(tmp_path)).read_bytes() == file.read_bytes()
    corpus.render(again, [part for part in parts.parts(MADE, 2, None, ()) if part.name == few[0].name])
    assert any((again / file.relative_to(tmp_path)).read_bytes() != file.read_bytes() for file in first)


def test_every_built_in_sound_can_be_made_again():
    made = {*soundset.STRUCK, *soundset.PLAYED, *soundset.NOISES, *TEXTURES}
    assert set(sounds.names()) == {*soundset.MELODIC, *soundset.DRUMS, *made}
    assert len(made - set(TEXTURES)) >= 30
    pitched = {**soundset.MELODIC, **{name: (0, row[0]) for name, row in soundset.PLAYED.items()}}
    for name, (_, pitches) in pitched.items():
        assert tuple(sounds.find(name, n).pitch for n in range(len(pitches))) == pitches


@pytest.mark.parametrize("name", soundset.STRUCK)
def test_a_struck_sound_is_what_its_settings_make(name):
    for index, settings in enumerate(soundset.STRUCK[name]):
        wanted = fonts.trimmed(np.asarray(DRUMS[name][0](**settings), np.float32))
        kept, _ = soundfile.read(sounds.find(name, index).file, dtype="float32")
        assert np.allclose(kept, fonts.peak_normalised(wanted, soundset.PEAK_DB), atol=1e-3)


def test_what_is_made_is_small():
    assert sum(file.stat().st_size for file in sounds.MADE.rglob("*.*")) < 3_000_000


def test_a_built_in_sound_ends_in_silence():
    faded = soundset.faded(np.ones(10_000, np.float32))
    assert faded[0] == 1
    assert faded[-1] == 0


@needs_a_font
def test_notes_are_rendered_at_their_pitch():
    pytest.importorskip("mido")
    flute = fonts.Instrument("flute", 73, 69, 81)
    notes = fonts.render_notes(flute, [(69, 100), (81, 100)], FONT)
    for samples, hertz in zip(notes, (440.0, 880.0), strict=True):
        part = samples[22050 : 22050 + 16384]
        spectrum = np.abs(np.fft.rfft(part * np.hanning(len(part))))
        found = np.argmax(spectrum * (np.arange(len(spectrum)) > 50)) * RATE / len(part)
        assert found == pytest.approx(hertz, rel=0.02) or found == pytest.approx(2 * hertz, rel=0.02)


@pytest.mark.skipif(not shutil.which("espeak-ng"), reason="needs espeak-ng")
def test_sentences_are_spoken():
    from latentcode.models.corpus import speech

    said = speech.spoken("A river carries what the rain has let fall.", "en-us", "f2", 150, 50)
    assert 1.0 < len(said) / RATE < 6.0
    assert np.abs(said).max() > 0.05
    for language in speech.SENTENCES:
        assert len(speech.spoken(speech.SENTENCES[language][0], language, "m3", 180, 50)) > RATE
