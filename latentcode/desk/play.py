"""A session replayed live: its blocks are run ahead of the sound, its commands sent with their stamps."""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from latentcode import places
from latentcode.desk.link import ENGINE, Link
from latentcode.desk.options import Options
from latentcode.desk.replay import Replay, as_it_was
from latentcode.engine.conduct.holding import given_by
from latentcode.engine.hands import heard
from latentcode.engine.journal import Block, Session, read_session
from latentcode.engine.sounds.grabs import grabbed
from latentcode.engine.timing.decided import decided
from latentcode.errors import EngineError, SessionError

AHEAD = 4.0  # seconds that commands are sent before they sound
LOOK = 0.2  # seconds between two looks at the clock
PATIENCE = 60.0  # seconds for an engine to begin
NOWHERE = os.devnull  # a replay keeps no journal

Tell = Callable[[str], None]


def play(path: str | Path, options: Options, tell: Tell = print, engine: str = ENGINE) -> None:
    """Play a session to its end, showing its code as it sounds. Raises SessionError, EngineError."""
    session = read_session(path)
    if not session.blocks:
        raise SessionError(f"{path} holds no blocks of code: nothing was played")
    link = Link(replace(as_it_was(session, options), journal=NOWHERE), tell, engine)
    for remark in places.remarks():
        tell(remark)
    link.start("--hold")
    try:
        Player(session, link, tell).run()
    finally:
        link.leave()


class Player:
    """Feeds one session to one engine."""

    def __init__(self, session: Session, link: Link, tell: Tell) -> None:
        self._session, self._link, self._tell = session, link, tell
        self._shown: list[Block] = []
        own = [*grabbed(session), *decided(session)]  # what no line of code asked for
        self._own = deque(sorted(own, key=lambda pair: pair[0]))
        self._inputs = deque(sorted(heard(session), key=lambda pair: pair[1]))
        self._held = deque(sorted(given_by(session), key=lambda pair: pair[0]))
        self._replay = Replay(
            session, lambda line: tell(f"✗ {line}"), lambda block, _: self._shown.append(block)
        )

    def run(self) -> None:
        """Until the last sample that is known of."""
        self._tell("the engine is starting …")
        if not self._link.wait_ready(PATIENCE):
            raise EngineError(f"the engine does not begin: {self._link.down or 'it says nothing'}")
        rate = self._session.number("rate", 44100)
        scale = self._link.hello.get("sample_rate", rate) / rate
        if scale != 1:
            self._tell(f"played at {rate} Hz then, at {rate * scale:.0f} Hz now: times are converted")
        self._feed(AHEAD * rate, scale)
        self._link.send("begin")
        while (head := self._link.state.get("playhead", 0) / scale) < self._session.end:
            if self._link.down:
                raise EngineError(f"the engine is gone: {self._link.down}")
            self._feed(head + AHEAD * rate, scale)
            self._show(head)
            time.sleep(LOOK)
        self._show(float("inf"))

    def _feed(self, sample: float, scale: float) -> None:
        due = self._replay.until(sample)
        pairs = tuple((round(stamp * scale), command.packed()) for stamp, command in due)
        own = [self._own.popleft() for stamp, _ in list(self._own) if stamp <= sample]
        if pairs or own:
            self._link.send(
                "stamped", (*((round(stamp * scale), one.packed()) for stamp, one in own), *pairs)
            )
        inputs = [self._inputs.popleft() for _, stamp in list(self._inputs) if stamp <= sample]
        if inputs:
            self._link.send("hands", tuple((i.key, round(stamp * scale), i.value) for i, stamp in inputs))
        held = [self._held.popleft() for at, _ in list(self._held) if at <= sample]
        if held:
            self._link.send("held", tuple((round(at * scale), given) for at, given in held))
        for (stamp, data), (_, command) in zip(pairs, due, strict=True):
            self._link.memory.keep(command, stamp, data)

    def _show(self, head: float) -> None:
        """The code of blocks whose time has come."""
        while self._shown and self._shown[0].sample <= head:
            block = self._shown.pop(0)
            lines = block.code.splitlines() or [""]
            self._tell("\n".join([f">>> {lines[0]}", *(f"... {line}" for line in lines[1:])]))
