"""Journals that hold text from outside, that were damaged, or saved by an editor."""

from __future__ import annotations

import re

import pytest

from latentcode.errors import SessionError
from latentcode.session.journal import read_session
from latentcode.session.marks import CommandMark
from latentcode.session.records import Answer, End, Inputs, MidiPort, Recording
from latentcode.session.writing import Journal

FORGED = ["m", "....1\t0", "....1\t0", "hurt()", "hurt()", "#", "# @ 9 0", "hurt()", "# @ 9 d1 000000 0"]


@pytest.mark.parametrize("end", ["\n", "\r", "\x0c", "\x0b", "\x1c", "\x85", "\u2028", "\u2029", "\r\n"])
def test_no_text_from_outside_can_forge_a_mark_or_a_block(tmp_path, end):
    text = end.join(FORGED)
    journal = Journal(tmp_path / "set.py")
    journal.header({"seed": 7, "model": text, "model_file": f"/my sounds/{text}"})
    noted = [Inputs(((text, 5, 0.5),)), MidiPort(text), Recording(0, 100, f"{text}.wav")]
    journal.note(noted[0])
    journal.note(noted[1])
    journal.block(1, "x = 1", 0)
    journal.command(1, CommandMark(text, "aaaaaa", 7))
    journal.note(noted[2])
    journal.close()
    session = read_session(journal.path)
    assert session.faults == []
    assert (session.header["model"], session.header["model_file"]) == (text, f"/my sounds/{text}")
    assert session.records == noted
    assert [(block.code, block.marks) for block in session.blocks] == [
        ("x = 1", (CommandMark(text, "aaaaaa", 7),))
    ]


@pytest.mark.parametrize("end", "\n\r\x0b\x0c\x1c\x85\u2028\u2029")
@pytest.mark.parametrize(
    "code", ["x = 1  # b{}# @ 9 0{}hurt = 1", "x = '''{}# @ 9 d1 000000 5 \ud800'''", "no {}# @ 9 9"]
)
def test_a_block_is_one_block_whatever_stands_in_it(tmp_path, code, end):
    journal = Journal(tmp_path / "set.py")
    journal.header({"seed": 7})
    journal.block(1, code.replace("{}", end), 0)
    journal.note(End(5))
    journal.close()
    session = read_session(journal.path)
    assert [block.number for block in session.blocks] == [1]
    assert session.blocks[0].marks == ()
    assert session.records == [End(5)]


def test_words_of_early_sessions_are_what_they_were(tmp_path):
    session = _read(
        tmp_path,
        "# latentcode session 1\n# @ seed 1  model my_model@3f9a  model_file /a%20b.safetensors\n"
        '# @ in osc:/50%/x#0 100 0.5\n# @ answer 1.1 "a\\u0020b"\n',
    )
    assert session.header["model_file"] == "/a%20b.safetensors"
    assert session.records == [Inputs((("osc:/50%/x#0", 100, 0.5),)), Answer("1.1", '"a\\u0020b"')]


WHOLE = """\
# latentcode session 1
# @ seed 7  rate 44100  buffer 256

# @ 1 256
d1 >> s("cello")
# @ 1 d1 aaaaaa 512

# @ 2 1024
x = '''
# @ 9 9
'''
d2 >> s("kick")
# @ 2 d2 bbbbbb 2048
# @ dry 512 767
# @ end 99999
"""


def _read(tmp_path, text):
    (tmp_path / "set.py").write_text(text, newline="\n")
    return read_session(tmp_path / "set.py")


def test_wherever_a_session_is_cut_off_what_was_whole_is_there(tmp_path):
    whole = _read(tmp_path, WHOLE)
    for end in range(len("# latentcode session 1"), len(WHOLE)):
        session = _read(tmp_path, WHOLE[:end])
        assert len(session.faults) <= 1
        for block, original in zip(session.blocks, whole.blocks, strict=False):
            assert original.code.startswith(block.code)
            assert original.marks[: len(block.marks)] == block.marks
        known = [mark for block in session.blocks for mark in block.marks]
        wanted = {"# @ 1 d1 aaaaaa 512\n": 1, "# @ 2 d2 bbbbbb 2048\n": 2}
        assert len(known) == sum(line in WHOLE[:end] for line in wanted)


