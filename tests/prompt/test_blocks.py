from __future__ import annotations

import linecache
import sys
import threading

import pytest
from helpers.waiting import until

from latentcode.errors import EngineError
from latentcode.prompt import kept
from latentcode.prompt.blocks import Blocks
from latentcode.prompt.error_format import MOST_SHOWN, full, one_line
from latentcode.prompt.evaluate import Leave, run_block
from latentcode.prompt.names import Names
from latentcode.prompt.session import spoken
from latentcode.prompt.set_api import SetApi
from latentcode.set.kinds import unpacked


@pytest.fixture
def blocks(said):
    return Blocks(said.send)


@pytest.fixture
def space(blocks):
    return Names(SetApi(blocks), 0).space


def told(said):
    return [
        (*m[:-1], [unpacked(data).target for data in m[-1]]) if m[0] in ("block", "more") else m
        for m in said.messages
    ]


def test_the_commands_of_a_block_go_out_together(blocks, space, said):
    assert run_block('d1 >> "cello"; d2 >> "choir"', space, blocks) is None
    assert told(said) == [("block", 1, 'd1 >> "cello"; d2 >> "choir"', False, ["d1", "d2"])]


def test_blocks_without_commands_are_sent_too_and_counted(blocks, space, said):
    run_block("x = 1", space, blocks)
    run_block("x + 1", space, blocks)
    assert told(said) == [("block", 1, "x = 1", False, []), ("block", 2, "x + 1", False, [])]


def test_what_a_block_asked_before_it_raised_still_counts(blocks, space, said):
    error = run_block('d1 >> "cello"\n1 / 0\nd2 >> "choir"', space, blocks)
    assert isinstance(error, ZeroDivisionError)
    assert told(said) == [("block", 1, 'd1 >> "cello"\n1 / 0\nd2 >> "choir"', True, ["d1"])]


def test_a_slow_block_sends_its_first_commands_while_it_runs(blocks, space, said):
    space["wait"] = lambda: until(lambda: len(said.messages) > 0)
    space["again"] = lambda: until(lambda: len(said.messages) > 1)
    code = 'd1 >> "cello"\nwait()\nd2 >> "choir"; d3 >> "kick"\nagain()'
    assert run_block(code, space, blocks) is None
    assert told(said) == [
        ("block", 1, code, False, ["d1"]),
        ("more", 1, 1, ["d2", "d3"]),
        ("done", 1, False),
    ]


def test_a_slow_block_that_raises_is_marked_at_its_end(blocks, space, said):
    space["wait"] = lambda: until(lambda: said.messages)
    run_block('d1 >> "cello"\nwait()\nd2 >> "choir"\nnothing', space, blocks)
    assert told(said)[1:] == [("more", 1, 1, ["d2"]), ("done", 1, True)]


def test_a_quick_block_is_not_split_by_its_own_timer(said):
    blocks = Blocks(said.send, patience=60)
    before = set(threading.enumerate())
    run_block('d1 >> "cello"', Names(SetApi(blocks), 0).space, blocks)
    for timer in set(threading.enumerate()) - before:
        timer.join(30)  # at once, as it is called off
        assert not timer.is_alive()
    assert [m[0] for m in said.messages] == ["block"]


def test_commands_from_other_threads_are_refused(blocks, space, said):
    found = []

    def other():
        try:
            space["d1"].stop()
        except EngineError as error:
            found.append(str(error))

    space["other"] = other
    code = "import threading; t = threading.Thread(target=other); t.start(); t.join()"
    run_block(code, space, blocks)
    other()
    assert len(found) == 2
    assert "only lines of the prompt can be replayed" in found[0]
    assert told(said) == [("block", 1, code, False, [])]


def test_commands_are_noted_with_their_block(said):
    noted = []
    blocks = Blocks(said.send, lambda number, commands: noted.append((number, [c.kind for c, _ in commands])))
    run_block("hush(); panic()", Names(SetApi(blocks), 0).space, blocks)
    assert noted == [(1, ["hush", "panic"])]


@pytest.mark.parametrize(("code", "values"), [("3", [3]), ("x = 3\nx + 1", [4]), ("x = 3", []), ("None", [])])
def test_the_last_value_is_shown(blocks, space, code, values):
    shown = []
    run_block(code, space, blocks, shown.append)
    assert shown == values


def test_a_repr_that_raises_is_an_error_like_any_other(blocks, space):
    run_block("class Bad:\n    def __repr__(self): raise ValueError('no repr')", space, blocks)
    assert one_line(run_block("Bad()", space, blocks, repr)).startswith("ValueError: no repr")


