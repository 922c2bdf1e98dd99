"""capture, gesture, learn_space: what they ask for, what they give, and what they say of mistakes."""

from __future__ import annotations

import pickle
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

import latentcode as lc
from latentcode.errors import ControlError, PatternError
from latentcode.patterns.gestures import Loop
from latentcode.prompt.evaluate import run_block
from latentcode.prompt.names import Names
from latentcode.prompt.replay import Collector
from latentcode.prompt.set_api import SetApi
from latentcode.set.kinds import packed


class Kept(Collector):
    """A live sink: it answers, and keeps what it is given."""

    live = True

    def __init__(self):
        super().__init__()
        self.told, self.questions, self.noted_values = {}, [], []

    def question(self, *question, patience=0.5):
        self.questions.append(question)
        return self.told.get(question[0])

    def noted(self, make):
        self.noted_values.append(make())
        return self.noted_values[-1]


@pytest.fixture
def sink():
    return Kept()


@pytest.fixture
def prompt(sink, prompt_on, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return prompt_on(sink)


def test_a_gesture_is_asked_for_by_name_at_the_boundary(prompt):
    (command,) = prompt("wave = capture(cc(1, default=.5), 4)")
    assert (command.kind, command.arguments) == ("capture", ("1", "1.1", "cc:1@*/*", "4", False, 0.5))
    (command,) = prompt("again = capture(cc(2), over=wave, quant='now')")
    assert command.arguments == (None, "2.1", "cc:2@*/*", "4", True, 0.0)
    assert repr(prompt.space["wave"]) == "4 cycles of cc(1, default=0.5)"


def test_several_at_once_and_signals_made_of_inputs(prompt):
    first, second = prompt("a, b = capture((cc(1), bend()), 1/2)")
    assert [command.arguments[3] for command in (first, second)] == ["1/2", "1/2"]
    assert prompt.space["a"] != prompt.space["b"]
    (command,) = prompt("tone = capture(cc(1).range(200, 800).smooth(40), 1)")
    assert command.arguments[2] == "cc:1@*/*"
    assert prompt.space["tone"].sample(np.array([0.3])).tolist() == [200.0]
    prompt(
        "d1 >> s('cello').gain(a.fast(2)); d1.fx(lowpass(tone)); d2 >> s('kick').gain(b.rev().range(0, 1))"
    )


@pytest.mark.parametrize(
    ("code", "typed"),
    [
        ("capture(sine, 4)", "capture(cc(1), 4)"),
        ("capture(cc(1))", "capture(cc(1), 4)"),
        ("capture(cc(1), 0)", "above 0"),
        ("capture(cc(1), 100)", "up to 64"),
        ("capture(cc(1), '4')", "capture(cc(1), 4)"),
        ("capture(capture(cc(1), 4), 4)", "over=wave"),
        ("capture(capture(cc(1), 4) + cc(2), 4)", "over=wave"),
        ("capture(cc(1), 4, over='x')", "over=wave"),
        ("capture((cc(1), cc(2)), 4, over=(sine,))", "one for all"),
        ("gesture('wave.txt')", 'gesture("wave.toml")'),
        ("gesture('wave.toml')", "cannot be read"),
        ("learn_space(sine)", "learn_space(cc(1), cc(2), cc(3))"),
        ("learn_space()", "learn_space(cc(1), cc(2), cc(3))"),
        ("learn_space(cc(1), count=116)", "osc('/skeleton'), count=116"),
        ("learn_space(cc(1)).mark()", "space.mark(d1)"),
        ("learn_space(cc(1)).mark(4, at=0)", 'space.mark("cello")'),
        ("learn_space(cc(1)).mark(cutoff='x', at=0)", "space.mark(cutoff=.5)"),
        ("learn_space(cc(1)).mark(cutoff=1, at=(0, 1))", "1 numbers, not 2"),
        ("learn_space(cc(1)).mark(cutoff=1, at=2)", "cc(1) goes from 0 to 1"),
        ("learn_space(cc(1)).unmark(0)", "no mark 0"),
        ("learn_space(cc(1))['cutoff']", "space.mark(cutoff=.5)"),
        ("learn_space(cc(1)).save('x.npz')", "space.safetensors"),
        ("learn_space(cc(1)).save('x.safetensors')", "no marks"),
    ],
)
def test_mistakes_say_what_to_type(prompt, code, typed):
    with pytest.raises(ControlError) as caught:
        prompt(code)
    assert typed in str(caught.value)


def test_a_gesture_is_saved_and_read_back_without_its_file_in_a_replay(prompt, sink, tmp_path):
    sink.told["gesture"] = {"times": (0.0, 1.25), "values": (0.5, 0.1), "cycles": "4", "tau": 0.0}
    prompt("wave = capture(cc(1), 4)")
    prompt("wave.save('wave.toml')")
    assert "[1.25, 0.1]" in Path("wave.toml").read_text()
    prompt("kept = gesture('wave.toml')")
    assert prompt.space["kept"] == Loop((0.0, 1.25), (0.5, 0.1), Fraction(4))
    assert bytes(sink.noted_values[-1]) == Path("wave.toml").read_bytes()
    Path("wave.toml").unlink()
    replay = Collector()
    from latentcode.session.marks import text_of

    replay.answers = {"1.1": text_of(sink.noted_values[-1])}
    space = Names(SetApi(replay), 0).space
    assert run_block("kept = gesture('wave.toml')", space, replay) is None
    assert space["kept"] == prompt.space["kept"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "cycles = 4",
        'cycles = "0"\npoints = [[0, 1]]',
        'cycles = "4"\npoints = [[5, 1]]',
        'cycles = "4"\npoints = [[0]]',
        'cycles = "4"\npoints = [[0, NaN]]',
        "points = __import__('os')",
    ],
)
def test_what_is_no_gesture_says_so(prompt, text):
    Path("wave.toml").write_text(text)
    with pytest.raises(PatternError, match=r"wave\.toml is no gesture"):
        prompt("gesture('wave.toml')")


