"""The pages and their sockets: an ASGI application, and who is looking.

Each page is told through an outbox of its own: of each kind of thing the latest, so a slow one sees
fewer frames, holds up nobody, and costs no memory.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import msgspec
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect
from uvicorn.protocols.http.h11_impl import H11Protocol

from latentcode.stage import access
from latentcode.stage.touching import Surface, read
from latentcode.stage.view import Told

MOST, BESIDE = 80, 10  # pages at once, and how many more of those that may touch
BRIEF = 10.0  # seconds in which a page has come
WHO = 5.0  # seconds in which a page says its secret
BEAT = 2.0  # seconds after which a page to which there is nothing to tell is told so
PATIENCE = 10.0  # … in which it takes what it is told
MOST_SAID = 200  # messages a second that a page may say
YOU, FRAME, SLIDERS, BEATS = "you", "frame", "sliders", "beat"  # kinds of what is told
NOTHING = '{"is":"beat"}'
LOOKS, TOUCHES = "looks", "touches"  # what a page may do
NOTES, MOST_NOTES = "notes", 100  # … and how many of these wait for a page
KINDS = {"html": "text/html", "css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'self'; connect-src 'self' ws:; style-src 'self'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
REFUSED, BUSY = 1008, 1013  # why a socket is closed


class Client:
    """A page, and what it is still to be told."""

    def __init__(self, socket: WebSocket) -> None:
        self._socket = socket
        self._waiting: dict[str, str] = {}
        self._notes: list[str] = []
        self._there = asyncio.Event()

    def put(self, kind: str, text: str) -> None:
        """Something to be told, in the place of what of its kind is not told yet; notes are of no
        kind, and the oldest go where there are too many.
        """
        if kind == NOTES:
            self._notes = [*self._notes[-MOST_NOTES:], text]
        else:
            self._waiting[kind] = text
        self._there.set()

    async def send_on(self) -> None:
        """Tell what there is, until the page takes nothing more."""
        while True:
            await self._something()
            self._there.clear()
            notes, self._notes = self._notes, []
            waiting, self._waiting = self._waiting, {}
            for text in (*notes, *waiting.values()):
                await asyncio.wait_for(self._socket.send_text(text), PATIENCE)

    async def _something(self) -> None:
        """Wait until there is something to tell: after a while, that there is nothing."""
        try:
            await asyncio.wait_for(self._there.wait(), BEAT)
        except (TimeoutError, asyncio.TimeoutError):
            self._waiting.setdefault(BEATS, NOTHING)

    async def hear_on(self, hear: Callable[[Client, str | bytes], None]) -> None:
        """Hear the page until it leaves, or says too much."""
        begun, said = 0.0, 0
        while True:
            message = await self._socket.receive()
            if message["type"] == "websocket.disconnect":
                return
            now = asyncio.get_running_loop().time()
            begun, said = (begun, said + 1) if now < begun + 1 else (now, 1)
            if said > MOST_SAID:
                await self._socket.close(REFUSED)
                return
            hear(self, message.get("text") or message.get("bytes") or "")


@dataclass(frozen=True)
class Secrets:
    """What a page says to be allowed to look, and to touch as well."""

    look: str
    touch: str


class Stage:
    """The pages that look at a set; `looks` is told whether any does, and `surface` what hands do
    on those that may touch.
    """

    def __init__(self, secrets: Secrets, host: str, looks: Callable[[bool], None], surface: Surface) -> None:
        self._secrets, self._looks, self._surface = secrets, looks, surface
        self._clients: list[Client] = []
        self._latest: dict[str, str] = {}
        files = {name: _file(name) for name in PAGE}
        routes = [Route(f"/{'' if name == INDEX else name}", files[name]) for name in PAGE]
        app = Starlette(routes=[*routes, WebSocketRoute("/set", self._serve)])
        self.app: ASGIApp = Guarded(app, host)

    def tell(self, told: Told) -> None:
        """Something for all pages, and for those that come."""
        kind = told["is"]
        if kind == FRAME:
            told = {**told, "fingers": self._surface.fingers}
        elif kind == SLIDERS:
            self._surface.sliders = frozenset(one["name"] for one in told["sliders"])
        text = msgspec.json.encode(told).decode()
        if kind != NOTES:
            if text == self._latest.get(kind):
                return
            self._latest[kind] = text
        for client in self._clients:
            client.put(kind, text)

    async def _serve(self, socket: WebSocket) -> None:
        await socket.accept()
        may = await self._may(socket)
        most = MOST + BESIDE * (may == TOUCHES)
        if may is None or len(self._clients) >= most:
            await socket.close(REFUSED if may is None else BUSY)
            return
        client = Client(socket)
        client.put(YOU, msgspec.json.encode({"is": YOU, "touches": may == TOUCHES}).decode())
        for kind, text in self._latest.items():
            client.put(kind, text)
        self._clients.append(client)
        self._looks(True)
        hear = self._hear if may == TOUCHES else _nothing
        tasks = [asyncio.ensure_future(one) for one in (client.send_on(), client.hear_on(hear))]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._clients.remove(client)
            self._surface.leave(client)
            self._looks(bool(self._clients))
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _hear(self, client: Client, text: str | bytes) -> None:
        if (said := read(text)) is not None:
            self._surface.hear(client, said)

    async def _may(self, socket: WebSocket) -> str | None:
        """What a page may do by the secret that it says first; None: nothing."""
        try:
            said = msgspec.json.decode(await asyncio.wait_for(socket.receive_text(), WHO))
        except (msgspec.MsgspecError, UnicodeError, RecursionError, KeyError):
            return None
        except (TimeoutError, asyncio.TimeoutError, WebSocketDisconnect):
            return None
        given = said.get("token") if isinstance(said, dict) else None
        touches, looks = access.same(given, self._secrets.touch), access.same(given, self._secrets.look)
        return TOUCHES if touches else LOOKS if looks else None


def _nothing(client: Client, text: str | bytes) -> None:
    """What a page says that may only look."""


class Brief(H11Protocol):
    """A connection that is no page's socket after a while is closed: one that says nothing, or a
    letter now and then, takes a place from nobody for longer.
    """

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        asyncio.get_running_loop().call_later(BRIEF, self._close)

    def _close(self) -> None:
        if self.transport.get_protocol() is self:
            self.transport.close()


class Guarded:
    """Lets through what comes from our own page, and says with each answer what a browser may do
    with it.
    """

    def __init__(self, app: ASGIApp, host: str) -> None:
        self._app, self._host = app, host

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        if access.allowed(headers.get("host", ""), headers.get("origin"), self._host):
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await PlainTextResponse("not from here\n", 403)(scope, receive, send)
        else:
            await WebSocket(scope, receive, send).close(REFUSED)


INDEX = "index.html"
PAGE = {one.name: one.read_bytes() for one in files("latentcode.stage").joinpath("page").iterdir()}


def _file(name: str) -> Callable[[Request], Any]:
    kind = KINDS[name.rpartition(".")[2]]

    async def answer(request: Request) -> Response:
        return Response(PAGE[name], media_type=kind, headers=HEADERS)

    return answer
