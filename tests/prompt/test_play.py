from __future__ import annotations

import pytest

from latentcode.errors import EngineError, SessionError
from latentcode.prompt import play as module
from latentcode.prompt.options import Options
from latentcode.prompt.play import Part, play
from latentcode.session.journal import read_session
from latentcode.set.kinds import unpacked
from latentcode.set.span import place
from latentcode.testing.engine import ENGINE, heard

SESSION = """\
# latentcode session 1
# @ seed 7  rate 44100  buffer 128  bpm 90  synthesis concat
# @ 1 0
x = "cello"
# @ 2 2000
d1 >> x
# @ 2 d1 000000 2000
# @ 3 20000
hush()
# @ 3 hush 17da9a 20000
# @ end 26000
"""


@pytest.fixture
def journal(home, monkeypatch):
    """What the fake engine is told: the journal of a replay is gone with it."""
    monkeypatch.setattr(module, "KEPT", str(home / "journal"))
    return home / "journal"


def test_a_session_is_fed_ahead_of_the_sound_and_shown_as_it_sounds(home, journal):
    (home / "s.py").write_text(SESSION)
    said: list[str] = []
    play(home / "s.py", Options(driver="timer"), said.append, ENGINE)
    told = heard(journal)
    words = told[0][1]
    assert words[words.index("--seed") + 1] == "7"
    assert words[words.index("--synthesis") + 1] == "concat"
    assert words[words.index("--buffer") + 1] == "128"
    assert "--hold" in words
    assert [m[0] for m in told[1:]] == ["stamped", "begin", "replayed", "replayed", "replayed", "bye"]
    assert [(stamp, unpacked(data).kind) for stamp, data in told[1][1]] == [(2000, "play"), (20000, "hush")]
    assert [line for line in said if line.startswith(">>>")] == [
        '>>> x = "cello"',
        ">>> d1 >> x",
        ">>> hush()",
    ]
    assert any("line 6: d1 is not what it was" in line for line in said)


def test_how_far_the_code_of_a_long_session_is_is_told(home, monkeypatch):
    monkeypatch.setattr(module, "TOLD_EACH", 0.0)
    (home / "s.py").write_text(SESSION)
    said: list[str] = []
    module.SessionPlayer(read_session(home / "s.py"), Options(), said.append)
    assert said[0] == "the code is run before the first sound: 1 of 3 blocks"


def test_what_hands_gave_is_given_again_at_its_samples(home, journal):
    given = "# @ hand 4096 d1.gain 0.5 d1.fx.0.1 812.5\n# @ hand 5120 master 0.25\n# @ end"
    (home / "s.py").write_text(SESSION.replace("# @ end", given))
    play(home / "s.py", Options(driver="timer"), lambda line: None, ENGINE)
    held = [m for m in heard(journal) if m[0] == "held"]
    assert held == [
        (
            "held",
            ((4096, ((("gain", 0), 0.5), (("turn", 0, 0, 1), 812.5))), (5120, ((("master",), 0.25),))),
        )
    ]


def test_what_hands_did_follows_a_tempo_that_was_edited(home, journal):
    edited = SESSION.replace("# @ 1 0", "# @ 1 1000 5/588").replace("# @ 2 2000", "# @ 2 2000 5/294")
    edited = edited.replace("# @ end", "# @ in cc:1@x/1 4000 0.5\n# @ end").replace("bpm 90", "bpm 45")
    (home / "s.py").write_text(edited)
    play(home / "s.py", Options(driver="timer"), lambda line: None, ENGINE)
    hands = next(m for m in heard(journal) if m[0] == "hands")
    assert hands == ("hands", (("cc:1@x/1", 8000, 0.5),))


def test_what_was_missed_is_left_out_again_and_what_the_machine_could_not_do_is_told(home, journal):
    marks = "# @ missed d2 4096 9c41\n# @ missed d2 5000\n# @ unread d3 6000\n# @ fallback d1 7000 abc\n"
    marks += "# @ dry 100 4509\n# @ jump 10000 14410\n# @ late gain 100 200\n# @ end"
    (home / "s.py").write_text(SESSION.replace("# @ end", marks))
    said: list[str] = []
    play(home / "s.py", Options(driver="timer"), said.append, ENGINE)
    told = {m[0]: m[1] for m in heard(journal) if m[0] in ("missed", "unread", "decided")}
    assert told == {
        "missed": ((1, 4096, "9c41"), (1, 5000, None)),
        "unread": ((2, 6000, None),),
        "decided": (("d1", 7000, "abc"),),
    }
    assert "the machine stood still then at 0.2 s, for 0.1 s; now the set plays on" in said
    assert "the sound was not there in time then, for 0.1 s in all; that is not played again" in said


