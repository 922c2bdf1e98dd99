"""`space = learn_space(cc(1), cc(2))`: a few places of hands are given sounds or numbers,
the rest is learned.
"""

from __future__ import annotations

import math
import re
from dataclasses import replace
from typing import Any

import numpy as np

from latentcode.checks import is_number, is_whole, text, whole, wrong
from latentcode.errors import ControlError, LatentError
from latentcode.files.texts import say
from latentcode.inputs.keys import PAGED, key
from latentcode.latents.improvising import prior
from latentcode.latents.spaces import InSpace, Mark, Marks
from latentcode.latents.strategies import as_sounds, as_trajectory
from latentcode.latents.trajectory import Point, Trajectory
from latentcode.patterns import Pattern, digest
from latentcode.patterns.inputs import typed
from latentcode.patterns.nodes import Live
from latentcode.prompt.controllers.files import file_of, marks_of, marks_written, read, write
from latentcode.prompt.set_api import SetApi, Words
from latentcode.prompt.sound_names import bound
from latentcode.prompt.voices import Voice
from latentcode.set.commands import SET
from latentcode.words import prompt_word

MOST_INPUTS, MOST_MARKS = 512, 256
PATIENCE, ENCODING = 2.0, 120.0  # seconds that an answer may take, and one for which a sound is encoded
ENDS = {
    **dict.fromkeys(("cc", "note", "poly", "pressure", "nrpn", *PAGED), (0.0, 1.0)),
    "bend": (-1.0, 1.0),
}
NO_ENDS = (-math.inf, math.inf)
SOUND = re.compile(r"(?!d\d+\b)[\w:.\-]+")  # the name of a sound, which can be typed as it was
EXAMPLE = "as in space = learn_space(cc(1), cc(2), cc(3))"
NOBODY = "the engine does not answer; when it has started, type the line again"


class MarkTable:
    """Marks, as they are shown."""

    def __init__(self, marks: Marks, inputs: tuple[Pattern, ...]) -> None:
        self.marks, self._inputs = marks.marks, inputs

    def __len__(self) -> int:
        return len(self.marks)

    def __getitem__(self, index: int) -> Mark:
        return self.marks[index]

    def __repr__(self) -> str:
        if not self.marks:
            return "no marks yet; park the controls, and type space.mark(d1)"
        return "\n".join(
            f"{number:>2}  {place_text(self._inputs, mark.place)}  {mark.text}".rstrip()
            for number, mark in enumerate(self.marks)
        )


