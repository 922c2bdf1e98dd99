"""What the player reports and the journal keeps of it."""

from __future__ import annotations

import math
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import soundfile

from latentcode.engine.player_reports import PlayerReports
from latentcode.engine.takes import Takes
from latentcode.session.records import Device, Dry, Recording, Take


def reports(span=lambda: (0, math.inf), fit=None, takes=None):
    """What hears a player, and what is noted."""
    noted, said = [], []
    live = SimpleNamespace(
        journal=SimpleNamespace(note=noted.append), desks=SimpleNamespace(notice=said.append)
    )
    departures = SimpleNamespace(sender=SimpleNamespace(reopen=lambda: None))
    sound, lead = SimpleNamespace(buffer=8192, rate=44100), SimpleNamespace(fit=fit)
    takes = takes or Takes(lambda *asked: None, said.append)
    return PlayerReports(live, sound, lead, departures, takes, span, None), noted


def test_a_dry_span_that_is_open_at_the_end_is_noted_as_far_as_the_set_goes():
    end = [math.inf]
    heard, noted = reports(lambda: (0, end[0]))
    heard.hear(("dry", -700, -1))
    heard.hear(("dry", 1000, 1255))
    end[0] = 4999
    heard.hear(("dry", 4096, 48000))
    heard.hear(("dry", 5120, 48000))
    assert noted == [Dry(1000, 1255), Dry(4096, 4999)]


def test_what_was_dry_before_an_engine_took_over_was_heard_from_another():
    heard, noted = reports(lambda: (48000, math.inf))
    heard.hear(("dry", 9000, 47999))
    heard.hear(("dry", 9000, 50000))
    assert noted == [Dry(48000, 50000)]


def test_another_device_and_another_player_have_the_lead_that_their_buffers_need():
    fits = []
    heard, noted = reports(fit=lambda: fits.append(1))
    heard.hear(("device", "back", "jack", 4096, 2, 128))
    heard.hear(("started", 9000))
    assert len(fits) == 2
    assert noted == [Device(4096, 128), Device(9000, 8192)]


@pytest.mark.parametrize("leaves", [False, True], ids=["died", "was told to end"])
@pytest.mark.parametrize("ended_meanwhile", [False, True])
def test_a_recording_goes_on_beside_what_a_player_that_has_gone_has_left(tmp_path, ended_meanwhile, leaves):
    asked, said, first = [], [], str(tmp_path / "take.wav")
    takes = Takes(lambda *more: asked.append(more), said.append)
    heard, noted = reports(fit=lambda: None, takes=takes)
    takes.record(first, stems=True)
    heard.hear(("recording", first, 512))
    soundfile.write(first, np.zeros((300, 2)), 44100)
    if leaves:
        heard.hear(("ending", 800, 0.5))
        heard.hear(("recorded", first, 512, 300))
    heard.hear(("player", "ended"))
    assert noted == [Take(512, first), Recording(512, 300, first)]
    if ended_meanwhile:
        takes.record(None)
    heard.hear(("started", 9000))
    expected = (None, False, False) if ended_meanwhile else (str(tmp_path / "take-2.wav"), True, False)
    assert asked == [(first, True, False), expected]
    assert said == ([] if ended_meanwhile else ["the recording goes on in take-2.wav"])
    assert Path(asked[-1][0] or first).exists()
