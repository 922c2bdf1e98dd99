"""The page that a newcomer reads says what is there: its rooms, their sentences, and every file of its walks."""

from __future__ import annotations

import ast
import re
from itertools import pairwise

import pytest
from test_package import FLOORS, ROOT

PAGES = ROOT.parent / "docs"
DESIGN = (PAGES / "design.md").read_text()
README = (ROOT.parent / "README.md").read_text()
ROOMS = sorted(
    path.stem for path in ROOT.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()
)
ROOMS = [room for room in ROOMS if not room.startswith("__")]


def sentence(room: str) -> str:
    """What a room says of itself."""
    folder = ROOT / room
    file = folder / "__init__.py" if folder.is_dir() else ROOT / f"{room}.py"
    return str(ast.get_docstring(ast.parse(file.read_text()))).split("\n")[0]


def listed(room: str) -> str:
    return f"{room}/" if (ROOT / room).is_dir() else f"{room}.py"


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_is_told_of_in_its_own_sentence(room):
    assert f"| `{listed(room)}` | {sentence(room)} |\n" in DESIGN
    assert f"  {listed(room):<15}{sentence(room)}\n" in README


def test_the_picture_shows_all_rooms_on_their_floors():
    picture = DESIGN.split("```")[1]
    drawn = [re.findall(r"[a-z_]+", line.partition("│")[2]) for line in picture.splitlines() if "│" in line]
    assert sorted(room for floor in drawn for room in floor) == ROOMS
    above = [[FLOORS.index(room) for room in floor if room in FLOORS] for floor in drawn]
    above = [floor for floor in above if floor]
    assert all(min(upper) > max(lower) for upper, lower in pairwise(above))


@pytest.mark.parametrize("page", sorted(PAGES.glob("*.md")), ids=lambda page: page.name)
def test_every_file_that_a_page_names_is_there(page):
    named = set(re.findall(r"`(?:latentcode/)?([a-z_]+(?:/[a-z_]+)*\.py)`", page.read_text()))
    theirs = {"set.py", "evening.py", "my.py"}  # files of a musician's own
    here = [ROOT, ROOT.parent]
    assert [name for name in sorted(named - theirs) if not any((at / name).exists() for at in here)] == []


def test_a_walk_takes_its_steps_in_order():
    walks = re.findall(r"^### .*?(?=^##)", DESIGN, re.MULTILINE | re.DOTALL)
    assert len(walks) == 3
    for walk in walks:
        steps = re.findall(r"^\| (\d+) \| `", walk, re.MULTILINE)
        assert [int(step) for step in steps] == list(range(1, len(steps) + 1))


@pytest.mark.parametrize("page", sorted(PAGES.glob("*.md")), ids=lambda page: page.name)
def test_prose_has_at_most_a_hundred_columns(page):
    prose = re.sub(r"^```.*?^```", "", page.read_text(), flags=re.MULTILINE | re.DOTALL)
    assert [line for line in prose.split("\n") if len(line) > 100 and not line.startswith(("|", "!"))] == []
