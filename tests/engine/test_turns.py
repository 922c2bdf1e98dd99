"""Trials beside the thread that renders: between its blocks, and one after another."""

from __future__ import annotations

import threading
import time

from latentcode.engine import turns
from latentcode.engine.turns import Turns


def test_a_step_waits_for_the_end_of_a_block_but_not_for_ever(monkeypatch):
    monkeypatch.setattr(turns, "PATIENCE", 30.0)
    who, done = Turns(), threading.Event()
    who.give_way()  # nothing is rendered
    with who:
        step = threading.Thread(target=lambda: (who.give_way(), done.set()))
        step.start()
        assert not done.wait(0.1)
    assert done.wait(20)
    step.join()
    monkeypatch.setattr(turns, "PATIENCE", 0.01)
    with who:
        who.give_way()


def test_trials_run_one_after_another():
    who, inside, most = Turns(), [], []

    def trial():
        inside.append(1)
        most.append(len(inside))
        time.sleep(0.01)
        inside.pop()

    threads = [threading.Thread(target=who.alone, args=(trial,)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1] * 6
