"""learn, unlearn, mapping, takeover and midi at the prompt."""

from __future__ import annotations

import re

import pytest
from helpers.whole_set import AnsweringSet

from latentcode.errors import ControlError
from latentcode.inputs.keys import spoken
from latentcode.inputs.mapping import Binding, read_mapping
from latentcode.patterns.nodes import Live
from latentcode.prompt.blocks import Blocks
from latentcode.prompt.controllers.mapping import signal
from latentcode.prompt.evaluate import run_block
from latentcode.prompt.names import Names
from latentcode.prompt.replay import Replay
from latentcode.prompt.set_api import SetApi
from latentcode.session.journal import Block, Session
from latentcode.session.records import Answer

KNOB = "cc:21@nano/1"
NOTHING = {"values": {}, "hands": {}, "waiting": {}, "bound": {}, "led": {}, "takeover": "pickup"}
SOME = NOTHING | {
    "ports": ("nanokontrol2",),
    "values": {KNOB: 0.25, "cc:22@nano/1": 1.0, "bend@nano/1": 0.0},
    "waiting": {KNOB: (0.25, 0.75)},
    "bound": {"brightness": (KNOB, 200.0, 400.0, 0.0), "d1.gain": ("cc:9@*/*", 0.0, 1.0, 0.0)},
    "led": {"d2.pan": ("cc:7@*/*",)},
}


@pytest.fixture
def space(names, sink):
    sink.answers |= {"learn": KNOB, "controls": NOTHING}
    return names.space


def issued(sink):
    return [(c.target, c.kind, *c.arguments) for c in sink.commands]


def same(one, other):
    assert (one.digest, repr(one)) == (other.digest, repr(other))


def test_the_next_control_is_a_signal(space, sink, capsys):
    same(space["learn"](), Live(KNOB))
    same(space["learn"](None, 0, 8), Live(KNOB).range(0, 8))
    assert issued(sink) == []
    assert "move a control … (Ctrl-C ends)" in capsys.readouterr().out


def test_a_name_is_bound_and_used_before_and_after(space, sink):
    same(space["learn"]("brightness", 200, 4000, curve=4), Live("live:brightness"))
    assert issued(sink) == [("bind", "bind", "brightness", KNOB, 200.0, 4000.0, 4.0)]


def test_a_fader_is_moved_by_what_is_learnt(space, sink, capsys):
    for target in (space["d1"].gain, "d1.gain", space["d"][1].gain):
        sink.commands.clear()
        space["learn"](target, 0, 0.8)
        gain, bind = sink.commands
        assert (gain.kind, gain.voice) == ("gain", 0)
        same(gain.arguments[0], Live(KNOB).range(0, 0.8))
        assert bind.arguments == ("d1.gain", KNOB, 0.0, 0.8, 0.0)
    assert "cc 21 of nano, channel 1 → d1.gain, 0 to 0.8" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("target", "kind", "ends"),
    [("d3.pan", "pan", (0, 1)), ("master", "master", (0, 1)), ("bpm", "tempo", (60, 180))],
)
def test_each_fader_has_a_range_that_suits_it(space, sink, target, kind, ends):
    space["learn"](target)
    assert sink.commands[0].kind == kind
    assert sink.commands[1].arguments == (target, KNOB, *ends, 0.0)


def test_a_function_gets_the_signal(space, sink):
    found = []
    space["learn"](found.append, 1, 0)
    same(found[0], Live(KNOB).range(1, 0))
    assert issued(sink) == []


def test_what_a_control_was_and_moves_already_is_told(space, sink, capsys):
    sink.answers["controls"] = NOTHING | {
        "bound": {"brightness": ("cc:20@nano/1", 0, 1, 0), "d1.gain": (KNOB, 0, 1, 0)}
    }
    space["learn"]("brightness")
    told = capsys.readouterr().out
    assert "brightness was cc 20 of nano, channel 1 until now" in told
    assert "cc 21 of nano, channel 1 moves d1.gain, too" in told


def test_what_a_control_leads_without_being_learnt_is_told(space, sink, capsys):
    led = {
        "d1.gain": ("cc:21@*/*",),
        "d2": ("cc:7@*/*", "cc:21@nano/*"),
        "d4": ("cc:21@*/2",),
        "bpm": ("live:x",),
    }
    sink.answers["controls"] = NOTHING | {"led": led}
    space["learn"](space["d"][3].gain)
    assert "cc 21 of nano, channel 1 moves d1.gain, d2, too" in capsys.readouterr().out
    space["learn"](space["d1"].gain)
    told = capsys.readouterr().out
    assert "moves d2, too" in told
    assert "d1.gain was cc 21 until now" in told


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("learn(3)", "a fader, a name or a function, not 3"),
        ("learn('d1.gian')", "did you mean 'd1.gain'"),
        ("learn('a b')", "no name for a control"),
        ("learn(d1.gain, 'x')", "a range goes from one number to another"),
        ("learn(d1.gain, curve=21)", "curve takes a number"),
        ("unlearn(3)", "a fader, a name or a function"),
        ("takeover('never')", "'pickup', 'scale', 'jump', not 'never'"),
        ("mapping('nano')", "a mapping is a .toml file"),
        ("mapping.save(3)", "a mapping is a .toml file"),
        ("mapping('none.toml')", "there is no none.toml; .* has "),
        ("mapping.load('none.toml')", "there is no none.toml"),
        ("learn('bright', 4000)", r"learn\('bright', 0, 4000\)"),
        ("unlearn('nothing')", "nothing was learnt for nothing; nothing is learnt yet"),
        ("mapping.save('none.toml')", "nothing is bound yet"),
    ],
)
def test_mistakes_are_said_before_a_hand_is_waited_for(space, sink, code, told):
    sink.answers.pop("learn")
    with pytest.raises(Exception, match=told):
        exec(code, space)
    assert issued(sink) == []


