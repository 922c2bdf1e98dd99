"""A set that is taken up again at a place, and plays by itself what lies between that and another."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

from helpers.staged_engine import StagedEngine
from helpers.staged_set import RATE, StagedSet
from latentcode.prompt.opening import Past, opened
from latentcode.prompt.options import Options


class ContinuedSet(StagedSet):
    """What `latentcode open SESSION --from PLACE` begins; whoever has it types."""

    def __init__(self, past: Past, journal: Path) -> None:
        options = Options(driver="timer", rate=RATE, journal=str(journal))
        self.complaints: list[str] = []
        self.found = opened(past, options, self.complaints.append)
        self.options = self.found.options
        super().__init__(journal.parent, "")
        self._words, self.reached = tuple(self.options.arguments()), self.found.first
        self._begin()

    def _start(self) -> StagedEngine:
        self.journal = Path(str(self.options.journal))
        begin = ("--start", str(self.found.first), "--continue", "--opened")
        return StagedEngine(self.journal, RATE, *self.options.arguments(), *begin)

    def _begin(self) -> None:
        """Take up what was asked, and let the clock run."""
        desk = SimpleNamespace(
            memory=self.memory, hello=True, wait_ready=lambda seconds: True, down="", send=self._engine.say
        )
        self.blocks.number = self.found.run_again(
            desk, self.names, self.complaints.append, lambda *block: None
        )
        self.found.take_up(desk)
        while not self._engine.begun:
            self.work()
            self.catch_up()
            self.step()

    def _goes_on(self) -> tuple[object, ...]:
        here = max(self.sample, self.reached)
        return (here, "--opened") if here < self.found.last else super()._goes_on()

    def play_on(self) -> None:
        """Render to the end of what it plays by itself."""
        while self.position < self.found.last:
            self.work()
            self.catch_up()
            self.step()
        self.finish()
