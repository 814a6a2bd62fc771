"""docs/architecture.md is a true map: its made parts are current, and what it names is there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.house.picture import DOCUMENT, ROOT, NoMap, arrows, direct, document, floors, main, picture, purpose, rooms

TEXT = DOCUMENT.read_text(encoding="utf-8")
PATHS = sorted(set(re.findall(r"`((?:collector|docs|scenarios|simulator|tests)/[A-Za-z0-9_./-]*)`", TEXT)))
NAMED = sorted(
    (path, name)
    for path, words in re.findall(r"`([a-z_/]+\.py)`(?: \(|, )([^()|]*?`\w+`[^()|]*)", TEXT)
    for name in re.findall(r"`(\w+)`", words)
)


def test_the_made_parts_are_current() -> None:
    assert document(TEXT) == TEXT, "run `python -m tests.house.picture`"


def test_paths_and_names_are_found_in_the_page() -> None:
    assert len(PATHS) > 30
    assert len(NAMED) > 20


@pytest.mark.parametrize("path", PATHS)
def test_a_path_that_the_page_names_exists(path: str) -> None:
    assert (ROOT / path).exists()


@pytest.mark.parametrize(("path", "name"), NAMED, ids=lambda value: value)
def test_a_name_that_the_page_gives_to_a_module_is_defined_in_it(path: str, name: str) -> None:
    defined = set()
    for node in ast.parse((ROOT / path).read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            defined.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            defined |= {one.id for target in targets for one in ast.walk(target) if isinstance(one, ast.Name)}
    assert name in defined


@pytest.mark.parametrize("word", ["judge", "mutant", "scenario", "clause", "producer", "hazard", "report format"])
def test_the_page_says_where_a_new_thing_of_each_kind_goes(word: str) -> None:
    (row,) = re.findall(rf"^\| {word} \| (.*) \|$", TEXT, re.MULTILINE)
    assert re.search(r"`(simulator|scenarios)/", row)


def test_every_room_has_its_row_with_its_own_purpose() -> None:
    doors = {path.parent.name for path in (ROOT / "simulator").glob("*/__init__.py")}
    rows = dict(re.findall(r"^\| \d+ \| `([a-z_]+)/` \| (.+) \|$", TEXT, re.MULTILINE))
    assert set(rows) == doors
    assert len(set(rows.values())) == len(doors)


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md"])
def test_newcomers_are_led_to_it(page: str) -> None:
    assert "(docs/architecture.md)" in (ROOT / page).read_text(encoding="utf-8")


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A repository of three rooms and a collector."""
    for name in ("cellar", "hall", "roof"):
        (tmp_path / "simulator" / name).mkdir(parents=True)
        (tmp_path / "simulator" / name / "__init__.py").write_text(f'"""The {name}.\n\nMay import: less."""\n')
    (tmp_path / "collector").mkdir()
    return tmp_path


@pytest.mark.parametrize(
    ("line", "met"),
    [
        ("from ..cellar import x", "cellar"),
        ("from .. import cellar", "cellar"),
        ("from ..cellar.deep.down import x", "cellar"),
        ("def f():\n    from ..cellar import x", "cellar"),
        ("from ...collector import x", "collector"),
        ("import etp_kit.simulator.cellar", "cellar"),
        ("from etp_kit.simulator import cellar", "cellar"),
        ("from etp_kit.collector.event import x", "collector"),
    ],
)
def test_an_import_of_any_form_is_an_arrow(house: Path, line: str, met: str) -> None:
    (house / "simulator" / "hall" / "a.py").write_text(line + "\n")
    assert arrows(house)["hall"] == {met}


@pytest.mark.parametrize(
    "line", ["import cellar", "from . import cellar", "from .cellar import x", "import etp_kit", "from .. import x"]
)
def test_what_is_no_room_is_no_arrow(house: Path, line: str) -> None:
    (house / "simulator" / "hall" / "a.py").write_text(line + "\n")
    assert arrows(house)["hall"] == set()


def test_a_module_below_a_folder_of_a_room_belongs_to_the_room(house: Path) -> None:
    (house / "simulator" / "hall" / "deep").mkdir()
    (house / "simulator" / "hall" / "deep" / "a.py").write_text("from ...cellar import x\nfrom ..b import y\n")
    assert arrows(house)["hall"] == {"cellar"}


def test_floors_are_counted_from_below_and_arrows_that_follow_are_left_out() -> None:
    house = {"roof": {"hall", "cellar"}, "hall": {"cellar"}, "cellar": set[str]()}
    assert floors(house) == {"cellar": 1, "hall": 2, "roof": 3}
    assert direct(house) == {"roof": {"hall"}, "hall": {"cellar"}, "cellar": set()}
    assert "    roof --> hall\n" in picture(house)


def test_a_circle_is_told() -> None:
    with pytest.raises(NoMap, match="cellar -> hall -> cellar"):
        floors({"cellar": {"hall"}, "hall": {"cellar"}})


def test_a_purpose_is_the_first_paragraph_of_the_door(house: Path) -> None:
    assert purpose("hall", house) == "The hall."
    assert "| 1 | `hall/` | The hall. |" in rooms(arrows(house), house)


def test_a_room_without_a_purpose_is_told(house: Path) -> None:
    (house / "simulator" / "hall" / "__init__.py").write_text("")
    with pytest.raises(NoMap, match=r"simulator/hall/__init__\.py: no docstring"):
        purpose("hall", house)


@pytest.mark.parametrize("text", ["", "<!-- made: rooms -->\n\n<!-- end -->", TEXT + TEXT])
def test_a_part_that_is_missing_or_doubled_is_told(text: str) -> None:
    with pytest.raises(NoMap, match="once each"):
        document(text)


def test_the_command_refuses_what_it_does_not_know() -> None:
    assert main(["--chek"]) == 4
