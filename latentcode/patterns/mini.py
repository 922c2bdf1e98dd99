"""Mini-notation: text to patterns, with the meaning that it has in Strudel."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

from latentcode.checks import wrong
from latentcode.errors import MiniError, PatternError, RangeError
from latentcode.patterns import chance, combine, nodes
from latentcode.patterns.arguments import number, pattern_of
from latentcode.patterns.pattern import Pattern
from latentcode.patterns.rational import ONE, ZERO, exact
from latentcode.words import word

NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$", re.IGNORECASE)
PLACE = re.compile(r"(~?/)?[\w.-]+(/[\w.-]+)*/(?=[\w.-]*[^\W\d])[\w.-]+")  # samples/rain.wav
MOST_COPIES = 10_000
# A word may hold points and signs, so a sign that stands alone is a token only if no word goes on after it.
GRAMMAR = r"""
start: group
?group: feet | stack | choice
stack: feet ("," feet)+
choice: feet ("|" feet)+
?feet: sequence | foot
foot: sequence (FOOT sequence)+
sequence: element+
element: slice op*
?slice: WORD -> word
    | REST -> rest
    | "[" group "]" -> group
    | "{" parts "}" ["%" slice] -> polymeter
    | "<" parts ">" -> alternate
parts: sequence ("," sequence)*
?op: WEIGHT -> weight
    | HOLD -> hold
    | REPLICATE -> replicate
    | DEGRADE -> degrade
    | "*" slice -> fast
    | "/" slice -> slow
    | ":" slice -> tail
    | RANGE slice -> range
    | "(" sequence "," sequence ["," sequence] ")" -> euclid

