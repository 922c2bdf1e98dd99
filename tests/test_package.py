"""What importing does, which names are public, and which room knows which."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import latentcode as lc
from latentcode.patterns.digest import digest
from latentcode.set.actions import Strike, Toggle
from latentcode.set.commands import Command
from latentcode.synth.keyboard import Keyboard

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

# from the ground up: a room knows those before it, and no others
FLOORS = (
    "words", "errors", "checks", "arrays", "frames", "ending", "parameters",
    "files", "audio", "protocol", "progress",
    "patterns", "latents", "inputs", "midi_osc",
    "clock", "models", "sounds",
    "synth", "session", "set",
    "player", "engine",
    "pictures", "remote", "prompt", "offline", "stage", "evaluation", "testing",
)  # fmt: skip
APART = {  # floors lie under them, and still they do not know them
    "patterns": {"checks", "errors", "words"},
    "latents": {"arrays", "checks", "errors", "frames", "patterns", "words"},
    "inputs": {"arrays", "checks", "errors", "files"},
    "models": {"arrays", "audio", "errors", "files", "frames", "progress", "protocol"},
    "player": {"arrays", "audio", "checks", "errors", "parameters", "protocol"},
    "midi_osc": {"arrays", "checks", "errors", "inputs", "protocol"},
}
ONLY_IN = {
    "torch": {"models", "engine", "doctor"},
    "pyo": {"player", "doctor"},
    "rtmidi": {"midi_osc"},
    "jack": {"midi_osc"},
    "prompt_toolkit": {"prompt"},
    "ptpython": {"prompt"},
    "matplotlib": {"pictures", "evaluation"},
    "librosa": {"evaluation"},
    "starlette": {"stage"},
    "uvicorn": {"stage"},
    "websockets": {"stage"},
}


def modules():
    return sorted(ROOT.rglob("*.py"))


def room(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT.parent).with_suffix("").parts).removesuffix(".__init__")


def imported(path: Path) -> set[str]:
    """What a file imports, at its top or inside its functions: modules, and names in them."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_room_knows_only_the_rooms_below_it(path):
    own, names = room(path), imported(path)
    rooms = {name.split(".")[1] for name in names if name.startswith("latentcode.")}
    if own in FLOORS:
        below = APART.get(own, {*FLOORS[: FLOORS.index(own)], "__version__"})
        assert rooms - {own} <= below
    for package, homes in ONLY_IN.items():
        if any(name.split(".")[0] == package for name in names):
            assert own in homes


def test_no_modules_import_one_another_in_a_circle():
    """Not even inside functions, nor for their types alone."""
    files = {name_of(path): path for path in modules()}
    imports = {
        name: {one if one in files else one.rpartition(".")[0] for one in imported(path)} & set(files)
        for name, path in files.items()
    }
    reached: dict[str, set[str]] = {}
    for name in files:
        known, waiting = set(), list(imports[name])
        while waiting:
            if (one := waiting.pop()) not in known:
                known.add(one)
                waiting += imports[one]
        reached[name] = known
    assert {name for name in files if name in reached[name]} == set()


def test_the_public_names_are_sorted_and_all_there():
    assert lc.__all__ == sorted(lc.__all__)
    for name in lc.__all__:
        assert getattr(lc, name) is not None
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


KNOWN = {  # digests as journals have held them from the beginning
    "ffe235c6e206a199": lambda: lc.meso(lc.path("cello"), lc.path("choir"), lc.sine.slow(4)),
    "ec71d913d5304b64": lambda: lc.stepwise(lc.s("cello(3,8)"), "<choir flute>", 4).every(2, lc.rev),
    "f2d11f114ef6143b": lambda: lc.walk(lc.path("cello"), 0.5).scale(2).smooth(),
    "97581330086028dd": lambda: lc.s("kick*4").fmap(lc.rev),
    "0cd6ea916413689a": lambda: lc.s("cello").fmap(lc.path),
    "a97c4bea5f483b4d": lambda: lc.lowpass(800),
    "8d7c0988aed1e673": lambda: Strike(lc.s("kick"), "1/4"),
    "a4d2159ac4c41845": lambda: Toggle(3),
    "323e2f2a07b61870": lambda: Keyboard(lc.s("cello"), scale=(0, 4, 7)),
    "87895613d20b410c": lambda: Command("play", 0, (lc.n("0 3"), "1")),
}


@pytest.mark.parametrize("known", KNOWN)
def test_what_has_moved_into_another_room_is_digested_as_it_was(known):
    assert digest(KNOWN[known]())[:16] == known
