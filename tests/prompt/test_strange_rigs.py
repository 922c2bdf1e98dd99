"""Rigs that others have written, or written wrong: each line of one once."""

from __future__ import annotations

import re

import pytest
from helpers.whole_set import AnsweringSet

from latentcode.prompt.evaluate import run_block
from latentcode.prompt.names import Names
from latentcode.prompt.replay import Collector
from latentcode.prompt.set_api import SetApi
from latentcode.protocol.messages import Answered
from latentcode.session.marks import text_of, value_of

RIG = '''
devices = ["nano"]
latency = 12
lead = 30
bpm = 104
swing = 0.5
takeover = "scale"
master = 0.8
fx = ["reverb(.2)"]

[voices.d1]
gain = "cc(7).range(0, 1.2)"
pan = 0.5
out = 3
mute = true
fx = ["lowpass(800)", "reverb(.4)"]

[[encoders]]
cc = [16, 17]
encoding = "twos"
step = 0.02
ch = 2

[controls]
brightness = {cc = 21, port = "nano", range = [200, 4000], curve = 2, value = 0.5}
"d2.gain" = {cc = 8}

[spaces.low]
inputs = ["cc(1)", "cc(2)"]
marks = [{at = [0, 0.5], numbers = {cutoff = 800}}]

[[pads]]
port = "nano"
ch = 3
quant = "beat"
voice = "d3"
36 = "hat*2"
37 = 's("kick").gain(.8)'
"cc:40" = "hush"

[transport]
port = "nano"
stop = "hush"

[[keys]]
voice = "d5"
plays = 's("cello").release(.4)'
ch = 16
low = "c2"
scale = "c minor"
mpe = true

[[leds]]
port = "nano"
on = 3
values = "mackie"
ch = 16
sysex = ["F0 7E 7F 06 01 F7"]
'''.strip().split("\n")  # fmt: skip
GARBAGE = (
    "-1",
    "1e999",
    "nan",
    '"\u00fc\U0001f3b9 ["',
    "[]",
    "{}",
    "[[[1]]]",
    "true",
    "1979-05-27",
    "",
    '"x" "y"',
)


def told(tmp_path, capsys, text):
    """What is said of a rig at the prompt, and what came of it."""
    (tmp_path / "tour.toml").write_text(text)
    evening = AnsweringSet()
    error = evening.evaluate('rig("tour.toml")')
    return error, capsys.readouterr().out, evening


