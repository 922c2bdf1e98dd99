"""A MIDI device as a process: `python playing_midi.py CLIENT PORT` sends what it reads, a line for each order.

send HEX…          one packet for each word
storm RATE SECONDS controllers 1 to 31 of channel 1 in turn with rising values, and every 50th a note
close              the port vanishes, and the process ends
"""

from __future__ import annotations

import subprocess
import sys
import time


def main(client: str, port: str) -> None:
    send, close = opened(client, port)
    say("ready")
    for line in sys.stdin:
        what, *words = line.split()
        if what == "send":
            for word in words:
                send(bytes.fromhex(word))
        elif what == "storm":
            storm(send, float(words[0]), float(words[1]))
        elif what == "close":
            break
        say("done")
    close()


def opened(client: str, port: str):
    """A port of another program: what sends, and what closes it."""
    try:
        import rtmidi
    except ImportError:  # a Python that it has no wheels for
        from latentcode.midi_osc.through_jack import JackOutgoing

        out = JackOutgoing(client, port)
        return out.send, out.close
    out = rtmidi.MidiOut(rtmidi.API_UNIX_JACK, name=client)
    out.open_virtual_port(port)
    return out.send_message, out.close_port


def say(word: str) -> None:
    print(word, flush=True)


def storm(send, rate: float, seconds: float) -> None:
    begun, sent = time.monotonic(), 0
    while sent < rate * seconds:
        due = min(int((time.monotonic() - begun) * rate), int(rate * seconds))
        for number in range(sent, due):
            send(stormy(number))
        sent = due
        time.sleep(0.001)


def stormy(number: int) -> bytes:
    """The nth message of a storm."""
    if number % 50 == 0:
        return bytes((0x90, number // 50 % 128, 1 + number // 6400 % 127))
    return bytes((0xB0, 1 + number % 31, number // 31 % 128))


class Device:
    """The same, seen from the test."""

    def __init__(self, environment: dict[str, str], client: str, port: str = "out") -> None:
        self._process = subprocess.Popen(
            [sys.executable, __file__, client, port],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self._wait()

    def send(self, *packets: bytes) -> None:
        self.order("send", *(bytes(packet).hex() for packet in packets))

    def order(self, *words: object) -> None:
        """Tell it to do something, and wait until it is done."""
        self._process.stdin.write(" ".join(map(str, words)) + "\n")
        self._process.stdin.flush()
        self._wait()

    def close(self) -> None:
        if self._process.poll() is None:
            self._process.stdin.close()
            self._process.wait(10)
        self._process.stdout.close()

    def kill(self) -> None:
        """Let it vanish without a word."""
        self._process.kill()
        self._process.wait()

    def _wait(self) -> None:
        assert self._process.stdout.readline(), "the device does not play"


if __name__ == "__main__":
    main(*sys.argv[1:])
