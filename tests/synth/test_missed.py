"""Sounds that were not encoded in time: live they are left out, and a replay leaves out the same."""

from __future__ import annotations

import numpy as np
import pytest
from helpers.toy_sounds import LATENT, RATE, WINDOW, First, Sounds

import latentcode as lc
from latentcode.sounds.store import NotEncodedError
from latentcode.synth.context import ALL
from latentcode.synth.keyboard import Keyboard
from latentcode.synth.keyed import KeyVoice, Press, Wheel
from latentcode.synth.renderer import Renderer
from latentcode.synth.settings import Settings

LEVELS = {"cello": 0.5, "violin": 0.25, "tuba": 0.125}


class Late(Sounds):
    """A store in which some sounds are not there yet; each name has a level of its own."""

    def __init__(self, *late: str) -> None:
        super().__init__(200)
        self.late = late

    def frames(self, path, hop, length=None):
        if path.name in self.late:
            raise NotEncodedError(f"{path.name} is still being encoded")
        mean, logvar = super().frames(path, hop, length)
        return np.full_like(mean, LEVELS[path.name]), logvar


def renderer_of(*late):
    settings = Settings(RATE, RATE, WINDOW, seed=1, latent_dim=LATENT)
    renderer = Renderer(settings, Late(*late), First(), lambda trouble: pytest.fail(str(trouble)))
    renderer.missed.report = lambda *what: renderer.said.append(what)
    renderer.said = []
    return renderer


def heard(renderer, pattern, blocks=200):
    renderer.play(0, pattern, None, 0)
    return np.concatenate([renderer.render(512)[0] for _ in range(blocks)])


CHORDS = lc.s("[cello,violin,tuba,violin] cello")


def test_what_is_missed_is_left_out_alone_and_again_in_a_replay():
    live = renderer_of("violin")
    first = heard(live, CHORDS)
    assert np.array_equal(first, heard(renderer_of(), lc.s("[cello,tuba] cello")))
    assert {(voice, sample) for voice, sample, *_ in live.said} == {(0, 0), (0, 2 * RATE)}
    replay = renderer_of()
    for voice, sample, name, _ in live.said:
        replay.missed.known.setdefault((voice, sample), set()).add(name)
    assert np.array_equal(heard(replay, CHORDS), first)


def test_journals_of_before_leave_out_all_that_begins_at_the_sample():
    replay = renderer_of()
    replay.missed.known[0, 0] = {ALL}
    assert not heard(replay, CHORDS, 80).any()


def test_a_chord_under_a_key_misses_what_is_not_there_alone():
    def struck(renderer):
        voice = KeyVoice(renderer.beside(0))
        voice.set(Keyboard(lc.s("[cello,violin]")))
        press = Press(60.0, 1.0, 0, Wheel(RATE))
        voice.notes.append(press)
        voice.plan(0, 512)
        return len(press.layers)

    live = renderer_of("violin")
    assert struck(live) == 1
    replay = renderer_of()
    replay.missed.known[0, 0] = {live.said[0][2]}
    assert struck(replay) == 1
