"""Who may look, and who may touch: whoever has the secret for it, from pages of our own.

Any program of any user of a machine can call 127.0.0.1, and so can any page that a browser has
open. The secret stands in the address behind a #, where it is sent nowhere, and is said first on
the socket. A page that a foreign name leads to (DNS rebinding) has that name as its host, and a
page of another address has that as its origin.
"""

from __future__ import annotations

import errno
import hmac
import ipaddress
import secrets
import socket
import sys
from contextlib import suppress
from urllib.parse import urlsplit

from latentcode.errors import ControlError
from latentcode.files import places

HERE, PORT = "127.0.0.1", 4747
EVERYWHERE = ("0.0.0.0", "::")
OUTSIDE = {socket.AF_INET: ("192.0.2.1", 9), socket.AF_INET6: ("2001:db8::1", 9)}  # nobody's
NEXT = 10  # ports that are tried
LOOK, TOUCH = "stage.token", "touch.token"  # files of secrets, by what each allows
SIZE = 16  # bytes of a secret


def secret(name: str = LOOK) -> str:
    """A secret of this user's stage, LOOK or TOUCH: the same tonight and tomorrow, so that
    addresses can be kept; a new one where none can be kept.
    """
    file = places.find("data").folder / name
    with suppress(OSError, UnicodeDecodeError):
        known = file.read_text(encoding="ascii").strip()
        if len(known) >= SIZE and places.mine(file) and not file.stat().st_mode & places.OTHERS:
            return known
    made = secrets.token_urlsafe(SIZE)
    with suppress(OSError):
        file.unlink(missing_ok=True)
        with open(file, "x", encoding="ascii", opener=places.opener) as new:
            new.write(made)
    return made


def same(given: object, known: str) -> bool:
    """Whether a secret is the one that is known; how long that takes says nothing of it."""
    return isinstance(given, str) and hmac.compare_digest(given.encode("utf-8", "replace"), known.encode())


def here(host: str) -> str:
    """The address by which other machines reach a host that is served everywhere: that of the way
    out of this machine. Nothing is sent.
    """
    if host not in EVERYWHERE:
        return host
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as line:
        line.connect(OUTSIDE[family])
        return str(line.getsockname()[0])
    return HERE


def is_alone(host: str) -> bool:
    """Whether what is served at a host is reached by this machine alone."""
    return host == "localhost" or (_is_address(host) and ipaddress.ip_address(host).is_loopback)


def address(text: str) -> tuple[str, int | None]:
    """The host and port of "192.168.1.4:4747", "192.168.1.4", ":4747" or "".

    Raises ControlError for what is none.
    """
    try:
        found = urlsplit(f"//{text}")
        host, port = found.hostname or HERE, found.port
        wrong = found.path or found.query or found.username or port == 0
    except ValueError:
        wrong = text
    if wrong:
        raise ControlError(
            f"{text!r} is no address; as in 192.168.1.4:4747, :4747 (this machine), 0.0.0.0 (all networks)"
        )
    return host, port


def listening(host: str, port: int | None) -> socket.socket:
    """A socket that is bound there; without a port to the first that is free, from 4747 on.

    Raises ControlError where it cannot be had.
    """
    trouble = None
    for one in range(PORT, PORT + NEXT) if port is None else [port]:
        try:
            return _bound(host, one)
        except OSError as error:
            trouble = error
    why = getattr(trouble, "strerror", None) or trouble
    shown = f"[{host}]" if ":" in host else host
    free = shown if port else f"{shown}:{PORT + NEXT}"
    another = free if getattr(trouble, "errno", None) in (errno.EADDRINUSE, errno.EACCES) else EVERYWHERE[0]
    raise ControlError(
        f"the stage cannot be served at {shown}:{port or PORT}: {why}; at another address, also of a set that "
        f"plays: latentcode stage --at {another}"
    )


def _bound(host: str, port: int) -> socket.socket:
    family, kind, _, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    line = socket.socket(family, kind)
    if sys.platform != "win32":  # where it means another thing: to take the port of somebody else
        line.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        line.bind(place)
        line.listen(64)
    except OSError:
        line.close()
        raise
    return line


def allowed(host: str, origin: str | None, ours: str) -> bool:
    """Whether a request is one of our own page: its Host is an address, `localhost` or the name
    that we are served at (`ours`), and its Origin, where a browser says it, the same.
    """
    if origin is not None and origin != f"http://{host}":
        return False
    name = _name(host)
    return name in ("localhost", ours) or _is_address(name)


def _name(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
