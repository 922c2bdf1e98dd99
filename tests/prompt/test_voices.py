from __future__ import annotations

import pytest

import latentcode as lc
from latentcode.errors import EngineError, LatentcodeError, LatentError, PatternError, SoundError
from latentcode.patterns import Steady
from latentcode.protocol.messages import State
from latentcode.protocol.state import VoiceState


def asked(sink):
    return [(c.kind, c.target, *c.arguments) for c in sink.commands]


def run(names, code):
    exec(code, names.space)


def test_a_pattern_a_path_and_a_text_can_be_played(names, sink):
    run(names, 'd1 >> s("cello*2"); d2 >> path("choir"); d3 >> "kick ~"')
    first, second, third = sink.commands
    assert first.arguments == (lc.s("cello*2"), "1")
    assert isinstance(second.arguments[0], Steady)
    assert third.arguments[0] == lc.s("kick ~")
    assert [c.voice for c in sink.commands] == [0, 1, 2]


def test_the_words_of_the_set_become_commands(names, sink):
    run(names, "hush(); panic(); bpm(93.5); master(.5); solo(d1, 2); unsolo(d1); mute(d3); d4.unmute()")
    assert asked(sink) == [
        ("hush", "hush"),
        ("panic", "panic"),
        ("tempo", "tempo", "93.5"),
        ("master", "master", 0.5),
        ("solo", "d1", True),
        ("solo", "d2", True),
        ("solo", "d1", False),
        ("mute", "d3", True),
        ("mute", "d4", False),
    ]


def test_a_voice_can_be_stopped_gone_back_and_faded(names, sink):
    run(names, "d1.stop(); d1.restart(); d1.back(); d1.gain(.8); d1.pan(1); d1.cancel()")
    assert asked(sink) == [
        ("stop", "d1", "1"),
        ("restart", "d1", "1"),
        ("back", "d1", "1"),
        ("gain", "d1", 0.8),
        ("pan", "d1", 1.0),
        ("cancel", "d1"),
    ]


@pytest.mark.parametrize(
    ("quant", "text"), [('"beat"', "1/4"), ('"now"', None), ("2", "2"), ("0.5", "1/2"), ('"1/3"', "1/3")]
)
def test_the_quant_says_when_a_pattern_takes_over(names, sink, quant, text):
    run(names, f'quant({quant}); d1 >> "cello"')
    assert sink.commands[0].arguments[1] == text


def test_a_quant_for_once(names, sink):
    run(names, 'd1.play("cello", quant="now"); d1 >> "choir"')
    assert [c.arguments[1] for c in sink.commands] == [None, "1"]


def test_lead_and_recording_are_asked_not_stamped(names, sink, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run(names, 'lead(60); record("set.wav"); record("set.flac", stems=True); record(None)')
    assert sink.asked == [
        ("lead", 60.0),
        ("record", str(tmp_path / "set.wav"), False, False),
        ("record", str(tmp_path / "set.flac"), True, False),
        ("record", None, False, False),
    ]
    assert sink.commands == []


def test_a_name_stands_for_a_free_voice(names, sink):
    run(names, 'd16 >> "kick"; d["bass"] >> "bass"; d["pad"] >> "choir"; d["bass"].stop(); d[3].stop()')
    assert [c.target for c in sink.commands] == ["d16", "d15", "d14", "d15", "d3"]
    sink.commands.clear()
    assert list(names.space["d"]) == ["bass", "pad"]
    run(names, 'del d["pad"]; d["lead"] >> "flute"')
    assert [(c.kind, c.target) for c in sink.commands] == [("stop", "d14"), ("play", "d14")]


def test_there_are_sixteen_voices(names):
    run(names, 'for n in range(16): d[f"v{n}"].stop()')
    with pytest.raises(EngineError, match="no voice is free"):
        run(names, 'd["one more"]')


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("d1 >> 3", r"d1 plays a pattern.*not 3.*type d1 >> s\("),
        ("d1 >> None", r"d1\.stop\(\)"),
        ("d1 >> path", r"brackets of a call, d1 >> path\("),
        ('d1 >> "celo"', "d1: no sound called 'celo'; did you mean cello"),
        ('d1 >> meso("cello", "nothing", sine)', "no sound called 'nothing'"),
        ('d1 >> n("0 3")', r'holds no sounds.*n\("0 3"\).s\("cello"\)'),
        ('d1 >> s("cello*4000")', "at most 256"),
        ('d1 >> s("cello*1000000")', "at most 256"),
        ("d1.gain(-1)", r"d1\.gain takes a number from 0 to 8, not -1; as in d1\.gain\(\.8\)"),
        ("d1.pan('left')", r"d1\.pan takes a number from 0 to 1, not 'left'"),
        ("bpm('quick')", r"bpm takes beats per minute from 1 to 2000, not 'quick'; as in bpm\(120\)"),
        ("quant('bar')", "quant takes"),
        ("quant('beats')", "did you mean 'beat'"),
        ("solo()", r"as in solo\(d1, d2\)"),
        ("mute('d1')", r"mute takes voices"),
        ("lead(0)", r"lead takes a number from 1 to 1000"),
        ("record(3)", r'as in record\("set.wav"\)'),
        ("record('x.mp3')", r"a .wav or .flac file, not 'x.mp3'"),
        ("record('x.wav', stems=3)", r"stems takes True or False, not 3"),
        ("d['x'] = 3", r"d\['x'\] >>"),
    ],
)
def test_what_cannot_be_is_an_error_that_says_what_to_type(names, sink, code, said):
    with pytest.raises(LatentcodeError, match=said):
        run(names, code)
    assert sink.commands == []


