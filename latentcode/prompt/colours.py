"""Colours of the prompt, to be read from the back of a room: those of the terminal for what is
typed, since they fit its background, and full contrast below it. None is the only sign of anything.
"""

from __future__ import annotations

from prompt_toolkit.styles import BaseStyle, Style, merge_styles

CODE = Style.from_dict(
    {  # ptpython's are dark red and grey where the music stands
        "pygments.comment": "noinherit italic",
        "pygments.keyword": "noinherit bold ansimagenta",
        "pygments.operator": "noinherit bold",
        "pygments.operator.word": "noinherit bold ansimagenta",
        "pygments.name.builtin": "noinherit ansicyan",
        "pygments.name.function": "noinherit bold",
        "pygments.name.class": "noinherit bold",
        "pygments.name.namespace": "noinherit bold",
        "pygments.name.attribute": "noinherit",
        "pygments.literal.string": "noinherit ansigreen",
        "pygments.literal.string.interpol": "noinherit bold ansigreen",
        "pygments.literal.string.escape": "noinherit bold ansigreen",
        "pygments.literal.number": "noinherit ansibrightmagenta",
    }
)
BARS = Style.from_dict(
    {
        "status-toolbar": "noinherit bg:#000000 #ffffff",
        "dim": "#b2b2b2",
        "good": "#5fff5f",
        "warn": "#ffd75f bold",
        "bad": "#ff8787 bold",
        "lit": "fg:#ffd700 bg:#000000 bold reverse",  # reversed where there are no colours, too
        "told": "noinherit bg:#303030 #ffffff",
        "docstring": "noinherit",
    }
)


def of_code(known: BaseStyle) -> BaseStyle:
    """Another's colours of code, with ours above them."""
    return merge_styles([known, CODE])


def of_bars(known: BaseStyle) -> BaseStyle:
    """Another's colours of all around it, with ours above them."""
    return merge_styles([known, BARS])
