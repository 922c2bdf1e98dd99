"""`latentcode sessions`, `log` and `diff`, and places that have names."""

from __future__ import annotations

import os
from fractions import Fraction

import pytest

from latentcode.cli import main
from latentcode.cli.log import lanes_drawn
from latentcode.errors import SessionError
from latentcode.prompt.options import last_sessions, remember_last
from latentcode.session.journal import read_session
from latentcode.session.records import Bookmark
from latentcode.set.commands import SET, Command
from latentcode.set.span import place, span

BEGUN = """\
# latentcode session 1
# @ seed 7  rate 44100  buffer 128  bpm 120  model small@0123
# @ 1 0 0
d1 >> s("cello(3,8)")
# @ 1 d1 584cf2 2000
# @ 2 44100 1/2
bookmark("bridge"); d2 >> s("kick*4")
d2.gain(.5)
# @ 2 bookmark 000000 44100
# @ 2 d2 111111 44100
# @ bookmark bridge 88200
"""
ENDED = BEGUN + "# @ 3 176400 2\nhush()\n# @ 3 hush 17da9a 176400\n# @ end 180000\n"
OTHER = (
    BEGUN + "# @ restart 132300\n# @ 3 176400 2\nd1 >> s('harp')\n# @ 3 d1 222222 176400\n# @ end 200000\n"
)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    found = tmp_path / "latentcode" / "sessions"
    found.mkdir(parents=True)
    (found / "2026-01-01-one.py").write_text(ENDED)
    (found / "2026-01-02-two.py").write_text(OTHER)
    os.utime(found / "2026-01-01-one.py", (1_000_000, 1_000_000))
    return found


def lines(capsys, *words):
    main(words)
    return capsys.readouterr().out.splitlines()


def test_sets_are_listed_and_found(folder, capsys):
    found = lines(capsys, "sessions")
    assert [line.split()[5] for line in (found[0], found[2])] == ["2026-01-02-two", "2026-01-01-one"]
    assert found[2].endswith("0:04  2026-01-01-one  small  d1 d2  ⚑ bridge")
    assert found[3].strip().startswith('d1 >> s("cello(3,8)") · bookmark("bridge")')
    assert "2026-01-02-two" in lines(capsys, "sessions", "HARP", "kick")[0]
    assert "no set with these words" in lines(capsys, "sessions", "tuba")[0]
    went_on = ENDED.replace("bpm 120", "bpm 120  from 2026-01-01-one.py@9c41  at 88200")
    (folder / "2026-01-03-three.py").write_text(went_on.replace("# @ end 180000", "# @ reached 000000178000"))
    head = lines(capsys, "sessions")[0]
    assert head.endswith("d1 d2  ⚑ bridge  went on from 2026-01-01-one.py at 0:02, at bridge")
    told = lines(capsys, "log", "2026-01-03")
    assert told[0].endswith("went on from 2026-01-01-one.py at 0:02, at bridge")
    assert told[-1].split()[0] == "0:04.0"
    assert told[-1].endswith("── here it was last: it plays still, or was killed")


def test_a_set_is_shown_as_a_line_of_time(folder, capsys):
    shown = lines(capsys, "log", "2026-01-01")
    assert shown[0].startswith("2026-01-01-one.py  0:04")
    assert [line.split()[:2] for line in shown[2:4]] == [["bpm", "120"], ["⚑bridge"]]
    assert shown[4].startswith("d1     ●─")
    assert shown[4].endswith("─")  # hushed near the end
    assert shown[5].index("●") == 7 + 44100 * 73 // 180000
    assert max(map(len, shown)) <= 80
    shown = shown[6:]
    assert shown[2].split() == ["0:00.0", "0.00", "●", "d1", ">>", 's("cello(3,8)")']
    assert shown[3].endswith('│   ●   bookmark("bridge"); d2 >> s("kick*4")  (+1)')
    assert shown[4].split() == ["0:02.0", "1.00", "│", "│", "⚑", "bridge"]
    assert shown[6].split()[-3:] == ["■", "the", "end"]
    assert "│" not in shown[6]  # all was hushed


def test_what_all_voices_were_told_and_a_machine_that_stood_still_fill_no_log(folder, capsys):
    every = "".join(f"# @ 3 d{n} 33333{n % 10} 150000\n" for n in range(1, 17))
    stood = "# @ jump 151000 155000\n# @ jump 156000 160000\n"
    text = ENDED.replace("# @ 3 176400", f"# @ 3 150000 2\nunsolo()\n{every}{stood}# @ 4 176400")
    (folder / "busy.py").write_text(text.replace("# @ 3 hush", "# @ 4 hush"))
    shown = lines(capsys, "log", "busy")
    assert [line.split()[0] for line in shown if line[:1] == "d"] == ["d1", "d2"]
    (told,) = (line for line in shown if "unsolo()" in line)
    assert "●" not in told
    (still,) = (line for line in shown if "stood still" in line)
    assert still.endswith("── the machine stood still 2 times, for 0.2 s")


