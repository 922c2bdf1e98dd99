"""Observers beside the one desk: they hear what it hears, and say nothing."""

from __future__ import annotations

from helpers.live_set import LiveSet
from helpers.waiting import until

from latentcode.protocol import wire
from latentcode.protocol.messages import Ask, Attach, Begin, Hello, Observe, State
from latentcode.protocol.observing import Look, ToObserver
from latentcode.testing.spoken import spoken


class Observer:
    """Calls at a door, and keeps what it hears until it has heard enough."""

    def __init__(self, door) -> None:
        self.line = wire.call(door, ToObserver)
        self.line.send(Observe())

    def sees(self) -> Look:
        """The next that it is shown of what is heard."""
        while not isinstance(found := self.line.receive(), Look):
            pass
        return found

    def hears(self, kind: str, *values, most: int = 400) -> tuple:
        """The next message of a kind that begins with these values."""
        for _ in range(most):
            if not self.line.poll(20.0):
                break
            message = spoken(self.line.receive())
            assert message[0] != "answer"
            if message[: 1 + len(values)] == (kind, *values):
                return message
        raise AssertionError(f"no {kind}")


def test_an_observer_hears_the_set_and_says_nothing(tmp_path, model_file):
    door = tmp_path / "door"
    live = LiveSet(tmp_path, model_file, "--door", str(door), driver="timer")
    one, other = Observer(door), Observer(door)
    assert one.hears("hello") == other.hears("hello") == spoken(live.info)
    one.line.send(Ask(1, "model"))
    assert "listens" in one.hears("notice")[1]
    one.line.send(Begin())
    live.say("ask", 7, "model")
    live.wait("answer")  # of the desk alone
    live.block('d1 >> s("kick*4")')
    for observer in (one, other):
        assert [target for target, *_ in observer.hears("accepted", live._number)[2]] == ["d1"]
    until(lambda: live.state.voices, 30, lambda: live.messages)
    while not (state := State(*one.hears("state")[1:])).voices:
        pass
    assert state.voices[0].index == 0
    other.line.send(Observe(sliders=True))  # … is told where sliders stand, and nothing of what is heard
    told = []
    while told[-1:] != ["sliders"]:
        told.append(spoken(other.line.receive())[0])
    assert "look" not in told
    one.line.send(Observe(looks=True))  # … and is shown what is heard, when it asks for that
    until(lambda: max(one.sees().voices[0] for _ in range(3)) > 0.01, 30)
    one.line.send(Observe(looks=True))  # said again: what sounds is told again
    looks = [one.sees() for _ in range(60)]
    assert {(voice, name) for look in looks for _, voice, _, _, _, name in look.notes} == {(0, "kick")}
    assert len({len(latent) for look in looks for _, latent in look.latents}) == 1
    before, after = looks[-2:]
    assert after.heard - before.heard < live.info.sample_rate
    assert len(after.sound) == 8 * (len(after.sound) // 8) > 0
    one.line.close()
    live.block("d1 >> silence")  # who leaves is not missed
    other.hears("accepted", live._number)
    assert not live.complaints
    assert live.finish() == 0
    other.line.close()


def test_an_observer_can_become_no_desk_and_one_that_takes_nothing_is_let_go_of(tmp_path, model_file):
    door = tmp_path / "door"
    live = LiveSet(tmp_path, model_file, "--door", str(door), driver="timer")
    one = Observer(door)
    assert isinstance(one.line.receive(), Hello)
    one.line.send(Attach())
    assert "listens" in one.hears("notice")[1]
    deaf = Observer(door)
    for _ in range(40):
        live.child.wire.send(Ask(3, "scope"))
    live.block("x = 1")
    live.block("d2 >> s('snare')")  # who does not listen holds up nobody
    assert live.finish() == 0
    for observer in (one, deaf):
        observer.line.close()
