"""MIDI in which a call into the system never comes back ends, so that nothing is left of a set."""

from __future__ import annotations

import subprocess
import sys

import pytest

HANGS = """
import threading
from latentcode.midi_osc import __main__ as process
from latentcode.midi_osc.ports import Ports
from latentcode.midi_osc.sending import Sender

def hang(self): threading.Event().wait()

class Cut:
    send = staticmethod(print)
    def receive(self): raise EOFError

process.end_when_stuck.__defaults__ = (1.0,)
Ports.look = lambda self: None
Ports._let_go = Sender.close = hang
{way}(Cut())
"""


@pytest.mark.parametrize("way", ["process.listen", "process.send"])
def test_what_does_not_come_back_while_it_lets_go_ends(way):
    ran = subprocess.run(
        [sys.executable, "-c", HANGS.format(way=way)], capture_output=True, text=True, timeout=60
    )
    assert ran.returncode == 1
    assert "Timeout" in ran.stderr
