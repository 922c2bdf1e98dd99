"""The command line: the prompt, and what can be done without it.

A command is a module with `add_arguments(parser)` and `run(args)`, which returns the exit status.
Nothing heavy is imported before it is needed.
"""

from __future__ import annotations

import argparse
import difflib
import importlib
import os
import re
import sys
from collections.abc import Callable, Sequence
from typing import NoReturn

from latentcode import __version__
from latentcode.cli import prompt
from latentcode.cli.options import notice
from latentcode.ending import Ended, when_ended
from latentcode.errors import LatentcodeError, on_sound_warning
from latentcode.files.texts import shown, told_in_any_alphabet

COMMANDS = {  # each with the module that has its arguments and runs it, imported where it is called
    "play": ("replay a session, live", "latentcode.cli.play"),
    "open": ("go on with a set of before, at the prompt", "latentcode.cli.open"),
    "render": ("write what a session sounds like to files", "latentcode.cli.render"),
    "serve": ("a set without a prompt, played from editors", "latentcode.cli.serve"),
    "send": ("have a running set evaluate a file", "latentcode.cli.send"),
    "pipe": ("have a running set evaluate what flok writes", "latentcode.cli.pipe"),
    "stage": ("a page that shows the set to an audience, in a browser", "latentcode.cli.stage"),
    "models": ("the models that there are, and what they do here", "latentcode.prompt.model_list"),
    "train": ("train a model on a folder of sounds", "latentcode.evaluation.training_command"),
    "evaluate": ("measure how a model plays a folder of sounds", "latentcode.evaluation.command"),
    "dataset": ("write notes of a sound font in NSynth's layout", "latentcode.models.corpus.nsynth"),
    "retime": ("write down an edited session at the samples of its tempo now", "latentcode.cli.retime"),
    "pack": ("write a session and all that it needs to one file", "latentcode.cli.pack"),
    "verify": ("whether a session made a recording", "latentcode.cli.verify"),
    "sessions": ("the sets that were played", "latentcode.prompt.session_list"),
    "log": ("a set as a line of time", "latentcode.cli.log"),
    "diff": ("how two sets differ: code, and where the sound parts", "latentcode.cli.diff"),
    "info": ("what a model, a sound or a session is", "latentcode.cli.info"),
    "doctor": ("what was found, what is missing, what to type", "latentcode.doctor"),
}
EPILOG = 'Without a command: the prompt. In it, type d1 >> s("cello(3,8)"); Ctrl-D leaves.'


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status.

    0, or 1 for an error, 2 for a wrong call, 130 for Ctrl-C, 128 + N for a signal that ended it.
    """
    words = sys.argv[1:] if arguments is None else list(arguments)
    told_in_any_alphabet(sys.stdout, sys.stderr)
    on_sound_warning(notice)
    try:
        args = _parser(words).parse_args(words)
        run: Callable[[argparse.Namespace], int] = args.run
        with when_ended():
            return run(args)
    except LatentcodeError as error:
        notice(" ".join(str(error).split()))
        return 1
    except Ended as ended:
        return 128 + ended.number
    except KeyboardInterrupt as interrupt:
        print(file=sys.stderr, end="\n" if sys.stderr.isatty() else "")  # below its ^C
        notice(str(interrupt) or "ended by Ctrl-C")
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


class _Parser(argparse.ArgumentParser):
    """One that shows what it was given as it may stand in a terminal,
    and knows what else may be meant.
    """

    def error(self, message: str) -> NoReturn:
        super().error(shown(message + _meant(message)))


def _meant(message: str) -> str:
    """What to type where a file, or help, stands in the place of a command."""
    found = re.match(r"argument COMMAND: invalid choice: ['\"](.*)['\"] \(choose", message)
    if found is None:
        return ""
    if found[1] == "help":
        return "; type latentcode --help"
    if os.path.isfile(found[1]):
        return f"; type latentcode play {found[1]}"
    near = difflib.get_close_matches(found[1], COMMANDS, 1)
    return f"; did you mean latentcode {near[0]}?" if near else ""


def _parser(words: Sequence[str]) -> argparse.ArgumentParser:
    """The command line; a command has its arguments only where it is among the `words`."""
    parser = _Parser(
        prog="latentcode",
        description="Live coding in the latent space of neural audio models.",
        epilog=EPILOG,
    )
    parser.add_argument("--version", action="version", version=f"latentcode {__version__}")
    prompt.add_arguments(parser)
    parser.set_defaults(run=prompt.run)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    for name, (told, module) in COMMANDS.items():
        command = commands.add_parser(name, help=told, allow_abbrev=False)  # --stem is no --stems FOLDER
        if name in words:
            found = importlib.import_module(module)
            found.add_arguments(command)
            command.set_defaults(run=found.run)
    return parser
