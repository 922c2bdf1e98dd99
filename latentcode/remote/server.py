"""Serves editors on a thread of its own: whatever they do, neither prompt nor sound waits for them.

What a client does not read is dropped where it is an event; one that does not read its answers is
let go of.
"""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from latentcode.errors import EngineError
from latentcode.remote import protocol
from latentcode.remote.address import Listening
from latentcode.remote.incoming import Incoming, Outcome

MOST = 128  # clients at once
WAITING = 64  # blocks of one client that have not run
UNREAD, HOPELESS = 1 << 18, 1 << 24  # bytes that wait for a client: no more events, no more client
STATE_SECONDS = 0.1
WATCHED = frozenset({"state", "sounding"})  # events that are looked for
SETTLED = 0.05  # seconds after the engine has taken a block in which it says what it refuses
LONGEST_WAIT = 10.0
NAMELESS = "editor"
KEYS = {f"{word}()": word for word in ("hush", "panic", "interrupt")}  # code that waits for nothing


class Set(Protocol):
    """What the server asks of whoever runs blocks; all of it from the server's thread."""

    def put(self, incoming: Incoming, done: Callable[[Outcome], None]) -> None:
        """Have a block run when its time comes; `done` is called on another thread."""

    def interrupt(self, whose: str) -> bool:
        """End the block that runs: "ours", of an editor, or "any"; False where none does."""

    def pending(self, number: int) -> bool:
        """Whether the engine has not taken what a block asked for."""

    def refused(self, number: int) -> list[str]:
        """What the engine said it could not do of a block."""

    def state(self) -> dict[str, Any]:
        """How the set stands, as plain values."""

    def sounding(self) -> dict[str, Any] | None:
        """What sounds, and where it stands in the code; None where that has not changed."""


