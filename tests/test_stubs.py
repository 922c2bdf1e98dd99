"""A word is written once: its decorator makes it a method, a function, a public name, and known to the prompt."""

from __future__ import annotations

from types import ModuleType

import pytest
from prompt_toolkit.document import Document

from latentcode import words
from latentcode.patterns import Pattern, functions, mini
from latentcode.patterns import words as methods
from latentcode.prompt.complete import DeskCompleter
from latentcode.prompt.error_hints import bare_word, example
from latentcode.prompt.names import Names
from latentcode.prompt.replay import Collector
from latentcode.prompt.set_api import SetApi
from latentcode.stubs import stubs

MINE = '''
from latentcode.patterns.pattern import Pattern
from latentcode.patterns.words import method
from latentcode.prompt.set_api import Words
from latentcode.words import prompt_word

@method("thrice_as_fast()")
def thrice_as_fast(pattern: Pattern) -> Pattern:
    """Play three times as fast."""
    return pattern.fast(3)

class Mine(Words):
    @prompt_word("shout(2)")
    def shout(self, times: int) -> None:
        """Be loud."""
'''


def test_the_stubs_are_up_to_date():
    """If not: python -m latentcode.stubs."""
    assert [file.name for file, text in stubs().items() if file.read_text(encoding="utf-8") != text] == []


@pytest.fixture
def mine(monkeypatch):
    """A module of words that latentcode does not have; they are forgotten afterwards."""
    for table in (words.HOMES, words.EXAMPLES, methods.METHODS, vars(functions)):
        for name in ("thrice_as_fast", "shout"):
            monkeypatch.setitem(table, name, None)
            monkeypatch.delitem(table, name)
    monkeypatch.setattr(Pattern, "thrice_as_fast", None, raising=False)
    module = ModuleType("latentcode.mine")
    exec(MINE, vars(module))
    return module


def test_a_new_word_is_written_in_one_place(mine, capsys):
    made = functions.thrice_as_fast
    p = mini("a b")
    assert p.thrice_as_fast() == made(p) == p.fast(3)
    assert p.superimpose(made) == p.superimpose(lambda q: q.fast(3))
    package, pattern, function = stubs().values()
    assert "from latentcode.patterns.functions import thrice_as_fast as thrice_as_fast\n" in package
    assert "def thrice_as_fast(self) -> Pattern:" in pattern
    assert "def thrice_as_fast(pattern: Pattern | str) -> Pattern: ..." in function

    names = Names(SetApi(Collector()), 0)
    names.space |= {"thrice_as_fast": made, **mine.Mine(names.stage).words()}
    names.own |= names.space
    completer = DeskCompleter(lambda: names.space, tuple)
    for typed, word in (("thri", "thrice_as_fast"), ('s("a").thri', "thrice_as_fast"), ("shou", "shout")):
        assert [each.text for each in completer.get_completions(Document(typed), None)] == [word]
    assert (example("thrice_as_fast"), bare_word(names.own["shout"])) == (
        ".thrice_as_fast()",
        "shout is a word: type shout(2)",
    )
    names.stage._sink.live = True
    for word in ("thrice_as_fast", "shout"):
        names.own["help"](word)
    told = capsys.readouterr().out
    assert [
        text for text in ("Play three times as fast.", "shout(times)", "Be loud.") if text not in told
    ] == []
