"""Arguments: what a musician may type where a pattern or a number is meant."""

from __future__ import annotations

import functools
import inspect
import types
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ParamSpec, TypeAlias

from latentcode.checks import Number, is_number, plain, received, wrong
from latentcode.errors import PatternError
from latentcode.patterns import hashing, nodes
from latentcode.patterns.event import Timed
from latentcode.patterns.pattern import Pattern
from latentcode.patterns.rational import exact, floor, moving
from latentcode.patterns.tree import Tree, replaced
from latentcode.patterns.words import FUNCTIONS_HOME, example

P = ParamSpec("P")
Argument: TypeAlias = Number | str | Pattern
Function: TypeAlias = Callable[[Pattern], Pattern]
Whole: TypeAlias = Argument  # a whole number: while it moves, what lies between two is the lower one
FUNCTIONS: dict[str, Callable[..., Any]] = {}  # by name: the functions that take patterns as arguments
MOST_LISTED = 16  # steps of a list that an error writes out as mini-notation
NUMERIC = frozenset({"_irand", "_run", "_pieces", "exprange", "curve", "quantize", "switch"})  # give numbers
WHOLE: dict[str, tuple[bool, ...]] = {}  # of each of their arguments, whether it is a whole number


def reify(value: Any, name: str = "a pattern", names: bool = False) -> Pattern:
    """Return a pattern: a string is mini-notation, a number comes once per cycle,
    an object is a drone.

    names   the steps of a string are names, whatever they look like, also in a pattern made of some
    Raises PatternError for anything else.
    """
    value = plain(value)
    if (made := pattern_of(value, names)) is None:
        typed = _listed(value) or (
            '"0 1 2"' if not names else '"spectral"' if "model" in name else '"cello choir"'
        )
        raise PatternError(
            f"expected {name}: a pattern, a number or mini-notation, not {received(value)}; as in {typed}"
        )
    return made


def _listed(value: Any) -> str:
    """The steps of a list as they are typed, in a text; empty for what is none."""
    plain_steps = isinstance(value, (list, tuple)) and 0 < len(value) <= MOST_LISTED
    if not plain_steps or not all(type(step) in (int, float, str) for step in value):
        return ""
    return '"' + " ".join(map(str, value)) + '"'


@functools.singledispatch
def pattern_of(value: Any, names: bool) -> Pattern | None:
    """The pattern that a value stands for, by its type, None for none; `mini.py` adds strings."""
    return None


pattern_of.register(Pattern, lambda value, names: nodes.as_names(value) if names else value)
pattern_of.register(Timed, lambda value, names: nodes.Steady(value))
for _kind in (int, float, Fraction):
    pattern_of.register(_kind, lambda value, names: nodes.Pure(value))


def number(value: Any, name: str, example: str = "2") -> Fraction:
    """Return an exact number.

    Raises PatternError for anything else, RangeError for one that is not finite.
    """
    value = plain(value)
    if not is_number(value) or value - value != 0:
        raise _wrong(name, "a number, a pattern or mini-notation", value, example)
    return exact(value)


def nonzero(value: Any, name: str, example: str = "2") -> Fraction:
    """Return an exact number other than 0. Raises as `number` does, and RangeError for 0."""
    made = number(value, name, example)
    if not made:
        raise _wrong(name, "a number other than 0", value, example)
    return made


def positive(value: Any, name: str, example: str = "2") -> Fraction:
    """Return an exact number above 0. Raises as `number` does, and RangeError for 0 and below."""
    made = number(value, name, example)
    if made <= 0:
        raise _wrong(name, "a number above 0", value, example)
    return made


def count(value: Any, name: str, example: str = "4") -> int:
    """Return a whole number above 0.

    Raises PatternError for no number, RangeError for another one.
    """
    made = number(value, name, example)
    if made.denominator != 1 or not 1 <= made <= 10_000:
        raise _wrong(name, "a whole number from 1 to 10000", value, example)
    return int(made)


_wrong = functools.partial(wrong, error=PatternError)


@dataclass(frozen=True)
class Numeric:
    """A value → the number that it must be."""

    name: str

    def __call__(self, value: Any) -> Any:
        if not is_number(value):
            typed = '"0 .5 1"' if " " in self.name else example(self.name)
            if self.name == "n" and isinstance(value, str):
                typed = f'{typed}; notes by name are note("c4 eb4 g4")'
            raise _wrong(self.name, "numbers", value, typed)
        return value


@dataclass(frozen=True)
class Hole:
    """The place of an argument that is known only when the pattern is queried."""


