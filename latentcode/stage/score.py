"""The code of a set, as its journal has it: read on as far as the file has grown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from latentcode.parameters import VOICES
from latentcode.session.escaping import parts, unescaped, whole
from latentcode.session.header import header_of
from latentcode.session.marks import MARK, number_of, plain

CHUNK = 1 << 22  # bytes that are read at a time
KEPT = 200  # blocks
LONGEST = 20_000  # characters of a block that are shown
Sounding = Mapping[
    int, tuple[str, str]
]  # by voice, from 0: what was typed for what it plays, and for what waits
MORE = tuple(".+-*/|%&^@[(")  # with what an expression goes on
ONCE = re.compile(r"\bonce\s*\(")
VOICE = re.compile(r"d([1-9][0-9]?)$")


@dataclass(frozen=True)
class Block:
    """A block that was run: its number, its code, the voices (from 0) that it told something,
    whether it raised, and who sent it ("" at the prompt).
    """

    number: int
    code: str
    voices: tuple[int, ...] = ()
    failed: bool = False
    by: str = ""

    def gives(self, voice: int) -> bool:
        """Whether it may have given a voice something to play: not where it only has turned it
        down, or the like.
        """
        name = rf"\bd{voice + 1}\b"
        called = rf"{name}(?!\s*\.)|{name}\s*\.\s*play\b"
        return voice in self.voices and (">>" in self.code or re.search(called, self.code) is not None)

    def holds(self, text: str) -> int:
        """2 where a text that is not empty stands in it, however it is spaced, 1 where more is made
        of it there, 0 where it does not.
        """
        if not text:
            return 0
        _, *after = _squeezed(self.code).split(_squeezed(text))
        return max((1 if rest[:1] in MORE else 2 for rest in after), default=0)


def _squeezed(text: str) -> str:
    return "".join(text.split())


class Score:
    """`blocks` are the last blocks of a journal, by their numbers, `header` is what it says of the
    set; `grown` reads what is new.
    """

    def __init__(self, path: str | Path) -> None:
        self.blocks: dict[int, Block] = {}
        self.header: dict[str, str] = {}
        self._path, self._place, self._rest = path, 0, ""
        self._by: dict[int, str] = {}

    def grown(self) -> bool:
        """Whether there was more of the journal, which has been read now."""
        try:
            with open(self._path, "rb") as file:
                file.seek(self._place)
                data = file.read(CHUNK)
        except (OSError, ValueError):
            return False
        data = data[: data.rfind(b"\n") + 1]
        self._place += len(data)
        if data:
            self._read((self._rest + data.decode("utf-8", "replace")).split("\n")[:-1])
        return bool(data)

    def _read(self, lines: list[str]) -> None:
        """Take lines whose last block may go on in those that follow."""
        self._rest = ""
        for mark, begin, end in parts(lines):
            words = [] if mark is None else lines[mark][len(MARK) :].split()
            if words[:1] == ["by"] and len(words) == 3 and number_of(words[1]) is not None:
                self._by[int(words[1])] = plain(words[2])
            elif words[:1] == ["failed"] and len(words) == 2 and number_of(words[1]) is not None:
                self._change(int(words[1]), failed=True)
            elif words and number_of(words[0]) is not None:
                self._numbered(int(words[0]), words[1:], lines[begin:end])
            elif words and not self.header:
                self.header = header_of(words)
            if mark is not None and end == len(lines) and end > begin:
                self._rest = "".join(f"{line}\n" for line in lines[mark:])

    def _numbered(self, number: int, words: Sequence[str], code: list[str]) -> None:
        """A mark that opens a block, or tells of one of its commands."""
        if words and words[0][:1].isdecimal():
            text = unescaped("\n".join(code)).rstrip("\n")
            if text and whole(text):  # else the rest of it is still to come
                self.blocks.pop(number, None)  # a part that is played again comes round
                self.blocks[number] = Block(number, text[:LONGEST], by=self._by.pop(number, ""))
            while len(self.blocks) > KEPT:
                del self.blocks[next(iter(self.blocks))]
        elif words and (voice := VOICE.match(words[0])) and int(voice[1]) <= VOICES:
            known = self.blocks.get(number)
            if known is not None:
                self._change(number, voices=tuple(sorted({*known.voices, int(voice[1]) - 1})))

    def _change(self, number: int, **changes: object) -> None:
        if number in self.blocks:
            self.blocks[number] = replace(self.blocks[number], **changes)  # type: ignore[arg-type]


def playing(blocks: Sequence[Block], sounding: Sounding) -> dict[int, tuple[int, ...]]:
    """By the number of its block what still plays of it. Of the blocks that gave a voice something
    the last one counts that has what the voice plays: one that waits for its boundary does not play
    yet, and after `go`, `back` or `undo` it is an older one. Where none has it, it is the last that
    does not wait.
    """
    found: dict[int, tuple[int, ...]] = {}
    for voice, (now, waiting) in sorted(sounding.items()):
        giving = [one for one in reversed(blocks) if not one.failed and one.gives(voice)]
        if giving and (now or not waiting):
            chosen = max(giving, key=lambda one: (one.holds(now), not one.holds(waiting)))
            found[chosen.number] = (*found.get(chosen.number, ()), voice)
    return found


def played_once(blocks: Sequence[Block], texts: Iterable[tuple[int, str]]) -> dict[int, tuple[int, ...]]:
    """By the number of its block what of it plays once: of `texts`, each of a voice, the last block
    counts that has it.
    """
    found: dict[int, tuple[int, ...]] = {}
    for voice, text in texts:
        holding = (one for one in reversed(blocks) if ONCE.search(one.code) and one.holds(text))
        if (chosen := next(holding, None)) is not None:
            found[chosen.number] = (*found.get(chosen.number, ()), voice)
    return found
