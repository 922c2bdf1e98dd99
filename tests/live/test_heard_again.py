"""Whole sets over jackd, in chapters: what was heard is what the journal gives, sample for sample."""

from __future__ import annotations

import pytest
import torch
from helpers.exports import Listed
from helpers.live_set import DeskSet, heard_again
from helpers.waiting import until

pytestmark = pytest.mark.timeout(600)

FAILING = ["1 / 0", 'd2 >> s("no such sound")']
VOICES = [  # lines, and how many seconds are heard before the next
    'd1 >> s("kick*4").gain(.4); d2 >> meso(path("cello"), path("choir"), sine.slow(2)).gain(.3)',
    'x = path("flute")',
    'd3 >> stepwise(s("flute(3,8)"), x, 4).gain(.2).pan(sine)',
    'd4 >> plain("kick*4, snare").note("<60 64.5>").gain(.3)',
    'd5 >> n("0 2 -3").scale_of("c minor").s("cello").gain(.2)',
    "bpm(233.7)",
    1.2,
    *FAILING,
    'd1 >> s("snare(5,8)").gain(.3)',
    1.2,
    "hush()",
    0.3,
]
EFFECTS = [
    "bpm(120)",
    'd1 >> s("kick*4").gain(.4); d2 >> path("cello")',
    "d2.fx(lowpass(sine.fast(2).range(200, 4000), .4), chorus(), delay(1/8, .5))",
    'd1.fx(distortion(rand.segment(8)), shift("50 -200"), crush(6))',
    "master.fx(compressor(-30, 6), reverb(.3))",
    1.0,
    "bpm(171)",
    "d2.fx(lowpass(600), chorus(.6), delay(3/16, .5))",
    0.3,
    "d1.fx(phaser(2), gain_db(-3)); master.fx(reverb(.2, .8))",
    0.3,
    "d1.fx(); d2.fx(highpass(300))",
    0.7,
    "d2.fx(); master.fx(); hush()",
]
SCENES = [
    'd1 >> s("kick*4").gain(.4); d2 >> meso(path("cello"), path("choir"), sine.slow(2)).gain(.3); bpm(300)',
    'scene("verse")',
    0.3,
    "bpm(400, over=3)",
    0.3,
    'd3 >> s("flute(3,8)").gain(tri.range(.1, .3)); d2.gain(.5); swing(1/3); mute(d1)',
    0.3,
    'once("snare*3"); d3.once("kick*5", quant="beat")',
    0.3,
    "bpm(sine.slow(3).range(250, 350))",
    0.3,
    'scene("chorus"); go("verse")',
    0.3,
    "undo()",
    0.3,
    'go("verse", quant="beat", morph=2)',
    0.6,
    "hush(over=1)",
    "back()",
    0.3,
    'go("chorus", quant="now")',
    0.3,
    "undo(2); redo()",
    0.3,
    "d3.stop(over=1)",
    0.3,
    "swing(0); hush()",
]
MOTIONS = [
    "bpm(240)",
    'd1 >> walk("cello(3,8)", saw, 2).gain(.3); d2 >> orbit(path("choir"), .5).gain(.2)',
    'd3 >> spline(*map(prior, range(4)), position=tri).gain(.2); d4 >> s("prior:<1 2>*8").gain(.2)',
    'd5 >> s("flute").loop_at("<1 2>").chop(4).gain(.3); d6 >> path("harp").slice(8, "0 5 2").fit().gain(.2)',
    'd7 >> plane("vibes*2", "prior:3", path("flute"), "harp", sine, tri).speed("1 -2").gain(.2)',
    1.0,
    "bpm(187)",
    'd2 >> slerp("choir*2", path("cello").freeze(.3), sine).gain(.2)',
    1.0,
    "hush()",
]
MORPHS = [
    "bpm(480)",
    'd1 >> s("cello(3,8) flute").gain(.4); d2 >> meso(path("cello"), path("choir"), sine).gain(.3)',
    1.0,
    'd1.morph(3, curve="smooth") >> s("choir*3").gain(.3).bias(sine.slow(2))',
    "x = grab(d2, 2); d3 >> stepwise(x, path('choir'), 3).gain(.3); d4 >> extend(x).gain(.2)",
    0.5,
    'd1.morph(4) >> s("flute(5,8)").gain(.3)',
    'd2.morph(2) >> stack(s("kick*2"), s("snare ~")).gain(.3)',
    1.0,
    "y = grab(d3); d5 >> plain(y).gain(.3); d6 >> s('y*2').gain(.2)",
    'd3.morph(sine.slow(2)) >> s("kick*2").gain(.3); d4 >> meso(y, "choir*2", saw)',
    1.5,
    "d1.back()",
    0.3,
    "hush()",
]
FAMILIES = [  # two models in one set, frames that go on from one another, and grains that do
    "bpm(150)",
    'd1 >> s("cello(3,8)").model("spectral").gain(.3); d2 >> s("hat*4").gain(.2)',
    0.7,
    'd3 >> meso(path("choir", model="spectral"), path("flute", model="spectral"), sine).gain(.2)',
    'd4 >> freeze("flute", .4).gain(.2); d5 >> extend(path("cello"), factor=3).gain(.2)',
    0.7,
    'd1 >> s("flute(5,8)").model("spectral").note("<60 65>").formant().gain(.3); bpm(190)',
    'd2 >> meso(note("60(3,8)").s("flute"), note("71").s("oboe"), sine, glide=True).model("spectral").gain(.2)',
    'd3.morph(2, glide=True) >> freeze(path("choir", model="spectral"), .3).gain(.2)',
    0.7,
    "hush()",
]
STREAMS = [  # an exported model of two channels, with attributes, in a process of its own
    "noisy = load_model('noisy.ts')",
    'd1 >> s("cello(3,8)").model(noisy).gain(.4); d2 >> s("hat*4").gain(.2); bpm(150)',
    1.5,
    'd1 >> s("choir*3").model(noisy).note("60 64").gain(.3); bpm(170); d2.morph(1) >> s("kick*2").model(noisy)',
    1.0,
    "d3 >> path('cello', model=noisy).attr('gain', sine.fast(2)).gain(.2); d4.once(s('choir*2').model(noisy))",
    1.5,
    "d1.stop(); d3 >> s('cello*4').model(noisy); hush(over=1)",
    1.0,
]
SETS = {44100: [VOICES, FAMILIES, EFFECTS, SCENES], 48000: [STREAMS, MOTIONS, MORPHS]}


@pytest.fixture
def live(tmp_path, model_file, jack, monkeypatch):
    monkeypatch.setenv("LATENTCODE_TRUST", "1")
    monkeypatch.chdir(tmp_path)
    torch.jit.script(Listed(noise=0.1, rate=22050, channels=2).eval()).save("noisy.ts")
    made = DeskSet(tmp_path, model_file, "--noise", "0.5", "--ahead", "300", "--rows", "3")
    yield made
    made.child.close(3.0)


@pytest.mark.parametrize(
    ("jack", "rate"), [((rate, 256), rate) for rate in SETS], indirect=["jack"], ids=map(str, SETS)
)
def test_a_set_renders_to_the_samples_that_were_heard(live, tmp_path, rate):
    assert live.info.sample_rate == rate
    with heard_again(live, tmp_path / "heard.wav", least=5.0):
        for step in (step for chapter in SETS[rate] for step in chapter):
            if isinstance(step, str):
                live.block(step, fails=step in FAILING)
            else:
                live.play_on(step)
        if SCENES in SETS[rate]:
            until(lambda: set(live.state.scenes) == {"verse", "chorus"}, 20, lambda: live.messages)
        live.play_on(0.5)
    assert not [message for message in live.messages if message[0] == "failed"]
