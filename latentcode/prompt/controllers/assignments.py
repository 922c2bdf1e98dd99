"""`pads({36: s("kick")})`: what pads, buttons and transport keys do; `keys(d5, "cello")`:
a keyboard plays a voice, through the model.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

from latentcode.checks import is_whole, number, text, truth, whole, wrong
from latentcode.errors import ControlError, LatentcodeError, PatternError
from latentcode.files.texts import say
from latentcode.inputs.keys import ANY, PAGED, Key, key, port_name
from latentcode.inputs.mapping import STEEPEST
from latentcode.patterns.scales import NOTE, note_number
from latentcode.patterns.scales import scale as named_scale
from latentcode.prompt.controllers.actions import action_of, spoken
from latentcode.prompt.controllers.hearing import key_range, struck
from latentcode.prompt.labels import typed_for
from latentcode.prompt.scenes import SceneKept
from latentcode.prompt.set_api import SetApi, Words, voice_index
from latentcode.set.actions import Action
from latentcode.set.commands import SET
from latentcode.synth.keyboard import Keyboard
from latentcode.words import prompt_word

KINDS = ("cc", "nrpn", "note", "osc", "poly", "live", *PAGED)  # names of inputs that can be pads
ALONE = ("program", "bend", "pressure", "start", "stop", "continue")  # … and those without a number
NUMBERED = {"program": [str(number) for number in range(128)], "bend": ["down"]}  # … or with one
TRANSPORT = ("start", "stop", "continue")
ZONES = (ANY, "1", "16")  # channels that mean a zone of MPE
NUMBERS = (  # options, the least (below 0) and most of each, and one as it is typed
    ("transpose", 48.0, 48.0, -12),
    ("octave", 4, 4, -1),
    ("bend", 0, 48.0, 12),
    ("curve", STEEPEST, STEEPEST, 2),
)

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
        is pressed when it rises above 0; also "program:5", "bend", "bend:down", "start", "stop".

        A pattern sounds for one cycle at the press, beside what
        the voices play, as loud as the square of the velocity: each press plays the next of its
        cycles. scene("drop") goes to that scene, and keeps it if there is none; a word (hush, undo,
        d2.stop) or a function is done; a voice is muted, and heard again.

        ch, port   the channel, 1 to 16, and a part of the port's name, where the pads are; others
                   are as they were
        quant      when patterns and scenes begin: "beat", "cycle" or a number of cycles; patterns
                   else at once
        voice      through whose fader and effects patterns sound; else through a free one

        A list instead, pads([s("kick"), "hat*2", d1]): each is what the pad does that you strike
        next.

        The same key again gives it something else; pads(None) takes all away, of a port or a
        channel if one is given; without arguments the pads are shown. Raises ControlError.
        """
        if given is ...:
            return AssignmentView(self._stage.state().hands.pads, "pads")
        if isinstance(given, list) and given:
            given = self._struck(given, port, ch, quant, voice)
        if given is not None and not isinstance(given, Mapping):
            pad = given if isinstance(given, int) else 36
            raise ControlError(
                f'pads takes keys and what they do, as in pads({{{pad}: s("kick")}}), not {given!r}'
            )
        where = place_of(port, ch, "pads")
        if not given:
            self._issue("pads", None, where)
            return None
        self._issue("pads", self._pairs(given, where, quant, voice), where, list(given.values()))
        return None

    def _pairs(self, given: Mapping[Any, Any], where: tuple[str, str], quant: Any, voice: Any) -> Pairs:
        """Pads with what they do."""
        index = SET if voice is None else voice_index(voice, "pads")
        named = [(input_of(pad, *where), pad, thing) for pad, thing in given.items()]
        return tuple(
            (str(name), action_of(self._stage, thing, f"pad {pad!r}", quant, index))
            for name, pad, thing in named
        )

    def _struck(self, things: list[Any], port: Any, ch: Any, quant: Any, voice: Any) -> dict[str, Any]:
        """What the pads do that are struck next, one for each thing."""
        if port is not None or ch is not None:
            raise ControlError('pads that are struck have their port and channel: pads(["kick", d1])')
        self._pairs(dict(enumerate(things)), (ANY, ANY), quant, voice)  # what none can do says so first
        found = dict(struck(self._stage, things))
        if not found:
            raise ControlError("no pad was struck; midi() shows what is heard")
        return found

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
    if isinstance(pad, str) and _is_input(pad):
        own = key(pad)
        return own._replace(
            port=port if own.port == ANY else port_name(own.port),
            channel=channel if own.channel == ANY else own.channel,
        )
    if isinstance(pad, str) and (found := key_number(pad)) is not None:
        return Key("note", str(found), port, channel)
    raise ControlError(
        f'a pad is a key from 0 to 127, a note ("c1"), or an input ("cc:21", "program:5", "bend", '
        f'"bend:down", "start", "osc:/x#0"), not {pad!r}; as in pads({{36: s("kick")}})'
    )


def _is_input(pad: str) -> bool:
    own = key(pad)
    if own.kind in ALONE:
        return not own.what or own.what in NUMBERED.get(own.kind, ())
    return ":" in pad and own.kind in KINDS and bool(own.what)


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


