"""The baseline autoencoder of the NSynth paper: its sizes, spectra and phases, a small one that is trained."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch

import latentcode as lc
from latentcode import models
from latentcode.errors import ModelError
from latentcode.models import training
from latentcode.models.families.baseline.network import Layers
from latentcode.models.families.baseline.sizes import BINS, HOP, shapes_of
from latentcode.models.families.baseline.spectra import EDGE, FFT, RANGE_DB, analysed, sounding, transformed
from latentcode.models.recipe import planned

RATE, WINDOW = 16000, 4096
SMALL = {"window": WINDOW, "units": 16, "latent_dim": 12, "batch": 4, "hop": 1024, "learning_rate": 3e-3}


def tone(hertz: float = 440.0, count: int = WINDOW) -> np.ndarray:
    return (0.5 * np.sin(2 * np.pi * hertz * np.arange(count) / RATE)).astype(np.float32)


def test_it_has_the_published_sizes():
    shapes = shapes_of(plan := planned("baseline"))
    assert (plan.window, plan.latent_dim, plan.sample_rate, FFT, HOP) == (65536, 1984, 16000, 1024, 256)
    for side in ("encoder", "decoder"):
        assert sum(name.startswith(side) and len(shape) == 4 for name, shape in shapes.items()) == 10 + 1
    assert shapes["encoder.latents.weight"] == (1984, 1024, 1, 1)
    with torch.device("meta"):
        layers = Layers(plan.window // HOP, plan.units, plan.latent_dim)
    assert {name: tuple(weight.shape) for name, weight in layers.state_dict().items()} == shapes


@pytest.mark.parametrize(
    ("wrong", "said"),
    [({"window": 1000}, "power of 2"), ({"window": 768}, "power of 2"), ({"units": 9}, "9 units")],
)
def test_sizes_that_cannot_be(wrong, said):
    with pytest.raises(ModelError, match=said):
        planned("baseline", **wrong)


@pytest.mark.parametrize("frames", [1, 2, 512])
def test_a_window_of_any_length_is_halved_to_one_place_and_comes_back(frames):
    layers = Layers(frames, 8, 4)
    levels = torch.rand(2, 1, BINS, frames)
    assert layers.encoder(levels).shape == (2, 4)
    assert layers(levels).shape == levels.shape


def test_phases_are_found_that_agree_with_the_magnitudes():
    sound = tone(440) + 0.2 * np.random.default_rng(0).standard_normal(WINDOW).astype(np.float32)
    levels = analysed(sound[None])[0, 0]
    assert levels.max() == pytest.approx(1 + 20 * np.log10(0.5) / RANGE_DB, abs=0.01)
    made = sounding(levels)
    assert np.array_equal(made, sounding(levels))
    found = np.abs(transformed(np.pad(made, EDGE))).T[:BINS] / (FFT / 4)
    wanted = 10 ** ((levels - 1) * RANGE_DB / 20)
    assert np.linalg.norm(found - wanted) < 0.1 * np.linalg.norm(wanted)
    assert not sounding(np.zeros((BINS, 4), np.float32)).any()


def test_norms_are_a_part_of_the_weights_in_a_file():
    torch.manual_seed(0)
    layers = Layers(4, 8, 4, norms=True)
    levels = torch.rand(6, 1, BINS, 4)
    for _ in range(20):
        layers(levels)
    layers.eval()
    folded = Layers(4, 8, 4)
    folded.load_state_dict(layers.folded())
    with torch.no_grad():
        assert torch.allclose(folded(levels), layers(levels), atol=1e-5)


@pytest.fixture(scope="module")
def card(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tones")
    for hertz in (220, 330):
        fading = tone(hertz, 8000) * np.exp(-np.arange(8000) / 8000)
        soundfile.write(folder / f"{hertz}.wav", fading, RATE, subtype="FLOAT")
    losses = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(training, "REPORT_SECONDS", 0.0)
        card = training.train(
            *(folder, folder / "small.safetensors"),
            family="baseline",
            epochs=10,
            report=lambda progress: losses.append(progress.loss),
            **SMALL,
        )
    assert np.mean(losses[-5:]) < 0.9 * np.mean(losses[:5])
    return card


def test_a_small_one_is_trained_and_plays(card):
    codec = models.load(card.file)
    assert (codec.card.family, codec.card.kind, codec.card.latent_dim) == ("baseline", "window", 12)
    sound = tone(220, 10000)
    mean, logvar = codec.encode(sound, 2048)
    assert mean.shape == (codec.card.frames(10000, 2048), 12)
    assert logvar is None
    assert np.array_equal(codec.encode(sound[: WINDOW + 2048], 2048)[0], mean[:2])  # of its window alone
    windows = codec.decoder().decode(mean)
    assert windows.shape == (len(mean), WINDOW)
    assert np.array_equal(codec.decoder().decode(mean[1:2])[0], windows[1])
    assert np.isfinite(codec.decoder().decode(mean * np.float32(1e30))).all()
    with pytest.raises(ModelError, match="CPU"):
        codec.decoder("cuda")
    played = lc.render(lc.path("cello"), model=card.file, seconds=0.5)
    assert 1e-4 < np.abs(played).max() <= 1
    with pytest.raises(ModelError, match="layers do not fit"):
        damaged(card.file)


def damaged(path: str) -> None:
    """The same file with another size in its header."""
    content = Path(path).read_bytes().replace(b'"units":"16"', b'"units":"24"')
    other = Path(path).with_name("other.safetensors")
    other.write_bytes(content)
    models.card_of(other)