@dataclass(frozen=True)
class Call:
    """A transformation that waits for its arguments:
    value (one hole) or tuple (several) → pattern.
    """

    name: str
    pattern: Any
    arguments: tuple[Any, ...]
    several: bool

    @property
    def values_in(self) -> tuple[str, ...]:
        """See `nodes.Node`."""
        return () if self.name in NUMERIC else ("pattern", "arguments")

    def __call__(self, value: Any) -> Pattern:
        """Return the transformed pattern.

        Raises RangeError for a value that is too small or too large.
        """
        values = iter(value if self.several else (value,))
        places = zip(self.arguments, WHOLE[self.name], strict=False)
        filled = [_between(next(values), whole) if isinstance(a, Hole) else a for a, whole in places]
        token = moving.set(True)
        try:
            made: Pattern = FUNCTIONS[self.name](self.pattern, *filled)
        finally:
            moving.reset(token)
        return made


def _between(value: Any, whole: bool) -> Any:
    """A value as an argument takes it that moves."""
    return floor(number(value, "a number")) if whole and is_number(plain(value)) else value


@dataclass(frozen=True)
class Alone:
    """A value as a tuple of one, the first of the arguments."""

    def __call__(self, value: Any) -> tuple[Any]:
        return (value,)


@dataclass(frozen=True)
class Opened:
    """A musician's function as the tree that it made of a given pattern: it is not called again."""

    values_in = ("made", "given")
    made: Any
    given: Any

    def __call__(self, pattern: Pattern) -> Pattern:
        """Return what the function makes of a pattern."""
        return replaced(self.made, self.given, pattern)  # type: ignore[no-any-return]


Step: TypeAlias = tuple[str, tuple[Any, ...], tuple[tuple[str, Any], ...]]  # method, arguments, named ones


@dataclass(frozen=True)
class Transformation:
    """Methods of patterns that wait for their pattern: what `fast(2)` and `add(7).rev()` give."""

    steps: tuple[Step, ...]

    def __call__(self, pattern: Pattern) -> Pattern:
        """Return the transformed pattern; text is mini-notation."""
        made = reify(pattern)
        for name, arguments, named in self.steps:
            made = getattr(made, name)(*arguments, **dict(named))
        return made

    def __getattr__(self, name: str) -> Callable[..., Transformation]:
        if name.startswith("_") or name not in vars(nodes.Pattern):
            raise AttributeError(f"a transformation has no {name!r}", name=name, obj=self)
        return lambda *args, **named: Transformation(
            (*self.steps, (name, args, tuple(sorted(named.items()))))
        )

    def __dir__(self) -> list[str]:
        return [name for name in vars(nodes.Pattern) if not name.startswith("_")]

    def __repr__(self) -> str:
        return ".".join(map(_typed, self.steps))


def _typed(step: Step) -> str:
    name, arguments, named = step
    return f"{name}({', '.join([*map(repr, arguments), *(f'{key}={value!r}' for key, value in named)])})"


_depth: ContextVar[int] = ContextVar("depth", default=0)


def _opened(function: Any, pattern: Any, name: str) -> Opened:
    depth = _depth.get()
    given = nodes.Given(pattern, depth)
    token = _depth.set(depth + 1)
    try:
        return Opened(called(function, given, name), given)
    finally:
        _depth.reset(token)


def patternable(function: Callable[P, Pattern]) -> Callable[P, Pattern]:
    """Let every argument but the first be a pattern or mini-notation, as well as a plain value."""
    name = function.__name__
    signature = inspect.signature(function)
    FUNCTIONS[name] = function
    parameters = [*signature.parameters.values()]
    WHOLE[name] = tuple("Whole" in str(p.annotation) for p in parameters[1:])
    enough = range(sum(p.default is p.empty for p in parameters), len(parameters) + 1)

    @functools.wraps(function)
    def transformed(*args: P.args, **named: P.kwargs) -> Pattern:
        placed = len(args) in enough and not named  # as they mostly are
        pattern, *arguments = args if placed else _placed(signature, args, named, name.strip("_"))
        if not any(isinstance(a, (str, Tree)) for a in arguments):
            return function(*args, **named)
        return _lifted(name, pattern, arguments)

    return transformed


def _placed(signature: inspect.Signature, args: Any, named: Any, name: str) -> tuple[Any, ...]:
    """Return all arguments in order, those given by name among them."""
    try:
        bound = signature.bind(*args, **named)
    except TypeError as error:
        raise PatternError(f"{name}: {error}; type {example(name)}") from None
    if named:
        bound.apply_defaults()
    return bound.args


