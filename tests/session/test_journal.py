from __future__ import annotations

from fractions import Fraction

import pytest

from latentcode.errors import SessionError
from latentcode.session.journal import read_session
from latentcode.session.marks import CommandMark
from latentcode.session.records import Device, Dry, End, Failed
from latentcode.session.writing import Journal


@pytest.fixture
def journal(tmp_path):
    made = Journal(tmp_path / "set.py")
    made.header({"seed": 7, "rate": 48000, "buffer": 128, "model": "house@3f9a"})
    yield made
    made.close()


def test_what_is_written_is_read_back(journal):
    journal.block(1, "d1 >> s('cello')\nd2 >> s('kick*4')", 1024)
    journal.block(2, "x = 3", 2048)
    journal.command(1, CommandMark("d1", "9c41e0", 1536))
    journal.command(1, CommandMark("d2", "77ab02", 1536))
    journal.note(Failed(2))
    journal.note(Dry(512, 767))
    journal.note(End(99999))
    session = read_session(journal.path)
    assert session.header["model"] == "house@3f9a"
    assert session.number("rate") == 48000
    first, second = session.blocks
    assert first.code == "d1 >> s('cello')\nd2 >> s('kick*4')"
    assert first.marks == (CommandMark("d1", "9c41e0", 1536), CommandMark("d2", "77ab02", 1536))
    assert (second.code, second.failed, second.sample) == ("x = 3", True, 2048)
    assert session.of(Dry) == [Dry(512, 767)]
    assert session.end == 99999


@pytest.mark.parametrize(
    "code",
    [
        "d1 >> s('a')  # @ 3 d1 000000 5",
        "# @ 3 d1 000000 5\nd1 >> s('a')",
        "text = '''\n# @ 3 d1 000000 5\n'''",
        "# \\@ already\n#@ close\n#\\\\@ more",
        "def f(x):\n    # @ inside\n\n    return x",
    ],
)
def test_what_a_musician_writes_is_never_taken_for_a_mark(journal, code):
    journal.block(3, code, 0)
    journal.command(3, CommandMark("d1", "aaaaaa", 7))
    (block,) = read_session(journal.path).blocks
    assert block.code == code
    assert block.marks == (CommandMark("d1", "aaaaaa", 7),)


def test_the_cycle_of_a_block_is_read_however_long_its_fraction_became(journal):
    cycle = Fraction(10**847 + 1, 7**1000)
    journal.block(1, "bpm(90, over=2)", 512, cycle)
    journal.put(f"# @ 2 1024 {cycle}\nbpm(80)\n# @ 2 tempo 9c41e0 1024\n")  # as it was written once
    short, exact = read_session(journal.path).blocks
    assert 0 <= cycle - short.cycle < Fraction(1, 10**12)
    assert (exact.cycle, len(exact.marks)) == (cycle, 1)


def test_a_session_is_python(journal):
    journal.block(1, "d1 >> s('cello')  # @ 9 9", 1)
    journal.block(2, "this is no python", 1)
    names = compile(journal.path.read_text(), "set", "exec").co_names
    assert "d1" in names
    assert "python" not in names


def test_a_session_that_was_cut_off_keeps_its_whole_blocks(journal):
    journal.block(1, "d1 >> s('cello')", 1)
    journal.command(1, CommandMark("d1", "aaaaaa", 7))
    journal.close()
    with journal.path.open("a") as file:
        file.write("# @ 2 99\nd1 >> s('''cel")
    session = read_session(journal.path)
    assert session.blocks[0].marks == (CommandMark("d1", "aaaaaa", 7),)


@pytest.mark.parametrize("content", [b"", b"print(1)\n", b"\x00\xff\xfe", b"# latentcode session 9\n"])
def test_what_is_no_session_is_one_clear_sentence(tmp_path, content):
    file = tmp_path / "x.py"
    file.write_bytes(content)
    with pytest.raises(SessionError) as caught:
        read_session(file)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_there_is_never_written_into(tmp_path):
    for content in (b"# latentcode session 1\n", b""):
        (tmp_path / "set.py").write_bytes(content)
        first, second = Journal(tmp_path / "set.py"), Journal(tmp_path / "set.py")
        for one in (first, second):
            one.header({"seed": 1})
            one.close()
        assert (tmp_path / "set.py").read_bytes() == content
        assert len({first.path, second.path, tmp_path / "set.py"}) == 3
    again = Journal(second.path, again=True)
    again.note(End(5))
    again.close()
    assert again.path == second.path
    assert read_session(second.path).end == 5


def test_a_device_of_before_another_engine_took_over_is_that_of_where_it_did(tmp_path):
    """A player that was replaced meanwhile was once noted at a sample of its own."""
    (tmp_path / "set.py").write_text(
        "# latentcode session 1\n# @ seed 1  rate 44100  buffer 256\n# @ 1 0 0\nd1 >> s('kick')\n"
        "# @ device 4096 512\n# @ restart 96000\n# @ device 96000 256\n# @ device 8192 1024\n# @ device 97280 256\n"
    )
    found = [(one.sample, one.buffer) for one in read_session(tmp_path / "set.py").of(Device)]
    assert found == [(4096, 512), (96000, 256), (96000, 1024), (97280, 256)]


def test_what_an_engine_has_stamped_with_its_last_breath_is_as_the_next_one_has_played_it(tmp_path):
    line = "loop.record(); d1 >> loop"
    (tmp_path / "set.py").write_text(
        f"# latentcode session 1\n# @ seed 1  marks all\n# @ 5 2048 1/4\n{line}\n# @ 5 loop 569400 2560\n"
        f"# @ restart 2560\n# @ 5 2560 1/2\n{line}\n# @ 5 loop 569400 3072\n# @ 5 d1 1d58b1 3072\n# @ end 9000\n"
    )
    (block,) = read_session(tmp_path / "set.py").blocks
    assert [(mark.target, mark.stamp) for mark in block.marks] == [("loop", 3072), ("d1", 3072)]
