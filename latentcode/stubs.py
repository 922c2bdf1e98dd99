"""The stubs that editors and mypy read, written from the words: `python -m latentcode.stubs`.

`__init__.pyi` says where each public name is at home; `latentcode` itself reads it, so that
importing it loads nothing. `patterns/pattern.pyi` has the methods that `patterns/words.py`
registers, `patterns/functions.pyi` their functions.
"""

from __future__ import annotations

import inspect
import pkgutil
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path
from types import FunctionType

from latentcode import words
from latentcode.patterns.arguments import arguments_of
from latentcode.patterns.pattern import Pattern
from latentcode.patterns.words import FUNCTIONS_HOME

ROOT = Path(__file__).parent
# where public words are made
ROOMS = ("errors", "patterns", "latents", "sounds", "set", "pictures", "offline")
HEAD = "# Written by python -m latentcode.stubs, from the words themselves.\n\n"
TYPES = """\
from collections.abc import Callable, Sequence
from typing import Any{more}

from latentcode.checks import Number
from latentcode.patterns.arguments import Argument, Function, {waiting}Whole
from latentcode.patterns.{base}

"""
EITHER = "Pattern | str"  # what a function takes last


def stubs() -> dict[Path, str]:
    """The text of each stub."""
    for room in ROOMS:
        _load(f"latentcode.{room}")
    return {
        ROOT / "__init__.pyi": HEAD + "".join(_package()),
        ROOT / "patterns" / "pattern.pyi": HEAD + "".join(_pattern()),
        ROOT / "patterns" / "functions.pyi": HEAD + "".join(_functions()),
    }


def _load(name: str) -> None:
    module = import_module(name)
    for found in pkgutil.iter_modules(getattr(module, "__path__", ()), f"{name}."):
        if not found.name.endswith("__main__"):
            _load(found.name)


def _package() -> Iterator[str]:
    for name, home in sorted(words.HOMES.items(), key=lambda pair: (pair[1], pair[0])):
        yield f"from {home} import {name} as {name}\n"
    yield "\n__version__: str\n__all__: list[str]\n"


def _pattern() -> Iterator[str]:
    yield TYPES.format(more="", waiting="", base="tree import Tree")
    yield f'class Pattern(Tree):\n    """{Pattern.__doc__}"""\n\n'
    for name, made in sorted(vars(Pattern).items()):
        if isinstance(made, FunctionType):
            signature = inspect.signature(made)
            first, *rest = signature.parameters.values()
            given = [first, *rest] if first.kind is first.VAR_POSITIONAL else rest
            yield f"    def {name}({', '.join(['self', *_typed(given)])}) -> {signature.return_annotation}:\n"
            yield _described(made, 8)


def _functions() -> Iterator[str]:
    yield TYPES.format(more=", overload", waiting="Transformation, ", base="pattern import Pattern")
    for name in sorted(name for name, home in words.HOMES.items() if home == FUNCTIONS_HOME):
        made = getattr(Pattern, name)
        given = [*arguments_of(inspect.signature(made)).parameters.values()]
        if any(each.default is not each.empty or each.kind is each.VAR_POSITIONAL for each in given):
            yield f"def {name}({', '.join(_flexible(given))}) -> Any:\n" + _described(made, 4)
        else:
            yield f"@overload\ndef {name}({', '.join(_typed(given))}) -> Transformation:\n" + _described(
                made, 4
            )
            yield f"@overload\ndef {name}({', '.join([*_typed(given), f'pattern: {EITHER}'])}) -> Pattern: ...\n"


def _flexible(given: list[inspect.Parameter]) -> Iterator[str]:
    """The arguments of a function some of which may be left out,
    with the pattern where it can stand.
    """
    if any(each.kind is each.VAR_POSITIONAL for each in given):
        yield from (f"*{each.name}: {each.annotation} | {EITHER}" for each in given)
        return
    yield from _typed(each for each in given if each.name != "structure")
    yield f"pattern: {EITHER} | None = None"
    yield from (f"*, {typed}" for typed in _typed(each for each in given if each.name == "structure"))


def _typed(given: Iterable[inspect.Parameter]) -> Iterator[str]:
    """Arguments as they are written in a signature."""
    for each in given:
        star = "*" if each.kind is each.VAR_POSITIONAL else ""
        default = "" if each.default is each.empty else f" = {each.default!r}".replace("'", '"')
        yield f"{star}{each.name}: {each.annotation}{default}"


def _described(made: object, indent: int) -> str:
    lines = f'"""{inspect.getdoc(made) or ""}'.split("\n")
    lines = [*lines, '"""'] if len(lines) > 1 else [f'{lines[0]}"""']
    return "".join(f"{' ' * indent}{line}".rstrip() + "\n" for line in lines)


def main() -> None:
    """Write the stubs anew, and say which have changed."""
    for file, text in stubs().items():
        changed = not file.exists() or file.read_text(encoding="utf-8") != text
        file.write_text(text, encoding="utf-8", newline="\n")
        print(f"{file.relative_to(ROOT)} {'written' if changed else 'is up to date'}")


if __name__ == "__main__":
    main()
