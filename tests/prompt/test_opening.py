"""A set that is taken up again: what its engine is told, and what the new session holds."""

from __future__ import annotations

import hashlib
import io
import os
import time

import pytest

from latentcode.cli import main
from latentcode.errors import EngineError, SessionError
from latentcode.prompt.again import asked_again
from latentcode.prompt.opening import Past
from latentcode.prompt.options import Options, last_noted, last_sessions
from latentcode.prompt.prompt import run
from latentcode.prompt.session import Desk
from latentcode.prompt.trust import trusted
from latentcode.protocol import wire
from latentcode.protocol.messages import State
from latentcode.protocol.state import VoiceState
from latentcode.session import journal
from latentcode.session.journal import read_session
from latentcode.session.records import Bookmark, Grab, Reached, Unheard
from latentcode.set.kinds import unpacked
from latentcode.set.span import place
from latentcode.testing.engine import ENGINE, heard

SESSION = """\
# latentcode session 1
# @ seed 7  rate 44100  buffer 128  bpm 120  default spectral
# @ 1 0 0
x = "cello"
def twice(name): return s(name).fast(2)
# @ 2 2000 10/441
d1 >> x
# @ 2 d1 000000 2000
# @ 3 100000 2500/2205
d2 >> twice("choir")
# @ 3 d2 000000 100000
# @ end 200000
"""


