"""docs/lint.md is real: its example is made and linted again, and its table holds every rule."""

from __future__ import annotations

import re
import subprocess
import time
from pathlib import Path

from simulator.lint.rules import RULES

from .test_command import simulate

TEXT = (Path(__file__).resolve().parents[3] / "docs" / "lint.md").read_text(encoding="utf-8")


def block(after: str) -> str:
    """The fenced block that follows a text."""
    found = re.search(re.escape(after) + r".*?```[a-z]*\n(.*?)\n```", TEXT, re.DOTALL)
    assert found is not None
    return found[1]


def test_the_example_prints_what_the_page_says(tmp_path, monkeypatch):
    """Made by the page's own commands, as a reader would."""
    subprocess.run(["/bin/sh", "-e", "-c", block("This makes an events dir of four files")], cwd=tmp_path, check=True)
    monkeypatch.chdir(tmp_path)
    code, out, _ = simulate("azure")
    assert code == 1
    assert out.rstrip() == block("`simulate lint azure` prints this")


def test_after_a_period_the_example_is_another_as_the_page_says(tmp_path, monkeypatch):
    subprocess.run(["/bin/sh", "-e", "-c", block("This makes an events dir of four files")], cwd=tmp_path, check=True)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 301)
    monkeypatch.chdir(tmp_path)
    assert "1 residue" in simulate("azure")[1]
    assert "After five minutes, a period, `start-event.json` is no longer `spared` but `residue`" in TEXT


def test_the_table_holds_every_rule_as_it_is():
    rows = re.findall(r"^\| `([a-z-]+)` \| (error|warning) \| (?:`([a-z.-]+)`|-) \| (.*) \|$", TEXT, re.MULTILINE)
    assert rows == [(name, rule.severity, rule.clause, rule.about) for name, rule in RULES.items()]
