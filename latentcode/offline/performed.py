"""A performance that does again what was done in a session, before its first sample."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from latentcode.errors import RangeError
from latentcode.models.noted import Noted
from latentcode.parameters import VOICES
from latentcode.session import records
from latentcode.session.journal import Session
from latentcode.set.commands import Command
from latentcode.set.grabs import Grabs, StoreWithGrabs
from latentcode.set.performance import Performance
from latentcode.set.recorded import grabbed, known_models, led, noted_of, recordings_of
from latentcode.sounds.hearing import Hearing
from latentcode.sounds.model import Model, load_model
from latentcode.sounds.recordings import RecordedTape
from latentcode.synth.building import ModelInUse, build_renderer
from latentcode.synth.renderer import Renderer, Trouble

Stamped = list[tuple[int, Command]]


@dataclass(frozen=True)
class Work:
    """What a process has to do that shares the voices of a session: `commands` as they travel, each
    with its stamp; its `voices`; whether it is the `first` share, which speaks for the set; and
    where files are looked for, and which are `known`.
    """

    session: Session
    commands: tuple[tuple[int, bytes], ...]
    voices: tuple[int, ...]
    first: bool
    folders: tuple[Path, ...] = ()
    known: dict[str, str] = field(default_factory=dict)


def sides(voices: Iterable[int]) -> list[int]:
    """The rows of some voices among those of all: left and right of each in turn."""
    return [side for voice in voices for side in (2 * voice, 2 * voice + 1)]


class Told(NamedTuple):
    """Who is told of what a performance finds: what the musician should know of the set, a voice
    whose pattern has failed, and what cannot be played where a voice has moved to.
    """

    notice: Callable[[str], None]
    trouble: Callable[[Trouble], None]
    moved: Callable[[str], None]


def telling(notice: Callable[[str], None], rate: int) -> Told:
    """All of it is told as a sentence; `rate`: samples a second."""

    def trouble(found: Trouble) -> None:
        notice(f"d{found.voice + 1} at {found.sample / rate:.2f} s: {found.error}")

    return Told(notice, trouble, notice)


def performed(
    session: Session,
    commands: Stamped,
    told: Told,
    grabs_in: Path | None = None,
    voices: Collection[int] = range(VOICES),
) -> Performance:
    """A performance that is to do what was done and decided in a session, before its first
    sample; of other voices than `voices` nothing is heard.
    """
    performance = _performance(session, told, grabs_in, voices)
    for found in session.of(records.Fallback):
        performance.renderer.aside.know(found.place, found.sample, found.digest)
    for stamp, command in [*commands, *led(session), *grabbed(session)]:
        performance.schedule(command, stamp)
    for given, at in session.inputs:
        performance.hear(given, at)
    for direct in session.of(records.DirectValues):
        performance.holding.again(direct.sample, direct.given)
    return performance


def _performance(session: Session, told: Told, grabs_in: Path | None, voices: Collection[int]) -> Performance:
    model = _model(session, told.notice)
    grabs = Grabs(session.number("rate"), model.sample_rate, grabs_in)
    performance = Performance(_renderer(session, model, grabs, told, voices))
    performance.notice, performance.grabbed = told.notice, grabs.keep
    performance.listen(_hearing(session, model, told.notice))
    for missed in session.of(records.Missed):
        performance.renderer.missed.know(missed.voice, missed.sample, missed.note)
    for behind in session.of(records.Behind):
        performance.renderer.behind.known.add((behind.place, behind.sample))
    for unread in session.of(records.Unread):
        performance.renderer.unread.know(unread.voice, unread.sample)
    return performance


def _hearing(session: Session, model: Model, notice: Callable[[str], None]) -> Hearing:
    """What came in when a session was played."""
    rate = session.number("rate")
    tape = RecordedTape(recordings_of(session), rate, notice)
    hearing = Hearing(rate, tape, lambda name: model.named(name).codec if name else model.codec)
    hearing.block = session.number("block")
    for one in session.of(records.Delayed):
        hearing.delay(one.sample, one.samples_late)
    for frames in session.of(records.Unencoded):
        hearing.followed.missed.update(frames.each())
    for eased in session.of(records.Eased):
        hearing.followed.ease(eased.following, eased.sample, eased.later)
    return hearing


def _renderer(session: Session, model: Model, grabs: Grabs, told: Told, voices: Collection[int]) -> Renderer:
    kind, rate = session.value("synthesis"), session.number("rate")
    decoder = model.decoder_for(session.number("hop") or None)
    used = ModelInUse(model.card, StoreWithGrabs(model.store_for(kind), grabs), decoder, model.find)

    def beyond(voice: int, error: RangeError) -> None:
        told.moved(f"d{voice + 1} {error.heard}: {error}")

    return build_renderer(
        used,
        rate,
        told.trouble,
        beyond,
        synthesis=kind,
        hop=session.number("hop") or None,
        noise=float(session.value("noise")),
        seed=session.number("seed"),
        bpm=session.value("bpm"),
        grains=session.value("grains"),
        ahead=session.number("ahead"),
        heard=voices,
        **session.habits,
    )


def _model(session: Session, notice: Callable[[str], None]) -> Model:
    model, noted = load_model(session.model), noted_of(session) or Noted()
    if model.card.kind == "stream":
        model = Model(session.model, noted=noted)
    if model.card.doubt:
        notice(model.card.doubt)
    if changed := session.another_model(model.card.digest, model.card.file):
        notice(changed)
    model.known, model.noted = known_models(session, notice), noted
    return model
