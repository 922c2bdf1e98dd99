"""MIDI devices as processes: libjack knows one server in a process, and takes it down with its server.

`python midi_device.py sends CLIENT PORT` sends what it reads, a line for each order:

send HEX…          one packet for each word
storm RATE SECONDS controllers 1 to 31 of channel 1 in turn with rising values, and every 50th a note
clock BPM          24 pulses a beat from now on; 0: none
blink              the port vanishes, and is there again at once
close              the port vanishes, and the process ends

`python midi_device.py hears CLIENT PORT` writes a line for each message: when it came, and its bytes.
A line that it reads lets its port vanish, and be there again at once.
PORT may be the name of one, or, with * before it, a part of the name of another program's.
"""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress


def main(what: str, client: str, port: str) -> None:
    {"sends": sending, "hears": hearing}[what](client, port)


def sending(client: str, port: str) -> None:
    out = opened(client, port)
    clock = Clock(out.send)
    say("ready")
    for line in sys.stdin:
        what, *words = line.split()
        if what == "send":
            for word in words:
                out.send(bytes.fromhex(word))
        elif what == "storm":
            storm(out.send, float(words[0]), float(words[1]))
        elif what == "clock":
            clock.bpm = float(words[0])
        elif what == "blink":
            out.blink()
        elif what == "close":
            break
        say("done")
    out.close()


class RtOut:
    """An output that others connect to."""

    def __init__(self, client: str, port: str) -> None:
        self._names = client, port
        self._open()

    def _open(self) -> None:
        import rtmidi

        client, port = self._names
        self._midi = rtmidi.MidiOut(rtmidi.API_UNIX_JACK, name=client)
        self._midi.open_virtual_port(port)
        self.send, self.close = self._midi.send_message, self._midi.close_port

    def blink(self) -> None:
        self._midi.delete()
        self._open()


class JackOut:
    """The same for a Python that rtmidi has no wheels for."""

    def __init__(self, *names: str) -> None:
        self._names = names
        self._open()

    def _open(self) -> None:
        from latentcode.midi_osc.through_jack import JackOutgoing

        out = JackOutgoing(*self._names)
        self.send, self.close = out.send, out.close

    def blink(self) -> None:
        self.close()
        self._open()


def opened(client: str, port: str) -> RtOut | JackOut:
    try:
        return RtOut(client, port)
    except ImportError:
        return JackOut(client, port)


class Clock:
    """Pulses of a MIDI clock, on a thread of their own."""

    def __init__(self, send) -> None:
        self.bpm, self._send = 0.0, send
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        due = time.monotonic()
        while True:
            if self.bpm:
                self._send(b"\xf8")
            due = max(due + 60 / (self.bpm or 600) / 24, time.monotonic() - 1)
            time.sleep(max(due - time.monotonic(), 0))


def hearing(client: str, port: str) -> None:
    ear = listener(client, port)
    say("ready")
    while sys.stdin.readline():
        ear.delete()
        ear = listener(client, port)
    ear.close_port()
    ear.delete()  # or its server waits for it


def listener(client: str, port: str):
    import rtmidi

    ear = rtmidi.MidiIn(rtmidi.API_UNIX_JACK, name=client)
    ear.ignore_types(sysex=False, timing=False, active_sense=False)
    ear.set_callback(lambda event, _: say(f"{time.monotonic()!r} {bytes(event[0]).hex()}"))
    if port.startswith("*"):
        while not (found := [n for n, name in enumerate(ear.get_ports()) if port[1:] in name]):
            time.sleep(0.01)
        ear.open_port(found[0])
    else:
        ear.open_virtual_port(port)
    return ear


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


def started(environment: Mapping[str, str] | None, *words: str) -> subprocess.Popen[str]:
    """One of the devices, when it is there."""
    process = subprocess.Popen(
        [sys.executable, __file__, *words],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout.readline(), "the device does not play"
    return process


class Ear:
    """What hears, seen from the test: `got` has when a message came (time.monotonic()), and its bytes.

    `environment` as of a process; None: that of the test.
    """

    def __init__(
        self, environment: Mapping[str, str] | None = None, client: str = "synth", port: str = "in"
    ) -> None:
        import pytest  # not by the process, which would be there later

        pytest.importorskip("rtmidi")
        self.got: list[tuple[float, bytes]] = []
        self._process = started(environment, "hears", client, port)
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    @property
    def data(self) -> list[bytes]:
        return [data for _, data in self.got]

    def blink(self) -> None:
        """The port vanishes, and is there again at once."""
        self._process.stdin.write("blink\n")
        self._process.stdin.flush()

    def close(self) -> None:
        """The port vanishes."""
        if self._process.poll() is None:
            self._process.stdin.close()
            with suppress(subprocess.TimeoutExpired):  # where the sound server has no time for it
                self._process.wait(10)
            self._process.kill()
            self._process.wait()
        self._listener.join(10)
        self._process.stdout.close()

    def _listen(self) -> None:
        for line in self._process.stdout:
            moment, data = line.split()
            self.got.append((float(moment), bytes.fromhex(data)))


class Device:
    """The same, seen from the test."""

    def __init__(self, environment: Mapping[str, str] | None, client: str, port: str = "out") -> None:
        self._process = started(environment, "sends", client, port)

    def send(self, *packets: bytes) -> None:
        self.order("send", *(bytes(packet).hex() for packet in packets))

    def play(self, moves: Iterable[tuple[bytes, float]]) -> None:
        """Send packets, some of them empty, each with the seconds to wait after it."""
        for packet, seconds in moves:
            if packet:
                self.send(packet)
            time.sleep(seconds)

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
