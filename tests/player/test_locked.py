"""A player that Python's own lock holds for ever ends, so that another can play on."""

from __future__ import annotations

import subprocess
import sys

import pytest

PLAYER = """
import ctypes, time
from latentcode.player.locked import ended_when_locked
ended_when_locked(2.0)
time.sleep(2.5)
print("alive", flush=True)
ctypes.PyDLL(None).sleep(600)  # holds the lock
"""


@pytest.mark.skipif(sys.platform == "win32", reason="the C library is asked for its sleep by POSIX's name")
def test_what_stands_still_ends_and_what_waits_does_not():
    ran = subprocess.run([sys.executable, "-c", PLAYER], capture_output=True, text=True, timeout=60)
    assert ran.stdout == "alive\n"
    assert ran.returncode == 1
    assert "Timeout" in ran.stderr
