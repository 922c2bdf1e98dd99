"""Notes of sounds: the nearest recording, shifted by what remains; onsets and time stay as they are."""

from __future__ import annotations

import numpy as np
import pytest
import soundfile
from helpers.toy_sounds import LATENT, WINDOW, First, Sounds, rendered

import latentcode as lc
from latentcode.errors import LatentError
from latentcode.latents.morph import as_morph
from latentcode.latents.path import Path
from latentcode.set.commands import Command
from latentcode.sounds import library as sounds
from latentcode.sounds.store import named_path
from latentcode.synth.stream import _resampler, look_ahead
from latentcode.synth.trial import try_out

CYCLE = 88200  # samples at 120 beats per minute
SHIFTS = (-24, -7, -0.5, 0.01, 1, 5, 12, 19, 31)


def play(pattern):
    return Command("play", 0, (pattern, "1"))


def cents(audio, wanted, rate=44100):
    """How far from a MIDI note the harmonics of a sound lie."""
    size = 1 << 18
    spectrum = np.log(1e-6 + np.abs(np.fft.rfft(audio * np.hanning(len(audio)), size)))
    offsets = np.arange(-100, 101)
    pitches = 440 * 2 ** ((wanted - 69 + offsets / 100) / 12)
    places = np.round(pitches[:, None] * np.arange(1, 9) * size / rate).astype(int)
    return offsets[np.argmax(spectrum[places].sum(axis=1))]


def test_the_nearest_recording_is_taken_and_the_rest_is_shifted():
    path = named_path("cello", pitch=50)
    assert (path.name, path.pitch, path.detune) == ("cello:2", 48, 2)
    assert named_path("cello", pitch=61.5).detune == -0.5
    assert named_path("cello", 7).pitch == 55
    assert named_path("cello").detune == 0
    assert named_path("kick", pitch=63).detune == 3
    assert named_path("cello", 3, 55).detune == 0


def test_a_file_may_say_its_pitch(tmp_path):
    for name, pitch in (
        ("flute_c4", 60),
        ("bell F#3", 54),
        ("67", 67),
        ("take2", None),
        ("3", None),
        ("Eb2", 39),
    ):
        soundfile.write(tmp_path / f"{name}.wav", np.zeros(100), 44100)
        assert sounds.find(tmp_path / f"{name}.wav").pitch == pitch
        assert named_path(str(tmp_path / f"{name}.wav"), pitch=62).detune == 62 - (pitch or 60)


@pytest.mark.parametrize("pattern", ["names", "a path", "a strategy"])
@pytest.mark.parametrize("rate", [44100, 48000])
def test_a_melody_is_in_tune(pattern, rate):
    made, wanted, allowed = {
        "names": (lc.n("0 2 4 7").scale_of("c minor").s("cello"), (48, 51, 55, 60), 12),
        "a path": (lc.note("48 53 55 60").s(lc.path("cello")), (48, 53, 55, 60), 4),
        "a strategy": (lc.meso("cello*4", "cello:3", 0.0).note("50 51 53 46"), (50, 51, 53, 46), 12),
    }[pattern]
    audio = lc.render(made, seconds=4, bpm=60, sample_rate=rate)[:, 0]
    for index, note in enumerate(wanted):
        part = audio[int((index + 0.3) * rate) : int((index + 0.9) * rate)]
        assert abs(cents(part, note, rate)) <= allowed


@pytest.mark.parametrize("model", ["raw", "spectral"])
def test_a_shifted_tone_is_as_even_as_it_was(model):
    """Windows that do not fit one another would beat."""
    unevenness = []
    for note in (48, 51, 53, 60):
        audio = lc.render(lc.path("cello").note(note), seconds=1.6, model=model)[22050:, 0]
        level = np.sqrt(np.convolve(audio**2, np.ones(2048) / 2048, "valid"))
        unevenness.append(level.std() / level.mean())
    assert unevenness == pytest.approx(unevenness[:1] * 4, rel=0.1, abs=0.01)


