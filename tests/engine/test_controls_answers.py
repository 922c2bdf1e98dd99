"""What the engine tells of hands: the control that moves next, what is bound, where faders stand."""

from __future__ import annotations

import threading
import time
from types import SimpleNamespace
from unittest.mock import Mock

import pytest
from helpers.waiting import until

import latentcode as lc
from latentcode.engine.input_queue import InputQueue
from latentcode.engine.live_set import LiveSet
from latentcode.engine.queries import controls, fader, learn
from latentcode.inputs.history import Input
from latentcode.set.commands import SET, Command

KNOB, EXACT = "cc:21@nano/1", "cc:21@=nano/1"


@pytest.fixture
def engine(perform):
    ports = SimpleNamespace(names=("nano",), looked=True)
    hands, live = InputQueue(lambda moment: 0.0), LiveSet(perform(), Mock(), Mock())
    return SimpleNamespace(performance=live.performance, hands=hands, live=live, ports=ports)


def told(engine, *commands):
    for kind, voice, *arguments in commands:
        engine.performance.schedule(
            Command(kind, voice, tuple(arguments)), engine.performance.renderer.position
        )
    engine.performance.render(512)


def learnt(engine, *inputs, seconds=30.0, between=0.0):
    replies, done = [], threading.Event()
    learn(engine.performance, engine.hands, lambda value: (replies.append(value), done.set()), seconds)
    until(lambda: engine.hands.listeners)
    for name, value in inputs:
        engine.hands.arrive(Input(name, value), time.monotonic())
        time.sleep(between)
    assert done.wait(60)
    return replies[0]


def test_the_control_that_is_moved_is_told_and_nobody_listens_any_more(engine):
    moved = [("cc:7@old/1", 0.5), (KNOB, 0.5), ("cc:7@old/1", 0.51), (KNOB, 0.6)]
    assert learnt(engine, *moved) == EXACT
    until(lambda: engine.hands.listeners == [])


def test_a_hand_that_does_not_move_is_given_up_on(engine):
    assert learnt(engine, seconds=0.3) is None


def test_a_switch_is_learnt_when_it_is_pressed_once(engine):
    assert learnt(engine, ("cc:64@pedal/1", 1.0)) == "cc:64@=pedal/1"


def test_a_control_that_waits_for_its_hand_is_learnt_by_where_the_hand_is(engine):
    engine.performance.hear(Input(KNOB, 0.9), 0)
    told(engine, ("recall", SET, ((KNOB, 0.2),)))
    trembling = [(KNOB, 0.9 + step % 2 / 127) for step in range(20)]
    assert learnt(engine, *trembling, seconds=0.5) is None
    assert learnt(engine, (KNOB, 0.97)) == EXACT


def test_what_is_bound_and_led_and_waits(engine):
    engine.performance.hear(Input(KNOB, 0.9), 0)
    told(
        engine,
        ("bind", SET, "colour", KNOB, 0.0, 2.0, 0.0),
        ("gain", 1, lc.cc(7).range(0, 0.5)),
        ("fx", 2, (lc.lowpass(lc.live("colour") * 1000 + 100),)),
        ("master", SET, lc.cc(8)),
        ("bind", SET, "master", "cc:8@*/*", 0.0, 1.0, 0.0),
        ("recall", SET, ((KNOB, 0.2),)),
    )
    assert controls(engine.live, engine.ports) == {
        "values": {KNOB: 0.2},
        "hands": {KNOB: 0.9},
        "waiting": {KNOB: (0.2, 0.9)},
        "bound": {"colour": (KNOB, 0.0, 2.0, 0.0), "master": ("cc:8@*/*", 0.0, 1.0, 0.0)},
        "led": {"d2.gain": ("cc:7@*/*",), "d3.fx": ("live:colour",)},
        "takeover": "pickup",
        "encoders": {},
        "ports": ("nano",),
        "looked": True,
    }


def test_where_faders_stand(engine):
    told(engine, ("gain", 1, 0.25), ("pan", 0, 0.75), ("master", SET, 0.5), ("tempo", SET, "90"))
    found = {
        name: fader(engine.live, name) for name in ("d2.gain", "d1.pan", "d3.gain", "master", "bpm", "d1.x")
    }
    assert found == {
        "d2.gain": 0.25,
        "d1.pan": 0.75,
        "d3.gain": 1.0,
        "master": 0.5,
        "bpm": 90.0,
        "d1.x": None,
    }


def test_patterns_that_play_and_wait_and_the_tempo_are_led_by_what_is_in_them(engine):
    waiting = lc.s("one*2").gain(lc.live("colour"))
    told(
        engine,
        ("play", 0, lc.s("one").gain(lc.cc(7)).pan(lc.cc(7)), None),
        ("tempo", SET, lc.cc(8).range(90, 120)),
    )
    told(engine, ("play", 0, waiting, "1"), ("play", 3, lc.s("one"), None))
    led = {"d1": ("cc:7@*/*", "live:colour"), "bpm": ("cc:8@*/*",)}
    assert controls(engine.live, engine.ports)["led"] == led
