"""More than one model in a set: by path, by event, found by name, each in one call; never mixed."""

from __future__ import annotations

import os
import shutil
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from helpers.centred_model import centred_file

import latentcode as lc
from latentcode.audio import reading as audio
from latentcode.engine.state import models_of
from latentcode.errors import EngineError, LatentError, ModelError, SoundWarning
from latentcode.files import places
from latentcode.latents.morph import Morph
from latentcode.models.card import default_is
from latentcode.models.family import card_of
from latentcode.offline.session import render_session
from latentcode.session import records
from latentcode.session.journal import read_session
from latentcode.set.recorded import known_models
from latentcode.sounds.model import named_model
from latentcode.synth.building import ModelInUse, build_renderer

SECONDS = 1.0


@pytest.fixture
def bins(tmp_path):
    return centred_file(tmp_path)


@pytest.fixture(params=["other", "bins"])
def second(request, other_file, bins):
    return {"other": other_file, "bins": bins}[request.param]


def rendered(pattern, model, **how):
    return lc.render(pattern, seconds=SECONDS, model=model, **how)


def test_an_event_is_played_by_the_model_that_it_asks_for(model_file, second):
    pattern = lc.s("cello(3,8)").fast(2)
    alone = rendered(pattern, second)
    assert alone.any()
    assert np.array_equal(rendered(pattern.model(second), model_file), alone)
    assert not np.array_equal(rendered(pattern, model_file), alone)


def test_a_path_is_played_by_the_model_that_it_names(model_file, second):
    alone = rendered(lc.path("cello"), second)
    for model in (second, Path(second), lc.load_model(second)):
        found = lc.path("cello", model=model)
        assert np.array_equal(rendered(found, model_file), alone)
        assert np.array_equal(rendered(lc.path("cello").encoded_by(model), model_file), alone)
        assert found.mean.shape == lc.load_model(second).encode("cello").mean.shape
    stretched = lc.extend(lc.path("cello"), factor=2)
    assert np.array_equal(rendered(stretched.encoded_by(second), model_file), rendered(stretched, second))


def test_events_of_both_models_sound_beside_one_another(model_file, other_file):
    beat = lc.s("cello*4")
    both = rendered(lc.stack(beat, beat.model(other_file)), model_file)
    one, other = rendered(beat, model_file), rendered(beat, other_file)
    np.testing.assert_allclose(both, one + other, atol=1e-5)


def test_a_pattern_of_names_is_one_of_models(model_file, other_file):
    own = places.all_of("data")[0] / "models"
    own.mkdir(parents=True, exist_ok=True)
    for name, file in (("one", model_file), ("two", other_file)):
        shutil.copy(file, own / f"{name}.safetensors")
    beat = lc.s("cello").fast(4)
    found = rendered(beat.model("<one two>*4"), model_file)
    one, two = rendered(beat, model_file), rendered(beat, other_file)
    for quarter, wanted in enumerate((one, two)):
        place = slice(quarter * 22050 + 1000, quarter * 22050 + 20000)
        np.testing.assert_allclose(found[place], wanted[place], atol=1e-5)


def test_each_model_decodes_in_one_call(model_file, bins):
    model = lc.load_model(model_file)
    calls = {}

    def counted(name, decoder):
        step = decoder.step

        def counting(jobs):
            calls.setdefault(name, []).append(len(jobs))
            return step(jobs)

        decoder.step = counting

    decoder, others = model.codec.decoder(), named_model(bins)
    counted("one", decoder)
    counted("two", others.decoder)
    used = ModelInUse(model.card, model.store, decoder, model.find)
    renderer = build_renderer(used, 44100, lambda trouble: pytest.fail(str(trouble)))
    for voice in range(4):
        pattern = lc.s("[cello,choir]")
        renderer.play(voice, pattern.model(bins) if voice % 2 else pattern, None, 0)
    renderer.render(512)
    assert calls == {"one": [4], "two": [4]}
    assert [models_of(voice) for voice in renderer.voices[:2]] == [(), (Path(bins).stem,)]
    assert len(others.codec.opened) == 4
    renderer.silence(512)
    renderer.render(44100)
    assert others.codec.opened == []


def test_latents_of_two_models_are_not_mixed(model_file, other_file, bins):
    mixed = lc.meso(lc.path("cello", model=other_file), lc.path("choir", model=bins), 0.5)
    with pytest.raises(LatentError, match=r"cannot be mixed.*\.encoded_by\(.*cross-fade in sound"):
        rendered(mixed, model_file)
    with pytest.raises(LatentError, match="cannot be mixed"):
        rendered(lc.pure(lc.path("cello", model=other_file)).model(bins), model_file)
    wanted = rendered(lc.meso(lc.path("cello"), lc.path("choir"), 0.5), other_file)
    half = lc.meso(lc.path("cello", model=other_file), lc.path("choir"), 0.5)  # which is whoever's plays it
    for healed in (mixed.encoded_by(other_file), half):
        assert np.array_equal(rendered(healed, model_file), wanted)


