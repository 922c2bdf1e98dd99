"""What players of other systems type from habit is answered with something that works when it is typed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from latentcode.prompt.error_format import one_line
from latentcode.prompt.evaluate import run_block
from latentcode.prompt.habits import HABITS, commented, unmeant
from latentcode.sounds import library as sounds

PAGES = Path(__file__).parents[2] / "docs"
LINES = """\
d1 >> n("0 2 4").lpf(800) -> d1.fx(lowpass(800))
d7 >> s("cello").lpf("<300 800>") -> d7.fx(lowpass("<300 800>"))
d1 >> s("cello").room(.7) -> d1.fx(reverb(.7))
d1 >> s("cello").hpf(sine.range(100, 300)) -> d1.fx(highpass(sine.range(100, 300)))
d1 >> n("0 2 4").scale("c:minor") -> .scale_of('c:minor')
d1 >> n("0 2 4").scale("<c:minor f:dorian>") -> .scale_of('<c:minor f:dorian>')
d1 >> n("0 2 4").scale("c minor") -> .scale_of('c minor')
d1 >> n("0*4").sometimesBy(.3, add(7)) -> .sometimes_by(.3, add(7))
d1 >> n("0*4").degradeBy(.2) -> .degrade_by(.2)
d1 >> n("0*4").juxBy(.5, rev) -> .jux_by(.5, rev)
d1 >> n("0*4").iterBack(4) -> .iter_back(4)
d1 >> n("0*4").hurry(2) -> .fast(2).speed(2)
d1 >> n("0*4").transpose(5) -> .add(5)
d1 >> s("cello").clip(.3) -> .legato(.3)
d1 >> s("cello").orbit(1) -> d1.fx(
p1 >> pluck([0, 2]) -> d1 >> n("0 3 7").s("harp")
Pa >> d("bd cp") -> d1 >> n("0 3 7").s("harp")
$: s("bd*2 sd") -> d1 >> s("bd*2 sd")
d3 $ sound "bd*2" -> d3 >> s("bd*2")
d3 $ every 2 rev $ sound "bd*2" -> d3 >> s("cello*2")
d3 silence -> d3.stop()
once $ sound "crash" -> once(s("crash"))
solo 1 -> solo(d1)
unmute d3 -> unmute(d3)
bpm 120 -> bpm(120)
swing 1/3 -> swing(1/3)
scene "verse" -> scene("verse")
d2 s("cello(3,8)").fast(2) -> d2 >> s("cello(3,8)").fast(2)
d2 "cello*2" -> d2 >> "cello*2"
silence() -> hush()
silence(d3) -> d3.stop()
n("c4 e4") -> note("c4 eb4 g4")
s(["cello", "choir"]) -> "cello choir"
0.25 ~> n("0 3") -> .late(.25)
0.25 <~ n("0 3") -> .early(.25)
d1 << s("cello") -> d1 >> s("cello")
n("0 3") |+| n("1 2") -> .add_right("0 7")
sounds(3) -> sounds("bass")
d3 >> s("cello", lpf=800) -> d3.fx(lowpass(800))
d1 >> s("cello", amp=.5) -> .gain(.5)
d1 >> s("cello", speed=2) -> .speed(2)
path("cello").scale("c:minor") -> .scale_of('c:minor')
bd -> "bd"
master.gain(.5) -> master(.5)
master.volume = .3 -> master(.3)
master.pan(.2) -> d1.pan(
master.reverb(.2) -> master.fx(reverb(.2))
master.fx.delay(1/4) -> master.fx(delay(1/4))
master.hush() -> hush()
master.tempo(90) -> bpm(
master >> s("cello") -> d1 >>
d3.fast(4) -> d3 >> s("cello").fast(4)
d3.s("flute") -> d3 >> s("flute")
d2.clip(.3) -> d2 >> s("cello").legato(.3)
d2.volume(.3) -> d2.gain(.3)
d2.gain = .4 -> d2.gain(0.4)
d2.volume = .4 -> d2.gain(.4)
d2.fx = lowpass(300) -> d2.fx(lowpass(300))
d2.fx.lowpass(300) -> d2.fx(lowpass(300))
d2.hush() -> d2.stop()
d2.bpm(90) -> bpm(90)
d2.gain.foo -> d2.gain(.8)
d2 >> reverb(.2) -> d2.fx(reverb(.2))
d.bass >> s("cello") -> d["bass"] >> s("cello")
d.bass = s("cello") -> d["bass"] >> s("cello")
d.gain(.3) -> d1.gain(.3)
bpm.set(120) -> bpm(120)
bpm.rate = 120 -> bpm(120)
bpm + 10 -> bpm(120)
d1.gain + .1 -> d1.gain(.8)
record.stop() -> record(None)
solo.d3 -> solo(d3)
hush.over(3) -> hush(over=3)
midi.solo() -> solo(d1)
why.x -> why()
lowpass.cutoff(900) -> lowpass(cutoff=900)
lowpass.foo(900) -> lowpass(cutoff=1000)
delay(1/4).feedback(.5) -> delay(feedback=.5)
reverb(.4).lowpass(300) -> d1.fx(reverb(.4), lowpass(300))
reverb(.4) >> d1 -> d1.fx(
lowpass(800) + reverb(.4) -> d1.fx(lowpass(800), reverb(.4))
"cello".gain(.5) -> s('cello').gain(.5)
stutter(4, s("cello")) -> s("cello").ply(4)
slerp("cello", "choir", .5, glide=True) -> meso, stepwise, extend and morphs glide
d1 >> hurry("<1 2>", n("0 3").s("harp")) -> n("0 3").s("harp").fast("<1 2>").speed("<1 2>")
d1 >> every(2, stutter(3)) -> .ply(3)
setcpm(120/4) -> bpm(120/4*4)
setcps(.5) -> bpm(.5*240)
setbpm(97) -> bpm(97)
Clock.clear() -> hush()
Clock.bpm = 140 -> bpm(120)
Scale.default = "minor" -> .scale_of("c minor")
d1 >> s("cello") | s("flute") -> d1 >> stack(s("cello"), s("flute"))
all(reverb(.3)) -> master.fx(reverb(.3))
setcps 0.5 -> bpm(0.5*240)
let x = s("cello") -> x = s("cello")
x = s "cello" -> x = s("cello")
@swim -> d1 >> plain("<kick clap>*8")
play("flute") -> d1 >> s("flute")
d1 >> s("cello*2 -> type d1 >> s("cello*2")
d1 >> s("cello*2) -> type d1 >> s("cello*2")
d1 >> s("cello*2" -> type d1 >> s("cello*2")
d1 >> s("cello*2")) -> type d1 >> s("cello*2")
d1 >> n("0 [2 4]").s("harp").every(2, fast(2) -> every(2, fast(2))
d1 >> s "cello*2" -> type d1 >> s("cello*2")
d1.play s("cello*2") -> type d1.play(s("cello*2"))
d1 >> s（"cello*2"） -> type d1 >> s("cello*2")
d1 >> n([0, 2, 4]).s("harp") -> "0 2 4"
d1 >> scrub("cello") -> s("cello").scrub(saw)
scene(verse) -> type scene("verse")
lerp("cello", "choir", .5) -> meso("cello", "choir", sine)
flanger() -> d1.fx(chorus())
nn("raw") -> d1 >> path("cello", model="raw")
model("raw") -> d1 >> s("cello").model("raw")
d1 >>> s("bd") -> type d1 >> s("bd")
d3 --> s("bd").rev() -> type d3 >> s("bd").rev()
rev $ s "bd" -> d1 >> s("cello*2").every(4, rev)
d2 >> s("bd") >> reverb(.4) -> d2 >> s("bd"); d2.fx(reverb(.4))
d2 >> s("bd") >> d3 -> d2 >> s("bd"); d3 >> s("bd")
d2 >> s("bd") >> s("sd") -> d2 >> stack(
d1 >> s("cello").pan(random()) -> rand
all(rev) -> master.fx(reverb(.3))
clear() -> hush()
d1 >> n("0 2").scaleTranspose(3) -> n("0 2 4").add(3).scale_of("c minor")
d1 >> s("bd").midi() -> midi_out("synth").note(n("0 3 7"))
""".strip().split("\n")


@pytest.fixture
def answered(names):
    """What is said of a line."""

    def line(code):
        error = run_block(code, names.space, Bracket())
        return "" if error is None else one_line(error, names.space)

    return line


class Bracket:
    """Nobody who wants to know of blocks."""

    def begin(self, code: str) -> int:
        return 1

    def end(self, failed: bool = False) -> None:
        pass


def advised(said: str) -> str:
    """What a message says to type."""
    return said.split("  (")[0].rpartition("type ")[2].strip()


def works(typed: str, space: dict) -> None:
    """Type it; a method follows a pattern."""
    code = f'n("0 3 7").s("flute"){typed}' if typed.startswith(".") and typed[1].isalpha() else typed
    error = run_block(code, space, Bracket(), repr)
    assert error is None, f"{code}: {error!r}"


@pytest.mark.parametrize("line", LINES)
def test_what_is_typed_from_habit_leads_to_what_works(line, answered, names):
    code, expected = line.split(" -> ")
    said = answered(code)
    assert expected in said
    assert not re.search(r"takes \d+ positional|Seeing|'(Map|Sequence|Apply)'", said)
    if "type " in said:
        works(advised(said), names.space)


@pytest.mark.parametrize("word", HABITS)
def test_each_word_says_something_that_works(word, answered, names):
    code = f'n("0 3 7").{word}()'
    said = answered(code)
    assert said
    works(advised(said), names.space)


@pytest.mark.parametrize("page", ["from-tidal.md", "from-foxdot.md", "from-sardine.md"])
def test_the_words_of_the_pages_are_known(page, answered, names):
    cells = [line.split("|")[1] for line in (PAGES / page).read_text().splitlines() if line.startswith("| `")]
    words = {word for cell in cells for word in re.findall(r"[.( ]([a-z][A-Za-z]+)[ (]", cell)}
    known = {*names.space, *dir(names.space["sine"]), *dir(names.space["d1"])}
    for word in sorted(words - known):
        said = answered(f'd1 >> n("0 3 7").{word}()')
        assert said
        if "type " in said:
            works(advised(said), names.space)


def test_what_is_the_musicians_own_is_left_to_python(answered):
    for code, expected in (
        ("x = lambda: 3; x.foo", "AttributeError: 'function' object has no attribute 'foo'"),
        ("class A: pass\nA().gain", "AttributeError: 'A' object has no attribute 'gain'"),
        ("d1.gian(.5)", "a voice has no 'gian'; did you mean 'gain'?"),
    ):
        assert answered(code).startswith(expected)


@pytest.mark.parametrize("name", sounds.ALIASES)
def test_what_other_systems_call_sounds_finds_them(name):
    assert sounds.find(name) == sounds.find(sounds.ALIASES[name])


def test_what_lacks_an_argument_is_typed_with_what_it_belongs_to(answered):
    assert advised(answered("mapping.save()")) == 'mapping.save("nano.toml")'
    assert advised(answered("d1.mute(3)")) == "d1.mute()"


def test_methods_of_voices_return_the_voice_and_show_nothing(names):
    shown: list[object] = []
    for code in ("d1.gain(.5).pan(.2).mute().unmute().fx(lowpass(800))", "d1.stop()"):
        assert run_block(code, names.space, Bracket(), shown.append) is None
    assert shown == []
    run_block("d1", names.space, Bracket(), shown.append)
    assert shown == [names.space["d1"]]


def test_a_comment_that_was_meant_is_told():
    assert commented('d1 >> s("cello") # gain 0.8').endswith("type .gain(0.8)")
    assert commented('d1 >> s("cello") # lpf 300').endswith("type d1.fx(lowpass(300))")
    for quiet in (
        "# gain 0.8",
        'd1 >> s("a") # softer 3',
        'd1 >> s("a") # the gain is 3',
        'd1 >> s("a#b 3")',
    ):
        assert commented(quiet) == ""


def test_a_number_with_a_unit_is_told_to_go_without(answered):
    assert "type the number without bpm" in answered("bpm(90bpm)")
    assert "type the number without ms" in answered('d1 >> s("cello").late(250 ms)')
    assert "type 33/100 for 33%" in answered("swing(33%)")
    assert "expected ) or a comma" in answered('d1 >> s("kick(3,8")')


def test_a_voice_that_means_something_else_is_told_with_the_line_that_was_typed(answered, names):
    run_block('d1 = s("cello")', names.space, Bracket(), repr)
    said = answered('d1 >> s("cello")')
    assert said.startswith('d1 is a pattern now, and no voice: type restore_names("d1")')


def test_what_means_something_else_to_python_is_told(names):
    for code, expected in (
        ('d1 >> "kick snare", "hat*8"', 'd1 >> stack("kick snare", "hat*8")'),
        ('d1 >> s("kick"), s("hat")', 'd1 >> stack(s("kick"), s("hat"))'),
        ('d1, d3 >> s("kick")', 'd1 >> s("kick"); d3 >> s("kick")'),
        ('d1: s("kick*4")', 'd1 >> s("kick*4")'),
        ('x = 1\ndrums: s("kick") + n("0 3")', 'd["drums"] >> s("kick") + n("0 3")'),
        ('d2: "kick*4"', 'd2 >> "kick*4"'),
    ):
        assert advised(unmeant(code)) == expected
        works(expected, names.space)
    for code in (
        'd1 >> s("kick"); d2 >> s("hat")',
        'd1 >> s("kick"), d2 >> s("hat")',
        "1, 2",
        "x = 1, d1",
        "d1 >>",
        "x: int",
        'name: str = "kick"',
        'def f(a: "kick"): pass',
    ):
        assert unmeant(code) == ""
