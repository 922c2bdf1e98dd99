"""Variables of the prompt in strings."""

from __future__ import annotations

import unicodedata

import numpy as np
import pytest
import soundfile

from latentcode.errors import LatentcodeError
from latentcode.latents.note import note_of
from latentcode.latents.path import Path
from latentcode.latents.trajectory import Named
from latentcode.prompt.complete import DeskCompleter
from latentcode.set.kinds import packed, unpacked
from latentcode.sounds import library as sounds


@pytest.fixture
def files(tmp_path, monkeypatch):
    tone = np.sin(np.arange(4000) / 20).astype(np.float32)
    for name in ("rain.wav", "kit/a.wav", "kit/b.wav", "library/drums/x.wav"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(tmp_path / name, tone, 44100)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LATENTCODE_SOUNDS", str(tmp_path / "library"))
    return tmp_path


@pytest.fixture
def typed(names, sink, files):
    """What a line lets d1 play: the trajectories of its first cycle, after the way over the wire."""

    def line(code):
        exec(code, names.space)
        sent = unpacked(packed(sink.commands[-1]))
        assert sent.digest == sink.commands[-1].digest
        return [note_of(event.value).trajectory for event in sent.arguments[0].query(0, 1)]

    return line


def test_a_name_in_a_string_is_the_musicians_variable(typed):
    rain, cello = typed('rain = path("rain.wav"); d1 >> s("rain cello")')
    assert isinstance(rain, Path)
    assert cello == Named("cello")
    assert typed('d1 >> "rain*2"')[0] == rain
    assert typed('d1 >> meso("rain cello", "flute", sine).gain(.5)')[0].a == rain
    assert typed('d1 >> s("cello*2").every(2, lambda p: p.s("rain"))')[0] == rain


def test_a_trajectory_has_a_name_as_well(typed):
    assert repr(
        typed('slowly = path("cello").walk(.3); d1 >> stepwise("slowly", "choir", 3)')[0].a
    ).startswith("walk")


def test_a_folder_is_picked_from_by_number(typed, sink):
    found = typed('kit = folder("kit"); d1 >> s("kit kit:1 kit:2")')
    assert sink.asked == [("opened", "kit", 2)]  # for the journal, see offline/archive.py
    assert [node.name for node in found] == ["kit/a.wav", "kit/b.wav", "kit/a.wav"]
    assert typed('d1 >> n("1").s("kit")')[0].name == "kit/b.wav"
    assert isinstance(typed("d1 >> kit[1]")[0], Path)


def test_a_changed_variable_is_a_changed_pattern(typed, sink):
    typed('x = path("rain.wav"); d1 >> s("x")')
    typed('x = path("kit/a.wav").walk(.2); d1 >> s("x")')
    typed('d1 >> s("x")')
    first, second, third = (command.digest for command in sink.commands)
    assert first != second
    assert second == third


def test_what_its_name_finds_anyway_is_left_alone(typed, sink):
    typed('d1 >> s("cello").n("0 7")')
    typed('cello = path("cello"); d1 >> s("cello").n("0 7")')
    assert sink.commands[0].digest == sink.commands[1].digest
    typed('cello = path("choir"); d1 >> s("cello")')
    assert typed('d1 >> s("cello")')[0].name == "choir:2"


def test_folders_of_the_environment_have_names(typed):
    assert typed('d1 >> s("drums:0")')[0] == Named("drums", 0)
    assert sounds.find("drums").file.name == "x.wav"
    assert "drums" in sounds.all_names()


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("word", ["grün", "ταξί", "ताल", "café_2", "音"])
def test_a_name_is_whatever_python_takes_for_one_in_both_normal_forms(typed, files, form, word):
    name = unicodedata.normalize(form, word)
    (files / "kit" / "a.wav").rename(files / f"{name}.wav")
    for other in ("NFC", "NFD"):
        text = unicodedata.normalize(other, word)
        found = typed(f'{name} = path("{text}.wav"); d1 >> s("{text}*2 cello")')
        assert [isinstance(node, Path) for node in found] == [True, True, False]
        assert typed(f'{text} = folder("kit"); d1 >> s("{name}:0")')[0].name == "kit/b.wav"


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_folders_are_found_in_both_normal_forms(typed, files, form):
    place = files / "library" / unicodedata.normalize(form, "Grüße")
    (files / "library" / "drums").rename(place)
    for other in ("NFC", "NFD"):
        text = unicodedata.normalize(other, "Grüße")
        assert sounds.find(text).file == place / "x.wav"
        assert sounds.find(f"library/{text}/x.wav").file.samefile(place / "x.wav")
        assert typed(f'kit = folder("library/{text}"); d1 >> s("kit")')[0].name.endswith("x.wav")
        assert typed(f'kit = folder("{text}"); d1 >> s("kit {text}:1")')[1] == Named(text, 1)


@pytest.mark.parametrize("name", ["007", "00", "1e3", "1_000", "-1", "808", "1e999"])
def test_a_folder_whose_name_looks_like_a_number_is_found(typed, files, name):
    (files / "library" / "drums").rename(files / "library" / name)
    for code in (
        f's("{name}:1 {name}")',
        f'"<{name}>*2"',
        f'plain("{name}*2")',
        f's("kick*2").s("{name} {name}:0")',
    ):
        found = typed(f"d1 >> {code}")
        assert [node.name for node in found] == [name, name]
        assert sounds.find(found[0].name).file.name == "x.wav"
    mixed = typed(f'd1 >> stepwise("{name}*2", "<{name}:1>", 3)')[0]
    assert (mixed.a, mixed.b) == (Named(name), Named(name, 1))


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ('kit = folder("kit"); d1 >> s("kti")', "is it your own kit"),
        ('d1 >> s("drms")', "did you mean drums"),
        ('folder("nowhere")', "no folder at 'nowhere'"),
        ('d1 >> folder("kit")', r's\("kit\*2"\)'),
        ('d1 >> s("kit/a.wav")', r"path\('kit/a.wav'\)"),
    ],
)
def test_a_mistake_is_explained(typed, code, told):
    with pytest.raises(LatentcodeError, match=told):
        typed(code)


def test_strings_are_completed_with_variables(names, typed):
    from prompt_toolkit.completion import CompleteEvent
    from prompt_toolkit.document import Document

    typed('kit = folder("kit"); kiwi = 3; d1 >> s("kit")')
    found = DeskCompleter(lambda: names.space).get_completions(Document('d1 >> s("cello ki'), CompleteEvent())
    texts = [completion.text for completion in found]
    assert {"kick", "kit"} < set(texts)
    assert "kiwi" not in texts
