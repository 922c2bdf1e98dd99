"""What a session asks for, all of it before the first sound;
what it needs and is not there is named at once.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import suppress

from latentcode.audio import reading as audio
from latentcode.errors import LatentcodeError, SessionError
from latentcode.files import whereabouts
from latentcode.models import card_of
from latentcode.models.card import model_file
from latentcode.prompt.replay import Replay, Report, Stamped
from latentcode.session.journal import Block, Session
from latentcode.session.records import Folder, Sound
from latentcode.set import finding
from latentcode.set.commands import Command
from latentcode.set.retiming import converted, header_edited, retimed
from latentcode.sounds import library as sounds
from latentcode.sounds.folders import folder as sounds_in


def asked_again(
    session: Session,
    report: Report,
    ran: Callable[[Block, list[Command]], None] = lambda block, commands: None,
    model: str | None = None,
    bpm: str | None = None,
    every: bool = False,
) -> list[Stamped]:
    """The commands of a session, each with its stamp. Its code is run.

    `model`: the one to be played with, when it is not the session's own; `bpm`: the text of the one
    tempo that takes the place of its own. Raises SessionError, with the names of all sounds and
    models that are missing. What has changed since is reported; of many things of a kind the first,
    or `every` one.
    """
    whereabouts.know(session.found)
    told: list[str] = []
    replay = Replay(session, told.append, ran, every=every)
    asked = list(replay)
    asked = _in_time(session, asked, replay.tempo_edits, told.append)
    missing = _absent(session, model, bool(replay.lost))
    if missing or replay.lost:
        raise SessionError(_sentence(session, missing, replay.lost))
    for line in [*_changed(session), *told]:
        report(line)
    return asked if bpm is None else moved_to(session, converted(session, asked, bpm=bpm))


def moved_to(session: Session, found: tuple[Session, list[Stamped]]) -> list[Stamped]:
    """Have all of a session lie where it lies in another; returns the commands there."""
    there, asked = found
    before, now = session.there, there.there
    session.header, session.blocks[:], session.records[:] = there.header, there.blocks, there.records
    session.there = now if before is None or now is None else now.after(before)
    return asked


def one_tempo(bpm: str) -> str:
    """A sentence on what one tempo from beginning to end changes."""
    return f"at {bpm} bpm from beginning to end: all stays at its cycle, and comes at another time"


def other_rate(then: int, now: int) -> str:
    """A sentence on what another rate of the device (Hz) changes."""
    return (
        f"played at {then} Hz then, at {now} Hz now: times are converted, pitch and tempo are the same; it "
        "sounds alike, and not sample for sample"
    )


def _in_time(session: Session, asked: list[Stamped], edited: list[int], report: Report) -> list[Stamped]:
    """What a session asks for where its cycles lie now, if its tempo was `edited` at some samples;
    what it records goes with it.
    """
    edited = [0] if header_edited(session) else edited
    if not edited:
        return asked
    found = retimed(session, asked, min(edited))
    if found is None:
        report(
            "the tempo is not what it was; the marks hold no cycles yet, so all comes at the samples of then"
        )
        return asked
    asked = moved_to(session, found)
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


def _sentence(session: Session, missing: list[str], lost: list[str]) -> str:
    if not missing:
        return "; ".join(dict.fromkeys(lost))
    missing = [name for name in missing if not any(name.startswith(f"{one}{os.sep}") for one in missing)]
    digests = dict(_noted(session))
    return finding.missing(finding.Lost(name, digests.get(name, "")) for name in missing)


def _changed(session: Session) -> Iterator[str]:
    """Sentences on the files that are not what they were."""
    for name, digest in _noted(session):
        try:
            file = sounds.find(name).file
            if audio.digest(file) != digest:
                yield f"{file} has changed since the session was played"
        except LatentcodeError as error:
            yield str(error)
    for place, count in {one.place: one.count for one in session.of(Folder)}.items():
        with suppress(LatentcodeError):
            if (now := len(sounds_in(place))) != count:
                yield f"{place} had {count} sounds then, and has {now} now: numbers in it may mean others"


def _noted(session: Session) -> list[tuple[str, str]]:
    return [(sound.file, sound.digest) for sound in session.of(Sound)]


def other_model(session: Session, chosen: str | None = None) -> Iterator[str]:
    """Sentences on a model that is not the session's own, or not what that was; `chosen`: the one
    it is played with, None for its own. Raises ModelError where there is none.
    """
    card = card_of(session.model if chosen is None else chosen)
    then, _, digest = session.header.get("model", "").partition("@")
    if chosen is None:
        yield from filter(None, [session.another_model(card.digest, card.file)])
    elif digest and not card.digest.startswith(digest):
        yield (
            f"played with the model {card.name} in place of {then}: the code, its times and its effects are "
            "the same; the timbre is another, and what was set by hand in its latents means something else"
        )
