"""Words about OSC: `osc_in`, which lets it arrive, and `osc_out`, which sends patterns."""

from __future__ import annotations

import re
from typing import Any

from latentcode.checks import is_number, number, received, text, truth, whole
from latentcode.errors import ControlError, LatentcodeError, PatternError
from latentcode.midi_osc.osc import EVERYWHERE, place
from latentcode.patterns import Pattern, Steady
from latentcode.patterns.arguments import reify
from latentcode.prompt.controllers.timing import LATEST, Told
from latentcode.prompt.set_api import SetApi, Words
from latentcode.protocol.messages import Timing
from latentcode.set.commands import SET
from latentcode.set.outgoing import ALL, Destination, rehearse
from latentcode.words import prompt_word, typed_as

DEFAULT = 9000
_ADDRESS = re.compile(r"/[^\s#*,?\[\]{}]{0,126}")


class Osc(Words):
    """The words of a set that speaks OSC."""

    @prompt_word("osc_in(9000)")
    def osc_in(self, port: int | bool | None = None, host: str = EVERYWHERE) -> Told | None:
        """Let OSC arrive at a UDP port (9000 when left out), for `osc("/address")`;
        `osc_in(False)` ends it.

        It is open to the whole network, as phones need it, and says so;
        `osc_in(9000, host="127.0.0.1")` hears this machine alone. Called again without an argument
        it tells what has arrived.

        Raises ControlError for a port beyond 1 to 65535, and for a host that is no text.
        """
        known = self._stage.state().timing.osc
        if port is None and known:
            at, number_, heard, bad = known
            where = "every address of this machine" if at == EVERYWHERE else at
            return Told(f"OSC at port {number_} of {where}: {heard} numbers, {bad} messages that were no OSC")
        if port is False:
            self._stage.ask(Timing("osc_in", (None,)))
            return None
        port = DEFAULT if port is None else port
        port = whole(port, "osc_in", 1, 65535, "osc_in(9000)", ControlError, "a port")
        text(host, "host", "a name or an address", 'osc_in(9000, "127.0.0.1")', ControlError)
        self._stage.ask(Timing("osc_in", (port, host)))
        return None

    @prompt_word('osc_out("127.0.0.1:57120")')
    def osc_out(self, to: str = "127.0.0.1:57120", nudge: float = 0, tagged: bool = False) -> OscOut:
        """Where OSC is sent: "host:port".

        nudge    ms by which all comes later, or below 0 earlier
        tagged   send ahead, in bundles with the time at which they are to be heard (for
                 SuperCollider)

        Raises ControlError for what is no place, EngineError for a nudge beyond 1000 ms.
        """
        host, port = place(text(to, "osc_out", '"host:port"', 'osc_out("127.0.0.1:57120")', ControlError))
        truth(tagged, "tagged", "osc_out(tagged=True)", ControlError)
        later = number(nudge, "nudge", -LATEST, LATEST, "osc_out(nudge=-10)")
        return OscOut(self._stage, f"{host}:{port}", (later, tagged))


class OscOut:
    """A place that OSC is sent to.

    What is sent takes over as a voice's pattern does (see `quant`).
    """

    def __init__(self, stage: SetApi, to: str, options: tuple[float, bool]) -> None:
        self._stage, self.to, self._options = stage, to, options

    @typed_as('osc_out("127.0.0.1:57120").send("/freq", n("0 3 7"))')
    def send(self, address: str, pattern: Any) -> OscOut:
        """Send a pattern to an address: each event with its sample, a signal 86 times a second;
        None: no longer.

        An event of one value is sent as that; of several controls their names and values follow one
        another.

        Raises ControlError for an address that OSC has not, PatternError for what is no pattern.
        """
        if not isinstance(address, str) or not _ADDRESS.fullmatch(address):
            raise ControlError(
                f'an OSC address begins with /, not {address!r}; as in {self}.send("/freq", "0 3 7")'
            )
        made = None if pattern is None else self._patterned(pattern)
        if made is not None:
            try:
                rehearse(self._where(address), made)
            except LatentcodeError as error:
                raise type(error)(f'{self}.send("{address}"): {error}') from error
        self._issue(address, made)
        return self

    def stop(self) -> None:
        """Send nothing more there from the next boundary on."""
        self._issue(ALL, None)

    def _patterned(self, value: Any) -> Pattern:
        try:
            if is_number(value):
                return Steady(float(value))
            return reify(value, "a pattern")
        except (PatternError, OverflowError) as error:
            raise PatternError(
                f'{self} sends patterns, not {received(value)[:80]}; type {self}.send("/freq", n("0 3 7"))'
            ) from error

    def _issue(self, address: str, pattern: Pattern | None) -> None:
        where = tuple(self._where(address))
        self._stage.issue("send", SET, where, pattern, self._stage.quant_of(...), self._options)

    def _where(self, address: str) -> Destination:
        return Destination("osc", self.to, address)

    def __str__(self) -> str:
        return f'osc_out("{self.to}")'

    def __repr__(self) -> str:
        return f"<{self}>"
