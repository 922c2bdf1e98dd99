"""What all tests share: a small model with random weights, and caches of their own."""

from __future__ import annotations

import numpy as np
import pytest

WINDOW, UNITS, LATENT, RATE = 64, 48, 8, 44100


@pytest.fixture(autouse=True)
def _own_folders(tmp_path_factory, monkeypatch):
    """No test reads or writes the musician's cache, configuration or data."""
    home = tmp_path_factory.getbasetemp() / "home"
    monkeypatch.setenv("LATENTCODE_CACHE", str(home / "cache"))
    monkeypatch.setenv("XDG_DATA_HOME", str(home / "data"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / "config"))


@pytest.fixture(scope="session")
def weights() -> dict[str, np.ndarray]:
    random = np.random.default_rng(5)
    shapes = {
        "fc1": (UNITS, WINDOW),
        "fc21": (LATENT, UNITS),
        "fc22": (LATENT, UNITS),
        "fc3": (UNITS, LATENT),
        "fc4": (WINDOW, UNITS),
    }
    made = {}
    for name, (rows, columns) in shapes.items():
        made[f"{name}.weight"] = (random.standard_normal((rows, columns)) / np.sqrt(columns)).astype(
            np.float32
        )
        made[f"{name}.bias"] = (random.standard_normal(rows) * 0.1).astype(np.float32)
    return made


@pytest.fixture(scope="session")
def model_file(tmp_path_factory, weights) -> str:
    """A raw-audio VAE of a few thousand weights, as a file of ours."""
    import torch

    from latentcode.models import files
    from latentcode.models.card import Card

    card = Card("tiny", "", "rawaudiovae", RATE, WINDOW, LATENT, UNITS, 16)
    network = files.from_weights(card, {name: torch.from_numpy(array) for name, array in weights.items()})
    path = tmp_path_factory.mktemp("model") / "tiny.safetensors"
    files.save(network, path, torch.float32)
    return str(path)


@pytest.fixture
def model(model_file):
    import latentcode as lc

    return lc.load_model(model_file)