def test_errors_keep_their_kind(names):
    with pytest.raises(SoundError):
        run(names, 'd1 >> "celo"')
    with pytest.raises(PatternError):
        run(names, "d1 >> 3")


def test_errors_of_the_musicians_functions_come_as_they_are(names, sink):
    with pytest.raises(ZeroDivisionError):
        run(names, 'd1 >> s("cello").fmap(lambda v: 1 / 0)')
    assert sink.commands == []


def test_a_pattern_that_was_playable_is_not_tried_twice(names, sink):
    run(names, "counts = []\ndef counted(v):\n    counts.append(0)\n    return v")
    run(names, 'd1 >> s("cello").fmap(counted)')
    once = len(names.space["counts"])
    run(names, 'd1 >> s("cello").fmap(counted)')
    assert len(names.space["counts"]) == once
    assert sink.commands[0].digest == sink.commands[1].digest


def test_a_voice_shows_what_the_engine_said_of_it(names, sink):
    assert repr(names.space["d1"]) == "<d1 silent>"
    found = VoiceState(0, playing=True, text="cello", pending="choir", pending_cycle=4.0, muted=True)
    sink.told = State(bpm=120.0, voices=(found,))
    assert repr(names.space["d1"]) == "<d1 cello → choir at cycle 4, muted>"
    assert eval("bpm()", names.space) == 120.0


def test_names_can_be_restored(names):
    run(names, "d1 = 3; hush = 4; del bpm")
    assert names.lost() == ["bpm", "d1", "hush"]
    assert names.lost() == []
    run(names, "restore_names('d1')")
    assert str(names.space["d1"]) == "d1"
    run(names, "restore_names()")
    assert names.space["hush"] is names.own["hush"]
    run(names, "d1 = 5")
    assert names.lost() == ["d1"]


def test_random_is_seeded_from_the_session(sink):
    from latentcode.prompt.names import Names
    from latentcode.prompt.set_api import SetApi

    drawn = []
    for seed in (7, 7, 8):
        names = Names(SetApi(sink), seed)
        drawn.append(eval("[random.random() for _ in range(3)]", names.space))
    assert drawn[0] == drawn[1] != drawn[2]


def test_torch_stays_out_of_the_desk():
    import subprocess
    import sys

    code = (
        "import sys\n"
        "from latentcode.prompt import input, play, prompt\n"
        "from latentcode.prompt.names import Names\nfrom latentcode.prompt.set_api import SetApi\n"
        "from latentcode.prompt.replay import Collector\n"
        "from latentcode.set.kinds import packed\n"
        "c = Collector(); names = Names(SetApi(c), 0); c.begin('')\n"
        'exec(\'d1 >> meso(path("cello"), "choir", sine)\', names.space)\n'
        "packed(c.commands[0])\n"
        "sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_a_morph_travels_with_what_is_played(names, sink):
    run(names, 'd1.morph(8) >> s("choir(5,8)"); d2.play("cello", morph=sine.slow(4)); d3 >> "cello"')
    first, second, third = (command.arguments for command in sink.commands)
    assert (first[2].cycles, second[2].cycles, len(third)) == (8, None, 2)
    run(names, 'd1.morph(8) >> s("choir(5,8)"); d1.morph(4) >> s("choir(5,8)")')
    assert sink.commands[0].digest == sink.commands[3].digest != sink.commands[4].digest


def test_a_running_morph_is_shown(names, sink):
    sink.told = State(voices=(VoiceState(0, playing=True, text="choir", morph=("cello", 0.372)),))
    assert repr(names.space["d1"]) == "<d1 cello ⇢ choir 37%>"
    assert "d1.morph(8) >> …" in repr(names.space["d1"].morph(8))


def test_what_is_no_morph_is_said_at_the_prompt(names):
    with pytest.raises(LatentError, match="a number of cycles above 0"):
        names.space["d1"].morph(0)
