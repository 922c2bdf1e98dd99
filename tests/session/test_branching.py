"""The text of a session up to a place."""

from __future__ import annotations

import pytest

from latentcode.session.branching import Cut, rewritten
from latentcode.session.journal import read_session
from latentcode.session.packing import InputValue, packed
from latentcode.session.records import (
    Answer,
    Behind,
    Bookmark,
    Delayed,
    Dry,
    Eased,
    Inputs,
    Listening,
    MidiIn,
    SentBy,
    Timing,
)

SESSION = """\
# latentcode session 1
# @ seed 7  rate 44100  buffer 128  bpm 90

# @ 1 0 0
# my own words
x = "cello"; d1 >> x
# @ 1 d1 000000 500
# @ sound own.wav abc
# @ in cc:1@x/1 900 0.5 cc:1@x/1 1100 0.25
# @ dry 100 300
# @ dry 950 2000
# @ listening 1 640 set.in1.flac

# @ answer 2.1 {"level":0.5}

# @ 2 800 1
d2 >> x; d3 >> x
# @ 2 d2 000000 900
# @ 2 d3 000000 1000
# @ bookmark bridge 900
print("written in by hand")

# @ 3 1000 1
hush()
# @ 3 hush 17da9a 1000
# @ answer 3.1 4
# @ sound late.wav abc
# @ end 2600
"""


def cut(tmp_path, text, wanted):
    path = tmp_path / "cut.py"
    path.write_text(rewritten(text, wanted))
    return read_session(path)


@pytest.mark.parametrize("word", ["²", "9" * 5000, "-1", "x"])
@pytest.mark.parametrize("mark", ["# @ {} d1 000000 500", "# @ 1 d1 000000 {}"])
def test_a_mark_that_is_none_is_left_out(tmp_path, mark, word):
    text = SESSION.replace("# @ 1 d1 000000 500", mark.format(word))
    assert cut(tmp_path, text, Cut(1000, 1000)).blocks[0].marks == ()


def test_the_name_of_the_place_where_it_goes_on_is_kept_and_where_that_lies_is_moved(tmp_path):
    assert cut(tmp_path, SESSION, Cut(900, 900)).of(Bookmark) == [Bookmark("bridge", 900)]
    assert cut(tmp_path, SESSION, Cut(899, 899)).of(Bookmark) == []
    began = SESSION.replace("bpm 90", "bpm 90  from a.py@9c  at 900")
    moved = cut(tmp_path, began, Cut(there=lambda sample: 2 * sample))
    assert (moved.went_on, moved.of(Bookmark)[0].sample) == (1800, 1800)


def test_all_before_a_place_is_kept_as_it_stood_and_nothing_after_it(tmp_path):
    found = cut(tmp_path, SESSION, Cut(1000, 1000, {"from": "set.py@9c"}, "/sets"))
    assert found.header["from"] == "set.py@9c"
    assert found.header["bpm"] == "90"
    assert [(block.number, block.sample) for block in found.blocks] == [(1, 0), (2, 800), (0, 800)]
    assert found.blocks[0].code == '# my own words\nx = "cello"; d1 >> x'
    second = found.blocks[1]
    assert [mark.stamp for mark in second.marks] == [900]
    assert second.unheard == (("d3", "000000"),)  # and not as if it had been written in by hand
    assert found.of(Inputs) == [Inputs((("cc:1@x/1", 900, 0.5),))]
    assert found.of(Dry) == [Dry(100, 300), Dry(950, 999)]
    assert found.of(Listening)[0].file == "/sets/set.in1.flac"
    assert found.of(Bookmark) == [Bookmark("bridge", 900)]
    assert found.of(Answer) == [Answer("2.1", '{"level":0.5}')]  # it stands before its block
    assert "late.wav" not in (tmp_path / "cut.py").read_text()
    assert not found.faults


def test_what_the_machine_did_is_left_out_where_the_same_is_played_again(tmp_path):
    text = SESSION.replace(
        "# @ bookmark", "# @ behind d1 AT\n# @ delayed AT 7\n# @ eased m/1 AT 9\n# @ bookmark"
    )
    found = cut(tmp_path, text.replace("AT", "950"), Cut(1000, 900))
    assert found.of(Dry) == [Dry(100, 300)]
    assert [*found.of(Behind), *found.of(Delayed), *found.of(Eased)] == []
    found = cut(tmp_path, text.replace("AT", "850"), Cut(1000, 900))  # before it all is as it was
    kept = [*found.of(Behind), *found.of(Delayed), *found.of(Eased)]
    assert kept == [Behind("d1", 850), Delayed(850, 7), Eased("m/1", 850, 9)]


def test_who_sent_a_block_that_is_gone_has_not_sent_the_next_of_its_number(tmp_path):
    text = SESSION.replace("# @ 3 1000", "# @ by 3 nvim\n\n# @ 3 1000").replace(
        "# @ 2 800", "# @ by 2 vim\n\n# @ 2 800"
    )
    assert cut(tmp_path, text, Cut(1000, 1000)).of(SentBy) == [SentBy(2, "vim")]


def test_what_a_block_that_is_gone_asked_for_is_gone_with_it(tmp_path):
    text = SESSION.replace("# @ 2 800", "# @ timing latency [20]\n\n# @ 2 800")
    text = text.replace("# @ 3 1000", '# @ timing follow ["nano"]\n# @ midi_in nano\n\n# @ 3 1000')
    text = text.replace("# @ end", "# @ timing link [true]\n# @ end")
    found = cut(tmp_path, text, Cut(1000, 1000))
    assert [one.topic for one in found.of(Timing)] == ["latency"]
    assert found.of(MidiIn) == []
    assert [one.topic for one in cut(tmp_path, text, Cut()).of(Timing)] == ["latency", "follow", "link"]


def test_packed_hands_are_cut_too(tmp_path):
    rows = [InputValue("cc:1@x/1", 10 * n, str(n / 128)) for n in range(128)]
    text = SESSION + "\n" + "\n".join(packed("in", rows)) + "\n"
    found = cut(tmp_path, text, Cut(1000, 1000))
    assert len(list(found.inputs)) == 1 + 100
    assert not found.faults


def test_a_whole_session_at_other_samples(tmp_path):
    found = cut(tmp_path, SESSION, Cut(there=lambda sample: 2 * sample))
    assert [block.sample for block in found.blocks] == [0, 1600, 1600, 2000]
    assert [mark.stamp for mark in found.blocks[1].marks] == [1800, 2000]
    assert found.end == 5200
    assert found.of(Bookmark) == [Bookmark("bridge", 1800)]
    assert [stamp for _, stamp in found.inputs] == [1800, 2200]


@pytest.mark.parametrize("size", range(40, len(SESSION), 23))
def test_a_session_that_was_cut_off_anywhere(tmp_path, size):
    (tmp_path / "torn.py").write_text(SESSION[:size])
    torn = read_session(tmp_path / "torn.py")
    found = cut(tmp_path, SESSION[:size], Cut(10**6, 10**6))
    assert [block.code for block in found.blocks] == [block.code for block in torn.blocks]
    assert [block.marks for block in found.blocks] == [block.marks for block in torn.blocks]
