"""`latentcode serve`: a set without a prompt, for editors."""

from __future__ import annotations

import argparse

from latentcode.cli import prompt


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of the prompt."""
    prompt.add_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Play what editors send until Ctrl-C or a signal; returns the exit status."""
    return prompt.run(args, alone=True)
