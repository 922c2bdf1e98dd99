"""The spectral model that comes with the package: found by its name, and what it keeps of a sound."""

from __future__ import annotations

import numpy as np
import pytest

import latentcode as lc
from latentcode import models
from latentcode.audio import reading as audio
from latentcode.cli import main
from latentcode.evaluation.tasks import played
from latentcode.models import measures
from latentcode.sounds import library
from latentcode.sounds.model import find_path, load_model

RATE = 44100


@pytest.fixture(scope="module")
def spectral():
    return load_model("spectral")


def test_its_card(spectral):
    card = models.card_of("spectral")
    assert (card.family, card.kind, card.sample_rate, card.window, card.hop) == (
        "spectral",
        "spectral",
        RATE,
        2048,
        512,
    )
    assert spectral.latent_dim == 256


def test_info_tells_of_it(capsys):
    assert main(["info", "spectral"]) == 0
    assert "model spectral (spectral)" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["cello", "flute", "hat", "snare"])
def test_it_is_brighter_and_nearer_than_the_model_of_windows(spectral, name):
    samples, _ = audio.read(library.find(name).file, RATE)
    copies = [
        played(model, find_path(np.pad(samples, (0, 2048))), len(samples))
        for model in (spectral, load_model("raw"))
    ]
    near, far = (measures.mrstft(samples, copy) for copy in copies)
    assert near < 1.3 < far
    assert abs(measures.above_db(samples, copies[0], RATE, 4000)) < 4


@pytest.mark.parametrize("name", ["cello", "flute", "trumpet"])
def test_a_held_latent_keeps_its_pitch(spectral, name):
    frequency = 440 * 2 ** ((library.find(name).pitch - 69) / 12)
    original = measures.cents_off(lc.render(lc.path(name), model=spectral)[:, 0], RATE, frequency)
    held = lc.render(lc.freeze(name, 0.4), seconds=1, model=spectral)[RATE // 4 :, 0]
    assert abs(measures.cents_off(held, RATE, frequency) - original) < 15


def test_both_models_in_one_pattern(spectral):
    both = lc.stack(lc.s("cello"), lc.s("hat*4").model("raw"))
    heard = lc.render(both, seconds=1)
    alone = lc.render(lc.s("cello"), seconds=1)
    assert np.isfinite(heard).all()
    assert not np.array_equal(heard, alone)


SET = """# latentcode session 1
# @ seed 7  rate 44100  buffer 256
# @ 1 0
d1 >> s("cello(3,8)")
# @ 1 d1 0
# @ end 44100
"""


def test_a_session_is_rendered_with_it(tmp_path):
    session = tmp_path / "set.py"
    session.write_text(SET)
    sounds = []
    for model in ("spectral", "raw"):
        out = tmp_path / f"{model}.wav"
        assert main(["render", str(session), "-o", str(out), "--model", model, "--trust"]) == 0
        sounds.append(audio.read(out)[0])
    assert np.abs(sounds[0]).max() > 0.01
    assert not np.array_equal(*sounds)


def test_a_sound_that_has_rung_out_does_not_begin_again(spectral):
    samples, _ = audio.read(library.find("hat").file, RATE)
    heard = np.abs(lc.render(lc.s("hat").ring(), seconds=1.5, bpm=60, model=spectral)[:, 0])
    assert heard[: RATE // 20].max() > 0.1
    assert heard[len(samples) - 2048 :].max() < 0.01
