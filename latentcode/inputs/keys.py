"""Names of live inputs: what a hand moves, on which port and channel.

cc:21@nano/1        control change 21 of port "nano", channel 1
cc:21@*/*           of any port and channel
cc:21@=nano/1       of the port with exactly this name; without = a part of the name is enough
note:60@keys/1      key 60; its value is the velocity, 0 when it is let go
bend@keys/1  pressure@keys/1  poly:60@keys/1  program@keys/1  nrpn:300@keys/1
osc:/x#0            the first argument of the OSC address /x
touch:x  touch:y#2  where a finger is on the map of the stage page, the second with its number
slider:cutoff       a slider of the stage page
live:brightness     a name that is bound to one of the above
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from functools import lru_cache
from typing import NamedTuple, TypeVar

ANY, EXACTLY = "*", "="
DOWN = "down"  # of a wheel that is pressed downwards
PAGED = ("touch", "slider")  # kinds of what is touched on a page
UNPORTED = ("osc", "live", *PAGED)  # kinds that know no port
MOVING = frozenset(
    {"cc", "nrpn", "bend", "pressure", "poly", "osc", *PAGED}
)  # kinds that move, where notes begin and end
NOTES = 128  # keys of MIDI
Time = TypeVar("Time", int, float)


class Input(NamedTuple):
    """Something that a hand, a phone or another machine did: an exact key,
    and its value (0 to 1; bend −1 to 1).
    """

    key: str
    value: float


class Key(NamedTuple):
    """A live input, or with ANY several: kind, what of it, port, channel (1 to 16 as text)."""

    kind: str
    what: str = ""
    port: str = ANY
    channel: str = ANY

    def __str__(self) -> str:
        name = f"{self.kind}:{self.what}" if self.what else self.kind
        return name if self.kind in UNPORTED else f"{name}@{self.port}/{self.channel}"

    def matches(self, other: Key) -> bool:
        """Whether this one means `other`, which is exact; see `port_meant`."""
        return (
            (self.kind, self.what) == (other.kind, other.what)
            and self.channel in (ANY, other.channel)
            and port_meant(self.port, other.port)
        )

    def meets(self, other: Key) -> bool:
        """Whether some input is meant by both of them."""
        channels = self.channel == other.channel or ANY in (self.channel, other.channel)
        ports = port_meant(self.port, other.port) or port_meant(other.port, self.port)
        return (self.kind, self.what) == (other.kind, other.what) and channels and ports


SPRINGS = frozenset({"bend", "pressure", "poly"})  # kinds that go to 0 when they are let go of
PEDALS = frozenset(range(64, 70))  # controllers, where a channel plays notes
HELD = SPRINGS | {"note", "cc"}  # kinds that can be down
_RESTING = ("note:", *(f"{kind}{end}" for kind in SPRINGS for end in ":@"), *(f"cc:{one}@" for one in PEDALS))


class HeldInputs:
    """By exact keys: keys and pedals that are down, wheels and pressure that are not at rest."""

    def __init__(self) -> None:
        self._down: dict[str, None] = {}
        self._plays: set[str] = set()  # ports and channels that have played notes

    def hear(self, name: str, value: float) -> None:
        """An input has a value now."""
        if not name.startswith(_RESTING):
            return
        if value:
            self._down[name] = None
            if name.startswith("note:"):
                self._plays.add(name.rpartition("@")[2])
        else:
            self._down.pop(name, None)

    def release(self, kinds: Collection[str] = HELD) -> list[Input]:
        """What lets go of what is down of some kinds; of all, where whoever told of it is gone.

        A button that is numbered as a pedal stays where it is, on a channel that plays no notes.
        """
        let_go = [
            name
            for name in self._down
            if name.partition("@")[0].partition(":")[0] in kinds and not self._is_fader(name)
        ]
        for name in let_go:
            del self._down[name]
        return [Input(name, 0.0) for name in let_go]

    def _is_fader(self, name: str) -> bool:
        return name.startswith("cc:") and name.rpartition("@")[2] not in self._plays


def port_meant(wanted: str, port: str) -> bool:
    """Whether a port is meant: by ANY, by a part of its name, or by EXACTLY and all of it.

    `port` may be what is wanted itself, as the name under which a value is kept until its control
    is there.
    """
    if wanted.startswith(EXACTLY):
        return wanted[1:] == port.removeprefix(EXACTLY)
    return wanted == ANY or wanted in port


def exactly(name: str) -> str:
    """A name that means this input alone, and none of a port with a longer name."""
    meant = key(name)
    known = meant.kind in UNPORTED or meant.port.startswith(EXACTLY)
    return name if known else str(meant._replace(port=EXACTLY + meant.port))


def as_heard(name: str) -> str:
    """The name under which the input will be heard that a name means; where several may be meant,
    the same name.
    """
    meant = key(name)
    exact = meant.port.startswith(EXACTLY) and ANY not in (meant.port[1:], meant.channel)
    return str(meant._replace(port=meant.port[1:])) if exact else name


@lru_cache(4096)
def key(text: str) -> Key:
    """The key that a name stands for."""
    name, _, place = text.rpartition("@") if "@" in text else (text, "", "")
    kind, _, what = name.partition(":")
    port, _, channel = place.rpartition("/")
    return Key(kind, what, port_name(port) if port not in ("", ANY) else ANY, channel or ANY)


def wrong_key(text: str) -> str | None:
    """What to type instead, where a name of an input is none that can be heard."""
    kind, what, *_ = key(text)
    if kind != "note" or (re.fullmatch("[0-9]{1,3}", what) and int(what) < NOTES):
        return None
    return f"a note is a number from 0 to {NOTES - 1}, then @port/channel, as in note:60@keys/1"


def port_name(text: str) -> str:
    """A port's name as keys have it: lower case, without spaces,
    slashes and the numbers that ALSA appends.

    EXACTLY before it stays.
    """
    if text.strip().startswith(EXACTLY) and text.strip(" ="):
        return EXACTLY + port_name(text.strip().lstrip(" ="))
    bare = re.sub(r"\s+\d+:\d+$", "", text.strip()).lower()
    return re.sub(r"[\s/@*]+", "_", bare).strip("_") or "port"


def spoken(to: str) -> str:
    """A control in words: cc 21 of nano, channel 1."""
    meant: Key = key(to)
    which = meant.what.replace("#", " of finger ") if meant.kind == "touch" else meant.what.removesuffix("#0")
    what = f"{meant.kind} {which}".strip()
    port = "" if meant.port in ("*", "") else f" of {meant.port.removeprefix(EXACTLY)}"
    channel = "" if meant.channel in ("*", "", "0") else f", channel {meant.channel}"
    return f"{what}{port}{channel}"


def thinned(
    found: list[tuple[Input, Time]],
    slot: Callable[[Time], int],
    both: Callable[[float, float], bool] = lambda former, value: False,
) -> list[tuple[Input, Time]]:
    """Inputs in their order, without the values of controllers that others follow in the same slot
    of time; a 0 and what it ends stay.

    both: whether a value and the next of its controller both stay, as steps of an encoder do.
    """
    kept: list[tuple[Input, Time] | None] = list(found)
    last: dict[str, int] = {}
    for place, (given, time) in enumerate(found):
        if key(given.key).kind not in MOVING:
            continue
        if (before := last.get(given.key)) is not None:
            former, then = found[before]
            again = slot(then) == slot(time) and (former.value == 0) == (given.value == 0)
            if again and not both(former.value, given.value):
                kept[before] = None
        last[given.key] = place
    return [one for one in kept if one is not None]
