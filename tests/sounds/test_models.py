"""The models of a live set: loaded beside the music, and left out until they are there."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from helpers.centred_model import HOP, LATENT, centred_file
from helpers.toy_sounds import RATE, First, Sounds
from helpers.waiting import until

import latentcode as lc
from latentcode.errors import ModelError
from latentcode.models.family import card_of
from latentcode.sounds import models as live_models
from latentcode.sounds.live import EncoderProcess, LiveStore
from latentcode.sounds.models import LiveModels
from latentcode.sounds.store import NotEncodedError
from latentcode.synth.renderer import Renderer
from latentcode.synth.settings import Settings


@pytest.fixture
def bins(tmp_path, monkeypatch):
    monkeypatch.setenv("LATENTCODE_CACHE", str(tmp_path / "cache"))  # nothing is encoded yet
    return centred_file(tmp_path)


@pytest.fixture
def models(model_file):
    found = LiveModels(card_of(model_file))
    found.decoder = First()
    return found


@pytest.fixture
def gate(monkeypatch):
    """Nothing is loaded before it is set."""
    gate, load = threading.Event(), live_models.load_card
    monkeypatch.setattr(live_models, "load_card", lambda card: gate.wait(20) and load(card))
    return gate


def test_a_model_is_loaded_by_a_thread_of_its_own(models, bins, gate):
    assert not models.ready(bins)
    for _ in range(2):
        with pytest.raises(NotEncodedError, match="still being loaded"):
            models.find(bins)
    gate.set()
    until(lambda: models.ready(bins))
    assert models.find(bins).card == card_of(bins)
    assert models.newly_used() == [(bins, card_of(bins))]
    assert models.newly_used() == []


def test_the_sets_own_is_there_by_every_name(models, model_file):
    assert models.card(None) is models.own
    assert models.find(model_file).decoder is models.decoder


def test_what_cannot_be_is_said(models, bins, monkeypatch):
    with pytest.raises(ModelError, match="no model at nosuch"):
        models.find("nosuch")

    def broken(card):
        raise RuntimeError("not enough memory")

    monkeypatch.setattr(live_models, "load_card", broken)
    models.load(bins)
    with pytest.raises(ModelError, match="cannot be loaded: not enough memory"):
        models.find(bins)


def test_an_event_whose_model_is_not_there_yet_is_left_out_and_so_again_in_a_replay(models, bins, gate):
    def renderer():
        settings = Settings(RATE, RATE, 64, "overlap")
        made = Renderer(
            settings, Sounds(100), First(), lambda trouble: pytest.fail(str(trouble)), models.find
        )
        made.rendering.latents.frames.__self__.frames = lambda path, hop, length=None: (
            np.ones((100, LATENT if path.by else 8), np.float32),
            None,
        )
        return made

    live, said = renderer(), []
    live.missed.report = lambda *what: said.append(what)
    live.play(0, lc.s("one*4").model(bins), None, 0)
    first = [live.render(512)[0] for _ in range(60)]
    assert not np.concatenate(first).any()
    assert said[0][:2] == (0, 0)
    gate.set()
    until(lambda: models.ready(bins))
    later = np.concatenate([live.render(512)[0] for _ in range(60)])
    assert later.any()
    again = renderer()
    for voice, sample, name, _ in said:
        again.missed.know(voice, sample, name)
    again.play(0, lc.s("one*4").model(bins), None, 0)
    heard = np.concatenate([again.render(512)[0] for _ in range(120)])
    assert np.array_equal(heard, np.concatenate([*first, later]))


def test_a_trial_asks_for_the_frames_and_the_weights_of_another_model(models, bins, model_file):
    said = []
    encoder = EncoderProcess(models.own, 0, said.append)
    store = LiveStore(models.own, encoder, models=models)
    gatherer = store.gatherer()
    path = lc.path("cello", model=bins)
    mean, logvar = gatherer.frames(path, HOP)
    assert mean.shape == (card_of(bins).frames(store.length(path), HOP), LATENT)
    assert logvar is None
    assert gatherer.model(bins).card == card_of(bins)
    assert gatherer.unloaded == {bins}
    assert gatherer.long
    gatherer.read()
    assert models.ready(bins)
    (job,) = gatherer.missing.values()
    assert (job.model, job.model_file) == (card_of(bins).encoding, bins)
    assert (
        job.key(models.own.encoding)
        == job.key("")
        != store.job(lc.path("cello"), HOP).key(models.own.encoding)
    )


def test_the_encoder_process_encodes_for_several_models(models, model_file):
    encoder = EncoderProcess(models.own, 0, lambda message: None)
    store = LiveStore(models.own, encoder, models=models)
    gatherer, path = store.gatherer(), lc.path("kick", model="raw")
    gatherer.frames(path, 512)
    gatherer.frames(lc.path("kick"), 32)
    try:
        encoder.wait(gatherer.missing)
    finally:
        encoder.close()
    found = store.frames(path, 512)[0]
    assert found.shape[1] == card_of("raw").latent_dim
    wanted = lc.load_model("raw").store.frames(lc.path("kick"), 512)[0]
    assert np.array_equal(found, wanted)
    assert store.frames(lc.path("kick"), 32)[0].shape[1] == models.own.latent_dim


def test_a_name_that_leads_elsewhere_now_means_the_file_that_it_meant(model_file, bins):
    found = LiveModels(card_of(model_file), {"raw": bins})
    assert found.card("raw") == card_of(bins)
    assert LiveModels(card_of(model_file)).card("raw") == card_of("raw")
