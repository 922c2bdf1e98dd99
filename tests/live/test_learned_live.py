"""Controls, gestures and learned spaces: what was heard is what the journal gives, without the files it read."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from helpers.live_set import heard_again
from helpers.waiting import until

from latentcode.prompt.link import Link
from latentcode.prompt.options import Options
from latentcode.prompt.replay import Replay
from latentcode.prompt.session import Desk
from latentcode.session.journal import read_session

pytestmark = pytest.mark.timeout(600)
KNOB, OTHER = "cc:21@nano/1", "cc:22@nano/1"


def sweep(begin, end, count=12):
    return [float(value) for value in np.linspace(begin, end, count)]


def taken(live, cycles=1.6):
    """Wait until a gesture of a cycle, from the next beat on, has been taken."""
    begun = live.link.state.cycle
    until(lambda: live.link.state.cycle > begun + cycles, 60)
    until(lambda: not live.link.state.capturing, 60)


def sounding(live, voice):
    """Wait until a voice sounds, its sound encoded."""
    until(lambda: voice in (live.link.ask("where", patience=5.0) or {}), 60)


def test_controls_gestures_and_spaces_render_to_the_samples_that_were_heard(begin, jack, tmp_path):
    live = begin(driver="jack")
    with heard_again(live, tmp_path / "heard.wav", least=3.0):
        live.run("bpm(240)")
        gestures_and_spaces(live)
        live.play_on(0.7)
        live.run("hush(); bpm(200)")
        learning(live)
        live.play_on(0.5)
        for file in ("wave.toml", "x.safetensors", "mine.toml"):
            Path(file).unlink()
    told = []
    list(Replay(read_session(live.journal), told.append))
    assert told == []


def gestures_and_spaces(live):
    live.run("wave = capture(cc(21), 1, quant='beat'); d1 >> s('kick*8').gain(wave)")
    live.turn(KNOB, *sweep(0.3, 1.0, 40))
    taken(live)
    live.run(
        "again = capture(cc(21), over=wave); d1 >> s('kick*8').gain(again.fast(2))\n"
        "d1.fx(lowpass(wave.range(300, 3000)))"
    )
    live.turn(KNOB, *sweep(1.0, 0.2, 20))
    taken(live)
    live.run("again.save('wave.toml'); kept = gesture('wave.toml'); d2 >> s('hat*8').gain(kept)")
    live.run("space = learn_space(cc(21), cc(22)); d3 >> path('cello').freeze(.3)")
    sounding(live, 2)
    live.run("space.mark(d3, tone=500)")
    live.turn(KNOB, *sweep(0.2, 0.9, 10))
    live.run("space.mark('choir', tone=4000); d3 >> space; d3.fx(lowpass(space['tone']))")
    live.turn(OTHER, *sweep(0.0, 0.8, 10))
    live.run("space.mark(prior(3)); space.save('x.safetensors'); space.unmark(1)")
    live.turn(OTHER, *sweep(0.8, 0.1, 10))
    live.run(
        "two = learn_space(cc(21), cc(22), name='two', load='x.safetensors'); d4 >> s('flute*4') + two * .5"
    )
    live.run("d5 >> space.explore()")
    live.turn(KNOB, *sweep(0.9, 0.1, 30))


def learning(live):
    live.run(
        'd1 >> s("kick*8").gain(live("bright", .3)); d2 >> meso(path("cello"), path("choir"), live("bright"))'
    )
    live.while_turning('learn("bright", 0, .8)', KNOB, *sweep(0.5, 0.9))
    live.while_turning("d2.gain(learn().range(.2, 1))", OTHER, *sweep(0.5, 0.9))
    live.keep_scene("loud")
    live.turn_to(KNOB, *sweep(0.8, 0.2))
    live.run('go("loud", quant="now")')
    until(lambda: live.told("waiting"), 60)
    live.turn_to(KNOB, *sweep(0.2, 0.6))
    assert live.told("values")[KNOB] == pytest.approx(0.9)
    live.turn(KNOB, *sweep(0.6, 1.0))
    until(lambda: KNOB not in live.told("waiting"), 60)
    live.run('mapping.save("mine.toml"); unlearn("bright"); takeover("scale"); mapping("mine.toml")')
    live.turn(KNOB, *sweep(1.0, 0.5))


def test_what_was_learnt_held_and_captured_outlives_the_engine_and_the_desk(begin):
    live = begin(driver="timer")
    live.while_turning('learn("bright", 0, 2); x = learn', KNOB, *sweep(0.5, 0.9))
    live.while_turning("y = learn()", KNOB, *sweep(0.5, 0.9))
    live.keep_scene("a")
    live.run('takeover("pickup")')
    live.turn_to(KNOB, *sweep(0.9, 0.4))
    live.run('go("a", quant="now")')
    until(lambda: live.told("waiting"), 60)
    live.run("bpm(4); wave = capture(cc(22), 1, quant='now')")  # a minute, in which another engine is there
    live.turn(OTHER, *sweep(0.2, 0.5, 10))
    live.play_on(0.3)  # so far the desk knows of the set, and another engine goes on from there
    live.link._child.process.kill()
    until(lambda: "the engine is back" in live.said, 90)
    live.turn_to(OTHER, *sweep(0.3, 0.8, 10))
    live.run("bpm(240)")
    assert live.told("bound") == {"bright": ("cc:21@=nano/1", 0.0, 2.0, 0.0)}
    assert live.told("values")[KNOB] == pytest.approx(0.9)
    assert live.told("waiting")[KNOB] == (pytest.approx(0.9), None)
    live.turn(KNOB, *sweep(0.2, 1.0))
    until(lambda: live.told("values")[KNOB] == 1.0, 60)
    taken(live, 1.0)
    live.run("wave.save('wave.toml')")
    values = [
        float(line.split(",")[1].strip(" ]"))
        for line in Path("wave.toml").read_text().splitlines()
        if line.startswith("  [")
    ]
    assert max(values) == pytest.approx(0.8)
    assert min(values) <= 0.25

    live.link.leave(keep=True)
    said = []
    again = Desk(Link(Options(resume=True), said.append), said.append)
    again.link.resume()
    again.resumed()
    assert again.run("assert repr(y) == \"cc(21, ch=1, port='=nano')\""), said
    again.link.leave()
