"""docs/python.md: its examples run, are typed, and print what it shows; its table has the door."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from etp_kit.simulator import testing

DOCS = Path(__file__).resolve().parents[3] / "docs"
TEXT = (DOCS / "python.md").read_text(encoding="utf-8")
SEEDS = DOCS / "examples" / "seeds.py"
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", TEXT, flags=re.MULTILINE | re.DOTALL)
EXAMPLES = [text for language, text in BLOCKS if language == "python"]
(SHOWN,) = [text for language, text in BLOCKS if not language]


def python(where: Path, text: str) -> str:
    (where / "example.py").write_text(text, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-W", "error", "example.py"],
        cwd=where,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_first_example_is_the_file_that_is_type_checked() -> None:
    assert EXAMPLES[0] == SEEDS.read_text(encoding="utf-8")
    assert len(EXAMPLES[0].splitlines()) <= 20


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_an_example_runs_and_prints_what_is_shown(number: int, tmp_path: Path) -> None:
    printed = python(tmp_path, EXAMPLES[number])
    assert printed.endswith(SHOWN) if number == 0 else printed == ""


def test_the_table_has_every_name_of_the_door() -> None:
    rows = re.findall(r"^\| (`.*?) \| ", TEXT, flags=re.MULTILINE)
    named = re.findall(r"`(\w+)", " ".join(rows))
    assert sorted(named) == sorted(testing.__all__)
