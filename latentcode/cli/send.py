"""`latentcode send`: have a running set evaluate a file, and see what came of it."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from latentcode.errors import EngineError
from latentcode.files.texts import decoded, say

WAIT = 2.0  # seconds for the engine to take what a block asks for


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What is sent, and where to."""
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("file", metavar="FILE", nargs="?", help="a file of code; - reads standard input")
    what.add_argument("-c", "--code", metavar="CODE", help="code, as hush()")
    what.add_argument("--where", action="store_true", help="only say which socket it would go to")
    add_line_options(parser, "send")


def add_line_options(parser: argparse.ArgumentParser, name: str) -> None:
    """Which set is meant, and who speaks."""
    parser.add_argument("--name", default=name, metavar="NAME", help="who sends it, for the journal")
    parser.add_argument("--socket", metavar="PATH", help="the set that is meant (default: the newest)")


def run(args: argparse.Namespace) -> int:
    """0 where all went well, 1 where it did not. Raises EngineError."""
    from latentcode.remote.address import found
    from latentcode.remote.client import Client

    if args.where:
        with led_back():
            say(found(args.socket))
        return 0
    blocks = list(_blocks(args))
    with led_back():
        client = Client(args.name, args.socket)
    wrong = [block for block in blocks if tell(client.evaluate(wait=WAIT, **block))]
    if wrong and len(blocks) > 1:
        from latentcode.prompt.loading import came_of

        lines = [block["line"] for block in wrong]
        say(f"{os.path.basename(args.file)}: {came_of(len(blocks), lines)}", file=sys.stderr)
    return int(bool(wrong))


@contextmanager
def led_back() -> Iterator[None]:
    """Where no set answers an editor, but the music of one goes on without its prompt, say so.

    Raises EngineError.
    """
    try:
        yield
    except EngineError as error:
        from latentcode.prompt.link import open_doors
        from latentcode.remote.address import SUFFIX

        if any(not door.with_suffix(SUFFIX).exists() for door in open_doors(replays=False)):
            raise EngineError(f"{error}; a set plays on without its prompt: latentcode --resume") from None
        raise


def tell(answer: dict[str, Any]) -> int:
    """Print what came of a block; 0 where that is well."""
    sys.stdout.write(answer.get("printed", ""))
    for line in (answer.get("value"), *answer.get("notes", ())):
        if line is not None:
            say(line)
    sys.stdout.flush()
    if "error" not in answer:
        return 0
    say(f"✗ {answer['error']}", file=sys.stderr)
    return 1


def _blocks(args: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """What is to be evaluated, one after the other. Raises LatentcodeError."""
    from latentcode.prompt.loading import blocks_in, content, file_of

    if args.code is not None or args.file == "-":
        yield {"code": _typed() if args.code is None else args.code}
        return
    file = file_of(args.file)
    for origin, code in blocks_in(content(file), file):
        yield {"code": code, "file": origin.file, "line": origin.line}


def _typed() -> str:
    try:
        return decoded(sys.stdin.buffer.read())
    except UnicodeDecodeError as error:
        raise EngineError(f"standard input is no text: {error}") from error