class Server:
    """Listens at a path until it is closed.

    Raises OSError where it cannot.
    """

    def __init__(self, playing: Set, path: Path, **how: Any) -> None:
        self.playing = playing
        self.clients: list[Client] = []
        self._listening = Listening(path, **how)
        self.path = path
        self.wanted = asyncio.Event()  # somebody may want to know how the set stands, or what sounds
        self._loop, self._begun = asyncio.new_event_loop(), threading.Event()
        self._thread = threading.Thread(target=self._serve, name="editors", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Hang up."""
        self._begun.wait(1.0)  # what begins cannot be stopped
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(1.0)
        self._listening.close()

    def tell(self, event: str, **what: Any) -> None:
        """Push an event to those who listen to its kind; from any thread."""
        if self.clients:
            self.soon(partial(self._tell, event, what))

    def soon(self, call: Callable[[], object]) -> None:
        """Have something done on the server's thread."""
        with suppress(RuntimeError):  # it has just ended
            self._loop.call_soon_threadsafe(call)

    def named(self, wanted: str) -> str:
        """A name that no other client has, which stands in the journal as one word."""
        name = re.sub(r"[^\w.@-]+", "-", wanted).strip("-")[:32] or NAMELESS
        taken = {client.name for client in self.clients}
        more = (f"{name}-{number}" for number in range(2, MOST + 2))
        return name if name not in taken else next(one for one in more if one not in taken)

    def _tell(self, event: str, what: dict[str, Any]) -> None:
        line = protocol.written({"event": event, **what})
        for client in self.clients:
            if event in client.listens:
                client.push(line)

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        begun = asyncio.start_server(
            self._welcome, sock=self._listening.socket, limit=protocol.LONGEST, backlog=MOST
        )
        server = self._loop.run_until_complete(begun)
        self._begun.set()
        watching = self._loop.create_task(self._watch())
        self._loop.run_forever()
        watching.cancel()
        server.close()
        for client in self.clients:
            client.drop()
        self._loop.run_until_complete(asyncio.sleep(0))
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.close()

    async def _welcome(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        client = Client(self, reader, writer)
        if len(self.clients) >= MOST:
            client.fail(None, f"{MOST} programs are connected already; let one of them go")
            writer.close()
            return
        if secret := self._listening.secret:
            said = await client.line()
            if said is None or said.strip() != secret.encode():
                client.fail(None, f"the first line is to be the secret in {self.path}")
                writer.close()
                return
        client.name = self.named(NAMELESS)
        self.clients.append(client)
        try:
            await client.serve()
        finally:
            self.clients.remove(client)
            writer.close()

    async def _watch(self) -> None:
        """Tell how the set stands, and what sounds, while somebody wants to know."""
        known = None
        while True:
            wanted = frozenset[str]().union(*(client.listens for client in self.clients))
            if not wanted & WATCHED:
                self.wanted.clear()
                await self.wanted.wait()
                continue
            await asyncio.sleep(STATE_SECONDS / 4)
            if "sounding" in wanted and (sounding := self.playing.sounding()) is not None:
                self._tell("sounding", sounding)
            if "state" in wanted and (state := self.playing.state()) != known:
                known = state
                self._tell("state", state)


class Client:
    """One program at the other end of a line."""

    def __init__(self, server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._server, self._reader, self._writer = server, reader, writer
        self.name, self.listens = NAMELESS, frozenset[str]()
        self._waiting = 0

    async def serve(self) -> None:
        """Answer requests until it hangs up, or is let go of."""
        while (line := await self.line()) is not None and not self._writer.is_closing():
            if not line.strip():
                continue
            await asyncio.sleep(0)  # however much it has to say, others have their turn
            try:
                request = protocol.read(line)
                OPS[type(request)](self, request)
            except EngineError as error:
                self.fail(protocol.id_of(line), str(error))

    async def line(self) -> bytes | None:
        """What it says next; None when it has hung up, or says what is no line."""
        try:
            return await self._reader.readuntil(b"\n")
        except asyncio.LimitOverrunError:
            self.fail(None, f"a line has at most {protocol.LONGEST} bytes; the line is closed")
        except (asyncio.IncompleteReadError, OSError):
            pass
        return None

    def push(self, line: bytes) -> None:
        """An event, which is dropped where it does not read what it is told."""
        if self._unread < UNREAD:
            self._writer.write(line)

    def reply(self, request: int | str | None, **told: Any) -> None:
        """An answer; a client that reads none is let go of."""
        if self._unread > HOPELESS:
            self.drop()
        elif not self._writer.is_closing():
            self._writer.write(protocol.written({"id": request, **told}))

    def fail(self, request: int | str | None, why: str) -> None:
        """An answer that says what is wrong."""
        self.reply(request, ok=False, error=why)

    def drop(self) -> None:
        """Hang up at once."""
        self._writer.transport.abort()

    @property
    def _unread(self) -> int:
        return int(self._writer.transport.get_write_buffer_size())

    def hello(self, request: protocol.Hello) -> None:
        if request.name != self.name:
            self.name = self._server.named(request.name)
        self.reply(request.id, ok=True, name=self.name, events=protocol.EVENTS, ops=protocol.OPS)

    def evaluate(self, request: protocol.Eval) -> None:
        """Have a block run. Raises EngineError where too many wait."""
        wait = min(max(request.wait, 0.0), LONGEST_WAIT)
        code = request.code.removeprefix("\ufeff").replace("\r\n", "\n")  # of a file from Windows
        if not code.strip():  # nothing, as an Enter in an empty line
            self.reply(request.id, **protocol.answer(Outcome(), []))
            return
        if (word := code.partition("#")[0].strip()) in KEYS:  # alone: as its key
            self._press(KEYS[word], request.id, wait)
            return
        self._run(Incoming(code, self.name, request.file, request.line), request.id, wait)

    def press(self, request: protocol.Hush | protocol.Panic) -> None:
        """Be silent, whatever runs and waits. Raises no EngineError: that is never too much."""
        self._press(str(request.__struct_config__.tag), request.id)

    def interrupt(self, request: protocol.Interrupt) -> None:
        """End the block of an editor that runs. Raises no EngineError."""
        self._press("interrupt", request.id)

    def listen(self, request: protocol.Listen) -> None:
        """Tell of these events from now on. Raises EngineError for what is none."""
        if unknown := [kind for kind in request.events if kind not in protocol.EVENTS]:
            raise EngineError(f"there is no event {unknown[0]!r}; there are {', '.join(protocol.EVENTS)}")
        self.listens = frozenset(request.events)
        self._server.wanted.set()
        self.reply(request.id, ok=True, events=sorted(self.listens))

    def state(self, request: protocol.State) -> None:
        self.reply(request.id, ok=True, **self._server.playing.state())

    def _press(self, word: str, request: int | str | None, wait: float = 0.0) -> None:
        if word == "interrupt":
            self.reply(request, ok=True, interrupted=self._server.playing.interrupt("ours"))
            return
        if word == "panic":
            self._server.playing.interrupt("any")
        self._run(Incoming(f"{word}()", self.name, key=True), request, wait)

    def _run(self, incoming: Incoming, request: int | str | None, wait: float) -> None:
        if self._waiting >= WAITING and not incoming.key:
            raise EngineError(f"{WAITING} blocks of {self.name} wait already; send interrupt, or wait")
        self._waiting += 1
        self._server.playing.put(
            incoming, lambda outcome: self._server.soon(partial(self._ran, request, wait, outcome))
        )

    def _ran(self, request: int | str | None, wait: float, outcome: Outcome) -> None:
        self._waiting -= 1
        if wait:
            self._task = asyncio.ensure_future(self._settle(request, wait, outcome))
        else:
            self.reply(request, **protocol.answer(outcome, []))

    async def _settle(self, request: int | str | None, wait: float, outcome: Outcome) -> None:
        playing, number = self._server.playing, outcome.number
        end = self._server._loop.time() + wait
        while playing.pending(number) and not playing.refused(number) and self._server._loop.time() < end:
            await asyncio.sleep(0.01)
        await asyncio.sleep(SETTLED)
        self.reply(request, **protocol.answer(outcome, playing.refused(number)))


OPS: dict[type, Callable[[Client, Any], None]] = {
    protocol.Hello: Client.hello,
    protocol.Eval: Client.evaluate,
    protocol.Hush: Client.press,
    protocol.Panic: Client.press,
    protocol.Interrupt: Client.interrupt,
    protocol.Listen: Client.listen,
    protocol.State: Client.state,
}
