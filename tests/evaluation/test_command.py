"""`latentcode evaluate`, as it is typed, on a small model and on the one that comes with the package."""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import soundfile

from latentcode import models
from latentcode.cli import main
from latentcode.errors import ModelError
from latentcode.evaluation import command, house, page
from latentcode.evaluation.recordings import find
from latentcode.evaluation.tasks import evaluate
from latentcode.models import measures
from latentcode.sounds.model import default_model, load_model

RATE = 44100


@pytest.fixture(scope="module")
def notes(tmp_path_factory):
    """Two instruments at two pitches, a second each."""
    folder, time = tmp_path_factory.mktemp("notes"), np.arange(RATE) / RATE
    for instrument, fall in (("reed", 1), ("bell", 3)):
        for pitch in (57, 60):
            hertz = 440 * 2 ** ((pitch - 69) / 12)
            tone = sum(0.3 / k**fall * np.sin(2 * np.pi * hertz * k * time) for k in range(1, 9))
            (folder / instrument).mkdir(exist_ok=True)
            soundfile.write(folder / instrument / f"{pitch:03d}-100.wav", tone, RATE)
    return folder


@pytest.fixture(scope="module")
def results(notes):
    return evaluate(load_model("raw"), find(notes))


def test_all_tasks_are_tried(results):
    assert list(results.summary) == ["reconstruction", "instruments", "pitches", "held and extended", "speed"]
    assert len(results.notes) == 4
    assert {name.split(":")[0] for name in results.pairs} == {"instruments", "pitches"}
    assert results.speed["frames a second"] > 0


def test_the_figures_of_the_first_house_model_are_what_they_are_known_to_be(results):
    """It keeps a note's wave well, and loses its pitch where a latent is held."""
    assert results.summary["reconstruction"]["SNR, dB"] > 8
    assert results.summary["reconstruction"]["pitch, cents"] < 3
    assert results.summary["held and extended"]["held harmonics, dB"] < -5


def test_the_page_has_players_pictures_and_both_models(results, tmp_path):
    pytest.importorskip("librosa")
    index = page.write([results, results], tmp_path / "out", "4 sounds")
    text = index.read_text()
    assert text.count("<th>house</th>") == 2 * len(results.summary)
    sounds = sorted((tmp_path / "out" / "sounds").iterdir())
    assert len(sounds) == text.count("<audio") == text.count("<img")
    assert all(f"sounds/{file.name}" in text for file in sounds)
    heard, rate = soundfile.read(sounds[0])
    assert (rate, np.abs(heard).max() > 0.1) == (RATE, True)
    kept = json.loads((tmp_path / "out" / "results.json").read_text())
    assert kept[0]["summary"]["reconstruction"]["SNR, dB"] == pytest.approx(
        results.summary["reconstruction"]["SNR, dB"]
    )


def test_a_name_that_is_no_html_is_shown_as_text(results, tmp_path):
    pytest.importorskip("librosa")
    results.model = "<b>\x1b[31m"
    try:
        assert "<b>" not in page.write([results], tmp_path / "out").read_text()
    finally:
        results.model = "house"


def test_a_rainbowgram_has_a_steady_partial_in_one_colour_and_its_place():
    rainbow = pytest.importorskip("latentcode.evaluation.rainbowgram")
    tone = (0.5 * np.sin(2 * np.pi * 440 * np.arange(RATE) / RATE)).astype(np.float32)
    colours = rainbow.rainbowgram(tone, RATE)
    brightness = colours.max(axis=2)[:, 40:-40]
    row = int(brightness.mean(axis=1).argmax())
    assert row == round(rainbow.PER_OCTAVE * np.log2(440 / rainbow.LOWEST))
    assert np.ptp(colours[row, 40:-40], axis=0).max() < 0.1


def test_typed_with_filters_and_a_file_for_the_figures(notes, tmp_path, capsys):
    figures = tmp_path / "figures.json"
    assert main(["evaluate", "default", str(notes), "--instrument", "reed", "--json", str(figures)]) == 0
    assert "2 sounds of" in capsys.readouterr().out
    (only,) = json.loads(figures.read_text())
    assert len(only["sounds"]) == 2


def test_figures_stand_on_the_card_and_the_file_stays(notes, tmp_path, capsys):
    file = tmp_path / "mine.safetensors"
    shutil.copy(default_model().card.file, file)
    assert main(["evaluate", str(file), str(notes), "--most", "1", "--write"]) == 0
    card = models.card_of(file)
    assert "reconstruction, MRSTFT" in dict(card.notes)
    assert card.note("evaluated on").startswith("1 sounds of")
    assert card.note("trained_minutes")
    assert (card.digest, file.read_bytes()) == (
        default_model().card.digest,
        Path(default_model().card.file).read_bytes(),
    )
    file.with_suffix(".card.json").write_text("[]")
    with pytest.raises(ModelError, match="not a JSON object"):
        models.card_of(file)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (["nowhere.safetensors"], "no model at"),
        (["default", "--most", "0"], "as in --most 50"),
        (["default", "/nowhere"], "nowhere"),
        (["default", "--family", "spoons"], "none of the"),
    ],
)
def test_what_cannot_be_says_why(typed, said, capsys):
    assert main(["evaluate", *typed]) == 1
    assert said in capsys.readouterr().err


def test_what_has_no_peak_where_a_partial_would_be_has_no_pitch_beyond_it():
    falling = np.cumsum(np.random.default_rng(0).standard_normal(1 << 15)).astype(np.float32)
    for hertz in (21.0, 33.0, 61.0, 200.0):
        assert not abs(measures.cents_off(falling, RATE, hertz)) > 60


def test_one_command_makes_a_house_model_and_goes_on_where_it_was(notes, tmp_path, monkeypatch, capsys):
    pytest.importorskip("librosa")
    shutil.copytree(notes, tmp_path / "train" / "notes")
    shutil.copytree(notes / "bell", tmp_path / "held-out" / "notes" / "bell")
    monkeypatch.setattr(house, "render", lambda out, parts: None)  # they are there
    (tmp_path / "house.training").write_text("of another time")
    with pytest.raises(SystemExit, match="cannot be read"):
        house.main([str(tmp_path), "--small", "--minutes", "0.01", "--kinds", "electronic"])
    (tmp_path / "house.training").unlink()
    for _ in range(2):
        house.main([str(tmp_path), "--small", "--minutes", "0.01", "--kinds", "electronic"])
        card = models.card_of(tmp_path / "house.safetensors")
        assert card.latent_dim == 64
    said = capsys.readouterr().out
    assert said.count("play it: latentcode --model") == 1  # it was trained once
    assert said.count("the figures stand on its card") == 2
    assert (tmp_path / "report" / "index.html").is_file()


def test_a_program_is_asked_for_before_it_is_evaluated(tmp_path, monkeypatch):
    from helpers.exports import export

    questions: list[str] = []
    monkeypatch.setattr("latentcode.evaluation.command.asked", lambda text: questions.append(text) or False)
    with pytest.raises(ModelError, match=r"in a terminal latentcode --model \S+ asks"):
        command.run(arguments(str(export(tmp_path))))
    assert "Run it? [y/N]" in questions[0]


def arguments(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return parser.parse_args(words)