def test_lanes_go_on_after_go_back_undo_and_redo(folder, capsys):
    asked = {
        'd1 >> s("cello"); scene("verse")': ("d1", "scene"),
        'd2 >> s("harp"); scene("chorus")': ("d2", "scene"),
        'go("verse")': ("go",),
        "back()": ("back",),
        "hush(over=2)": ("hush",),
        "undo(1)": ("undo",),
        "redo()": ("redo",),
        'go("chorus", morph=4)': ("go",),
    }
    text = "# latentcode session 1\n# @ seed 7  rate 44100  buffer 128  bpm 120  model small@0123\n"
    for number, (code, targets) in enumerate(asked.items(), 1):
        marks = "".join(f"# @ {number} {target} 000000 {number}0000\n" for target in targets)
        text += f"# @ {number} {number}0000 {number}\n{code}\n{marks}"
    (folder / "gone.py").write_text(f"{text}# @ end 90000\n")
    shown = lines(capsys, "log", "gone")[-9:]
    assert [line[19:26].rstrip() for line in shown] == [
        "●", "│   ●", "│   │", "│", "│   │", "", "│   │", "", "│   │"
    ]  # fmt: skip


def test_a_set_is_drawn_as_lanes(folder, capsys, monkeypatch):
    pytest.importorskip("matplotlib", reason="pip install 'latentcode[pictures]'")
    monkeypatch.chdir(folder)
    again = """\
# @ 4 100000 1
d2.gain(.25); scene("$a$")
# @ 4 d2 222222 100000
# @ 4 scene 222222 100000
# @ fallback d1.gain 110000
# @ 5 120000 3/2
d2.stop(); d1.morph(4) >> s("harp")  # later
# @ 5 d2 333333 120000
# @ 5 d1 333333 120000
# @ 6 140000 7/4
go("$a$")
# @ 6 go 333333 140000
# @ 3 176400 2
"""
    (folder / "drawn.py").write_text(ENDED.replace("# @ 3 176400 2\n", again))
    made = lanes_drawn(read_session(folder / "drawn.py"))
    assert [bar.text for bar in made.lanes["d1"]] == ['s("cello(3,8)")', 's("harp")', 's("cello(3,8)")']
    assert [(bar.begin, bar.text) for bar in made.lanes["d2"]] == [
        (1.0, 's("kick*4")'),
        (140000 / 44100, 's("kick*4")'),
    ]
    assert made.scenes == ((140000 / 44100, 4.0, "$a$"),)
    marks = {(mark.kind, mark.lane, mark.text) for mark in made.marks if mark.kind != "told"}
    assert marks == {("aside", "d1", ""), ("scene", "", "$a$"), ("bookmark", "", "bridge")}
    assert lines(capsys, "log", "drawn", "--plot") == ["drawn.png: voices, scenes, bookmarks, tempo"]
    main(["log", "drawn", "--plot", "drawn.png"])
    assert "drawn.png is there already" in capsys.readouterr().err
    assert len(list(folder.glob("drawn*.png"))) == 2
    assert main(["log", "drawn", "--plot", "drawn.jpeg"])
    assert "ends in .png, .svg, .pdf, not 'drawn.jpeg'" in capsys.readouterr().err


