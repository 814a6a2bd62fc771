"""The matrix of hostile objects by collector steps:
the reference meets all of it and breaks nothing; a careless collector does.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from etp_kit.simulator.base.errors import BadInput, KitBroke
from etp_kit.simulator.cli.command import cli
from etp_kit.simulator.suite.matrix import STEPS, HostileObject, Row, objects, rows

TOY = f"dir:{Path(__file__).parent.parent / 'simulator' / 'toy'}"


def row_of(name: str, collector: str = "reference", world: str = "real") -> Row:
    (row,) = rows([objects()[name]], collector, world)
    return row


def matrix(*words: str) -> Result:
    return CliRunner().invoke(cli, ["matrix", "--jobs", "1", *words])


@pytest.mark.parametrize("name", list(objects()))
def test_the_reference_meets_the_object_at_every_step_and_breaks_nothing(name: str) -> None:
    row = row_of(name)
    assert row.kept == []
    assert row.death == ""
    assert [step for step in STEPS if not row.tried[step]] == []


def test_both_worlds_count_the_same() -> None:
    assert row_of("FIFO", world="fake").tried == row_of("FIFO").tried


@pytest.mark.parametrize(
    ("name", "step", "clause"),
    [
        ("FIFO", "list", "run.errors"),
        ("link to a file", "list", "discover.links"),
        ("link to an endless device", "list", "run.errors"),
        ("vanishing file", "open", "run.errors"),
        ("events dir that is a link", "open", "discover.links"),
    ],
)
def test_a_careless_collector_fails_where_it_must(name: str, step: str, clause: str) -> None:
    done = matrix("--object", name, "--collector", TOY, "--json")
    (told,) = json.loads(done.stdout)
    assert done.exit_code == 1
    assert told["steps"][step]["failed"] > 0
    assert clause in {failure["slug"] for failure in told["failures"]}


def test_an_object_that_was_never_in_the_way_is_the_kits_failure() -> None:
    absent = HostileObject(name="absent", hazards=[{"kind": "torn", "completed": "never"}])
    with pytest.raises(KitBroke, match="never in the way"):
        list(rows([absent], "reference", "real"))


def test_the_command_prints_what_it_counted() -> None:
    done = matrix("--object", "FIFO", "--object", "*link*")
    assert done.exit_code == 0
    assert "8 objects" in done.output


def test_its_reports_have_a_scenario_an_object(tmp_path: Path) -> None:
    names = ("json", "html", "junit", "markdown", "sarif", "ctrf")
    reports = [word for name in names for word in ("--report", f"{name}={tmp_path / name}")]
    done = matrix("--object", "FIFO", "--object", "vanishing file", "--collector", TOY, *reports)
    assert done.exit_code == 1
    told = json.loads((tmp_path / "json").read_text())
    assert (told["exit"], told["made"]["command"]) == (1, "matrix")
    assert [one["id"] for one in told["scenarios"]] == ["matrix/FIFO", "matrix/vanishing file"]
    failed = {clause["slug"] for one in told["scenarios"] for clause in one["clauses"] if clause["verdict"] == "fail"}
    assert {"run.errors", "isolate.extension"} <= failed
    assert {row["slug"] for row in told["clauses"] if row["verdict"] == "fail"} == failed
    again = told["scenarios"][1]["reproduce"]
    assert again == f"simulate matrix --object 'vanishing file' --seed 0 --collector {TOY}"
    assert all(again in (tmp_path / name).read_text() for name in ("markdown", "ctrf"))
    saved = CliRunner().invoke(cli, ["report", str(tmp_path / "json"), "--report", f"junit={tmp_path / 'again'}"])
    assert saved.exit_code in {0, 1}, saved.output
    assert (tmp_path / "again").read_text() == (tmp_path / "junit").read_text()


@pytest.mark.parametrize("words", [["--report", "ndjson=x"], ["--report", "trace=x"], ["--json", "--report", "json=-"]])
def test_a_report_that_cannot_be_is_bad_input(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert isinstance(matrix("--object", "FIFO", *words).exception, BadInput)
    assert list(tmp_path.iterdir()) == []


def test_an_object_that_does_not_exist_is_bad_input() -> None:
    assert isinstance(matrix("--object", "fifos").exception, BadInput)
