"""Ableton Link: the tempo, the beat and whether they play, of all who are in the session."""

from __future__ import annotations

import asyncio
import threading
import time
from typing import Any

from latentcode.errors import EngineError

INSTALL = "pip install 'latentcode[link]'"
START_SECONDS = 5.0
LOOKS, CLOSE = 8, 2e-5  # times to read clock and beat until both were read within so many seconds


class Peers:
    """A Link session with a thread of its own; `close` leaves it."""

    def __init__(self, bpm: float, beats: int, start_stop: bool) -> None:
        """Raises EngineError where Link is not installed."""
        try:
            import aalink
        except ImportError as error:
            raise EngineError(f"Ableton Link needs aalink; {INSTALL} installs it") from error
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="link", daemon=True)
        self._thread.start()
        made = asyncio.run_coroutine_threadsafe(self._open(aalink, bpm, beats, start_stop), self._loop)
        self._link = made.result(START_SECONDS)

    def join(self) -> None:
        """Be found by others."""
        self._link.enabled = True

    @property
    def count(self) -> int:
        """How many others there are."""
        return int(self._link.num_peers)

    @property
    def bpm(self) -> float:
        return float(self._link.tempo)

    @bpm.setter
    def bpm(self, bpm: float) -> None:
        self._link.tempo = bpm

    @property
    def playing(self) -> bool:
        return bool(self._link.playing)

    @playing.setter
    def playing(self, playing: bool) -> None:
        self._link.playing = playing

    @property
    def start_stop(self) -> bool:
        """Whether starting and stopping is shared."""
        return bool(self._link.start_stop_sync_enabled)

    def beats_at(self, moment: float) -> tuple[float, float] | None:
        """The beat at a moment, and beats per second."""
        best, found = 1.0, (0.0, 0.0)
        for _ in range(LOOKS):
            before, beat, after = time.monotonic(), float(self._link.beat), time.monotonic()
            if after - before < best:
                best, found = after - before, ((before + after) / 2, beat)
            if best < CLOSE:
                break
        pace = self.bpm / 60
        return found[1] + (moment - found[0]) * pace, pace

    def set_beat(self, beat: float, moment: float) -> None:
        """Let it be `beat` at a moment, for all."""
        self._link.force_beat(beat + (time.monotonic() - moment) * self.bpm / 60)

    def close(self) -> None:
        """Leave the session."""
        self._link.enabled = False
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(1.0)

    async def _open(self, aalink: Any, bpm: float, beats: int, start_stop: bool) -> Any:
        link = aalink.Link(bpm)
        link.quantum = float(beats)
        link.start_stop_sync_enabled = start_stop
        return link
