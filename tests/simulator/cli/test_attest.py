"""`simulate conform --contract` and `simulate attest`: what is stated holds, what changed shows."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from etp_kit.simulator.base import BadInput
from etp_kit.simulator.cli.command import cli
from etp_kit.simulator.contract import requirement_set
from etp_kit.simulator.contract.requirement_set import RequirementSet, today
from etp_kit.simulator.subjects import REFERENCE

SCENARIO = ("--scenario", "event/empty-fields", "--world", "fake")


def simulate(*words: str) -> Result:
    return CliRunner().invoke(cli, words)


def refusal(*words: str) -> str:
    """What the one line says of input that cannot be used."""
    done = simulate(*words)
    assert isinstance(done.exception, BadInput), done.output
    return str(done.exception)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the reference, a report of it, and what is stated of that."""
    place = tmp_path_factory.mktemp("attested")
    shutil.copytree(REFERENCE, place / "mine", ignore=shutil.ignore_patterns("__pycache__"))
    report = f"json={place}/report.json"
    assert simulate("conform", "--collector", f"dir:{place}/mine", *SCENARIO, "--report", report).exit_code == 0
    assert simulate("attest", f"{place}/report.json", "--output", f"{place}/statement.json").exit_code == 0
    return place


def stated(home: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((home / "statement.json").read_text())
    return found


def test_its_subjects_are_the_files(home: Path) -> None:
    statement = stated(home)
    assert statement["_type"] == "https://in-toto.io/Statement/v1"
    names = {one["name"] for one in statement["subject"]}
    assert {"mine/reader.py", "mine/program/otlp.py"} <= names
    assert all(len(one["digest"]["sha256"]) == 64 for one in statement["subject"])


def test_what_did_not_run_is_a_warning_and_no_pass(home: Path) -> None:
    predicate = stated(home)["predicate"]
    assert predicate["result"] == "WARNED"
    assert "event.empty-ok" in predicate["passedTests"]
    assert predicate["reasons"]["run.thread"] == "not run"
    assert "run.thread" in predicate["warnedTests"]


def test_what_is_stated_holds(home: Path) -> None:
    done = simulate("attest", f"{home}/report.json", "--verify", f"{home}/statement.json")
    assert (done.exit_code, "WARNED, and so are the report" in done.output) == (0, True)


def test_a_changed_byte_of_a_file_shows(home: Path) -> None:
    file = home / "mine" / "reader.py"
    before = file.read_bytes()
    try:
        file.write_bytes(before + b"#")
        done = simulate("attest", f"{home}/report.json", "--verify", f"{home}/statement.json")
        said = refusal("attest", f"{home}/report.json")
    finally:
        file.write_bytes(before)
    assert (done.exit_code, "mine/reader.py is not what it was in the run" in done.output) == (1, True)
    assert "mine/reader.py is not what it was in the run" in said


@pytest.mark.parametrize(
    ("change", "shown"),
    [
        (
            lambda told: told["scenarios"][0].update(history_sha256="0" * 64),
            "scenario event/empty-fields (fake).digest",
        ),
        (
            lambda told: told["clauses"][0].update(verdict="skip", reason="no reason"),
            "warnedTests.discover.hands-off is so",
        ),
        (lambda told: told["scenarios"].pop(), "(fake) is stated, and not so"),
        (lambda told: told["made"].update(at="2020-01-01T00:00:00+00:00"), "run.annotations.at"),
    ],
    ids=["history", "skip", "scenario", "moment"],
)
def test_another_report_shows(home: Path, tmp_path: Path, change: Any, shown: str) -> None:
    told = json.loads((home / "report.json").read_text())
    change(told)
    (tmp_path / "other.json").write_text(json.dumps(told))
    done = simulate("attest", f"{tmp_path}/other.json", "--verify", f"{home}/statement.json")
    assert (done.exit_code, shown in done.output) == (1, True), done.output


@pytest.mark.parametrize("text", ["", "[" * 100_000, "{}", '{"schema": 1}'])
def test_what_is_no_report_is_one_line(tmp_path: Path, text: str) -> None:
    (tmp_path / "report.json").write_text(text)
    assert len(refusal("attest", f"{tmp_path}/report.json").splitlines()) == 1


@pytest.mark.parametrize("text", ["", "[" * 100_000])
def test_what_is_no_statement_is_one_line(home: Path, tmp_path: Path, text: str) -> None:
    (tmp_path / "statement.json").write_text(text)
    said = refusal("attest", f"{home}/report.json", "--verify", f"{tmp_path}/statement.json")
    assert said.endswith("is no statement: no JSON")


def test_a_report_of_a_run_alone_says_nothing_of_a_collector(tmp_path: Path) -> None:
    simulate("run", "quota/small", "--report", f"json={tmp_path}/report.json")
    assert "names no file of a collector" in refusal("attest", f"{tmp_path}/report.json")


def test_a_statement_is_never_written_over_a_file(home: Path) -> None:
    said = refusal("attest", f"{home}/report.json", "--output", f"{home}/report.json")
    assert said.endswith("something is there already (a new name, or another directory)")


@pytest.mark.parametrize("option", ["--output", "--verify"])
def test_a_place_that_is_none_is_one_line(home: Path, option: str) -> None:
    assert refusal("attest", f"{home}/report.json", option, "/proc/none/statement.json")


def test_a_clause_that_is_newer_is_listed_and_not_scored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clauses = {slug: one for slug, one in today().clauses.items() if slug != "event.empty-ok"}
    monkeypatch.setattr(requirement_set, "requirement_sets", lambda: {"1.0": RequirementSet("1.0", clauses)})
    words = ("conform", "--collector", "mutant:empty-is-missing", "--contract", "1.0", *SCENARIO)
    simulate(*words, "--report", f"json={tmp_path}/report.json")
    told = json.loads((tmp_path / "report.json").read_text())
    row = next(one for one in told["clauses"] if one["slug"] == "event.empty-ok")
    assert (row["verdict"], row["reason"]) == ("skip", "not scored: it is newer than contract 1.0")
    assert "event.empty-ok" not in {one["slug"] for run in told["scenarios"] for one in run["clauses"]}
    assert told["basis"]["contract"] == "1.0"


def test_an_unknown_contract_is_one_line() -> None:
    assert refusal("conform", "--contract", "7.3").startswith("--contract: no version '7.3'")
