"""What is said of hands is so: where faders stand, what moves them, what pads and keys are given, what waits."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from helpers.whole_set import AnsweringSet

from latentcode.engine.state import beside_of, waiting_of
from latentcode.midi_osc.midi import MidiDecoder
from latentcode.prompt.toolbar import status
from latentcode.protocol.messages import Hello, State
from latentcode.protocol.state import ExtraState
from latentcode.testing.spoken import spoken

KNOB = "cc:7@nano:out/1"


@pytest.fixture
def evening():
    return AnsweringSet()


def sent(evening):
    """The values that were sent, each with its sample."""
    gone = []
    evening.performance.outgoing.send = lambda going: gone.append((going.sample, going.value))
    return gone


@pytest.mark.parametrize(
    ("moves", "expected"),
    [
        ("d1.gain(.5)", 64),
        ("d1.gain('.25')", 32),
        ("d1.gain(sine * 0 + .5)", 64),
        ("d1.mute(); d1.gain(.5)", 64),
        ("learn(d1.gain, 0, .5)", 32),
        ("d1.gain(cc(7))", 64),
        ("d2.gain(.5)", 127),
    ],
)
def test_a_fader_is_sent_where_it_stands(evening, moves, expected):
    gone = sent(evening)
    evening.run("midi_out('x').cc(7, live('d1.gain'))")
    evening.render(180)
    assert [value for _, value in gone] == [127]
    evening.hand((KNOB, 0.5))
    evening.moved.append(KNOB)
    evening.run(moves)
    evening.render(4)
    assert gone[-1][1] == expected


def test_what_was_moved_before_it_is_asked_for_is_known(evening):
    gone = sent(evening)
    evening.run("quant('now'); master(.25); bpm(90)")
    evening.run("osc_out().send('/stands', live('master')); osc_out().send('/bpm', live('bpm'))")
    evening.render(2)
    assert {value for _, value in gone} == {(0.25,), (90.0,)}


def test_another_fader_follows_a_fader_whatever_the_blocks():
    found = []
    for block in (512, 300):
        evening = AnsweringSet()
        evening.evaluate("d1.gain('0 .25 .5 1'); d2.gain(live('d1.gain'))")
        while evening.performance.renderer.position < 60000:
            evening.performance.render(block)
        told = [
            (sample, value)
            for _, sample, voice, value in map(spoken, evening.performance.outbox)
            if voice == 1
        ]
        found.append([one for one in told if one[0] < 60000])
        evening.evaluate("d1.gain(.75)")
        evening.performance.render(1024)
        assert evening.performance.outbox[-1].value == 0.75
    assert found[0] == found[1]
    assert [value for _, value in found[0]] == [0.0, 0.25, 0.5]


def test_what_moves_a_fader_is_named(evening):
    evening.moved += [KNOB, "bend@nano:out/1"]
    evening.run(
        "learn(d2.gain, 0, .8)", "learn(d3.pan)", "d4.gain(sine.slow(4)); d5.gain(cc(1) * cc(2).smooth(9))"
    )
    told = {name: by for name, (_, by) in evening.performance.faders.shown().items()}
    assert told == {
        "d2.gain": "cc(7, ch=1, port='=nano:out')",
        "d3.pan": "bend(ch=1, port='=nano:out')",
        "d4.gain": "sine.slow(4)",
        "d5.gain": "cc(1), cc(2).smooth(9)",
    }


def test_pads_and_keys_tell_all_that_they_were_given(evening):
    evening.run(
        "pads({36: 'kick', 37: scene('drop')}, ch=10, port='nano', quant='beat', voice=d9)",
        "pads({38: 'hat'}, quant=2); pads({39: hush})",
        "keys(d5, 'cello', ch=2, port='nano', low='c3', transpose=-12, scale='c minor', mono=True); keys(d6, 'harp')",
    )
    told = evening.performance.touch.shown()
    assert dict(told["keys"]) == {
        "d5": "cello, ch=2, port='nano', transpose=-12, scale='c minor', low='c3', mono=True",
        "d6": "harp",
    }
    texts = dict(told["pads"])
    assert texts["note:36@nano/10"].endswith(", quant='beat', voice=d9")
    assert texts["note:37@nano/10"].endswith(", quant='beat'")
    assert texts["note:38@*/*"].endswith(", quant=2")
    assert texts["note:39@*/*"] == "hush"


def test_the_lower_half_of_a_pair_is_no_control_of_its_own(evening):
    decoder = MidiDecoder("nano")
    for number in range(8000, 8600, 9):
        heard, _ = decoder.decode(bytes((0xB0, 7, number >> 7, 0xB0, 39, number & 127)))
        evening.hand(*heard)
    values = evening._answer("controls")["values"]
    assert values == {"cc:7@nano/1": pytest.approx(8594 / 16383)}
    for number in range(60, 80):  # upper halves alone: they are two knobs again
        evening.hand(*decoder.decode(bytes((0xB0, 7, number)))[0])
    evening.hand(*decoder.decode(bytes((0xB0, 39, 5)))[0])
    assert evening._answer("controls")["values"] == {"cc:7@nano/1": 79 / 127, "cc:39@nano/1": 5 / 127}


@pytest.mark.parametrize("pad", ["'kick'", "lambda: once('kick', quant='beat')"])
def test_presses_that_wait_for_one_boundary_sound_once_as_loud_as_the_hardest(pad):
    peaks = []
    for velocities in ((1.0,), (0.5, 1.0, 0.25) * 4):
        evening = AnsweringSet()
        evening.run(f"pads({{36: {pad}}}, quant='beat')")
        evening.render(3)
        for velocity in velocities:
            evening.hand(("note:36@nano/1", velocity), ("note:36@nano/1", 0.0))
        evening.render(84 - evening.performance.renderer.position // 512)  # into the second beat
        evening.hand(("note:36@nano/1", 1.0))  # the next is another
        evening.render(44 - 2)
        assert len(evening.performance.renderer.extras) == 2
        peaks.append(np.abs(evening.render(2)).max())
    assert peaks[0] > 0
    assert peaks[1] == peaks[0]


def test_the_toolbar_says_what_waits_for_its_hand(evening):
    evening.hand((KNOB, 0.9), ("cc:8@nano:out/1", 0.25))
    evening.run("d1.gain(cc(7)); learn_to = None")
    evening.moved.append("cc:8@nano:out/1")
    evening.run("learn('bright')", "scene('quiet')")
    evening.hand((KNOB, 0.1), ("cc:8@nano:out/1", 0.75))
    assert waiting_of(evening.performance) == ()
    evening.run("go('quiet', quant='now')")
    found = waiting_of(evening.performance)
    assert found == (("d1.gain", 0.9, 1), ("bright", 0.25, -1))

    link = SimpleNamespace(
        state=State(waiting=(*found, ("master", 0.5, 0))),
        hello=Hello("set.py", "house", 44100, 256, "jack", 1, 46.0, "0"),
        heard=0.1,
        encoding=None,
        down="",
        pausing="",
        ready=True,
    )
    text = "".join(part for _, part in status(link, 200, 0.0))
    assert "d1.gain ↑ 0.90, bright ↓ 0.25 +1" in text
    evening.hand((KNOB, 1.0), ("cc:8@nano:out/1", 0.2))
    assert waiting_of(evening.performance) == ()


def test_what_plays_once_is_told_with_what_was_typed_and_where_it_begins(evening):
    evening.run("quant(1)")
    evening.render(2)
    evening.run("d1.once(s('kick*2'))")
    evening.render(1)
    assert beside_of(evening.performance, 0) == (ExtraState("once", 1.0, "s('kick*2')", 1.0),)
    while evening.performance.renderer.tempo.cycle_at(evening.performance.renderer.position) < 1:
        evening.render(1)
    assert beside_of(evening.performance, 0) == (ExtraState("once", None, "s('kick*2')", 1.0),)