@pytest.fixture
def played(home, monkeypatch):
    """Go on with a session, and type lines; gives what the engine was told, and the new session."""
    (home / "before.py").write_text(SESSION)
    monkeypatch.setenv("XDG_DATA_HOME", str(home / "data"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(home / "run"))

    def go_on(past: Past | None, lines: str = "", **options):
        monkeypatch.setattr("sys.stdin", io.StringIO(lines))
        assert run(Options(driver="timer", journal=str(home / "new.py"), **options), ENGINE, past) == 0
        return heard(home / "new.py"), read_session(home / "new.py")

    return go_on


def told(messages, kind):
    return next(message for message in messages if message[0] == kind)


def test_a_set_goes_on_where_it_ended(home, played):
    messages, new = played(Past(home / "before.py"), "d3 >> twice(x)\n")
    words = messages[0][1]
    assert words[words.index("--start") + 1] == "200000"
    assert "--continue" in words
    asked = [(stamp, unpacked(data).target) for stamp, data in told(messages, "take_up")[1]]
    assert asked == [(2000, "d1"), (100000, "d2")]
    assert told(messages, "block")[1:3] == (4, "d3 >> twice(x)\n")  # with the names of then
    digest = hashlib.blake2b(SESSION.encode(), digest_size=16).hexdigest()
    assert new.header["from"] == f"before.py@{digest}"
    assert new.header["at"] == "200000"
    assert [block.number for block in new.blocks] == [1, 2, 3]
    assert str(home) in new.played_in
    assert last_sessions()[0] == home / "new.py"


@pytest.mark.parametrize("begin", [None, "1.5"])
def test_what_a_line_that_was_written_in_grabs_is_noted_in_the_set_that_goes_on(home, played, begin):
    text = SESSION.replace("default spectral", "default spectral  marks all").replace(
        "# @ 3 1", "m = grab(d1, 1)\n# @ 3 1"
    )
    (home / "before.py").write_text(text)
    _, new = played(Past(home / "before.py", None if begin is None else place(begin)), "")
    assert [(one.grab, one.voice, one.sample) for one in new.of(Grab)] == [("0.1", 0, 2000)]


def test_after_a_crash_of_everything_it_goes_on_where_the_sound_was(home, played, capfd):
    unended = SESSION.replace("# @ end 200000\n", "").replace(
        "# @ 1 0 0", "# @ reached 026460000001\n# @ 1 0 0"
    )
    (home / "before.py").write_text(unended)
    messages, new = played(Past(home / "before.py"), "d3 >> x\n")
    words = messages[0][1]
    assert int(words[words.index("--start") + 1]) == 26460000002  # a week later
    assert [stamp for stamp, _ in told(messages, "take_up")[1]] == [2000, 100000]
    assert new.header["at"] == "26460000002"
    assert new.of(Reached) == []  # that is for its own engine to tell
    assert "goes on at 10000:00.0" in capfd.readouterr().out


@pytest.mark.parametrize("accepted", [99488, 100000])
def test_the_last_line_before_a_crash_of_everything_counts(home, played, accepted, capfd):
    unended = SESSION.replace("# @ end 200000\n", "").replace("# @ 3 100000", f"# @ 3 {accepted}")
    (home / "before.py").write_text(unended)
    messages, new = played(Past(home / "before.py"), "")
    assert [stamp for stamp, _ in told(messages, "take_up")[1]] == [2000, 100000]
    assert [(mark.target, mark.stamp) for mark in new.blocks[-1].marks] == [("d2", 100000)]
    assert new.of(Unheard) == []
    assert "without a mark" not in capfd.readouterr().out


def test_words_of_a_set_that_is_taken_up_light_before_anything_is_typed(home, played, monkeypatch):
    desks, go_on = [], Desk.go_on
    monkeypatch.setattr(Desk, "go_on", lambda desk, past: (desks.append(desk), go_on(desk, past)))
    played(Past(home / "before.py"))
    voices = (VoiceState(0, playing=True, text="x"), VoiceState(1, playing=True, text='twice("choir")'))
    words = desks[0].sounding.now(State(bpm=120.0, voices=voices), time.monotonic(), 7)
    assert [(word.voice, word.block, word.row, word.begin) for word in words] == [
        ("d1", 1, 0, 5),
        ("d2", 3, 0, 13),
    ]
    assert desks[0].code_of(1) == 'd2 >> twice("choir")'


def test_it_goes_on_in_its_middle_and_silent(home, played):
    messages, new = played(Past(home / "before.py", place("1"), silent=True), "print(x, twice)\n")
    asked = [(stamp, unpacked(data).target) for stamp, data in told(messages, "take_up")[1]]
    assert asked == [(2000, "d1"), (88200, "panic")]
    assert new.blocks[-1].code == "panic()"
    assert new.blocks[-1].marks[0].stamp == 88200


def test_it_plays_by_itself_up_to_a_place_and_then_the_prompt_is_given(home, played, capfd):
    past = Past(home / "before.py", place("1"), place("1.25"), whole=True)
    messages, _ = played(past, "d2.stop()\n")
    asked = [stamp for stamp, _ in told(messages, "take_up")[1]]
    assert asked == [2000, 100000]
    assert messages[0][1][messages[0][1].index("--start") + 1] == "88200"
    said = capfd.readouterr().out
    assert '>>> d2 >> twice("choir")' in said
    assert ">>> d1 >> x" not in said


def test_it_goes_on_at_another_tempo_with_some_voices_alone(home, played):
    marked = SESSION.replace("# @ 3 d2", "# @ 3 tempo 000000 100000\n# @ 3 d2")
    (home / "before.py").write_text(marked.replace("d2 >> twice", "bpm(60); d2 >> twice"))
    past = Past(home / "before.py", place("1"), place("1.25"), whole=True, solo=(0, 2), bpm="240")
    messages, new = played(past, "d2.stop()\n")
    words = messages[0][1]
    assert (words[words.index("--start") + 1], words[words.index("--bpm") + 1]) == ("44100", "240")
    asked = [(stamp, unpacked(data).target) for stamp, data in told(messages, "take_up")[1]]
    assert asked == [(1000, "d1"), (44100, "d1"), (44100, "d3"), (50000, "d2")]
    assert new.value("bpm") == "240"
    assert not new.faults
    assert new.blocks[-1].code == "d1.solo(); d3.solo()"
    said: list[str] = []
    again = asked_again(new, said.append)  # it replays by itself, and asks for no tempo
    assert [(stamp, command.kind) for stamp, command in again if command.kind == "tempo"] == []
    assert [line for line in said if "d1 is not" not in line and "d2 is not" not in line] == []


def test_a_loop_is_left_for_the_prompt_where_it_ends(home, played, monkeypatch, capsys):
    looped, read, reader = [], [], journal._JournalReader
    monkeypatch.setattr(journal, "_JournalReader", lambda *what: read.append(what) or reader(*what))

    def play(session, options, part):
        assert len(read) == 1
        looped.append(part)
        raise KeyboardInterrupt

    monkeypatch.setattr("latentcode.prompt.play.play", play)
    went_on = []
    monkeypatch.setattr(
        "latentcode.prompt.prompt.run", lambda options, past, **more: went_on.append(past) or 0
    )
    words = ["--from", "1", "--to", "2", "--loop", "--bpm", "96", "--then-prompt", "--trust"]
    assert main(["play", str(home / "before.py"), *words]) == 0
    assert (looped[0].loop, looped[0].bpm) == (True, "96")
    assert went_on == [Past(home / "before.py", place("2"), bpm="96")]
    assert "Ctrl-C leaves the loop, the set goes on where the part ends" in capsys.readouterr().out


def test_the_last_set_is_ours_wherever_it_was_written_down(home, played, monkeypatch):
    played(Past(home / "before.py"))  # SESSION is not trusted by itself here
    (home / "new.py").write_text(SESSION)  # it was killed: nobody has trusted what it holds
    (home / "new.py").chmod(0o600)
    assert last_noted() == home / "new.py"
    trusted(home / "new.py", ask=lambda question: False)
    (home / "new.py").chmod(0o666)  # others may have written to it
    with pytest.raises(SessionError, match="was not run"):
        trusted(home / "new.py", ask=lambda question: False)
    (home / "new.py").rename(home / "there.py")
    (home / "there.py").chmod(0o600)
    (home / "new.py").symlink_to(home / "there.py")
    with pytest.raises(SessionError, match="was not run"):
        trusted(home / "new.py", ask=lambda question: False)


def test_the_last_set_is_taken_up_when_none_plays(home, played, monkeypatch):
    started, start = [], wire.start
    monkeypatch.setattr(
        wire, "start", lambda *words, **more: started.append(start(*words, **more)) or started[-1]
    )
    folder = home / "data" / "latentcode" / "sessions"
    folder.mkdir(parents=True)
    with pytest.raises(EngineError, match="none was played"):
        played(None, resume=True)
    assert [engine.alive for engine in started] == [False]  # it was started before the journal was looked for
    (folder / "2026-01-01.py").write_text(SESSION)
    (folder / "2026-01-02.py").write_text(SESSION.replace("# @ end 200000\n", "# @ 4 15"))  # it was killed
    (folder / "2026-01-03.py").write_text("# latentcode session 1\n# @ seed 7")  # it hardly began
    os.utime(folder / "2026-01-01.py", (1, 1))
    messages, new = played(None, "d2 >> x\n", resume=True)
    assert messages[0][1][messages[0][1].index("--start") + 1] == "100001"
    assert [stamp for stamp, _ in told(messages, "take_up")[1]] == [2000, 100000]
    assert new.header["from"].startswith("2026-01-02.py@")
    assert len(started) == 2  # the one that was started early has played it


def test_what_cannot_be_taken_up(home, played):
    (home / "empty.py").write_text("# latentcode session 1\n# @ seed 7\n")
    with pytest.raises(SessionError, match="no blocks"):
        played(Past(home / "empty.py"))
    with pytest.raises(SessionError, match="before 900 comes"):
        played(Past(home / "before.py", place("900")))
    (home / "before.py").write_text(SESSION.replace('x = "cello"', 'x = path("gone.wav")'))
    with pytest.raises(SessionError, match=r"gone\.wav"):
        played(Past(home / "before.py"))


def test_an_edited_tempo_is_written_down_and_goes_on_where_its_cycles_lie_now(home, played, capsys):
    slow = SESSION.replace("# @ 2 2000 10/441", "bpm(60)\n# @ 1 tempo 000000 0\n# @ 2 2000 10/441")
    (home / "before.py").write_text(slow.replace("# @ 3", "# @ bookmark bridge 99225\n# @ 3", 1))
    messages, new = played(Past(home / "before.py", place("1.15")))
    assert messages[0][1][messages[0][1].index("--start") + 1] == str(round(1.15 * 176400))
    assert [block.sample for block in new.blocks] == [0, 4000, 200000]
    assert new.of(Bookmark) == [Bookmark("bridge", 198450)]
    assert main(["retime", str(home / "before.py"), "--trust"]) == 0
    assert "at the cycles where they stood" in capsys.readouterr().out
    again = read_session(home / "before-2.py")
    assert [mark.stamp for block in again.blocks for mark in block.marks] == [0, 4000, 200000]
    assert main(["retime", str(home / "before-2.py"), "--trust"]) == 0
    assert "nothing has moved" in capsys.readouterr().out


def test_a_line_that_was_written_in_is_said_and_has_a_mark_when_the_session_is_retimed(home, capsys):
    added = SESSION.replace('d2 >> twice("choir")', 'bpm(60)\nd2 >> twice("choir")')
    (home / "s.py").write_text(added.replace("# @ 2 d1 000000 2000", "# @ 2 d1 000000 2000\n\nhush()"))
    assert main(["retime", str(home / "s.py"), "--trust"]) == 0
    told = capsys.readouterr().err
    assert "line 10: hush without a mark counts where the block above it is, at 0.0 s" in told
    assert "line 12: tempo without a mark counts where its block is, at 2.3 s" in told
    text = (home / "s-2.py").read_text()
    targets = [
        (block.number, [mark.target for mark in block.marks])
        for block in read_session(home / "s-2.py").blocks
    ]
    assert targets == [(1, []), (2, ["d1"]), (4, ["hush"]), (3, ["d2", "tempo"])]
    assert text.index("# @ 3 tempo") > text.index("bpm(60)")
    assert main(["retime", str(home / "s-2.py"), "--trust"]) == 0
    assert "nothing has moved" in capsys.readouterr().out


def test_a_session_from_which_all_marks_were_taken_says_so_once(home, capsys):
    kept = [line for line in SESSION.split("\n") if "000000" not in line.split("# @")[-1].split(" ")]
    text = (
        "\n".join(kept)
        .replace("default spectral", "default spectral  marks all")
        .replace("d2 >>", "bpm(90); d2 >>")
    )
    (home / "s.py").write_text(text)
    main(["render", str(home / "s.py"), "-o", str(home / "s.wav"), "--trust"])
    told = capsys.readouterr().err
    assert told.count("no command has a mark: each") == 1
    assert "the tempo is not what it was" not in told


def test_the_mark_of_a_deleted_line_goes_when_the_session_is_retimed_and_that_of_a_broken_one_stays(
    home, capsys
):
    edited = SESSION.replace('d2 >> twice("choir")', 'd2 >> twice("choir").brokn()')
    lines = edited.replace("# @ 2 2000 10/441\n", "# @ 2 2000 10/441\nd3 >> 'kick'\n").split("\n")
    lines = [line for line in lines if not line.startswith("d1 >> ")]
    (home / "s.py").write_text("\n".join([*lines[:-1], "# @ 7 d1 000000 2000", ""]))
    assert main(["retime", str(home / "s.py"), "--trust"]) == 0
    said = capsys.readouterr()
    assert "1 mark is new; 2 marks are gone" in said.out
    assert "raises now" in said.err
    text = (home / "s-2.py").read_text()
    assert [line for line in text.split("\n") if " 000000 " in line] == ["# @ 3 d2 000000 100000"]


def test_a_line_that_was_changed_has_its_digest_when_nothing_else_has_moved(home, capsys):
    (home / "s.py").write_text(SESSION.replace('d2 >> twice("choir")', 'd2 >> twice("choir")\nd3 >> "kick"'))
    assert main(["retime", str(home / "s.py"), "--trust"]) == 0
    assert "nothing has moved" in capsys.readouterr().out
    marks = {mark.target: mark for block in read_session(home / "s-2.py").blocks for mark in block.marks}
    assert "000000" not in {mark.digest for mark in marks.values()}
    assert marks["d3"].stamp == 100000
    assert main(["retime", str(home / "s-2.py"), "--trust"]) == 0
    assert "its marks those of its code" in capsys.readouterr().out
    assert not (home / "s-2-2.py").exists()