RANGE.5: ".."
REST.4: /[~\-](?![\w~\-#^']|\.\d)/
HOLD.4: /_(?![\w~\-#^'])/
FOOT.4: /\.(?![\w~\-#^'.])/
WORD.3: /(?![_.](?![\w~\-#^'.]))(?:[\w~\-#^']|\.(?!\.))+/
WEIGHT: /@(\d+\.?\d*|\.\d+)?/
REPLICATE: /!(\d+\.?\d*|\.\d+)?/
DEGRADE: /\?(\d+\.?\d*|\.\d+)?/

%ignore /[\s\u00a0]+/
"""

# what the musician calls the terminals
SPOKEN = {
    "WORD": "a name or number",
    "REST": "~",
    "HOLD": "_",
    "FOOT": ".",
    "RANGE": "..",
    "WEIGHT": "@",
    "REPLICATE": "!",
    "DEGRADE": "?",
    "LSQB": "[",
    "RSQB": "]",
    "LBRACE": "{",
    "RBRACE": "}",
    "LESSTHAN": "<",
    "MORETHAN": ">",
    "LPAR": "(",
    "RPAR": ")",
    "COMMA": "a comma",
    "VBAR": "|",
    "STAR": "*",
    "SLASH": "/",
    "COLON": ":",
    "PERCENT": "%",
    "$END": "the end",
}


@word('mini("a [b c]")')
@lru_cache(maxsize=1024)
def mini(text: str, names: bool = False) -> Pattern:
    """Return the pattern that a text stands for.

    names   its steps are names, which keep their text: "007" and "1e3" are no numbers then

    Raises MiniError, which shows the place of a mistake, PatternError for what is no text.
    """
    if not isinstance(text, str):
        raise wrong("mini", "mini-notation", text, '"a [b c]"', PatternError)
    if not text.strip():
        return nodes.SILENCE
    try:
        return Builder(text, names).group(_parse(text))
    except MiniError:
        if place := PLACE.search(text):
            raise MiniError(
                f"the path of a file is no mini-notation: give it a name, x = path({place[0]!r}), and write x "
                f'in the text; for a folder, x = folder("…")'
            ) from None
        raise


pattern_of.register(str, mini)


@lru_cache(maxsize=1)
def _parser() -> Any:
    from lark import Lark

    return Lark(GRAMMAR, parser="lalr", propagate_positions=True)


def _parse(text: str) -> Any:
    from lark.exceptions import UnexpectedCharacters, UnexpectedInput

    try:
        return _parser().parse(lettered(text)).children[0]
    except UnexpectedCharacters as error:
        at = int(error.pos_in_stream or 0)
        raise mistake(text, at, f"{text[at]!r} means nothing here; expected a name or number") from None
    except UnexpectedInput as error:
        known: Any = getattr(error, "accepts", None) or getattr(error, "expected", ())
        token: Any = getattr(error, "token", None)
        ended = token is None or token.type == "$END"
        at = len(text.rstrip()) if ended else int(error.pos_in_stream or 0)
        received = "" if ended else f"received {text[at : at + len(token)]!r}, "
        raise mistake(text, at, f"{received}expected {_spoken(known)}") from None


def lettered(text: str) -> str:
    r"""The text, place by place, with a letter for each vowel sign and accent that goes on with a
    name.

    Python reads names so; `\w` and grammars know none of them.
    """
    return text if text.isascii() else "".join(map(_letter, text))


def _letter(sign: str) -> str:
    return "x" if f"a{sign}".isidentifier() and not sign.isalnum() and sign != "_" else sign


def _spoken(terminals: Any) -> str:
    """Name what is allowed."""
    known = [spoken for terminal, spoken in SPOKEN.items() if terminal in terminals]
    return ", ".join(known[:-1]) + " or " + known[-1] if known[1:] else "".join(known) or "a name or number"


def mistake(text: str, place: int, what: str) -> MiniError:
    """Return an error that shows the line of the text, and a caret under the place."""
    start = text.rfind("\n", 0, place) + 1
    line = text[start:].split("\n", 1)[0]
    return MiniError(f"mini-notation does not parse: {what}\n  {line}\n  {' ' * (place - start)}^")


def leaf(word: str) -> str | int | float:
    """Return a word as it is, or the number that it spells."""
    if not NUMBER.match(word):
        return word
    try:
        return int(word)
    except ValueError:
        return float(word)


def name(word: str) -> str | int | float:
    """Return a word as it is; a number only where it is written as this one would be."""
    value = leaf(word)
    return value if str(value) == word else word


@dataclass
class Step:
    """A pattern with its share of the sequence, and how often it is to be copied."""

    pattern: Pattern
    weight: Fraction = ONE
    copies: int = 1

    def repeated(self) -> Pattern:
        """The copies as one pattern, for an operation that follows and counts for all of them
        together.
        """
        return nodes.Cycles((self.pattern,), self.copies).fast(self.copies)


class Builder:
    """Builds the pattern of one text, whose steps are `names` or whatever they look like."""

    def __init__(self, text: str, names: bool = False) -> None:
        self.text, self.names = text, names

    @property
    def operand(self) -> Builder:
        """What builds numbers: factors, counts, the ends of ranges."""
        return Builder(self.text) if self.names else self

    def group(self, tree: Any) -> Pattern:
        """Return the pattern of what stands between brackets."""
        if tree.data == "stack":
            return combine.stack(*map(self.group, tree.children))
        if tree.data == "choice":
            return chance.choose_cycles(*map(self.group, tree.children))
        if tree.data == "foot":
            return combine.seq(*(self.group(t) for t in tree.children if not isinstance(t, str)))
        return self.sequence(tree)[0]

    def sequence(self, tree: Any) -> tuple[Pattern, Fraction]:
        """Return the steps within a cycle, and the sum of their weights."""
        steps = self.steps(tree)
        total = sum((weight for _, weight in steps), ZERO)
        if not total:
            return nodes.SILENCE, ONE
        if len(steps) == 1:
            return steps[0][0], total
        return nodes.Sequence(tuple(p for p, _ in steps), tuple(w for _, w in steps)), total

    def steps(self, tree: Any) -> list[tuple[Pattern, Fraction]]:
        steps: list[tuple[Pattern, Fraction]] = []
        for element in tree.children:
            step = self.element(element)
            if step.weight < 0:
                raise mistake(self.text, element.meta.start_pos, "a weight must not be below 0; type @2")
            for _ in range(step.copies if step.weight else 0):
                steps.append((nodes.branch(step.pattern, len(steps)), step.weight / step.copies))
        return steps

    def element(self, tree: Any) -> Step:
        """Return a step. Several `!` count as one, at the place of the last."""
        first, *ops = tree.children
        weight, copies = ONE, 1
        for op in ops:
            if op.data in SHARES:
                weight, copies = self.placed(op, SHARES[op.data], weight, copies)
        acting = [op for op in ops if op.data not in ("weight", "hold")]
        last = max((i for i, op in enumerate(acting) if op.data == "replicate"), default=-1)
        step = Step(self._reading(acting).slice(first), weight, copies)
        for index, op in enumerate(acting):
            if op.data != "replicate":
                step.pattern = self.placed(op, OPERATIONS[op.data], self, step.pattern, *op.children)
            elif index == last < len(acting) - 1:
                step = Step(step.repeated(), weight)
        return step

    def _reading(self, ops: list[Any]) -> Builder:
        """What builds a step with these operations: a range is of numbers,
        and what has parameters is a name.
        """
        acting = {op.data for op in ops}
        if "range" in acting:
            return self.operand
        return Builder(self.text, names=True) if "tail" in acting else self

    def placed(self, op: Any, function: Callable[..., Any], *args: Any) -> Any:
        """Return function(…), with the place of the operation in the error if it fails."""
        try:
            return function(*args, *(op.children if op.data in SHARES else ()))
        except MiniError:
            raise
        except PatternError as error:
            raise mistake(self.text, op.meta.start_pos, str(error)) from None

    def slice(self, tree: Any) -> Pattern:
        try:
            made: Pattern = SLICES[tree.data](self, *tree.children)
        except MiniError:
            raise
        except PatternError as error:
            raise mistake(self.text, tree.meta.start_pos, str(error)) from None
        return made

    def word(self, word: Any) -> Pattern:
        typed = self.text[word.start_pos : word.end_pos]
        value = name(typed) if self.names else leaf(typed)
        place = self.text, word.start_pos, word.end_pos
        return nodes.Pure(value, text="" if value == typed else typed, place=place)

    def polymeter(self, parts: Any, steps: Any = None) -> Pattern:
        made = [self.sequence(part) for part in parts.children]
        rate = nodes.Pure(made[0][1]) if steps is None else self.operand.slice(steps)
        if isinstance(rate, nodes.Pure):
            rates: list[Any] = [
                number(rate.value, "the steps of a polymeter", "4") / weight for _, weight in made
            ]
        else:
            rates = [rate / weight for _, weight in made]
        return combine.stack(*(nodes.Cycles((p.fast(r),), 1) for (p, _), r in zip(made, rates, strict=True)))

    def alternate(self, parts: Any) -> Pattern:
        return combine.stack(*map(self._alternating, parts.children))

    def _alternating(self, tree: Any) -> Pattern:
        steps = self.steps(tree)
        if all(weight == 1 for _, weight in steps):
            return combine.slowcat_apart(p for p, _ in steps)
        pattern, weight = self.sequence(tree)
        return pattern.slow(weight)

    def degrade(self, pattern: Pattern, token: str) -> Pattern:
        return chance.degrade_by(pattern, float(_value(token)) if len(token) > 1 else 0.5)

    def fast(self, pattern: Pattern, factor: Any) -> Pattern:
        return pattern.fast(self.operand.slice(factor))

    def slow(self, pattern: Pattern, factor: Any) -> Pattern:
        return pattern.slow(self.operand.slice(factor))

    def tail(self, pattern: Pattern, more: Any) -> Pattern:
        right = self.operand.slice(more)
        if isinstance(pattern, nodes.Pure) and isinstance(right, nodes.Pure):
            first = pattern.value if isinstance(pattern.value, tuple) else (pattern.value,)
            return nodes.Pure((*first, right.value), place=pattern.place)
        return nodes.Apply(pattern, right, "tail", "left")

    def range(self, pattern: Pattern, _: str, last: Any) -> Pattern:
        end = self.operand.slice(last)
        if isinstance(pattern, nodes.Pure) and isinstance(end, nodes.Pure):
            return UpTo(pattern.value)(end.value)
        return nodes.Bind(pattern, From(end), "squeeze")

    def euclid(self, pattern: Pattern, onsets: Any, steps: Any, rotation: Any = None) -> Pattern:
        number = self.operand.sequence
        turn: Any = 0 if rotation is None else number(rotation)[0]
        return pattern.euclid_rot(number(onsets)[0], number(steps)[0], turn)


def _value(token: str) -> Fraction:
    return exact(float(token[1:]))


def _weigh(weight: Fraction, copies: int, token: str) -> tuple[Fraction, int]:
    return weight + (_value(token) if len(token) > 1 else 2) - 1, copies


def _copy(weight: Fraction, copies: int, token: str) -> tuple[Fraction, int]:
    total = copies + (_value(token) if len(token) > 1 else 2) - 1
    if total != int(total) or not 1 <= total <= MOST_COPIES:
        raise PatternError(f"a step is repeated a whole number of times, 1 to {MOST_COPIES}; type !3")
    return Fraction(total), int(total)


@dataclass(frozen=True)
class From:
    """The first number of a range → the pattern of its numbers, up to the last."""

    last: Any

    def __call__(self, first: Any) -> Pattern:
        return nodes.Bind(self.last, UpTo(first), "both")


@dataclass(frozen=True)
class UpTo:
    """The last number of a range → the numbers one after the other."""

    first: Any

    def __call__(self, last: Any) -> Pattern:
        first, end = (number(v, "an end of a range", "0 .. 3") for v in (self.first, last))
        way = 1 if first < end else -1
        if abs(end - first) > MOST_COPIES:
            raise RangeError(
                f"a range takes up to {MOST_COPIES} steps, not those of {self.first} .. {last}; as in 0 .. 7"
            )
        return combine.seq(*(self.first + way * i for i in range(int(abs(end - first)) + 1)))


SLICES: dict[str, Callable[..., Any]] = {
    "word": Builder.word,
    "rest": lambda builder, token: nodes.SILENCE,
    "group": lambda builder, tree: builder.group(tree),
    "polymeter": Builder.polymeter,
    "alternate": Builder.alternate,
}
SHARES: dict[str, Callable[[Fraction, int, str], tuple[Fraction, int]]] = {
    "weight": _weigh,
    "hold": lambda weight, copies, token: (weight + 1, copies),
    "replicate": _copy,
}
OPERATIONS: dict[str, Callable[..., Pattern]] = {
    "degrade": Builder.degrade,
    "fast": Builder.fast,
    "slow": Builder.slow,
    "tail": Builder.tail,
    "range": Builder.range,
    "euclid": Builder.euclid,
}
