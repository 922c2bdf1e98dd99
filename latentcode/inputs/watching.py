"""Whether what was read of live inputs still holds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from latentcode.inputs.reader import Reader


class Watch:
    """Sees which inputs a reader is asked for, and whether any of them has been put since."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._names: tuple[str, ...] = ()
        self._state: tuple[int, ...] | None = None

    @property
    def holds(self) -> bool:
        """Whether what was read would be read again; never where it depends on what is made of inputs."""
        return self._state is not None and self._reader.inputs.states(self._names) == self._state

    @contextmanager
    def reading(self) -> Iterator[None]:
        """What is read in here is watched."""
        reader = self._reader
        reader.names, asked, by_name = set(), reader.asked, reader.by_name
        yield
        self._names = tuple(reader.names)
        plain = reader.asked - asked == reader.by_name - by_name
        self._state = reader.inputs.states(self._names) if plain else None
