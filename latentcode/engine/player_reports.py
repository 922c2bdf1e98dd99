"""What the player reports: noted in the journal, and told to the musician."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from latentcode.engine.departures import Departures
from latentcode.engine.direct_parameters import DirectParameters
from latentcode.engine.lastwords import LastWords
from latentcode.engine.latency import Lead
from latentcode.engine.live_set import LiveSet
from latentcode.engine.sound import PlayerLink, Report
from latentcode.engine.takes import Takes, frames_of
from latentcode.parameters import MASTER
from latentcode.protocol.messages import Given
from latentcode.session import records
from latentcode.session.journal import Session


class PlayerReports:
    """One method for each message of REPORTS, which takes its fields.

    `span` gives the first sample that is this engine's, and the last that can be heard: none after
    the set's end. `words` keep up to where it may be recorded.
    """

    def __init__(
        self,
        live: LiveSet,
        sound: PlayerLink,
        lead: Lead,
        departures: Departures,
        takes: Takes,
        span: Callable[[], tuple[int, float]],
        shortcut: DirectParameters | None,
        words: LastWords | None = None,
    ) -> None:
        self._note, self._notice, self._sound, self._lead = live.journal.note, live.desks.notice, sound, lead
        self._departures, self._takes, self._span, self._shortcut = departures, takes, span, shortcut
        self._words = words
        self._first = 0  # sample of the recording that runs

    def hear(self, message: Report) -> None:
        """A message of the player, in session samples."""
        name, *rest = message
        if name in REPORTS:
            REPORTS[name](self, *rest)

    def _dry(self, first: int, last: int) -> None:
        begin, end = self._span()
        first, last = max(first, begin), int(min(last, end))
        if last >= first:
            self._note(records.Dry(first, last))

    def _late(self, key: str, sample: int, applied: int) -> None:
        self._note(records.Late(key, sample, applied))

    def _hand(self, sample: int, given: Given) -> None:
        self._note(records.DirectValues(sample, given))
        if self._shortcut is not None:
            self._shortcut.log.landed(sample, given)

    def _bad(self, sample: int, rack: int) -> None:
        name = "master" if rack == MASTER else f"d{rack + 1}"
        self._notice(f"✗ {name}.fx gave what is no sound; the effects are built anew")

    def _device(self, what: str, text: str, sample: int, outputs: int, buffer: int) -> None:
        self._note(records.Device(max(sample, self._span()[0]), buffer))  # before, it was another's
        if what == "back":
            self._departures.sender.reopen()
        self._notice(f"the device is {what}: {text}")
        self._lead.fit()

    def _recording(self, path: str, first: int) -> None:
        self._takes.running, self._first = path, first
        self._note(records.Take(first, path))

    def _recorded(self, path: str, first: int, frames: int) -> None:
        self._takes.ended(path)
        if frames:  # else it has not begun, at no sample
            self._note(records.Recording(first, frames, path))
        self._notice(f"recorded {frames / self._sound.rate:.1f} s to {path}")

    def _ending(self, sample: int, seconds: float) -> None:
        self._takes.player_leaves()  # as by a signal; at the end of a set no other one follows

    def _settled(self, sample: int) -> None:
        if self._words is not None:
            self._words.settled(sample)

    def _player(self, what: str) -> None:
        self._notice("the player died; another one plays on")
        path = self._takes.running
        self._takes.player_died()
        if path is not None:
            self._recorded(path, self._first, frames_of(path))

    def _started(self, sample: int) -> None:
        """Another player plays from a sample on: its effects and limiter begin anew,
        as on another device.
        """
        self._note(records.Device(max(sample, self._span()[0]), self._sound.buffer))
        self._lead.fit()
        self._takes.player_started()
        if self._shortcut is not None:
            self._shortcut.again()


def interrupted(session: Session) -> Iterator[records.Recording]:
    """The recordings that were under way in a session when its engine died, as far as they go."""
    for take in session.takes:
        if not take.frames and (frames := frames_of(take.path)):
            yield replace(take, frames=frames)


REPORTS: dict[str, Callable[..., None]] = {
    "dry": PlayerReports._dry,
    "late": PlayerReports._late,
    "hand": PlayerReports._hand,
    "bad": PlayerReports._bad,
    "device": PlayerReports._device,
    "recording": PlayerReports._recording,
    "recorded": PlayerReports._recorded,
    "ending": PlayerReports._ending,
    "settled": PlayerReports._settled,
    "player": PlayerReports._player,
    "started": PlayerReports._started,
}
