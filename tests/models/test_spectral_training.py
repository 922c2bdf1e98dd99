"""The training of the spectral family, by the same runs as any other's."""

from __future__ import annotations

import argparse

import numpy as np
import pytest
import soundfile
import torch

from latentcode import models
from latentcode.errors import ModelError
from latentcode.evaluation import training_command
from latentcode.models import files, training
from latentcode.models.dataset import Sounds, Windows
from latentcode.models.families.baseline import spectra
from latentcode.models.families.spectral import frames
from latentcode.models.recipe import planned
from latentcode.models.resuming import state_file
from latentcode.models.training import train

SMALL = {"window": 256, "hop": 64, "latent_dim": 12, "units": 48, "sample_rate": 8000, "batch": 64}


@pytest.fixture(autouse=True)
def small(monkeypatch, one_thread):
    monkeypatch.setattr(frames, "FRAMES", 1024)


@pytest.fixture
def folder(tmp_path):
    """Three tones that fade, one of them with a click, and noise."""
    (tmp_path / "sounds").mkdir()
    time = np.arange(8000) / 8000
    for index, hertz in enumerate((200, 300, 450)):
        tone = 0.5 * np.sin(2 * np.pi * hertz * time) * np.exp(-2 * time)
        tone[4000:4003] += 0.4 * index
        soundfile.write(tmp_path / "sounds" / f"{hertz}.wav", tone, 8000)
    noise = 0.1 * np.random.default_rng(0).standard_normal(8000)
    soundfile.write(tmp_path / "sounds" / "noise.wav", noise, 8000)
    return tmp_path / "sounds"


def trained(folder, output, **options):
    losses = []
    card = train(
        folder, output, family="spectral", report=lambda state: losses.append(state.loss), **SMALL | options
    )
    return card, losses


def test_three_tones_lower_the_loss(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(training, "REPORT_SECONDS", 0.0)
    card, losses = trained(folder, tmp_path / "m.safetensors", epochs=30)
    assert (card.family, card.kind, card.hops, card.latent_dim) == ("spectral", "spectral", (64, 32), 12)
    assert np.mean(losses[-20:]) < 0.7 * np.mean(losses[:20])
    assert models.card_of(card.file) == card
    assert 0 < float(card.note("trained_distance_db")) < 10
    assert not state_file(tmp_path / "m.safetensors").exists()


def test_the_same_seed_gives_the_same_weights(folder, tmp_path):
    cards = [
        trained(folder, tmp_path / f"{i}.safetensors", epochs=2, seed=seed)[0]
        for i, seed in enumerate((1, 1, 2))
    ]
    first, second, third = (files.weights_of(card)["decoder.linear"] for card in cards)
    assert torch.equal(first, second)
    assert not torch.equal(first, third)


def test_a_window_has_its_hop():
    assert planned("spectral", window=1024).hop == 256
    assert planned("rawaudiovae", window=64).hop == planned("rawaudiovae").hop


@pytest.mark.parametrize("family", ["spectral", "rawaudiovae", "baseline"])
def test_a_training_that_was_ended_goes_on_as_if_it_had_not_been(folder, tmp_path, monkeypatch, family):
    """The last losses are those of an unbroken run: the same batches, the same noise, the same means."""
    monkeypatch.setattr(training, "REPORT_SECONDS", 0.0)
    monkeypatch.setattr(spectra, "ITERATIONS", 2)  # most of its time goes into a score that is not looked at
    own = {"rawaudiovae": {"window": 64, "hop": 64}, "baseline": {"batch": 4, "hop": 2048, "units": 16}}
    options = SMALL | {"epochs": 3.0} | own.get(family, {})
    whole, broken = [], []

    def stopped(state):
        broken.append(state.loss)
        if len(broken) == 7:
            raise KeyboardInterrupt

    output = tmp_path / "broken.safetensors"
    train(folder, tmp_path / "m.safetensors", family=family, report=lambda s: whole.append(s.loss), **options)
    train(folder, output, family=family, report=stopped, **options)
    assert state_file(output).exists()
    card = train(folder, output, resume=True, report=lambda s: broken.append(s.loss))
    assert card.file == str(output)
    assert len(broken) == len(whole)
    assert broken == pytest.approx(whole, rel=1e-3)
    assert not state_file(output).exists()


def test_the_command_line(folder, tmp_path, capsys):
    parser = argparse.ArgumentParser()
    training_command.add_arguments(parser)
    output = str(tmp_path / "m.safetensors")
    line = [str(folder), "-o", output, "--family", "spectral", "--epochs", "0.5", "--latent", "8"]
    assert training_command.run(parser.parse_args([*line, "--units", "16", "--rate", "8000"])) == 0
    said = capsys.readouterr().out
    assert "2048 samples, 8 latents, 16 units" in said
    assert " dB between the spectra of sounds and what it makes of them" in said
    assert models.load(output).encode(np.zeros(8000, np.float32), 512)[0].shape == (16, 8)


def test_what_cannot_be_resumed_is_told(folder, tmp_path):
    with pytest.raises(ModelError, match="no training to resume"):
        train(folder, tmp_path / "m.safetensors", resume=True)
    (tmp_path / "m.training").write_bytes(b"\x08\0\0\0\0\0\0\0{}      ")
    with pytest.raises(ModelError, match="begin anew"):
        train(folder, tmp_path / "m.safetensors", resume=True)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"window": 255}, "a quarter"),
        ({"hop": 100}, "a quarter"),
        ({"latent_dim": 1}, "1 latents"),
        ({"units": 10**6}, "memory"),
    ],
)
def test_networks_that_cannot_be(folder, tmp_path, wrong, said):
    with pytest.raises(ModelError, match=said):
        trained(folder, tmp_path / "m.safetensors", epochs=1, **wrong)


def test_a_family_that_is_not_trained(folder, tmp_path):
    with pytest.raises(ModelError, match="rawaudiovae"):
        train(folder, tmp_path / "m.safetensors", family="none", epochs=1)


def test_an_anchor_of_components_learns_how_bands_are_and_keeps_the_shapes(folder, tmp_path):
    card, _ = trained(folder, tmp_path / "m.safetensors", epochs=3, anchor="components")
    weights, bins = files.weights_of(card), SMALL["window"] // 2 + 1
    assert card.note("anchor") == "components"
    assert not weights["decoder.heads.weight"][:bins].any()
    assert weights["decoder.heads.weight"][bins:].any()
    assert not weights["encoder.mean.weight"].any()
    assert weights["decoder.linear"].any()


def test_an_anchor_of_magnitudes_has_no_components(folder, tmp_path):
    card, _ = trained(folder, tmp_path / "m.safetensors", epochs=3, anchor="magnitudes")
    weights = files.weights_of(card)
    assert weights["encoder.mean.weight"].any()
    assert not weights["decoder.linear"].any()
    assert not weights["encoder.basis"].any()


def test_the_published_way_to_train_windows_varies_nothing():
    plan = planned("rawaudiovae", anchor="published")
    assert (plan.latent_dim, plan.learning_rate, plan.units, plan.kl_beta) == (256, 1e-4, 2048, 1e-4)
    ramp = torch.arange(1.0, 1001.0)
    picked = Windows(Sounds.of([ramp], gap=64), 64, 16).batch(3, 8, 0, varied=False)
    assert torch.equal(picked[:, 0] % 16, torch.ones(8))  # every hop from the first sample on
    assert torch.equal(picked[:, 9], picked[:, 0] + 9)
    with pytest.raises(ModelError, match="no anchor 'none'; it has 'components', 'magnitudes'"):
        planned("spectral", anchor="none")
