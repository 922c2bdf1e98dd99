"""CONTRIBUTING is true: each recipe is followed in a copy of the package, and what it adds is tried there."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
RECIPES = dict(re.findall(
    r"^### (Add .*?)\n(.*?)(?=^###? |\Z)", (ROOT / "CONTRIBUTING.md").read_text(), re.MULTILINE | re.DOTALL
))  # fmt: skip
BLOCK = re.compile(r"^(`{3,})\w+\n(?:#|<!--) (.*?)(?: -->)?\n(.*?)^\1$", re.MULTILINE | re.DOTALL)
TRY = "try it"
pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """The package as it is when all recipes have been followed."""
    folder = tmp_path_factory.mktemp("house")
    for name in ("latentcode", "docs", "tests"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("data", "__pycache__"))
    for name in ("README.md", "CONTRIBUTING.md", "pyproject.toml"):
        shutil.copy(ROOT / name, folder)
    (folder / "latentcode" / "data").symlink_to(ROOT / "latentcode" / "data")
    for text in RECIPES.values():
        for _, where, code in BLOCK.findall(text):
            if where != TRY:
                follow(folder, where, code)
    run(folder, folder, "-m", "latentcode.stubs")
    return folder


def follow(folder: Path, where: str, code: str) -> None:
    """Put a block where its first line says: a new file, at the end of a file, or before or after a line of it"""
    name, how = where.split(", ", 1)
    file = folder / name
    if how == "a new file":
        assert not file.exists()
        file.write_text(code)
        return
    lines = file.read_text().splitlines(keepends=True)
    place = len(lines)
    if how != "at the end":
        side, wanted = how.split(": ", 1)
        found = [number for number, line in enumerate(lines) if wanted in line]
        assert found, f"no line of {name} has {wanted!r} any more: mend the recipe"
        place = found[0] + (side == "after")
    file.write_text("".join([*lines[:place], code, *lines[place:]]))


def run(folder: Path, at: Path, *words: str) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(folder), str(folder / "tests")])}
    done = subprocess.run(
        [sys.executable, *words], cwd=at, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]


@pytest.mark.parametrize("recipe", RECIPES)
def test_what_a_recipe_adds_works(copy, tmp_path, recipe):
    code = [code for _, where, code in BLOCK.findall(RECIPES[recipe]) if where == TRY]
    assert code, "a recipe ends with what tries it"
    (tmp_path / "tried.py").write_text("\n".join(code))
    run(copy, tmp_path, str(tmp_path / "tried.py"))


def test_what_the_recipes_leave_behind_is_in_order(copy):
    """Rooms, public names and examples: a recipe has forgotten nothing that these look at."""
    run(
        copy,
        copy,
        "-m",
        "pytest",
        "-q",
        "tests/test_package.py",
        "tests/test_stubs.py",
        "tests/test_reference_pages.py",
    )


def test_recipes_name_files_that_are_there():
    for text in RECIPES.values():
        for name in re.findall(r"`((?:latentcode|docs|tests)?/?[a-z_]+(?:/[a-z_]+)*\.(?:py|md))`", text):
            assert (ROOT / name).exists() or (ROOT / "latentcode" / name).exists(), name
