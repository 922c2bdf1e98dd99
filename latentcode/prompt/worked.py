"""The grey suggestion: what the musician typed before, as long as it did not fail."""

from __future__ import annotations

from prompt_toolkit.auto_suggest import AutoSuggest, Suggestion
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.document import Document

from latentcode.prompt import typed_history


class Worked(AutoSuggest):
    """Suggests from the history what has not failed when it was run last;
    ↑ brings back all the same.

    file    the history, in which it is noted what failed; None when it is not kept
    """

    def __init__(self, file: str | None) -> None:
        self._file = file
        self._failed: set[str] | None = None

    def get_suggestion(self, buffer: Buffer, document: Document) -> Suggestion | None:
        """The rest of the latest line that begins as the typed one does."""
        typed, failed = document.text.rpartition("\n")[2], self._known()
        if not typed.strip():
            return None
        entries = (entry for entry in reversed(buffer.history.get_strings()) if entry not in failed)
        lines = (line for entry in entries for line in reversed(entry.splitlines()))
        found = next((line for line in lines if line.startswith(typed)), None)
        return None if found is None else Suggestion(found[len(typed) :])

    def told(self, entry: str, right: bool) -> None:
        """An entry of the history has been run: whether that went well."""
        failed = self._known()
        if right == (entry not in failed):
            return
        (failed.discard if right else failed.add)(entry)
        if self._file is not None:
            typed_history.note(self._file, entry, right)

    def _known(self) -> set[str]:
        if self._failed is None:
            self._failed = set() if self._file is None else typed_history.failed(self._file)
        return self._failed
