"""Voices that several processes share have the samples that one gives them."""

from __future__ import annotations

import os
import signal

import numpy as np
import pytest

from latentcode.offline import sharing
from latentcode.offline.performed import performed, telling
from latentcode.offline.playing import play_offline
from latentcode.prompt.again import asked_again
from latentcode.session.journal import read_session

SET = """# latentcode session 1
# @ seed 3  rate 44100  buffer 256  bpm 240  headroom 6  lasting 1  model_file {model}
# @ 1 0
d1 >> s("cello*4"); d2 >> s("kick*2").gain(cc(7)); d3 >> plain("hat*8").degrade_by(.5)
d2.fx(delay(.1, .5, .4)); d4 >> {last}; scene("a")
# @ 2 20000
d1.morph(2) >> s("flute*3"); d3.stop(); d2.morph(1) >> s("snare*3")
# @ 3 40000
once(plain("kick")); d2.gain(.5); undo()
# @ 4 60000
go("a"); keys(d1, s("vibes").release(.2))
# @ 5 70000
d3 >> plain("hat*4"); undo(); back()
# @ in cc:7 15000 0.9
# @ in note:60@keys/1 80000 0.8
# @ in note:60@keys/1 90000 0.0
# @ restart 95000
# @ end 110000
"""


@pytest.fixture
def session(tmp_path, model_file):
    """A session of a text, of which everything is worth sharing."""

    def made(last: str = 's("choir*2")'):
        (path := tmp_path / "set.py").write_text(SET.format(model=model_file, last=last))
        found = read_session(path)
        return found, asked_again(found, lambda text: None)

    return made


@pytest.fixture(autouse=True)
def _worth(monkeypatch):
    monkeypatch.setattr(sharing, "WORTH", 1.0)


def rendered(session, commands, processes, said):
    blocks = play_offline(session, commands, said.append, processes=processes)
    return np.concatenate(list(blocks))


def test_the_samples_are_those_of_one_process(session):
    found, commands = session()
    assert [part[:2] for part in sharing.shares(found, commands, found.end, 3)] == [(0, 3), (1, 4), (2, 5)]
    told: tuple[list[str], list[str]] = [], []
    alone, shared = (rendered(found, commands, count, said) for count, said in zip((1, 2), told, strict=True))
    assert np.abs(alone).max() > 0.01
    np.testing.assert_array_equal(alone, shared)
    assert told[0] == told[1]


def test_of_voices_that_are_not_heard_it_is_known_what_they_play(session):
    found, commands = session()
    whole, part = (
        performed(found, commands, telling(pytest.fail, 44100), voices=voices) for voices in (range(16), (1,))
    )
    for _ in range(0, found.end, 512):
        sound = whole.render(512)[2:4]
        np.testing.assert_array_equal(part.render(512)[2:4], sound)
        plays, known = ([_known(voice) for voice in one.renderer.voices] for one in (whole, part))
        assert known == plays


def _known(voice):
    """What a voice plays, what is to take over, and what it played before."""
    pending = voice.pending and (voice.pending.part, voice.pending.cycle)
    return [
        part and part.digest for part in (voice.playing, pending and pending[0], *voice.past)
    ], pending and pending[1]


@pytest.mark.parametrize("how", ["a pattern fails", "a process is killed"])
def test_where_they_cannot_go_on_one_process_does_all(session, monkeypatch, how):
    found, commands = session(
        's("choir").fmap(lambda v: 1 / 0)' if how == "a pattern fails" else 's("choir")'
    )
    started = []
    begin = sharing.start

    def start(*args, **named):
        started.append(child := begin(*args, **named))
        if how == "a process is killed":
            os.kill(child.process.pid, signal.SIGKILL)
        return child

    monkeypatch.setattr(sharing, "start", start)
    alone = rendered(found, commands, 1, [])
    np.testing.assert_array_equal(rendered(found, commands, 2, []), alone)
    assert all(not child.alive for child in started)
    assert len(started) == 2
