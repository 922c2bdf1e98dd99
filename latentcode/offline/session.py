"""Rendering a session from its journal, offline: the engine's renderer and the player's graph,
as fast as they go.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import numpy as np

from latentcode.arrays import Float32
from latentcode.audio import decoding
from latentcode.engine.deadman import ended_when_hung
from latentcode.errors import RangeError, SessionError
from latentcode.files import atomic, limits
from latentcode.files.whereabouts import looking_in
from latentcode.models.card import BUILT_IN, LASTING, default_is, model_file
from latentcode.protocol.player_messages import PlayerCommand
from latentcode.session import records
from latentcode.session.journal import Session, read_session
from latentcode.set.commands import Command
from latentcode.set.grabs import Grabs, StoreWithGrabs
from latentcode.set.performance import Performance
from latentcode.set.recorded import breaks, grabbed, known_models, led
from latentcode.sounds.model import Model, load_model
from latentcode.synth.building import ModelInUse, build_renderer
from latentcode.synth.renderer import Renderer, Trouble

FORMATS = {
    ".wav": ("WAV", "FLOAT"),
    ".flac": ("FLAC", "PCM_24"),
    ".aif": ("AIFF", "PCM_24"),
    ".aiff": ("AIFF", "PCM_24"),
}
LARGEST = (1 << 32) - (1 << 16)  # bytes of samples that WAV and AIFF can name, beside their other chunks
ROOM = 1 << 20  # bytes; a disk with less has no place for another block

STILL = 1 << 14  # samples of silence at a time

Stamped = list[tuple[int, Command]]
Progress = Callable[[float, float], None]  # seconds done, seconds in all


def render_session(
    path: str | Path,
    out: str | Path,
    report: Progress | None = None,
    notice: Callable[[str], None] = lambda text: None,
    model: str | Path | None = None,
) -> float:
    """Write what a session sounds like to a WAV (32-bit float), FLAC or AIFF (24-bit) file;
    returns its peak.

    Sounds and models are looked for in the session's own folder, then where it was played, then in
    the current one. `model`, a name or a file, takes the place of the session's own.

    With the recording of the live set it agrees sample for sample on the same machine and versions.
    The session's code is run: ask for trust first. Raises SessionError, or what the session's code
    leads to.
    """
    kind = written_as(out)
    session = read_session(path)
    if model is not None:
        model_file(model)
        session.header.update(
            model_file=str(Path(os.path.expanduser(model)).absolute())
            if model not in BUILT_IN
            else LASTING[BUILT_IN[str(model)]]
        )
        session.header.pop("model", None)  # it is meant to be another one
    with looking_in(session.folders), default_is(session.value("default")):
        return _render(session, out, kind, report, notice)


def written_as(out: str | Path) -> tuple[str, str]:
    """The format and sample type of a file that is to be written.

    Raises SessionError where it cannot be one.
    """
    if os.path.isdir(out):
        raise SessionError(f"{out} is a folder; give a file in it, as {Path(out) / 'set.wav'}")
    kind = FORMATS.get(Path(out).suffix.lower())
    if kind is None:
        raise SessionError(f"{out}: a sound is written as {', '.join(FORMATS)}; give the file such an ending")
    return kind


def _render(
    session: Session,
    out: str | Path,
    kind: tuple[str, str],
    report: Progress | None,
    notice: Callable[[str], None],
) -> float:
    from latentcode.prompt.again import asked_again

    peak, rate, done = 0.0, session.number("rate"), 0
    for line in session.unwritten:
        notice(line)
    commands = asked_again(session, notice)
    try:
        with _writing(out, rate, _container(out, kind[0], session.end + rate), kind[1]) as write:
            for block in play_offline(session, commands, notice):
                write(block)
                peak, done = max(peak, float(np.abs(block).max(initial=0.0))), done + len(block)
                if report:
                    report(done / rate, session.end / rate)
    except OSError as error:
        raise SessionError(f"{out} cannot be written: {error.strerror or error}") from error
    return peak


def _container(out: str | Path, container: str, frames: int) -> str:
    """How a sound of so many frames is written.

    Raises SessionError where its ending cannot hold them.
    """
    size = 2 * frames * (4 if container == "WAV" else 3)
    if container == "FLAC":
        return container
    _check_room(out, size)
    if size < LARGEST:
        return container
    if container == "WAV":
        return "RF64"
    raise SessionError(
        f"{out}: {size / 2**30:.1f} GiB are more than an AIFF file holds ({LARGEST / 2**30:.0f}); "
        "a .wav or .flac file holds them: give it such an ending"
    )


def _check_room(out: str | Path, size: int) -> None:
    """Refuse what the disk has no room for, before hours are spent.

    Raises OSError, SessionError.
    """
    folder = atomic.replaceable(out).parent
    free = shutil.disk_usage(folder).free
    if size > free:
        raise SessionError(
            f"{out} would take {limits.spoken(size)}, and {folder} has room for {limits.spoken(free)}: "
            "make room, or write it elsewhere"
        )


@contextmanager
def _writing(out: str | Path, rate: int, container: str, subtype: str) -> Iterator[Callable[[Float32], None]]:
    """What takes blocks (n, 2) of a sound; the file is there when all of them could be written.

    Raises OSError.
    """
    import soundfile

    with atomic.replacing(out) as part, ended_when_hung(part):
        name = decoding.encoded(part)
        try:
            with soundfile.SoundFile(name, "w", rate, 2, format=container, subtype=subtype) as sound:
                yield sound.write
                frames = sound.frames
            with soundfile.SoundFile(name) as sound:
                sound.seek(max(frames - 1, 0))
                whole = sound.frames == frames and len(sound.read()) == min(frames, 1)
        except soundfile.SoundFileError as error:
            free = shutil.disk_usage(part.parent).free
            raise OSError(errno.ENOSPC, "the disk is full" if free < ROOM else str(error)) from error
        if not whole:  # libsndfile tells nobody when a disk was full as it closed a file
            raise OSError(errno.ENOSPC, "the disk is full")


def play_offline(
    session: Session, commands: Stamped, notice: Callable[[str], None] = lambda text: None
) -> Iterator[Float32]:
    """Blocks of float32 (n, 2): renderer, faders, limiter,
    with the dry spans that the live set had.
    """
    from latentcode.player.offline import render

    performance = _performance(session, notice)
    for found in session.of(records.Fallback):
        performance.renderer.aside.know(found.place, found.sample, found.digest)
    for stamp, command in [*commands, *led(session), *grabbed(session)]:
        performance.schedule(command, stamp)
    for given, at in session.inputs:
        performance.hear(given, at)
    for direct in session.of(records.DirectValues):
        performance.holding.again(direct.sample, direct.given)
    yield from render(
        _blocks(performance, session),
        rate=session.number("rate"),
        buffer=session.number("buffer"),
        dry=[(dry.first, dry.last) for dry in session.of(records.Dry)],
        restarts=[(device.sample, device.buffer) for device in session.of(records.Device)],
        anew=_anew(session),
        headroom=session.number("headroom"),
        late=[(late.key, late.sample, late.applied) for late in session.of(records.Late)],
        told=partial(_told, performance),
    )


def _performance(session: Session, notice: Callable[[str], None]) -> Performance:
    model = _model(session, notice)
    grabs = Grabs(session.number("rate"), model.sample_rate)
    performance = Performance(_renderer(session, model, grabs, notice))
    performance.notice, performance.grabbed = notice, grabs.keep
    for missed in session.of(records.Missed):
        performance.renderer.missed.know(missed.voice, missed.sample, missed.note)
    for unread in session.of(records.Unread):
        performance.renderer.unread.know(unread.voice, unread.sample)
    return performance


def _blocks(performance: Performance, session: Session) -> Iterator[Float32]:
    """The voices' samples, (n, 32), up to the session's end;
    what was skipped live is silence here.
    """
    renderer, block = performance.renderer, session.number("block")
    for before, after in [*breaks(session, session.end), (session.end, session.end)]:
        if before < renderer.position:  # in the middle of another one
            continue
        while renderer.position < before:
            yield performance.render(min(block, before - renderer.position)).T
        if after > before:
            performance.outbox += performance.holding.due(after)
            yield from _silence(after - before)
        if before < session.end:
            renderer.position = after
            performance.restart(unseen=after == before)
            if after == before:  # another engine and player took over
                told = performance.told if after in _anew(session) else performance.holding.told
                performance.outbox += told(after)


def _anew(session: Session) -> set[int]:
    """Where another player began with nothing; early journals do not say so,
    and are rendered as they were.
    """
    return {one.sample for one in session.of(records.Restart)} & {
        one.sample for one in session.of(records.Device)
    }


def _silence(samples: int) -> Iterator[Float32]:
    """Blocks (n, 32) of nothing: a break may have been long."""
    for begin in range(0, samples, STILL):
        yield np.zeros((min(STILL, samples - begin), 32), np.float32)


def _told(performance: Performance) -> list[PlayerCommand]:
    """What the player is told of the blocks that were rendered since it was last told."""
    messages, performance.outbox = performance.outbox, []
    return messages


def _renderer(session: Session, model: Model, grabs: Grabs, notice: Callable[[str], None]) -> Renderer:
    kind, rate = session.value("synthesis"), session.number("rate")
    decoder = model.decoder_for(session.number("hop") or None)
    used = ModelInUse(model.card, StoreWithGrabs(model.store_for(kind), grabs), decoder, model.find)

    def trouble(found: Trouble) -> None:
        notice(f"d{found.voice + 1} at {found.sample / rate:.2f} s: {found.error}")

    def beyond(voice: int, error: RangeError) -> None:
        notice(f"d{voice + 1} is silent where it cannot be played: {error}")

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
        loops=bool(session.number("loops")),
        lasting=bool(session.number("lasting")),
        grains=session.value("grains"),
        tunes=bool(session.number("tunes")),
    )


def _model(session: Session, notice: Callable[[str], None]) -> Model:
    model = load_model(session.model)
    if model.card.doubt:
        notice(model.card.doubt)
    if changed := session.another_model(model.card.digest, model.card.file):
        notice(changed)
    model.known = known_models(session, notice)
    return model