@pytest.mark.parametrize("shift", SHIFTS)
@pytest.mark.parametrize("rate", [44100, 48000])
def test_onsets_stay_within_a_sample(perform, shift, rate):
    performance = perform(sample_rate=rate, synthesis="overlap")
    performance.schedule(play(lc.s("one*3").note(60 + shift).attack(0).release(0.0001).legato(0.5)), 0)
    audio = rendered(performance, 2 * rate)
    for onset in (0, 2 * rate // 3, 4 * rate // 3):
        assert np.allclose(audio[onset + 200 : onset + 14000], 1.0, rtol=0, atol=0.01)
        assert np.argmax(audio[onset:] > 0.49) <= 1
    assert np.abs(audio[2 * rate // 3 - 500 : 2 * rate // 3]).max() < 0.01


def test_frames_go_by_as_fast_as_ever(perform):
    performance = perform(store=Sounds(4000), synthesis="overlap")
    performance.schedule(play(lc.s("ramp").note(67)), 0)
    audio = rendered(performance, 80000)
    seconds = np.arange(5000, 80000, 5000)
    assert audio[seconds] == pytest.approx(
        seconds / 32, abs=40
    )  # a frame every 32 samples, held by the double


def test_the_samples_do_not_depend_on_the_size_of_the_blocks(perform):
    results = []
    for block in (64, 333, 5000):
        performance = perform(store=Sounds(9), synthesis="overlap")
        performance.schedule(play(lc.s("ramp*5").note("67 55.5 90").gain(lc.tri.slow(3))), 0)
        performance.schedule(play(lc.s("half*3").note("<40 62>")), 70000)
        results.append(rendered(performance, 150000, block))
    assert np.array_equal(results[0], results[1])
    assert np.array_equal(results[0], results[2])


def test_a_note_that_is_the_recording_is_the_recording(model):
    assert np.array_equal(
        lc.render("cello*2", seconds=1, model=model),
        lc.render(lc.s("cello*2").note(48), seconds=1, model=model),
    )


def test_the_bound_on_the_resampler_holds():
    for shift in np.linspace(-48, 48, 33):
        ratio = 2 ** (shift / 12)
        resample, out, step = _resampler(44100 * ratio, 44100), 0, 256
        for given in range(step, 8192 * max(1, int(ratio)), step):
            out += len(resample(np.zeros(step, np.float32)))
            assert given - out * ratio <= look_ahead(ratio)


class Shifting(First):
    """Windows that hold the shift of their job, and ten more where formants are kept."""

    def step(self, jobs):
        return [np.repeat(self._level(job)[:, None], WINDOW, axis=1).astype(np.float32) for job in jobs]

    @staticmethod
    def _level(job):
        assert job.latents.shape[1] == LATENT
        assert job.glide is None or job.glide.latents.shape[1] == LATENT
        return np.broadcast_to(job.shift + 10 * job.formants, len(job.latents))


@pytest.mark.parametrize(("formant", "expected"), [(False, 7), (True, 17)])
def test_a_model_that_can_shifts_what_it_decodes_itself(perform, formant, expected):
    performance = perform(Shifting(), can=("shift",), latent_dim=LATENT)
    performance.schedule(play(lc.s("one").note(67).formant(formant)), 0)
    audio = rendered(performance, 80000)
    assert audio[500:79000] == pytest.approx(expected)


LOW, HIGH = lc.note(67).s("one"), lc.note(74).s("half")


def shifted(perform, music, tunes=True, morph=None):
    """Semitones by which two cycles of music are shifted, a sixteenth after another from the middle of the
    first.
    """
    performance = perform(Shifting(), can=("glide", "shift"), latent_dim=LATENT, tunes=tunes)
    performance.schedule(play(music if morph is None else LOW), 0)
    if morph is not None:
        performance.schedule(Command("play", 0, (music, "1", as_morph(1, glide=morph))), CYCLE)
    return rendered(performance, 2 * CYCLE, 4096)[CYCLE // 32 :: CYCLE // 16]


@pytest.mark.parametrize("glide", [False, True])
def test_each_source_has_the_pitch_of_its_own_note(perform, glide):
    for alpha in (0, 0.25, 0.5, 1, 1.5):
        found = shifted(perform, lc.meso(LOW, HIGH, alpha, glide=glide))
        assert found == pytest.approx(7 + 7 * min(alpha, 1))
    moving = shifted(perform, lc.meso(LOW, HIGH, lc.saw, glide=glide))
    assert moving[:16] == pytest.approx(7 + 7 * (np.arange(16) + 0.5) / 16, abs=0.1)
    steps = shifted(perform, lc.stepwise(LOW, HIGH, 2, glide=glide))
    assert steps[:16] == pytest.approx([7] * 8 + [14] * 8)
    assert shifted(perform, lc.extend(LOW, HIGH, 1, factor=4, glide=glide)) == pytest.approx(14)
    assert shifted(perform, lc.meso("half", HIGH, 0.5, glide=glide)) == pytest.approx(7)
    half_a_path = lc.meso(LOW, lc.note(74).s(Path("half", "half", "half")), 0.5, glide=glide)
    assert shifted(perform, half_a_path) == pytest.approx(10.5)
    assert shifted(perform, half_a_path.note(60), glide) == pytest.approx(3.5 if glide else 0)


@pytest.mark.parametrize("glide", [False, True])
def test_a_morph_goes_from_one_pitch_to_the_other(perform, glide):
    found = shifted(perform, HIGH, morph=glide)
    assert found[:16] == pytest.approx(7)
    assert found[16:] == pytest.approx(7 + 7 * (np.arange(16) + 0.5) / 16, abs=0.1)


def test_sets_of_before_are_shifted_as_their_first_source_is(perform):
    for glide in (False, True):
        music = lc.meso(LOW, HIGH, lc.saw, glide=glide)
        assert shifted(perform, music, tunes=False) == pytest.approx(7)
    assert shifted(perform, HIGH, tunes=False, morph=False)[16:] == pytest.approx(14)


def test_what_is_shifted_in_time_has_the_pitch_that_it_begins_with():
    found = lc.meso(lc.note(60).s("flute"), lc.note(67).s("flute"), 1.0)
    audio = lc.render(found, seconds=0.8, bpm=30, model="raw")[13000:, 0]
    assert abs(cents(audio, 67)) < 15


def test_one_that_cannot_says_so_of_formants(perform):
    overlapped = perform(synthesis="overlap").renderer
    with pytest.raises(LatentError, match=r'leave out \.formant\(\), or .*\.model\("spectral"\)'):
        try_out(overlapped, lc.s("one").note(67).formant(), 0)
    with pytest.raises(LatentError, match=r'leave out \.formant\(\), or take synthesis="overlap"'):
        try_out(perform().renderer, lc.s("one").note(67).formant(), 0)
    with pytest.raises(LatentError, match="plain sounds have no latents for formant"):
        try_out(perform().renderer, lc.plain("one").note(67).formant(), 0)
    try_out(perform().renderer, lc.s("one").note(67).formant(False), 0)


def test_formants_can_be_a_pattern_and_stay_with_strategies():
    events = lc.meso(lc.s("cello*2").formant("<1 0>*2"), "choir", 0.5).query(0, 1)
    assert [bool(event.value.get("formant")) for event in events] == [True, False]
