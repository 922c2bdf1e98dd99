"""What `latentcode play` gives of a session: an engine that is fed ahead of the sound, led step by step."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from types import SimpleNamespace

import numpy as np

from helpers.staged_engine import StagedEngine
from latentcode.prompt.options import Options
from latentcode.prompt.play import AHEAD, SessionPlayer
from latentcode.prompt.replay import as_it_was
from latentcode.protocol.messages import Begin, State
from latentcode.session import records
from latentcode.session.journal import read_session
from latentcode.set.recorded import breaks

RATE = 44100


def played_again(path: Path) -> tuple[np.ndarray, int]:
    """The voices of a session (32, n) as they are played again, and up to which sample they are to be
    what was heard: what the machine could not do then is not done again.
    """
    session, told = read_session(path), list[str]()
    options = as_it_was(session, Options(driver="timer", rate=RATE, journal=os.devnull), told.append)
    player = SessionPlayer(session, options, told.append)
    engine = StagedEngine(Path(os.devnull), RATE, *player.options.arguments(), "--hold", *player.words)
    try:
        _play(player, engine, session.end)
    finally:
        engine.end()
    sound = np.zeros((32, session.end), np.float32)
    for at, block in engine.player.wrote:
        part = block[:, : max(session.end - at, 0)]
        sound[:, at : at + part.shape[1]] = part
    missed = [one.sample for one in session.of(records.Behind)]
    return sound, min([session.end, *(before for before, _ in breaks(session, session.end)), *missed])


def _play(player: SessionPlayer, engine: StagedEngine, end: int) -> None:
    link = SimpleNamespace(send=engine.say, lock=threading.RLock(), state=State())
    player._link = link
    player._came_in()
    player._feed(AHEAD * RATE)
    engine.say(Begin())
    while not engine.begun or engine.engine.renderer.position < end:
        engine.work()
        engine.engine.encoder.work()
        engine.later.run()
        engine.step()
        player._feed(engine.engine.renderer.position + AHEAD * RATE)