def test_a_hand_that_does_not_move_is_given_up_on(space, sink):
    sink.answers.pop("learn")
    with pytest.raises(ControlError, match=r"no control was moved within 15 s.*midi\(\)"):
        space["learn"]("brightness")
    assert issued(sink) == []


def test_what_is_forgotten_stays_where_it_is(space, sink):
    sink.answers |= {"fader": 0.625, "controls": SOME}
    with pytest.raises(ControlError, match=r"for d2.gain; what is learnt: brightness \(cc 21 of nano"):
        space["unlearn"](space["d2"].gain)
    space["unlearn"]("brightness")
    space["unlearn"](space["d1"].gain)
    assert issued(sink) == [("unbind", "unbind", "brightness"), ("d1", "gain", 0.625)]


def test_what_the_same_line_has_learnt_can_be_forgotten(space, sink):
    space["learn"]("tone")
    space["unlearn"]("tone")
    assert [command.kind for command in sink.commands] == ["bind", "unbind"]


def test_the_rule_of_takeover(space, sink):
    space["takeover"]("scale")
    assert issued(sink) == [("takeover", "takeover", "scale")]
    assert space["takeover"]() == "pickup"


TEXT = """
takeover = "scale"
brightness = {cc = 21, port = "nano", range = [200, 4000], value = 0.5}
"d1.gain" = {cc = 7, ch = 2, range = [0, 0.8]}
"""


def test_a_mapping_is_loaded(space, sink, tmp_path, capsys):
    (tmp_path / "nano.toml").write_text(TEXT + "colour = {cc = 7, ch = 2}\n")
    space["mapping"](tmp_path / "nano.toml")
    kinds = [(c.kind, *c.arguments) for c in sink.commands if c.kind != "gain"]
    assert kinds == [
        ("takeover", "scale"),
        ("recall", (("cc:21@nano/*", 0.5),)),
        ("bind", "brightness", "cc:21@nano/*", 200.0, 4000.0, 0.0),
        ("bind", "d1.gain", "cc:7@*/2", 0.0, 0.8, 0.0),
        ("bind", "colour", "cc:7@*/2", 0.0, 1.0, 0.0),
    ]
    same(next(c for c in sink.commands if c.kind == "gain").arguments[0], Live("cc:7@*/2").range(0, 0.8))
    assert "cc 7, channel 2 moves d1.gain, too" in capsys.readouterr().out


def test_a_mapping_is_saved_as_it_is_in_the_engine(space, sink, tmp_path, capsys):
    sink.answers["controls"] = SOME
    space["mapping"].save(tmp_path / "nano.toml")
    found = read_mapping(tmp_path / "nano.toml")
    assert found.bound == {
        "brightness": Binding(KNOB, 200, 400, value=0.25),
        "d1.gain": Binding("cc:9@*/*", 0, 1),
    }
    assert found.takeover == "pickup"
    assert space["mapping"]() is space["mapping"]
    assert repr(space["mapping"]) == "<mapping brightness: cc 21 of nano, channel 1, d1.gain: cc 9>"


def test_a_replay_learns_the_same_and_needs_no_file(said, tmp_path):
    file = tmp_path / "nano.toml"
    file.write_text(TEXT)
    told = {"learn": KNOB, "fader": 0.5}
    blocks = Blocks(said.send, answer=lambda kind, *rest, patience=0.0: told.get(kind))
    live = Names(SetApi(blocks), 0).space
    sent = []
    blocks._noted = lambda number, commands: sent.extend(command for command, _ in commands)
    code = ["x = learn(); d1.gain(x); learn('bright', 0, 2)", f"mapping({str(file)!r}); unlearn(d1.gain)"]
    for line in code:
        assert run_block(line, live, blocks) is None
    file.unlink()
    notes = [Answer(*message[1:]) for message in said.messages if message[0] == "answered"]
    again = []
    session = Session(blocks=[Block(n, line, n) for n, line in enumerate(code, 1)], records=notes)
    replay = Replay(session, again.append, lambda block, commands: again.extend(commands))
    assert [stamp for stamp, _ in replay] == [0] * len(sent)
    assert [c.digest for c in again] == [c.digest for c in sent]
    assert len(sent) == 8
    same(replay.names.space["x"], live["x"])


