from __future__ import annotations

import json
import os
import subprocess
import sys

import numpy as np
import pytest
from helpers.player_process import ROOT, PlayerProcess

REPLAY = """
import json, sys
import numpy as np
from latentcode.player.offline import render
from latentcode.testing.spoken import made
work = json.loads(sys.argv[1])
sound = np.load(work.pop("sound"))
work["commands"] = [made(*command) for command in work.get("commands", ())]
blocks = [sound[i : i + 1000] for i in range(0, len(sound), 1000)]
np.save(work.pop("out"), np.concatenate(list(render(blocks, **work))))
"""


@pytest.fixture
def session(tmp_path):
    sessions: list[PlayerProcess] = []

    def make(*options: str, **more) -> PlayerProcess:
        sessions.append(PlayerProcess(tmp_path, *options, **more))
        return sessions[-1]

    yield make
    for one in sessions:
        one.end()


@pytest.fixture
def replay(tmp_path):
    """Plays a sound offline, in a process of its own: pyo has one server per process."""

    def play(sound: np.ndarray, **work) -> np.ndarray:
        np.save(tmp_path / "sound.npy", sound)
        work |= {"sound": str(tmp_path / "sound.npy"), "out": str(tmp_path / "out.npy")}
        subprocess.run(
            [sys.executable, "-c", REPLAY, json.dumps(work)], check=True, cwd=ROOT, env=dict(os.environ)
        )
        return np.load(tmp_path / "out.npy")

    return play


@pytest.fixture
def on_jack(monkeypatch):
    """Makes the players of this test clients of a jackd."""
    return lambda jack: monkeypatch.setenv("JACK_DEFAULT_SERVER", jack.name)


@pytest.fixture
def no_jack(monkeypatch):
    monkeypatch.setenv("JACK_DEFAULT_SERVER", "latentcode-test-nobody")
