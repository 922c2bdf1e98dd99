"""What effects cost the player: the share of a buffer that the audio thread takes.

    python -m bench.effects [--full]

Buffers of 256 at 44.1 kHz, driven by hand. The limit for sixteen voices with three effects each is half a buffer.
"""

from __future__ import annotations

import os
import time
from typing import Any

import numpy as np

from bench.common import run, show
from latentcode.parameters import PARAMETERS
from latentcode.protocol.player_messages import Fx

RATE, BUFFER, VOICES = 44100, 256, 16
CHAIN = ("lowpass", "delay", "reverb")
GOAL = 0.5


def measure(full: bool) -> None:
    """Print the share of each effect alone, and of sixteen voices without and with a chain."""
    os.environ.setdefault("PYO_GUI_WX", "0")
    from latentcode.player.chain import rehearse

    rehearse(RATE, BUFFER)
    buffers = 5000 if full else 1000
    for name in PARAMETERS:
        built, share = _alone(name, buffers)
        show(f"{name}: built in {1000 * built:.2f} ms, share of a buffer", share)
    show(f"{VOICES} voices without effects, share of a buffer", _sixteen((), buffers))
    text = f"{VOICES} voices with {', '.join(CHAIN)}, share of a buffer"
    show(text, _sixteen(CHAIN, buffers), most=GOAL)
    os._exit(0)  # pyo's servers do not like to be collected


def _spec(names: tuple[str, ...]) -> Any:
    return tuple((name, tuple(each.default for each in PARAMETERS[name])) for name in names)


def _alone(name: str, buffers: int) -> tuple[float, float]:
    from latentcode.player.chain import Chain

    begun = time.perf_counter()
    chain = Chain(_spec((name,)), RATE, BUFFER)
    built = time.perf_counter() - begun
    pair = np.random.default_rng(0).normal(0, 0.1, (2, BUFFER)).astype(np.float32)
    begun = time.process_time()
    for _ in range(buffers):
        chain.process(pair)
    return built, (time.process_time() - begun) / buffers * RATE / BUFFER


def _sixteen(names: tuple[str, ...], buffers: int) -> float:
    from latentcode.player.drivers import SteppedDriver
    from latentcode.player.transport import Transport

    transport = Transport(_Noise(), 0, lambda *report: None)
    driver = SteppedDriver("bench", RATE, BUFFER, transport, transport.advance)
    driver.start()
    for voice in range(VOICES):
        transport.command(Fx(0, voice, _spec(names)))
    for _ in range(50):
        driver.step()
    begun = time.process_time()
    for _ in range(buffers):
        driver.step()
    return (time.process_time() - begun) / buffers * RATE / BUFFER


class _Noise:
    """A source that is always there."""

    def __init__(self) -> None:
        self._block = np.random.default_rng(0).normal(0, 0.02, (2 * VOICES, BUFFER)).astype(np.float32)

    def copy(self, position: int, out: Any) -> bool:
        out[:] = self._block
        return True

    def promised(self, position: int) -> bool:
        return True


if __name__ == "__main__":
    run(measure)