def test_times_are_converted_when_the_device_has_another_rate(home, journal):
    (home / "s.py").write_text(SESSION.replace("rate 44100", "rate 22050").replace("end 26000", "end 21000"))
    said: list[str] = []
    play(home / "s.py", Options(), said.append, ENGINE)
    stamped = next(m for m in heard(journal) if m[0] == "stamped")
    assert [stamp for stamp, _ in stamped[1]] == [4000, 40000]
    assert any("at 44100 Hz now" in line for line in said)


def test_what_cannot_be_played(home, journal):
    (home / "s.py").write_text("# latentcode session 1\n# @ seed 7\n")
    with pytest.raises(SessionError, match="no blocks"):
        play(home / "s.py", Options(), print, ENGINE)
    (home / "s.py").write_text(SESSION)
    with pytest.raises(EngineError, match="does not begin"):
        play(home / "s.py", Options(), print, "no_such_engine")


def test_a_part_begins_in_the_middle_with_all_that_was_asked_before_and_some_voices_alone(home, journal):
    (home / "s.py").write_text(SESSION)
    said: list[str] = []
    part = Part(place("0.25s"), place("0.5s"), (0, 2))
    play(home / "s.py", Options(driver="timer"), said.append, ENGINE, part)
    told = heard(journal)
    words = told[0][1]
    assert words[words.index("--start") + 1] == "11025"
    stamped = [
        (stamp, unpacked(data)) for message in told if message[0] == "stamped" for stamp, data in message[1]
    ]
    assert [(stamp, command.kind, command.voice) for stamp, command in stamped] == [
        (11025, "solo", 0),
        (11025, "solo", 2),
        (2000, "play", 0),
        (20000, "hush", -1),
    ]
    assert [line for line in said if line.startswith(">>>")] == [">>> hush()"]
    said.clear()  # what comes behind a part is not shown with it
    play(home / "s.py", Options(driver="timer"), said.append, ENGINE, Part(end=place("0.4s")))
    assert [line for line in said if line.startswith(">>>")] == ['>>> x = "cello"', ">>> d1 >> x"]
    with pytest.raises(SessionError, match="ends after"):
        play(home / "s.py", Options(driver="timer"), said.append, ENGINE, Part(place("64")))


def test_a_part_is_played_again_and_again_at_another_tempo_on_a_device_of_another_rate(home, journal):
    marked = SESSION.replace("# @ 1 0", "# @ 1 0 0").replace("rate 44100", "rate 22050")
    (home / "s.py").write_text(marked.replace("bpm 90", "bpm 120").replace("hush()", "bpm(60); hush()"))
    said: list[str] = []

    def tell(line):
        said.append(line)
        if line.startswith("── again"):
            raise KeyboardInterrupt

    part = Part(place("0.25"), place("0.5"), loop=True, bpm="240")
    with pytest.raises(KeyboardInterrupt):
        play(home / "s.py", Options(driver="timer"), tell, ENGINE, part)
    told = heard(journal)
    words = [message[1] for message in told if message[0] == "start"][-1]
    assert words[words.index("--start") + 1] == "11025"  # a quarter of a second, at the rate of the device
    assert words[words.index("--bpm") + 1] == "240"
    assert ("repeat", 11025, 22050) in told
    stamped = [pair for message in told if message[0] == "stamped" for pair in message[1]]
    assert [(stamp, unpacked(data).kind) for stamp, data in stamped] == [(2000, "play"), (20000, "hush")]
    assert [line for line in said if "Hz now" in line or "bpm from" in line] == [
        "at 240 bpm from beginning to end: all stays at its cycle, and comes at another time",
        "played at 22050 Hz then, at 44100 Hz now: times are converted, pitch and tempo are the same; it "
        "sounds alike, and not sample for sample",
    ]