@pytest.mark.parametrize("code", ["exit()", "quit()", "[exit() for _ in range(3)]"])
def test_exit_leaves(blocks, space, said, code):
    with pytest.raises(Leave):
        run_block(f"d1 >> 'cello'\n{code}", space, blocks)
    assert told(said)[0][3:] == (False, ["d1"])


@pytest.mark.parametrize("code", ["import sys; sys.exit(3)", "raise SystemExit", "raise KeyboardInterrupt"])
def test_nothing_else_does(blocks, space, code):
    assert run_block(code, space, blocks) is not None


@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("chior", "NameError: name 'chior' is not defined"),
        ("d1 >> helo", "NameError: name 'helo' is not defined; did you mean 'hello'?"),
        ('s("cello").fsat(2)', "a pattern has no 'fsat'; did you mean 'fast'?"),
        ("d1.gian(3)", "a voice has no 'gian'; did you mean 'gain'?"),
        ("bpm(0)", "bpm takes beats per minute from 1 to 2000, not 0; as in bpm(120)"),
        ("raise SystemExit(3)", "a line cannot leave with SystemExit; type exit(), or Ctrl-D"),
    ],
)
def test_an_error_is_one_line(blocks, space, code, line):
    space["hello"] = 1
    error = run_block(code, space, blocks)
    assert one_line(error, space).startswith(line)
    assert "\n" not in one_line(error, space)


def test_an_error_names_the_line_and_the_part(blocks, space):
    error = run_block('x = 1\nd1 >> s("cello")\nd2 >> s("celo").fast(2)', space, blocks)
    line = one_line(error, space)
    assert line.startswith("d2: no sound called 'celo'")
    assert line.endswith('(line 3: d2 >> s("celo").fast(2))')


def test_an_error_in_a_function_of_the_musicians_names_that_line(blocks, space):
    run_block("def doubled(p):\n    return p.fsat(2)", space, blocks)
    error = run_block('d1 >> s("cello").every(3, doubled)', space, blocks)
    assert "line 2: " in one_line(error, space)


def test_mini_notation_that_does_not_parse_is_marked_in_one_line(blocks, space):
    line = one_line(run_block('d1 >> "cello [choir"', space, blocks))
    assert "cello [choir▸" in line
    assert "\n" not in line


def test_a_syntax_error_shows_its_place(blocks, space):
    line = one_line(run_block("x = 1\nd1 >> >> 3", space, blocks))
    assert line.startswith("SyntaxError")
    assert "line 2: d1 >> ▸>> 3" in line


def test_why_shows_the_musicians_code_and_no_more(blocks, space):
    run_block("def f():\n    return 1 / 0", space, blocks)
    text = full(run_block("f()", space, blocks))
    assert "return 1 / 0" in text
    assert "ZeroDivisionError" in text
    assert "evaluate.py" not in text


def test_definitions_stay(blocks, space):
    run_block("import math\ndef twice(x):\n    return 2 * math.floor(x)", space, blocks)
    shown = []
    run_block("twice(2.5)", space, blocks, shown.append)
    assert shown == [4]
    assert space["_"] == 4


def test_lines_of_old_blocks_are_let_go_and_those_of_functions_stay(blocks, space):
    for code in ("def f():\n    return 1 / 0", "x = 1\ny = 2"):
        run_block(code, space, blocks)
    first, second = (f"<line {blocks.number - back}>" for back in (1, 0))
    assert linecache.getlines(second) == ["x = 1\n", "y = 2"]
    for _ in range(MOST_SHOWN):
        run_block("x = 1", space, blocks)
    assert linecache.getlines(second) == []
    assert linecache.getlines(first)
    assert "return 1 / 0" in full(run_block("f()", space, blocks))


def test_what_the_prompt_runs_on_is_there_again_after_a_block(blocks, space, said):
    replaced = []
    code = (
        "import builtins, sys\nbuiltins.len = builtins.range = 5\nsys.stdout = sys.stderr = None\nmine = len"
    )
    with kept.streams():
        assert run_block(code, space, blocks, replaced=replaced) is None
        assert run_block("sys.__stdout__.close()", space, blocks) is None
    assert {*replaced} == {"len", "range"}
    assert (len("ab"), space["mine"], sys.__stdout__.closed) == (2, 5, False)
    print("here", file=sys.stdout)


def test_of_a_value_without_an_end_the_beginning_is_shown():
    assert spoken("a" * 10**6).endswith("… (1000002 characters; print() shows all of them)")
    assert spoken([1, 2]) == "[1, 2]"
