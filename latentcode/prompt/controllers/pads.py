"""`pads({36: s("kick"), 38: hush})`, `transport(stop=hush)`:
what is done when something is pressed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from latentcode.checks import is_whole, text, whole
from latentcode.errors import ControlError, PatternError
from latentcode.files.texts import say
from latentcode.inputs.keys import ANY, Key, key, port_name
from latentcode.patterns.scales import NOTE, note_number
from latentcode.prompt.controllers.actions import action_of
from latentcode.prompt.scenes import SceneKept
from latentcode.prompt.set_api import Words, voice_index
from latentcode.set.actions import Action
from latentcode.set.commands import SET
from latentcode.words import prompt_word

KINDS = ("cc", "nrpn", "note", "osc", "poly", "live")  # names of inputs that can be pads
TRANSPORT = ("start", "stop", "continue")
Pairs = tuple[tuple[str, Action | None], ...]


class PadWords(Words):
    """The words that give pads and transport keys something to do."""

    @prompt_word('pads({36: s("kick")})')
    def pads(
        self,
        given: Any = ...,
        ch: int | None = None,
        port: str | None = None,
        quant: Any = None,
        voice: Any = None,
    ) -> AssignmentView | None:
        """What pads do, by their keys: pads({36: s("kick"), 37: scene("drop"), 38: hush, 39: d1}).

        A key is its number, its note ("c1"), or the name of any input ("cc:21", "osc:/x#0"), which
        is pressed when it rises above 0. A pattern sounds for one cycle at the press, beside what
        the voices play, as loud as the square of the velocity: each press plays the next of its
        cycles. scene("drop") goes to that scene, and keeps it if there is none; a word (hush, undo,
        d2.stop) or a function is done; a voice is muted, and heard again.

        ch, port   the channel, 1 to 16, and a part of the port's name, where the pads are; others
                   are as they were
        quant      when patterns and scenes begin: "beat", "cycle" or a number of cycles; patterns
                   else at once
        voice      through whose fader and effects patterns sound; else through a free one

        The same key again gives it something else; pads(None) takes all away, of a port or a
        channel if one is given; without arguments the pads are shown. Raises ControlError.
        """
        if given is ...:
            return AssignmentView(self._stage.state().hands.pads, "pads")
        if given is not None and not isinstance(given, Mapping):
            pad = given if isinstance(given, int) else 36
            raise ControlError(
                f'pads takes keys and what they do, as in pads({{{pad}: s("kick")}}), not {given!r}'
            )
        where = place_of(port, ch, "pads")
        if not given:
            self._issue("pads", None, where)
            return None
        index = SET if voice is None else voice_index(voice, "pads")
        named = [(input_of(pad, *where), pad, thing) for pad, thing in given.items()]
        pairs = tuple(
            (str(name), action_of(self._stage, thing, f"pad {pad!r}", quant, index))
            for name, pad, thing in named
        )
        self._issue("pads", pairs, where, list(given.values()))
        return None

    @prompt_word("transport(stop=hush)")
    def transport(
        self, start: Any = ..., stop: Any = ..., resume: Any = ..., port: str | None = None, quant: Any = None
    ) -> AssignmentView | None:
        """What the start, stop and continue (`resume`) keys of a controller do; as they come,
        nothing.

        As with pads: transport(start=scene("verse"), stop=hush). None takes away; without arguments
        they are shown.
        """
        asked = {
            name: thing
            for name, thing in zip(TRANSPORT, (start, stop, resume), strict=True)
            if thing is not ...
        }
        if not asked:
            return AssignmentView(self._stage.state().hands.transport, "transport")
        where = place_of(port, None, "transport")
        pairs = tuple(
            (
                str(Key(name, "", *where)),
                None if thing is None else action_of(self._stage, thing, f"transport {name}", quant),
            )
            for name, thing in asked.items()
        )
        self._issue("transport", pairs, where, list(asked.values()))
        return None

    def _issue(
        self, table: str, pairs: Pairs | None, where: tuple[str, str], things: list[Any] | None = None
    ) -> None:
        kept = [thing for thing in things or () if isinstance(thing, SceneKept)]
        known = self._stage.state().scenes
        for scene in kept:
            scene.only_meant()
            if scene.new and scene.name not in known and self._stage.live:
                say(f"there was no scene {scene.name!r}: it is what sounds now")
        meant = tuple(sorted({scene.name for scene in kept}))
        self._stage.issue("pads", SET, table, pairs, *where, meant)


class AssignmentView:
    """What hands are on, as it is shown: a line for each name."""

    def __init__(self, pairs: tuple[tuple[Any, str], ...], what: str) -> None:
        self.pairs, self._what = tuple(pairs), what

    def __repr__(self) -> str:
        if not self.pairs:
            return f"no {self._what}"
        names = [shown(name) for name, _ in self.pairs]
        width = max(map(len, names))
        return "\n".join(
            f"{name:<{width}}  {text}" for name, (_, text) in zip(names, self.pairs, strict=True)
        )


def shown(name: str) -> str:
    """An input as a musician says it: 36, 36 on nano, cc:21 on channel 3."""
    made = key(name)
    words = [made.what if made.kind == "note" else f"{made.kind}:{made.what}" if made.what else made.kind]
    words += [] if made.port == ANY else [f"on {made.port}"]
    return " ".join(words + ([] if made.channel == ANY else [f"channel {made.channel}"]))


def place_of(port: Any, ch: Any, word: str) -> tuple[str, str]:
    """A part of a port's name and a channel, as keys have them. Raises ControlError."""
    if port is not None:
        port = port_name(text(port, word, "a part of a port's name", 'port="nano"', ControlError))
    if ch is not None:
        ch = str(whole(ch, word, 1, 16, "ch=10", ControlError, "a channel"))
    return port or ANY, ch or ANY


def input_of(pad: Any, port: str, channel: str) -> Key:
    """The input that a pad is: a key by its number or note, or any input by its name.

    Raises ControlError.
    """
    if is_whole(pad, 0, 127):
        return Key("note", str(pad), port, channel)
    if isinstance(pad, str) and ":" in pad and key(pad).kind in KINDS and key(pad).what:
        own = key(pad)
        return own._replace(
            port=port if own.port == ANY else port_name(own.port),
            channel=channel if own.channel == ANY else own.channel,
        )
    if isinstance(pad, str) and (found := key_number(pad)) is not None:
        return Key("note", str(found), port, channel)
    raise ControlError(
        f'a pad is a key from 0 to 127, a note ("c1"), or an input ("cc:21", "osc:/x#0"), not {pad!r}; '
        'as in pads({36: s("kick")})'
    )


def key_number(name: str) -> int | None:
    """The number of the key of a note by its name, with its octave; None where there is none."""
    found = NOTE.fullmatch(name)
    if found is None or found[3] is None:
        return None
    try:
        number = int(note_number(name))
    except PatternError:
        return None
    return number if 0 <= number <= 127 else None