def test_controls_are_shown_as_bars(space, sink, capsys):
    sink.answers["controls"] = SOME
    space["midi"]()
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "listening to nanokontrol2"
    assert lines[1].split()[:3] == ["brightness", "█████···············", "250"]
    assert "↓ turn down to 0.25" in lines[1]
    assert lines[2].split() == ["d1.gain", "····················", "−", "cc", "9"]
    assert lines[3].split() == ["bend", "██████████··········", "0", "nano,", "channel", "1"]
    assert lines[4].split()[:4] == ["cc", "22", "████████████████████", "1"]
    assert lines[5] == "d2.pan is led by cc 7"
    sink.answers["controls"] = None
    with pytest.raises(ControlError, match="does not answer"):
        space["midi"](live=True)


def test_bars_tell_what_their_controls_move(space, sink, capsys):
    sink.answers["controls"] = SOME | {
        "values": {KNOB: 0.25, "cc:3@nano/1": 0.1, "cc:22@nano/1": 1.0, "note:60@nano/1": 0.0},
        "led": {"d1.pan": ("live:brightness",), "d2": ("cc:22@*/*", KNOB), "d3": ("cc:5@*/*",)},
    }
    space["midi"]()
    lines = capsys.readouterr().out.splitlines()
    assert "↓ turn down to 0.25  → d1.pan, d2  " in lines[1]
    assert "→" not in lines[2]
    assert lines[3].split()[:2] + lines[3].split()[4:6] == ["cc", "22", "→", "d2"]
    assert lines[4].startswith("cc 3 ")
    assert lines[5:] == ["d3 is led by cc 5"]


def test_the_signal_of_a_bend_goes_over_the_whole_range():
    bound = Binding("bend@p/1", 10, 20)
    assert (bound.shaped(-1), bound.shaped(0), bound.shaped(1)) == (10, 15, 20)
    same(signal(bound), ((Live("bend@p/1") + 1) / 2).range(10, 20))
    assert spoken("osc:/1/fader#0") == "osc /1/fader"


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("lambda: 1", "takes no value"),
        ("lambda a, b: 1", "takes no value"),
    ],
)
def test_what_cannot_be_moved_is_told_before_a_hand_is_waited_for(space, sink, capsys, target, expected):
    with pytest.raises(ControlError, match=expected):
        space["learn"](eval(target, space))
    assert "move a control" not in capsys.readouterr().out


@pytest.mark.parametrize(
    "target",
    [
        "mute",
        "d2.play",
        "d2.once",
        "once",
        "scene",
        "go",
        "solo",
        "lowpass",
        "reverb",
    ],
)
def test_what_is_advised_instead_can_be_typed(target):
    evening = AnsweringSet()
    evening.evaluate('scene("verse")')
    evening.moved = ["cc:1", "cc:2"]
    said = evening.evaluate(f"learn({target})")
    typed = re.search(r"pads\(.*?\}\)|learn\(lambda.*", said)[0]
    assert evening.evaluate(typed) is None
    assert len(evening.moved) == (2 if typed.startswith("pads") else 1)


@pytest.mark.parametrize(
    "target",
    ["swing", "quant", "lead", "record", "d2.fx", "d2.out", "d2.morph", "master.fx", "takeover", "capture"],
)
def test_no_hand_is_waited_for_by_what_it_cannot_move(target):
    evening = AnsweringSet()
    evening.moved = ["cc:1"]
    assert f"{target.split('.')[-1]} is not moved by a control" in evening.evaluate(f"learn({target})")
    assert evening.moved


def test_what_is_done_is_given_to_the_next_pad_that_is_hit():
    evening = AnsweringSet()
    evening.moved = [
        "note:36@launch/10",
        "cc:41@nano/1",
        "program@feet/2",
        "note:37@launch/10",
        "bend@keys/1",
    ]
    evening.run("learn(d1)", "learn(hush)", 'learn(scene("drop"))', 'learn(s("kick"))', "learn(d2.stop)")
    pads = dict(evening.performance.touch.shown()["pads"])
    assert list(pads) == [
        "note:36@=launch/10", "cc:41@=nano/1", "program@=feet/2", "note:37@=launch/10", "bend@=keys/1",
    ]  # fmt: skip
    evening.run("pads({'program:5': d3, 'bend:down': d4})")
    muted = evening.performance.faders.muted
    for name, value, expected in (
        ("note:36@launch/10", 1.0, {0}),
        ("program@other/1", 5 / 127, {0, 2}),
        ("program@other/1", 6 / 127, {0, 2}),
        ("bend@other/1", -0.25, {0, 2}),
        ("bend@other/1", -0.75, {0, 2, 3}),
        ("bend@other/1", -1.0, {0, 2, 3}),
    ):
        evening.hand((name, value))
        assert muted == expected
