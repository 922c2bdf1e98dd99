from __future__ import annotations

import codecs
import io
from typing import ClassVar

import pytest

from latentcode.files import texts


@pytest.mark.parametrize("text", ["cc = 1\r\né = 2\r\n", "# latentcode session 1\n", ""])
@pytest.mark.parametrize(
    "encode",
    [
        str.encode,
        lambda text: codecs.BOM_UTF8 + text.encode(),
        lambda text: text.encode("utf-16"),
        lambda text: codecs.BOM_UTF16_BE + text.encode("utf-16-be"),
        lambda text: text.encode("utf-16-le"),
        lambda text: text.encode("utf-16-be"),
        lambda text: text.encode("utf-32"),
    ],
)
def test_text_is_read_however_it_was_written(tmp_path, text, encode):
    file = tmp_path / "x.txt"
    file.write_bytes(encode(text))
    assert texts.read(file) == text.replace("\r\n", "\n")


def test_what_is_no_text_is_told():
    with pytest.raises(UnicodeDecodeError):
        texts.decoded(b"\xe9t\xe9")


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("kick\x1b[2K\r", "kick\\x1b[2K\\r"),
        ("a\nb\tc", "a\\nb\\tc"),
        ("\x07\x08\x7f\x9b", "\\x07\\x08\\x7f\\x9b"),
        ("exe.\u202egpj", "exe.\\u202egpj"),
        ("a\u2028b\ufeff", "a\\u2028b\\ufeff"),
        ("caf\udce9.wav", "caf\\udce9.wav"),
        ("ता\u200dल café 𝄞 \u00a0", "ता\u200dल café 𝄞 \u00a0"),
    ],
)
def test_what_a_terminal_would_obey_is_written_out(raw, shown):
    assert texts.shown(raw) == shown
    assert texts.shown(texts.shown(raw)) == shown


def test_our_own_lines_stay_lines(capsys):
    texts.say("one\ttwo\nthree\x1b]0;title\x07")
    assert capsys.readouterr().out == "one\ttwo\nthree\\x1b]0;title\\x07\n"


def test_a_line_is_written_in_one_piece():
    class Pieces(io.StringIO):
        pieces: ClassVar[list[str]] = []

        def write(self, text):
            self.pieces.append(text)
            return len(text)

    texts.say("one\ntwo", file=Pieces())
    assert [piece for piece in Pieces.pieces if piece] == ["one\ntwo\n"]


def test_a_terminal_without_utf_8_shows_other_signs_and_stops_nothing():
    narrow = io.TextIOWrapper(io.BytesIO(), encoding="ascii", errors="strict")
    texts.told_in_any_alphabet(narrow, None)
    texts.say("✗ d1 → ♪ é", narrow)
    texts.say("cello ┃━━╷▁▄█⠀⠁⣿", narrow)
    assert narrow.buffer.getvalue() == b"x d1 -> ? ?\ncello |=='_-# .#\n"
    wide = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", errors="strict")
    texts.told_in_any_alphabet(wide)
    assert wide.errors == "strict"


@pytest.mark.parametrize(
    ("typed", "read"), [("d1\udcc3\udca9", "d1é"), ("a\udcff", "a\ufffd"), ("a\ud800", "a?")]
)
def test_bytes_that_are_no_text_become_text(typed, read):
    assert texts.whole(typed) == read
