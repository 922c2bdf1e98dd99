"""A word is written once: its decorator makes it a method, a function, a public name, and known to the prompt."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import latentcode
from latentcode.stubs import stubs

WORD = '''

@method("thrice_as_fast()")
def thrice_as_fast(pattern: Pattern) -> Pattern:
    """Play three times as fast."""
    return fast(pattern, 3)
'''
SHOUT = '    @prompt_word("shout(2)")\n    def shout(self, times: int) -> None:\n        """Be loud."""\n\n'
PANIC = '    @prompt_word("panic()")\n'
ASKED = """
import latentcode as lc
from prompt_toolkit.document import Document
from latentcode.patterns import Pattern, mini
from latentcode.prompt.complete import DeskCompleter
from latentcode.prompt.error_hints import example
from latentcode.prompt.names import Names
from latentcode.prompt.replay import Collector
from latentcode.prompt.set_api import SetApi

names = Names(SetApi(Collector()), 0)
completer = DeskCompleter(lambda: names.space, tuple)
assert mini("a b").thrice_as_fast() == lc.thrice_as_fast(mini("a b")) == mini("a b").fast(3)
assert mini("a").every(2, lc.thrice_as_fast) and "thrice_as_fast" in lc.__all__
for text, word in (("thri", "thrice_as_fast"), ('s("cello").thri', "thrice_as_fast"), ("shou", "shout")):
    assert [each.text for each in completer.get_completions(Document(text), None)] == [word]
assert (example("thrice_as_fast"), example("shout")) == (".thrice_as_fast()", "shout(2)")
names.stage._sink.live = True
names.own["help"](lc.thrice_as_fast), names.own["help"](names.own["shout"])
"""


def test_the_stubs_are_up_to_date():
    """If not: python -m latentcode.stubs."""
    assert [file.name for file, text in stubs().items() if file.read_text(encoding="utf-8") != text] == []


def test_a_new_word_is_written_in_one_place(tmp_path):
    package = shutil.copytree(Path(latentcode.__file__).parent, tmp_path / "latentcode")
    with (package / "patterns" / "time.py").open("a") as file:
        file.write(WORD)
    scenes = package / "prompt" / "scenes.py"
    scenes.write_text(scenes.read_text().replace(PANIC, SHOUT + PANIC))
    assert "written" in python(tmp_path, "-m", "latentcode.stubs")
    assert "def thrice_as_fast(self) -> Pattern" in (package / "patterns" / "pattern.pyi").read_text()
    told = python(tmp_path, "-c", ASKED)
    assert [
        text for text in ("Play three times as fast.", "shout(times)", "Be loud.") if text not in told
    ] == []


def python(folder: Path, *given: str) -> str:
    """What another Python says, which has the package from a folder."""
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    done = subprocess.run(
        [sys.executable, *given], cwd=folder, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
