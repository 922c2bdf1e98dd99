"""Exported streaming models: what is read of a file, which runs nothing of it, and whether it may run."""

from __future__ import annotations

import pickle
import struct
import subprocess
import sys
import zipfile
from dataclasses import replace

import pytest
from helpers.exports import DELAY, DIMS, RATE, RATIO, ROWS, export

from latentcode.errors import ModelError
from latentcode.models import trust
from latentcode.models.card import Card
from latentcode.models.families.raw import RawAudio
from latentcode.models.families.streams.archive import Method, read_export, recognises
from latentcode.patterns import s
from latentcode.prompt import trial


def repacked(path, change):
    """The same zip, with what `change` makes of each entry (name, content); None leaves it out."""
    with zipfile.ZipFile(path) as archive:
        items = [(name, archive.read(name)) for name in archive.namelist()]
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in items:
            if (made := change(name, data)) is not None:
                archive.writestr(name, made)
    return path


def test_methods_ratios_labels_rate_and_rows(tmp_path):
    found = read_export(export(tmp_path))
    labels = tuple(f"(signal) decode in {n}" for n in range(DIMS))
    assert found.methods["decode"] == Method(DIMS, RATIO, 1, 1, labels, ("(signal) decode out 0",))
    assert list(found.methods) == ["encode", "decode", "forward"]
    assert (found.sample_rate, found.rows, found.streams, found.latents) == (RATE, ROWS, True, "continuous")
    assert (found.inner, found.kind, found.attributes) == ("", "Partials", {})
    assert found.size > 4 * ROWS * DELAY


def test_attributes_with_their_types_and_a_prior(tmp_path):
    found = read_export(export(tmp_path, "listed"))
    assert found.attributes == {
        "gain": ("float",),
        "mute": ("bool",),
        "octave": ("int",),
        "colour": ("str",),
        "place": ("float", "float"),
        "wave": ("tensor",),
    }
    assert found.methods["prior"].out_channels == DIMS


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("cached", {"rows": ROWS}),
        ("stereo", {"rows": ROWS}),
        ("offline", {"streams": False, "rows": 0}),
        ("codes", {"latents": "codes", "codes": 16}),
        ("numbered", {"sample_rate": RATE}),
        ("no_rate", {"sample_rate": None}),
        ("wrapped", {"inner": "model", "sample_rate": RATE}),
        ("deep", {"inner": "model._rave", "sample_rate": RATE}),
    ],
)
def test_what_exports_differ_in(kind, told, tmp_path):
    found = read_export(export(tmp_path, kind))
    assert {name: getattr(found, name) for name in told} == told


def test_what_has_params_and_no_function_is_no_method(tmp_path):
    path = repacked(
        export(tmp_path, "listed"),
        lambda name, data: data.replace(b"def prior(", b"def other(") if name.endswith(".py") else data,
    )
    assert "prior" not in read_export(path).methods


