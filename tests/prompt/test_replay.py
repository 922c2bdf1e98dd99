from __future__ import annotations

import io
from pathlib import Path

import pytest

from latentcode.errors import SessionError
from latentcode.models import card_of
from latentcode.prompt.evaluate import run_block
from latentcode.prompt.names import Names
from latentcode.prompt.options import Options, new_journal
from latentcode.prompt.replay import Collector, Replay, aligned, as_it_was
from latentcode.prompt.set_api import SetApi
from latentcode.prompt.trust import trust_own, trusted
from latentcode.session.journal import read_session
from latentcode.session.marks import CommandMark
from latentcode.session.records import Failed
from latentcode.session.writing import Journal
from latentcode.set.kinds import packed, unpacked


def journal(path: Path, *blocks, seed=3):
    """A journal of (code, stamps) or (code, stamps, failed), as an engine would write it."""
    writer = Journal(path)
    writer.header({"seed": seed, "rate": 44100})
    sink = Collector()
    space = Names(SetApi(sink), seed).space
    for number, (code, stamps, *failed) in enumerate(blocks, 1):
        sink.limit = len(stamps) if failed else None
        run_block(code, space, sink)
        writer.block(number, code, 0)
        for command, stamp in zip(sink.commands, stamps, strict=True):
            writer.command(number, CommandMark(command.target, unpacked(packed(command)).digest, stamp))
        if failed:
            writer.note(Failed(number))
    writer.close()
    return path


def replayed(path):
    report: list[str] = []
    found = [
        (stamp, command.kind, command.target) for stamp, command in Replay(read_session(path), report.append)
    ]
    return found, report


def test_commands_come_at_their_stamps(tmp_path):
    path = journal(
        tmp_path / "s.py",
        ("cello = path('cello')", []),
        ("d1 >> cello; d2 >> 'kick'", [100, 100]),
        ("d1.stop(); bpm(90)", [300, 300]),
    )
    found, report = replayed(path)
    assert found == [(100, "play", "d1"), (100, "play", "d2"), (300, "stop", "d1"), (300, "tempo", "tempo")]
    assert report == []


def test_a_block_that_waited_for_its_sounds_comes_later_than_the_next(tmp_path):
    path = journal(tmp_path / "s.py", ("d1 >> 'cello'", [900]), ("x = 'kick'", []), ("d2 >> x", [500]))
    found, report = replayed(path)
    assert [(stamp, target) for stamp, _, target in found] == [(500, "d2"), (900, "d1")]
    assert report == []


def test_functions_and_chance_are_as_they_were(tmp_path):
    path = journal(
        tmp_path / "s.py",
        ("def softer(p):\n    return p.gain(.5)", []),
        ("d1 >> s('cello kick').every(3, softer).sometimes(lambda p: p.rev())", [10]),
        ("d2 >> s(random.choice(['cello', 'choir', 'flute', 'kick']))", [20]),
    )
    for _ in range(2):
        found, report = replayed(path)
        assert len(found) == 2
        assert report == []


def test_what_has_changed_is_named_by_line(tmp_path):
    path = journal(tmp_path / "s.py", ("x = 1", []), ("d1 >> 'cello'", [100]), ("d2 >> 'kick'", [200]))
    path.write_text(path.read_text().replace("'cello'", "'choir'"))
    found, report = replayed(path)
    assert [stamp for stamp, *_ in found] == [100, 200]
    assert len(report) == 1
    line = path.read_text().splitlines().index("d1 >> 'choir'") + 1
    assert report[0].startswith(f"line {line}: d1 is not what it was")


def test_of_many_lines_that_have_changed_the_first_are_named_and_how_many_more_there_are(tmp_path):
    lines = [(f"d1 >> 'cello*{n}'", [100 * n]) for n in range(1, 41)]
    path = journal(tmp_path / "my set.py", *lines, ("d2 >> 'kick'", [5000]))
    changed = path.read_text().replace("'cello", "'choir").replace("d2 >> 'kick'", "d2 >> 'kik'")
    path.write_text(changed)
    found, report = replayed(path)
    assert len(found) == 40
    kinds = [line.partition(": ")[2][:24] for line in report[:-1]]
    assert kinds == ["d1 is not what it was (i"] * 4 + [
        "raises now: d2: no sound",
        "d2 was asked then, and i",
    ]
    assert report[-1] == f"and 36 more are not what they were; latentcode retime '{path}' names each"
    each: list[str] = []
    list(Replay(read_session(path), each.append, every=True))
    assert len(each) == 42


def test_a_block_that_raised_is_run_as_far_as_it_came(tmp_path):
    path = journal(
        tmp_path / "s.py", ("y = 2\nd1 >> 'cello'\n1 / 0", [100], True), ("d2 >> s('kick').fast(y)", [200])
    )
    found, report = replayed(path)
    assert len(found) == 2
    assert report == []


