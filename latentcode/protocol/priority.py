"""Work that waits for others: behind what sounds, and behind what is typed."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path


def behind(nice: int, process: int | None = None) -> None:
    """Let this process, or another that leads a session of its own, have what time others leave;
    `nice`: 0 to 19.

    Where Linux shares time between sessions first (autogroup, as desktops have it), a nice value
    counts among the processes of one session alone: the session itself is put back, too.
    """
    with suppress(AttributeError, OSError):
        before = os.getpriority(os.PRIO_PROCESS, process or 0)  # root may have begun it farther behind
        os.setpriority(os.PRIO_PROCESS, process or 0, max(before, nice))
    with suppress(AttributeError, OSError):
        if os.getsid(process or 0) == (process or os.getpid()):
            Path(f"/proc/{process or 'self'}/autogroup").write_text(f"{nice}\n")