def test_a_gesture_outside_of_the_prompt_cannot_be_saved(prompt):
    prompt("wave = capture(cc(1), 4)")
    wave = pickle.loads(pickle.dumps(prompt.space["wave"]))
    assert wave == prompt.space["wave"]
    with pytest.raises(PatternError, match="at the prompt"):
        wave.save("wave.toml")


def test_a_mark_holds_where_the_hands_are_and_what_sounds(prompt, sink):
    latent = np.linspace(0, 1, 8, dtype=np.float32)
    sink.told["here"] = {"place": [0.25, 0.75], "latent": latent.tobytes()}
    prompt("space = learn_space(cc(1), cc(2))")
    (command,) = prompt("space.mark(d1, cutoff=800)")
    name, mark = command.arguments
    assert command.kind == "mark"
    assert name == prompt.space["space"].name
    assert mark.place == (0.25, 0.75)
    assert np.array_equal(mark.latent, latent)
    assert mark.numbers == (("cutoff", 800.0),)
    assert repr(prompt.space["space"].marks) == " 0  cc(1) 0.25  cc(2) 0.75  d1 cutoff 800"
    sink.told["here"] = {"place": [0.25, 0.75], "text": "d2 does not sound; let it play a path"}
    with pytest.raises(ControlError, match="d2 does not sound"):
        prompt("space.mark(d2)")
    assert len(prompt.space["space"].marks) == 1


def test_a_mark_says_where_it_is_and_what_it_has_replaced(prompt, sink, capsys):
    prompt("space = learn_space(cc(1), bend())")
    sink.told["latent"] = {"latent": np.zeros(8, np.float32).tobytes()}
    prompt("space.mark('cello', at=(.79, -.5)); space.mark(tone=3, at=(0, 0))")
    assert capsys.readouterr().out == (
        "mark 0: cello at cc(1) 0.79, bend() -0.50\nmark 1: tone 3 at cc(1) 0.00, bend() 0.00\n"
    )
    prompt("space.mark('choir', at=(.79, -.5))")
    assert 'space.mark("cello", at=(0.79, -0.5)) brings that back' in capsys.readouterr().out
    prompt("space.mark(point([0] * 8), at=(.79, -.5)); space.mark('harp', at=(.79, -.5))")
    assert "type space.mark(d1, at=(0.79, -0.5))" in capsys.readouterr().out


