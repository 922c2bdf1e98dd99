"""The engine's side of the sound, without a player."""

from __future__ import annotations

import threading
from types import SimpleNamespace

import pytest
from helpers.waiting import until

from latentcode.engine.sound import PlayerLink
from latentcode.protocol.player_messages import Device, Dry, Ready


def link_of(heard):
    link = PlayerLink.__new__(PlayerLink)
    link._heard, link._offset, link._counts = heard.append, 0, False
    link._early, link._telling, link._ready = [], threading.RLock(), threading.Event()
    link.ring = SimpleNamespace(playhead=100000, buffer=256, reset=lambda sample: None)
    link.wall = SimpleNamespace(restart=lambda: None)
    return link


def test_a_player_that_another_replaces_before_the_set_goes_on_has_the_sample_at_which_it_does():
    """A sample of the player's own, in a journal, is anywhere: all that follows would replay otherwise."""
    heard = []
    link = link_of(heard)
    ready = Ready(44100, 1024, "jack", "jack, 44100 Hz", 2)
    link._ready.set()
    link._hear(ready)
    link._hear(Device("changed", "jack", 99000, 2, 256))
    assert heard == []
    link.begin(10767360, 1000)
    until(lambda: len(heard) == 3)
    assert heard[0] == ("started", 10767360)
    assert heard[2] == ("device", "changed", "jack", 10767360 - (101120 - 99000), 2, 256)


@pytest.mark.parametrize(("statuses", "started"), [([-7, -11], 3), ([-7, -7, -7, -7], 3), ([1], 1)])
def test_another_player_is_tried_where_the_first_crashes_before_it_is_ready(monkeypatch, statuses, started):
    players = []

    class Player:
        def __init__(self):
            self.wire = self
            players.append(self)

        def receive(self):
            raise EOFError

        def close(self):
            return statuses[len(players) - 1]

    link = link_of([])
    link._closing, link._crashes = False, 0
    monkeypatch.setattr(PlayerLink, "_start", lambda self, sample: Player())
    monkeypatch.setattr(PlayerLink, "_follow", lambda self, player: followed.append(player))
    followed = [Player()]
    while followed and len(players) <= len(statuses):  # one that lives is not heard to its end
        link._listen(followed.pop())
    assert len(players) == started


def test_what_was_dry_before_the_set_begins_is_none_of_it():
    heard = []
    link = link_of(heard)
    link._hear(Dry(0, 12031))  # the desk has said nothing yet, for as long as it likes
    link.begin(0, 1000)
    link._hear(Dry(96000, 101119))
    link._hear(Dry(102000, 102255))
    assert heard == [("dry", 96000 - 101120, -1), ("dry", 880, 1135)]
