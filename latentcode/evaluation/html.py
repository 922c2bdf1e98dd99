"""How the pages look that show what was measured, and what writes them."""

from __future__ import annotations

from typing import Any

from latentcode.errors import LatentcodeError

NEEDED = 'the page needs jinja2, matplotlib and librosa: pip install "latentcode[evaluate]"'

HEAD = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{{ title }}</title>
<style>
 body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 72rem; padding: 0 1rem;
        background: #16161a; color: #d8d8de }
 table { border-collapse: collapse; margin: 1rem 0 } caption { text-align: left; font-weight: 600 }
 th, td { padding: .2rem .8rem; text-align: right; border-bottom: 1px solid #3a3a44 }
 th:first-child, td:first-child { text-align: left } figure { margin: 0 1rem 1rem 0; width: 21rem }
 img { width: 100%; image-rendering: auto } audio { width: 100% } .row { display: flex; flex-wrap: wrap }
 small { color: #9a9aa4 } .wide { max-width: 100% }
</style>
<h1>{{ title }}</h1>
"""


def rendered(template: str, **values: Any) -> bytes:
    """A page of `HEAD` and what follows, filled in. Raises LatentcodeError without jinja2."""
    try:
        from jinja2 import Environment
    except ImportError:
        raise LatentcodeError(NEEDED) from None
    return Environment(autoescape=True).from_string(HEAD + template).render(**values).encode()