def test_an_error_that_was_not_there_is_named(tmp_path):
    path = journal(tmp_path / "s.py", ("d1 >> 'cello'", [100]), ("d2 >> 'kick'", [200]))
    path.write_text(path.read_text().replace("'cello'", "'celo'"))
    found, report = replayed(path)
    assert found == [(200, "play", "d2")]
    assert "raises now: d1: no sound called 'celo'" in report[0]
    assert report[1].endswith("d1 was asked then, and is not now")


def test_a_loop_that_was_interrupted_ends(tmp_path):
    code = "import time\nwhile True:\n    d1 >> 'cello'\n    time.sleep(.1)"
    path = journal(tmp_path / "s.py", (code, [100, 200], True), ("d2 >> 'kick'", [300]))
    found, report = replayed(path)
    assert [stamp for stamp, *_ in found] == [100, 200, 300]
    assert report == []


def test_a_loop_without_commands_ends(tmp_path, monkeypatch):
    monkeypatch.setattr("latentcode.prompt.replay.PATIENCE", 0.2)
    path = tmp_path / "s.py"
    path.write_text("# latentcode session 1\n# @ seed 1\n# @ 1 0\nwhile True: pass\n# @ failed 1\n")
    assert replayed(path) == ([], [])


def test_waiting_is_left_out(tmp_path):
    path = journal(tmp_path / "s.py", ("import time; from time import sleep", []), ("d1.stop()", [5]))
    path.write_text(path.read_text().replace("d1.stop()", "time.sleep(1e6); d1.stop()"))
    assert replayed(path)[0] == [(5, "stop", "d1")]


def test_leaving_is_left_out(tmp_path):
    path = journal(tmp_path / "s.py", ("x = 1", []), ("d1 >> 'cello'", [5]))
    path.write_text(path.read_text().replace("x = 1", "exit()"))
    assert replayed(path) == ([(5, "play", "d1")], [])


@pytest.mark.parametrize(
    ("mine", "marks", "pairs"),
    [
        ("a1 b1", "a1 b1", [(0, 0), (1, 1)]),
        ("a1 b1 c1", "a1 c1", [(0, 0), (2, 1)]),  # b was refused
        ("a1 a2 a3", "a1 a3", [(0, 0), (2, 1)]),
        ("a1 b2", "a1 b1", [(0, 0), (1, 1)]),
        ("a9 b1", "a1 b1", [(0, 0), (1, 1)]),
        ("a1 a1", "a1", [(0, 0)]),
        ("b1", "a1", []),
        ("a1 b1", "b1 a1", [(1, 0), (0, 1)]),  # a waited for its sound
        ("a1 b1 c1", "c1 b2 a1", [(2, 0), (1, 1), (0, 2)]),
        ("", "a1", []),
    ],
)
def test_commands_find_their_marks(mine, marks, pairs):
    asked = [(word[0], word[1]) for word in mine.split()]
    assert aligned(asked, [CommandMark(word[0], word[1], 0) for word in marks.split()]) == pairs


def test_sessions_are_run_when_somebody_said_so_once(home, tmp_path):
    path = tmp_path / "s.py"
    path.write_text("# latentcode session 1\n")
    asked = []
    with pytest.raises(SessionError, match="--trust"):
        trusted(path, ask=lambda question: asked.append(question))
    trusted(path, ask=lambda question: True)
    trusted(path, ask=lambda question: False)
    path.write_text("# latentcode session 1\n# changed\n")
    with pytest.raises(SessionError):
        trusted(path, ask=lambda question: False)
    trusted(path, trust=True)
    trusted(path)
    path.write_text("# latentcode session 1\n# mine\n")
    trust_own(path)
    trusted(path)
    assert len(asked) == 1


def test_our_own_sessions_are_trusted(home):
    path = new_journal()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("# latentcode session 1\n")
    trusted(path, ask=lambda question: False)


def test_without_a_terminal_nobody_is_asked(home, tmp_path, monkeypatch):
    path = tmp_path / "s.py"
    path.write_text("# latentcode session 1\n")
    monkeypatch.setattr("sys.stdin", io.StringIO())
    with pytest.raises(SessionError, match="--trust"):
        trusted(path)


EDITED = """\
# latentcode session 1
# @ seed 3  rate 44100  buffer 256

# @ 1 100
x = "cello"

# @ 2 200
d1 >> x
# @ 2 d1 {digest} 300

# @ 3 400
d2 >> "kick"
# @ 3 d2 000000 500
# @ end 9999
"""


@pytest.fixture
def edited(tmp_path):
    def made(*changes, header=""):
        text = EDITED
        for was, now in changes:
            assert was in text
            text = text.replace(was, now)
        path = tmp_path / "s.py"
        path.write_text(text.replace("buffer 256", f"buffer 256{header}"))
        return replayed(path)

    return made