def test_neither_torch_nor_code_is_needed_to_read_one(tmp_path):
    path = export(tmp_path, "hanging")
    code = (
        "import sys; from pathlib import Path;"
        "from latentcode.models.families.streams.archive import read_export;"
        f"print(read_export(Path({str(path)!r})).rows, 'torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == [str(ROWS), "False"]


def test_torchscript_is_no_checkpoint_and_other_zips_are_no_torchscript(tmp_path):
    path, other = export(tmp_path), tmp_path / "other.zip"
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("a.txt", "a")
    assert recognises(path)
    assert not RawAudio().recognises(path)
    assert not recognises(other)
    path.write_bytes(path.read_bytes()[:-100])
    assert not recognises(path)


def test_what_cannot_be_played_says_why(tmp_path):
    with pytest.raises(ModelError, match="no model that can be played: that takes a method decode"):
        read_export(export(tmp_path, "no_model"))


class Evil:
    def __init__(self, mark):
        self.mark = mark

    def __reduce__(self):
        return open, (str(self.mark), "w")


def test_damaged_and_hostile_files_say_so_and_run_nothing(tmp_path):
    whole, mark = export(tmp_path).read_bytes(), tmp_path / "mark"
    deep = (
        b"\x80\x02"
        + b"c__torch__\nA\n)\x81}X\x01\x00\x00\x00m" * 5000
        + b"c__torch__\nA\n)\x81}b"
        + b"sb" * 5000
        + b"."
    )
    shared = (
        b"\x80\x02}(" + b"".join(b"X\x04\x00\x00\x00" + b"%04d" % n + b"N" for n in range(9000)) + b"uq\x000"
    )
    shared += b"](" + b"c__torch__\nA\n)\x81h\x00b" * 9000 + b"e."
    pickles = [
        pickle.dumps(Evil(mark), 2),
        pickle.dumps({"a": Evil(mark)}, 2),
        b"",
        b"\x80\x02",
        deep,
        shared,
    ]
    for number, content in enumerate(pickles):
        path = tmp_path / f"{number}.ts"
        path.write_bytes(whole)
        repacked(path, lambda name, data, new=content: new if name.endswith("/data.pkl") else data)
        with pytest.raises(ModelError, match="cut off or no TorchScript"):
            read_export(path)
    for length in (0, 3, 100, len(whole) // 2, len(whole) - 5):
        path = tmp_path / f"cut{length}.ts"
        path.write_bytes(whole[:length])
        with pytest.raises(ModelError, match="cut off or no TorchScript"):
            read_export(path)
    assert not mark.exists()


def test_tensors_that_are_not_in_the_file_or_packed_are_refused(tmp_path):
    missing = repacked(export(tmp_path), lambda name, data: None if name.endswith("data/3") else data)
    with pytest.raises(ModelError, match="not in the file as a whole"):
        read_export(missing)
    bomb = export(tmp_path, name="bomb")
    with zipfile.ZipFile(bomb) as archive:
        items = [(name, archive.read(name)) for name in archive.namelist()]
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in items:
            kept = zipfile.ZIP_STORED if not name.endswith("data/3") else zipfile.ZIP_DEFLATED
            archive.writestr(name, data, kept)
    with pytest.raises(ModelError, match="not in the file as a whole"):
        read_export(bomb)


def test_impossible_ratios_are_refused(tmp_path):
    wrong = struct.pack("<4q", DIMS, 0, 1, 1)
    right = struct.pack("<4q", DIMS, RATIO, 1, 1)
    path = repacked(export(tmp_path), lambda name, data: wrong if data == right else data)
    with pytest.raises(ModelError, match="decode_params are 4, 0, 1, 1"):
        read_export(path)


@pytest.fixture
def card(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.delenv("LATENTCODE_TRUST", raising=False)
    return Card("x", "ab" * 16, "stream", RATE, RATIO, DIMS, 0, RATIO, file="x.ts", code=True)


def test_a_program_is_asked_for_once_and_remembered_by_its_content(card):
    asked = []
    with pytest.raises(ModelError, match=r"load_model\('x.ts', trust=True\)"):
        trust.allow(card, ask=asked.append)
    assert "x.ts is TorchScript" in asked[0]
    trust.allow(card, ask=lambda question: True)
    trust.check_trusted(card)
    trust.allow(card, ask=lambda question: False)
    with pytest.raises(ModelError):
        trust.check_trusted(replace(card, digest="cd" * 16))
    trust.check_trusted(replace(card, digest="cd" * 16, code=False))


def test_a_pattern_that_asks_for_a_program_is_not_sent_before_somebody_said_yes(card, monkeypatch):
    monkeypatch.setattr(trial, "card_of", lambda name: card)
    for pattern in (s("cello").model("rave.ts"), s("cello").every(2, lambda part: part.model("rave.ts"))):
        with pytest.raises(ModelError, match=r"d1: x\.ts is TorchScript"):
            trial.Trial().run(pattern, "d1", live=True)
        trial.Trial().run(pattern, "d1")  # a replay: it was asked for before
    asked = []
    trust.ask_by(lambda question: asked.append(question) or True)
    try:
        for _ in range(2):
            trial.Trial().run(s("cello").model("rave.ts"), "d1", live=True)
    finally:
        trust.ask_by(None)
    assert len(asked) == 1


def test_a_script_says_so_in_its_environment_and_a_program_in_its_call(card, monkeypatch):
    monkeypatch.setenv("LATENTCODE_TRUST", "1")
    trust.check_trusted(card)
    monkeypatch.delenv("LATENTCODE_TRUST")
    with pytest.raises(ModelError):
        trust.check_trusted(card)
    trust.allow(card, trusted=True)
    trust.check_trusted(card)
