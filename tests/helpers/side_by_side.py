"""Which file a process of pytest-xdist is given next: of those that mostly wait one at a time, and those of few
tests first.

What waits for a sound server, another process or a browser leaves the processors to what computes. Two
of that kind side by side leave them idle, and are in each other's way when both start. Files of few
tests are the long ones: at the end each process has something left to do.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import PurePath
from typing import Any

import pytest

WAITING = frozenset(  # folders, and files
    {
        "live",
        "midi_osc",
        "player",
        "stage",
        "test_link.py",
        "test_opening.py",
        "test_play.py",
        "test_prompt.py",
    }
)

Tests = Mapping[str, bool]  # by their names, whether they are done


def waits(file: str) -> bool:
    return not WAITING.isdisjoint(PurePath(file).parts)


def next_file(left: Mapping[str, Tests], beside: Iterable[Mapping[str, Tests]]) -> str:
    """The file of those that are `left` for one process, while the others have those `beside`."""
    taken = any(waits(file) and not all(tests.values()) for files in beside for file, tests in files.items())
    return min(left, key=lambda file: (waits(file) == taken, len(left[file])))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    if config.getvalue("dist") != "loadfile":
        return None
    from xdist.scheduler import LoadFileScheduling

    class SideBySide(LoadFileScheduling):
        def _assign_work_unit(self, node: Any) -> None:
            beside = [files for other, files in self.assigned_work.items() if other is not node]
            self.workqueue.move_to_end(next_file(self.workqueue, beside), last=False)
            super()._assign_work_unit(node)

    return SideBySide(config, log)
