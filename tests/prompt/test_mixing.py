"""The words about the mix: effects, the set's fader, outputs."""

from __future__ import annotations

import pickle

import pytest

import latentcode as lc
from latentcode.errors import EngineError
from latentcode.prompt.mixing import Master
from latentcode.prompt.voices import Voice
from latentcode.protocol.messages import State
from latentcode.protocol.state import VoiceState
from latentcode.set.kinds import packed


def run(names, code):
    exec(code, names.space)


def asked(sink):
    return [(c.kind, c.target, *c.arguments) for c in sink.commands]


def test_effects_become_one_command_with_the_whole_chain(names, sink):
    run(names, "d3.fx(lowpass(800), reverb(.4)); master.fx(compressor()); d3.fx(); master(.5)")
    assert asked(sink) == [
        ("fx", "d3", (lc.lowpass(800), lc.reverb(0.4))),
        ("fx", "fx", (lc.compressor(),)),
        ("fx", "d3", ()),
        ("master", "master", 0.5),
    ]
    digests = [command.digest for command in sink.commands]
    assert len(set(digests)) == 4
    assert pickle.loads(packed(sink.commands[0])).digest == digests[0]


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ('d1.fx("lowpass")', r"not the text 'lowpass'; type lowpass\(\)"),
        ("d1.fx(lowpass)", "must be called"),
        ("d1.fx(3)", "fx takes effects"),
        ("d1.fx(*[reverb()] * 9)", "up to 8 effects, not 9"),
        ("reverb(room=.4)", r"^reverb has no room=; type reverb\(mix, size, damp\)$"),
        ("lowpass(cutof=800)", r"^lowpass has no cutof=; did you mean 'cutoff'\?; type lowpass"),
        ("lowpass(800, cutoff=900)", "^lowpass was given cutoff twice; type"),
        ("lowpass(800, .1, 3)", "^lowpass takes at most 2 settings, not 3; type"),
        ("lowpass(cc(1))", r"it stays between 0 and 1: add \.exprange\(20, 20000\)$"),
        ("lowpass(sine)", r"add \.exprange\(20, 20000\)$"),
        ("lowpass(50000)", "from 20 to 20000 Hz.*not 50000; as in lowpass"),
        ('lowpass("abc")', "cutoff takes numbers.*'abc'"),
        ("reverb(mix=7)", "from 0 to 1.*not 7"),
        ('reverb(mix="7 8")', "not '7 8'"),
        ("reverb(mx=.2)", "did you mean 'mix'"),
        ("delay(True)", "not True"),
        ("d1.out(2)", "1, 3, 5 or 7, not 2"),
        ("cue()", "which voices"),
    ],
)
def test_what_is_wrong_is_said_at_the_desk_and_changes_nothing(names, sink, code, said):
    with pytest.raises(EngineError, match=said):
        run(names, code)
    assert sink.commands == []


def test_effects_read_as_they_are_typed():
    assert repr(lc.lowpass(800)) == "lowpass(800)"
    assert repr(lc.reverb(mix=0.3, damp=0.9)) == "reverb(damp=.9)"
    assert repr(lc.delay("<.25 .5>", 0.6)) == "delay('<.25 .5>', .6)"


def test_voices_go_to_outputs_that_the_device_has(names, sink):
    run(names, "d1.out(3); cue(d2, d3); cue(d2, False); uncue(d3); d1.out(1)")
    assert asked(sink) == [
        ("out", "d1", 1),
        ("cue", "d2", True),
        ("cue", "d3", True),
        ("cue", "d2", False),
        ("cue", "d3", False),
        ("out", "d1", 0),
    ]


class Stereo:
    """A stage whose device has two outputs."""

    def state(self):
        return State(outputs=2, master=0.7, fx="reverb(.2)")

    def voice_state(self, voice):
        return VoiceState(voice, fx="lowpass(800)", out=3, cued=True)


def test_with_two_outputs_there_is_nothing_to_pre_listen_on():
    with pytest.raises(EngineError, match=r"outputs 3 and 4; the device has 2"):
        Voice(Stereo(), 0).out(3)


def test_effects_are_shown():
    assert repr(Master(Stereo())) == "<master 0.7, fx reverb(.2)>"
    assert repr(Voice(Stereo(), 0)) == "<d1 silent, cued, fx lowpass(800), out 3>"
