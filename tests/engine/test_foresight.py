"""What patterns need later is encoded while they play."""

from __future__ import annotations

import time

import pytest
from helpers.toy_sounds import LATENT, RATE, WINDOW, First, Sounds

import latentcode as lc
from latentcode.engine import foresight
from latentcode.set.grabs import Grabs
from latentcode.synth.renderer import Renderer
from latentcode.synth.settings import Settings


class Asked(Sounds):
    """A store and an encoder: what is asked of it is there from then on."""

    def __init__(self):
        super().__init__(20)
        self.there = {"cello"}

    def gatherer(self):
        return Gatherer(self)

    def request(self, name, ahead):
        self.there.add(name)


class Gatherer:
    model = None

    def __init__(self, store):
        self.store, self.missing = store, {}

    def frames(self, path, hop, length=None):
        if path.name not in self.store.there:
            self.missing[path.name] = path.name
        return self.store.frames(path, hop, length)

    def samples(self, path, rate):
        return self.store.samples(path, rate)

    def read(self):
        pass


@pytest.fixture
def set_of(monkeypatch):
    """A set that plays a pattern, and what looks ahead of it."""
    monkeypatch.setattr(foresight, "LOOK", 0.005)
    begun = []

    def make(pattern):
        store = Asked()
        settings = Settings(RATE, RATE, WINDOW, seed=1, bpm=240, latent_dim=LATENT)
        renderer = Renderer(settings, store, First(), lambda trouble: None)
        renderer.play(0, pattern, None, 0)
        renderer.render(512)
        ahead = foresight.Foresight(renderer, store, Grabs(RATE, RATE), store)
        ahead.start()
        begun.append(ahead)
        return renderer, store

    yield make
    for one in begun:
        one.close()


def there(store, name, seconds=30):
    end = time.monotonic() + seconds
    while name not in store.there and time.monotonic() < end:
        time.sleep(0.01)
    return name in store.there


def test_a_sound_beyond_the_trial_is_asked_for_before_it_is_due(set_of):
    renderer, store = set_of(lc.s("<cello!20 [cello,violin]>"))
    renderer.position = 10 * RATE  # the violin comes ten seconds, and cycles, later
    assert there(store, "violin")


def test_what_is_far_away_waits(set_of):
    _, store = set_of(lc.s("<cello!40 violin>"))
    assert not there(store, "violin", 0.3)


def test_a_mistake_in_the_future_ends_nothing(set_of):
    renderer, store = set_of(lc.s("<cello!15 missing [cello,violin]>"))
    renderer.position = 8 * RATE
    assert there(store, "violin")


def test_functions_of_the_musician_are_not_called_ahead(set_of):
    called = []

    def noted(value):
        called.append(value)
        return value

    renderer, _ = set_of(lc.s("<cello!20 violin>").fmap(noted))
    before = len(called)
    renderer.position = 8 * RATE
    time.sleep(0.2)
    assert len(called) == before
