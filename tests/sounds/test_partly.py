"""Sounds of which only those frames are encoded that are heard."""

from __future__ import annotations

import numpy as np
import pytest

import latentcode as lc
from latentcode.sounds.partly import MANY, Spans


@pytest.fixture
def sound(model) -> np.ndarray:
    return np.random.default_rng(1).standard_normal(3 * MANY).astype(np.float32) * 0.1


def test_frames_are_those_of_the_whole_sound(model, sound):
    whole = model.codec.encode(sound, 1)
    numbers = np.array([0, 1, 127, 128, 5, len(whole[0]) - 1, 5])
    for found, wanted in zip(Spans(model.codec, sound, 1).frames(), whole, strict=True):
        assert len(found) == len(wanted)
        assert np.array_equal(found[numbers], wanted[numbers])
        assert np.array_equal(found[300:900][numbers[:5]], wanted[300:900][numbers[:5]])
        assert np.array_equal(np.asarray(found), wanted)


def test_a_sound_extended_hundreds_of_times_is_not_encoded_to_its_end(model, sound, monkeypatch):
    extended, encoded, codec = lc.extend(model.encode(sound), factor=4096), [], model.codec
    encode = codec.encode_part
    monkeypatch.setattr(codec, "encode_part", lambda *given: encoded.append(given[2]) or encode(*given))
    monkeypatch.setattr(codec, "encode", lambda *given: pytest.fail("all of it was encoded"))
    lc.render(extended, seconds=0.1, model=model)
    assert 0 < sum(map(len, encoded)) <= 1024


def test_a_path_has_all_its_frames_as_an_array(model, sound):
    mean = model.encode(sound, hop=1).mean
    assert isinstance(mean, np.ndarray)
    assert len(mean) > MANY