def _lifted(name: str, pattern: Any, arguments: list[Any]) -> Pattern:
    made: list[Any] = [reify(a) if isinstance(a, (str, Tree)) else a for a in arguments]
    known = [a.value if isinstance(a, nodes.Pure) else a for a in made]
    waiting: list[Any] = [a for a in known if isinstance(a, Tree)]
    holes = tuple(Hole() if isinstance(a, Tree) else a for a in known)
    if not waiting:
        plain: Pattern = FUNCTIONS[name](pattern, *known)
        return plain
    holes = tuple(_opened(a, pattern, name) if _single(a) else a for a in holes)
    waiting = [nodes.branch(a, hashing.number_of(name) + i) for i, a in enumerate(waiting)]
    if len(waiting) == 1:
        return nodes.Bind(waiting[0], Call(name, pattern, holes, False), "inner")
    together: Pattern = nodes.Map(waiting[0], Alone())
    for argument in waiting[1:]:
        together = nodes.Apply(together, argument, "pair", "left")
    return nodes.Bind(together, Call(name, pattern, holes, True), "inner")


def _single(value: Any) -> bool:
    """Whether a value is a function of a pattern alone."""
    if not isinstance(value, types.FunctionType | types.MethodType | functools.partial | Transformation):
        return False
    return len(inspect.signature(value).parameters) == 1


def applicable(function: Any, name: str) -> Any:
    """Return a musician's function. Raises PatternError if it is none."""
    if not callable(function):
        raise PatternError(
            f"{name} takes a function of a pattern, not {received(function)}; "
            f"as in {example(name)}, or lambda p: p.rev()"
        )
    return function


def called(function: Any, pattern: Any, name: str) -> Pattern:
    """Return a musician's function of a pattern.

    Raises PatternError if it is none, or returns no pattern.
    """
    made = applicable(function, name)(pattern)
    if isinstance(made, Transformation):
        first = made.steps[0][0]
        raise PatternError(f"{name}: the function {first} needs its arguments first; type {example(first)}")
    if not isinstance(made, nodes.Pattern):
        raise PatternError(
            f"{name} takes a function that returns a pattern, not {received(made)}; as in lambda p: p.rev()"
        )
    return made


def function_of(name: str) -> Callable[..., Any]:
    """Return the method of that name as a function of its arguments and, last, a pattern."""
    method = getattr(Pattern, name)
    signature = arguments_of(inspect.signature(method))

    def function(*args: Any, **named: Any) -> Any:
        given, pattern = _parted(signature, args, named)
        _fitting(name, signature, given, named)
        made = Transformation(((name, given, tuple(sorted(named.items()))),))
        return made if pattern is None else made(pattern)

    function.__name__ = function.__qualname__ = name
    function.__module__ = FUNCTIONS_HOME
    function.__signature__ = _shown(signature)  # type: ignore[attr-defined]
    meaning = (method.__doc__ or "").rstrip()
    function.__doc__ = f"{meaning}\n\n    Without a pattern a transformation: `every(3, {example(name)})`."
    return function


def arguments_of(signature: inspect.Signature) -> inspect.Signature:
    """The arguments of a method besides its pattern; a control's value must be given."""
    required = [
        p.replace(default=p.empty) if p.default is None else p
        for p in list(signature.parameters.values())[1:]
    ]
    return signature.replace(parameters=required)


def _shown(signature: inspect.Signature) -> inspect.Signature:
    """The signature with the pattern that may follow, where a name can be given to it."""
    given = list(signature.parameters.values())
    if any(p.kind is p.VAR_POSITIONAL for p in given):
        return signature
    pattern = inspect.Parameter("pattern", inspect.Parameter.POSITIONAL_ONLY, default=None)
    return signature.replace(parameters=[*(p.replace(kind=p.POSITIONAL_ONLY) for p in given), pattern])


def _parted(
    signature: inspect.Signature, args: tuple[Any, ...], named: dict[str, Any]
) -> tuple[tuple[Any, ...], Pattern | None]:
    """Part the arguments of a method from the pattern after them, if there is one."""
    *given, last = args or (None,)
    applied = isinstance(last, Pattern) or (isinstance(last, str) and not _binds(signature, args, named))
    if applied and _binds(signature, given, named):
        return tuple(given), reify(last)
    return args, None


def _binds(signature: inspect.Signature, args: Any, named: dict[str, Any]) -> bool:
    positional = [p for p in signature.parameters.values() if p.name != "structure"]
    try:
        signature.bind(*args, **named)
    except TypeError:
        return False
    return len(args) <= len(positional) or any(p.kind is p.VAR_POSITIONAL for p in positional)


def _fitting(name: str, signature: inspect.Signature, args: tuple[Any, ...], named: dict[str, Any]) -> None:
    try:
        signature.bind(*args, **named)
    except TypeError as error:
        raise PatternError(f"{name}: {error}; type {example(name)}") from None
