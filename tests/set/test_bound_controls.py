"""What hands are bound to, and what of it comes back with scenes, undo, and after an engine has died."""

from __future__ import annotations

import numpy as np
import pytest
from helpers.toy_sounds import RATE

from latentcode.inputs.history import Input
from latentcode.set.commands import SET, Command

CYCLE = 2 * RATE
KNOB, OTHER = "cc:21@nano/1", "cc:21@launch/1"


def told(kind, *arguments, voice=SET, block=0):
    return Command(kind, voice, arguments, block=block)


def bind(name, to, low=0.0, high=1.0, curve=0.0, block=0):
    return told("bind", name, to, low, high, curve, block=block)


def performed(performance, *events, until):
    """A performance under commands and inputs, each with its stamp."""
    for stamp, event in events:
        (performance.schedule if isinstance(event, Command) else performance.hear)(event, stamp)
    while performance.renderer.position < until:
        performance.render(min(512, until - performance.renderer.position))
    return performance


def at(performance, name, *samples):
    found = performance.inputs.read(name, np.array(samples, np.float64))
    return None if found is None else [round(float(value), 4) for value in found]


def test_a_bound_name_has_its_range_and_curve(perform):
    performance = performed(
        perform(),
        (0, Input(KNOB, 0.5)),
        (100, bind("colour", KNOB, 200, 400)),
        (200, Input(KNOB, 1.0)),
        (300, told("unbind", "colour")),
        (400, Input(KNOB, 0.0)),
        until=512,
    )
    assert at(performance, "live:colour", 150, 250, 450) == [300, 400, 400]
    assert at(performance, KNOB, 450) == [0.0]


def test_a_scene_brings_values_and_bindings_back_and_the_hand_picks_them_up(perform):
    performance = performed(
        perform(),
        (0, bind("colour", KNOB)),
        (10, Input(KNOB, 0.25)),
        (100, told("scene", "verse")),
        (200, bind("colour", "cc:22@nano/1")),
        (300, Input(KNOB, 0.75)),
        (1000, told("go", "verse", None)),
        (1100, Input(KNOB, 0.7)),
        (1200, Input(KNOB, 0.2)),
        (1300, Input(KNOB, 0.3)),
        until=2048,
    )
    assert at(performance, KNOB, 999, 1000, 1150, 1250, 1350) == [0.75, 0.25, 0.25, 0.2, 0.3]
    assert at(performance, "live:colour", 1000, 1350) == [0.25, 0.3]
    assert performance.bindings.bound["colour"].to == KNOB
    performed(performance, (3000, told("go", "verse", None)), (3100, told("go", "verse", None)), until=4096)
    assert performance.bindings.takeover.waiting[KNOB] == (0.25, 0.3)


def test_a_scene_comes_back_at_its_boundary_and_not_before(perform):
    performance = performed(
        perform(),
        (10, Input(KNOB, 0.25)),
        (100, told("scene", "verse")),
        (300, Input(KNOB, 0.75)),
        (1000, told("go", "verse", "1")),
        (2000, Input(KNOB, 0.8)),
        until=CYCLE + 512,
    )
    assert at(performance, KNOB, 2000, CYCLE - 1, CYCLE) == [0.8, 0.8, 0.25]


def test_undo_of_another_line_moves_no_control_and_undo_of_go_does(perform):
    performance = performed(
        perform(),
        (10, Input(KNOB, 0.25)),
        (100, told("scene", "verse", block=1)),
        (200, Input(KNOB, 0.75)),
        (300, told("gain", 0.5, voice=0, block=2)),
        (400, Input(KNOB, 0.5)),
        (500, told("undo", 1, None, block=3)),
        (600, told("go", "verse", None, block=4)),
        (700, told("undo", 1, None, block=5)),
        (800, told("redo", None, block=6)),
        (900, told("back", None, block=7)),
        until=1024,
    )
    assert at(performance, KNOB, 500, 599, 600, 700, 800, 900) == [0.5, 0.5, 0.25, 0.5, 0.25, 0.5]


def test_undo_takes_back_what_was_bound_and_the_rule(perform):
    performance = performed(
        perform(),
        (0, bind("colour", KNOB, block=1)),
        (100, bind("colour", OTHER, block=2)),
        (200, told("takeover", "scale", block=3)),
        (300, told("undo", 2, None, block=4)),
        until=512,
    )
    assert performance.bindings.bound["colour"].to == KNOB
    assert performance.bindings.takeover.mode == "pickup"