@pytest.mark.parametrize(
    ("was", "now", "fault"),
    [
        ("dry 512 767", "dry 1", r"line 14: '# @ dry 1' .* '# @ dry SAMPLE SAMPLE'"),
        ("dry 512 767", "jump 0 99999999999", "line 14: a jump to 99999999999"),
        ("dry 512 767", "hand 5 d17.gain .5", "line 14: "),
        ("dry 512 767", "in cc:1@x/1 44100", "line 14: .*WORD SAMPLE VALUE"),
        ("dry 512 767", "in cc:1@x/1 44100 nan", "line 14: "),
        ("dry 512 767", "in note:60/1 44100 1", "line 14: the input note:60/1 .* as in note:60@keys/1"),
        ("dry 512 767", "tempo 44100 1e999999999 0", "line 14: "),
        ("dry 512 767", "tempo 44100 1/0 0", "line 14: "),
        ("dry 512 767", "missed kick 5", "line 14: "),
        ("dry 512 767", "answer 1.1 {", "line 14: "),
        ("dry 512 767", "failed ²", "line 14: "),
        ("rate 44100", "rate 0", "line 2: rate 0 is left out; it must be a number from 1000 to 768000"),
        ("buffer 256", "buffer many", "line 2: buffer many"),
        ("@ 1 d1 aaaaaa 512", "@ 1 d1 aaaaaa", "line 6: .*'# @ 12 d1 9c41e0 5292000'"),
        ("@ 1 d1 aaaaaa 512", "@ 1 d1 512", "line 6: .*'# @ 12 d1 9c41e0 5292000'"),
        ("@ 1 d1 aaaaaa 512", "@ ² d1 aaaaaa 512", "line 6: "),
        ("@ 1 d1 aaaaaa 512", "@ 7 d1 aaaaaa 512", "line 6: .*there is no block 7"),
        ("# @ 1 256", "# @ 1 x56", "line 4: "),
    ],
)
def test_a_mark_that_is_none_is_named_and_all_else_is_read(tmp_path, was, now, fault):
    session = _read(tmp_path, WHOLE.replace(was, now, 1))
    assert re.match(fault, session.faults[0])
    assert session.blocks[-1].marks == (CommandMark("d2", "bbbbbb", 2048),)
    assert session.end == 99999


DAMAGE = ["s('''cello", 's("cello")))', 's("cello', "(((", "\\", 'x = """', "\x00", "if x:"]


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_block_that_is_damaged_takes_no_other_with_it(tmp_path, damage):
    session = _read(tmp_path, WHOLE.replace('d1 >> s("cello")', damage))
    assert [block.number for block in session.blocks] == [1, 2]
    assert session.blocks[0].marks == (CommandMark("d1", "aaaaaa", 512),)
    assert session.blocks[1].code.endswith('d2 >> s("kick")')


def test_bytes_that_are_no_text_are_named(tmp_path):
    (tmp_path / "set.py").write_bytes(WHOLE.encode().replace(b"cello", b"c\xffllo"))
    session = read_session(tmp_path / "set.py")
    assert session.faults == ["line 5: there are bytes that are no text"]
    assert len(session.blocks) == 2


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_session_that_an_editor_saved_is_read(tmp_path, encoding):
    (tmp_path / "set.py").write_bytes(WHOLE.replace("\n", "\r\n").encode(encoding))
    assert read_session(tmp_path / "set.py") == _read(tmp_path, WHOLE)
    (tmp_path / "set.py").write_bytes(WHOLE.replace("\n", "\r").encode(encoding))
    assert read_session(tmp_path / "set.py") == _read(tmp_path, WHOLE)


def test_an_end_without_a_line_end_is_an_end(tmp_path):
    assert _read(tmp_path, WHOLE.rstrip()).end == 99999


def test_a_block_that_two_engines_were_told_is_one(tmp_path):
    again = "# @ 1 256\nd1 >> s('a')\n# @ restart 300\n# @ 1 400\nd1 >> s('a')\n# @ 1 d1 aaaaaa 512\n"
    session = _read(tmp_path, f"# latentcode session 1\n# @ seed 1\n{again}")
    assert [(block.sample, block.marks) for block in session.blocks] == [
        (256, (CommandMark("d1", "aaaaaa", 512),))
    ]


def test_of_faults_without_end_a_few_are_told_and_the_others_counted(tmp_path):
    session = _read(tmp_path, WHOLE + f"# @ dry {'9' * 100_000}\n" * 200)
    assert len(session.faults) < 100
    assert max(map(len, session.faults)) < 500
    assert session.faults[-1] == "and 150 lines more that cannot be read"


def test_what_has_no_end_is_no_session():
    with pytest.raises(SessionError, match="it may have no end"):
        read_session("/dev/zero")
