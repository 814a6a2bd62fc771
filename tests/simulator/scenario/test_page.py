"""docs/scenarios.md says of a scenario what the models say, all of it."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import get_args

import pytest

from etp_kit.simulator.hazards import HAZARDS
from etp_kit.simulator.scenario import page as under_test
from etp_kit.simulator.scenario.faults import FAULT_KINDS, Fault
from etp_kit.simulator.scenario.library import parse_scenario
from etp_kit.simulator.scenario.model import Actor, Change, Scenario, Threshold
from etp_kit.simulator.scenario.page import DOCUMENT, main, parts

TABLES = {"scenario": Scenario, "actor": Actor, "life": Change, "fault": Fault, "threshold": Threshold}


def first_column(table: str) -> list[str]:
    return re.findall(r"^\| `([^`]+)` \|", table, re.MULTILINE)


def test_the_page_is_current() -> None:
    assert main(["--check"]) == 0, "run `python -m etp_kit.simulator.scenario.page`"


@pytest.mark.parametrize(("part", "model"), TABLES.items())
def test_every_key_has_its_row_and_a_meaning(part: str, model: type[Scenario]) -> None:
    keys = [field.alias or name for name, field in model.model_fields.items() if not field.exclude]
    table = parts()[part]
    assert first_column(table) == keys
    assert not [line for line in table.splitlines() if line.endswith("|  |")]


def test_every_kind_of_fault_and_every_hazard_has_its_row() -> None:
    assert first_column(parts()["faults"]) == list(get_args(Fault.model_fields["kind"].annotation)) == list(FAULT_KINDS)
    assert first_column(parts()["hazards"]) == list(HAZARDS)


def test_the_pages_example_is_a_scenario() -> None:
    (example,) = re.findall(r"^```toml\n(.*?)^```", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    scenario = parse_scenario(example, "docs/scenarios.md")
    tables = [
        tomllib.loads(example),
        *(one.model_dump(exclude_unset=True) for one in (*scenario.actor, *scenario.fault)),
    ]
    assert len({key for table in tables for key in table}) > 25, "it shows nearly every key"


def test_a_page_without_a_part_is_the_kits_failure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "scenarios.md"
    page.write_text(DOCUMENT.read_text(encoding="utf-8").replace("<!-- made: faults -->", ""), encoding="utf-8")
    assert main(["--check", "--path", str(page)]) == 3
    assert capsys.readouterr().err.startswith("expected the made parts ['actor', 'fault', 'faults',")


def test_a_key_that_a_model_gains_makes_the_page_stale(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "scenarios.md"
    page.write_text(DOCUMENT.read_text(encoding="utf-8"), encoding="utf-8")
    assert main(["--check", "--path", str(page)]) == 0
    monkeypatch.setitem(FAULT_KINDS, "new-kind", "something new")
    assert main(["--check", "--path", str(page)]) == 1
    assert capsys.readouterr().err == f"{page}: not current: run `python -m etp_kit.simulator.scenario.page`\n"
    assert main(["--path", str(page)]) == 0
    assert under_test.with_parts(page.read_text(encoding="utf-8"), parts()) == page.read_text(encoding="utf-8")
    assert "| `new-kind` | something new |" in page.read_text(encoding="utf-8")
