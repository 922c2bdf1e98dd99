"""A set with the desk of the prompt: what is typed, what it says, and hands that move."""

from __future__ import annotations

import threading
import time
from pathlib import Path

from helpers.touched_engine import Arrive
from helpers.waiting import until
from latentcode.prompt.link import Link
from latentcode.prompt.options import Options
from latentcode.prompt.session import Desk


class LinkedSet:
    """A desk and its engine, which is told what hands do by the desk's wire."""

    def __init__(self, folder: Path, model: str, engine: str = "latentcode.engine", **options) -> None:
        self.journal, self.said = folder / "set.py", []
        chosen = {"model": model, "journal": str(self.journal), "seed": 3, "midi": "none", **options}
        self.link = Link(Options(**chosen), self.said.append, engine)
        self.link.start()
        assert self.link.wait_ready(60), self.said
        self.desk = Desk(self.link, self.said.append)

    def run(self, code: str) -> None:
        """Run a line, and wait until all its commands are stamped or refused."""
        assert self.desk.run(code), self.said[-1]
        number = self.desk.blocks.number
        until(lambda: number not in self.link._unanswered, 60)

    def turn(self, key: str, *values: float) -> None:
        for value in values:
            self.link.send(Arrive(key, float(value)))
            time.sleep(0.01)

    def turn_to(self, key: str, *values: float) -> None:
        """Turn a control, and wait until the set has heard where it stands: what is typed next comes behind."""
        self.turn(key, *values)
        until(lambda: self.told("hands").get(key) == values[-1], 60)

    def keep_scene(self, name: str) -> None:
        """Take a scene, and wait until it is taken: what hands do before its first sample would be in it."""
        self.run(f"scene({name!r})")
        until(lambda: name in self.link.state.scenes, 60)

    def while_turning(self, code: str, key: str, *values: float) -> None:
        """Run a line while a hand moves, again and again until it is done: who listens may begin late."""
        done = threading.Event()

        def move() -> None:
            while not done.wait(0.2):
                self.turn(key, *values)

        hand = threading.Thread(target=move)
        hand.start()
        self.run(code)
        done.set()
        hand.join()

    def record(self, path: Path) -> None:
        self.run(f"record({str(path)!r})")

    def end_recording(self) -> None:
        self.run("record(None)")
        until(lambda: any("recorded" in line for line in self.said), 60)

    def finish(self) -> int:
        self.link.leave()
        return 0

    @property
    def complaints(self) -> list[str]:
        """What was refused or has failed; not what only a loaded machine found too slow: that is in the journal."""
        return [line for line in self.said if line.startswith("✗") and "too slow" not in line]

    def play_on(self, seconds: float) -> None:
        """Wait until so many seconds of the set have been heard, however long that takes."""
        begun = self.link.state.playhead
        until(lambda: self.link.state.playhead >= begun + seconds * 44100, 60 + 10 * seconds)

    def told(self, what: str):
        return self.link.ask("controls", patience=60.0)[what]