def test_lanes_know_what_pads_and_variables_lead_to_and_where_back_has_nothing_before(folder):
    verse, chorus = (Command("scene", SET, (name,)).digest for name in ("verse", "the chorus"))
    went = Command("go", SET, ("the chorus", "1", "3")).digest
    blocks = [
        ('d1 >> s("cello"); scene("verse")', "d1 000000", f"scene {verse}"),
        ('x = "the chorus"; d1 >> s("harp"); d2 >> s("kick"); scene(x)', "d1 0", "d2 0", f"scene {chorus}"),
        ("back()", "back 000000"),  # nothing was gone to: each voice goes back by itself
        ("go(x, morph=3)", f"go {went}"),
        (
            'pads({36: scene("verse"), "d2": lambda: back(), 40: "kick"}, ch=10); hush()',
            f"scene {verse}",
            "pads 0",
            "hush 0",
        ),
        ("d1.back()", "d1 000000"),
    ]  # fmt: skip
    text = "# latentcode session 1\n# @ seed 7  rate 44100  buffer 128  bpm 120  model small@0123\n"
    for number, (code, *marks) in enumerate(blocks, 1):
        stamps = "".join(f"# @ {number} {mark} {number}0000\n" for mark in marks)
        text += f"# @ {number} {number}0000 {number}\n{code}\n{stamps}"
    hands = (
        ("note:36@nano/10", 51000, 1),
        ("note:38@nano/10", 52000, 1),
        ("note:38@nano/11", 52500, 1),
        ("note:38@nano/10", 53000, 0),
    )
    text += "".join(f"# @ in {key} {sample} {value}\n" for key, sample, value in hands)
    (folder / "led.py").write_text(f"{text}# @ end 90000\n")
    made = lanes_drawn(read_session(folder / "led.py"))
    played = [(round(bar.begin * 44100), round(bar.end * 44100), bar.text) for bar in made.lanes["d1"]]
    assert played == [
        (10000, 20000, 's("cello")'),
        (20000, 30000, 's("harp")'),
        (30000, 40000, 's("cello")'),
        (40000, 50000, 's("harp")'),
        (51000, 52000, 's("cello")'),
    ]
    assert [bar.end * 44100 for bar in made.lanes["d2"]] == [50000]
    assert [(bar.begin * 44100, bar.text) for bar in made.scenes] == [(40000, "the chorus"), (51000, "verse")]


def test_two_sets_are_compared(folder, capsys):
    shown = lines(capsys, "diff", "2026-01-01", "2026-01-02")
    assert "-hush()" in shown
    assert "+d1 >> s('harp')" in shown
    assert shown[-1].startswith("the sound parts at cycle 1.50 (0:03): an engine went on")
    assert lines(capsys, "diff", "2026-01-01", "2026-01-01") == ["they are the same"]
    (folder / "said.py").write_text(ENDED.replace('d1 >> s("cello', '# hello\nd1 >>  s("cello'))
    assert lines(capsys, "diff", "2026-01-01", "said")[-1] == "they sound the same"
    (folder / "edited.py").write_text(ENDED.replace("d2.gain(.5)", "d2.gain(.6)"))
    assert "parts at cycle 0.50 (0:01)" in lines(capsys, "diff", "2026-01-01", "edited")[-1]


def test_a_name_that_may_mean_several(folder, capsys):
    with pytest.raises(SystemExit):
        main(["log", "2026"])
    assert "is the beginning of several: 2026-01-01-one, 2026-01-02-two" in capsys.readouterr().err


def test_sets_that_were_written_down_elsewhere_are_listed_and_found(folder, tmp_path, capsys):
    (tmp_path / "tour").mkdir()
    elsewhere, stick = tmp_path / "tour" / "gig.py", tmp_path / "gone" / "gig.py"
    elsewhere.write_text(ENDED)
    for _ in range(2):
        for journal in (elsewhere, stick, folder / "2026-01-02-two.py"):
            remember_last(str(journal))
    shown = [line.split()[5] for line in lines(capsys, "sessions")[:-1:2]]
    assert {*shown} == {"2026-01-01-one", "2026-01-02-two", str(elsewhere)}
    assert lines(capsys, "log", "gig")[0].startswith("gig.py  0:04")
    assert last_sessions()[0] == folder / "2026-01-02-two.py"
    (folder / "gig.py").write_text(ENDED)
    with pytest.raises(SystemExit):
        main(["log", "gig"])
    assert f"'gig' is the name of several: {folder / 'gig.py'}, {elsewhere}" in capsys.readouterr().err


def test_a_place_has_a_name(folder):
    session = read_session(folder / "2026-01-01-one.py")
    assert span(session, [], place("bridge"), None)[0] == 88200
    assert place("0:02") == place("0:00:02.0") == place("2s")  # as times are told
    assert place("1:02:03.5") == place("3723.5s")
    session.records[:] = [one for one in session.records if not isinstance(one, Bookmark)]
    asked = [(44100, Command("bookmark", SET, ("bridge", "1")))]  # the line was written in by hand
    assert span(session, asked, place("bridge"), None)[0] == 88200
    with pytest.raises(SessionError, match="its bookmarks are bridge"):
        span(session, asked, place("brige"), None)


def test_the_engine_notes_where_a_bookmark_stands(perform):
    performance = perform()
    noted: list[tuple[str, int]] = []
    performance.bookmarked = lambda name, sample: noted.append((name, sample))
    performance.schedule(Command("bookmark", SET, ("bridge", "1")), 100)
    performance.schedule(Command("bookmark", SET, ("here", None)), 300)
    performance.render(512)
    assert noted == [("bridge", performance.renderer.tempo.sample_of(Fraction(1))), ("here", 300)]
