"""Issue forms are such that a report can be acted on: it shows the trouble again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

FORMS = Path(__file__).resolve().parents[2] / ".github" / "ISSUE_TEMPLATE"
#: Form -> the answers without which nobody can act.
NEEDED = {
    "bug.yml": {"version", "again", "report", "expected"},
    "verdict.yml": {"version", "clause", "again", "report", "why"},
    "trouble.yml": {"seen", "cost"},
}


def read(name: str) -> dict[str, Any]:
    form: dict[str, Any] = yaml.safe_load((FORMS / name).read_text(encoding="utf-8"))
    return form


def test_every_form_is_known_and_a_blank_issue_is_none() -> None:
    assert {path.name for path in FORMS.iterdir()} == {*NEEDED, "config.yml"}
    assert read("config.yml") == {"blank_issues_enabled": False}


@pytest.mark.parametrize("name", NEEDED)
def test_a_form_asks_for_what_is_needed(name: str) -> None:
    form = read(name)
    assert form["name"]
    assert form["description"]
    fields = {field["id"]: field for field in form["body"] if field["type"] != "markdown"}
    assert {one for one, field in fields.items() if field.get("validations", {}).get("required")} == NEEDED[name]
    assert all(field["type"] in {"input", "textarea"} and field["attributes"]["label"] for field in fields.values())
