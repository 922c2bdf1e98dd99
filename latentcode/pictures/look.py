"""`draw` and `latent_map`: what is to be seen, and where it goes: the terminal, or a file."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from latentcode.errors import LatentError, PatternError
from latentcode.files import atomic
from latentcode.files.texts import say
from latentcode.latents.trajectory import Trajectory
from latentcode.patterns import Context, Pattern
from latentcode.words import public, word

if TYPE_CHECKING:
    from rich.text import Text

    from latentcode.arrays import Float32
    from latentcode.pictures.map import LatentMap
    from latentcode.pictures.sight import Latents

To = str | os.PathLike[str] | None
Read = Callable[[dict[str, Trajectory]], "list[Latents]"]  # latents of trajectories by name
MOST_PATHS = 20


class Target(NamedTuple):
    """The file of a picture; what is there already is kept, unless `force`."""

    file: str | os.PathLike[str]
    force: bool = False


def target(to: To, force: bool = False) -> Target | None:
    """Where a picture goes; None: into the terminal."""
    return None if to is None else Target(to, force)


@word('draw(s("cello(3,8)"))')
def draw(music: Any, cycles: int = 2, to: To = None, force: bool = False) -> None:
    """Draw a pattern's events in time, or how a path or trajectory moves through latent space.

    A pattern or mini-notation: a row for each sound or value, `cycles` cycles long; the height of a
    bar is its gain. A path or trajectory: its dimensions over time, those that move most first.
    `to`: a .png, .svg or .pdf file instead of the terminal (needs matplotlib); one that is there
    already is kept, and the picture gets a number, unless `force`. Raises PatternError or
    LatentError for what cannot be drawn.
    """
    if isinstance(music, Trajectory):
        draw_latents(music, own_latents, target(to, force))
    else:
        draw_pattern(music, cycles, target(to, force))


@public
def latent_map(*what: Any, to: To = None, force: bool = False) -> None:
    """Where paths lie in latent space: `latent_map("cello", path("rain.wav"))`,
    on their two principal components.

    what   names of sounds, paths or trajectories
    to     a .png, .svg or .pdf file instead of the terminal (needs matplotlib)
    force  replace a file that is there already, which is kept else

    Raises LatentError outside of a set where nothing is named.
    """
    if not what:
        raise LatentError('latent_map shows sounds; outside a set say which: latent_map("cello", "choir")')
    draw_map(shown_on_map(what), own_latents, {}, target(to, force))


def draw_pattern(
    music: Any, cycles: int, to: Target | None, begin: Fraction = Fraction(0), context: Context | None = None
) -> None:
    """A pattern's timeline from cycle `begin` on; `context` decides its random numbers.

    Raises PatternError for cycles that are no whole number from 1 to 64, and what the pattern
    raises.
    """
    from latentcode.latents.strategies import as_pattern
    from latentcode.pictures import canvas, timeline

    if not isinstance(music, (Pattern, str)):
        raise PatternError(
            f"draw takes a pattern, a path, a trajectory or mini-notation, not {music!r} "
            f'({type(music).__name__}); as in draw(s("cello(3,8)"))'
        )
    made = timeline.timeline(as_pattern(music), cycles, begin, context)
    shown(
        to,
        lambda: timeline.lines(made, canvas.width(), canvas.height()),
        lambda pictures, file: pictures.timeline(made, file),
    )


def draw_latents(node: Trajectory, read: Read, to: Target | None) -> None:
    """A trajectory's latents over time."""
    from latentcode.pictures import canvas, frames

    (made,) = read({"": node})
    shown(
        to,
        lambda: frames.lines(made, canvas.width(), canvas.height(), canvas.coloured()),
        lambda pictures, file: pictures.heat_map(made, file),
    )


def draw_map(nodes: dict[str, Trajectory], read: Read, voices: dict[str, Float32], to: Target | None) -> None:
    """Trajectories, and the latest latents of voices, on one map."""
    from latentcode.pictures import canvas, map

    paths = read(nodes)
    made: LatentMap = map.latent_map(paths, voices)
    shown(
        to,
        lambda: map.lines(made, canvas.width(), canvas.height()),
        lambda pictures, file: pictures.latent_map(made, file),
    )


def shown_on_map(what: Any, space: Mapping[str, Any] | None = None) -> dict[str, Trajectory]:
    """What the arguments of `latent_map` stand for, by name;
    `space` holds the musician's own names.

    Raises SoundError for an unknown name.
    Raises LatentError for what is no path, and for more than can be told apart.
    """
    found = {}
    for item in what:
        meant = (space or {}).get(item, item) if isinstance(item, str) else item
        node = meant if isinstance(meant, Trajectory) else None
        if node is None and isinstance(item, (str, os.PathLike)):
            from latentcode.sounds.model import find_path

            node = find_path(item)
        if node is None:
            raise LatentError(
                f"latent_map takes names of sounds, paths and trajectories, not {item!r} "
                f'({type(item).__name__}); as in latent_map("cello", path("rain.wav"))'
            )
        name = item if isinstance(item, str) else " ".join(repr(node).split())
        found[name] = node
    if len(found) > MOST_PATHS:
        raise LatentError(f"latent_map shows up to {MOST_PATHS} paths, not {len(found)}; name fewer")
    return found


def own_latents(nodes: dict[str, Trajectory]) -> list[Latents]:
    """Latents from a model in this process."""
    from latentcode.pictures.sight import own_sight

    sight = own_sight(*nodes.values())
    return [sight.latents(node, name) for name, node in nodes.items()]


def shown(to: Target | None, lines: Callable[[], list[Text]], picture: Callable[[Any, Any], None]) -> None:
    """Print lines, or make a picture: `picture` is given the module and the file."""
    if to is None:
        from latentcode.pictures import canvas

        canvas.printed(lines())
        return
    from latentcode.pictures import plotting as pictures

    file = pictures.file_of(to.file)
    free = file if to.force else atomic.unused(file)
    picture(pictures, free)
    if free != file:
        say(f"{file} is there already, and is kept; force=True replaces it")
    say(f"drawn to {free}")
