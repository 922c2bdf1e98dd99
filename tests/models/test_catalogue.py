"""The models that there are: by name, with what was measured of them on this machine."""

from __future__ import annotations

import shutil
from dataclasses import replace
from types import SimpleNamespace

import pytest
from helpers.exports import RATE, export

import latentcode as lc
from latentcode import cli
from latentcode.errors import ModelError
from latentcode.evaluation import tasks
from latentcode.models import pace
from latentcode.models.card import model_file as found_file
from latentcode.models.card import model_names
from latentcode.models.family import card_of
from latentcode.prompt import model_list


@pytest.fixture
def own(tmp_path, monkeypatch, model_file):
    """A folder of models of one's own, and folders of our own that are empty."""
    folder = tmp_path / "own"
    folder.mkdir()
    shutil.copy(model_file, folder / "tiny.safetensors")
    for name in ("DATA", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name))
    monkeypatch.delenv("LATENTCODE_CACHE", raising=False)
    monkeypatch.setenv("LATENTCODE_MODELS", str(folder))
    monkeypatch.chdir(tmp_path)
    return folder


def test_models_of_ones_own_are_found_by_their_bare_names(own):
    export(own, name="rave")
    shutil.copy(own / "tiny.safetensors", own / "raw.safetensors")
    (own / "notes.txt").touch()
    assert model_names() == ["spectral", "small", "raw", "rave", "raw.safetensors", "tiny"]
    assert found_file("rave") == own / "rave.ts"
    assert card_of("tiny").window == 64
    with pytest.raises(ModelError, match=r"did you mean 'tiny'\?"):
        card_of("tin")


def test_what_a_model_does_here_is_measured_once(own, monkeypatch):
    monkeypatch.setattr(pace, "SECONDS", 0.01)
    card = card_of("tiny")
    assert pace.known(card) is None
    found = pace.measured(card)
    assert found.hops > 100
    assert found.delay == 0
    monkeypatch.setattr(pace, "load_card", lambda card: pytest.fail("it is loaded again"))
    assert pace.measured(card) == pace.known(card) == found
    assert pace.known(replace(card, digest="other")) is None


@pytest.mark.parametrize("measure", [pace.measured, tasks.speed])
def test_its_pace_is_that_of_frames_that_it_has_not_had(own, monkeypatch, measure):
    """A decoder that knows rows it has had decodes them again in no time."""
    monkeypatch.setattr(pace, "SECONDS", 0.01)
    card, had = card_of("tiny"), []
    decoder = SimpleNamespace(
        open=lambda seed: seed,
        close=lambda slot: None,
        step=lambda jobs: had.extend(row.tobytes() for job in jobs for row in job.latents),
    )
    if measure is pace.measured:
        monkeypatch.setattr(
            pace, "load_card", lambda card: SimpleNamespace(card=card, decoder=lambda: decoder)
        )
        measure(card)
    else:
        measure(SimpleNamespace(card=card, decoder=decoder))
    assert len(had) == len(set(had)) > 100


def test_the_command_lists_them_and_a_shell_gets_their_names(own, capsys):
    (own / "broken.ts").write_bytes(b"PK\x03\x04")
    assert cli.main(["models", "--names"]) == 0
    assert capsys.readouterr().out.split() == ["spectral", "small", "raw", "broken", "tiny"]
    pace._keep(card_of("tiny"), pace.Pace(4410, 44))
    assert cli.main(["models", "--quick"]) == 0
    lines = {line.split()[0]: line for line in capsys.readouterr().out.splitlines()}
    assert lines["tiny"].split()[1:5] == ["rawaudiovae", "44100", "8", "32"]
    assert lines["tiny"].split()[5:] == ["1", "ms", "4410", "3"]
    assert "−" in lines["spectral"]
    assert "is cut off" in lines["broken"]


def test_a_program_is_not_measured_before_it_is_trusted(own, monkeypatch):
    monkeypatch.delenv("LATENTCODE_TRUST", raising=False)
    small = replace(card_of("tiny"), code=True)
    entry = model_list.Entry("tiny", small)
    assert model_list.unmeasured([entry]) == []
    monkeypatch.setenv("LATENTCODE_TRUST", "1")
    assert model_list.unmeasured([entry]) == [entry]


def test_the_rate_of_an_export_that_does_not_say_it_is_told_once(own, monkeypatch):
    path = export(own, "no_rate", "rate")
    with pytest.raises(ModelError, match="does not say its sampling rate"):
        card_of("rate")
    lc.load_model("rate", sample_rate=48000, trust=True)
    assert card_of(path).sample_rate == card_of("rate").sample_rate == 48000
    lc.load_model(export(own), sample_rate=22050, trust=True)
    assert card_of("plain").sample_rate == RATE  # what a file says holds


def test_an_export_is_described_without_running_it(own, capsys):
    export(own, "listed", "rave")
    assert cli.main(["info", "rave"]) == 0
    told = capsys.readouterr().out
    assert "model rave (exported)" in told
    assert "44100 Hz, 4 latents, a frame every 64 samples (689.1 a second), 1 channel" in told
    assert "prior 1 → 4" in told
    assert "attributes: gain (float), mute (bool)" in told
    assert 'not trusted yet; load_model("rave.ts", trust=True)' in told
    export(own, "no_rate", "rate")
    assert cli.main(["info", "rate"]) == 0
    assert "it does not say its sampling rate" in capsys.readouterr().out
