"""Whoever reads the docstring of a public function knows what it may raise."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import latentcode as lc
from latentcode import errors

ROOT = Path(lc.__file__).parent
CHECKS = {
    "number": 5,
    "whole": 5,
    "cycles": 4,
    "choice": 4,
    "text": 4,
    "truth": 3,
    "wrong": 4,
}  # place of the error
ANSWERS = {
    "AssertionError",
    "AttributeError",
    "IndexError",
    "KeyError",
    "NotImplementedError",
    "StopIteration",
}  # of protocols
FUNCTION, QUIET = ast.FunctionDef, (ast.FunctionDef, ast.ClassDef, ast.Lambda)


def kin(name: str) -> set[str]:
    """An error, and all of which it is one."""
    kind = getattr(errors, name, None) or getattr(builtins, name, None)
    above = {base.__name__ for base in kind.__mro__} if isinstance(kind, type) else set()
    return {name, *(one for one in above if one.endswith("Error"))}


def named(node: ast.AST | None) -> str:
    """The error that an expression is, or makes; empty where it is none."""
    node = node.func if isinstance(node, ast.Call) else node
    name = node.id if isinstance(node, ast.Name) else ""
    return name if name.endswith("Error") and name not in ANSWERS else ""


class Module:
    """What the functions of a file raise, themselves and through its private ones."""

    def __init__(self, path: Path) -> None:
        tree = ast.parse(path.read_text())
        imports = [
            n for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.module == "latentcode.checks"
        ]
        self.checks = {alias.asname or alias.name: alias.name for node in imports for alias in node.names}
        self.functions = {("", node.name): node for node in tree.body if isinstance(node, FUNCTION)}
        for kind in (node for node in tree.body if isinstance(node, ast.ClassDef)):
            self.functions |= {
                (kind.name, node.name): node for node in kind.body if isinstance(node, FUNCTION)
            }

    def raised(self, key: tuple[str, str], above: tuple[tuple[str, str], ...] = ()) -> set[str]:
        if key in above:
            return set()
        found = self._inside(self.functions[key], key, (*above, key))
        return {name for name in found if name}

    def _inside(self, node: ast.AST, key: tuple[str, str], above: tuple[tuple[str, str], ...]) -> set[str]:
        found = set()
        for child in ast.iter_child_nodes(node):
            if isinstance(child, QUIET):
                continue
            if isinstance(child, ast.Raise):
                found.add(named(child.exc))
            if isinstance(child, ast.Call):
                found |= self._called(child, key, above)
            within = self._inside(child, key, above)
            if isinstance(child, ast.Try):
                body = set().union(*(self._inside(ast.Module([part], []), key, above) for part in child.body))
                rest = [*child.handlers, *child.orelse, *child.finalbody]
                others = set().union(
                    *(self._inside(ast.Module([part], []), key, above) for part in rest), set()
                )
                caught = {
                    n.id for h in child.handlers for n in ast.walk(h.type or h) if isinstance(n, ast.Name)
                }
                within = {name for name in body if name and not kin(name) & caught} | others
            found |= within
        return found

    def _called(self, call: ast.Call, key: tuple[str, str], above: tuple[tuple[str, str], ...]) -> set[str]:
        function = call.func
        if isinstance(function, ast.Name) and (check := self.checks.get(function.id)) in CHECKS:
            given = [word.value for word in call.keywords if word.arg == "error"] or call.args[
                CHECKS[check] :
            ][:1]
            return {named(given[0]) if given else "EngineError"}
        if isinstance(function, ast.Name):
            other = ("", function.id)
        elif isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
            other = (key[0] if function.value.id == "self" else "?", function.attr)
        else:
            return set()
        private = other in self.functions and other[1].startswith("_")
        return self.raised(other, above) if private else set()


@cache
def untold(path: Path) -> tuple[str, ...]:
    """The public functions of a file whose docstrings do not name what they raise."""

    def lacking() -> Iterator[str]:
        module = Module(path)
        for (kind, name), node in module.functions.items():
            text = ast.get_docstring(node) or ""
            if name.startswith("_") or kind.startswith("_") or text.startswith("See `"):
                continue
            missing = [
                error for error in module.raised((kind, name)) if not any(k in text for k in kin(error))
            ]
            if missing:
                yield f"{kind}.{name}:{node.lineno} does not name {', '.join(sorted(missing))}"

    return tuple(lacking())


@pytest.mark.parametrize("path", sorted(ROOT.rglob("*.py")), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_public_function_says_what_it_raises(path):
    assert untold(path) == ()


@pytest.mark.parametrize("path", sorted(ROOT.rglob("*.py")), ids=lambda path: str(path.relative_to(ROOT)))
def test_docstrings_have_at_most_a_hundred_columns(path):
    lines, wide = path.read_text().split("\n"), []
    for node in ast.walk(ast.parse("\n".join(lines))):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and ast.get_docstring(node):
            text = node.body[0]
            wide += [line for line in lines[text.lineno - 1 : text.end_lineno] if len(line) > 100]
    assert wide == []
