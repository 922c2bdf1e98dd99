from __future__ import annotations

import pytest
from engine_parts import RATE, WINDOW, First, Sounds

from latentcode.set.performance import Performance
from latentcode.synth.renderer import Renderer, Settings


@pytest.fixture
def troubles():
    return []


@pytest.fixture
def beyond():
    """What was silent as it could not be played: (voice, error)."""
    return []


@pytest.fixture
def perform(troubles, beyond):
    """Makes a performance: perform(decoder, store, **settings)."""

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
        return Performance(renderer)

    return made
