"""An engine that takes over stands where one stands that has rendered all the way."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

import latentcode as lc
from latentcode.inputs.history import Input
from latentcode.set.actions import Do, Toggle
from latentcode.set.commands import SET, Command

BLOCK = 512
KEYS = ("cc:1@nano/1", "cc:2@nano/1", "bend@keys/1")
PADS = ("note:36@nano/1", "note:37@nano/1")


def some_command(chance):
    """Something that a live coder types while hands move."""
    quant, voice = chance.choice(["1", "1/4", "4"]), chance.randrange(3)
    return chance.choice(
        [
            Command("tempo", arguments=(lc.cc(2).range(100, 160),)),
            Command("tempo", arguments=(lc.cc(1).range(60, 200) + lc.sine.range(0, 9),)),
            Command("tempo", arguments=(lc.n("<90 130>/4") + lc.cc(2) * 10,)),
            Command("tempo", arguments=(str(chance.randrange(60, 180)),)),
            Command("tempo", arguments=(str(chance.randrange(60, 180)), "2")),
            Command("play", voice, (lc.s("one*8").gain(lc.cc(1)), quant)),
            Command("play", voice, (lc.s("half(3,8)").gain(0.5), quant)),
            Command("play", voice, (lc.s("one half").pan(lc.cc(2)).gain(lc.bend()), quant)),
            Command("stop", voice, (quant,)),
            Command("scene", arguments=("a",)),
            Command("go", arguments=("a", quant)),
            Command("bind", arguments=("warmth", KEYS[0], 0.0, 1.0, 0.0)),
            Command("recall", arguments=(((KEYS[1], 0.3),),)),
            Command("undo", arguments=(1, quant)),
            Command("hush", arguments=("2",)),
            Command("back", voice, (quant,)),
            Command("once", voice, (lc.s("half*3"), quant)),
            Command("restart", voice, (quant,)),
            Command("cancel", voice),
            Command("redo", arguments=(quant,)),
            Command("go", arguments=("a", quant, "1")),
            Command("bind", arguments=("d1.gain", KEYS[2], 0.0, 1.0, 0.0)),
            Command("swing", arguments=("1/6", 8, None)),
        ]
    )


def a_set(seed):
    """Stamped commands and inputs, in the order of their stamps, many of them at the same samples."""
    chance = Random(seed)
    pads = (("note:36", Toggle(0)), ("note:37", Do((Command("recall", arguments=(((KEYS[1], 0.4),),)),))))
    commands = [
        (0, Command("play", 0, (lc.s("one*4"), "1"))),
        (0, Command("scene", arguments=("a",))),
        (0, Command("pads", SET, ("pads", pads, "*", "*", ()))),
    ]
    inputs = [(Input(key, 0.5), 1) for key in KEYS]
    for sample in range(BLOCK, 200 * BLOCK, BLOCK):
        if chance.random() < 0.08:
            commands += [(sample, some_command(chance)) for _ in range(chance.randrange(1, 3))]
        for _ in range(chance.choice([0, 0, 1, 2, 3])):
            later = chance.choice([0, 0, 0, 1, 256])
            inputs.append((Input(chance.choice((*KEYS, *PADS)), round(chance.random(), 3)), sample + later))
    here = chance.randrange(60, 180) * BLOCK + chance.choice([0, 0, 77])
    return commands, sorted(inputs, key=lambda pair: pair[1]), here


@pytest.mark.parametrize("seed", range(40))
def test_it_goes_on_as_if_it_had_rendered_what_was_before(perform, seed):
    commands, inputs, here = a_set(seed)
    straight, taking_over = perform(), perform()
    for performance in (straight, taking_over):
        for given, stamp in inputs:
            performance.hear(given, stamp)
    for stamp, command in commands:
        straight.schedule(command, stamp)
    while straight.renderer.position < here:
        straight.render(min(BLOCK, here - straight.renderer.position))
    straight.restart(unseen=True)

    taking_over.renderer.position = here
    taking_over.catch_up([pair for pair in commands if pair[0] <= here])
    for stamp, command in commands:
        if stamp > here:
            taking_over.schedule(command, stamp)
    ends = here + np.arange(0, 40 * BLOCK, 100)
    assert straight.faders.muted == taking_over.faders.muted
    for _ in range(40):
        assert np.array_equal(straight.render(BLOCK), taking_over.render(BLOCK))
    due, found = ([one.renderer.tempo.cycle_at(int(end)) for end in ends] for one in (straight, taking_over))
    assert found == due


def test_faders_that_patterns_read_and_a_tempo_that_was_set_aside_are_as_they_were(perform):
    here, aside = 150 * BLOCK, 90 * BLOCK
    asked = [
        (0, Command("gain", 0, (lc.sine.slow(3),))),
        (0, Command("tempo", arguments=(lc.sine.range(100, 160),))),
        (BLOCK, Command("play", 1, (lc.s("one*4").gain(lc.live("d1.gain")), "1/4"))),
    ]
    straight, taking_over, plain = performances = perform(), perform(), perform()
    for performance in performances:
        performance.renderer.aside.know("tempo", aside)
    for stamp, command in asked:
        straight.schedule(command, stamp)
    while straight.renderer.position < here:
        straight.render(BLOCK)
    for performance, known in ((taking_over, asked), (plain, asked[:2])):
        performance.renderer.position = here
        performance.catch_up(known)
        assert performance.renderer.tempo.changes == straight.renderer.tempo.changes
    samples = np.arange(here - 50 * BLOCK, here, 64.0)
    (live,) = lc.live("d1.gain").live_inputs
    read = [one.renderer.inputs.read(live.name, samples) for one in (straight, taking_over)]
    assert np.array_equal(*read)
    assert np.ptp(read[0]) > 0.01