def test_each_line_once_wrong_is_told_with_its_line_and_the_rest_works(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert "✗" not in told(tmp_path, capsys, "\n".join(RIG))[1]
    for number, line in enumerate(RIG):
        name, equals, _ = line.partition(" = ")
        if not equals:
            continue
        garbage = GARBAGE[number % len(GARBAGE)]  # another for each line: all of them for all lines take long
        text = "\n".join((*RIG[:number], f"{name} = {garbage}", *RIG[number + 1 :]))
        error, said, evening = told(tmp_path, capsys, text)
        here = f"{name} = {garbage}"
        if error:  # it is no TOML
            assert "tour.toml, line" in error, here
            assert evening.taken == [], here
            continue
        assert len(evening.taken) > 10, here
        for one in [one for one in said.split("\n") if one.startswith("✗")]:
            assert re.search(r"tour\.toml, lines? \d+", one), (here, one)
            assert not re.search(r"object|attribute|argument", one), (here, one)


@pytest.mark.parametrize("name", ["d1", "print", "__builtins__", "__name__", "class", "None", "a b"])
def test_a_rig_takes_no_name_that_means_something(tmp_path, monkeypatch, capsys, name):
    monkeypatch.chdir(tmp_path)
    error, said, evening = told(tmp_path, capsys, f'[spaces."{name}"]\ninputs = ["cc(1)"]\n')
    assert error is None or not error
    assert f"a space cannot be called '{name}'" in said
    assert not evening.evaluate("print(d1)")


STRANGE = f'''
master = "{"9" * 400}"

[voices.d2]
gain = 0.5
mute = "no"
'''.strip()


def test_what_a_rig_gets_wrong_is_told_alone_and_shortly_and_mutes_nothing(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    error, said, evening = told(tmp_path, capsys, STRANGE)
    wrong = [one for one in said.split("\n") if one.startswith("✗")]
    assert not error
    assert sorted(int(re.findall(r"line (\d+)", one)[0]) for one in wrong) == [1, 5]
    assert max(map(len, wrong)) < 400
    assert len(evening.taken) == 1  # the gain of d2


WRONG_TABLES = """
[voices]
d1 = 3
d2 = {gain = 0.5}

[[pads]]
36 = "kick"

[[pads]]
voice = "cc(1)/0"
36 = "hat"

[[pads]]
quant = "bar"
36 = "clap"
37 = "hat"

[[pads]]
38 = "clap"
39 = 's("x").wrong(1)'
""".strip()


def test_a_wrong_table_is_told_where_it_stands_and_takes_no_other_with_it(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    error, said, evening = told(tmp_path, capsys, WRONG_TABLES)
    wrong = [one for one in said.split("\n") if one.startswith("✗")]
    assert not error
    assert len(evening.taken) == 3  # d2, 36 and 38
    for here, why in (
        ("line 2 (voices.d1)", "[voices.d1] is a table"),
        ("line 8 (pads)", "as in voice = \"d3\", not 'cc(1)/0'"),
        ("lines 14, 15 (pads 36, 37)", "quant takes"),
        ("line 19 (pads 39)", "wrong is no method"),
    ):
        assert [one for one in wrong if f"tour.toml, {here}: " in one and why in one], (here, wrong)
    assert len(wrong) == 4


def replayed(answers):
    """The commands of `rig("tour.toml")` in a replay that has these answers."""
    then = Collector()
    then.answers = answers
    assert run_block('rig("tour.toml")', Names(SetApi(then), 0).space, then) is None
    return [(one.kind, one.target, one.digest) for one in then.commands]


def test_what_could_not_be_done_is_journaled_by_its_name_and_older_sets_lost_what_stood_behind(
    tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tour.toml").write_text(WRONG_TABLES)
    evening, said = AnsweringSet(), []
    send = evening.blocks._send
    evening.blocks._send = lambda message: (said.append(message), send(message))
    evening.run('rig("tour.toml")')
    answers = {one.name: one.word for one in said if isinstance(one, Answered)}
    assert value_of(answers["1.2"]) == ("pads#3 36", "pads#3 37", "pads#4 39", "voices.d1", "pads#2")
    now = replayed(answers)
    assert [kind for kind, *_ in now] == ["gain", "pads", "pads"]
    more = answers | {"1.1": text_of(WRONG_TABLES.replace("[[pads]]", '[[pads]]\n35 = "hat"', 1))}
    assert [one for one in replayed(more) if one in now] == now  # whatever else is written in
    assert len(replayed(more)) == 4
    assert replayed(answers | {"1.2": "[1,2]"}) == now[1:2]  # by their places, as older sets had them
    assert replayed({"1.1": answers["1.1"]}) == []  # it was not done


def test_a_rig_in_another_alphabet_is_told_with_its_line(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tour.toml").write_bytes("bpm = 100\n# für die Bühne\n".encode("latin-1"))
    assert "tour.toml, line 2, is not written in UTF-8; save it as UTF-8" in AnsweringSet().evaluate(
        'rig("tour.toml")'
    )


def test_a_set_that_was_muted_by_a_number_once_is_muted_in_its_replay(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tour.toml").write_text("[voices.d1]\nmute = true\n")
    evening, said = AnsweringSet(), []
    send = evening.blocks._send
    evening.blocks._send = lambda message: (said.append(message), send(message))
    evening.run('rig("tour.toml")')
    then = Collector()
    then.answers = {one.name: one.word.replace("true", "1") for one in said if isinstance(one, Answered)}
    assert "1\\n" in then.answers["1.1"]
    assert run_block('rig("tour.toml")', Names(SetApi(then), 0).space, then) is None
    assert len(then.commands) == 1
