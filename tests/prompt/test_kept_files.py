"""What is saved never takes the place of something else."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from latentcode import cli
from latentcode.pictures import look
from latentcode.prompt.controllers import files

SESSION = """# latentcode session 1
# @ seed 7  rate 44100  buffer 256
# @ 1 0
d1 >> s("kick*4")
# @ 1 d1 - 0
# @ end 2205
"""


def test_another_file_of_that_name_is_kept(tmp_path, capsys):
    live, wave = SimpleNamespace(live=True), tmp_path / "wave.toml"
    for content in (b"one", b"two", b"two", b"one"):
        files.write(live, wave, content)
    assert wave.read_bytes() == b"one"
    assert (tmp_path / "wave-2.toml").read_bytes() == b"two"
    said = capsys.readouterr().out
    assert "saved as wave-2.toml" in said
    assert "save(…, force=True) replaces it" in said
    files.write(live, wave, b"three", force=True)
    assert wave.read_bytes() == b"three"
    assert capsys.readouterr().out == ""


def test_spaces_and_gestures_hand_force_on(names, monkeypatch, tmp_path, capsys):
    told = {"times": (0.0,), "values": (0.5,), "cycles": "4", "tau": 0.0}
    monkeypatch.setattr(names.stage, "question", lambda *question, patience=1: told)
    monkeypatch.setattr(names.stage, "name", lambda: "1.1")
    lines = f'''space = learn_space(cc(1)); space.mark(cutoff=800, at=(.5,)); wave = capture(cc(1), 4)
space.save("{tmp_path}/a.safetensors"); wave.save("{tmp_path}/a.toml")'''
    exec(lines, names.space)
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    told["values"] = (0.25,)
    exec(f'space.mark(cutoff=900, at=(.7,)); wave.save("{tmp_path}/a.toml")', names.space)
    exec(f'space.save("{tmp_path}/a.safetensors")', names.space)
    assert {file.name: file.read_bytes() for file in tmp_path.glob("a.*")} == before
    assert {file.name for file in tmp_path.glob("a-2.*")} == {"a-2.toml", "a-2.safetensors"}
    exec(f'space.save("{tmp_path}/a.safetensors", force=True)', names.space)
    exec(f'wave.save("{tmp_path}/a.toml", force=True)', names.space)
    assert all((tmp_path / name).read_bytes() != old for name, old in before.items())
    assert len(list(tmp_path.iterdir())) == 4


def test_a_picture_is_drawn_over_another_by_force_alone(tmp_path, capsys):
    pytest.importorskip("matplotlib")
    out = tmp_path / "p.svg"
    out.write_text("mine")
    look.draw("kick*2", to=out)
    assert out.read_text() == "mine"
    assert "force=True replaces it" in capsys.readouterr().out
    look.draw("kick*2", to=out, force=True)
    assert out.read_text().startswith("<?xml")
    assert {file.name for file in tmp_path.iterdir()} == {"p.svg", "p-2.svg"}


def test_a_render_that_is_there_is_kept_but_by_force(tmp_path, capsys):
    (tmp_path / "s.py").write_text(SESSION)
    out = tmp_path / "out.wav"
    out.write_bytes(b"mine")
    words = ["render", str(tmp_path / "s.py"), "--trust", "-o", str(out)]
    assert cli.main(words) == 0
    assert out.read_bytes() == b"mine"
    assert (tmp_path / "out-2.wav").exists()
    assert "-f replaces it" in capsys.readouterr().err
    assert cli.main([*words, "-f"]) == 0
    assert out.read_bytes() != b"mine"
