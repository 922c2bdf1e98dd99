"""The engine's side of the sound, without a player."""

from __future__ import annotations

from types import SimpleNamespace

from latentcode.engine.sound import PlayerLink
from latentcode.protocol.player_messages import Dry


def test_what_was_dry_before_the_set_begins_is_none_of_it():
    heard = []
    link = PlayerLink.__new__(PlayerLink)
    link._heard, link._offset, link._counts = heard.append, 0, False
    link.ring = SimpleNamespace(playhead=100000, buffer=256, reset=lambda sample: None)
    link.wall = SimpleNamespace(restart=lambda: None)
    link._hear(Dry(0, 12031))  # the desk has said nothing yet, for as long as it likes
    link.begin(0, 1000)
    link._hear(Dry(96000, 101119))
    link._hear(Dry(102000, 102255))
    assert heard == [("dry", 96000 - 101120, -1), ("dry", 880, 1135)]
