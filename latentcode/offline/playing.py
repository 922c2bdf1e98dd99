"""A session as it sounded: the engine's renderer and the player's graph, as fast as they go."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

from latentcode.arrays import Float32
from latentcode.errors import RangeError
from latentcode.models.noted import Noted
from latentcode.offline.blocks import SessionBlocks, began_anew
from latentcode.player.transport import Tap
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


def play_offline(
    session: Session,
    commands: Stamped,
    notice: Callable[[str], None] = lambda text: None,
    taps: Sequence[Tap] = (),
    begun: Callable[[Performance], None] = lambda performance: None,
    grabs_in: Path | None = None,
) -> Iterator[Float32]:
    """Blocks of float32 (n, 2): renderer, faders, limiter,
    with the dry spans that the live set had.

    `taps` see each buffer as the player computes it; `begun` is given the performance before its
    first sample, and another one where it has to be begun again; `grabs_in` is a folder where what
    is grabbed is kept.
    """
    from latentcode.player.offline import render

    said = list[str]()

    def begin() -> Performance:
        again = Counter(said)  # a performance that is begun again says again what the first has said

        def say(text: str) -> None:
            again[text] -= 1
            if again[text] < 0:
                said.append(text)
                notice(text)

        performance = performed(session, commands, say, grabs_in)
        begun(performance)
        return performance

    blocks = SessionBlocks(session, begin)
    with closing(iter(blocks)) as voices:
        yield from render(
            voices,
            rate=session.number("rate"),
            buffer=session.number("buffer"),
            dry=[(dry.first, dry.last) for dry in session.of(records.Dry)],
            restarts=[(device.sample, device.buffer) for device in session.of(records.Device)],
            anew=began_anew(session),
            headroom=session.number("headroom"),
            late=[(late.key, late.sample, late.applied) for late in session.of(records.Late)],
            told=blocks.told,
            taps=taps,
        )


def performed(
    session: Session, commands: Stamped, notice: Callable[[str], None], grabs_in: Path | None = None
) -> Performance:
    """A performance that is to do what was done and decided in a session, before its first
    sample.
    """
    performance = _performance(session, notice, grabs_in)
    for found in session.of(records.Fallback):
        performance.renderer.aside.know(found.place, found.sample, found.digest)
    for stamp, command in [*commands, *led(session), *grabbed(session)]:
        performance.schedule(command, stamp)
    for given, at in session.inputs:
        performance.hear(given, at)
    for direct in session.of(records.DirectValues):
        performance.holding.again(direct.sample, direct.given)
    return performance


def _performance(session: Session, notice: Callable[[str], None], grabs_in: Path | None) -> Performance:
    model = _model(session, notice)
    grabs = Grabs(session.number("rate"), model.sample_rate, grabs_in)
    performance = Performance(_renderer(session, model, grabs, notice))
    performance.notice, performance.grabbed = notice, grabs.keep
    performance.listen(_hearing(session, model, notice))
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


def _renderer(session: Session, model: Model, grabs: Grabs, notice: Callable[[str], None]) -> Renderer:
    kind, rate = session.value("synthesis"), session.number("rate")
    decoder = model.decoder_for(session.number("hop") or None)
    used = ModelInUse(model.card, StoreWithGrabs(model.store_for(kind), grabs), decoder, model.find)

    def trouble(found: Trouble) -> None:
        notice(f"d{found.voice + 1} at {found.sample / rate:.2f} s: {found.error}")

    def beyond(voice: int, error: RangeError) -> None:
        notice(f"d{voice + 1} {error.heard}: {error}")

    return build_renderer(
        used,
        rate,
        trouble,
        beyond,
        synthesis=kind,
        hop=session.number("hop") or None,
        noise=float(session.value("noise")),
        seed=session.number("seed"),
        bpm=session.value("bpm"),
        grains=session.value("grains"),
        ahead=session.number("ahead"),
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