class SpaceWords(Words):
    """The words about learned spaces, and the marks of each."""

    def __init__(self, stage: SetApi) -> None:
        super().__init__(stage)
        self._marks: dict[str, Marks] = {}
        self._explored: dict[str, int] = {}

    @prompt_word("space = learn_space(cc(1), cc(2), cc(3))")
    def learn_space(self, *inputs: Any, count: int = 1, name: str | None = None, load: Any = None) -> InSpace:
        """A space that hands move in: give a few of their places a sound (`space.mark(d1)`),
        the rest is learned.

        It plays wherever a trajectory does, `d1 >> space`, and gives parameters as signals,
        `space["cutoff"]`. The same line gives the same space, with its marks.

        inputs  live inputs, or signals made of them
        count   of an OSC input: so many arguments of its message, from the one that is named on
        name    tells apart spaces of the same inputs
        load    a file that space.save has written, whose marks are added

        Raises ControlError for inputs that no hand moves, and for a file that cannot be read.
        """
        signals = _signals(inputs, count)
        if name is not None:
            text(name, "the name of a space", "text", "learn_space(cc(1), name='low')", ControlError)
        space = InSpace(name or digest(signals)[:8], signals, self)
        if load is not None:
            self._load(space, load)
        return space

    # what spaces ask

    def mark(self, space: InSpace, what: Any, at: Any, numbers: dict[str, float]) -> None:
        """See `InSpace.mark`."""
        pairs = tuple(sorted((key, _number(key, value)) for key, value in numbers.items()))
        if what is None and not pairs:
            raise ControlError(
                "mark takes a voice, a path, or numbers; as in space.mark(d1), space.mark(cutoff=800)"
            )
        found = self._found(space, what, at is None)
        place = _place(at, space.inputs) if at is not None else found.get("place")
        if place is None:  # nobody says where the hands are: this is no set
            place = (0.0,) * len(space.inputs)
        vector = found.get("latent")
        if vector is None and not pairs:
            return
        said = [] if what is None else [_spoken(what)]
        text = " ".join([*said, *(f"{key} {value:g}" for key, value in pairs)])
        latent = None if vector is None else np.frombuffer(vector, np.float32)
        made = Mark(tuple(place), latent, pairs, text)
        replaced = self.add(space, made)
        if self._stage.live:
            say(self._told(space, made, replaced))

    def unmark(self, space: InSpace, index: int | None) -> None:
        """See `InSpace.unmark`."""
        marks = self._of(space)
        if index is not None:
            count = len(marks.marks)
            if not is_whole(index, -count, count - 1):
                raise ControlError(
                    f"there is no mark {index!r}: the space has {count}; as in space.unmark(-1)"
                )
        self._marks[space.name] = marks.without(index)
        self._stage.issue("unmark", SET, space.name, index)

    def marks(self, space: InSpace) -> MarkTable:
        """See `InSpace.marks`."""
        return MarkTable(self._of(space), space.inputs)

    def first(self, space: InSpace, parameter: Any) -> float:
        """What a parameter was marked with first. Raises ControlError where it never was."""
        found = [
            dict(mark.numbers)[parameter] for mark in self._of(space).marks if parameter in dict(mark.numbers)
        ]
        if not found:
            name = parameter if isinstance(parameter, str) and parameter.isidentifier() else "cutoff"
            raise ControlError(
                f"no mark of this space has {parameter!r}; as in space.mark({name}=.5), space[{name!r}]"
            )
        return found[0]

    def explore(self, space: InSpace) -> Trajectory:
        """See `InSpace.explore`."""
        number = self._explored[space.name] = self._explored.get(space.name, -1) + 1
        told = self._stage.asked("explore", space.name, number, patience=PATIENCE)
        if told is None:
            if self._stage.live:
                raise ControlError(NOBODY)
            return prior(number)  # type: ignore[no-any-return]
        if self._stage.live:
            where = told["place"]
            empty = f"; the emptiest place is {place_text(space.inputs, where)}" if where else ""
            say(f"a place {told['kind']}{empty}")
        return Point(np.frombuffer(told["latent"], np.float32).astype(np.float64))

    def save_space(self, space: InSpace, file: Any, force: bool) -> None:
        """See `InSpace.save`."""
        path = file_of(file, ".safetensors", 'space.save("space.safetensors")')
        write(
            self._stage,
            path,
            marks_written(self._of(space).marks, [_typed(one) for one in space.inputs]),
            force,
        )

    # for what brings a space back

    def marks_of(self, space: InSpace) -> tuple[Mark, ...]:
        """The marks of a space."""
        return self._of(space).marks

    # inside

    def _of(self, space: InSpace) -> Marks:
        return self._marks.get(space.name, Marks())

    def add(self, space: InSpace, mark: Mark) -> Mark | None:
        """One mark more; the one whose sound it has replaced.

        Raises ControlError where there are too many.
        """
        marks = self._of(space)
        known = marks.at(mark.place)
        if known is None and len(marks.marks) >= MOST_MARKS:
            raise ControlError(
                f"a space has {MOST_MARKS} marks at the most; space.unmark(0) forgets the first"
            )
        self._stage.issue("mark", SET, space.name, mark)
        self._marks[space.name] = marks.marked(mark)
        before = None if known is None else marks.marks[known]
        both = before is not None and before.latent is not None and mark.latent is not None
        return before if both else None

    def _told(self, space: InSpace, mark: Mark, replaced: Mark | None) -> str:
        number = self._of(space).at(mark.place)
        line = f"mark {number}: {mark.text} at {place_text(space.inputs, mark.place, ', ')}"
        if replaced is None:
            return line
        names = (
            name
            for name, value in self._stage.space.items()
            if isinstance(value, InSpace) and value.name == space.name
        )
        where = ", ".join(f"{value:.7g}" for value in replaced.place)
        place = where if len(replaced.place) == 1 else f"({where})"
        return f"{line}\n{_again(next(names, 'space'), replaced, place)}"

    def _load(self, space: InSpace, file: Any) -> None:
        path = file_of(file, ".safetensors", 'learn_space(cc(1), load="space.safetensors")')
        marks = marks_of(read(self._stage, path), path.name)
        width = len(marks[0].place) if marks else len(space.inputs)
        if width != len(space.inputs):
            raise ControlError(
                f"{path.name} has marks of {width} inputs, and this space has {len(space.inputs)}; "
                f"name {width} in learn_space(…)"
            )
        for mark in marks:
            self.add(space, mark)
        if self._stage.live:
            say(f"{len(marks)} mark{'s' * (len(marks) != 1)} from {path.name}")

    def _found(self, space: InSpace, what: Any, where: bool) -> dict[str, Any]:
        """Where the hands are, if that is asked, and the latent of what is marked."""
        if isinstance(what, Voice):
            return self._answer("here", _packed(space.inputs), what.index)
        found = self._answer("here", _packed(space.inputs), None) if where else {}
        if isinstance(what, Point):
            return {**found, "latent": np.asarray(what.mean, np.float32).tobytes()}
        if what is None:
            return found
        told = self._answer("latent", _packed(self._trajectory(what)), patience=ENCODING)
        return {**found, **told}

    def _answer(self, kind: str, *question: Any, patience: float = PATIENCE) -> dict[str, Any]:
        told = self._stage.asked(kind, *question, patience=patience)
        if told is None and self._stage.live:
            raise ControlError(NOBODY)
        if told is not None and "text" in told:
            raise ControlError(told["text"])
        return told or {}

    def _trajectory(self, what: Any) -> Trajectory:
        try:
            events = bound(as_sounds(what), self._stage.space).query(0, 1)
            return as_trajectory(events[0].value if events else None)
        except LatentError as error:
            raise ControlError(
                f"a mark is set on a voice, a path or a name, not {what!r}; as in space.mark(d1), "
                'space.mark("cello"), space.mark(path("cello").freeze(.3))'
            ) from error


