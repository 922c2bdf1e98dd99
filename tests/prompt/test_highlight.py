from __future__ import annotations

import pytest
from prompt_toolkit.document import Document

from latentcode.prompt.complete import asked_for
from latentcode.prompt.highlight import NUMBER, SIGN, WRONG, CodeLexer


def shown(line):
    """The parts of a line with the colour that each has."""
    return [(text, style) for style, text in CodeLexer().lex_document(Document(line))(0)]


def of(line, style):
    return "".join(text for text, found in shown(line) if found == style)


@pytest.mark.parametrize(
    ("line", "signs", "numbers"),
    [
        ('d1 >> s("cello(3,8) [a b]*2")', "(,)[]*", "382"),
        ('n("<0 -3>/4 c#4 .5 ~ .")', "<>/~.", "0-34.5"),
        ('"{a b}%4 hat?0.3 x:2 0 .. 4"', "{}%?:..", "40.3204"),
        ('path("samples/rain.wav")', "", ""),
        ('f"{x} (3"', "", ""),
        ("x = [1, 2]", "", ""),
    ],
)
def test_mini_notation_has_colours_of_its_own(line, signs, numbers):
    assert "".join(text for text, _ in shown(line)) == line
    assert of(line, SIGN) == signs
    assert of(line, NUMBER) == numbers


@pytest.mark.parametrize(
    ("line", "wrong"),
    [('s("cello(3,8")', "("), ('s("a] b")', "]"), ('s("[a <b]")', "[<]"), ('s("[a', ""), ('s("a)', ")")],
)
def test_a_bracket_that_matches_none_is_seen(line, wrong):
    assert of(line, WRONG) == wrong


@pytest.mark.parametrize(
    ("before", "after", "word"),
    [
        ('d1 >> s("cello").fa', "st(2)", "fast"),
        ('d1 >> s("cello").fast(', "", "fast"),
        ("", "meso(1)", "meso"),
        ("x = ", "", ""),
        ('meso(path("a"), 1, ', "", "meso"),
    ],
)
def test_help_is_of_the_word_at_the_cursor_or_of_the_call(before, after, word):
    assert asked_for(Document(before + after, len(before))) == word
