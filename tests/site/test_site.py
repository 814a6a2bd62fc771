"""The site: the picture of the rooms, every verb, and a build that tells of mistakes."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from etp_kit.simulator.cli.command import VERBS

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
pytest.importorskip("sphinx", reason="the dependency group `docs` is not installed")
sys.path.insert(0, str(DOCS / "_site"))

import rooms_picture  # noqa: E402 - the path above comes first
import whole_cli  # noqa: E402 - the path above comes first


def test_every_verb_has_its_options_on_the_page_of_commands() -> None:
    assert set(whole_cli.simulate.commands) == set(VERBS)
    assert "--collector" in {
        one for verb in whole_cli.simulate.commands.values() for p in verb.params for one in p.opts
    }


def test_an_example_of_a_verb_is_a_block_of_code() -> None:
    lines = ["What it does.", "", "| simulate list 'quota/*'", "| simulate list", "", "More of (*.tld)."]
    whole_cli.examples(None, None, lines)
    assert lines[3:7] == [".. code-block:: text", "", "   simulate list 'quota/*'", "   simulate list"]
    assert (lines[0], lines[-1]) == ("What it does.", "More of (\\*.tld).")


def test_each_arrow_of_the_rooms_is_drawn() -> None:
    text = re.search(r"```mermaid\n(.*?)```", (DOCS / "architecture.md").read_text(encoding="utf-8"), re.DOTALL)
    assert text is not None
    floors, arrows = rooms_picture.parsed(text[1])
    drawn = rooms_picture.svg(text[1])
    assert len(arrows) > 20
    assert drawn.count('class="arrow"') == len(arrows)
    assert drawn.count("<rect") == sum(map(len, floors)) > 20


@pytest.mark.parametrize(
    "text", ["flowchart TD\na\nb\na -.-> b", "flowchart TD\na\na --> c", "graph\na\na --> a", "flowchart TD\na"]
)
def test_what_cannot_be_drawn_is_told(text: str) -> None:
    with pytest.raises(rooms_picture.NoPicture):
        rooms_picture.svg(text)


@pytest.mark.parametrize(
    ("page", "told"),
    [
        ("# A\n\nTo [nowhere](gone.md).\n", "gone.md"),
        ("# A\n\nTo [a place](index.md#gone).\n", "gone"),
        ("# A\n\n:::{toctree}\ngone\n:::\n", "gone"),
        ("# A\n\n```mermaid\nflowchart TD\na -.-> b\n```\n", "no floor and no arrow"),
    ],
)
def test_a_mistake_ends_the_build(tmp_path: Path, page: str, told: str) -> None:
    done = build(tmp_path, page)
    assert done.returncode != 0
    assert told in done.stderr


def test_a_page_without_mistakes_is_built(tmp_path: Path) -> None:
    done = build(tmp_path, "# A\n\nTo [itself](index.md).\n")
    assert done.returncode == 0, done.stderr


def build(place: Path, page: str) -> subprocess.CompletedProcess[str]:
    """By this site's own settings, and without its runs."""
    (place / "docs").mkdir()
    (place / "docs" / "index.md").write_text(page, encoding="utf-8")
    words = ["-m", "sphinx", "-q", "-W", "-b", "dummy", "-c", str(DOCS), str(place / "docs"), str(place / "out")]
    return subprocess.run([sys.executable, *words], capture_output=True, text=True, timeout=120, check=False)
