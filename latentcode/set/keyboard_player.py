"""Keys and pedals under two hands: from inputs to notes that begin and end."""

from __future__ import annotations

from dataclasses import dataclass, field

from latentcode.inputs.keys import Key, port_meant
from latentcode.set.pads import RateLimit, loudness
from latentcode.synth.bend import Wheel
from latentcode.synth.keyboard import ANY, Keyboard
from latentcode.synth.keyed import KeyVoice, Press

SUSTAIN, SOSTENUTO, SOUND_OFF, RESET, NOTES_OFF = "64", "66", "120", "121", "123"  # control changes
MAIN, UPPER = "1", "16"  # the channel of MPE that is about all notes, in its lower and its upper zone
MAIN_BEND = 2.0  # semitones of its wheel
DOWN = 0.5  # from which on a pedal is down

Place = tuple[str, str]  # port and channel
Finger = tuple[Place, int]  # and the key


@dataclass
class Pedals:
    """The pedals of one channel: whether sustain is down, and the keys that sostenuto holds."""

    sustain: bool = False
    sostenuto: bool = False
    latched: set[Finger] = field(default_factory=set)

    def hold(self, finger: Finger) -> bool:
        """Whether a key that is let go sounds on."""
        return self.sustain or finger in self.latched


@dataclass
class KeyboardPlayer:
    """Plays a voice by keys: `held` are those that are down, each with its velocity,
    in the order of their coming.

    zones   whether pedals of MPE's main channel are about all its notes, and channel 16 is that of
            the upper zone
    """

    voice: KeyVoice
    zones: bool = False
    held: dict[Finger, float] = field(default_factory=dict)
    sounding: dict[Finger, Press] = field(default_factory=dict)
    feet: dict[Place, Pedals] = field(default_factory=dict)
    wheels: dict[Place, Wheel] = field(default_factory=dict)
    bent: dict[Place, float] = field(default_factory=dict)  # where each wheel stands, −1 to 1

    def __post_init__(self) -> None:
        self._allowance = RateLimit(self.voice.rendering.sample_rate)

    def means(self, given: Key) -> bool:
        """Whether an input is one of its port and channel."""
        keyboard = self.voice.keyboard
        if keyboard is None or not port_meant(keyboard.port, given.port):
            return False
        return keyboard.channel in (ANY, given.channel) or (self.zones and keyboard.mpe)

    def hear(self, given: Key, value: float, sample: int) -> None:
        """Something was done on its port and channel."""
        place = (given.port, given.channel)
        if given.kind == "note":
            finger = (place, int(given.what))
            (self._press if value > 0 else self._lift)(finger, value, sample)
        elif given.kind == "bend":
            self._bend(place, value, sample)
        elif given.kind == "cc" and given.what in PEDALS:
            PEDALS[given.what](self, place, value, sample)

    def end(self, sample: int) -> None:
        """All keys are let go."""
        for press in self.sounding.values():
            press.release(sample)
        self.held.clear()
        self.sounding.clear()

    def forget(self) -> None:
        """Nothing sounds any more; the keys that are down stay so, unheard."""
        self.sounding.clear()

    # wheels

    def _bend(self, place: Place, value: float, sample: int) -> None:
        """A wheel is moved: of MPE's main channel by so much beside those of all notes."""
        self.bent[place] = value
        main = place == self._main(place)
        for other in [one for one in self.wheels if main and one[0] == place[0]] or [place]:
            self._wheel(other).put(sample, self._together(other))

    def _together(self, place: Place) -> float:
        own, main = self.bent.get(place, 0.0), self._main(place)
        if main in (None, place):
            return own
        return own + self.bent.get(main, 0.0) * MAIN_BEND / max(self._keyboard.bend, MAIN_BEND)

    def _main(self, place: Place) -> Place | None:
        """Where what is about all notes of a zone of MPE is said; None without it."""
        board = self._keyboard
        if not board.mpe:
            return None
        return place[0], UPPER if self.zones and board.channel == UPPER else MAIN

    # keys

    def _press(self, finger: Finger, velocity: float, sample: int) -> None:
        if self._keyboard.pitch(finger[1]) is None:
            return
        self.held.pop(finger, None)
        self.held[finger] = velocity
        if not self._allowance.lets(sample):
            return
        if self._keyboard.mono:
            for other in list(self.sounding):
                self._cut(other, sample)
        self._start(finger, sample)

    def _lift(self, finger: Finger, velocity: float, sample: int) -> None:
        self.held.pop(finger, None)
        if self._is_held(finger) or finger not in self.sounding:
            return
        if self._keyboard.mono and self.held and self._allowance.lets(sample):
            self._cut(finger, sample)
            self._start(next(reversed(self.held)), sample)
        else:
            self.sounding.pop(finger).release(sample)

    def _start(self, finger: Finger, sample: int) -> None:
        pitch = self._keyboard.pitch(finger[1])
        if finger in self.sounding:  # struck again
            self.sounding.pop(finger).release(sample)
        if finger[0] not in self.wheels and (moved := self._together(finger[0])):
            self._wheel(finger[0]).put(sample, moved)
        if pitch is not None:
            level = loudness(self._keyboard.struck(self.held[finger]))
            channel = finger[0][1] if self._keyboard.mpe else ""
            press = Press(pitch, level, sample, self._wheel(finger[0]), channel)
            self.sounding[finger] = press
            self.voice.press(press)

    def _cut(self, finger: Finger, sample: int) -> None:
        self.sounding.pop(finger).cut(sample)

    # pedals

    def sustain(self, place: Place, value: float, sample: int) -> None:
        self._feet(place).sustain = value >= DOWN
        self._let_go(place, sample)

    def sostenuto(self, place: Place, value: float, sample: int) -> None:
        feet, down = self._feet(place), value >= DOWN
        if down and not feet.sostenuto:
            feet.latched = {finger for finger in self.held if place in self._about(finger)}
        elif not down:
            feet.latched = set()
        feet.sostenuto = down
        self._let_go(place, sample)

    def notes_off(self, place: Place, value: float, sample: int) -> None:
        for finger in [finger for finger in self.held if place in self._about(finger)]:
            self._lift(finger, 0.0, sample)

    def sound_off(self, place: Place, value: float, sample: int) -> None:
        for finger in [finger for finger in self.sounding if place in self._about(finger)]:
            self._cut(finger, sample)

    def reset(self, place: Place, value: float, sample: int) -> None:
        self.feet.pop(place, None)
        self._bend(place, 0.0, sample)
        self._let_go(place, sample)

    def _let_go(self, place: Place, sample: int) -> None:
        """End what neither a key nor a pedal holds any more."""
        under = [finger for finger in self.sounding if place in self._about(finger)]
        for finger in under:
            if finger not in self.held and not self._is_held(finger):
                self.sounding.pop(finger).release(sample)

    def _is_held(self, finger: Finger) -> bool:
        """Whether a pedal holds a key that is let go."""
        return any(self._feet(place).hold(finger) for place in self._about(finger))

    def _about(self, finger: Finger) -> set[Place]:
        """Where what is said is about a key: on its own channel, and on the main one of MPE."""
        main = self._main(finger[0]) if self.zones else None
        return {finger[0]} if main is None else {finger[0], main}

    @property
    def _keyboard(self) -> Keyboard:
        assert self.voice.keyboard is not None
        return self.voice.keyboard

    def _feet(self, place: Place) -> Pedals:
        return self.feet.setdefault(place, Pedals())

    def _wheel(self, place: Place) -> Wheel:
        return self.wheels.setdefault(place, Wheel(self.voice.rendering.sample_rate))


PEDALS = {
    SUSTAIN: KeyboardPlayer.sustain,
    SOSTENUTO: KeyboardPlayer.sostenuto,
    SOUND_OFF: KeyboardPlayer.sound_off,
    RESET: KeyboardPlayer.reset,
    NOTES_OFF: KeyboardPlayer.notes_off,
}
