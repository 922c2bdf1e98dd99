"""A session whose tempo was edited: what comes later follows its cycles."""

from __future__ import annotations

from fractions import Fraction

import pytest

from latentcode.prompt.again import asked_again
from latentcode.session.journal import read_session
from latentcode.session.records import Inputs, Missed, Recording, Restart
from latentcode.set.retiming import retimed, tempo_of

RATE = 44100
SET = """# latentcode session 1
# @ seed 7  rate 44100  buffer 256  bpm 120  lasting 1

# @ 1 44100 1/2
d1 >> s("kick*4")
# @ 1 d1 {} 44100
# @ in cc:1@nano/1 66150 0.5

# @ 2 88200 1
bpm(60)
# @ 2 tempo {} 88200

# @ 3 264600 2
d2 >> s("hat*8")
# @ 3 d2 {} 264600
# @ missed d1 264700

# @ 4 529200 7/2
d1.stop()
# @ 4 d1 {} 529200
# @ end 705600
"""


@pytest.fixture
def session(tmp_path):
    """Writes a set with the digests of its own code, edited by replacements, and reads it."""

    def made(*edits, text=SET):
        (tmp_path / "set.py").write_text(text)
        digests = [c.digest for _, c in asked_again(read_session(tmp_path / "set.py"), lambda line: None)]
        text = text.format(*digests)
        for before, after in edits:
            assert before in text
            text = text.replace(before, after)
        (tmp_path / "set.py").write_text(text)
        return read_session(tmp_path / "set.py")

    return made


def asked(session):
    told = []
    found = asked_again(session, told.append)
    return [stamp for stamp, _ in found], told


def test_what_was_not_edited_stays_at_its_samples(session):
    one = session()
    assert asked(one) == ([44100, 88200, 264600, 529200], [])
    assert one.end == 705600


def test_another_tempo_moves_what_comes_later_to_its_cycles(session):
    one = session(("bpm(60)", "bpm(240)"))
    stamps, told = asked(one)
    assert stamps == [44100, 88200, 88200 + 44100, 88200 + 44100 * 5 // 2]
    assert one.end == 88200 + 44100 * 7 // 2
    assert any("follows the cycles" in line for line in told)


def test_a_tempo_that_was_added_or_left_out_moves_what_comes_later(session):
    assert asked(session(("bpm(60)\n", "\n")))[0] == [44100, 2 * 88200, 7 * 44100]
    assert asked(session(("# @ 2 88200 1\nbpm(60)\n", "")))[0] == [44100, 2 * 88200, 7 * 44100]
    added = session(("# @ 2 88200 1\n", "bpm(240)\n\n# @ 2 88200 1\n"))
    assert asked(added)[0][:3] == [44100, 44100, 44100 + 22050]


def test_another_tempo_at_the_beginning_moves_all(session):
    one = session(("bpm 120", "bpm 240"))
    assert asked(one)[0] == [22050, 44100, 44100 + 176400, 44100 + 176400 * 5 // 2]


def test_hands_follow_and_what_the_machine_missed_then_is_over(session):
    one = session(("bpm 120", "bpm 240"))
    asked(one)
    assert one.of(Inputs)[0].inputs == (("cc:1@nano/1", 33075, 0.5),)
    assert one.of(Missed) == []


def test_what_comes_before_the_edited_line_stays_as_it_was(session):
    ramp = SET.replace("\n\n# @ 2", "\n# @ missed d1 66000\n# @ restart 67000\n\n# @ 2")
    ramp = ramp.replace('d1 >> s("kick*4")', 'bpm(240, over=1/4); d1 >> s("kick*4")')
    ramp = ramp.replace("# @ 1 d1 {} 44100", "# @ 1 tempo {} 44100\n# @ 1 d1 {} 60000")
    one = session(("bpm(60)", "bpm(240)"), text=ramp)
    stamps, _ = asked(one)
    assert stamps[:3] == [44100, 60000, 88200]
    assert stamps[3] < 264600
    assert [missed.sample for missed in one.of(Missed)] == [66000]
    assert [restart.sample for restart in one.of(Restart)] == [67000]
    assert one.of(Inputs)[0].inputs == (("cc:1@nano/1", 66150, 0.5),)


@pytest.mark.parametrize(
    ("line", "happened", "cycle", "sample"),
    [
        ('bpm("<240 60 240>")', "# @ fallback tempo 264000 -", 3, 441000),
        ("bpm(60)", "# @ jump 88200 132300", 2, 132300 + 88200),
    ],
)
def test_a_cycle_lies_where_it_was_heard_also_where_a_tempo_was_set_aside_or_time_was_lost(
    session, line, happened, cycle, sample
):
    text = SET.replace("bpm(60)", line).replace("# @ 3", f"{happened}\n\n# @ 3", 1)
    one = session(text=text)
    assert tempo_of(one, asked_again(one, lambda told: None)).sample_of(cycle) == sample


def test_a_tempo_that_a_scene_brings_back_counts(session):
    scene = SET.replace('d2 >> s("hat*8")', 'go("a")').replace("d2 {} 264600", "go {} 264600")
    text = scene.replace("d1 >> s", 'scene("a"); d1 >> s').replace(
        "# @ 1 d1 {}", "# @ 1 scene {} 44100\n# @ 1 d1 {}"
    )
    stamps, _ = asked(session(("bpm(60)", "bpm(240)"), text=text))
    at = 88200 + 44100  # cycle 2: from here on it is 120 again
    assert stamps[-1] == at + 88200 * 3 // 2


def test_sessions_whose_marks_hold_no_cycles_stay_at_their_samples(session):
    text = SET.replace(" 1/2\n", "\n").replace("88200 1\n", "88200\n").replace("264600 2\n", "264600\n")
    one = session(("bpm(60)", "bpm(240)"), text=text.replace("529200 7/2", "529200"))
    stamps, told = asked(one)
    assert stamps == [44100, 88200, 264600, 529200]
    assert any("hold no cycles" in line for line in told)
    assert retimed(one, []) is None


def test_the_mark_of_a_block_holds_its_cycle(session):
    assert [block.cycle for block in session().blocks] == [Fraction(1, 2), 1, 2, Fraction(7, 2)]


def test_a_recording_begins_elsewhere_and_is_as_long_as_it_was():
    moved = Recording(100, 4000, "a.wav").moved(lambda sample: 2 * sample)
    assert moved == Recording(200, 4000, "a.wav")
