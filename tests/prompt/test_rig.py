"""A rig in one file."""

from __future__ import annotations

from fractions import Fraction

import pytest
from helpers.whole_set import AnsweringSet

from latentcode.clock.groove import Swing
from latentcode.errors import LatentcodeError
from latentcode.prompt.evaluate import run_block
from latentcode.prompt.names import Names
from latentcode.prompt.replay import Collector
from latentcode.prompt.rig import reading
from latentcode.prompt.rig.expressions import meant
from latentcode.prompt.rig.reading import hand_words
from latentcode.prompt.rig.word import TEMPLATES
from latentcode.prompt.set_api import SetApi
from latentcode.protocol.messages import Answered, Block, Lead, MidiIn, More, State, Timing
from latentcode.set.kinds import unpacked

SETUP = '''
d1.gain(cc(7).range(0, 1.2)); d2.pan(.25); d2.out(3); master(.75)
d1.fx(lowpass(cc(10).exprange(100, 8000)), reverb(.5)); master.fx(distortion(.25))
mute(d3)
takeover("scale")
pads({36: s("kick").gain(.8), 37: "hat*2", "cc:21": hush, 42: d4, 43: d2.stop}, ch=10, port="nano")
pads({44: scene("drop")}, quant="beat")
transport(stop=hush)
keys(d5, s("cello").release(.4), ch=2, scale="c minor", mono=True)
space = learn_space(cc(1), cc(2).smooth(40))
space.mark(cutoff=800, at=(0, .5)); space.mark(point([.25, -1]), at=(1, .5))
'''.strip().split("\n")  # fmt: skip


def test_what_is_still_being_made_ready_is_told(first, capsys, monkeypatch):
    answer = first.blocks.question
    monkeypatch.setattr(
        first.blocks, "question", lambda kind, *of, **how: kind != "settled" and answer(kind, *of, **how)
    )
    first.run('rig.save("tour.toml")')
    assert "still being made ready, and is not in it; save once more" in "".join(capsys.readouterr())


