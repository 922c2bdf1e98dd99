"""What the engine answers when the desk asks, over a real player."""

from __future__ import annotations

import pickle
from itertools import count

import numpy as np
import pytest
import soundfile
from helpers.live_set import LiveSet
from helpers.waiting import until

import latentcode as lc
from latentcode.models import card_of
from latentcode.pictures import scope
from latentcode.sounds import cache
from latentcode.sounds.cache import Job


@pytest.fixture
def asked(tmp_path, model_file):
    """A set over a timer, and how it is asked."""
    live = LiveSet(tmp_path, model_file, driver="timer")

    def ask(number, *question):
        live.say("ask", number, *question)
        return until(lambda: next((m for m in live.messages if m[:2] == ("answer", number)), None), 10, live)[
            2
        ]

    yield live, ask
    if live.child.alive:
        live.child.process.kill()
    live.child.close()


def test_a_tone_is_seen_as_it_is_heard(asked, tmp_path):
    live, ask = asked
    tone = 0.4 * np.sin(2 * np.pi * 440 * np.arange(4 * 44100) / 44100)
    soundfile.write(tmp_path / "tone.wav", tone.astype(np.float32), 44100)
    live.block(f"d1 >> pure(path({str(tmp_path / 'tone.wav')!r})).plain()")
    until(lambda: live.state.peak[:1] > (0.1,), 15, lambda: live.messages)
    numbers = count(1)

    def seen():
        told = ask(next(numbers), "scope")
        assert told["rate"] == 44100
        sound = np.frombuffer(told["frames"], np.float32).reshape(-1, 2)
        return scope.MonitoredSound(sound, told["rate"])

    until(
        lambda: scope.peak_hz(seen()) == pytest.approx(440, abs=0.6)
    )  # when it has sounded for half a second
    heard = seen()
    np.testing.assert_array_equal(heard.frames[:, 0], heard.frames[:, 1])
    assert live.finish() == 0


def test_where_the_voices_are_and_what_is_encoded(asked, model_file):
    live, ask = asked
    card = card_of(model_file)
    live.block('d2 >> path("piano")')
    until(lambda: live.state.peak[:1] > (1e-3,), 20, lambda: live.messages)
    ((voice, (count, dimensions, data)),) = ask(1, "where").items()
    assert (voice, dimensions) == (1, card.latent_dim)
    rows = np.frombuffer(data, np.float32).reshape(count, dimensions)
    told = ask(2, "model")
    assert (told["file"], told["hop"], told["bpm"]) == (model_file, card.window // 2, 120.0)
    frames = cache.load(Job(lc.path("piano"), told["hop"], None).key(card.encoding))[0]
    assert all(np.abs(frames - row).max(axis=1).min() < 1e-5 for row in rows)
    job = Job(lc.path("oboe"), told["hop"], None)
    assert ask(3, "encode", pickle.dumps([job])) == ""
    until(lambda: cache.load(job.key(card.encoding)), 20, lambda: live.messages)
    assert live.finish() == 0
