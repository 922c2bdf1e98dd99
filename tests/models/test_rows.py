from __future__ import annotations

import numpy as np
import pytest
import torch

from latentcode.errors import ModelError
from latentcode.models import rows as rows_room
from latentcode.models.families.raw.codec import RawDecoder
from latentcode.models.rows import BUCKETS, SLAB, CachedRows, Rows


@pytest.mark.parametrize("count", [0, 1, 15, 16, 17, 33, 65, 128, 129, 300])
def test_a_row_sounds_the_same_in_any_company(network, latents, count):
    decoder = RawDecoder(network, "cpu")
    assert np.array_equal(decoder.decode(latents[:count]), network.decode(latents)[:count])


def test_results_are_not_overwritten_by_the_next_call(network, latents):
    decoder = RawDecoder(network, "cpu")
    first = decoder.decode(latents[:4])
    kept = first.copy()
    decoder.decode(latents[4:8])
    assert np.array_equal(first, kept)


def test_buckets_that_disagree_are_given_up(network, latents, monkeypatch):
    class Drifting(rows_room._CpuStep):
        def take(self, rows, out):
            super().take(rows, out)
            if len(self.inputs) < 64:
                out += np.float32(1e-6)

    assert set(RawDecoder(network, "cpu").buckets) <= set(BUCKETS)
    monkeypatch.setattr(rows_room, "_CpuStep", Drifting)
    decoder = RawDecoder(network, "cpu")
    assert set(decoder.buckets) <= {64, 128}
    assert 128 in decoder.buckets
    assert np.array_equal(decoder.decode(latents[:3]), network.decode(latents)[:3])


def test_a_bad_row_does_not_stay_in_the_buffers(network, latents):
    decoder = RawDecoder(network, "cpu")
    decoder.decode(np.full((16, 8), np.nan, np.float32))
    assert np.array_equal(decoder.decode(latents[:3]), network.decode(latents[:3]))


def test_threads_are_left_as_they_were(network, latents):
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        RawDecoder(network, "cpu").decode(latents)
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(before)


def test_devices(network):
    with pytest.raises(ModelError, match="'tpu'"):
        RawDecoder(network, "tpu")
    if not torch.cuda.is_available():
        with pytest.raises(ModelError, match="CUDA"):
            RawDecoder(network, "cuda")


def test_known_rows_are_the_same_bits_and_take_no_network(network, latents):
    asked = []
    rows = Rows(lambda given: given * 3 + 1, (8, 8), "cpu")

    class Counting(Rows):
        def __init__(self):
            self.sizes = rows.sizes

        def __call__(self, given):
            asked.append(len(given))
            return rows(given)

    cached = CachedRows(Counting(), most=SLAB)
    for part, taken in ((latents[:40], [40]), (latents[20:60], [20]), (latents[:60], []), (latents[:0], [])):
        asked.clear()
        found = cached(part)
        assert np.array_equal(found, rows(part))
        found[:] = 0  # what was given away is not what is kept
        assert [count for count in asked if count] == taken
    twice = np.concatenate([latents[60:70]] * 30)  # more than a slab, most of them the same
    assert np.array_equal(cached(twice), rows(twice))
    many = np.random.default_rng(1).standard_normal((3 * SLAB, 8)).astype(np.float32)
    assert np.array_equal(cached(many), rows(many))
    assert len(cached._made) == SLAB
    asked.clear()
    cached(latents[:40])
    assert sum(asked) == 40  # long forgotten
