from __future__ import annotations

from prompt_toolkit.buffer import Buffer
from prompt_toolkit.document import Document
from prompt_toolkit.history import FileHistory

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
