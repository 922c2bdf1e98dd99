"""The latent map of the stage: clouds of the sounds that were told, and voices among them."""

from __future__ import annotations

import numpy as np

from latentcode.latents.path import Path
from latentcode.models import card_of
from latentcode.sounds import cache
from latentcode.sounds.cache import Job
from latentcode.stage.space import Space

HEADER = {"model_file": "default", "hop": "512", "synthesis": "overlap"}


def test_voices_stand_where_their_sounds_lie(tmp_path, monkeypatch):
    monkeypatch.setattr(cache, "place", lambda: tmp_path)
    random = np.random.default_rng(1)
    places = {"low:1": -5.0, "low:2": -4.0, "high:1": 5.0}
    for name, place in places.items():
        rows = random.normal(place, 0.1, (50, 16)).astype(np.float32)
        job = Job(Path(name=name, sound=name), 512, None)
        cache.save(job.key(card_of("default").encoding), (rows, None), tmp_path)
    space = Space(HEADER)
    assert not space.add([("unknown", "abc")])
    assert space.voices([(0, bytes(64))]) == []
    assert space.add([(name, name) for name in places])
    clouds = {cloud["name"]: np.array(cloud["points"]) for cloud in space.told()["clouds"]}
    assert set(clouds) == {"low", "high"}
    assert all(cloud.min() >= 0 and cloud.max() <= 1 for cloud in clouds.values())
    high = np.full(16, 5.0, np.float32).tobytes()
    ((voice, x, y),) = space.voices([(3, high), (4, bytes(12))])  # one of another model is left out
    assert voice == 3
    assert np.abs(np.median(clouds["high"], axis=0) - (x, y)).max() < 0.2
    assert np.abs(np.median(clouds["low"], axis=0) - (x, y)).max() > 0.5


def test_without_a_model_there_is_no_map():
    for header in ({}, {"model_file": "/nowhere/x.safetensors", "hop": "512"}, {**HEADER, "hop": "x"}):
        assert not Space(header).add([("cello", "abc")])
