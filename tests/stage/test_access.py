"""Who may look at the stage, and where it is served."""

from __future__ import annotations

import pytest

from latentcode.errors import ControlError
from latentcode.files import places
from latentcode.stage import access, qr


@pytest.mark.parametrize(
    ("host", "origin", "right"),
    [
        ("127.0.0.1:4747", None, True),
        ("127.0.0.1:4747", "http://127.0.0.1:4747", True),
        ("localhost:4747", "http://localhost:4747", True),
        ("[::1]:4747", "http://[::1]:4747", True),
        ("192.168.1.4:4747", "http://192.168.1.4:4747", True),
        ("laptop.local:4747", "http://laptop.local:4747", True),  # the name that it is served at
        ("evil.example:4747", "http://evil.example:4747", False),  # a name that leads to 127.0.0.1
        ("127.0.0.1:4747", "http://evil.example", False),  # a page of another address
        ("127.0.0.1:4747", "http://127.0.0.1:8000", False),
        ("127.0.0.1:4747", "null", False),
        ("127.0.0.1.evil.example", None, False),
        ("", None, False),
        ("[", None, False),
    ],
)
def test_only_our_own_page_calls(host, origin, right):
    assert access.allowed(host, origin, "laptop.local") is right


def test_the_secret_is_kept_for_this_user_alone(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    places._found.cache_clear()
    known = access.secret()
    (file,) = tmp_path.rglob(access.LOOK)
    assert len(known) >= access.SIZE
    assert file.stat().st_mode & 0o777 == 0o600
    assert access.secret() == known
    file.chmod(0o644)  # others have read it
    assert access.secret() != known
    assert access.same(known, known)
    assert not access.same(None, known)
    assert not access.same("ü", known)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", ("127.0.0.1", None)),
        (":5000", ("127.0.0.1", 5000)),
        ("0.0.0.0", ("0.0.0.0", None)),
        ("[::1]:80", ("::1", 80)),
    ],
)
def test_an_address_is_a_host_a_port_or_both(text, found):
    assert access.address(text) == found


@pytest.mark.parametrize("text", ["http://x", ":99999", "a/b", "me@here", "[::1", ":0"])
def test_what_is_no_address_is_told(text):
    with pytest.raises(ControlError, match=r"as in 192\.168\.1\.4:4747"):
        access.address(text)


def test_a_port_that_is_taken_is_told_and_without_one_the_next_is():
    first = access.listening("127.0.0.1", None)
    with pytest.raises(ControlError, match=r"latentcode stage --at 127\.0\.0\.1$"):
        access.listening("127.0.0.1", first.getsockname()[1])
    with pytest.raises(ControlError, match=r"latentcode stage --at 0\.0\.0\.0$"):
        access.listening("192.0.2.1", None)  # no address of this machine
    second = access.listening("127.0.0.1", None)
    assert second.getsockname()[1] > first.getsockname()[1]
    first.close()
    second.close()


@pytest.mark.parametrize(
    ("host", "alone"),
    [
        ("127.0.0.1", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("192.168.1.4", False),
        ("laptop.local", False),
    ],
)
def test_a_phone_is_told_the_way_where_there_is_one(host, alone):
    assert access.is_alone(host) is alone
    assert access.here(host) == host or host == "0.0.0.0"


def test_a_code_for_phones_is_a_square_of_half_blocks():
    segno = pytest.importorskip("segno")
    text = "http://192.168.1.4:4747/#vQ3k1w"
    head, *drawn = qr.lines(text)
    assert "phone" in head
    light = [
        [int(bit) for row in zip(*(((c in "█▀"), (c in "█▄")) for c in line), strict=True) for bit in row]
        for line in drawn
    ]
    size = len(drawn[0])
    rows = [line[half * size :][:size] for line in light for half in (0, 1)]
    expected = segno.make(text, error="l", micro=False).matrix_iter(border=2)
    assert rows[:size] == [[1 - bool(dark) for dark in row] for row in expected]
