"""The pyo graph by itself, in a process of its own: pyo has one server per process."""

from __future__ import annotations

import subprocess
import sys

from helpers.player_process import ROOT

SETUP = """
import os
os.environ["PYO_GUI_WX"] = "0"
import numpy as np
from latentcode.player.drivers import SteppedDriver
from latentcode.player.transport import Transport
from latentcode.protocol.ringbuffer import Ring
ring = Ring.create(frames=100_000)
ring.write(np.full((100_000, 32), 0.01, np.float32))
transport = Transport(ring, 0, print)
driver = SteppedDriver("offline", 44100, 256, transport, transport.advance)
driver.start()
graph = driver.graph
"""


def run(code: str) -> None:
    subprocess.run([sys.executable, "-c", SETUP + code], check=True, cwd=ROOT)


def test_what_is_not_a_number_in_the_graph_ends_at_the_guard():
    run("""
driver._tick = lambda graph: graph.compute()
for bad in (np.nan, np.inf, -np.inf):
    graph.block[:] = 0.01
    graph.block[4] = bad
    driver.step()
    assert np.isfinite(graph.output()).all() and np.abs(graph.output()).max() <= 1
graph.block[:] = 0.01
for _ in range(400):
    driver.step()
assert np.allclose(graph.output(), 0.16), graph.output()
""")


def test_a_graph_that_was_replaced_falls_silent():
    run("""
for _ in range(10):
    driver.step()
assert np.allclose(graph.output(), 0.16)
other = SteppedDriver("offline", 44100, 128, transport, transport.advance)
other.start()
for _ in range(3):
    driver.step()
    other.step()
assert (graph.output() == 0).all()
assert np.allclose(other.graph.output()[-1], 0.16, atol=0.1)
assert transport.position == 10 * 256 + 3 * 128
""")


def test_what_the_device_gets_is_what_the_recorder_gets():
    run("""
import ctypes
address = int(driver._server.getOutputAddr(), 16)
device = np.ctypeslib.as_array((ctypes.c_float * 512).from_address(address)).reshape(256, 2)
for _ in range(5):
    driver.step()
np.testing.assert_array_equal(device, graph.output())
""")