def test_what_was_written_into_a_session_counts_at_the_sample_of_its_block(edited):
    between = ("\n# @ 3 400", "\nd5 >> x\n\n# @ 3 400")
    assert (200, "play", "d5") in edited(between)[0]
    assert (400, "play", "d5") in edited(("# @ 3 d2", "d5 >> x\n# @ 3 d2"))[0]
    assert (200, "play", "d15") in edited(("d1 >> x", 'd15 >> s("ride*8"); d1 >> x'))[0]
    assert (450, "play", "d5") in edited(("# @ end", "# @ 9 450\nd5 >> x\n# @ end"))[0]
    assert (400, "play", "d5") in edited(("# @ end 9999\n", "# @ end 9999\nd5 >> 'cello'"))[0]
    assert (0, "play", "d5") in edited(("\n# @ 1 100", "\nd5 >> 'cello'\n# @ 1 100"))[0]
    found, _ = edited(between, ("# @ 2 d1 {digest} 300\n", ""))
    assert found == [(200, "play", "d1"), (200, "play", "d5"), (500, "play", "d2")]


def test_a_mistake_that_was_written_in_is_named_with_its_line_and_costs_itself(edited):
    found, report = edited(("\n# @ 3 400", "\nd5 >> (\n\n# @ 3 400"))
    assert [target for *_, target in found] == ["d1", "d2"]
    assert report[0].startswith("line 10: raises now: ") or report[1].startswith("line 11: raises now: ")


def test_what_was_written_in_after_the_end_is_named_with_its_line(edited):
    _, report = edited(("# @ end", "# @ 9 500000\nd5 >> 'cello'\n# @ end"))
    assert [line for line in report if ": d5 comes at sample 500000, after the session's end (9999)" in line]
    written = ("# @ end 9999\n", "# @ 9 5000000\nd5 >> 'cello'\n")
    assert "after the session's end" not in "".join(edited(written)[1])  # without an end it is heard


def test_what_never_counted_is_not_played(edited):
    from latentcode.set.commands import Command

    digest = "000000"
    found, _ = edited(("d1 >> x", "d7.stop(); d1 >> x"), ("# @ 2 d1", f"# @ unheard 2 d7 {digest}\n# @ 2 d1"))
    assert (200, "stop", "d7") in found  # another one was refused
    digest = unpacked(packed(Command("stop", 6, ("1",)))).digest
    found, _ = edited(("d1 >> x", "d7.stop(); d1 >> x"), ("# @ 2 d1", f"# @ unheard 2 d7 {digest}\n# @ 2 d1"))
    assert [target for *_, target in found] == ["d1", "d2"]
    assert "d7" in [target for *_, target in edited(("d1 >> x", "d7.stop(); d1 >> x"))[0]]
    assert edited(("# @ 3 d2 000000 500", "# @ unheard 3"))[0] == [(300, "play", "d1")]


def test_what_a_later_line_overtook_in_an_early_session_stays_unplayed(edited):
    twice = ('x = "cello"', 'x = "cello"\nd1 >> "choir"')
    early, report = edited(twice, header="  latentcode 0.1.0")
    assert [stamp for stamp, *_ in early] == [300, 500]
    assert any("d1 has no mark; a later line" in line for line in report)
    between = ("\n# @ 2 200", "\n# @ 1 d1 000000 150\nd1 >> x\n# @ 2 200")
    assert (100, "play", "d1") in edited(twice, between, header="  latentcode 0.1.0")[0]


def test_what_is_damaged_is_told_once(tmp_path):
    path = tmp_path / "s.py"
    path.write_text(EDITED.replace("# @ end 9999", "# @ dry 1\n# @ end 9999"))
    report = []
    list(Replay(read_session(path), report.append))
    assert [line for line in report if "dry" in line] == [
        "line 14: '# @ dry 1' is left out; it must be as in '# @ dry SAMPLE SAMPLE'"
    ]


def test_an_engine_that_plays_it_again_is_told_which_models_its_names_meant(tmp_path):
    was = card_of("raw")
    session = tmp_path / "set.py"
    session.write_text(
        f"# latentcode session 1\n# @ seed 1\n# @ model spectral {was.digest} {was.file}\n# @ end 3\n"
    )
    options = as_it_was(read_session(session), Options())
    assert options.known == (("spectral", was.file),)
    assert options.arguments()[-3:] == ["--known", "spectral", was.file]
    told = []
    session.write_text(
        f"# latentcode session 1\n# @ seed 1\n# @ model gone {'0' * 32} gone.safetensors\n# @ end 3\n"
    )
    assert as_it_was(read_session(session), Options(), told.append).known == ()
    assert told == ["the model gone is not the one that was played: it will sound otherwise"]
