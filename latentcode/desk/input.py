"""The line editor: ptpython's, with our toolbar, keys and completion."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from prompt_toolkit.application import get_app
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.enums import DEFAULT_BUFFER
from prompt_toolkit.filters import Condition, has_focus, is_done
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.history import FileHistory, ThreadedHistory
from prompt_toolkit.key_binding import KeyBindings
from prompt_toolkit.key_binding.key_processor import KeyPressEvent
from prompt_toolkit.layout import ConditionalContainer, Dimension, FormattedTextControl, Window
from prompt_toolkit.patch_stdout import StdoutProxy
from ptpython.completer import CompletePrivateAttributes
from ptpython.python_input import PythonInput
from ptpython.signatures import Signature
from ptpython.utils import unindent_code

from latentcode.desk import toolbar
from latentcode.desk.complete import DeskCompleter, never_closed, never_right, open_call, signature_of

if TYPE_CHECKING:
    from latentcode.desk.session import Desk

REFRESH = 0.1  # seconds between two looks at the engine's state


class LineInput(PythonInput):
    """ptpython's input without jedi: completion and signatures come from the names that are there."""

    def __init__(self, desk: Desk, history: str | None, vi: bool, farewell: str, hint: str) -> None:
        self._desk = desk
        super().__init__(
            get_globals=lambda: desk.known,
            vi_mode=vi,
            extra_key_bindings=_keys(desk, hint, lambda: self.paste_mode),
            _completer=DeskCompleter(lambda: desk.known),
            _extra_toolbars=[_bar(lambda: self._bars()[0]), _bar(lambda: self._bars()[1])],
            _input_buffer_height=Dimension(min=6),
        )
        if history is not None:
            self.history = self.default_buffer.history = ThreadedHistory(_History(history))
        self.app.after_render += self._first_seen
        self.complete_private_attributes = CompletePrivateAttributes.IF_NO_PUBLIC
        self.show_signature = True
        self.show_status_bar = False
        self.enable_auto_suggest = True
        self.highlight_matching_parenthesis = True
        self.exit_message = farewell

    def _first_seen(self, _: object) -> None:
        """The prompt is there: now there is time to load the names."""
        self.app.after_render -= self._first_seen
        self._desk.prepare()

    def read_line(self) -> str:
        """The next block of code. Raises EOFError when the musician leaves, KeyboardInterrupt on Ctrl-C."""
        with _printing_above():
            return str(unindent_code(self.app.run(pre_run=self._watch)))

    def _watch(self) -> None:
        self.app.create_background_task(self._refreshed())

    async def _refreshed(self) -> None:
        """Draw again when the toolbar has something new to say."""
        shown = None
        while True:
            bars = self._bars()
            if bars != shown:
                shown = bars
                self.app.invalidate()
            await asyncio.sleep(REFRESH)

    def _bars(self) -> tuple[toolbar.Fragments, toolbar.Fragments]:
        link, width = self._desk.link, self.app.output.get_size().columns
        return toolbar.status(link, width), toolbar.voices(link, width)

    def _on_input_timeout(self, buffer: Buffer) -> None:
        """The signature of the call that is being typed."""
        self.signatures = []
        call = open_call(buffer.document.text_before_cursor)
        found = signature_of(call[0], self._desk.known) if call else None
        if call is None or found is None:
            return
        signature = Signature.from_inspect_signature(call[0], found[1], found[0], call[1])
        signature.bracket_start = call[2]
        for parameter in signature.parameters:
            parameter.annotation = None
        self.signatures = [signature]


class _History(FileHistory):
    """Lines of this and former sets; on a full disk those of this set are known until it ends."""

    def store_string(self, string: str) -> None:
        with suppress(OSError):
            super().store_string(string)


def _keys(desk: Desk, hint: str, pasting: Callable[[], bool]) -> KeyBindings:
    keys = KeyBindings()

    @Condition
    def hopeless() -> bool:
        document = get_app().current_buffer.document
        wrong = never_closed(document.text) or never_right(document.text)
        return document.is_cursor_at_the_end and not pasting() and wrong

    @keys.add("enter", filter=has_focus(DEFAULT_BUFFER) & hopeless)
    def _(event: KeyPressEvent) -> None:
        """A line that no further line can mend: run it, so that it is said what to type."""
        buffer = event.current_buffer
        buffer.append_to_history()
        if buffer.accept_handler is not None:
            buffer.accept_handler(buffer)

    @keys.add("c-x", "h")
    def _(event: KeyPressEvent) -> None:
        """All voices fade out."""
        desk.press("hush")

    @keys.add("c-x", "p")
    def _(event: KeyPressEvent) -> None:
        """Silence at once."""
        desk.press("panic")

    @keys.add("c-c", filter=has_focus(DEFAULT_BUFFER))
    def _(event: KeyPressEvent) -> None:
        """Away with the line; at an empty one, how to leave."""
        if event.current_buffer.text:
            event.current_buffer.reset()
        else:
            desk.say(hint)

    return keys


def _bar(content: Callable[[], toolbar.Fragments]) -> ConditionalContainer:
    def text() -> StyleAndTextTuples:
        return [*content()]

    window = Window(FormattedTextControl(text), height=1, style="class:status-toolbar")
    return ConditionalContainer(window, filter=~is_done)


@contextmanager
def _printing_above() -> Iterator[None]:
    """What other threads print while a line is typed appears above it."""
    before = sys.stdout, sys.stderr
    with StdoutProxy(sleep_between_writes=0.02, raw=True) as proxy:
        sys.stdout = sys.stderr = proxy
        try:
            yield
        finally:
            sys.stdout, sys.stderr = before
