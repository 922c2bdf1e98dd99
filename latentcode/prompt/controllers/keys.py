"""`keys(d5, "cello")`: a keyboard plays a voice, through the model."""

from __future__ import annotations

from typing import Any

from latentcode.checks import number, text, truth, wrong
from latentcode.errors import ControlError, LatentcodeError
from latentcode.patterns.scales import scale as named_scale
from latentcode.prompt.controllers.pads import AssignmentView, input_of, place_of
from latentcode.prompt.set_api import Words, voice_index
from latentcode.synth.keyboard import Keyboard
from latentcode.words import prompt_word

FARTHEST = 48.0  # semitones
WIDEST_BEND = 24.0
OPTIONS: dict[str, Any] = {  # what can be said beside the sound, and what holds where it is not
    "ch": None,
    "port": None,
    "transpose": 0,
    "octave": 0,
    "scale": None,
    "low": 0,
    "high": 127,
    "bend": 2,
    "mono": False,
}


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
            raise ControlError(
                f'keys needs to know what d{index + 1} plays; as in keys(d{index + 1}, "cello")'
            )
        if sound is None:
            self._stage.issue("keys", index, None)
            return None
        pattern = self._stage.tried(sound, f"keys(d{index + 1}, …)")
        truth(mono, "mono", 'keys(d5, "cello", mono=True)', ControlError)
        own_port, channel = place_of(port, ch, "keys")
        first, last = _key(low, "low"), _key(high, "high")
        if first > last:
            raise ControlError(
                f"keys goes from low up to high, not from {low!r} to {high!r}; as in low=36, high=59"
            )
        moved = number(transpose, "transpose", -FARTHEST, FARTHEST, 'keys(d5, "cello", transpose=-12)')
        moved += 12 * number(octave, "octave", -4, 4, 'keys(d5, "cello", octave=-1)')
        bent = number(bend, "bend", 0, WIDEST_BEND, 'keys(d5, "cello", bend=12)')
        text = (sound if isinstance(sound, str) else repr(sound))[:48]
        options = (ch, port, transpose, octave, scale, low, high, bend, mono)
        self._stage.issue(
            "keys",
            index,
            Keyboard(
                pattern,
                own_port,
                channel,
                moved,
                _classes(scale),
                first,
                last,
                bent,
                bool(mono),
                text + _options(options),
            ),
        )
        return None


def _options(given: tuple[Any, ...]) -> str:
    """What was said beside the sound, as it is typed."""
    said = zip(OPTIONS.items(), given, strict=True)
    return "".join(f", {word}={value!r}" for (word, usual), value in said if value != usual)


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
