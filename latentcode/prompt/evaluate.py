"""Runs blocks of the musician's code, so that nothing in them can end the set."""

from __future__ import annotations

import ast
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import CodeType, FrameType
from typing import Any, Protocol

from latentcode.prompt import kept
from latentcode.prompt.error_format import CALLED, TYPED, Origin, block_file
from latentcode.prompt.labels import GIVER, NAME, given, labelling, typed


class Leave(BaseException):
    """The musician typed `exit()`."""


class Exit:
    """`exit` and `quit` at the prompt."""

    def __call__(self, *_: Any) -> None:
        raise Leave

    def __repr__(self) -> str:
        return "type exit(), or Ctrl-D, to leave"


class Shield:
    """Ctrl-C while a block runs: raises KeyboardInterrupt,
    but not in the middle of a message to the engine.
    """

    def __init__(self) -> None:
        self._depth, self._pending = 0, False
        self.is_listening = False

    @contextmanager
    def listening(self) -> Iterator[None]:
        """While this lasts, Ctrl-C interrupts what runs here (the main thread)."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = signal.signal(signal.SIGINT, self._interrupted)
        self._depth, self._pending = 0, False
        self.is_listening = True
        try:
            yield
        finally:
            self.is_listening = False
            signal.signal(signal.SIGINT, before)

    @contextmanager
    def up(self) -> Iterator[None]:
        """Ctrl-C waits until this is over."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        self._depth += 1
        try:
            yield
        finally:
            self._depth -= 1
            if self._pending and not self._depth:
                self._pending = False
                raise KeyboardInterrupt

    def _interrupted(self, _signal: int, _frame: FrameType | None) -> None:
        if self._depth:
            self._pending = True
        else:
            raise KeyboardInterrupt


class Bracket(Protocol):
    """What is told where a block begins and ends."""

    def begin(self, code: str) -> int: ...
    def end(self, failed: bool = False) -> None: ...


def compiled(code: str, file: str) -> tuple[CodeType, CodeType | None]:
    """A block as what is to be executed, and its last expression, if it ends with one."""
    tree = labelling(ast.parse(code, file), code)
    last = None
    if tree.body and isinstance(tree.body[-1], ast.Expr):
        expression = tree.body.pop()
        assert isinstance(expression, ast.Expr)
        last = compile(ast.Expression(expression.value), file, "eval", dont_inherit=True)
        if isinstance(expression.value, ast.Call):
            last = last.replace(co_name=CALLED)
    return compile(tree, file, "exec", dont_inherit=True), last


def run_block(
    code: str,
    namespace: dict[str, Any],
    bracket: Bracket,
    shown: Callable[[Any], None] = lambda value: None,
    origin: Origin = TYPED,
    replaced: list[str] | None = None,
) -> BaseException | None:
    """Run a block and show the value of its last expression; returns the error it raised, if any.

    `origin` is where it stands, which errors tell. Raises Leave when the code asks to leave. The
    bracket hears of the end in any case. What the code replaced of Python's own functions is as it
    was again, and named in `replaced`.
    """
    error: BaseException | None = None
    last: CodeType | None = None
    value: Any = None
    namespace[NAME], namespace[GIVER] = typed, given
    number = bracket.begin(code)
    try:
        body, last = compiled(origin.placed(code), block_file(number, code, origin))
        with kept.own_functions([] if replaced is None else replaced):
            exec(body, namespace)
            value = None if last is None else eval(last, namespace)
    except Leave:
        bracket.end(False)
        raise
    except BaseException as raised:
        error = raised
    bracket.end(error is not None)
    told = last is not None and last.co_name == CALLED and getattr(type(value), "_only_told", False)
    if error is None and value is not None and not told:
        return _shown(value, namespace, shown)
    return error


def _shown(value: Any, namespace: dict[str, Any], shown: Callable[[Any], None]) -> BaseException | None:
    try:
        shown(value)
        namespace["_"] = value
    except Leave:
        raise
    except BaseException as error:  # a repr that raises is an error line like any other
        return error
    return None
