"""What a session asks for, all of it before the first sound;
what it needs and is not there is named at once.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

from latentcode.audio import reading as audio
from latentcode.errors import LatentcodeError, SessionError
from latentcode.files import whereabouts
from latentcode.models.card import model_file
from latentcode.prompt.replay import Replay, Report, Stamped
from latentcode.session.journal import Block, Session
from latentcode.session.records import Sound
from latentcode.set.commands import Command
from latentcode.set.retiming import header_edited, retimed
from latentcode.sounds import library as sounds


def asked_again(
    session: Session,
    report: Report,
    ran: Callable[[Block, list[Command]], None] = lambda block, commands: None,
    model: str | None = None,
) -> list[Stamped]:
    """The commands of a session, each with its stamp. Its code is run.

    `model`: the one to be played with, when it is not the session's own. Raises SessionError, with
    the names of all sounds and models that are missing. What has changed since is reported.
    """
    told: list[str] = []
    replay = Replay(session, told.append, ran)
    asked = list(replay)
    asked = _in_time(session, asked, replay.tempo_edited, told.append)
    missing = _absent(session, model, bool(replay.lost))
    if missing or replay.lost:
        raise SessionError(_sentence(missing, replay.lost))
    for line in [*_changed(session), *told]:
        report(line)
    return asked


def _in_time(session: Session, asked: list[Stamped], edited: bool, report: Report) -> list[Stamped]:
    """What a session asks for where its cycles lie now, if its tempo was `edited`;
    what it records goes with it.
    """
    if not edited and not header_edited(session):
        return asked
    found = retimed(session, asked)
    if found is None:
        report(
            "the tempo is not what it was; the marks hold no cycles yet, so all comes at the samples of then"
        )
        return asked
    there, asked = found
    session.blocks[:], session.records[:], session.there = there.blocks, there.records, there.there
    report("the tempo is not what it was: what comes later follows the cycles at which it stood")
    return asked


def _absent(session: Session, model: str | None, lost: bool) -> list[str]:
    """What the session names and nobody finds; the code is run again for that,
    if it `lost` something.
    """
    absent: list[str] = []
    if lost:
        replay = Replay(session)
        replay.absent = absent
        list(replay)
    with whereabouts.noting_absent(absent):
        for name, _ in _noted(session):
            sounds.find(name)
        model_file(session.model if model is None else model)
    return absent


def _sentence(missing: list[str], lost: list[str]) -> str:
    if not missing:
        return "; ".join(dict.fromkeys(lost))
    missing = [name for name in missing if not any(name.startswith(f"{one}{os.sep}") for one in missing)]
    places = dict.fromkeys([*map(str, whereabouts.places()), os.getcwd()])
    return (
        f"the session needs what is not there: {', '.join(map(repr, missing))}; looked for in "
        f"{', then in '.join(places)}: put it beside the session"
    )


def _changed(session: Session) -> Iterator[str]:
    """Sentences on the files that are not what they were."""
    for name, digest in _noted(session):
        try:
            file = sounds.find(name).file
            if audio.digest(file) != digest:
                yield f"{file} has changed since the session was played"
        except LatentcodeError as error:
            yield str(error)


def _noted(session: Session) -> list[tuple[str, str]]:
    return [(sound.file, sound.digest) for sound in session.of(Sound)]
