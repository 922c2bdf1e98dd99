"""What was set aside while a set was played, as its journal notes it (see `clock/set_aside.py`)."""

from __future__ import annotations

from collections.abc import Iterator

from latentcode.clock.set_aside import ANY, NOTE
from latentcode.errors import SessionError
from latentcode.session.journal import Session

Decision = tuple[str, int, str]  # place, sample, digest


def decisions(session: Session) -> Iterator[Decision]:
    """What was set aside in a session, in order. Raises SessionError."""
    for note in session.notes.get(NOTE, []):
        try:
            place, sample, digest = (*note, ANY)[:3]
            yield place, int(sample), digest
        except ValueError as error:
            raise SessionError(
                f"the journal notes {NOTE} {' '.join(note)}; it must be as in '{NOTE} d1 44100 9c41e0'"
            ) from error
