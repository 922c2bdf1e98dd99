"""Block, hop and lead: chosen where the musician has chosen nothing, and kept for replays."""

from __future__ import annotations

import argparse

import pytest

from latentcode.engine.latency import LOW, USUAL, settle
from latentcode.errors import EngineError
from latentcode.models.card import Card
from latentcode.prompt.options import Options
from latentcode.prompt.replay import as_it_was
from latentcode.session.journal import Session

CARD = Card("windows", "", "rawaudiovae", 44100, 1024, 8, 16, 128)
CENTRED = Card("bins", "", "spectral", 44100, 2048, 8, 0, 512, kind="spectral", hops=(512, 256))


def settled(synthesis="overlap", card=CARD, **given):
    names = {"buffer": None, "block": None, "lead": None, "hop": None, "low_latency": False}
    options = argparse.Namespace(**(names | given), synthesis=synthesis)
    settle(options, card)
    return options


def test_what_is_left_open_is_the_usual_or_the_low_latency():
    usual, low = settled(), settled(low_latency=True)
    assert (usual.buffer, usual.block, usual.lead, usual.hop) == (256, 512, USUAL.lead, 512)
    assert (low.buffer, low.block, low.lead, low.hop) == (128, 256, LOW.lead, 256)


def test_frames_that_are_no_windows_have_hops_of_their_own():
    assert settled(card=CENTRED).hop == 512
    assert settled(card=CENTRED, low_latency=True).hop == 256
    assert settled(card=CENTRED, hop=256).hop == 256


def test_what_is_given_holds():
    low = settled(low_latency=True, lead=30.0, hop=512)
    assert (low.lead, low.hop, low.buffer) == (30.0, 512, 128)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"hop": 300}, "divides the model's window of 1024 samples, and is not 300; try 512, 256, 128"),
        ({"hop": 1024}, "try 512"),
        ({"hop": 256, "synthesis": "concat"}, "end to end"),
        ({"block": 1}, "from 32 to 8192"),
        ({"card": CENTRED, "hop": 1024}, "is one of 512, 256, not 1024"),
        ({"card": CENTRED, "synthesis": "concat"}, 'model="raw"'),
    ],
)
def test_what_cannot_be_is_said(given, said):
    with pytest.raises(EngineError, match=said):
        settled(**given)


def test_a_replay_takes_what_the_set_was_played_with():
    then = as_it_was(Session({"block": "256", "hop": "256", "buffer": "128"}), Options())
    assert (then.block, then.hop, then.buffer) == (256, 256, 128)
    old = as_it_was(Session({}), Options())
    assert (old.block, old.hop, old.buffer) == (512, None, 256)


def test_the_engine_is_told_what_was_chosen():
    words = Options(low_latency=True, hop=256, block=128).arguments()
    assert words[-1] == "--low-latency"
    assert " ".join(words).count("--hop 256") == " ".join(words).count("--block 128") == 1
