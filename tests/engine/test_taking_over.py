"""Where an engine that takes over begins."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from latentcode.engine.journal import read_session
from latentcode.engine.process import Engine

HEAD = "# latentcode session 1\n# @ seed 1  rate 44100  buffer 256\n"


@pytest.mark.parametrize(
    ("mark", "begins"),
    [
        ("", 279040),
        ("dry 278528 279295", 279295),
        ("dry 279552 279807", 279807),
        ("in cc:1@nano/1 279500 0.5 cc:1@nano/1 279600 0.7", 279600),
        ("hand 279808 d1.gain 0.5", 279808),
        ("recording 100000 180000 a.wav", 280000),
        ("recording -5 20000 a.wav", 279040),
        ("tempo 279552 1/2 0", 279552),
        ("grab 3.1 d1 2 279600", 279600),
        ("1 279600", 279600),
        ("jump 100 90000000", 279040),  # a damaged one
    ],
)
def test_after_all_that_another_one_has_noted(tmp_path, mark, begins):
    (tmp_path / "set.py").write_text(f"{HEAD}# @ {mark}\nd1 >> s('kick')\n# @ end 3\n")
    engine = SimpleNamespace(
        options=SimpleNamespace(start="279040"),
        sound=SimpleNamespace(rate=44100),
        before=read_session(tmp_path / "set.py"),
    )
    assert Engine._unrendered(engine) == begins
