"""What a busy machine may upset is run once more, told of, and never a replay that differs."""

from __future__ import annotations

import subprocess
import sys

import pytest

CLOCK = """
import time
import pytest
from helpers.again import ReplayDiffers
runs = []

def test_upset():
    runs.append("upset")
    assert runs.count("upset") == 2, "the first time"

@pytest.mark.timeout(2)
def test_slow():
    runs.append("slow")
    time.sleep(30 if runs.count("slow") == 1 else 1)

def test_replay():
    runs.append("replay")
    if runs.count("replay") == 1:
        raise ReplayDiffers("heard.wav: 1 of 2 samples differ")

def test_wrong():
    assert 0
"""
NO_CLOCK = """
runs = []

def test_sum():
    runs.append(1)
    assert len(runs) == 2
"""


@pytest.mark.parametrize("options", [(), ("-n", "1")], ids=["alone", "xdist"])
def test_what_needs_a_clock_is_run_once_more_and_a_replay_that_differs_is_not(tmp_path, options):
    (tmp_path / "conftest.py").write_text('pytest_plugins = ["helpers.once_more"]')
    (tmp_path / "test_clock.py").write_text(CLOCK)
    (tmp_path / "test_sums.py").write_text(NO_CLOCK)
    command = [sys.executable, "-m", "pytest", "-rf", "-p", "no:cacheprovider", *options, str(tmp_path)]
    said = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True).stdout
    assert "3 failed, 2 passed, 3 rerun" in said
    for name in ("clock.py::test_replay", "clock.py::test_wrong", "sums.py::test_sum"):
        assert f"FAILED test_{name}" in said
    told = said.split("failed once, passed when run again")[1].split("short test summary")[0]
    assert "test_clock.py::test_upset (call)" in told
    assert "AssertionError: the first time" in told
    assert "test_clock.py::test_slow (call)" in told
    assert "test_wrong" not in told
