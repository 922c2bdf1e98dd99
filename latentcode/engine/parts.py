"""The engine as its rooms know it: what they find there, and what it does for them."""

from __future__ import annotations

import argparse
import threading
from typing import Any, Protocol

from latentcode.engine.departures import Departures
from latentcode.engine.desk_server import Desks
from latentcode.engine.direct_parameters import DirectParameters
from latentcode.engine.input_queue import InputQueue
from latentcode.engine.lastwords import LastWords
from latentcode.engine.leading import Leading
from latentcode.engine.preparing import Preparer, Request
from latentcode.engine.sound import PlayerLink
from latentcode.engine.takes import Takes
from latentcode.midi_osc.midi_in_client import Listening
from latentcode.models.card import Card
from latentcode.protocol.messages import TimingState
from latentcode.session.journal import Session
from latentcode.session.records import Record
from latentcode.session.writing import Journal
from latentcode.set.grabs import Grabs
from latentcode.set.performance import Performance
from latentcode.sounds.live import EncoderProcess, LiveStore
from latentcode.synth.renderer import Renderer


class InTime(Protocol):
    """The set in time with others; see `timing/sync.py`."""

    def do(self, topic: str, *values: Any) -> None: ...
    def restore(self, session: Session) -> None: ...
    def state(self) -> TimingState: ...
    def realtime(self, port: str, data: bytes, moment: float) -> None: ...


class EngineParts(Protocol):
    """What the handlers of messages, the answers and the timing need of the engine (`process.py`).

    `lock` holds while the performance is told something; `before`: the session that this engine
    takes up.
    """

    options: argparse.Namespace
    lock: threading.RLock
    leave: threading.Event
    begun: threading.Event
    desks: Desks
    card: Card
    encoder: EncoderProcess
    store: LiveStore
    grabs: Grabs
    before: Session
    journal: Journal
    words: LastWords | None
    recording: str | None
    takes: Takes
    shortcut: DirectParameters | None
    load: float
    sound: PlayerLink
    leading: Leading
    hands: InputQueue
    performance: Performance
    ports: Listening
    departures: Departures
    preparer: Preparer

    @property
    def timing(self) -> InTime: ...
    @property
    def renderer(self) -> Renderer: ...
    @property
    def least_lead(self) -> float: ...
    def prepare(self, request: Request) -> None: ...
    def fit_lead(self) -> None: ...
    def note(self, record: Record) -> None: ...
