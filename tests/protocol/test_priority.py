"""Who is put behind others is behind them where Linux shares time between sessions first, too."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

AUTOGROUP = Path("/proc/self/autogroup")
CHILD = """
from latentcode.protocol.priority import behind
behind(7)
print("group", open("/proc/self/autogroup").read().strip())
print("nice", open("/proc/self/stat").read().rpartition(")")[2].split()[16])
"""


@pytest.mark.skipif(not AUTOGROUP.exists(), reason="time is not shared between sessions here")
@pytest.mark.parametrize("own", [True, False])
def test_a_process_and_its_own_session_go_behind_and_nobody_elses(own):
    before = AUTOGROUP.read_text()
    ran = subprocess.run(
        [sys.executable, "-c", CHILD], start_new_session=own, capture_output=True, text=True, check=True
    )
    # A process that no session has a share for, as where a machine starts it itself, has an empty file.
    group, nice = ran.stdout.splitlines()
    assert nice == f"nice {max(7, os.getpriority(os.PRIO_PROCESS, 0))}"
    assert group.endswith("nice 7") == own
    assert AUTOGROUP.read_text() == before
