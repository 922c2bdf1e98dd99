"""A scripted engine over a real wire, for tests of a desk: no clock but a thread's, no sound.

`python -m latentcode.testing.engine ADDRESS --journal FILE [--door PATH] …` is started where
`latentcode.engine` would be (`Link(options, say, engine=ENGINE)`). It says what the engine would
say, keeps what it was told in FILE.heard (one repr a line, read by `heard`), and can be told to
misbehave by blocks of code: `#die` ends it at once, `#hang` the next four when they are put back,
`#refuse TEXT` refuses the block's commands, `#notice TEXT` sends a notice.
"""

from __future__ import annotations

import argparse
import ast
import os
import sys
import threading
import time
from pathlib import Path
from typing import Any

from latentcode.engine.early import command_line
from latentcode.protocol import wire
from latentcode.protocol.messages import FromDesk, Hello, Message, Notice, State
from latentcode.protocol.state import VoiceState
from latentcode.set.commands import Command
from latentcode.set.kinds import unpacked
from latentcode.testing.spoken import made, spoken

ENGINE = "latentcode.testing.engine"
"""What a desk is given to start it."""

CONTROLS = {
    "ports": ("nano",),
    "hands": {},
    "waiting": {},
    "bound": {"wheel": ("bend@keys/1", 0.0, 1.0, 0.0)},
    "led": {},
    "takeover": "pickup",
}


def heard(journal: str | Path) -> list[tuple[Any, ...]]:
    """What the engine of a journal was told, in order."""
    file = Path(f"{journal}.heard")
    return [ast.literal_eval(line) for line in file.read_text().splitlines()] if file.exists() else []


class FakeEngine:
    """The other end of a desk's wire.

    `sample` moves by a tenth of a second each tenth of a second.
    """

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.heard = Path(options.journal + ".heard")
        self.heard.parent.mkdir(parents=True, exist_ok=True)
        self.sample: int = options.start
        self.playing: dict[int, str] = {}
        self.bpm = 120.0
        self.lines: list[wire.Wire] = []
        self.recording: str | None = None
        self.learning = 0
        self.note("start", sys.argv[2:])

    def note(self, *message: Any) -> None:
        with self.heard.open("a") as file:
            file.write(repr(message) + "\n")

    def tell(self, *message: Any) -> None:
        self.say(made(*message))

    def say(self, message: Message) -> None:
        for line in self.lines[-1:]:
            try:
                line.send(message)
            except EOFError:
                self.lines.remove(line)

    def serve(self, line: wire.Wire) -> None:
        self.lines.append(line)
        options = self.options
        self.say(Hello(options.journal, "fake", 44100, 256, "timer", options.seed, 46.0, "0"))
        try:
            while True:
                self.hear(spoken(line.receive()))
        except EOFError:
            if line in self.lines:
                self.lines.remove(line)

    def hear(self, message: tuple[Any, ...]) -> None:
        kind = message[0]
        if kind in ("block", "more"):
            packed, part = message[-1], message[2] if kind == "more" else 0
            commands = [unpacked(data) for data in packed]
            code = message[2] if kind == "block" else ""
            self.note(*message[:-1], tuple((c.kind, c.target, c.digest) for c in commands))
            if "#die" in code:
                os._exit(3)
            if "#notice" in code:
                self.tell("notice", code.split("#notice", 1)[1].strip())
            if "#refuse" in code:
                for c in commands:
                    self.tell("refused", message[1], c.target, code.split("#refuse", 1)[1].strip())
                return
            for c in commands:
                self.apply(c)
            self.tell(
                "accepted", message[1], tuple((c.target, c.digest, self.sample) for c in commands), part
            )
            self.state()
        elif kind == "ask":
            self.note(*message)
            self.answer(*message[1:])
        elif kind == "restore":
            self.note(kind, tuple((stamp, unpacked(data).kind) for stamp, data in message[1]))
            told = self.heard.read_text()
            if "#hang" in told and told.count("('restore'") < 5:
                self.tell("without", "d3")
                os._exit(3)
        else:
            self.note(*message)
            if kind == "record":
                self.recording = message[1]
            if kind == "bye" and not message[1]:
                os._exit(0)

    def answer(self, number: int, kind: str, *arguments: Any) -> None:
        """A hand turns a knob the second time that one is waited for;
        nothing else is known but controls.
        """
        self.learning += kind == "learn"
        if kind == "learn" and self.learning > 1:
            self.tell("answer", number, "cc:21@nano/1")
        elif kind == "controls":
            self.tell("answer", number, CONTROLS | {"values": {"cc:21@nano/1": self.sample / 4410 % 10 / 10}})

    def apply(self, c: Command) -> None:
        if c.kind == "play":
            self.playing[c.voice] = c.label
        elif c.kind == "stop":
            self.playing.pop(c.voice, None)
        elif c.kind in ("hush", "panic"):
            self.playing.clear()
        elif c.kind == "tempo":
            self.bpm = float(c.arguments[0])

    def state(self) -> None:
        voices = tuple(
            VoiceState(v, playing=True, text=text, layers=1) for v, text in sorted(self.playing.items())
        )
        self.say(
            State(
                bpm=self.bpm,
                cycle=self.sample / 88200,
                sample=self.sample,
                playhead=self.sample,
                lead=46.0,
                load=0.1,
                player_load=0.2,
                voices=voices,
                recording=self.recording,
                device="fake",
            )
        )

    def tick(self) -> None:
        while True:
            time.sleep(0.1)
            self.sample += 4410
            self.state()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("address")
    parser.add_argument("--journal", required=True)
    parser.add_argument("--door")
    parser.add_argument("--model")
    parser.add_argument("--start", type=int, default=0)
    parser.add_argument("--seed", type=int, default=0)
    desk = wire.connect(sys.argv[1], FromDesk)
    sys.argv[2:] = command_line(sys.argv[2:], desk)
    options, _ = parser.parse_known_args()
    if options.model == "bad":
        desk.send(Notice("the engine cannot start: no model at bad"))
        sys.exit(1)
    engine = FakeEngine(options)
    threading.Thread(target=engine.tick, daemon=True).start()
    if options.door:
        door = wire.Door(options.door, FromDesk)

        def welcome() -> None:
            while True:
                line = door.accept()
                threading.Thread(target=engine.serve, args=(line,), daemon=True).start()

        threading.Thread(target=welcome, daemon=True).start()
    engine.serve(desk)
    time.sleep(8)  # no desk: it plays on for a while


if __name__ == "__main__":
    main()
