"""What pages are told that can be touched: sliders of what plays, and marks of spaces under a finger."""

from __future__ import annotations

from unittest.mock import Mock

from helpers.whole_set import AnsweringSet

from latentcode.engine.eyes import Delay
from latentcode.engine.live_set import LiveSet
from latentcode.engine.moving import Touchable
from latentcode.inputs.history import Input
from latentcode.protocol.observing import SliderState


def test_sliders_are_there_while_something_plays_that_has_them():
    playing, surface = AnsweringSet(), Touchable()
    live = LiveSet(playing.performance, Mock(), Mock())
    playing.run(
        'd1 >> s("kick").gain(slider("loud", value=.5))',
        'd2.pan(slider("side", .25, .75, value=.5).smooth(9))',
    )
    loud, side = SliderState("loud", 0, 1, False, 0.5), SliderState("side", 0.25, 0.75, False, 0.5)
    assert set(surface.changed(live).sliders) == {loud, side}
    assert surface.changed(live) is None
    playing.performance.hear(Input("slider:loud", 0.25), playing.performance.renderer.position)
    playing.run('d1.fx(lowpass(slider("cutoff", 20, 2000, exp=True)))')
    *others, last = surface.changed(live).sliders  # each keeps its place, and a new one is the last
    moved = SliderState("loud", 0, 1, False, 0.25)
    assert last == SliderState("cutoff", 20, 2000, True, 0)
    assert set(others) == {moved, side}
    playing.run("d2.pan(.5)", "d1.fx()")
    assert surface.changed(live).sliders == (moved,)
    surface.forget()
    assert surface.changed(live).sliders == (moved,)


def test_marks_of_a_space_under_a_finger_are_told_where_they_lie():
    playing, surface = AnsweringSet(), Touchable()
    live = LiveSet(playing.performance, Mock(), Mock())
    playing.run(
        'd1 >> learn_space(cc(1), touch("y"), touch("x").smooth(50))',
        'learn_space(cc(1), touch("y"), touch("x").smooth(50)).mark(loud=.5, at=(0, .25, .75))',
    )
    assert surface.changed(live).marks == (("loud 0.5", 0.75, 0.25),)


def test_levels_and_sound_are_shown_when_they_are_heard():
    delay = Delay()
    assert delay.heard(((0.5,), (1.0,), b"a"), 0.0, 0.0) == ((0.5,), (1.0,), b"a")
    assert delay.heard(((0.7,), (0.7,), b"b"), 1.0, 0.15) == ((0.5,), (1.0,), b"")
    assert delay.heard(((0.8,), (0.8,), b"c"), 1.1, 0.15) == ((0.5,), (1.0,), b"")
    assert delay.heard(((0.9,), (0.9,), b"d"), 1.3, 0.15) == ((0.8,), (0.8,), b"bc")
