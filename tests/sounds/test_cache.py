"""What lies in the cache and is no frames of ours counts as not being there: the sound is encoded again."""

from __future__ import annotations

import io

import numpy as np
import pytest

import latentcode as lc
from latentcode.models.family import load
from latentcode.set.grabs import Grabs
from latentcode.sounds import cache
from latentcode.sounds.store import Store

FRAMES = np.ones((20, 8), np.float32)


def npy(array):
    made = io.BytesIO()
    np.save(made, array)
    return made.getvalue()


def npz(array):
    made = io.BytesIO()
    np.savez(made, array)
    return made.getvalue()


WHOLE = npy(np.stack([FRAMES, FRAMES]))
FOREIGN = {
    "empty": b"",
    "one byte": b"\x93",
    "its magic": WHOLE[:6],
    "half its header": WHOLE[:40],
    "no frames": WHOLE[:128],
    "cut off": WHOLE[:-4],
    "text": b"not at all",
    "a zip": npz(FRAMES),
    "the start of a zip": npz(FRAMES)[:50],
    "other dimensions": npy(np.ones((2, 20, 9), np.float32)),
    "other numbers": npy(np.ones((2, 20, 8), np.float64)),
    "one number": npy(np.float32(1)),
    "none": npy(np.ones((2, 0, 8), np.float32)),
    "huge": WHOLE.replace(b"(2, 20, 8)", b"(2, 9**9, 8)"[:10]),
    "zeros": bytes(4096),
}


@pytest.mark.parametrize("name", FOREIGN)
def test_what_is_no_frames_is_not_there_and_is_replaced(name):
    file = cache.folder() / "ours.npy"
    file.write_bytes(FOREIGN[name])
    assert cache.load("ours", 8) is None
    cache.save("ours", (FRAMES, None))
    found = cache.load("ours", 8)
    assert found is not None
    assert np.array_equal(found[0], FRAMES)
    assert found[1] is None


@pytest.mark.parametrize("name", FOREIGN)
def test_a_grab_that_is_damaged_does_not_keep_an_engine_from_starting(name, tmp_path):
    (tmp_path / "1.npy").write_bytes(FOREIGN[name])
    (tmp_path / "2.npy").write_bytes(npy(np.ones(100, np.float32)))
    grabs = Grabs(44100, 44100, tmp_path, again=True)
    assert "2" in grabs._known
    assert "1" not in grabs._known


def test_a_render_finds_what_another_has_encoded_and_found_and_keeps_no_array():
    def store():
        codec = CountingCodec()
        return Store(codec, cached=True), codec

    cello, array = lc.path("cello"), lc.path(np.ones(4000, np.float32))
    (first, codec), (later, idle) = store(), store()
    made = first.frames(cello, 1024), first.ring(cello), first.frames(array, 1024)
    again = later.frames(cello, 1024), later.ring(cello)
    assert codec.encoded == 2
    assert not idle.encoded
    assert np.array_equal(made[0][0], again[0][0])
    assert (made[1].start, made[1].path.sound) == (again[1].start, again[1].path.sound)
    later.frames(array, 1024)
    assert idle.encoded == 1


class CountingCodec:
    """Its frames are the levels of windows."""

    def __init__(self):
        self.card, self.encoded = lc.load_model("small").card, 0

    def encode(self, samples, hop, report=None):
        self.encoded += 1
        return np.abs(samples[::hop, None]) * np.ones(self.card.latent_dim, np.float32), None


def test_a_model_at_a_rate_that_was_said_has_frames_of_its_own(model_file, tmp_path, monkeypatch):
    monkeypatch.setenv("LATENTCODE_CACHE", str(tmp_path))
    path = lc.path("cello")
    for rate in (44100, 32000, 44100):  # two sets with one cache
        codec = load(model_file, rate)
        kept = Store(codec, cached=True).frames(path, 512)
        assert np.array_equal(kept[0], Store(codec).frames(path, 512)[0])
