"""The words pads, transport and keys: what they hand to the engine, and what they say to mistakes."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from helpers.whole_set import AnsweringSet

from latentcode.errors import ControlError, EngineError, LatentcodeError, PatternError, SoundError
from latentcode.inputs.history import Input
from latentcode.latents.looping import LOOPS
from latentcode.prompt.replay import Collector
from latentcode.protocol.messages import State
from latentcode.protocol.state import Assignments
from latentcode.set.actions import Do, Strike, Toggle
from latentcode.set.commands import SET
from latentcode.set.kinds import kind_of
from latentcode.sounds.hearing import Hearing
from latentcode.synth.keyboard import Keyboard


@pytest.fixture
def line(prompt_on):
    """Runs a line at a prompt without an engine; gives its commands."""
    return prompt_on(Collector())


def pads_of(commands):
    return dict(commands[-1].arguments[1])


def test_the_type_decides_what_a_pad_does(line):
    found = pads_of(line('pads({36: s("kick"), "c3": "hat*2", 38: path("cello"), 39: d3, "cc:21": hush})'))
    assert list(found) == ["note:36@*/*", "note:48@*/*", "note:38@*/*", "note:39@*/*", "cc:21@*/*"]
    assert isinstance(found["note:48@*/*"], Strike)
    assert isinstance(found["note:38@*/*"], Strike)
    assert isinstance(found["note:39@*/*"], Toggle)
    assert found["note:39@*/*"].voice == 2
    assert [command.kind for command in found["cc:21@*/*"].commands] == ["hush"]


def test_a_scene_that_was_none_is_told_once(line, capsys, monkeypatch):
    monkeypatch.setattr(Collector, "live", True)
    line('pads({36: scene("drop")}); pads({37: scene("drop")})')
    assert capsys.readouterr().out == "there was no scene 'drop': it is what sounds now\n"


def test_ports_channels_quants_and_voices(line):
    found = line('pads({36: s("kick").cut("k")}, ch=10, port="Nano Pad", quant="beat", voice=d9)')[-1]
    ((name, action),) = found.arguments[1]
    assert (name, found.voice, found.arguments[2:4]) == ("note:36@nano_pad/10", SET, ("nano_pad", "10"))
    assert (action.quant, action.voice, action.cuts) == ("1/4", 8, ("k",))


def test_a_scene_is_one_to_go_to(line):
    commands = line('pads({36: scene("drop")})')
    assert [command.kind for command in commands] == ["scene", "pads"]
    assert commands[-1].arguments[4] == ("drop",)
    (go,) = pads_of(commands)["note:36@*/*"].commands
    assert (go.kind, go.arguments) == ("go", ("drop", "1"))
    assert (
        pads_of(line('pads({36: scene("drop")}, quant="now")'))["note:36@*/*"].commands[0].arguments[1]
        is None
    )


def test_words_and_functions_are_heard_out_at_once_and_done_later(line):
    line('scene("drop")')
    found = pads_of(
        line('pads({36: lambda: (go("drop", morph=4), master(.5)), 37: d2.stop, 38: lambda: d1 >> "cello"})')
    )
    asked = [[command.kind for command in action.commands] for action in found.values()]
    assert asked == [["go", "master"], ["stop"], ["play"]]
    assert line.space["d"]._stage.touched == set()


class Quiet:
    """An input at which nothing comes in."""

    def open(self, channel):
        return True

    def samples(self, channel, first, count):
        return np.zeros(count, np.float32)


def test_pads_tell_a_loop_all_that_lines_tell_it(line, perform):
    words = ["record", "overdub", "replace", "half", "turn", "clear", "undo"]
    given = ", ".join(f"{36 + place}: loop.{word}" for place, word in enumerate(words))
    on_pads = line(f"loop = looper(1); pads({{{given}}}, port='nano')")[-1]

    def told(*commands, pressed=()):
        performance = perform()
        performance.listen(Hearing(44100, Quiet(), lambda name: None))
        for command, sample in commands:
            performance.schedule(command, sample)
        for key, sample in pressed:
            performance.hear(Input(f"note:{key}@nano/10", 1.0), sample)
        performance.render(10 * 88200)
        (loop,) = (one for name, one in performance.inputs.known.items() if name.startswith(LOOPS))
        return loop.stretches, loop.before

    moments = [(2 * place + 1) * 44100 + 777 for place in range(len(words))]
    by_hand = told((on_pads, 0), pressed=zip(range(36, 43), moments, strict=True))
    assert by_hand == told(*zip([line(f"loop.{word}()")[-1] for word in words], moments, strict=True))
    assert len(by_hand[1]) == 3  # what was put aside four times, and brought back once
    at_once = line('pads({36: lambda: loop.record("now")}, port="nano")')[-1]
    (first, _), _ = told((at_once, 0), pressed=[(36, 5000)])
    assert first.since == Fraction(5000, 88200)


def test_all_that_a_hand_can_let_sound_is_known_beforehand(line):
    commands = line(
        'pads({36: "kick", 37: lambda: pads({36: "hat", 38: lambda: keys(d5, "cello")}), 39: lambda: d1 >> "harp"})'
    )
    assert [command.kind for command in kind_of(commands[0]).sounding(commands[0])] == [
        "once",
        "once",
        "keys",
        "play",
    ]


def test_the_same_line_is_the_same_command(line):
    code = 'pads({36: s("kick"), 37: lambda: bpm(140), 38: d1}); keys(d5, s("cello").attack(.1))'
    assert [c.digest for c in line(code)] == [c.digest for c in line(code)]


def test_taking_away_and_showing(line):
    assert line("pads(None)")[0].arguments == ("pads", None, "*", "*", ())
    assert line('pads({}, port="nano")')[0].arguments == ("pads", None, "nano", "*", ())
    line("shown = repr(pads()), repr(transport()), repr(keys())")
    assert line.space["shown"] == ("no pads", "no transport", "no keys")


def test_what_hands_are_on_is_shown_as_it_was_typed(line, monkeypatch):
    pads = (("note:36@nano/10", "kick"), ("cc:7@*/*", "hush"))
    state = State(hands=Assignments(pads, keys=(("d5", "cello"),)))
    monkeypatch.setattr(line.space["d"]._stage, "state", lambda: state)
    line("shown = repr(pads()), repr(keys())")
    assert line.space["shown"] == ("36 on nano channel 10  kick\ncc:7                   hush", "d5  cello")


def test_what_hands_are_given_is_named_by_what_was_typed(line):
    found = line(
        'beat = s("kick(3,8)"); '
        'pads({36: s("kick").fast(2), 37: beat, 38: lambda: bpm(140), 39: "hat*2", 40: hush}); '
        'keys(d5, s("cello").attack(.1), octave=1)'
    )
    texts = [action.text for _, action in found[0].arguments[1]]
    assert texts == ['s("kick").fast(2)', "beat", "lambda: bpm(140)", "'hat*2'", "hush"]
    assert found[1].arguments[0].text == 's("cello").attack(.1), octave=1'


def test_transport_keys(line):
    found = line('transport(start=scene("verse"), stop=hush, resume=None, port="seq")')[-1]
    assert found.arguments[0] == "transport"
    assert [name for name, _ in found.arguments[1]] == ["start@seq/*", "stop@seq/*", "continue@seq/*"]
    assert found.arguments[1][2][1] is None
    assert isinstance(found.arguments[1][1][1], Do)


def test_keys_play_any_trajectory(line):
    found = line(
        'keys(d5, meso("cello", "choir", sine), octave=-1, transpose=.5, scale="d minor", low="c3", mono=True)'
    )
    board = found[0].arguments[0]
    assert isinstance(board, Keyboard)
    assert (found[0].voice, board.transpose, board.low, board.high, board.mono) == (4, -11.5, 48, 127, True)
    assert board.scale == (0, 2, 4, 5, 7, 9, 10)
    assert line("keys(5, None)")[0].arguments == (None,)


def test_notes_of_mpe_are_on_all_channels():
    evening = AnsweringSet()
    assert "ch=16 is for an upper zone" in evening.evaluate('keys(d5, "cello", mpe=True, ch=3)')
    assert evening.evaluate('keys(d5, "cello", mpe=True, ch=16)') is None


def test_programs_and_keys_of_transports_are_learnt_one_by_one():
    evening = AnsweringSet()
    evening.moved = ["program:5@feet/1", "program:6@feet/1", "stop@feet/0"]
    evening.run("learn(d1)", "learn(d2)", "learn(d3)")
    for name, value, muted in (
        ("program@feet/1", 5 / 127, {0}),
        ("program@feet/1", 7 / 127, {0}),
        ("stop@other/0", 1.0, {0}),
        ("stop@feet/0", 1.0, {0, 2}),
        ("program@feet/1", 6 / 127, {0, 1, 2}),
    ):
        evening.hand((name, value))
        assert set(evening.performance.faders.muted) == muted


@pytest.mark.parametrize(
    ("code", "error", "said"),
    [
        ("pads({36: hush()})", ControlError, "write hush, not hush()"),
        ('pads({36: go})', ControlError, "lambda: go(…)"),
        ('pads({36: lambda: go("drop")})', EngineError, "no scene 'drop'"),
        ('pads({36: lambda: record("x.wav")})', ControlError, "record"),
        ("pads({36: x})" , LatentcodeError, "36"),
        ("pads({36: rev})", ControlError, "asks for nothing"),
        ("pads({128: hush})", ControlError, "0 to 127"),
        ('pads({"c": hush})', ControlError, "c1"),
        ('pads({36: "kik"})', SoundError, "kick"),
        ("pads(36)", ControlError, "pads({36:"),
        ('pads(40, s("kick"))', ControlError, 'pads({40: s("kick")})'),
        ("pads({36: hush}, ch=17)", ControlError, "ch=10"),
        ("pads({36: hush}, port=3)", ControlError, "nano"),
        ("pads({36: fast(2)})", PatternError, "pattern"),
        ("keys(d5)", ControlError, 'keys(d5, "cello")'),
        ('keys("d5", "cello")', EngineError, "d1 to d16"),
        ('keys(d5, "cello", bend=50)', EngineError, "48"),
        ('keys(d5, "cello", scale="c mnor")', PatternError, "c minor"),
        ('keys(d5, "cello", low=60, high=40)', ControlError, "low"),
        ('keys(d5, "cello", low="cc:3")', ControlError, "low"),
    ],
)  # fmt: skip
def test_mistakes_say_what_to_type(line, code, error, said):
    line.space["x"] = 3
    with pytest.raises(error) as raised:
        line(code)
    assert said in str(raised.value)


@pytest.mark.parametrize(
    ("code", "typed"),
    [
        ("keys(d5, 3)", 'type keys(d5, "cello")'),
        ('keys(d5, "cello", low="h9")', 'low="c3"'),
        ('keys(d5, "cello", mono="x")', "mono=True"),
        ("keys(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)", 'keys(d5, "cello")'),
        ("cc()", "type cc(21)"),
        ("capture()", "wave = capture(cc(1), 4)"),
        ("capture((), 4)", "wave = capture(cc(1), 4)"),
        ("transport(go=hush)", "type transport(stop=hush)"),
        ('midi_out("x").note()', 'type midi_out("synth").note(n("0 3 7"))'),
        ('osc_out("127.0.0.1:9001").send("/x")', '.send("/freq", n("0 3 7"))'),
        ("mapping(1, 2)", 'mapping("nano.toml")'),
        ('learn(d1.gain, 0, float("nan"))', "a range goes from one number to another"),
    ],
)
def test_what_is_typed_wrong_is_answered_with_what_to_type(line, code, typed):
    from latentcode.prompt.error_hints import explained

    with pytest.raises((LatentcodeError, TypeError)) as told:
        line(code)
    error = told.value
    text = explained(error, code) if isinstance(error, TypeError) else str(error)
    assert typed in text


def test_an_address_with_an_at_sign_is_found_where_it_arrives(line):
    line('x = osc("/1/fader@2")')
    assert line.space["x"].name == "osc:/1/fader_2#0"
