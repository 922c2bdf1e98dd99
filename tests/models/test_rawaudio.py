from __future__ import annotations

import numpy as np
import pytest
import torch

from latentcode.errors import ModelError
from latentcode.models import packed
from latentcode.models.families.raw.network import RawAudioVAE


def test_decode_is_the_published_network(network, latents):
    weights = {name: weight.numpy() for name, weight in network.layers.state_dict().items()}
    hidden = np.maximum(latents @ weights["fc3.weight"].T + weights["fc3.bias"], 0)
    expected = np.tanh(hidden @ weights["fc4.weight"].T + weights["fc4.bias"])
    np.testing.assert_allclose(network.decode(latents), expected, atol=1e-5)


def test_encode_gives_mean_and_log_variance(network):
    windows = np.random.default_rng(2).uniform(-1, 1, (5, 64)).astype(np.float32)
    weights = {name: weight.numpy() for name, weight in network.layers.state_dict().items()}
    hidden = np.maximum(windows @ weights["fc1.weight"].T + weights["fc1.bias"], 0)
    mean, logvar = network.encode(windows)
    np.testing.assert_allclose(mean, hidden @ weights["fc21.weight"].T + weights["fc21.bias"], atol=1e-5)
    np.testing.assert_allclose(logvar, hidden @ weights["fc22.weight"].T + weights["fc22.bias"], atol=1e-5)


@pytest.mark.parametrize("count", [0, 1, 2, 15, 16, 127, 128, 129, 300])
def test_rows_do_not_depend_on_how_many_come_together(network, latents, count):
    together = network.decode(latents)
    assert np.array_equal(network.decode(latents[:count]), together[:count])
    windows = together[:count]
    assert np.array_equal(network.encode(windows)[0], network.encode(together)[0][:count])


def test_the_callers_threads_and_gradients_are_left_as_they_were(network, latents):
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        network.decode(latents)
        network.encode(network.decode(latents))
        assert torch.get_num_threads() == 2
        assert torch.is_grad_enabled()
        assert not torch.is_inference_mode_enabled()
    finally:
        torch.set_num_threads(before)


def test_other_number_types_are_taken(network, latents):
    assert np.array_equal(network.decode(latents[:3].astype(np.float64)), network.decode(latents[:3]))
    assert network.decode(latents[::2]).dtype == np.float32


@pytest.mark.parametrize("shape", [(8,), (3, 9), (1, 3, 8)])
def test_a_wrong_shape_is_named(network, shape):
    with pytest.raises(ModelError, match=r"\(N, 8\)"):
        network.decode(np.zeros(shape, np.float32))


def test_without_onednn_the_sound_is_the_same(network, latents, monkeypatch):
    monkeypatch.setattr(packed, "_packed", lambda weight: None)
    plain = RawAudioVAE(network.card, network.layers)
    np.testing.assert_allclose(plain.decode(latents), network.decode(latents), atol=2e-6)
    assert np.array_equal(plain.decode(latents[:3]), plain.decode(latents)[:3])
