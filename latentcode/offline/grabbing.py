"""What was grabbed in a set, grabbed again where it is not kept: a session that was copied, or came
from another machine, has none of it, and to begin in its middle it is needed.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from latentcode.files.whereabouts import looking_in
from latentcode.models.card import default_is
from latentcode.offline.playing import play_offline
from latentcode.session.journal import read_session
from latentcode.set.grabs import folder_of, kept_in, save, seal
from latentcode.set.recorded import missing_grabs
from latentcode.set.retiming import tempo_of
from latentcode.set.span import Place, span

Progress = Callable[[float, float], None]  # seconds done, seconds in all


def grab_again(path: str | Path, begin: Place | None, report: Progress, bpm: str = "") -> int:
    """Render a session as far as something is grabbed that is not kept, and holds what lies before
    a place (None: its end), so that it is; returns how many there were. To the sample what was
    grabbed then; at another tempo, `bpm`, what would have been.

    The session's code is run: ask for trust first. Raises SessionError, OSError.
    """
    from latentcode.prompt.again import asked_again

    session, folder = read_session(path), kept_in(path, bpm)
    if folder is None:
        return 0
    with looking_in(session.folders), default_is(session.value("default")):
        commands = asked_again(session, lambda line: None, bpm=bpm or None)
        first = session.end if begin is None else span(session, commands, begin, None)[0]
        tempo = tempo_of(session, commands)
        missing = missing_grabs(session, path, first, tempo, bpm)
        last = max((one.sample for one in missing), default=0)
        done, rate = 0, session.number("rate")
        if missing:
            for block in play_offline(session, commands, grabs_in=folder):
                done += len(block)
                report(min(done, last) / rate, last / rate)
                if done > last + rate:  # the player is behind the renderer by less
                    break
    for one in missing_grabs(session, path, first, tempo, bpm):  # nothing had sounded: that is known now
        save(folder / f"{one.grab}.npy", np.zeros(0, np.float32))
    if folder == folder_of(path):
        seal(path)
    return len(missing)
