"""A set that is taken up again at a place, and plays by itself to its end; what is heard of it then."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

from helpers.staged_engine import StagedEngine
from helpers.staged_set import RATE, StagedSet
from latentcode.prompt.opening import Past, opened
from latentcode.prompt.options import Options


class ContinuedSet(StagedSet):
    """What `latentcode open SESSION --from PLACE` begins, without a desk that types."""

    def __init__(self, past: Past, journal: Path) -> None:
        options = Options(driver="timer", rate=RATE, journal=str(journal))
        self.complaints: list[str] = []
        self.found = opened(past, options, self.complaints.append)
        self.options = self.found.options
        super().__init__(journal.parent, "")

    def _start(self) -> StagedEngine:
        self.journal = Path(str(self.options.journal))
        begin = ("--start", str(self.found.first), "--continue", "--opened")
        return StagedEngine(self.journal, RATE, *self.options.arguments(), *begin)

    def play_on(self) -> None:
        """Take up what was asked, and render to the end."""
        desk = SimpleNamespace(
            memory=self.memory, hello=True, wait_ready=lambda seconds: True, down="", send=self._engine.say
        )
        self.found.run_again(desk, self.names, self.complaints.append, lambda *block: None)
        self.found.take_up(desk)
        while not self._engine.begun or self.position < self.found.last:
            self.work()
            self.catch_up()
            self.step()
        self.finish()
