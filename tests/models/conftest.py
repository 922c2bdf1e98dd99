from __future__ import annotations

import numpy as np
import pytest
import torch

from latentcode.models.card import Card
from latentcode.models.families.raw.network import Layers, RawAudioVAE

WINDOW, UNITS, LATENT = 64, 48, 8


@pytest.fixture
def layers():
    torch.manual_seed(3)
    return Layers(WINDOW, UNITS, LATENT)


@pytest.fixture
def network(layers):
    card = Card("small", "", "rawaudiovae", 22050, WINDOW, LATENT, UNITS, 32, (("snr_db", "3.0"),))
    return RawAudioVAE(card, layers)


@pytest.fixture
def latents():
    return np.random.default_rng(1).standard_normal((300, LATENT)).astype(np.float32)


@pytest.fixture
def one_thread():
    """Small steps wait for each other on a busy machine; one thread also gives the same bits each time."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)