@pytest.fixture
def first(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    evening = AnsweringSet()
    evening.moved = ["cc:22@nano/1", "cc:9@nano/1"]
    evening.run(*SETUP, 'learn("brightness", 200, 4000, curve=4)', "learn(d6.gain, 0, .8)")
    evening.hand(("cc:22@nano/1", 0.25), ("cc:9@nano/1", 0.5))
    return evening


def test_a_rig_that_was_kept_is_what_it_was(first, tmp_path, capsys):
    (tmp_path / "tour.toml").write_text("# for the small stage\nlatency = 3\n")
    first.run('rig.save("tour.toml", force=True)')
    text = (tmp_path / "tour.toml").read_text()
    assert text.startswith("# for the small stage\n")
    second = AnsweringSet()
    second.run('rig("tour.toml")', "d7 >> space")
    assert "✗" not in capsys.readouterr().out
    touched = [one.performance.touch.shown() for one in (first, second)]
    assert [[name for name, _ in touched[0][what]] for what in touched[0]] == [
        [name for name, _ in touched[1][what]] for what in touched[1]
    ]
    assert second.stand("brightness") == first.stand("brightness")
    second.run('rig.save("again.toml")')
    again = (tmp_path / "again.toml").read_text()
    assert again.split("\n", 1)[1].strip() == text.split("\n", 1)[1].replace("latency = 3\n", "").strip()


def test_a_device_that_is_unplugged_stays_in_the_file(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tour.toml").write_text('devices = ["nano", "pads"]\n')
    evening, plugged = AnsweringSet(), ["nanoKONTROL2"]
    answer = evening.blocks.question

    def answered(kind, *of, **how):
        found = answer(kind, *of, **how)
        return {**found, "ports": plugged} if kind == "controls" else found

    monkeypatch.setattr(evening.blocks, "question", answered)
    evening.run('rig("tour.toml")', 'rig.save("tour.toml")')
    assert 'devices = ["nanoKONTROL2", "pads"]' in (tmp_path / "tour.toml").read_text()
    plugged.clear()
    evening.run('rig.save("tour.toml")')
    assert 'devices = ["nanoKONTROL2", "pads"]' in (tmp_path / "tour.toml").read_text()


TIMED = {
    "timing": {
        "latency": 12.0,
        "link": {"start_stop": True},
        "follow": {"port": "seq", "transport": True, "jump": True},
        "osc": {"port": 9001, "host": "127.0.0.1"},
        "clock": {"synth": -5.0},
    },
    "midi_in": (("nano", "seq"), ("way_in",)),
    "lead": 40.0,
    "swing": ("1/3", 8),
}


def test_ports_clocks_and_what_was_asked_of_them_are_kept(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    evening, again = AnsweringSet(), AnsweringSet()
    answer = evening.blocks.question

    def answered(kind, *of, **how):
        return answer(kind, *of, **how) | (TIMED if kind == "rig" else {}) if kind != "settled" else True

    monkeypatch.setattr(evening.blocks, "question", answered)
    evening.run('transport(stop=hush, port="seq"); transport(start=d1)', 'rig.save("tour.toml")')
    assert 'midi_in("way_in", virtual=True): an input of our own stands in no rig' in capsys.readouterr().out
    text = (tmp_path / "tour.toml").read_text()
    assert "bpm" not in text  # it is the leader's
    said, send = [], again.blocks._send
    again.blocks._send = lambda message: (said.append(message), send(message))
    monkeypatch.setattr("latentcode.prompt.controllers.timing.find_spec", bool)
    again.run('rig("tour.toml")')
    assert "✗" not in capsys.readouterr().out
    asked = [(one.topic, *one.values) for one in said if isinstance(one, Timing)]
    assert sorted(asked) == [
        ("clock_out", "synth", True, -5),
        ("follow", "seq", True, True),
        ("latency", 12),
        ("link", True, True),
        ("osc_in", 9001, "127.0.0.1"),
    ]
    assert [one.milliseconds for one in said if isinstance(one, Lead)] == [40]
    assert [one.names for one in said if isinstance(one, MidiIn)] == [("nano", "seq")]
    assert again.performance.renderer.groove.last == Swing(Fraction(1, 3), 8)
    assert dict(again.performance.touch.shown()["transport"]) == {
        "stop@seq/*": "hush",
        "start@*/*": "mute d1",
    }


def test_what_would_be_read_as_something_else_is_left_out_and_told(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    evening, again = AnsweringSet(), AnsweringSet()
    evening.run(
        'd1.gain("1 .5"); d2.gain(sine.slow(4)); parts = 4; d6.pan(rand.segment(parts))',
        "space = learn_space(cc(1)); space.mark(cutoff=800, at=[0]); d3.fx(reverb(.4), lowpass(space['cutoff']))",
        'rig.save("tour.toml")',
    )
    said = [line for line in capsys.readouterr().out.split("\n") if "cannot be written in a rig" in line]
    assert [line.partition(":")[0] for line in said] == ["d6.pan", "d3.fx"]
    again.run('rig("tour.toml")')
    assert "tour.toml is set" in capsys.readouterr().out
    assert again._answer("rig")["faders"] == {"d1.gain": "1 .5", "d2.gain": "sine.slow(4)"}
    assert again._answer("rig")["fx"] == {"d3": ("reverb(.4)",)}
    again.run('d3.fx(lowpass(space["cutoff"]))')  # as prepared code does, when the rig is there
    assert again._answer("rig")["fx"]["d3"][0].startswith("lowpass(")


def test_a_setting_that_is_shown_by_its_events_is_kept_as_it_was_typed(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    evening, again = AnsweringSet(), AnsweringSet()
    for each in (evening, again):
        monkeypatch.setattr(each.blocks, "state", lambda: State(bpm=130.0))
    evening.run(
        'bpm("<120 140>"); master(n("1 .5")); d3.fx(lowpass(rand.range(200, 900).segment(4)), reverb(.4))',
        "for voice in (d1, d2):\n    voice.pan(rand.segment(4))",
        "monkey = d4; monkey.gain(irand(8).segment(2) / 8)",
        'rig.save("tour.toml")',
    )
    assert "cannot be written" not in capsys.readouterr().out
    text = (tmp_path / "tour.toml").read_text()
    for line in (
        'bpm = "<120 140>"',
        "master = 'n(\"1 .5\")'",
        'fx = ["lowpass(rand.range(200, 900).segment(4))", "reverb(.4)"]',
        'pan = "rand.segment(4)"',
        'gain = "irand(8).segment(2) / 8"',
    ):
        assert line in text
    again.run('rig("tour.toml")', 'rig.save("again.toml")')
    assert (tmp_path / "again.toml").read_text() == text
    assert again._answer("rig")["digests"] == evening._answer("rig")["digests"]


MISTYPED = {
    'bpm = "fast"': "not the function fast",
    '[voices.d1]\ngain = "cc(7).rnage(0, 1)"': "rnage is no method that a rig may have; did you mean 'range'?",
    "[spaces.low]\ninput = ['cc(1)']": "spaces.low has no 'input'; did you mean 'inputs'?",
    "[spaces.low]\ninputs = ['cc(1)']\nmarks = [{at = [0], number = {a = 1}}]": "did you mean 'numbers'?",
    "[[pads]]\nchan = 2": "pads have no 'chan'; did you mean 'ch'?",
    "[[pads]]\n40 = 'scen(\"drop\")'": "scen is no word that a rig may have; did you mean 'scene'?",
    "[[pads]]\n40 = 'd1.sotp'": "sotp is no word of a voice; did you mean 'stop'?",
    '[[keys]]\nvoice = "d5"\npalys = "cello"': "as in voice = \"d5\", plays = 's(\"cello\")'; did you mean 'plays'?",
}


@pytest.mark.parametrize("text", MISTYPED)
def test_what_was_mistyped_is_told_with_what_may_be_meant(text, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tour.toml").write_text(text)
    AnsweringSet().run('rig("tour.toml")')
    told = capsys.readouterr().out
    assert told.startswith("✗ tour.toml, line ")
    assert MISTYPED[text] in told


def test_what_older_sets_passed_over_in_a_rig_is_passed_over_in_their_replays(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tour.toml").write_text(
        "[spaces.low]\ninputs = ['cc(1)']\nmarks = [{at = [0], numbers = {a = 1}}]\nmark = 3\n"
    )
    evening, said = AnsweringSet(), []
    send = evening.blocks._send
    evening.blocks._send = lambda message: (said.append(message), send(message))
    with monkeypatch.context() as older:
        older.setattr(reading, "_only", lambda *ignored: None)
        evening.run('rig("tour.toml")')
    replayed = Collector()
    replayed.answers = {one.name: one.word for one in said if isinstance(one, Answered)}
    assert run_block('rig("tour.toml"); d1 >> low', Names(SetApi(replayed), 0).space, replayed) is None
    assert [command.kind for command in replayed.commands] == ["mark", "play"]


def test_a_replay_of_it_needs_no_file_and_leaves_out_what_failed_then(first, tmp_path, capsys):
    first.run('rig.save("tour.toml")')
    file = tmp_path / "tour.toml"
    bad = '\n[[pads]]\n50 = "open(1)"\n51 = \'s("x").wrong(1)\'\nport = "launch"\n'
    file.write_text(file.read_text() + bad)
    second = AnsweringSet()
    said = []
    send = second.blocks._send
    second.blocks._send = lambda message: (said.append(message), send(message))
    second.run('rig("tour.toml")')
    told = capsys.readouterr().out
    line = file.read_text().split("\n").index('50 = "open(1)"') + 2
    assert f"✗ tour.toml, line {line} (pads 51): wrong is no method that a rig may have" in told
    assert "launch is not plugged in" in told
    file.unlink()
    replayed = Collector()
    replayed.answers = {one.name: one.word for one in said if isinstance(one, Answered)}
    assert run_block('rig("tour.toml")', Names(SetApi(replayed), 0).space, replayed) is None
    sent = [unpacked(data) for one in said if isinstance(one, (Block, More)) for data in one.commands]
    assert [(one.target, one.digest) for one in replayed.commands] == [(c.target, c.digest) for c in sent]
    assert len(sent) > 20


def test_a_mapping_is_a_rig(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "old.toml").write_text(
        'master = {cc = 9, value = 0.5}\nd1.gain = {cc = 7}\ntakeover = "jump"\n'
    )
    evening = AnsweringSet()
    evening.run('rig("old.toml")')
    assert evening._answer("controls")["takeover"] == "jump"
    assert set(evening._answer("controls")["bound"]) == {"master", "d1.gain"}
    assert evening.stand("master") == 0.5


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("padz = 3", "line 1 (padz): 'padz' is no section of a rig; did you mean 'pads'"),
        ("[voices.d99]\ngain = 1", "line 1 (voices.d99): the voices are d1 to d16"),
        ("pads = 3", "line 1 (pads): [pads] is a table"),
        ("devices = 3", "line 1 (devices): devices is a list"),
        (
            '[[keys]]\nvoice = "d5"\nplays = "cello"\nscales = 2',
            "line 2 (keys d5): keys has no 'scales'; did you mean 'scale'",
        ),
        ('[[keys]]\nvoice = "d5"\nlearn = true', "line 3 (keys learn): a rig says which keys"),
        ('[controls]\n"d2.gain" = 3\nx = {cc = 1}', "line 2: d2.gain is bound to a control, not to 3"),
    ],
)
def test_what_is_wrong_in_a_rig_is_told_with_its_line_and_the_rest_is_done(
    tmp_path, monkeypatch, capsys, content, told
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tour.toml").write_text(f"master = 0.5\n{content}")
    evening = AnsweringSet()
    evening.run('rig("tour.toml")')
    line = int(told.split()[1].strip(":,"))
    assert told.replace(f"line {line}", f"line {line + 1}", 1) in capsys.readouterr().out
    assert evening.stand("master") == 0.5


def test_what_cannot_be_read_is_told_and_nothing_of_it_is_done(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tour.toml").write_text("[pads]\n36 = kick")
    evening = AnsweringSet()
    assert "line 2" in evening.evaluate('rig("tour.toml")')
    assert evening.taken == []


@pytest.mark.parametrize(
    "text",
    [
        '__import__("os").system("true")',
        's.__globals__["x"]',
        's("a").__class__',
        's("a").fmap(open)',
        's("a").fmap(lambda x: x)',
        '[x for x in s("a")]',
        'd1.stop()',
        'd1.__class__',
        'd1._stage',
        'd1._stage.ask',
        's("a") * "x" * 9999999999',
        's("a").fast(10 ** 99)',
        'render("a")',
        'load_model("evil.ts")',
        "silence(**{})",
        "s(*[1])",
        's(f"{1}")',
        's("a" "b")[0]',
        "s((" + "(" * 80 + "1" + ")" * 80 + "))(1)",
        's("a") if 1 else 2',
        "hush()",
        "scene.__self__",
        "s(x := 3)",
    ],
)  # fmt: skip
def test_a_strangers_rig_runs_nothing(names, sink, text):
    words = hand_words(names.own)
    try:
        found = meant(text, words)
    except (LatentcodeError, TypeError) as error:
        found = error
    assert isinstance(found, (LatentcodeError, TypeError)) or found == text
    assert sink.commands == []


@pytest.mark.parametrize("text", ["kick(3,8)", "kick", "bd sd*2", "<a b>", "a - b", "0 3 7", "kick:3 . hat"])
def test_mini_notation_stays_what_it_is(names, text):
    assert meant(text, hand_words(names.own)) == text


@pytest.mark.parametrize("name", sorted(file.stem for file in TEMPLATES.glob("*.toml")))
def test_the_rigs_of_controllers_are_whole(name, capsys):
    evening = AnsweringSet()
    evening.run(f"rig({name!r})")
    said = capsys.readouterr().out
    assert "\u2717" not in said
    assert f"{name}.toml is set" in said
    assert len(evening.performance.touch.shown()["pads"]) >= 8


def test_a_controller_that_is_not_known_is_answered_with_those_that_are():
    assert "launchpad-mini" in AnsweringSet().evaluate('rig("launchpadd")')
