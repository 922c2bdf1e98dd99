"""link and follow tell in a line what they do now."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from latentcode.prompt.controllers.timing import Together
from latentcode.prompt.replay import Collector
from latentcode.prompt.set_api import SetApi
from latentcode.protocol.messages import State
from latentcode.protocol.state import TimingState


class Kept(Collector):
    """A live sink whose engine joins Link when it is asked to."""

    live = True

    def __init__(self):
        super().__init__()
        self.told = State(bpm=120.0, midi=("drums_out",))

    def ask(self, message):
        if message.topic == "link" and message.values[0]:
            link = (self.others, 120.0, 0.0, 4, False, message.values[1])
            self.told = replace(self.told, timing=TimingState(link=link))

    def state(self):
        return self.told


@pytest.fixture
def sink():
    return Kept()


@pytest.mark.parametrize(("others", "said"), [(0, "alone"), (1, "1 other"), (2, "2 others")])
def test_link_tells_who_is_there(sink, others, said, monkeypatch):
    monkeypatch.setattr("latentcode.prompt.controllers.timing.find_spec", lambda name: True)
    sink.others = others
    assert str(Together(SetApi(sink)).link()).startswith(f"in Link, {said}, 120 bpm")
    assert Together(SetApi(sink)).link(False) is None


def test_follow_tells_what_it_waits_for(sink):
    follow = Together(SetApi(sink)).follow
    assert follow("drums") == "following 'drums' when its clock comes; follow() tells how it stands"
    assert follow("seq") == "following 'seq' when its clock comes; no input of that name is there yet"
    assert follow(False) is None
