"""docs/lint.md is real: its example is made and linted again, and its table holds every rule."""

from __future__ import annotations

import json
import re
from pathlib import Path

from etp_kit.simulator.lint.rules import RULES

from .test_command import simulate
from .test_findings import GOOD, put

TEXT = (Path(__file__).resolve().parents[3] / "docs" / "lint.md").read_text(encoding="utf-8")


def block(after: str) -> str:
    """The fenced block that follows a text."""
    found = re.search(re.escape(after) + r".*?```[a-z]*\n(.*?)\n```", TEXT, re.DOTALL)
    assert found is not None
    return found[1]


def test_the_example_prints_what_the_page_says(tmp_path, monkeypatch):
    events = tmp_path / "azure" / "Contoso.Agent" / "events"
    events.mkdir(parents=True)
    put(events, GOOD)
    put(events, json.dumps(GOOD), "start-event.json")
    for name in ("1767571201000.json", "1767571202000.json"):
        put(events, block(f"`{name}`" + (":" if name.endswith("1000.json") else ", which")), name)
    monkeypatch.chdir(tmp_path)
    code, out, _ = simulate("azure")
    assert code == 1
    assert out.rstrip() == block("`simulate lint azure` prints this")


def test_the_table_holds_every_rule_as_it_is():
    rows = re.findall(r"^\| `([a-z-]+)` \| (error|warning) \| (?:`([a-z.-]+)`|-) \| (.*) \|$", TEXT, re.MULTILINE)
    assert rows == [(name, rule.severity, rule.clause, rule.about) for name, rule in RULES.items()]
