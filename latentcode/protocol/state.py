"""How parts of a set stand, as the engine tells it: voices, hands, who it is in time with."""

from __future__ import annotations

from msgspec import Struct


class ExtraState(Struct, frozen=True):
    """What sounds beside the pattern of a voice.

    `kind` is "once", "pad", "fading" or "keys"; `begins` the cycle at which it will, None where it
    has; `text` what was typed for it, "" where that is not known; `first` the cycle of the set that
    is cycle 0 of what was typed.
    """

    kind: str
    begins: float | None = None
    text: str = ""
    first: float = 0.0


class VoiceState(Struct, frozen=True):
    """A voice that is in use.

    `text` is what was typed for what plays, `morph` what it comes from and how far it is (0 to 1),
    `pending` what takes over at the cycle `pending_cycle`, `beside` what else sounds.
    `pan` goes from 0 to 1, `out` is the first of its outputs, counted from 1, `fx` its effects as
    they are typed. `models` are the names of those that it is heard by, where they are not the
    set's.
    """

    index: int
    playing: bool = False
    text: str = ""
    morph: tuple[str, float] | None = None
    pending: str | None = None
    pending_cycle: float | None = None
    beside: tuple[ExtraState, ...] = ()
    layers: int = 0
    muted: bool = False
    solo: bool = False
    gain: float = 1.0
    pan: float | None = None
    fx: str = ""
    out: int = 1
    cued: bool = False
    models: tuple[str, ...] = ()


class Assignments(Struct, frozen=True):
    """What pads, transport keys and keys do: (name of an input or voice, what was typed)."""

    pads: tuple[tuple[str, str], ...] = ()
    transport: tuple[tuple[str, str], ...] = ()
    keys: tuple[tuple[str, str], ...] = ()


LinkState = tuple[int, float, float, int, bool, bool]
"""Others there, bpm, beat, beats of a cycle, whether all play, whether start and stop count."""

FollowState = tuple[str, float | None, bool, bool | None, bool]
"""Port, bpm, whether no clock comes, whether it runs, whether start and stop count."""

LampState = tuple[str, int, int, int, bool | str, tuple[str, ...], int]
"""Port of a controller that is shown the set, numbers for on, dim and waiting, whether it is told values
("mackie": as Mackie's protocol has it), SysEx, and the channel of lamps that name none, 1 to 16."""

Preparing = tuple[tuple[tuple[int, str], ...], str]
"""Number of a block and what of it waits for its sounds, as d1 does; and what that is, and how far."""

OscState = tuple[str, int, int, int]
"""Host, port, numbers heard, messages that could not be read."""


class TimingState(Struct, frozen=True):
    """How the set stands with others; None where it is not with them.

    latency              ms by which the sound is heard later than the player gives it
    late                 seconds by which we are off from whoever leads
    clocks               the outputs that are sent a clock, and whether it runs
    link, follow, osc, leds   see above
    """

    latency: float = 0.0
    late: float | None = None
    clocks: tuple[tuple[str, bool], ...] = ()
    link: LinkState | None = None
    follow: FollowState | None = None
    osc: OscState | None = None
    leds: tuple[LampState, ...] = ()
