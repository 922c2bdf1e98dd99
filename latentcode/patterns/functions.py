"""The methods of patterns as functions: `every(3, rev)`, `off(1/8, add(7))`, `jux(fast(2))`.

A function called without a pattern gives a transformation, for another function to apply; with a pattern
as its last argument it applies it at once: `fast(2, n("0 3"))` is `n("0 3").fast(2)`.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from latentcode.errors import PatternError
from latentcode.patterns.arguments import Transformation, reify
from latentcode.patterns.pattern import Pattern
from latentcode.patterns.usage import example

# methods without a function: builtins keep their names, and what makes a pattern or a path keeps its own
ONLY_METHODS = {
    "cat", "choose", "curve", "exprange", "fastcat", "freeze", "iter", "n", "note", "plain", "pow", "quantize",
    "range", "s", "scrub", "seq", "set", "slice", "slowcat", "stack", "switch", "walk",
}  # fmt: skip


def word(name: str) -> Callable[..., Any]:
    """Return the method of that name as a function of its arguments and, last, a pattern."""
    method = getattr(Pattern, name)
    signature = _partial(inspect.signature(method))

    def function(*args: Any, **named: Any) -> Any:
        given, pattern = _parted(signature, args, named)
        _fitting(name, signature, given, named)
        made = Transformation(((name, given, tuple(sorted(named.items()))),))
        return made if pattern is None else made(pattern)

    function.__name__ = function.__qualname__ = name
    function.__signature__ = _shown(signature)  # type: ignore[attr-defined]
    function.__doc__ = (
        f"{method.__doc__}\n\n    Without a pattern a transformation: `every(3, {example(name)})`."
    )
    return function


def _partial(signature: inspect.Signature) -> inspect.Signature:
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


fast, slow, early, late = word("fast"), word("slow"), word("early"), word("late")
rev, palindrome = word("rev"), word("palindrome")
compress, fast_gap = word("compress"), word("fast_gap")
zoom, linger = word("zoom"), word("linger")
inside, outside = word("inside"), word("outside")
swing_by, ply, iter_back = word("swing_by"), word("ply"), word("iter_back")
every, first_of, last_of, when = word("every"), word("first_of"), word("last_of"), word("when")
chunk, within = word("chunk"), word("within")

off, superimpose, layer = word("off"), word("superimpose"), word("layer")
jux, jux_by = word("jux"), word("jux_by")
echo, echo_with, squeeze = word("echo"), word("echo_with"), word("squeeze")

struct, mask, segment = word("struct"), word("mask"), word("segment")
euclid, euclid_rot = word("euclid"), word("euclid_rot")

degrade, degrade_by, undegrade_by = word("degrade"), word("degrade_by"), word("undegrade_by")
sometimes, sometimes_by = word("sometimes"), word("sometimes_by")
often, rarely = word("often"), word("rarely")
almost_never, almost_always = word("almost_never"), word("almost_always")
some_cycles_by = word("some_cycles_by")
shuffle, scramble = word("shuffle"), word("scramble")

add, sub, mul, div, mod = word("add"), word("sub"), word("mul"), word("div"), word("mod")
add_right, sub_right = word("add_right"), word("sub_right")
mul_right, div_right = word("mul_right"), word("div_right")
add_both, sub_both, mul_both, div_both = (
    word("add_both"),
    word("sub_both"),
    word("mul_both"),
    word("div_both"),
)
keep, fmap, floor, scale_of = word("keep"), word("fmap"), word("floor"), word("scale_of")

begin, end, attack, release = word("begin"), word("end"), word("attack"), word("release")
legato, ring, cut, reverse = word("legato"), word("ring"), word("cut"), word("reverse")
gain, pan, speed, noise = word("gain"), word("pan"), word("speed"), word("noise")
scale, bias, jitter = word("scale"), word("bias"), word("jitter")
smooth, dim = word("smooth"), word("dim")
fit, velocity = word("fit"), word("velocity")
chop, striate, splice, loop_at = word("chop"), word("striate"), word("splice"), word("loop_at")
