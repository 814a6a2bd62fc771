"""The conformance command:
what it selects, what it makes of failures, what it refuses to call a pass.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result

from etp_kit.simulator.base.errors import BadInput
from etp_kit.simulator.cli.command import cli
from etp_kit.simulator.contract.clauses import CLAUSES
from etp_kit.simulator.judging.verdict import ClauseVerdict, ScenarioVerdict
from etp_kit.simulator.scenario.library import load_scenario
from etp_kit.simulator.shipped import scenario_files
from etp_kit.simulator.shipped.scenario_files import SHIPPED, shipped_scenarios
from etp_kit.simulator.suite.conclusion import conclude
from etp_kit.simulator.suite.expectations import Expectations
from etp_kit.simulator.suite.selection import select

LIBRARY = {name: load_scenario(name) for name in shipped_scenarios()}


def conform(*words: str) -> Result:
    return CliRunner().invoke(cli, ["conform", "--world", "fake", *words])


def told(*words: str) -> dict[str, object]:
    done = conform(*words, "--report", "json=-")
    report: dict[str, object] = json.loads(done.stdout)
    assert report["exit"] == done.exit_code
    return report


@pytest.fixture(autouse=True)
def _elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


def test_one_family_of_the_reference_passes() -> None:
    assert conform("--scenario", "quota-exact").exit_code == 0


def test_a_mutant_is_not_conformant_and_says_how_to_see_it() -> None:
    done = conform("--scenario", "quota-exact", "--collector", "mutant:quota-raised")
    assert done.exit_code == 1
    assert "simulate --scenario quota/quota-exact --seed 0 --collector mutant:quota-raised" in done.output


@pytest.fixture(scope="module")
def emptied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A copy of the scenario library that the command takes for the shipped one."""
    directory = tmp_path_factory.mktemp("library")
    shutil.copytree(SHIPPED, directory, dirs_exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scenario_files, "SHIPPED", directory)
        shipped_scenarios.cache_clear()
        yield directory
    shipped_scenarios.cache_clear()


@pytest.mark.parametrize("slug", list(CLAUSES))
def test_no_clause_passes_when_its_scenarios_are_removed(slug: str, emptied: Path) -> None:
    """One by one: what is left still checks the clause,
    until nothing is left and the kit says that it is broken.
    """
    checking = [name for name, one in LIBRARY.items() if slug in one.clauses]
    try:
        for removed, name in enumerate(checking):
            library = {other: one for other, one in LIBRARY.items() if other not in checking[:removed]}
            assert {pair[0] for pair in select(library, clauses=[slug]).pairs} == set(checking[removed:])
            (emptied / f"{name}.toml").rename(emptied / f"{name}.gone")
        shipped_scenarios.cache_clear()
        assert conform("--clause", slug).exit_code == 3
    finally:
        for name in checking:
            (emptied / f"{name}.gone").rename(emptied / f"{name}.toml")


def test_nothing_selected_is_refused() -> None:
    with pytest.raises(BadInput, match="no clause matches 'quotas'"):
        select(LIBRARY, clauses=["quotas"])


def test_what_was_selected_and_never_judged_is_an_error() -> None:
    selection = select(LIBRARY, clauses=["quota.notice"])
    results = [
        ScenarioVerdict(name, 0, world, "pass", clauses=[ClauseVerdict("run.errors", "core", "pass")])
        for name, world in selection.pairs
    ]
    assert conclude(selection, results, Expectations()).exit == 3


def test_a_known_failure_still_runs_and_passes_the_run(tmp_path: Path) -> None:
    known = tmp_path / "known.toml"
    known.write_text('[[known]]\nscenario = "quota/quota-exact"\nreason = "being mended"\n')
    words = ("--scenario", "quota-exact", "--known-failing", str(known))
    report = told(*words, "--collector", "mutant:quota-raised")
    assert report["exit"] == 0
    assert {row["kind"] for row in report["clauses"] if row["verdict"] == "fail"} == {"known"}


def test_a_known_failure_that_passes_fails_the_run(tmp_path: Path) -> None:
    known = tmp_path / "known.toml"
    known.write_text('[[known]]\nscenario = "quota/quota-exact"\nreason = "being mended"\n')
    done = conform("--scenario", "quota-exact", "--known-failing", str(known))
    assert done.exit_code == 1
    assert "remove the entry" in " ".join(done.output.split())


def test_a_known_failure_that_has_expired_fails_the_run(tmp_path: Path) -> None:
    known = tmp_path / "known.toml"
    known.write_text('[[known]]\nclause = "quota.per-extension"\nreason = "x"\nexpires = 2020-01-01\n')
    words = ("--scenario", "quota-exact", "--known-failing", str(known), "--collector", "mutant:quota-raised")
    assert conform(*words).exit_code == 1


def test_what_failed_last_can_be_run_alone() -> None:
    conform("--scenario", "quota-exact", "--scenario", "everyday", "--collector", "mutant:quota-raised")
    report = told("--last-failed", "--collector", "mutant:quota-raised")
    assert [scenario["id"] for scenario in report["scenarios"]] == ["quota/quota-exact"]


def test_nothing_failed_last_is_bad_input() -> None:
    assert isinstance(conform("--last-failed").exception, BadInput)


def test_junit_and_markdown_are_well_formed(tmp_path: Path) -> None:
    junit, markdown = tmp_path / "junit.xml", tmp_path / "report.md"
    conform(
        "--scenario", "quota-exact", "--collector", "mutant:quota-raised", "--report", f"junit={junit}", "--report", f"markdown={markdown}",
    )  # fmt: skip
    root = ElementTree.parse(junit).getroot()
    failed = [case.get("name") for case in root.iter("testcase") if case.find("failure") is not None]
    assert "quota.per-extension" in failed
    assert "**FAIL**" in markdown.read_text()


def test_fail_fast_stops() -> None:
    report = told("--fail-fast", "--collector", "mutant:clean-up-skipped", "--jobs", "1", "--scenario", "*/*exact", "--scenario", "everyday")
    assert len(report["scenarios"]) == 1


def test_explain_tells_what_checks_a_clause() -> None:
    done = CliRunner().invoke(cli, ["explain", "quota.per-extension"])
    assert done.exit_code == 0
    assert "quota/quota-exact" in done.output
    assert "quota-raised" in done.output


def test_mutants_of_one_clause_are_caught() -> None:
    done = CliRunner().invoke(cli, ["mutants", "--clause", "quota.*"])
    assert done.exit_code == 0, done.output
    assert "mutants caught" in done.output


def test_a_mutant_is_shown_as_a_diff() -> None:
    done = CliRunner().invoke(cli, ["mutants", "--show", "quota-raised"])
    assert done.output.startswith("--- collector/extension.py")


def test_explain_names_the_weakness_as_people_look_it_up() -> None:
    done = CliRunner().invoke(cli, ["explain", "discover.swap"])
    assert "(CWE-367)" in " ".join(done.output.split())
    assert "CWE-(" not in done.output
