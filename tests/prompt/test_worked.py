from __future__ import annotations

from prompt_toolkit.buffer import Buffer
from prompt_toolkit.document import Document
from prompt_toolkit.history import FileHistory

from latentcode.prompt import typed_history
from latentcode.prompt.typed_history import TypedHistory
from latentcode.prompt.worked import Worked


def test_what_failed_is_not_suggested_until_it_works(tmp_path):
    file = tmp_path / "history"
    history, worked = FileHistory(str(file)), Worked(str(file))

    def suggested(by):
        buffer = Buffer(history=history)
        found = by.get_suggestion(buffer, Document("d1 >> "))
        return found and found.text

    for line, right in (("d1 >> 'cello'", True), ("x = 1\nd1 >> celo", False)):
        history.append_string(line)
        worked.told(line, right)
    assert suggested(worked) == "'cello'"
    assert suggested(Worked(str(file))) == "'cello'"  # in the next set too
    worked.told("x = 1\nd1 >> celo", True)
    assert suggested(worked) == suggested(Worked(str(file))) == "celo"
    assert [*FileHistory(str(file)).load_history_strings()] == ["x = 1\nd1 >> celo", "d1 >> 'cello'"]


def test_two_sets_that_share_a_history_do_not_mix_theirs(tmp_path):
    file = str(tmp_path / "history")
    mine, other = TypedHistory(file), TypedHistory(file)
    long = "\n".join(f"line {n} " + "x" * 60 for n in range(500))
    mine.append_string("d1 >> celo")
    other.append_string(long)
    Worked(file).told("d1 >> celo", False)  # the other has typed meanwhile
    assert typed_history.failed(file) == {"d1 >> celo"}
    assert [*TypedHistory(file).load_history_strings()] == [long, "d1 >> celo"]
    Worked(file).told("d1 >> celo", True)
    assert typed_history.failed(file) == set()


def test_what_sets_of_before_noted_counts(tmp_path):
    file = tmp_path / "history"
    file.write_text("\n# then\n+a\n# failed\n\n# then\n+b\n# failed\n# right\n")
    assert typed_history.failed(str(file)) == {"a"}


def test_of_a_huge_history_the_latest_entries_are_read(tmp_path, monkeypatch):
    monkeypatch.setattr(typed_history, "RECALLED", 100)
    history = TypedHistory(str(tmp_path / "history"))
    for number in range(40):
        history.store_string(f"first {number}\nsecond {number}")
    read = [*history.load_history_strings()]
    assert read[0] == "first 39\nsecond 39"
    assert 0 < len(read) < 5
    assert all(entry.startswith("first") for entry in read)  # none begins in its middle


def test_a_damaged_history_gives_what_can_be_read(tmp_path):
    file = tmp_path / "history"
    file.write_bytes(b"\xff\xfe\0rubbish\n+d1 >> s('cello')\n\n+\xc3\x28 half\n# failed 00000000\n# fail")
    assert [*TypedHistory(str(file)).load_history_strings()] == ["�( half", "d1 >> s('cello')"]
    assert typed_history.failed(str(file)) == set()


def test_where_no_history_can_be_kept_that_is_told(tmp_path, monkeypatch):
    assert typed_history.history_file(tmp_path) == (str(tmp_path / "history"), "")

    def read_only(path, flags):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(typed_history.places, "opener", read_only)
    file, remark = typed_history.history_file(tmp_path)
    assert file == str(tmp_path / "history")  # what was typed before is there
    assert "Permission denied" in remark
    (tmp_path / "other" / "history").mkdir(parents=True)
    file, remark = typed_history.history_file(tmp_path / "other")
    assert file is None
    assert "it is no file" in remark
    TypedHistory(str(tmp_path / "other" / "history")).store_string("x")  # is not kept
    assert [*TypedHistory(str(tmp_path / "nowhere")).load_history_strings()] == []
