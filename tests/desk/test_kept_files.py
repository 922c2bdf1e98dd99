"""What is saved never takes the place of something else."""

from __future__ import annotations

from types import SimpleNamespace

from latentcode import cli
from latentcode.desk.hands import files

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
    assert "saved as wave-2.toml" in capsys.readouterr().out


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
