"""What importing does, which names are public, and which room knows which."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import latentcode as lc

ROOT = Path(lc.__file__).parent
HEAVY = (
    "torch",
    "pyo",
    "rtmidi",
    "jack",
    "prompt_toolkit",
    "soundfile",
    "lark",
    "platformdirs",
    "matplotlib",
    "rich",
)

# room: the rooms that it may import; * is any
MAY_KNOW = {
    "errors": set(),
    "arrays": set(),
    "texts": set(),
    "atomic": set(),
    "limits": {"errors"},
    "headers": set(),
    "limiter": {"arrays"},
    "places": set(),
    "decoding": {"arrays", "errors", "headers", "limits"},
    "audio": {"arrays", "decoding", "errors", "limits"},
    "listing": {"audio", "decoding", "errors"},
    "whereabouts": set(),
    "sounds": {"audio", "errors", "listing", "whereabouts"},
    "loudness": {"arrays"},
    "commands": {"errors", "patterns"},
    "actions": {"commands", "patterns"},
    "ringbuffer": {"arrays", "errors"},
    "wire": {"errors"},
    "patterns": {"arrays", "errors"},
    "latent": {"arrays", "errors", "patterns"},
    "parameters": set(),
    "effects": {"errors", "parameters", "patterns"},
    "player": {"arrays", "errors", "limiter", "parameters", "ringbuffer", "wire"},
    "control": {"arrays", "atomic", "errors", "texts", "wire"},
    "engine": {
        "__version__", "actions", "arrays", "atomic",
        "audio", "commands", "control", "effects", "errors", "latent", "limiter", "limits", "loudness",
        "models", "parameters", "patterns", "places", "ringbuffer", "sounds", "texts", "whereabouts", "wire",
    },
}  # fmt: skip
ONLY_IN = {
    "torch": {"models", "engine", "doctor"},
    "pyo": {"player", "doctor"},
    "rtmidi": {"control"},
    "jack": {"control"},
    "prompt_toolkit": {"desk"},
    "ptpython": {"desk"},
    "matplotlib": {"desk"},
}


def modules():
    return sorted(ROOT.rglob("*.py"))


def room(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def imported(path: Path) -> set[str]:
    """The modules that a file imports, at its top or inside its functions."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            if node.module == "latentcode":
                found |= {f"latentcode.{alias.name}" for alias in node.names}
            else:
                found.add(str(node.module))
    return found


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_room_knows_only_the_rooms_below_it(path):
    own, names = room(path), imported(path)
    rooms = {name.split(".")[1] for name in names if name.startswith("latentcode.")}
    if own in MAY_KNOW:
        assert rooms - {own} <= MAY_KNOW[own]
    for package, homes in ONLY_IN.items():
        if any(name.split(".")[0] == package for name in names):
            assert own in homes


def test_the_public_names_are_sorted_and_all_there():
    assert lc.__all__ == sorted(lc.__all__)
    for name in lc.__all__:
        assert getattr(lc, name) is not None
    assert set(lc._HOME) | {"__version__"} == set(lc.__all__)
    with pytest.raises(AttributeError, match="no 'nothing'"):
        _ = lc.nothing


def test_no_module_takes_the_place_of_a_word():
    """Importing latentcode.x puts x into the package: a word of that name would become the module."""
    assert not {path.relative_to(ROOT).parts[0].removesuffix(".py") for path in modules()} & set(lc.__all__)


def test_the_names_that_other_programs_rely_on():
    relied_on = {
        "extend", "load_model", "meso", "mini", "n", "path", "perlin", "rand", "render", "s", "saw", "sine", "square",
        "stepwise", "tri",
    }  # fmt: skip
    assert relied_on <= set(lc.__all__)


def test_importing_prints_nothing_and_loads_nothing_heavy():
    code = f"import sys, latentcode; print([m for m in {HEAVY} if m in sys.modules], end='')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("[]", "")
