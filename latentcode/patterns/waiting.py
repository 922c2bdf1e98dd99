"""How a method of patterns becomes a function that may wait for its pattern."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from latentcode.errors import PatternError
from latentcode.patterns.arguments import Transformation, reify
from latentcode.patterns.pattern import Pattern
from latentcode.patterns.words import FUNCTIONS, example


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
    function.__module__ = FUNCTIONS
    function.__signature__ = _shown(signature)  # type: ignore[attr-defined]
    function.__doc__ = (
        f"{method.__doc__}\n\n    Without a pattern a transformation: `every(3, {example(name)})`."
    )
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
