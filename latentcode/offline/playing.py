"""A session as it sounded: the engine's renderer and the player's graph, as fast as they go."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

from latentcode.arrays import Float32
from latentcode.offline.blocks import SessionBlocks, began_anew
from latentcode.offline.performed import Stamped, performed, telling
from latentcode.offline.sharing import MOST, SharedBlocks, cores, shares
from latentcode.player.transport import Tap
from latentcode.session import records
from latentcode.session.journal import Session
from latentcode.set.performance import Performance


def play_offline(
    session: Session,
    commands: Stamped,
    notice: Callable[[str], None] = lambda text: None,
    taps: Sequence[Tap] = (),
    begun: Callable[[Performance], None] | None = None,
    grabs_in: Path | None = None,
    last: int | None = None,
    processes: int | None = None,
) -> Iterator[Float32]:
    """Blocks of float32 (n, 2): renderer, faders, limiter,
    with the dry spans that the live set had.

    `taps` see each buffer as the player computes it; `begun` is given the performance before its
    first sample, and another one where it has to be begun again; `grabs_in` is a folder where what
    is grabbed is kept. `last`: the sample up to which they are wanted, None: the session's end.

    `processes`: how many share the voices, the samples being the same; None: one for each core, up
    to MOST. With `begun` or `grabs_in` it is this one.
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

        performance = performed(session, commands, telling(say, session.number("rate")), grabs_in)
        if begun is not None:
            begun(performance)
        return performance

    def note(text: str) -> None:
        said.append(text)
        notice(text)

    blocks: SessionBlocks | SharedBlocks = (alone := SessionBlocks(session, begin))
    most = min(cores(), MOST) if processes is None else processes
    end = session.end if last is None else min(last, session.end)
    parts = shares(session, commands, end, 1 if begun or grabs_in else most)
    if len(parts) > 1:
        blocks = SharedBlocks(alone, session, commands, parts, note)
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
