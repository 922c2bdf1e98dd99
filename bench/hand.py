"""`python -m bench.hand ADDRESS`: a hand on a fader and an ear, in one JACK client, and so on one clock.

It is asked ("play", key, times, seed) and answers with ("heard", begin, frames of the moves, samples as bytes): the
control change `key` goes from 0 to 1 and back so many times, at random moments, and what is heard meanwhile is kept.
"""

from __future__ import annotations

import random
import sys
import threading
import time
from typing import Any

import jack
import numpy as np

from latentcode.protocol.wire import connect

NAME = "hand"
DOWN, UP = (0.45, 0.60), (0.30, 0.40)  # seconds that the fader stays there
BEFORE, AFTER = 0.5, 0.4


class Hand:
    """Writes control changes at exact frames, and keeps the samples of all frames."""

    def __init__(self) -> None:
        self.client = jack.Client(NAME)
        self._out = self.client.midi_outports.register("out")
        self._ear = self.client.inports.register("ear")
        self._moves: list[tuple[int, bytes]] = []
        self._kept, self._first, self._last = np.zeros(0, np.float32), 0, 0
        self._over, self._next, self._lost = threading.Event(), 0, list[int]()
        self.client.set_process_callback(self._process)
        self.client.activate()

    def listen(self) -> None:
        """Connect to what the player sends to the loudspeakers."""
        speakers = self.client.get_ports(is_physical=True, is_input=True, is_audio=True)
        for source in self.client.get_all_connections(speakers[0]):
            self.client.connect(source, self._ear)

    def play(self, key: int, times: int, seed: int) -> tuple[int, list[int], list[int], bytes]:
        """Move the fader up and down; gives the first frame kept, the moves up, our own gaps, the samples."""
        rate, chance = self.client.samplerate, random.Random(seed)
        first = self.client.frame_time + int(0.2 * rate)
        frame, moves, ups = first + int(BEFORE * rate), list[tuple[int, bytes]](), list[int]()
        for _ in range(times):
            ups.append(frame)
            moves.append((frame, bytes((0xB0, key, 127))))
            frame += int(chance.uniform(*UP) * rate)
            moves.append((frame, bytes((0xB0, key, 0))))
            frame += int(chance.uniform(*DOWN) * rate)
        self._over.clear()
        self._lost = []
        self._kept = np.zeros(frame + int(AFTER * rate) - first, np.float32)
        self._moves, self._first, self._last = moves, first, frame + int(AFTER * rate)
        self._over.wait((self._last - first) / rate + 10.0)
        return first, ups, self._lost, self._kept.tobytes()

    def _process(self, count: int) -> None:
        begin = self.client.last_frame_time
        self._out.clear_buffer()
        if begin != self._next:
            self._lost.append(begin)
        self._next = begin + count
        while self._moves and self._moves[0][0] < begin + count:
            frame, data = self._moves.pop(0)
            self._out.write_midi_event(max(frame - begin, 0), data)
        place = begin - self._first
        if place >= 0 and place + count <= len(self._kept):
            self._kept[place : place + count] = self._ear.get_array()
        elif begin > self._last:
            self._over.set()


def main(address: str) -> None:
    """Serve until the measurement hangs up."""
    line, hand = connect(address), Hand()
    answers: dict[str, Any] = {"play": hand.play, "listen": hand.listen}
    try:
        while True:
            kind, *rest = line.receive()
            line.send((answers[kind](*rest),))
            time.sleep(0)
    except EOFError:
        hand.client.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
