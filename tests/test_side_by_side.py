"""Test files are shared out so that processors are busy until the end, and sound servers by themselves."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from helpers.side_by_side import pytest_xdist_make_scheduler, waits

xdist = pytest.importorskip("xdist")
TESTS = {"live/test_a.py": 1, "live/test_b.py": 2, "player/test_c.py": 4, "test_many.py": 40} | {
    f"set/test_{number}.py": number for number in range(1, 8)
}


class Process:
    """A process of pytest-xdist: what it was given, and what of it is done."""

    def __init__(self, number: int) -> None:
        self.gateway, self.shutting_down = SimpleNamespace(id=f"gw{number}"), False
        self.workerinput = {"workerid": f"gw{number}"}
        self.given: list[int] = []
        self.done = 0

    def send_runtest_some(self, places: list[int]) -> None:
        self.given += places

    def shutdown(self) -> None:
        self.shutting_down = True

    @property
    def now(self) -> list[int]:
        return self.given[self.done : self.done + 1]


def test_one_file_waits_at_a_time_and_all_are_busy_until_the_end():
    options = {"dist": "loadfile", "tx": ["2*popen"], "loadscopereorder": True}
    config = SimpleNamespace(getvalue=options.get, option=SimpleNamespace(**options))
    names = [f"{file}::test_{number}" for file, count in TESTS.items() for number in range(count)]
    scheduler = pytest_xdist_make_scheduler(config, None)
    processes = [Process(0), Process(1)]
    for process in processes:
        scheduler.add_node(process)
    for process in processes:
        scheduler.add_node_collection(process, names)
    scheduler.schedule()
    turns = []
    while any(process.now for process in processes):
        turns.append([names[place].partition("::")[0] for process in processes for place in process.now])
        for process in processes:
            for place in process.now:
                process.done += 1
                scheduler.mark_test_complete(process, place)
    assert sorted(processes[0].given + processes[1].given) == list(range(len(names)))
    assert all(sum(map(waits, files)) <= 1 for files in turns)
    assert turns[0] == ["live/test_a.py", "set/test_1.py"]
    assert turns[-1] == ["test_many.py"]
    assert sum(len(files) == 2 for files in turns) > 15


def test_only_what_is_shared_by_files_is_shared_out_so():
    assert pytest_xdist_make_scheduler(SimpleNamespace(getvalue={"dist": "load"}.get), None) is None