def test_the_same_line_gives_the_same_space_with_its_marks(prompt, sink):
    prompt(
        "space = learn_space(cc(1), cc(2)); space.mark(cutoff=1, at=(0, 0)); space.mark(cutoff=2, at=(1, 0))"
    )
    prompt("space = learn_space(cc(1), cc(2))")
    assert len(prompt.space["space"].marks) == 2
    prompt("other = learn_space(cc(1), cc(2), name='other')")
    assert len(prompt.space["other"].marks) == 0
    (command,) = prompt("space.unmark(-1)")
    assert (command.kind, command.arguments[1]) == ("unmark", -1)
    assert len(prompt.space["space"].marks) == 1


def test_a_space_plays_wherever_a_trajectory_does(prompt):
    prompt("space = learn_space(cc(1), cc(2)); space.mark(point([.1] * 8), tone=500, at=(0, 0))")
    commands = prompt(
        "d1 >> space; d2 >> s('cello*4') + space; d3 >> extend('cello(3,8)', space, .5)\n"
        "d4 >> meso('cello', space, sine); d5 >> space.gain(.5); d6.fx(lowpass(space['tone'])); d7 >> space * .5"
    )
    assert [command.target for command in commands] == ["d1", "d2", "d3", "d4", "d5", "d6", "d7"]
    for command in commands:
        assert pickle.loads(packed(command)).digest == command.digest


def test_marks_are_saved_and_loaded_exactly(prompt, sink):
    sink.told["here"] = {"place": [0.1, 0.9], "latent": np.float32([0.1, 1e-7, 3.3]).tobytes()}
    prompt(
        "space = learn_space(cc(1), cc(2)); space.mark(d1); space.mark(tone=3, at=(.5, .5))\n"
        "space.save('x.safetensors')"
    )
    first, second = prompt("two = learn_space(cc(3), cc(4), load='x.safetensors')")
    assert np.array_equal(first.arguments[1].latent, np.float32([0.1, 1e-7, 3.3]))
    assert first.arguments[1].place == (0.1, 0.9)
    assert second.arguments[1].numbers == (("tone", 3.0),)
    with pytest.raises(ControlError, match="marks of 2 inputs"):
        prompt("learn_space(cc(3), load='x.safetensors')")
    Path("x.safetensors").write_bytes(pickle.dumps(print))
    with pytest.raises(ControlError, match="no space"):
        prompt("learn_space(cc(3), cc(4), load='x.safetensors')")


def test_osc_inputs_are_counted(prompt):
    prompt("body = learn_space(osc('/skeleton', 4).smooth(50), count=116)")
    inputs = prompt.space["body"].inputs
    assert [inputs[0].name, inputs[-1].name, len(inputs)] == ["osc:/skeleton#4", "osc:/skeleton#119", 116]
    assert inputs[-1].glide == 50


def test_exploring_gives_a_place_and_tells_where_it_is_empty(prompt, sink, capsys):
    latent = np.float32([0.5] * 8)
    sink.told["explore"] = {"latent": latent.tobytes(), "kind": "of the prior", "place": [0.2, 0.9]}
    prompt("space = learn_space(cc(1), cc(2)); place = space.explore(); d1 >> place; other = space.explore()")
    assert prompt.space["place"].mean.tolist() == [0.5] * 8
    assert "the emptiest place is cc(1) 0.20  cc(2) 0.90" in capsys.readouterr().out
    assert [question[2] for question in sink.questions] == [0, 1]


def test_without_an_engine_gestures_are_signals_all_the_same():
    wave = Loop((0.0, 0.5), (0.0, 1.0), Fraction(1))
    assert (wave.slow(2) * 2).sample(np.array([0.5, 1.5])).tolist() == [0.0, 2.0]
    assert lc.s("cello").gain(wave).query(0, 1)[0].value is not None
