"""`keys(d5, "cello")`: a keyboard plays a voice, through the model."""

from __future__ import annotations

import inspect
from typing import Any

from latentcode.checks import number, text, truth, wrong
from latentcode.errors import ControlError, LatentcodeError
from latentcode.patterns.scales import scale as named_scale
from latentcode.prompt.controllers.pads import AssignmentView, input_of, place_of
from latentcode.prompt.set_api import Words, voice_index
from latentcode.synth.keyboard import Keyboard
from latentcode.words import prompt_word

NUMBERS = (  # options, the least (below 0) and most of each, and one as it is typed
    ("transpose", 48.0, 48.0, -12),
    ("octave", 4, 4, -1),
    ("bend", 0, 24.0, 12),
)


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
        bend: float = 2,
        mono: bool = False,
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
        bend                semitones of the wheel, either way; it bends as a tape does
        mono                only the key that was pressed last sounds

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
            "low": low, "high": high, "bend": bend, "mono": mono,
        }  # fmt: skip
        board = None if sound is None else self._board(index, sound, options)
        self._stage.issue("keys", index, board)
        return None

    def _board(self, index: int, sound: Any, options: dict[str, Any]) -> Keyboard:
        """The keyboard that plays a sound, of checked options."""
        pattern = self._stage.tried(sound, f"keys(d{index + 1}, …)")
        truth(options["mono"], "mono", 'keys(d5, "cello", mono=True)', ControlError)
        port, channel = place_of(options["port"], options["ch"], "keys")
        first, last = (_key(options[word], word) for word in ("low", "high"))
        if first > last:
            given = f"from {options['low']!r} to {options['high']!r}"
            raise ControlError(f"keys goes from low up to high, not {given}; as in low=36, high=59")
        moved, octaves, bent = (
            number(options[word], word, -least, most, f'keys(d5, "cello", {word}={usual})')
            for word, least, most, usual in NUMBERS
        )
        typed = (sound if isinstance(sound, str) else repr(sound))[:48] + _said(options)
        return Keyboard(
            pattern, port, channel, moved + 12 * octaves, _classes(options["scale"]), first, last, bent,
            bool(options["mono"]), typed,
        )  # fmt: skip


def _said(options: dict[str, Any]) -> str:
    """What was said beside the sound, as it is typed."""
    usual = inspect.signature(Keys.keys).parameters
    return "".join(f", {word}={value!r}" for word, value in options.items() if value != usual[word].default)


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
