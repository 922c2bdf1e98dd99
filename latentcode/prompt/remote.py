"""The set as editors see it: what `remote.server` asks of the prompt."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from msgspec import to_builtins

from latentcode.prompt.link import Link
from latentcode.prompt.sounding import Sounding, Word
from latentcode.remote.address import SUFFIX, clear, own_path
from latentcode.remote.incoming import Incoming, Outcome
from latentcode.remote.server import Server

if TYPE_CHECKING:
    from latentcode.prompt.session import Desk

VOICE = ("text", "muted", "solo", "gain", "pan", "pending", "fx")  # what is told of a voice


class Shows(Protocol):
    """What shows lines for the musician, and lets an errand be run beside what is typed."""

    listeners: list[Callable[[str], None]]
    errand: Callable[[], None]

    def tell(self, line: str) -> None: ...

    def ring(self) -> None: ...


class Seen:
    """What editors and pages see of a set."""

    def __init__(self, link: Link, sounding: Sounding) -> None:
        self._link, self._known = link, sounding
        self._sounding: list[Word] = []

    def pending(self, number: int) -> bool:
        return self._link.pending(number)

    def refused(self, number: int) -> list[str]:
        return [text for block, text in tuple(self._link.refused) if block == number]

    def state(self) -> dict[str, Any]:
        link = self._link
        state, hello = link.state, link.hello
        return {
            "ready": link.ready,
            "down": link.down or link.pausing,
            "model": hello.model if hello else "",
            "journal": hello.journal if hello else "",
            "sample_rate": hello.sample_rate if hello else 0,
            "bpm": state.bpm,
            "cycle": state.cycle,
            "beats": state.beats,
            "load": max(state.load, state.player_load),
            "dry": state.dry,
            "peak": state.held,
            "recording": state.recording,
            "voices": [
                {"name": f"d{voice.index + 1}", **{name: getattr(voice, name) for name in VOICE}}
                for voice in state.voices
            ],
        }

    def sounding(self) -> dict[str, Any] | None:
        link = self._link
        words = self._known.now(link.state, link.heard, link.hello.seed if link.hello else 0)
        if words == self._sounding:
            return None
        self._sounding = words
        return {"words": to_builtins(words)}


class Watched(Seen):
    """A set that can be looked at, and to which nothing can be sent; `why` is what is told."""

    def __init__(self, link: Link, sounding: Sounding, why: str) -> None:
        super().__init__(link, sounding)
        self._why = why
        self.heard: list[Callable[[Incoming, Outcome], None]] = []  # told of each block that has run

    def put(self, incoming: Incoming, done: Callable[[Outcome], None]) -> None:
        done(Outcome(error=self._why))

    def interrupt(self, whose: str) -> bool:
        return False


class Pressed(Watched):
    """The same, whose keys count: hush and panic, on whatever thread its blocks run; and blocks
    while it is `open`.
    """

    def __init__(self, desk: Desk, why: str, is_open: Callable[[], bool] = lambda: False) -> None:
        super().__init__(desk.link, desk.sounding, why)
        self._inbox, self._is_open = desk.inbox, is_open
        self.heard = desk.inbox.heard

    def put(self, incoming: Incoming, done: Callable[[Outcome], None]) -> None:
        put = self._inbox.put if incoming.key or self._is_open() else super().put
        put(incoming, done)

    def interrupt(self, whose: str) -> bool:
        return self._inbox.interrupt(whose)


class Remote(Seen):
    """Hands what editors ask for to a desk."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.link, desk.sounding)
        self._desk = desk

    def put(self, incoming: Incoming, done: Callable[[Outcome], None]) -> None:
        self._desk.inbox.put(incoming, done)

    def interrupt(self, whose: str) -> bool:
        return self._desk.inbox.interrupt(whose)


@contextmanager
def seen(watched: Watched, door: Path | None) -> Iterator[None]:
    """While this lasts pages and editors hear which words sound, at a socket beside the engine's
    door.
    """
    server = None
    if door is not None:
        with suppress(OSError):  # they are told the code all the same
            server = Server(watched, door.with_suffix(SUFFIX))
            watched.heard.append(partial(_ran, server))
    try:
        yield
    finally:
        if server is not None:
            server.close()


@contextmanager
def serving(desk: Desk, notices: Shows) -> Iterator[Path | None]:
    """While this lasts editors are served at the path that it gives; None where they cannot be."""
    clear()
    path = own_path()
    if path is None:
        yield None  # `places.remarks` has said why
        return
    desk.inbox.ring, notices.errand = notices.ring, desk.inbox.run_all
    try:
        server = Server(Remote(desk), path)
    except OSError as error:
        notices.tell(f"✗ editors cannot reach this set: {error}")
        yield None
        return
    notices.listeners.append(lambda line: server.tell("message", text=line))
    desk.inbox.heard.append(partial(_ran, server))
    try:
        yield path
    finally:
        server.close()


def _ran(server: Server, incoming: Incoming, outcome: Outcome) -> None:
    server.tell("block", by=incoming.by, code=incoming.code, file=incoming.file, line=incoming.line,
        block=outcome.number, ok=not outcome.error)  # fmt: skip
