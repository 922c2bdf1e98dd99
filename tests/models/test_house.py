from __future__ import annotations

import pytest

from latentcode import models
from latentcode.audio import reading as audio
from latentcode.evaluation.tasks import played
from latentcode.models.card import HOUSE
from latentcode.models.families.raw.codec import RawDecoder
from latentcode.models.measures import snr_db
from latentcode.sounds import library as sounds
from latentcode.sounds.model import default_model, find_path

pytestmark = pytest.mark.skipif(not HOUSE.exists(), reason="the house model is not in this checkout")


def test_the_house_model_fits_a_stage():
    card = models.card_of("default")
    assert card == models.card_of("house")
    assert card.sample_rate == 44100
    assert card.latent_dim <= 128
    assert card.units <= 2048
    assert HOUSE.stat().st_size <= 16 << 20


@pytest.mark.parametrize("name", ["cello", "flute", "clarinet"])
def test_the_house_model_gives_back_a_built_in_sound(name):
    model = default_model()
    samples, _ = audio.read(sounds.find(name).file, model.sample_rate)
    assert snr_db(samples, played(model, find_path(samples), len(samples))) > 8


def test_the_house_model_decodes_in_small_batches():
    assert min(RawDecoder(models.load("default").network, "cpu").buckets) <= 128
