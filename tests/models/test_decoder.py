from __future__ import annotations

import numpy as np
import pytest
import torch

from latentcode.errors import ModelError
from latentcode.models import decoder as decoder_room
from latentcode.models.decoder import BUCKETS, Decoder


@pytest.mark.parametrize("count", [0, 1, 15, 16, 17, 33, 65, 128, 129, 300])
def test_a_row_sounds_the_same_in_any_company(network, latents, count):
    decoder = Decoder(network, "cpu")
    assert np.array_equal(decoder.decode(latents[:count]), network.decode(latents)[:count])


def test_results_are_not_overwritten_by_the_next_call(network, latents):
    decoder = Decoder(network, "cpu")
    first = decoder.decode(latents[:4])
    kept = first.copy()
    decoder.decode(latents[4:8])
    assert np.array_equal(first, kept)


def test_buckets_that_disagree_are_given_up(network, latents, monkeypatch):
    class Drifting(decoder_room._CpuStep):
        def decode(self, rows, out):
            super().decode(rows, out)
            if len(self.latents) < 64:
                out += np.float32(1e-6)

    assert set(Decoder(network, "cpu").buckets) <= set(BUCKETS)
    monkeypatch.setattr(decoder_room, "_CpuStep", Drifting)
    decoder = Decoder(network, "cpu")
    assert set(decoder.buckets) <= {64, 128}
    assert 128 in decoder.buckets
    assert np.array_equal(decoder.decode(latents[:3]), network.decode(latents)[:3])


def test_a_bad_row_does_not_stay_in_the_buffers(network, latents):
    decoder = Decoder(network, "cpu")
    decoder.decode(np.full((16, 8), np.nan, np.float32))
    assert np.array_equal(decoder.decode(latents[:3]), network.decode(latents[:3]))


def test_threads_are_left_as_they_were(network, latents):
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        Decoder(network, "cpu").decode(latents)
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(before)


def test_devices(network):
    with pytest.raises(ModelError, match="'tpu'"):
        Decoder(network, "tpu")
    if not torch.cuda.is_available():
        with pytest.raises(ModelError, match="CUDA"):
            Decoder(network, "cuda")
