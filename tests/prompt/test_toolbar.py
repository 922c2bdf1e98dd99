from __future__ import annotations

from types import SimpleNamespace

import pytest
from msgspec.structs import replace

from latentcode.patterns.digest import digest
from latentcode.prompt.replay import Collector
from latentcode.prompt.toolbar import BAD, LIT, status, voices
from latentcode.protocol.messages import Encoding, Hello, State
from latentcode.protocol.state import ExtraState, VoiceState
from latentcode.set.commands import numbered

HELLO = Hello("set.py", "house", 44100, 256, "jack", 1, 46.0, "0")


def link(**changes):
    state = State(bpm=120.0, cycle=12.3, lead=46.0, load=0.2, player_load=0.1, device="jack, 44100 Hz")
    found = SimpleNamespace(
        state=state, hello=HELLO, heard=10.0, encoding=None, down="", pausing="", ready=True
    )
    for name, value in changes.items():
        if hasattr(found, name):
            setattr(found, name, value)
        else:
            found.state = replace(found.state, **{name: value})
    return found


def text(fragments):
    return "".join(part for _, part in fragments)


def voice(index, **changes):
    return VoiceState(index, **{"playing": True, "text": "cello"} | changes)


def test_what_the_engine_does_is_in_one_line():
    line = text(status(link(), 120, 10.0))
    for part in ("house", "120 bpm", "12 ·●··", "lead 46 ms", "load 20%", "dry 0", "jack"):
        assert part in line


def test_the_model_of_a_voice_is_named_where_it_is_not_the_sets():
    line = text(voices(link(voices=(voice(0, models=("strings",)), voice(1))), 120))
    assert "d1 strings: cello" in line
    assert "d2 cello" in line


def test_the_beat_moves_between_two_states():
    assert "12 ··●·" in text(status(link(), 120, 10.5))
    assert "13 ●···" in text(status(link(cycle=12.99), 120, 10.1))


def test_the_peak_is_held_and_a_lamp_tells_what_the_limiter_held_back():
    line = text(status(link(held=0.5), 160, 10.0))
    assert "peak −6 dB" in line
    assert "over" not in line
    parts = status(link(held=0.89, over=1.5), 160, 10.0)
    assert "peak −1 dB ▮ over by 3.5 dB" in text(parts)
    assert {part: style for style, part in parts}[" ▮ over by 3.5 dB"] == BAD
    assert "peak −" in text(status(link(), 160, 10.0))


def test_what_is_amiss_is_seen():
    assert "the engine is starting" in text(status(link(hello=None), 80, 10.0))
    assert "no engine: it ended" in text(status(link(down="it ended"), 80, 10.0))
    assert "no engine: it died again" in text(status(link(pausing="it died again"), 80, 10.0))
    assert "the engine is starting" in text(status(link(ready=False), 80, 20.0))
    assert "the engine is silent" in text(status(link(), 120, 20.0))
    assert "dry 7" in text(status(link(dry=7), 120, 10.0))
    assert "encoding cello 50%" in text(status(link(encoding=Encoding(1, 2, "cello")), 120, 10.0))
    taken = (("cc:21@*/*", 1.5, 4.0), ("osc:/x#0", -0.25, 2.0))
    assert "capturing cc 21, 2 of 4" in text(status(link(capturing=taken), 160, 10.0))
    assert "capturing osc /x in 0.2" in text(status(link(capturing=taken), 160, 10.0))
    assert "● set.wav" in text(status(link(recording="/tmp/set.wav"), 120, 10.0))


def test_voices_show_what_plays_and_what_is_pending_and_when():
    line = text(
        voices(link(voices=(voice(0), voice(2, pending="choir", pending_cycle=13.0, muted=True))), 100)
    )
    assert "d1 cello" in line
    assert "d3 M cello → choir in 0.7" in line
    assert "nothing plays" in text(voices(link(), 100))


def test_what_sounds_beside_the_voices_is_shown():
    once = voice(15, playing=False, text="", beside=(ExtraState("once", 12.7),))
    line = text(voices(link(voices=(voice(0, beside=(ExtraState("fading"),)), once)), 120))
    assert "d1 cello +fading" in line
    assert "d16  +once in 0.4" in line
    assert "133.33 bpm" in text(status(link(bpm=400 / 3), 120, 10.0))


