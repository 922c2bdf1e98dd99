"""The line editor: ptpython's, with our toolbar, keys and completion."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from prompt_toolkit.application import get_app, run_in_terminal
from prompt_toolkit.auto_suggest import ConditionalAutoSuggest, ThreadedAutoSuggest
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.document import Document
from prompt_toolkit.enums import DEFAULT_BUFFER
from prompt_toolkit.filters import (
    Condition,
    FilterOrBool,
    has_focus,
    has_selection,
    is_done,
    to_filter,
    vi_navigation_mode,
)
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.history import ThreadedHistory
from prompt_toolkit.input import Input
from prompt_toolkit.input.typeahead import get_typeahead
from prompt_toolkit.key_binding import KeyBindings, merge_key_bindings
from prompt_toolkit.key_binding.key_processor import KeyPressEvent
from prompt_toolkit.keys import Keys
from prompt_toolkit.layout import ConditionalContainer, Dimension, FormattedTextControl, Window
from prompt_toolkit.output import Output
from prompt_toolkit.patch_stdout import StdoutProxy
from prompt_toolkit.search import stop_search
from ptpython.completer import CompletePrivateAttributes
from ptpython.python_input import PythonInput
from ptpython.signatures import Signature
from ptpython.utils import unindent_code

from latentcode.files.texts import in_ascii
from latentcode.parameters import VOICES
from latentcode.prompt import colours, toolbar
from latentcode.prompt.complete import (
    DeskCompleter,
    asked_for,
    called,
    never_closed,
    never_right,
    open_call,
    signature_of,
)
from latentcode.prompt.helping import in_short
from latentcode.prompt.highlight import CodeLexer
from latentcode.prompt.inbox import block_of
from latentcode.prompt.lights import LOOK, Lights
from latentcode.prompt.literals import Lit
from latentcode.prompt.long_lines import PUT_BACK, text_of
from latentcode.prompt.sent import Arrived, Burst, Entry, at_enter, keyboard, stands
from latentcode.prompt.typed_history import TypedHistory
from latentcode.prompt.worked import Worked
from latentcode.remote.incoming import Incoming, Outcome

if TYPE_CHECKING:
    from latentcode.prompt.session import Desk

REFRESH = 0.1  # seconds between two looks at the engine's state
BUSY = 0.9  # the engine's load above which the prompt draws less
LEAST = 6  # rows of what is typed
VOICE_KEYS = {str(n % 10): n - 1 for n in range(1, 11)} | {f"x{n - 10}": n - 1 for n in range(11, VOICES + 1)}
"""What is typed behind Ctrl-X for each voice, from 0: a digit, 0 for d10, and x for ten more."""


class LineInput(PythonInput):
    """ptpython's input without jedi: completion and signatures come from the names that are
    there.
    """

    def __init__(
        self,
        desk: Desk,
        history: str | None,
        vi: bool,
        farewell: str,
        hint: str,
        keys: Input | None = None,
        output: Output | None = None,
    ) -> None:
        self._desk = desk
        self._arrived: Arrived | None = None
        self._entry, self._line = Entry(""), ""
        self._short = "", ""
        self._bars: tuple[toolbar.Fragments, toolbar.Fragments] = [], []
        self._worked = Worked(history)
        super().__init__(
            get_globals=lambda: desk.known,
            vi_mode=vi,
            input=keys or keyboard(vi_navigation_mode),
            output=output,
            extra_key_bindings=_keys(self, desk, hint),
            _completer=DeskCompleter(lambda: desk.known),
            _lexer=CodeLexer(),
            _extra_toolbars=[
                _bar(self._told, "class:told", Condition(self._is_told)),
                _bar(lambda: self._bars[0]),
                _bar(lambda: self._bars[1]),
            ],
            _input_buffer_height=self._least,
        )
        if history is not None:
            self.history = self.default_buffer.history = ThreadedHistory(TypedHistory(history))
        self._wide = (self.app.output.encoding() or "utf-8").lower().startswith("utf")
        self._lights = Lights(self._sounding, self._is_busy, toolbar.DARK)
        for style, ours in ((self.code_styles, colours.of_code), (self.ui_styles, colours.of_bars)):
            style |= {name: ours(known) for name, known in style.items()}
        self._current_style = self._generate_style()
        known = [self.app.key_bindings or KeyBindings(), _keys_everywhere(self, desk)]
        self.app.key_bindings = merge_key_bindings(known)
        self.app.before_render += self._look
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

    def read_line(self) -> Entry:
        """The next block of code.

        Raises EOFError when the musician leaves, KeyboardInterrupt on Ctrl-C.
        """
        with _printing_above():
            typed = str(self.app.run(pre_run=self._watch))
        entry, self._entry = self._entry, Entry("")
        return entry if entry.code else Entry(unindent_code(typed))

    def came_of_it(self, right: bool) -> None:
        """Whether the block that was read last ran: what failed is not suggested."""
        self._worked.told(self._line, right)

    def arrive(self, text: str) -> None:
        """Take what an editor sends, behind what stands in the line,
        whatever was open instead of it.
        """
        layout = self.app.layout
        if layout.is_searching and "\n" not in text and not stands(text):  # a word to be looked for
            self.app.current_buffer.insert_text(text)
            return
        if layout.is_searching:
            stop_search()
        self.show_exit_confirmation = self.show_sidebar = False
        layout.focus(self.default_buffer)
        buffer, burst = self.default_buffer, isinstance(text, Burst)
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        document = buffer.document
        if not document.is_cursor_at_the_end:
            buffer.insert_text(text)
            return
        if text[:1].isspace() and document.current_line.isspace():  # it brings its own indent
            buffer.delete_before_cursor(len(document.current_line))
        known = self._arrived
        if known is None or known.whole != document.text:
            known = Arrived(document.text, "", "", False)
        buffer.insert_text(text)
        self._arrived = Arrived(known.before, known.text + text, buffer.text, known.burst or burst)

    def entered(self) -> Entry | None:
        """What Enter runs of what an editor has sent; None when hands have typed."""
        return None if self.paste_mode else at_enter(self.default_buffer.document, self._arrived)

    def take(self, entry: Entry) -> None:
        """Run what an editor has sent; what was being typed comes back with the next prompt."""
        buffer = self.default_buffer
        self._entry = entry
        buffer.document = Document(entry.code)
        buffer.append_to_history()
        self._accept_handler(buffer)
        if entry.kept:
            self.app.pre_run_callables.append(lambda: buffer.set_document(Document(entry.kept)))

    def put_back(self) -> None:
        """Have what was typed behind a line that Ctrl-C ended in the next one, to be run or not."""
        source = self.app.input
        if text := text_of([*get_typeahead(source), *source.read_keys(), *source.flush_keys()]):
            self._desk.say(PUT_BACK)
            self.app.pre_run_callables.append(lambda: self.arrive(Burst(text)))

    def heard(self, incoming: Incoming, outcome: Outcome) -> None:
        """A block that an editor sent has run: it is in the history, as what is typed is."""
        if (code := block_of(incoming)) is None:
            return
        if next(reversed(self.history.get_strings()), None) != code:
            self.history.append_string(code)
            if not self.default_buffer.text:
                self.default_buffer.reset()  # it reads the history again
        self._worked.told(code, not outcome.error)

    def forget(self) -> None:
        """Away with what is typed, and with what is shown of it."""
        self.default_buffer.reset()
        self.signatures, self._arrived = [], None

    def bring_back(self, voice: int) -> None:
        """Have the block of a voice, from 0, in the line; undo brings back what stood there."""
        code, buffer = self._desk.code_of(voice), self.default_buffer
        if not code:
            self._desk.say(f"d{voice + 1} has played nothing yet")
            return
        self.app.layout.focus(buffer)
        buffer.save_to_undo_stack()
        buffer.document = Document(code)

    def _accept_handler(self, buff: Buffer) -> bool:
        self.signatures, self._arrived, self._line = [], None, buff.text
        return bool(super()._accept_handler(buff))

    def _create_buffer(self) -> Buffer:
        buffer = super()._create_buffer()
        suggesting = Condition(lambda: self.enable_auto_suggest)
        buffer.auto_suggest = ConditionalAutoSuggest(ThreadedAutoSuggest(self._worked), suggesting)
        return buffer

    def _watch(self) -> None:
        self.app.create_background_task(self._refreshed())

    async def _refreshed(self) -> None:
        """Draw again when the toolbar has something new to say."""
        shown = None
        self._lights.on()
        try:
            while True:
                self._look()
                if self._bars != shown:
                    shown = self._bars
                    self.app.invalidate()
                await asyncio.sleep(LOOK if self._lights.seen else REFRESH)
        finally:
            self._lights.off()

    def _look(self, _: object = None) -> None:
        """What is below the line: once for each drawing, in which it is asked for often."""
        link, size = self._desk.link, self.app.output.get_size()
        rows = max(size.rows // toolbar.ROWS, 1)
        voices = toolbar.voices(link, size.columns, rows, self._lights.seen)
        bars = toolbar.status(link, size.columns), voices
        self._bars = bars if self._wide else (_in_ascii(bars[0]), _in_ascii(bars[1]))

    def _least(self) -> Dimension:
        """Room for what is typed and what completes it, as far as the terminal has any."""
        rows = self.app.output.get_size().rows
        return Dimension(min=max(min(LEAST, rows - rows // toolbar.ROWS - 2), 1))

    def _sounding(self) -> Lit:
        link = self._desk.link
        return self._desk.sounding.places(link.state, link.heard, link.hello.seed if link.hello else 0)

    def _is_busy(self) -> bool:
        state = self._desk.link.state
        return max(state.load, state.player_load) > BUSY

    def _on_input_timeout(self, buffer: Buffer) -> None:
        """The signature of the call that is being typed."""
        self.signatures = []
        text = buffer.document.text_before_cursor
        call, name = open_call(text), called(text)
        found = signature_of(name, self._desk.known) if call else None
        if call is None or found is None:
            return
        signature = Signature.from_inspect_signature(name, found[1], found[0], call[1])
        signature.bracket_start = call[2]
        for parameter in signature.parameters:
            parameter.annotation = None
        self.signatures, self._short = [signature], in_short(name, found[1])

    def _is_told(self) -> bool:
        return bool(self.signatures and any(self._short)) and self.app.output.get_size().rows > LEAST

    def _told(self) -> toolbar.Fragments:
        """What the reference says of the call that is being typed, in short."""
        told = toolbar.told(*self._short, self.app.output.get_size().columns)
        return told if self._wide else _in_ascii(told)


def _in_ascii(fragments: toolbar.Fragments) -> toolbar.Fragments:
    """The same in a terminal that lacks our signs."""
    return [(style, "".join(in_ascii(one) or one for one in text)) for style, text in fragments]


def _keys(box: LineInput, desk: Desk, hint: str) -> KeyBindings:
    keys = KeyBindings()

    @Condition
    def hopeless() -> bool:
        document = get_app().current_buffer.document
        wrong = never_closed(document.text) or never_right(document.text)
        return document.is_cursor_at_the_end and not box.paste_mode and wrong

    @Condition
    def sent() -> bool:
        return box.entered() is not None

    @keys.add("enter", filter=has_focus(DEFAULT_BUFFER) & hopeless)
    def _(event: KeyPressEvent) -> None:
        """A line that no further line can mend: run it, so that it is said what to type."""
        buffer = event.current_buffer
        buffer.append_to_history()
        if buffer.accept_handler is not None:
            buffer.accept_handler(buffer)

    @keys.add("enter", filter=has_focus(DEFAULT_BUFFER) & ~has_selection & sent)
    def _(event: KeyPressEvent) -> None:
        """What an editor has sent is whole."""
        if entry := box.entered():
            box.take(entry)

    @keys.add("c-c", filter=has_focus(DEFAULT_BUFFER))
    def _(event: KeyPressEvent) -> None:
        """Away with the line; at an empty one, how to leave."""
        if event.current_buffer.text:
            box.forget()
        else:
            desk.say(hint)

    return keys


def _keys_everywhere(box: LineInput, desk: Desk) -> KeyBindings:
    """What is heard in menus, too: ptpython shuts the other keys out of them."""
    keys = KeyBindings()

    @keys.add(Keys.BracketedPaste)
    def _(event: KeyPressEvent) -> None:
        """What an editor sends, or what was copied from elsewhere."""
        box.arrive(event.data)

    @keys.add("c-x", "h")
    def _(event: KeyPressEvent) -> None:
        """All voices fade out."""
        desk.press("hush")

    @keys.add("c-x", "p")
    def _(event: KeyPressEvent) -> None:
        """Silence at once."""
        desk.press("panic")

    for typed, number in VOICE_KEYS.items():

        @keys.add("c-x", *typed)
        def _(event: KeyPressEvent, voice: int = number) -> None:
            """A voice is muted, or heard again."""
            desk.toggle("mute", voice)

        @keys.add("c-x", "s", *typed)
        def _(event: KeyPressEvent, voice: int = number) -> None:
            """A voice is heard alone, or all are again."""
            desk.toggle("solo", voice)

        @keys.add("c-x", "e", *typed)
        def _(event: KeyPressEvent, voice: int = number) -> None:
            """The block of a voice comes back, to be changed and run again."""
            box.bring_back(voice)

    @keys.add("f1")
    def _(event: KeyPressEvent) -> None:
        """What the reference says of the word at the cursor, or of the call that is typed."""
        word = asked_for(box.default_buffer.document)
        run_in_terminal(lambda: desk.tell_of(word))

    return keys


def _bar(
    content: Callable[[], toolbar.Fragments], style: str = "class:status-toolbar", shown: FilterOrBool = True
) -> ConditionalContainer:
    def text() -> StyleAndTextTuples:
        return [*content()]

    def height() -> int:
        return 1 + sum(part.count("\n") for _, part in content())

    window = Window(FormattedTextControl(text), height=height, style=style)
    return ConditionalContainer(window, filter=to_filter(shown) & ~is_done)


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
