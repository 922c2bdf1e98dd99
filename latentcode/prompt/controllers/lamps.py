"""`leds("launch")`: a controller is shown the set: its lamps, the rings of its encoders, its motor
faders; and messages to it as they are, `sysex("launch", "F0 7E 7F 06 01 F7")`.
"""

from __future__ import annotations

from typing import Any

from latentcode.checks import text, truth, whole
from latentcode.errors import ControlError
from latentcode.inputs.keys import port_name
from latentcode.prompt.set_api import Words
from latentcode.protocol.messages import Timing
from latentcode.words import prompt_word

LONGEST_NAME, LONGEST = 64, 4096
SYSEX, END = 0xF0, 0xF7
MACKIE = "mackie"
EXAMPLE = 'leds("launch", on=3, dim=1, waiting=5)'


class LampWords(Words):
    """The words that tell a controller something."""

    @prompt_word('leds("launch")', ended='leds("launch", False)')
    def leds(
        self,
        port: str | bool,
        show: bool = True,
        on: int = 127,
        dim: int = 1,
        waiting: int = 64,
        values: bool | str = True,
        sysex: Any = (),
        ch: int = 1,
    ) -> None:
        """Show a controller the set, by a part of the name of its ports: lamps of pads, rings,
        motor faders.

        A pad that does something is dim, and stays so when it is let go of; it is on while the
        voice that it mutes is muted, or where the scene is that it goes to; and waits until a
        boundary. Controllers are told where they should stand when a scene or a mapping has brought
        values back, or an encoder was turned.

        show              False: no longer; leds(False): none
        on, dim, waiting  numbers from 0 to 127: brightness on some controllers, colours on others
        values            whether controllers are told where they stand; "mackie": as Mackie's
                          protocol has it, where the rings of encoders 16 to 23 are 48 to 55
        sysex             what it is sent first, "F0 … F7", or a list of such
        ch                the channel of the lamps, 1 to 16, where their pads name none

        Raises ControlError for a port or a message that is none, and for numbers beyond 0 to 127.
        """
        truth(show, "show", 'leds("launch", False)', ControlError)
        if values != MACKIE:
            truth(values, "values", 'leds("launch", values=False), or "mackie"', ControlError)
        channel = whole(ch, "leds", 1, 16, 'leds("nano", ch=16)', ControlError, "a channel")
        if port is False:
            self._stage.ask(Timing("leds", (None, -1, 0, 0, False, ())))
            return
        name = port_name(text(port, "leds", "a part of a port's name", EXAMPLE, ControlError, LONGEST_NAME))
        colours = [
            whole(number, word, 0, 127, EXAMPLE, ControlError)
            for word, number in (("on", on), ("dim", dim), ("waiting", waiting))
        ]
        first = tuple(message(one) for one in (sysex if isinstance(sysex, (list, tuple)) else [sysex]))
        if not show:
            colours[0] = -1
        self._stage.ask(Timing("leds", (name, *colours, values, first, channel)))


def message(given: Any) -> bytes:
    """A SysEx message of its bytes in hexadecimal, F0 to F7. Raises ControlError."""
    try:
        data = bytes(given) if isinstance(given, (bytes, bytearray)) else bytes.fromhex(given)
    except (TypeError, ValueError) as error:
        raise ControlError(
            f'SysEx is bytes in hexadecimal, "F0 00 20 29 02 0D 0E 01 F7", not {given!r}'
        ) from error
    inside = data[1:-1]
    if len(data) < 3 or (data[0], data[-1]) != (SYSEX, END) or any(byte > 127 for byte in inside):
        raise ControlError(
            f"SysEx begins with F0, ends with F7, and has bytes up to 7F between them, not {given!r}"
        )
    if len(data) > LONGEST:
        raise ControlError(f"a SysEx message here has {LONGEST} bytes at the most, not {len(data)}")
    return data
