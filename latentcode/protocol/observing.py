"""What the engine says to observers that look, and what they say of hands on their pages."""

from __future__ import annotations

from typing import TypeAlias

from msgspec import Struct

from latentcode.protocol.messages import FromDesk, Message, ToDesk


class Look(Message, frozen=True):
    """What is heard now, thirty times a second.

    heard    the session sample that leaves the loudspeaker as this is said
    peaks    of the two sides, after the limiter; `voices`: of each voice, after its gain
    sound    what has been heard since the last, float32 (n, 2)
    latents  (voice, float32 (D,)): where voices are, in the space of the set's model
    notes    (number, voice, first sample, that from which on it falls silent or −1, MIDI pitch or
             None, name) of events that have begun, or end otherwise than was told
    sources  (name, digest) of sounds that they are made of, and that were not told before
    """

    heard: float
    peaks: tuple[float, ...]
    voices: tuple[float, ...]
    sound: bytes
    latents: tuple[tuple[int, bytes], ...] = ()
    notes: tuple[tuple[int, int, int, int, float | None, str], ...] = ()
    sources: tuple[tuple[str, str], ...] = ()


class SliderState(Struct, frozen=True):
    """A slider that something plays: its name, its ends, whether it goes by equal ratios, and where
    it stands, 0 to 1.
    """

    name: str
    low: float
    high: float
    exp: bool
    place: float


class Sliders(Message, frozen=True):
    """The sliders that there are, and the marks of learned spaces that a finger moves in (what was
    marked, x, y), whenever they have changed, or a slider was moved.
    """

    sliders: tuple[SliderState, ...]
    marks: tuple[tuple[str, float, float], ...] = ()


class Touched(Message, frozen=True):
    """Observer → engine: what hands did on a page: the key of a `touch` or a `slider`, and its
    value, 0 to 1. It counts as what any other hand does.
    """

    values: tuple[tuple[str, float], ...]


ToObserver: TypeAlias = ToDesk | Look | Sliders
FromCaller: TypeAlias = FromDesk | Touched  # whoever calls at an engine's door