def place_text(inputs: tuple[Pattern, ...], place: Any, between: str = "  ") -> str:
    """A place in words: cc(1) .25  cc(2) .8; of many inputs the first."""
    pairs = [f"{_typed(one)} {value:.2f}" for one, value in zip(inputs[:4], place, strict=False)]
    return between.join([*pairs, *(["…"] if len(inputs) > 4 else [])])


def _again(space: str, mark: Mark, place: str) -> str:
    """What a mark has replaced, and how it comes back."""
    was = f"it has taken the place of {mark.text}, which was at {place}"
    if SOUND.fullmatch(mark.text):
        return f'{was}; {space}.mark("{mark.text}", at={place}) brings that back'
    return f"{was}; to have it back let it sound again, and type {space}.mark(d1, at={place})"


def _typed(signal: Pattern) -> str:
    return ", ".join(typed(one) for one in signal.live_inputs)


def _signals(inputs: tuple[Any, ...], count: Any) -> tuple[Pattern, ...]:
    given = [one for item in inputs for one in (item if isinstance(item, (tuple, list)) else (item,))]
    for one in given:
        if not isinstance(one, Pattern) or not one.live_inputs:
            raise ControlError(
                f"a space is moved in by what hands do, cc(…), osc(…), live(…), not {one!r}; {EXAMPLE}"
            )
    count = whole(count, "count", 1, MOST_INPUTS, "count=116", ControlError, "a number of arguments")
    if count > 1:
        given = [each for one in given for each in _arguments(one, count)]
    if not 1 <= len(given) <= MOST_INPUTS:
        raise ControlError(f"a space has 1 to {MOST_INPUTS} inputs, not {len(given)}; {EXAMPLE}")
    return tuple(given)


def _arguments(signal: Pattern, count: int) -> list[Pattern]:
    """An OSC input, and those after it in its message."""
    if not isinstance(signal, Live) or not signal.name.startswith("osc:"):
        raise ControlError("count is about OSC messages; as in learn_space(osc('/skeleton'), count=116)")
    address, _, first = signal.name.rpartition("#")
    return [replace(signal, name=f"{address}#{int(first) + number}") for number in range(count)]


def _number(name: str, value: Any) -> float:
    if not is_number(value) or not math.isfinite(value):
        raise wrong(name, "a number", value, f"space.mark({name}=.5)", ControlError)
    return float(value)


def _place(at: Any, inputs: tuple[Pattern, ...]) -> tuple[float, ...]:
    values = tuple(at) if isinstance(at, (tuple, list, np.ndarray)) else (at,)
    if len(values) != len(inputs):
        raise ControlError(f"a place in this space has {len(inputs)} numbers, not {len(values)}: {at!r}")
    place = tuple(_number("at", value) for value in values)
    for one, value in zip(inputs, place, strict=True):
        low, high = ENDS.get(key(one.name).kind, NO_ENDS) if isinstance(one, Live) else NO_ENDS
        if not low <= value <= high:
            raise ControlError(
                f"{_typed(one)} goes from {low:g} to {high:g}, and at has {value:g} for it; "
                "a place is what the inputs say there, as in at=(.2, .8)"
            )
    return place


def _packed(value: Any) -> bytes:
    import cloudpickle

    return bytes(cloudpickle.dumps(value))


def _spoken(what: Any) -> str:
    return str(what) if isinstance(what, (Voice, str)) else repr(what)
