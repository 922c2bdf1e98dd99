"""The words that show the set, as they are typed."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from msgspec.structs import replace

import latentcode as lc
from latentcode.errors import EngineError, LatentcodeError, LatentError, PatternError, SoundError
from latentcode.models import card_of
from latentcode.prompt import session_list
from latentcode.prompt.evaluate import run_block
from latentcode.prompt.questions import Questions
from latentcode.prompt.replay import Collector
from latentcode.protocol.messages import State
from latentcode.protocol.state import VoiceState
from latentcode.sounds import cache
from latentcode.sounds.cache import Job


@pytest.fixture
def set_(names, sink, model_file, tmp_path, monkeypatch):
    """The names of a set whose engine answers what it is told here; what is made up stays in a cache of its own."""
    monkeypatch.setenv("LATENTCODE_CACHE", str(tmp_path / "cache"))
    sink.answers["model"] = {
        "file": model_file,
        "rate": None,
        "hop": 32,
        "bpm": 120.0,
        "seed": 3,
        "matched": True,
    }
    return names.space


def encoded(model_file, name, rows=40):
    """Let the cache hold latents of a sound."""
    card = card_of(model_file)
    mean = np.random.default_rng(len(name)).standard_normal((rows, card.latent_dim)).astype(np.float32)
    cache.save(Job(lc.path(name), 32, None).key(card.encoding), (mean, None))


def test_a_pattern_is_drawn(set_, capsys):
    set_["draw"](set_["s"]("cello(3,8)"))
    assert "cello ┃━━━" in capsys.readouterr().out
    set_["draw"]("kick*2", 1)
    assert capsys.readouterr().out.count("┃") == 2


def test_what_a_voice_plays_is_drawn_from_the_present_cycle_on(set_, sink, capsys):
    with pytest.raises(EngineError, match="d1 plays nothing"):
        set_["draw"](set_["d1"])
    set_["d1"] >> set_["s"]("cello*2")
    sink.told = State(cycle=41.7)
    set_["draw"](set_["d1"])
    out = capsys.readouterr().out
    assert out.split()[0] == "41"
    assert out.count("┃") == 4


def test_a_path_is_drawn_from_what_the_set_has_encoded(set_, model_file, capsys):
    encoded(model_file, "cello")
    loaded = "torch" in sys.modules
    set_["draw"](set_["path"]("cello"))
    out = capsys.readouterr().out
    assert out.startswith("cello:2")
    assert "of 8 dimensions" in out or " 8 dimensions" in out
    assert loaded or "torch" not in sys.modules


def test_what_is_not_encoded_is_asked_for_and_told(set_, sink, monkeypatch):
    asked = []
    monkeypatch.setattr("latentcode.pictures.sight.PATIENCE", 0.05)
    sink.question = lambda *question: (
        asked.append(question) or ("" if question[0] == "encode" else sink.answers["model"])
    )
    with pytest.raises(EngineError, match="still being encoded: oboe:2"):
        set_["draw"](set_["path"]("oboe"))
    assert [question[0] for question in asked] == ["model", "encode"]


def test_the_map_shows_the_sounds_of_the_set_and_the_musicians_paths(set_, sink, model_file, capsys):
    for name in ("cello", "kick", "flute"):
        encoded(model_file, name)
    set_["d1"] >> set_["s"]("kick*4")
    set_["mine"] = set_["path"]("flute")
    here = np.zeros((2, 8), np.float32)
    sink.answers["where"] = {0: (*here.shape, here.tobytes())}
    set_["latent_map"]()
    out = capsys.readouterr().out
    assert "mine" in out
    assert "kick:0" in out
    assert "cello" not in out
    assert "◆d1" in out
    set_["latent_map"]("cello", "mine")
    assert "● cello  ● mine" in capsys.readouterr().out
    set_["latent_map"]("cello", set_["mine"])
    assert "● cello  ● flute:2" in capsys.readouterr().out


def test_what_is_grabbed_is_left_out_of_the_map_and_cannot_be_drawn(set_, sink, model_file, capsys):
    encoded(model_file, "kick")
    set_["d1"] >> set_["s"]("kick*4")
    set_["x"] = lc.Path("grab(d1, 4)", "grab 1.1")
    set_["d2"] >> set_["x"]
    sink.answers["where"] = {}
    set_["latent_map"]()
    out = capsys.readouterr().out
    assert "kick:0" in out
    assert "grab" not in out
    with pytest.raises(LatentError, match="can be played but not be looked at"):
        set_["draw"](set_["x"])


def test_the_scope_shows_what_the_engine_tells(set_, sink, capsys):
    with pytest.raises(EngineError, match="does not answer"):
        set_["scope"]()
    tone = 0.5 * np.sin(2 * np.pi * 440 * np.arange(20000) / 44100)
    sink.answers["scope"] = {"rate": 44100, "frames": np.stack([tone, tone], 1).astype(np.float32).tobytes()}
    set_["scope"]()
    assert "440 Hz, A4" in capsys.readouterr().out


def test_sounds_and_voices_are_listed(set_, sink, capsys):
    set_["rain"] = set_["path"]("cello")
    set_["sounds"]()
    out = capsys.readouterr().out
    assert "cello 5" in out
    assert "rain cello:2" in out
    set_["sounds"]("Bass")
    out = capsys.readouterr().out.split()
    assert {"bass", "contrabass", "bassoon"} <= {*out}
    assert not {"cello", "rain", "kick"} & {*out}
    set_["sounds"]("bd")  # as others call the kick
    assert "kick" in capsys.readouterr().out.split()
    set_["sounds"]("celo")
    assert "no sound is called so; near are cello" in capsys.readouterr().out
    set_["voices"]()
    assert capsys.readouterr().out.strip() == "nothing plays"
    voice = VoiceState(2, playing=True, text='s("cello")', pending="stop", pending_cycle=4.0, muted=True)
    voice = replace(voice, gain=0.5, pan=0.25, fx="reverb(.3)", morph=("kick", 0.4))
    sink.told = State(voices=(voice,))
    set_["voices"]()
    out = capsys.readouterr().out
    assert 's("cello")' in out
    assert "→ stop at cycle 4" in out
    assert "through reverb(.3)" in out
    assert "40% from kick" in out
    assert all(part in out for part in ("d3 M", "0.50", "0.25"))


@pytest.mark.parametrize(
    ("code", "kind", "says"),
    [
        ("draw(3)", PatternError, r"not 3 \(int\); as in draw"),
        ("draw(None)", PatternError, "draw takes a pattern"),
        ('draw("cello [")', PatternError, "expected"),
        ('draw(s("a").fmap(lambda x: 1 / 0))', ZeroDivisionError, "zero"),
        ('draw("a", to="picture.gif")', LatentcodeError, r"\.png, \.svg, \.pdf"),
        ('draw("a", to="nowhere/at/all.png")', LatentcodeError, "no folder"),
        ('latent_map("celo")', SoundError, "did you mean cello"),
        ("latent_map(3)", LatentError, "latent_map takes names"),
        ("latent_map()", LatentError, "nothing plays yet"),
        ('draw(path("cello"))', EngineError, "does not answer"),
    ],
)
def test_mistakes_are_told(names, code, kind, says):
    with pytest.raises(kind, match=says):
        exec(code, names.space)


def test_a_replay_draws_nothing_and_writes_nothing(names, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    collector = Collector()
    with names.stage.given_to(collector):
        for code in (
            'd1 >> s("kick*4"); draw(d1)',
            'draw(s("cello"), to="cello.png")',
            'draw(path("cello"), to="latents.png")',
            'latent_map("cello", to="map.png")',
            'scope(to="scope.png")',
            "voices()",
        ):
            assert run_block(code, names.space, collector) is None
    assert list(tmp_path.iterdir()) == []


def test_the_names_are_there_without_a_set(capsys):
    lc.draw(lc.s("kick*2"), 1)
    assert capsys.readouterr().out.count("┃") == 2
    with pytest.raises(LatentError, match="outside a set"):
        lc.latent_map()


def test_a_map_without_a_set_encodes_in_this_process(model, capsys):
    tones = [model.encode(np.sin(np.arange(4000) / n).astype(np.float32)) for n in (5, 20)]
    lc.latent_map(tones[0].scale(2), tones[1])
    assert "of the variance" in capsys.readouterr().out


def test_a_late_answer_is_dropped():
    sent = []
    questions = Questions(sent.append)
    assert questions.ask("where", patience=0.01) is None
    questions.answered(sent[0].number, "late")
    questions._send = lambda ask: questions.answered(ask.number, ask.kind)
    assert questions.ask("scope", patience=1) == "scope"


def test_sessions_of_what_is_no_word_are_not_looked_for():
    with pytest.raises(EngineError, match=r"sessions takes words to be found, not 12; as in sessions"):
        session_list.listed([12])
