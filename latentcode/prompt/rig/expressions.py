"""What stands in a rig as it is typed at the prompt: words, and calls of words, with plain values.

It is read, never run as code: no name but the words that are given, no method but those of patterns
and trajectories, no operator but those of numbers and patterns.
"""

from __future__ import annotations

import ast
import difflib
import operator
import warnings
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from latentcode.checks import is_number
from latentcode.errors import ControlError
from latentcode.latents.trajectory import Trajectory
from latentcode.patterns import Pattern
from latentcode.patterns.words import METHODS
from latentcode.prompt.voices import Voice

MEMBERS = frozenset(METHODS) | {"at", "encoded_by"}  # methods that may be called
ASKS_OUTSIDE = frozenset({"draw", "render", "load_model", "latent_map", "folder"})  # words that no rig has
SINGLE = (None, True, False)
NAMING = frozenset({"scene"})  # words of the set that may be called, as they only name something
OPERATORS: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}

Words = Mapping[str, Any]


def meant(text: str, words: Words) -> Any:
    """What a text means: a value of words, or the text itself, as mini-notation.

    It is one of words where it begins with one: `s("kick").gain(.8)`, but not `kick(3,8)`. Raises
    ControlError for what stands in no rig, and what the words raise.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return text
    first = _first(tree)
    if first not in words:
        if first is not None and isinstance(tree, ast.Call) and _has_text(tree):
            raise ControlError(f"{first} is no word that a rig may have{near(first, words)}")
        return text
    try:
        return _value(tree, words)
    except RecursionError as error:
        raise ControlError("it is nested too deeply") from error


def near(name: str, known: Iterable[str]) -> str:
    """What may have been meant by a name; "" where nothing is like it."""
    found = difflib.get_close_matches(name, known, 1)
    return f"; did you mean {found[0]!r}?" if found else ""


def instead(name: str, known: Collection[str]) -> str:
    """The same; all that there is, where nothing is like it."""
    return near(name, known) or f"; there are {', '.join(known)}"


def _has_text(node: ast.expr) -> bool:
    """Whether a text stands in quotes in it, as in no mini-notation."""
    return any(isinstance(one, ast.Constant) and isinstance(one.value, str) for one in ast.walk(node))


def _first(node: ast.expr) -> str | None:
    """The name with which an expression begins; a number ahead of it aside."""
    while not isinstance(node, ast.Name):
        if isinstance(node, ast.BinOp):
            node = node.right if isinstance(node.left, ast.Constant) else node.left
        elif isinstance(node, ast.Call):
            node = node.func
        elif isinstance(node, ast.Attribute):
            node = node.value
        elif isinstance(node, ast.UnaryOp):
            node = node.operand
        else:
            return None
    return node.id


def _value(node: ast.expr, words: Words) -> Any:
    match node:
        case ast.Constant(value) if value in SINGLE or isinstance(value, str) or is_number(value):
            return value
        case ast.Name(id=name):
            if name not in words:
                raise ControlError(f"{name} is no word that a rig may have{near(name, words)}")
            return words[name]
        case ast.Tuple(elts=items) | ast.List(elts=items):
            return tuple(_value(item, words) for item in items)
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            return -_operand(inner, words)
        case ast.BinOp(op=how) if type(how) in OPERATORS:
            return _combined(node, words)
        case ast.Attribute(value=ast.Name() as owner, attr=name):  # d2.stop
            return _told(_value(owner, words), name)
        case ast.Call():
            return _called(node, words)
    raise ControlError(f"{ast.unparse(node)[:60]} cannot stand in a rig, which holds words and plain values")


def _operand(node: ast.expr, words: Words) -> Any:
    found = _value(node, words)
    if not is_number(found) and not isinstance(found, (Pattern, Trajectory, str)):
        raise ControlError(f"{ast.unparse(node)[:60]} is no number and no pattern")
    return found


def _combined(node: ast.BinOp, words: Words) -> Any:
    left, right = _operand(node.left, words), _operand(node.right, words)
    if isinstance(left, str) and not isinstance(right, (Pattern, Trajectory)):
        raise ControlError(f"{ast.unparse(node)[:60]} is no pattern")
    if isinstance(right, str) and not isinstance(left, (Pattern, Trajectory)):
        raise ControlError(f"{ast.unparse(node)[:60]} is no pattern")
    try:
        return OPERATORS[type(node.op)](left, right)
    except ZeroDivisionError as error:
        raise ControlError(f"{ast.unparse(node)[:60]} divides by 0") from error


def _told(owner: Any, name: str) -> Any:
    """A word of a voice by itself, to be done at a press."""
    if not isinstance(owner, Voice) or name.startswith("_") or not callable(getattr(owner, name, None)):
        raise ControlError(f"{name} is no word of a voice{near(name, dir(owner))}")
    return getattr(owner, name)


def _called(node: ast.Call, words: Words) -> Any:
    function = node.func
    if isinstance(function, ast.Attribute):
        owner = _value(function.value, words)
        if not isinstance(owner, (Pattern, Trajectory)) or function.attr not in MEMBERS:
            hint = near(function.attr, MEMBERS)
            raise ControlError(f"{function.attr} is no method that a rig may have{hint}")
        made = getattr(owner, function.attr, None)
    elif isinstance(function, ast.Name):
        made = _value(function, words)
        if hasattr(made, "__self__") and function.id not in NAMING:
            raise ControlError(f"{function.id} is done by a hand; write it without brackets")
    else:
        made = None
    if made is None or isinstance(made, (Voice, Pattern, Trajectory)) or not callable(made):
        raise ControlError(f"{ast.unparse(function)[:60]} cannot be called in a rig")
    keywords = {word.arg: _value(word.value, words) for word in node.keywords if word.arg}
    if len(keywords) != len(node.keywords):
        raise ControlError("** cannot stand in a rig")
    return made(*(_value(item, words) for item in node.args), **keywords)
