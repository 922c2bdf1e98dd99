"""The desk of a live set, whatever shows it: the link, the names, the blocks, the last error."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from latentcode.files.texts import whole
from latentcode.progress import shown_late
from latentcode.prompt import error_hints, habits, kept
from latentcode.prompt.blocks import Blocks
from latentcode.prompt.error_format import TYPED, Origin, full, line_in, line_of, one_line, place_in
from latentcode.prompt.evaluate import Leave, Shield, run_block
from latentcode.prompt.helping import asked
from latentcode.prompt.inbox import Inbox
from latentcode.prompt.link import Link
from latentcode.prompt.long_lines import named, told_when_long
from latentcode.prompt.sounding import Sounding
from latentcode.remote.incoming import Outcome
from latentcode.set.commands import Command

if TYPE_CHECKING:
    from latentcode.prompt.loading import Prepared
    from latentcode.prompt.names import Names
    from latentcode.prompt.opening import Opened
    from latentcode.prompt.watching import Watcher
    from latentcode.session.journal import Block

Rest = Callable[[BaseException, int], tuple[str, int]]  # see `_unrun`
FAILED_IN_FILE = "not all of the file could be run"
OWN = "Python's own again: {}, as the prompt runs on it; give what is yours another name"
LONGEST = 20_000  # characters of a value that are shown: more would keep the terminal busy for long
HEARING = 20.0  # seconds to wait for the hello of an engine that is resumed


@dataclass
class _Lit:
    """A block whose words can light, from where it stands (see `evaluate.Bracket`); others may come
    beside it, so it keeps its number.
    """

    blocks: Blocks
    sounding: Sounding
    origin: Origin
    number: int = 0

    def begin(self, code: str) -> int:
        self.number = self.blocks.begin(code)
        self.sounding.block(self.number, code, self.origin)
        return self.number

    def end(self, failed: bool = False) -> None:
        self.blocks.end(failed)


class Desk:
    """Runs the musician's lines. `say` shows a line of text, `link` is what the commands go to.

    long   seconds after which a line that still runs is told; 0: never
    """

    def __init__(self, link: Link, say: Callable[[str], None] = print, long: float = 0.0) -> None:
        self.link, self.say, self._long = link, say, long
        self.shield = Shield()
        self.sounding = Sounding()
        self.blocks = Blocks(link.send, self._noted, lambda: link.state, self.shield.up, answer=link.ask)
        self.inbox = Inbox(self)
        self.error: BaseException | None = None
        self._watcher: Watcher | None = None
        self._names: Names | None = None
        self._problem: Exception | None = None
        self._lock = threading.Lock()

    def prepare(self) -> None:
        """Load the names on a thread, so that the prompt need not wait."""
        threading.Thread(target=self._load, name="names", daemon=True).start()

    @property
    def names(self) -> Names:
        """The namespace; waits until it is loaded."""
        self._load()
        if self._names is None:
            assert self._problem is not None
            raise self._problem
        return self._names

    @property
    def known(self) -> dict[str, Any]:
        """What is in the namespace, empty while it is loading."""
        return {} if self._names is None else self._names.space

    @property
    def was_interrupted(self) -> bool:
        """Whether Ctrl-C ended what went wrong last."""
        return isinstance(self.error, KeyboardInterrupt)

    def run(self, code: str, origin: Origin = TYPED, more: bool | None = None) -> bool:
        """Run a block and say what comes of it; False when it raised. Raises Leave for `exit()`.

        Files that it loads are run where it does so.

        more    what follows what raises is run by the caller, and whether there is more than the
                block; None: it is not run
        """
        return not self.evaluate(code, origin, quiet=bool(origin.file), more=more).error

    def evaluate(
        self, code: str, origin: Origin = TYPED, by: str = "", quiet: bool = False, more: bool | None = None
    ) -> Outcome:
        """The same, with what came of it. Raises Leave.

        by      the name of who sent it
        quiet   its value is not shown
        """
        from latentcode.prompt.sent import after_loads

        outcome, code = Outcome(), asked(whole(code))
        rest = partial(_unrun, code, origin, more)
        with self.blocks.sent_by(by), self._overheard() as said:
            for line, part in after_loads(code, "load"):
                place = Origin(origin.file, origin.line + line - 1)
                with told_when_long(self.say, named(place, by), self._long):
                    ran = self._run(part, place, quiet, rest)
                loaded = [self.run_prepared(prepared) for prepared in self.names.stage.taken()]
                right = all(loaded)
                outcome = replace(ran, error=outcome.error or ran.error or FAILED_IN_FILE * (not right))
                if ran.error or (not right and self.was_interrupted):
                    break
        return replace(outcome, notes=tuple(line for line in said if line not in outcome.told))

    def run_prepared(self, prepared: Prepared) -> bool:
        """Run the blocks of a file, and say which of them raised; False when any did."""
        from latentcode.prompt.loading import came_of

        name, wrong = prepared.file.name, list[Origin]()
        with self.names.stage.loading(prepared.file), shown_late(name) as tell:
            for number, (origin, code) in enumerate(prepared.blocks):
                tell(number, len(prepared.blocks), f"{number} of {len(prepared.blocks)}")
                if self.run(code, origin):
                    continue
                wrong.append(origin)
                if self.was_interrupted:
                    left = len(prepared.blocks) - number - 1
                    self.say(f"{name}: interrupted, {left} of {len(prepared.blocks)} blocks have not run")
                    return False
        self.say(f"{name}: {came_of(len(prepared.blocks), [origin.line for origin in wrong])}")
        self._watch(prepared, wrong)
        return not wrong

    def _watch(self, prepared: Prepared, wrong: Sequence[Origin]) -> None:
        from latentcode.prompt.watching import Watcher

        self._watcher = self._watcher or Watcher(self.inbox.put)
        if prepared.watch is False:
            self._watcher.end(prepared.file)
            return
        ran = [code for origin, code in prepared.blocks if origin not in wrong]
        self._watcher.watch(prepared.file, ran, begin=bool(prepared.watch))

    def _run(self, code: str, origin: Origin, quiet: bool, rest: Rest) -> Outcome:
        shown: list[str] = []
        show = (lambda value: None) if quiet else (lambda value: shown.append(spoken(value)))
        replaced: list[str] = []
        bracket = _Lit(self.blocks, self.sounding, origin)
        try:
            with kept.streams(), self.shield.listening():
                error = run_block(code, self.names.space, bracket, show, origin, replaced)
        except KeyboardInterrupt as interrupt:
            self.blocks.end(True)
            error = interrupt
        for line in shown:
            self.say(line)
        for name in self.names.lost():
            self.say(f"{name} means something else now; restore_names({name!r}) brings it back")
        if replaced:
            self.say(OWN.format(", ".join(replaced[:5])))
        if hint := habits.commented(code) or habits.unmeant(code):
            self.say(hint)
        return self._outcome(error, shown, bracket.number, rest)

    def _noted(self, number: int, commands: list[tuple[Command, bytes]]) -> None:
        self.link.memory.sent(number, commands)
        self.sounding.sent(number, commands)

    def _outcome(self, error: BaseException | None, shown: Sequence[str], number: int, rest: Rest) -> Outcome:
        value = next(iter(shown), None)
        if error is None:
            return Outcome(value, number=number)
        self.error = error
        said, unrun = rest(error, number)
        text = one_line(error, self.names.space) + said
        self.say(f"✗ {text}")
        return Outcome(value, error=text, line=line_in(error), unrun=unrun, number=number)

    @contextmanager
    def _overheard(self) -> Iterator[list[str]]:
        """What is said while this lasts."""
        said, say = list[str](), self.say

        def overheard(line: str) -> None:
            said.append(line)
            say(line)

        self.say = overheard
        try:
            yield said
        finally:
            self.say = say

    def run_all(self, code: str) -> bool:
        """Run what several sends may have come to: what fails holds up nothing behind it.

        False when any raised.
        """
        from latentcode.prompt.sent import after, pieces

        right, found = True, pieces(whole(code))
        for number, (line, left) in enumerate(found, 1):
            while left and not self.run(left, Origin(line=line), more=number < len(found)):
                right = False
                if self.was_interrupted:
                    return False
                further, left = after(left, line_of(self.error) - line + 1)
                line += further - 1
        return right

    def run_first(self) -> None:
        """The lines that were given where the set was started."""
        for line in self.link.options.first:
            self.run(line)

    def press(self, word: str, by: str = "") -> Outcome:
        """A word of the set that is bound to a key, "hush" or "panic": from any thread, whatever
        runs meanwhile.
        """
        command = Command(word)
        if self._names is not None:
            self._names.stage.reckon(command)
        return Outcome(number=self.blocks.beside(f"{word}()", command, by))

    def toggle(self, word: str, voice: int) -> None:
        """A voice, from 0, is muted or heard again ("mute"), heard alone or not ("solo")."""
        known = next((found for found in self.link.state.voices if found.index == voice), None)
        on = known is not None and (known.muted if word == "mute" else known.solo)
        name = f"d{voice + 1}"
        word = f"un{word}" if on else word
        run_block(f"{word}({name})", {key: self.names.own[key] for key in (word, name)}, self.blocks)

    def code_of(self, voice: int) -> str:
        """The block that let a voice, from 0, play what it plays, or played last; where no block is
        known what the voice plays; empty where it has played nothing.
        """
        if found := self.sounding.block_of(voice):
            return found.strip("\n")
        playing = (known.text for known in self.link.state.voices if known.index == voice)
        return next((f"d{voice + 1} >> {text}" for text in playing if text), "")

    def tell_of(self, word: str) -> None:
        """What the reference says of a word, or which words there are where it is ""."""
        self.names.own["help"](word)

    def why(self) -> None:
        """The last error in full."""
        self.say("there was no error" if self.error is None else full(self.error))

    def resumed(self) -> None:
        """Take up a set that plays: its names, and the numbers of its lines,
        come from its journal.
        """
        from latentcode.prompt.replay import remembered

        if not self.link.wait_ready(HEARING):
            self.say("✗ the engine does not answer")
            return
        self.blocks.number = remembered(self.link, self.names, self.say, self._ran_before)

    def remember(self, past: Opened) -> None:
        """Run the code of a set of before, while its engine starts. Raises SessionError."""
        self.blocks.number = past.run_again(self.link, self.names, self.say, self._ran_before)

    def go_on(self, past: Opened) -> None:
        """Go on with a set of before, whose code has run. Raises EngineError."""
        past.take_up(self.link)
        past.play_on(self.link, self.say)

    def _ran_before(self, block: Block, commands: list[Command]) -> None:
        """A block of a set that is taken up: its words light, as those do that are typed here."""
        self.sounding.again(block.number, block.code, commands)

    def _load(self) -> None:
        with self._lock:
            if self._names is not None or self._problem is not None:
                return
            try:
                from latentcode.prompt.names import Names
                from latentcode.prompt.set_api import SetApi

                names = Names(SetApi(self.blocks), self.link.options.seed or 0)
            except Exception as problem:  # shown where the names are first needed
                self._problem = problem
                return
            names.own["why"] = names.space["why"] = self.why
            self._names = names


def _unrun(
    code: str, origin: Origin, more: bool | None, error: BaseException, number: int
) -> tuple[str, int]:
    """What is said of the rest of a block, a part of which, with a number of its own, raised; and
    the line of its file from which on nothing has run, 0 for none.
    """
    from latentcode.prompt.sent import unrun

    place = place_in(error, number)
    if place is None and not isinstance(error, SyntaxError):  # it ran to its end, or nobody knows how far
        return "", 0
    goes_on = more is not None and not isinstance(error, KeyboardInterrupt)
    said, line = unrun(code, place and (place[0] - origin.line + 1, place[1]), bool(more), goes_on)
    return said, line and line + origin.line - 1


def spoken(value: Any) -> str:
    """The value of a block's last expression, as it is shown."""
    text = error_hints.bare_word(value) or repr(value)
    if len(text) <= LONGEST:
        return text
    return f"{text[:LONGEST]}… ({len(text)} characters; print() shows all of them)"


__all__ = ["Desk", "Leave"]
