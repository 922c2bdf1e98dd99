"""One stage, from its first page to its end: the observer, the view and the server together."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from latentcode.errors import LatentcodeError
from latentcode.prompt.link import open_doors
from latentcode.protocol.messages import Message
from latentcode.remote.address import SUFFIX
from latentcode.stage import access, qr
from latentcode.stage.observer import Observer
from latentcode.stage.touching import Surface, Values
from latentcode.stage.view import View, lit
from latentcode.stage.words import Listener, Words

if TYPE_CHECKING:
    from latentcode.stage.server import Secrets

NEEDED = ("starlette", "uvicorn", "websockets")
LONGEST = 4096  # bytes of what a page may say
PING = 5.0  # seconds between two questions whether a page is there, and in which it answers
MOST_CALLERS = 200  # at once, pages and others


def check_installed() -> None:
    """Raises LatentcodeError where what serves the page is not installed."""
    if any(find_spec(name) is None for name in NEEDED):
        raise LatentcodeError(
            "the stage page needs starlette, uvicorn and websockets, which are not installed; "
            "type pip install 'latentcode[stage]'"
        )


class Serving:
    """The stage at an address, of the set at a door, or else of the newest; `desk` is where its
    desk listens to editors. `told` are the lines that say where it is.

    Raises LatentcodeError where it cannot be served.
    """

    def __init__(self, at: str, door: Path | None = None, desk: Path | None = None) -> None:
        check_installed()
        import uvicorn

        from latentcode.stage.server import Brief, Secrets, Stage

        host, port = access.address(at)
        self._socket = access.listening(host, port)
        secrets = Secrets(access.secret(access.LOOK), access.secret(access.TOUCH))
        self.told = _lines(host, self._socket.getsockname()[1], secrets)
        self._desk = desk
        self._doors: Callable[[], list[Path]] = open_doors if door is None else lambda: [door]
        self._view = View()
        self._stage = Stage(secrets, host, self._look, Surface(self._touch))
        for told in self._view.take(None):
            self._stage.tell(told)
        config = uvicorn.Config(
            self._stage.app,
            log_level="critical",
            access_log=False,
            lifespan="off",
            server_header=False,
            http=Brief,
            ws="websockets-sansio",
            ws_max_size=LONGEST,
            ws_per_message_deflate=False,
            ws_ping_interval=PING,
            ws_ping_timeout=PING,
            limit_concurrency=MOST_CALLERS,
            timeout_keep_alive=5,
            timeout_graceful_shutdown=1,
        )
        self._server = uvicorn.Server(config)
        self._observer: Observer | None = None
        self._words: Listener | None = None

    def run(self) -> None:
        """Serve until `end`, or Ctrl-C."""
        with suppress(KeyboardInterrupt):
            asyncio.run(self._run())

    def end(self) -> None:
        """Have `run` return; from any thread."""
        self._server.should_exit = True

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()

        def soon(take: Callable[[Any], None], told: Any) -> None:
            with suppress(RuntimeError):  # the loop has ended
                loop.call_soon_threadsafe(take, told)

        self._observer = Observer(self._doors, partial(soon, self._take))
        self._words = Listener(self._listening, partial(soon, self._light))
        try:
            await self._server.serve([self._socket])
        finally:
            self._observer.close()

    def _take(self, message: Message | None) -> None:
        for told in self._view.take(message):
            self._stage.tell(told)

    def _light(self, words: Words) -> None:
        self._stage.tell(lit(words))

    def _touch(self, values: Values) -> None:
        if self._observer is not None:
            self._observer.touch(values)

    def _look(self, wanted: bool) -> None:
        for one in (self._observer, self._words):
            if one is not None:
                one.look(wanted)

    def _listening(self) -> Path | None:
        """Where the desk of the set listens; None for the newest."""
        beside = (door.with_suffix(SUFFIX) for door in self._doors()[:1])
        return self._desk or next((path for path in beside if path.exists()), None)


def _lines(host: str, port: int, secrets: Secrets) -> tuple[str, ...]:
    """Where the stage is, as it is typed into a browser, and as a phone reads it."""
    reached = access.here(host)
    shown = f"[{reached}]" if ":" in reached else reached
    base = f"http://{shown}:{port}/#"
    lines = [
        f"the stage is at {base}{secrets.look}",
        f"… and to be touched, with sliders, at {base}{secrets.touch}",
    ]
    if host in access.EVERYWHERE:
        lines.append(f"… and the same on each network of this machine, at its address, port {port}")
    return (*lines, *([] if access.is_alone(host) else qr.lines(f"{base}{secrets.touch}")))
