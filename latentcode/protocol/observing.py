"""What the engine says to observers that look: what is heard now."""

from __future__ import annotations

from typing import TypeAlias

from latentcode.protocol.messages import Message, ToDesk


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


ToObserver: TypeAlias = ToDesk | Look