def test_a_fader_that_is_told_something_else_is_bound_no_more(perform):
    performance = performed(
        perform(), (0, bind("d1.gain", KNOB)), (1, bind("d2.gain", KNOB)), (2, bind("master", KNOB)), until=64
    )
    performed(performance, (100, told("gain", 0.5, voice=0)), (100, told("master", 0.5)), until=128)
    assert list(performance.bindings.bound) == ["d2.gain"]


def test_a_binding_that_means_two_devices_says_so_once(perform):
    performance, said = perform(), []
    performance.notice = said.append
    performed(
        performance,
        (0, bind("colour", "cc:21@*/*")),
        *((step, Input(name, step / 999)) for step, name in enumerate([KNOB, OTHER] * 50, 1)),
        until=512,
    )
    assert said == ["colour hears cc 21 of launch and nano; learn('colour') picks one of them"]


EVENTS = [
    (0, bind("colour", KNOB, 0, 2, block=1)),
    (50, Input(KNOB, 0.25)),
    (100, told("scene", "verse", block=2)),
    *((step, Input(KNOB, 0.25 + step / 40000)) for step in range(200, 20000, 130)),
    (9000, told("takeover", "scale", block=3)),
    (12000, told("go", "verse", None, block=4)),
    (15000, Input(OTHER, 0.5)),
    (16000, told("takeover", "pickup", block=5)),
    (17000, told("undo", 2, None, block=6)),
    (19000, told("recall", ((KNOB, 0.1), ("cc:3@new/*", 0.4)), block=7)),
    (20000, Input(KNOB, 0.6)),
    (20000, Input("cc:3@newest/2", 0.4)),
    (21000, Input(KNOB, 0.05)),
]


def test_takeover_does_not_depend_on_the_size_of_the_blocks(perform):
    grid, found = np.arange(0, 23000, 64), []
    for block in (512, 100, 3333):
        performance = perform()
        for stamp, event in EVENTS:
            (performance.schedule if isinstance(event, Command) else performance.hear)(event, stamp)
        while performance.renderer.position < 23000:
            performance.render(block)
        found.append((at(performance, KNOB, *grid), at(performance, "live:colour", *grid)))
    assert found[0] == found[1] == found[2]
    assert found[0][0][-1] == 0.05
    assert found[0][1][-1] == 0.1


@pytest.mark.parametrize("sample", [100, 12001, 18432, 19456, 20000])
def test_an_engine_that_died_has_the_bindings_and_holds_the_values_until_they_are_met(perform, sample):
    """As a replay has it: the journal says when another engine took over."""
    first, second = perform(), perform()
    for performance in (first, second):
        for stamp, event in EVENTS:
            if isinstance(event, Input):
                performance.hear(event, stamp)
    commands = [(stamp, event) for stamp, event in EVENTS if isinstance(event, Command)]
    performed(first, *commands, until=sample)
    first.restart(unseen=True)
    second.renderer.position = sample
    second.catch_up([pair for pair in commands if pair[0] < sample])
    performed(second, *(pair for pair in commands if pair[0] >= sample), until=23000)
    performed(first, until=23000)
    assert first.bindings.bound == second.bindings.bound
    assert first.bindings.takeover == second.bindings.takeover
    grid = np.arange(0, 23000, 64)
    for name in (KNOB, "live:colour", OTHER):
        assert at(first, name, *grid) == at(second, name, *grid)


def test_after_a_death_a_hand_that_has_moved_meanwhile_makes_no_jump(perform):
    performance = performed(perform(), (10, Input(KNOB, 0.25)), until=1024)
    performance.restart(unseen=True)
    performed(performance, (2000, Input(KNOB, 0.9)), (2100, Input(KNOB, 0.1)), until=4096)
    assert at(performance, KNOB, 2050, 2150) == [0.25, 0.1]


def test_a_machine_that_stood_still_takes_no_control_out_of_the_hand(perform):
    performance = performed(perform(), (10, Input(KNOB, 0.25)), until=1024)
    performance.restart()
    performed(performance, (2000, Input(KNOB, 0.9)), until=4096)
    assert at(performance, KNOB, 2050) == [0.9]