@pytest.mark.parametrize(
    ("code", "played"),
    [
        (
            'd1 >> s("cello(3,8)")\\\n  .rev(); bpm(90); d2 >> s("kick*4")',
            ['s("cello(3,8)")\\ .rev()', 's("kick*4")'],
        ),
        (
            'for v, x in ((d1, "cello"), (d2, "choir")): v >> s(x).fast(2)',
            ['s("cello").fast(2)', 's("choir").fast(2)'],
        ),
        ('for i in (1, 2):\n    x = f"cello*{i}"\n    d[i] >> s(x)', ['s("cello*1")', 's("cello*2")']),
        ('for i in (1, 2): d[i] >> s(f"cello*{i}")', ['s("cello*1")', 's("cello*2")']),
        (
            'i = 0\nwhile i < 2:\n    i += 1\n    d[i] >> s("kick").gain(i / 2)',
            ['s("kick").gain(1 / 2)', 's("kick").gain(2 / 2)'],
        ),
        ('[v >> s(x) for v, x in ((d1, "cello"), (d2, "choir"))]', ['s("cello")', 's("choir")']),
        ('def f(a):\n    d2 >> s(a)\n    d1 >> "choir"\nf("cello")', ['s("cello")', '"choir"']),
        ('verse = lambda: (d1 >> s("cello"), d2 >> "choir")\nverse()', ['s("cello")', '"choir"']),
        (
            'def f(v, p): v >> p\nf(d1, s("cello")); f(d2, path("viola")); f(d3, "kick")',
            ["0–1 s:cello", "viola:2", '"kick"'],
        ),
        (
            'd1.play(s("cello")); d2.morph(4) >> "choir"; d["x"] >> "kick"',
            ['s("cello")', '"choir"', '"kick"'],
        ),
        ('mine = "cello"\nif not mine:\n    d1 >> "choir"\nelse:\n    d1 >> mine', ["mine"]),
        ('d1 >> s("cello").every(2, lambda p: p.rev())', ['s("cello").every(2, lambda p: p.rev())']),
        ("once(s('kick')); d1.once('hat')", ["s('kick')", "'hat'"]),
    ],
)
def test_a_command_carries_what_was_typed_for_it(code, played, prompt_on):
    found = prompt_on(Collector())(code)
    assert [command.label for command in found if command.kind in ("play", "once")] == played
    assert {command.block for command in numbered(found, 3)} == {3}


def test_labels_change_no_digest_and_no_value(prompt_on):
    run = prompt_on(Collector())
    run("f = lambda v: v >> 1\ndef g(v):\n    return v >> 1\nx = 8 >> 2\ny = [i >> 1 for i in range(4)]")
    plain = {"__name__": "__main__"}
    exec(compile("f = lambda v: v >> 1\ndef g(v):\n    return v >> 1", "", "exec", dont_inherit=True), plain)
    assert (run.space["x"], run.space["y"]) == (2, [0, 0, 1, 1])
    assert [digest(run.space[name]) for name in "fg"] == [digest(plain[name]) for name in "fg"]


def test_words_that_sound_are_lit_in_what_a_voice_plays():
    """Places are those of the text that was typed, on however many lines; a label is on one."""
    typed = "choir\n    [cello flute]"
    playing = voice(0, text='s("""choir [cello flute]""").rev()', pending="choir", pending_cycle=13.0)
    morphing = voice(1, text='s("a\\tb").fast(2)', morph=("cello", 0.5))
    lit = {0: ((typed, 11, 16), (typed, 0, 5), ("another", 0, 7)), 1: (("a\tb", 0, 1),)}
    parts = voices(link(voices=(playing, morphing, voice(2))), 400, 1, lit)
    assert [part for style, part in parts if style == LIT] == ["choir", "cello", '"a\\tb"']
    assert 's("""choir [cello flute]""").rev() → choir in 0.7' in text(parts)


def test_a_tall_terminal_has_a_row_for_each_voice_and_a_low_one_shares_them():
    many = tuple(voice(index, text=f"p{index + 1}") for index in range(5))
    rows = [text(voices(link(voices=many), 80, rows)).split("\n") for rows in (8, 3, 1)]
    assert [len(found) for found in rows] == [5, 3, 1]
    assert rows[1][0].index("d2") == rows[1][1].index("d4")
    narrow = voices(link(voices=(*many, voice(5, muted=True, pending="x"))), 40, 1, {1: (("p2", 0, 2),)})
    assert text(narrow) == " d1 d2 d3 d4 d5 d6M→"
    assert (LIT, "d2") in narrow


def test_nothing_is_wider_than_the_terminal():
    many = tuple(voice(index, text="a long pattern " * 9) for index in range(16))
    for width in (20, 40, 80, 200):
        for line in text(voices(link(voices=many), width, 6)).split("\n"):
            assert len(line) <= width
        assert len(text(voices(link(voices=many), width))) <= width
        assert len(text(status(link(), width, 10.0))) <= width
