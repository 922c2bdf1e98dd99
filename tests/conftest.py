"""What all tests share: folders of their own, a small model with random weights, a performance without processes."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

# Tests run side by side on all cores, and products shared among threads wait for those that have none:
# a small training took twenty times as long. Read by NumPy and PyTorch when they are imported.
os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import pytest
from helpers.toy_sounds import First, Sounds

from latentcode.files import whereabouts

# Tests start hundreds of interpreters, and an engine that compiles itself needs twice the time to begin:
# what one has compiled is kept for the others, even where the environment keeps nothing.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

pytest_plugins = ["helpers.once_more", "helpers.side_by_side"]
WINDOW, UNITS, LATENT, RATE = 64, 48, 8, 44100


@pytest.fixture(autouse=True)
def _own_folders(tmp_path_factory, monkeypatch):
    """No test reads or writes the musician's own files; the processes that it starts find `helpers`."""
    home = tmp_path_factory.getbasetemp() / "home"
    monkeypatch.setenv("LATENTCODE_CACHE", str(home / "cache"))
    monkeypatch.setenv("XDG_DATA_HOME", str(home / "data"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / "config"))
    here = [str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, here)))


@pytest.fixture(autouse=True)
def _own_places(monkeypatch):
    """Where a test found files, in this process, is not where the next one looks for them."""
    monkeypatch.setattr(whereabouts, "_known", whereabouts.known())
    monkeypatch.setattr(whereabouts, "_places", whereabouts.places())


@pytest.fixture(autouse=True)
def _no_set_goes_on():
    yield
    if live := sys.modules.get("helpers.live_set"):
        live.end_all()


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

    from latentcode.models.card import Card
    from latentcode.models.families.raw import codec

    card = Card("tiny", "", "rawaudiovae", RATE, WINDOW, LATENT, UNITS, 16)
    network = codec.from_weights(card, {name: torch.from_numpy(array) for name, array in weights.items()})
    path = tmp_path_factory.mktemp("model") / "tiny.safetensors"
    codec.save(network, path, torch.float32)
    return str(path)


@pytest.fixture(scope="session")
def other_file(tmp_path_factory, model_file) -> str:
    """The small model with its decoder negated, and half as loud: other sounds for the same latents."""
    from dataclasses import replace

    import torch

    from latentcode.models.families.raw import codec
    from latentcode.models.family import load

    network = load(model_file).network
    weights = {name: weight.clone() for name, weight in network.layers.state_dict().items()}
    for name in ("fc4.weight", "fc4.bias"):
        weights[name] *= -0.5
    path = tmp_path_factory.mktemp("other") / "other.safetensors"
    codec.save(codec.from_weights(replace(network.card, name="other"), weights), path, torch.float32)
    return str(path)


@pytest.fixture
def model(model_file):
    import latentcode as lc

    return lc.load_model(model_file)


@pytest.fixture
def troubles():
    """What a performance has told of voices that failed."""
    return []


@pytest.fixture
def beyond():
    """What was silent as it could not be played: (voice, error)."""
    return []


@pytest.fixture
def perform(troubles, beyond):
    """Makes a performance: perform(decoder, store, **settings)."""
    from latentcode.set.performance import Performance
    from latentcode.synth.renderer import Renderer
    from latentcode.synth.settings import Settings

    def made(decoder=None, store=None, **settings):
        chosen = {
            "sample_rate": RATE,
            "model_rate": RATE,
            "window": WINDOW,
            "synthesis": "concat",
            **settings,
        }
        renderer = Renderer(Settings(**chosen), store or Sounds(), decoder or First(), troubles.append)
        renderer.beyond = lambda voice, error: beyond.append((voice, error))
        renderer.aside.seconds = 60.0  # of a busy machine: nothing is too slow but where a test is about that
        return Performance(renderer)

    return made


@pytest.fixture
def runtime_folder(monkeypatch):
    """A folder for sockets, of our own: the path of a test's folder may be too long for them, and
    what is shared instead holds the doors of others.
    """
    with tempfile.TemporaryDirectory(prefix="lc") as folder:
        monkeypatch.setenv("XDG_RUNTIME_DIR", folder)
        yield folder
