"""What sounds is found again in the code of its block."""

from __future__ import annotations

import time

import pytest

from latentcode.patterns import mini, s
from latentcode.prompt.error_format import Origin
from latentcode.prompt.literals import literals
from latentcode.prompt.sounding import Sounding
from latentcode.protocol.messages import State
from latentcode.protocol.state import ExtraState, VoiceState
from latentcode.set.commands import SET, Command

CODE = '''é = s("choir(3,8)")
d1 >> s("cello [flute choir]").gain(.5)
d2 >> s("""kick*4,
  ~ snare""")
d3 >> é; d4.play(s("cello [flute choir]"))
'''


def played(voice, pattern, label, number=7):
    return number, [(Command("play", voice, (pattern, "1"), label), b"")]


def test_words_that_sound_light_up_in_the_block_that_they_come_from():
    sounding = Sounding()
    sounding.block(6, 'd1 >> s("cello [flute choir]")')
    sounding.block(7, CODE, Origin("/mine/set.py", 12))
    cello = s("cello [flute choir]")
    sounding.sent(*played(0, cello, "one"))
    sounding.sent(*played(1, s("kick*4,\n  ~ snare"), "two"))
    sounding.sent(*played(2, s("choir(3,8)"), "three"))
    sounding.sent(*played(3, cello, "four"))
    voices = [
        VoiceState(n, playing=True, text=text) for n, text in enumerate(("one", "two", "three", "four"))
    ]

    def lit(cycle, *voices, **more):
        state = State(bpm=120.0, cycle=cycle, voices=voices)
        found = sounding.now(state, time.monotonic(), 0, **more)
        lines = CODE.split("\n")
        assert all((word.file, word.line, word.block) == ("/mine/set.py", 12, 7) for word in found)
        return [(word.voice, word.row, lines[word.row][word.begin : word.end]) for word in found]

    assert lit(0.55, *voices) == [
        ("d1", 1, "flute"),
        ("d2", 2, "kick"),
        ("d2", 3, "snare"),
        ("d4", 4, "flute"),
    ]
    assert lit(0.05, *voices)[2:] == [("d3", 0, "choir"), ("d4", 4, "cello")]
    assert lit(0.05, voices[0], VoiceState(1, playing=True, text="two", muted=True)) == [("d1", 1, "cello")]
    assert lit(0.05, voices[0], VoiceState(1, playing=True, text="two", solo=True)) == [("d2", 2, "kick")]
    assert lit(0.05, VoiceState(0, playing=True, text="another")) == []
    assert sounding.now(State(bpm=120.0, voices=tuple(voices)), time.monotonic() - 5, 0) == []
    state = State(bpm=120.0, cycle=0.55, voices=(voices[0],))
    assert sounding.places(state, time.monotonic(), 0) == {0: (("cello [flute choir]", 7, 12),)}


KICKS = 's("kick*2")'


@pytest.mark.parametrize(
    ("blocks", "voice", "expected"),
    [
        ([f"a = {KICKS}", f"b = {KICKS}", "d1 >> a"], 1, [(0, 0, "a = ")]),
        ([f"a = {KICKS}", f"def f():\n    a = {KICKS}", "d1 >> a"], 1, [(0, 0, "a = ")]),
        ([f"a = {KICKS}; b = {KICKS}; d1 >> a; d2 >> b"], 2, [(0, 0, "; b = ")]),
        ([f"d1 >> {KICKS}; d1 >> {KICKS}.fast(1)"], 1, [(0, 0, "; d1 >> ")]),
        ([f"d1 >> {KICKS}", f"d2 >> {KICKS}", f"d1 >> {KICKS}"], 1, [(2, 0, "d1 >> ")]),
        ([f"def drums(v):\n    v >> {KICKS}", f"x = {KICKS}", "drums(d3)"], 3, [(0, 1, "    v >> ")]),
        (['x = "kick*2"\ny = s(x)', 'x = "rain"', "d1 >> y"], 1, [(0, 0, "x = ")]),
        ([f"for v in (d1, d2): v >> {KICKS}"], 2, [(0, 0, "for v in (d1, d2): v >> ")]),
        ([f'd1 >> {KICKS}; d["bass"] >> {KICKS}'], 2, [(0, 0, '; d["bass"] >> ')]),
        ([f"d1 >> stack({KICKS}, {KICKS})"], 1, [(0, 0, "d1 >> stack("), (0, 0, ", ")]),
    ],
)
def test_of_equal_texts_those_are_lit_that_the_voice_plays(blocks, voice, expected):
    sounding = Sounding()
    for number, code in enumerate(blocks):
        sounding.block(number, code)
    sounding.sent(*played(voice - 1, s("kick*2"), "it", len(blocks) - 1))
    state = State(bpm=120.0, cycle=0.1, voices=(VoiceState(voice - 1, playing=True, text="it"),))
    found = []
    for word in sounding.now(state, time.monotonic(), 0):
        line = blocks[word.block].split("\n")[word.row]
        assert line[word.begin : word.end] == "kick"
        found.append((word.block, word.row, line[: word.begin - 1].rpartition(KICKS)[2].removesuffix("s(")))
    assert found == expected


def test_what_plays_once_is_lit_for_its_cycle_and_what_fades_while_it_does():
    sounding, code = Sounding(), 'once(s("hat [clap rim]"))'
    sounding.block(1, 'd1 >> s("kick*2")')
    sounding.block(2, code)
    sounding.sent(*played(0, s("kick*2"), "kicks", 1))
    sounding.sent(2, [(Command("once", SET, (s("hat [clap rim]"), "1"), "hats"), b"")])
    hats = VoiceState(15, beside=(ExtraState("once", text="hats", first=2.75),))

    def lit(cycle, *voices):
        state = State(bpm=120.0, cycle=cycle, voices=voices)
        found = [word for word in sounding.now(state, time.monotonic(), 0) if word.beside]
        return [
            (word.voice, code[word.begin : word.end] if word.block == 2 else word.block) for word in found
        ]

    assert [lit(cycle, hats) for cycle in (2.7, 2.8, 3.3, 3.6, 3.8)] == [
        [], [("d16", "hat")], [("d16", "clap")], [("d16", "rim")], []
    ]  # fmt: skip
    assert lit(2.8, VoiceState(15, muted=True, beside=hats.beside)) == []
    assert lit(7.1, VoiceState(0, beside=(ExtraState("fading", text="kicks"),))) == [("d1", 1)]
    assert lit(7.1, VoiceState(0, playing=True, text="kicks")) == []  # that is what the voice plays
    own = State(bpm=120.0, cycle=2.8, voices=(hats,))
    assert sounding.places(own, time.monotonic(), 0) == {}


def test_texts_with_escapes_are_lit_whole():
    found = {one.text: one for one in literals(r'd1 >> s("a\tb"); d2 >> s("a" "b"); d3 >> s(r"c")')}
    assert not found["a\tb"].plain
    assert (found["ab"].column, found["ab"].end, found["ab"].plain) == (25, 32, False)
    assert found["c"].plain
    assert mini("c").query(0, 1)
