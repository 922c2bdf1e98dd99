"""`python -m latentcode.engine ADDRESS …`: the engine process, started by a desk."""

from __future__ import annotations

import argparse
import sys
import threading
import warnings
from pathlib import Path

from latentcode.audio.limiter import HEADROOM
from latentcode.engine.early import command_line
from latentcode.errors import LatentcodeError, LeftOutWarning, on_sound_warning
from latentcode.files import places, whereabouts
from latentcode.protocol.messages import FromDesk, Notice
from latentcode.protocol.wire import connect
from latentcode.session.header import HABITS


def main(arguments: list[str]) -> int:
    """Run the engine with the command line that the desk gave it."""
    wire = connect(arguments[0], FromDesk)
    options = _parser().parse_args([arguments[0], *command_line(arguments[1:], wire)])
    whereabouts.look_in(options.look_in)
    whereabouts.know(dict(options.found))
    if options.log:
        threading.Thread(target=places.keep_short, args=(Path(options.log),), name="log", daemon=True).start()
    sys.setswitchinterval(0.0005)  # a render thread that waits 5 ms for the interpreter is too late
    try:
        from latentcode.engine.process import Engine
        from latentcode.set.grabs import seal

        engine = Engine(options, wire)
        warnings.simplefilter("ignore", LeftOutWarning)  # the desk has said so
        on_sound_warning(lambda text: engine.desks.notice(text))
        engine.run()
        seal(options.journal)
    except LatentcodeError as error:
        wire.send(Notice(f"the engine cannot start: {error}"))
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m latentcode.engine")
    parser.add_argument("address", help="of the wire to the desk")
    parser.add_argument("--model", default="default", help="a name or a file")
    parser.add_argument(
        "--model-rate", type=int, default=None, help="Hz, for a model whose file does not say"
    )
    parser.add_argument("--rate", type=int, default=44100, help="wanted, in Hz; JACK decides")
    parser.add_argument("--buffer", type=int, help="wanted, in samples; JACK decides")
    parser.add_argument("--block", type=int, help="samples rendered at a time")
    parser.add_argument("--hop", type=int, help="samples between two windows")
    parser.add_argument("--low-latency", action="store_true", help="where the others are left out")
    parser.add_argument("--driver", default="auto", help="auto, jack, portaudio or timer")
    parser.add_argument("--outputs", type=int, default=0, help="at most so many; 0: as many as there are")
    parser.add_argument("--inputs", type=int, help="open inputs at once, at least so many")
    parser.add_argument("--lead", type=float, help="how far to render ahead, in ms")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--bpm", default="120")
    parser.add_argument("--synthesis", default="overlap", help="overlap or concat")
    parser.add_argument("--noise", type=float, default=0.0)
    parser.add_argument(
        "--headroom", type=int, default=HEADROOM, help="dB that a set is turned down by before the limiter"
    )
    for habit, what in HABITS.items():
        parser.add_argument(f"--{habit}", type=int, choices=(0, 1), default=1, help=f"whether {what}")
    parser.add_argument("--grains", default="auto", help="where windows are aligned: auto, aligned or plain")
    parser.add_argument(
        "--rows", type=int, default=4, help="layers that go through exported streams together"
    )
    parser.add_argument("--ahead", type=int, default=200, help="ms that exported streams are decoded ahead")
    parser.add_argument("--journal", required=True, help="the session file")
    parser.add_argument(
        "--known", nargs=2, action="append", default=[], help="a name of a model, and the file that it means"
    )
    parser.add_argument(
        "--found", nargs=2, action="append", default=[], help="a name, and the file that it means"
    )
    parser.add_argument("--look-in", action="append", default=[], help="for files, before the current folder")
    parser.add_argument("--midi", default=None, help="parts of inputs' names, with commas, or none")
    parser.add_argument("--door", default=None, help="where another desk may call")
    parser.add_argument("--log", default=None, help="where the player's own output goes")
    parser.add_argument("--deskless", type=float, default=600.0, help="seconds to play on without a desk")
    parser.add_argument("--hold", action="store_true", help="wait for the desk to say that the set begins")
    parser.add_argument("--start", type=int, default=0, help="the session sample to go on at")
    parser.add_argument(
        "--continue", dest="resumed", action="store_true", help="go on in an existing journal"
    )
    parser.add_argument(
        "--opened", action="store_true", help="the journal is that of a set of before; go on just at --start"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
