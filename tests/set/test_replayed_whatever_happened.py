"""Random sets in which engines die, stand still and fail: the journal gives the samples that were heard.

`make fuzz SEEDS=0-99` plays more of them.
"""

from __future__ import annotations

import numpy as np
import pytest
from helpers import shrinking
from helpers.fuzzed_set import fuzzed
from helpers.scripted_set import TRAPPED, Played, Trap, hang, played, script
from helpers.staged_set import StagedSet, replayed, stood

from latentcode.session.journal import read_session

STEPS = [("step", True)] * 20


@pytest.mark.parametrize("seed", [9, 11, 13])
def test_a_random_set_is_played_again_to_the_sample(seed, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    found = fuzzed(seed, tmp_path, 250)
    assert not found.wrong, script(found)
    assert found.loud > 0.01


def test_a_set_that_is_taken_up_twice_with_a_death_between_is_played_again_to_the_sample(
    tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    found = played(
        [
            ("type", 'bpm(240); d1 >> s("kick*8")'),
            ("work", True),
            *STEPS,
            ("type", 'bpm(120, over=1/4); d2 >> s("hat*16")'),
            ("work", True),
            *STEPS,
            ("taken_up", 0.25, "by itself"),
            *STEPS[:4],
            ("dies", 1),
            *STEPS[:2],
            ("takes_over", 0),
            *STEPS[:4],
            ("type", 'd3 >> s("snare*16")', "vim"),
            ("work", True),
            *STEPS,
            ("taken_up", 0.8, "there"),
            *STEPS,
        ],
        ("raw", "--bpm", "160"),
        tmp_path,
    )
    assert not found.wrong, script(found)
    assert found.loud > 0.01
    assert found.journal is not None
    assert found.journal.name == "again2.py"


@pytest.mark.parametrize("points", [0, 2])
def test_a_line_that_raises_while_an_engine_dies_keeps_no_session_from_being_played_again(
    points, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    found = played(
        [
            ("type", 'd2 >> s("kick*4")'),
            ("work", True),
            ("step", True),
            ("dies", points),
            ("type", 'd1 >> s("nothing_by_this_name*2")'),
            ("work", True),
            *[("step", False)] * 3,
            ("takes_over", 0),
            *[("step", False)] * 3,
        ],
        ("raw", "--bpm", "160"),
        tmp_path,
    )
    assert not found.wrong, script(found)
    assert found.loud > 0.01


def test_a_part_of_a_block_that_still_waits_as_its_engine_dies_is_what_the_next_one_is_told(
    tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    found = played(
        [
            ("type", TRAPPED),
            ("type", 'quant("now"); d3 >> s("kick*4")'),
            ("work", True),
            ("step", True),
            ("type", 'd1 >> s("cello*8"); late(); d2 >> s("kick*8")'),
            ("work", False),  # the sound of its first part is not there yet
            ("step", True),
            ("dies", 0),
            ("step", True),
            ("takes_over", 0),
            ("step", True),
            ("work", True),
            *STEPS[:8],
        ],
        ("raw", "--bpm", "160"),
        tmp_path,
    )
    assert not found.wrong, script(found)
    assert found.journal is not None
    stamps = {mark.target: mark.stamp for mark in read_session(found.journal).blocks[2].marks}
    assert stamps["d1"] > stamps["d2"]


def test_what_a_voice_gave_before_it_was_first_fed_back_is_known_to_neither_a_set_nor_its_replay(
    tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    steps = [("step", False)] * 6
    found = played(
        [
            ("type", 'quant("now"); d1 >> path("cello")'),
            ("work", True),
            *steps,
            ("type", 'd1 >> feedback(path("choir"), amount=.9)'),
            ("work", True),
            *steps,
        ],
        ("raw", "--bpm", "160"),
        tmp_path,
    )
    assert not found.wrong, script(found)
    assert found.loud > 0.01


def test_what_happened_is_cut_down_to_what_makes_a_replay_differ(tmp_path, monkeypatch):
    def played(happenings, begun_with, folder):
        samples = happenings.count(("step", False))
        wrong = ("touch", "cc:1", 0.5) in happenings and ("dies", 3) in happenings and samples >= 2
        return Played(begun_with, list(happenings), f"samples: of {samples} steps differ" if wrong else "")

    monkeypatch.setattr(shrinking, "played", played)
    lines = [("type", f"d{number}") for number in range(9)]
    steps = [("step", False)] * 7
    whole = [*lines, ("touch", "cc:1", 0.5), *steps, ("dies", 1), ("dies", 3), *steps, *lines]
    found = shrinking.shrunk(played(whole, ("raw",), tmp_path), tmp_path)
    assert sorted(found.happened) == [("dies", 3), ("step", False), ("step", False), ("touch", "cc:1", 0.5)]
    assert "of 2 steps differ" in script(found)
    assert "('dies', 3)," in script(found)


@pytest.mark.parametrize("dies", [False, True])
def test_blocks_with_one_stamp_count_in_the_order_in_which_they_were_ready(dies, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LATENTCODE_CACHE", str(tmp_path / "cache"))
    staged = StagedSet(tmp_path, "raw", "--bpm", "160")
    staged.type('quant("now"); d1 >> s("kick*8")')
    staged.work()
    staged.step()
    staged.type('d2 >> s("cello*8")')  # it is not encoded yet
    staged.type('scene("without")')
    staged.work(patiently=False)
    staged.work()
    staged.step()
    if dies:
        staged.dies_in(0)
        staged.step()
        staged.take_over()
    staged.step()
    staged.type('go("without", quant="now")')
    staged.work()
    for _ in range(40):
        staged.step()
    staged.finish()
    session, again, _, told = replayed(staged.journal)
    stamps = {mark.target: mark.stamp for block in session.blocks[1:3] for mark in block.marks}
    assert len(stamps) == 2
    assert len(set(stamps.values())) == 1
    heard, _ = staged.heard(session.end)
    known = staged.compared(session.end)
    assert told == []
    assert np.array_equal(heard[:, known], again[:, known])
    assert np.abs(heard[2:4, -2000:]).max() == 0
    assert np.abs(heard[0:2]).max() > 0.01


def test_what_hands_did_at_one_sample_counts_for_the_next_engine_as_it_did(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LATENTCODE_CACHE", str(tmp_path / "cache"))
    staged = StagedSet(tmp_path, "raw", "--bpm", "160")
    staged.type(TRAPPED)
    staged.type("pads({36: d2, 38: s('kick*4').fmap(trap), 40: s('snare')})")
    staged.work()
    staged.step()
    for pad in (36, 36, 38, 40):  # muted, not muted any more, and struck
        staged.touch(f"note:{pad}@nano/1", 1.0)
    Trap.thread, Trap.calls, Trap.happens = staged._engine._thread.ident, 0, hang
    for _ in range(5):
        staged.step()
    assert Trap.happens is None
    staged.dies_in(0)
    staged.step()
    staged.take_over()
    for _ in range(20):
        staged.step()
    staged.finish()
    session, again, messages, told = replayed(staged.journal)
    heard, commands = staged.heard(session.end)
    known = staged.compared(session.end)
    assert told == []
    assert np.array_equal(heard[:, known], again[:, known])
    assert stood(commands, session.end, [], staged.unheard) == stood(
        messages, session.end, [], staged.unheard
    )
    assert np.abs(heard[:, known]).max() > 0.01