def test_a_morph_between_models_is_one_of_sounds(model_file, second):
    model = lc.load_model(model_file)
    used = ModelInUse(model.card, model.store, model.decoder, model.find)
    renderer = build_renderer(used, 44100, lambda trouble: pytest.fail(str(trouble)))
    renderer.play(0, lc.s("cello"), None, 0)
    renderer.render(44100)
    renderer.play(0, lc.s("cello").model(second), None, 44100, morph=Morph(Fraction(1)))
    between = renderer.render(88200)[0]
    assert renderer.voices[0].current.crossfade is None
    assert renderer.voices[0].current.fades
    assert np.abs(between).max() > 0.001
    rest = renderer.render(88200)[0]
    assert np.isfinite(rest).all()
    assert rest.any()


def test_names_are_found_in_the_package_the_own_folder_and_as_files(model_file, monkeypatch, tmp_path):
    assert card_of("raw") != card_of("default") == card_of("house") == card_of("spectral")
    own = places.all_of("data")[0] / "models"
    own.mkdir(parents=True, exist_ok=True)
    shutil.copy(model_file, own / "mine.safetensors")
    try:
        assert card_of("mine").digest == card_of(model_file).digest
        assert lc.path("cello", model="mine").by == "mine"
        monkeypatch.chdir(tmp_path)
        shutil.copy(centred_file(tmp_path), tmp_path / "mine")
        assert card_of("mine").family == "centred"  # what lies here comes first
    finally:
        os.remove(own / "mine.safetensors")
    with pytest.raises(ModelError, match="or the name of one in"):
        lc.path("cello", model="nosuch")


def test_a_loop_is_not_taken_for_a_model():
    with pytest.raises(LatentError, match='loop="sustain"'):
        lc.path("cello", "sustain")


def test_what_was_played_before_digests_as_it_did(model_file):
    plain = lc.path("cello")
    assert plain == lc.path("cello", model=lc.load_model("default"))
    assert plain != lc.path("cello", model=model_file)
    assert lc.s("cello").digest != lc.s("cello").model("raw").digest


def test_a_journal_names_models_by_digest_and_a_replay_finds_them(model_file, other_file, bins, tmp_path):
    there = tmp_path / "elsewhere.safetensors"
    shutil.copy(other_file, there)
    marks = [
        records.Model(bins, card_of(bins).digest, bins),
        records.Model("raw", card_of(other_file).digest, str(there)),  # its name leads to another model now
        records.Model("gone", "0" * 32, "gone.safetensors"),
    ]
    journal = tmp_path / "set.py"
    lines = "".join(f"{mark.format()}\n" for mark in marks)
    journal.write_text(f"# latentcode session 1\n# @ seed 1\n{lines}# @ end 44100\n")
    session, said = read_session(journal), []
    assert session.faults == []
    assert list(session.of(records.Model)) == marks
    assert known_models(session, said.append) == {"raw": str(there)}
    assert said == ["the model gone is not the one that was played: it will sound otherwise"]
    model = lc.load_model(model_file)
    model.known = known_models(session, said.append)
    assert model.find("raw").card.digest == card_of(other_file).digest


SET = """# latentcode session 1
# @ seed 7  rate 44100  buffer 256{more}
# @ 1 0
d1 >> s("cello(3,8)").gain(0.4)
# @ 1 d1 adb2d1 0
# @ end 22050
"""


def test_a_session_keeps_the_default_of_its_time(tmp_path):
    sounds = {}
    for asked, more in (
        ("", ""),
        ("", "  model house"),
        ("", f"  model house@{card_of('raw').digest[:12]}  model_file default"),
        ("raw", "  default spectral  model_file spectral"),
        ("", "  default spectral"),
        ("default", "  model house"),
        ("spectral", ""),
    ):
        (tmp_path / "set.py").write_text(SET.format(more=more))
        told = []
        render_session(tmp_path / "set.py", tmp_path / "o.wav", model=asked or None, notice=told.append)
        sounds[asked, more] = audio.read(tmp_path / "o.wav")[0].tobytes()
        assert told == []
    found = list(sounds.values())
    assert found[0] == found[1] == found[2] == found[3]
    assert found[4] == found[5] == found[6] != found[0]


def test_code_of_a_session_of_before_finds_the_latents_of_before():
    with default_is("raw"):
        before = lc.path("cello").mean
        assert lc.load_model().card == card_of("house") == card_of("raw")
    np.testing.assert_array_equal(before, lc.path("cello", model="raw").mean)
    assert not np.array_equal(before[:20], lc.path("cello").mean[:20])


def test_windows_end_to_end_are_those_of_the_model_that_has_them():
    with pytest.warns(SoundWarning, match=r'raw plays, not the default; model="raw" says so'):
        found = lc.render("kick", seconds=0.2, synthesis="concat")
    np.testing.assert_array_equal(found, lc.render("kick", seconds=0.2, synthesis="concat", model="raw"))
    with pytest.raises(EngineError, match='model="raw"'):
        lc.render("kick", seconds=0.2, synthesis="concat", model="spectral")
