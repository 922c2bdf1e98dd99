from __future__ import annotations

import pytest

from latentcode import models
from latentcode.audio import reading as audio
from latentcode.evaluation.tasks import played
from latentcode.models.card import BUILT_IN, HOUSE, RAW
from latentcode.models.families.raw.codec import RawDecoder
from latentcode.models.measures import snr_db
from latentcode.sounds import library as sounds
from latentcode.sounds.model import find_path, load_model

pytestmark = pytest.mark.skipif(
    not (HOUSE.exists() and RAW.exists()), reason="the house models are not in this checkout"
)


@pytest.mark.parametrize("name", BUILT_IN)
def test_the_house_models_fit_a_stage(name):
    card = models.card_of(name)
    assert card.sample_rate == 44100
    assert card.latent_dim <= 256
    assert card.units <= 2048
    assert BUILT_IN[name].stat().st_size <= 16 << 20


def test_the_default_is_the_spectral_one_and_the_first_one_stays():
    assert models.card_of("default") == models.card_of("house") == models.card_of("spectral")
    assert models.card_of("raw").digest == "74e53dd5c6dedb15d59ac99445b66940"


@pytest.mark.parametrize("name", ["cello", "flute", "clarinet"])
def test_the_first_house_model_gives_back_a_built_in_sound(name):
    model = load_model("raw")
    samples, _ = audio.read(sounds.find(name).file, model.sample_rate)
    assert snr_db(samples, played(model, find_path(samples), len(samples))) > 8


def test_the_first_house_model_decodes_in_small_batches():
    assert min(RawDecoder(models.load("raw").network, "cpu").buckets) <= 128
