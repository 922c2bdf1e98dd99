"""What hands did in a compact form: the same is read, and what is damaged or forged harms nothing."""

from __future__ import annotations

import base64
import random
import re
import tracemalloc
import zlib
from pathlib import Path

import pytest

from latentcode.errors import SessionError
from latentcode.session import packing
from latentcode.session.compact import compact, main
from latentcode.session.journal import read_session
from latentcode.session.packing import InputValue, packed
from latentcode.session.records import DirectValues, End, Inputs
from latentcode.session.writing import Journal

KEYS = ["cc:1@nano/1", "cc:2@nano/1", "note:60@beat step/2", "osc:/x %{#0"]


def played(path: Path, count: int = 500) -> Path:
    """A session with blocks of code between what hands did."""
    rng, sample = random.Random(3), 0
    journal = Journal(path)
    journal.header({"seed": 7, "rate": 44100})
    for number in range(1, 6):
        journal.block(number, f"x = {number}  # @ close", sample)
        for _ in range(count // 5):
            sample += rng.randrange(600)
            given = [(rng.choice(KEYS), sample + rng.randrange(64), rng.random()) for _ in range(2)]
            journal.note(Inputs(tuple(given)))
            journal.note(DirectValues(sample, ((("gain", 0), rng.random()), (("master",), rng.random()))))
    journal.note(End(sample + 1000))
    journal.close()
    return journal.path


def values(session):
    direct = [(one.sample, *pair) for one in session.of(DirectValues) for pair in one.given]
    return list(session.inputs), direct


def test_a_session_that_is_packed_says_what_it_said(tmp_path):
    path = played(tmp_path / "set.py")
    before, lines = read_session(path), path.read_text().count("\n")
    assert compact(path) == 2000
    after, text = read_session(path), path.read_text()
    assert values(after) == values(before)
    assert [(b.number, b.code, b.sample) for b in after.blocks] == [
        (b.number, b.code, b.sample) for b in before.blocks
    ]
    assert (after.header, after.end, after.faults) == (before.header, before.end, [])
    assert max(after.reached) == max(before.reached)
    assert max(map(len, text.split("\n"))) <= 100
    assert text.count("\n") < lines / 3
    assert text.index("# @ end") < text.index("# @ packed")
    compile(text, "set", "exec")
    assert compact(path) == 2000
    assert path.read_text() == text


def test_it_is_written_out_again_and_the_engine_goes_on_in_it(tmp_path):
    path = played(tmp_path / "set.py")
    before = values(read_session(path))
    compact(path)
    assert main([str(path), "--plain"]) == 0
    assert "# @ packed" not in path.read_text()
    assert values(read_session(path)) == before
    compact(path)
    again = Journal(path, again=True)
    again.note(Inputs((("cc:9@nano/1", 10**6, 1.0),)))
    again.close()
    assert [given.key for given, _ in read_session(path).inputs][-1] == "cc:9@nano/1"
    assert len(list(read_session(path).inputs)) == 1001


def test_a_few_values_stay_marks_and_a_damaged_session_is_left_as_it_is(tmp_path, capsys):
    path = played(tmp_path / "set.py", 10)
    text = path.read_text()
    assert compact(path) == 0
    assert path.read_text() == text
    path.write_text(text.replace("# @ end", "# @ dry 5\n# @ end"))
    with pytest.raises(SessionError, match=r"line \d+: '# @ dry 5' .*: mend it first"):
        compact(path)
    with pytest.raises(SystemExit):
        main([str(path)])
    assert "mend it first" in capsys.readouterr().err


def test_code_that_was_written_in_behind_a_mark_keeps_its_place(tmp_path):
    path = played(tmp_path / "set.py")
    text = re.sub(r"^(# @ in .*\n)", r"\1hush()\n", path.read_text(), count=1, flags=re.MULTILINE)
    path.write_text(text)
    with pytest.raises(SessionError, match="would say something else"):
        compact(path)
    assert path.read_text() == text
    assert list(tmp_path.iterdir()) == [path]


def test_many_values_are_in_several_blocks_and_long_names_in_more():
    rows = [InputValue(f"osc:/{'x' * 3000}{number}#0", number, "0.5") for number in range(packing.MOST + 1)]
    lines = list(packed("in", rows))
    marks = [line for line in lines if line.startswith("# @ packed")]
    assert len(marks) > 20
    assert sum(int(line.split()[4]) for line in marks) == len(rows)


def forged(data: bytes, count: object = 2, name: str = "in", whole: bool = False) -> str:
    coded = base64.b85encode(data if whole else zlib.compress(data, 9)).decode()
    return f"# @ packed {name} {count} zlib-base85\n#   {coded}\n"


GOOD = b"cc:1@x/1 cc:2\n0 1\n5 -3\n0.5 1.0"
FORGED = {
    "another count": forged(GOOD, 3),
    "no count": forged(GOOD, "x"),
    "another coding": forged(GOOD).replace("zlib-", "zstd-"),
    "marks that cannot be packed": forged(GOOD, name="answer"),
    "marks that nobody knows": forged(GOOD, name="hm"),
    "no text": forged(b"\xff\xfe" * 9),
    "not compressed": forged(GOOD, whole=True),
    "cut off": forged(zlib.compress(GOOD)[:-3], whole=True),
    "nothing below": "# @ packed in 2 zlib-base85\n",
    "no base85": "# @ packed in 2 zlib-base85\n#   ~~~~~~\"'\\\n",
    "three lines": forged(GOOD.rpartition(b"\n")[0]),
    "a name that is not there": forged(GOOD.replace(b"0 1\n", b"0 2\n")),
    "a name from the end": forged(GOOD.replace(b"0 1\n", b"0 -1\n")),
    "numbers of other scripts": forged(GOOD.replace(b"0 1\n", "0 ²\n".encode())),
    "a value that is none": forged(GOOD.replace(b"0.5", b"nan")),
    "a value without an end": forged(GOOD.replace(b"0.5", b"1e999999999")),
    "a sample before the set": forged(GOOD.replace(b"-3", b"-9")),
    "a sample without an end": forged(GOOD.replace(b"-3", b"9" * 5000)),
    "a mark in a name": forged(GOOD.replace(b"cc:2", b"\n# @ 9 0\nhurt()")),
    "no place": forged(GOOD, name="hand"),
    "nothing": forged(b""),
    "more than it may": forged(b"a\n" + b"0 " * (1 << 21)),
    "more than memory has": forged(GOOD, 999_999_999),
}
FORGED_LATE = {"a bomb": lambda: forged(bytes(1 << 28))}  # which takes a second to pack


@pytest.mark.parametrize("block", [*FORGED, *FORGED_LATE])
def test_what_is_forged_or_damaged_is_named_and_all_else_is_read(tmp_path, block):
    path = tmp_path / "set.py"
    whole, damaged = forged(GOOD), FORGED[block] if block in FORGED else FORGED_LATE[block]()
    path.write_text(
        f"# latentcode session 1\n# @ seed 7\n# @ 1 256\nx = 1\n{whole}{damaged}{whole}# @ end 9\n"
    )
    tracemalloc.start()
    session = read_session(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 16 << 20
    assert len(session.faults) == 1
    assert re.match(r"line 7: '# @ packed .*' is left out", session.faults[0])
    assert [sample for _, sample in session.inputs] == [5, 2, 5, 2]
    assert [block.code for block in session.blocks] == ["x = 1"]
    assert session.end == 9


def test_many_blocks_may_take_no_more_than_one_file_may(tmp_path, monkeypatch):
    monkeypatch.setenv("LATENTCODE_MEMORY", "1")
    row = (
        b"k\n"
        + b" ".join([b"0"] * 4000)
        + b"\n"
        + b" ".join([b"1"] * 4000)
        + b"\n"
        + b" ".join([b"0"] * 4000)
    )
    (tmp_path / "set.py").write_text("# latentcode session 1\n# @ seed 7\n" + forged(row, 4000) * 3)
    session = read_session(tmp_path / "set.py")
    assert len(list(session.inputs)) == 4000
    assert len(session.faults) == 2
    assert "MiB of memory, where 1 MiB are allowed" in session.faults[0]


def test_wherever_packed_values_are_cut_off_they_are_whole_or_not_there(tmp_path):
    path = played(tmp_path / "set.py", 100)
    compact(path)
    text, whole = path.read_text(), list(read_session(path).inputs)
    begin = text.index("# @ packed")
    for end in range(begin, len(text), 7):
        path.write_text(text[:end])
        assert list(read_session(path).inputs) in ([], whole)
