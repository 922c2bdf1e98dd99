"""Tempo, swing, scenes, going back and silence at the prompt: what they ask for, and what they refuse."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest

import latentcode as lc
from latentcode.errors import LatentcodeError
from latentcode.patterns import mini
from latentcode.prompt.restore_log import MOST, Memory
from latentcode.prompt.scenes import Scenes
from latentcode.protocol.messages import State
from latentcode.set.kinds import packed


def run(names, code):
    exec(code, names.space)


def asked(sink):
    return [(c.kind, c.target, *c.arguments) for c in sink.commands]


def test_the_tempo_is_a_number_a_ramp_or_a_pattern(names, sink):
    run(names, 'bpm(93.5); bpm("120"); bpm(140, over=8); bpm(140, over=1.5); bpm("<120 140>")')
    run(names, "bpm(sine.slow(8).range(100, 140)); bpm(perlin.range(60, 70))")
    numbers = [c.arguments for c in sink.commands[:4]]
    assert numbers == [("93.5",), ("120",), ("140", "8"), ("140", "3/2")]
    assert sink.commands[4].arguments == (mini("<120 140>"),)
    assert sink.commands[5].arguments[0].digest == lc.sine.slow(8).range(100, 140).digest
    assert {c.target for c in sink.commands} == {"tempo"}


def test_words_about_the_whole_set_become_commands(names, sink):
    run(
        names, 'swing(1/3); swing(.25, steps=8); swing(0); scene("a"); go("a"); go("a", quant="now", morph=4)'
    )
    run(names, 'back(); undo(); undo(3, quant="beat"); redo(); cancel(); hush(); hush(over=2); panic()')
    assert asked(sink) == [
        ("swing", "swing", "1/3", 4, "1"),
        ("swing", "swing", "1/4", 8, "1"),
        ("swing", "swing", "0", 4, "1"),
        ("scene", "scene", "a"),
        ("go", "go", "a", "1"),
        ("go", "go", "a", None, "4"),
        ("back", "back", "1"),
        ("undo", "undo", 1, "1"),
        ("undo", "undo", 3, "1/4"),
        ("redo", "redo", "1"),
        ("cancel", "cancel"),
        ("hush", "hush"),
        ("hush", "hush", "2"),
        ("panic", "panic"),
    ]


def test_once_and_fades_of_a_voice(names, sink):
    run(names, 'once("cello*3"); d3.once(s("kick"), quant="now"); d3.stop(over=1)')
    assert asked(sink) == [
        ("once", "once", lc.s("cello*3"), "1"),
        ("once", "d3", lc.s("kick"), None),
        ("stop", "d3", None, "1"),
    ]


def test_what_holds_is_told(names, sink):
    sink.told = State(bpm=121.5, swing=0.25, scenes=("intro",), master=0.9)
    run(names, 'scene("verse")')
    assert eval("(bpm(), swing(), scenes())", names.space) == (121.5, 0.25, ["intro", "verse"])
    run(names, 'go("intro")')
    assert sink.commands[-1].arguments[0] == "intro"


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("bpm(0)", r"from 1 to 2000, not 0; as in bpm\(120\), bpm\(140, over=8\)"),
        ("bpm(-3)", "not -3"),
        ("bpm(float('inf'))", "not inf"),
        ("bpm(float('nan'))", "not nan"),
        ("bpm(True)", "not True"),
        ("bpm('quick')", r"not 'quick'; as in"),
        ("bpm(s('cello'))", "bpm takes beats per minute"),
        ("bpm('<120 0>')", "not 0 at cycle 1 of '<120 0>'"),
        ("bpm('<120 ~ ~>')", "not 0 at cycle 2"),
        ("bpm(sine)", "not 0.5 at cycle 0"),
        ("bpm(path('cello'))", "bpm takes"),
        ("bpm(140, over=0)", r"bpm\(…, over\) takes a number of cycles above 0.*as in bpm\(140, over=8\)"),
        ("bpm('<1 2>', over=4)", "no end to be reached"),
        ("swing(2)", r"from 0 to 1, not 2; as in swing\(1/3\)"),
        ("swing('1/3')", "swing takes an amount"),
        ("swing(.3, steps=0)", "steps from 1 to 64, not 0"),
        ("scene(3)", r'scene takes a name, not 3; as in scene\("verse"\)'),
        ("go('verse')", r"there is no scene 'verse'; scene\(\"verse\"\) keeps"),
        ("scene('verse'); go('vers')", "did you mean 'verse'"),
        ("scene('verse'); go('xyz')", "there are verse"),
        ("scene('verse'); go('verse', morph=-1)", "a number of cycles above 0"),
        ("undo(0)", "steps from 1 to 64"),
        ("hush(over='long')", r"as in hush\(over=2\)"),
        ("d1.stop(over=0)", r"d1\.stop takes a number of cycles"),
        ("once('celo')", "once: no sound called 'celo'; did you mean cello"),
        ("once(3)", "once plays a pattern"),
    ],
)
def test_what_cannot_be_is_an_error_that_says_what_to_type(names, code, said):
    with pytest.raises(LatentcodeError, match=said):
        run(names, code)


def test_a_name_whose_voice_was_given_free_falls_silent(names, sink):
    run(names, 'd["bass"] >> "bass"; d["idle"]; del d["bass"], d["idle"]')
    assert [(c.kind, c.target) for c in sink.commands] == [("play", "d16"), ("stop", "d16")]


def test_a_voice_that_a_scene_brings_back_is_not_given_to_a_new_name(names, sink):
    run(names, 'd["bass"] >> "bass"; scene("a"); hush(); del d["bass"]; go("a"); d["lead"] >> "flute"')
    assert sink.commands[-1].target == "d15"


def test_any_word_of_ours_that_is_lost_is_told(names):
    run(names, "s = 4; n = 5; scene = 3")
    assert names.lost() == ["n", "s", "scene"]
    run(names, "restore_names()")
    assert names.lost() == []


def test_the_memory_keeps_what_scenes_need_and_not_for_ever():
    from latentcode.set.commands import Command

    memory = Memory()
    memory.keep(Command("scene", arguments=("a",)), 0, b"scene")
    memory.keep(Command("gain", 3, (0.5,)), 0, b"gain")
    for stamp in range(MOST + 10):
        memory.keep(Command("play", stamp % 2, ("x", "1")), stamp, b"play")
    kept = memory.commands()
    assert len(kept) < MOST
    assert [data for _, data in kept[:2]] == [b"scene", b"gain"]
    assert kept[-1][0] == MOST + 9


def test_the_memory_takes_little_for_each_command():
    from latentcode.set.commands import Command

    memory, kinds = Memory(), 1024
    commands = [Command("play", n % 16, (lc.s(f"cello*{n + 1}").gain(n / kinds), "1")) for n in range(kinds)]
    data = [packed(one) for one in commands]
    tracemalloc.start()
    for n, one in enumerate(commands):
        memory.keep(one, n, bytes(bytearray(data[n])))  # a copy, as it comes from a block that ran
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert taken < 100 * kinds < sum(map(len, data)) / 2
    assert memory.commands() == tuple(enumerate(data))


def test_the_pages_name_every_word():
    pages = (Path(__file__).parents[2] / "docs").glob("*.md")
    text = "".join(page.read_text(encoding="utf-8") for page in pages)
    assert [word for word in Scenes(None).words() if f"{word}(" not in text] == []