class Keys(Words):
    """The word that lets keys play."""

    @prompt_word('keys(d5, "cello")')
    def keys(
        self,
        voice: Any = None,
        sound: Any = ...,
        ch: int | None = None,
        port: str | None = None,
        transpose: float = 0,
        octave: int = 0,
        scale: str | None = None,
        low: Any = 0,
        high: Any = 127,
        bend: float | None = None,
        mono: bool = False,
        mpe: bool = False,
        curve: float = 0,
        learn: bool = False,
    ) -> AssignmentView | None:
        """Let keys play a voice, beside its pattern: keys(d5, "cello"),
        or s("cello").attack(.1).release(.4).

        A key plays what the pattern (a name, a path, any trajectory) holds when it is pressed, at
        the key's pitch, as loud as the square of the velocity, until it and the pedals (sustain,
        sostenuto) are let go; sixteen at once. Curves and steps spread over the cycle that begins
        with the press.

        ch, port            the channel, 1 to 16, and a part of the port's name; else all
        transpose, octave   semitones and octaves by which it sounds higher
        scale               a scale, "c minor": each key plays the nearest of its notes
        low, high           the keys that count, by number or note ("c3")
        learn               True: press the lowest and the highest of them
        bend                semitones of the wheel, either way (2; 48 with mpe); it bends as a tape
                            does
        mono                only the key that was pressed last sounds
        mpe                 each note has a channel of its own: bend, pressure() and cc(74) in the
                            pattern are the note's; channel 1 is about all notes, or with ch=16
                            that of an upper zone
        curve               how velocities are bent: above 0 soft keys are softer, below 0 louder

        keys(d5, None) ends it; keys() shows who plays what. Raises ControlError, and what a pattern
        raises.

        Raises EngineError for a voice or a number beyond its range.
        """
        if voice is None:
            pairs = self._stage.state().hands.keys
            return AssignmentView(pairs, "keys")
        index = voice_index(voice, "keys")
        if sound is ...:
            typed = f'keys(d{index + 1}, "cello")'
            raise ControlError(f"keys needs to know what d{index + 1} plays; as in {typed}")
        options = {
            "ch": ch, "port": port, "transpose": transpose, "octave": octave, "scale": scale,
            "low": low, "high": high, "bend": bend, "mono": mono, "mpe": mpe, "curve": curve,
        }  # fmt: skip
        truth(learn, "learn", 'keys(d5, "cello", learn=True)', ControlError)
        if learn and sound is not None:
            self._board(index, sound, options)  # what cannot be played says so first
            options |= dict(zip(("port", "ch", "low", "high"), _range(self._stage, port, ch), strict=True))
        board = None if sound is None else self._board(index, sound, options)
        self._stage.issue("keys", index, board)
        return None

    def _board(self, index: int, sound: Any, options: dict[str, Any]) -> Keyboard:
        """The keyboard that plays a sound, of checked options."""
        pattern = self._stage.tried(sound, f"keys(d{index + 1}, …)")
        for word in ("mono", "mpe"):
            truth(options[word], word, f'keys(d5, "cello", {word}=True)', ControlError)
        options = {**options, "bend": _bend(options["bend"], options["mpe"])}
        port, channel = place_of(options["port"], options["ch"], "keys")
        if options["mpe"] and channel not in ZONES and self._stage.live:
            raise ControlError(
                "with mpe each note has a channel of its own: ch=16 is for an upper zone, else leave it out; "
                f"not ch={channel}"
            )
        first, last = (_key(options[word], word) for word in ("low", "high"))
        if first > last:
            given = f"from {options['low']!r} to {options['high']!r}"
            raise ControlError(f"keys goes from low up to high, not {given}; as in low=36, high=59")
        moved, octaves, bent, curve = (
            number(options[word], word, -least, most, f'keys(d5, "cello", {word}={usual})')
            for word, least, most, usual in NUMBERS
        )
        typed = (sound if isinstance(sound, str) else spoken(sound)) + _said(options)
        said = tuple((word, value) for word, value in options.items() if value != _usual(word))
        return Keyboard(
            pattern, port, channel, moved + 12 * octaves, _classes(options["scale"]), first, last, bent,
            bool(options["mono"]), bool(options["mpe"]), curve, typed, typed_for(sound), said,
        )  # fmt: skip


def _range(stage: SetApi, port: str | None, ch: int | None) -> tuple[str | None, int | None, int, int]:
    """Port, channel and ends of a range of keys that is shown by hand; a port or a channel that was
    given stays.
    """
    where, channel, low, high = key_range(stage)
    return port or where, ch or (int(channel) if channel.isdecimal() else None), low, high


def _said(options: dict[str, Any]) -> str:
    """What was said beside the sound, as it is typed."""
    return "".join(f", {word}={value!r}" for word, value in options.items() if value != _usual(word))


def _bend(given: Any, mpe: Any) -> Any:
    """Semitones of the wheel: MPE's 48, or MIDI's 2, where none are given."""
    return given if given is not None else (48 if mpe else 2)


def _usual(option: str) -> Any:
    """What an option of `keys` is where it is not given."""
    if option == "bend":
        return 2
    return inspect.signature(Keys.keys).parameters[option].default


def _classes(scale: Any) -> tuple[int, ...]:
    """The pitch classes of a scale by name; none for None.

    Raises PatternError with the nearest names.
    """
    if scale is None:
        return ()
    found = named_scale(text(scale, "keys", "a scale by its name", 'scale="c minor"', ControlError))
    return tuple(sorted({(found.root + step) % 12 for step in found.steps}))


def _key(value: Any, what: str) -> int:
    try:
        found = input_of(value, "*", "*")
    except LatentcodeError:
        found = None
    if found is None or found.kind != "note":
        raise wrong("keys", f"{what} as a key, by number or note", value, f'{what}="c3"', ControlError)
    return int(found.what)
