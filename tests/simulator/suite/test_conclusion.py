"""Each row and each exit of a conformance run, from how its jobs ended.

Rules: conformance_rows.toml has a small run a case. What it says of a job goes the way of any
outcome: it is made a verdict, expected failures are told apart, and the whole is summed up.
"""

from __future__ import annotations

import datetime
import string
import tomllib
from pathlib import Path
from typing import Any

import pytest

from etp_kit.simulator.base.errors import KitBroke
from etp_kit.simulator.base.exit_codes import OF_VERB, Exit
from etp_kit.simulator.contract.clauses import CLAUSES, LIMITS
from etp_kit.simulator.contract.profiles import Difference, Profile
from etp_kit.simulator.core import STARVED
from etp_kit.simulator.judging.conformance import ClauseRow, Conformance
from etp_kit.simulator.judging.ranks import EXPECTED
from etp_kit.simulator.judging.verdict import UNSEEN, ClauseVerdict, ScenarioVerdict, overall
from etp_kit.simulator.runner.job import Died
from etp_kit.simulator.runner.spec import RunSpec
from etp_kit.simulator.scenario.library import scenario_from_data
from etp_kit.simulator.suite.conclusion import conclude
from etp_kit.simulator.suite.expectations import Expectations, marked
from etp_kit.simulator.suite.known_failures import Known
from etp_kit.simulator.suite.selection import NO_SCENARIO, Selection
from etp_kit.simulator.suite.unjudged import refused, skipped, verdict_of

RUNS = tomllib.loads(Path(__file__).with_name("conformance_rows.toml").read_text(encoding="utf-8"))["run"]
#: The clause of the row: that of a limit, so that a profile can say another number.
ROW = LIMITS["quota"].clause
OTHER = next(slug for slug in CLAUSES if slug != ROW)
SLUGS = {"row": ROW, "clause": ROW, "other": OTHER}
TODAY, GONE = datetime.date(2026, 5, 1), datetime.date(2026, 1, 1)


def spec(name: str) -> RunSpec:
    small = {
        "schema": 1,
        "title": "t",
        "about": "a",
        "clauses": [ROW],
        "passes": 1,
        "actor": [{"handler": "Ext", "events": 1}],
    }
    scenario = scenario_from_data(small, "small.toml").model_copy(update={"id": name})
    return RunSpec(scenario, 0, "reference", "fake")


def judged(name: str, text: str, declared: dict[str, int]) -> ScenarioVerdict:
    """The verdict of a scenario of one clause, from ``[other ]VERDICT[/KIND][: REASON]``."""
    slug = OTHER if text.startswith("other ") else ROW
    head, _, reason = text.removeprefix("other ").partition(": ")
    verdict, _, kind = head.partition("/")
    clauses = [ClauseVerdict(slug, CLAUSES[slug].level, verdict, reason, kind)]
    whole = kind if kind == STARVED else ""
    return ScenarioVerdict(name, 0, "fake", overall(clauses), whole, clauses, declared=declared)


def outcome(name: str, text: str, case: dict[str, Any]) -> ScenarioVerdict:
    head, _, told = text.partition(": ")
    how, _, kind = head.partition(" ")
    of, whole = spec(name), case.get("whole", False)
    if how == "died":
        planned, begun = case.get("variants", (0, 0))
        return verdict_of(of, Died(kind, told, 9.0, planned=planned, begun=begun), 9.0, whole=whole)
    if how == "broke":
        return verdict_of(of, KitBroke(told), 9.0, whole=whole)
    if how in {"skipped", "refused"}:
        return verdict_of(of, {"skipped": skipped, "refused": refused}[how](of, told), 9.0, whole=whole)
    return verdict_of(of, judged(name, text, case.get("declared", {})), 9.0, whole=whole)


def expectations(case: dict[str, Any]) -> Expectations:
    known = []
    for entry in case.get("known", ()):
        name, _, expired = entry.partition(" ")
        clause, scenario = (SLUGS[name], "") if name in SLUGS else ("", name)
        known.append(Known(clause=clause, scenario=scenario, reason="a bug", expires=GONE if expired else None))
    why = case.get("difference")
    differs = (Difference(ROW, why),) if why else ()
    profile = Profile("other", "another collector", "core", 300, differs) if why is not None else None
    return Expectations(profile, tuple(known), TODAY)


def concluded(case: dict[str, Any]) -> Conformance:
    clauses = tuple(SLUGS[name] for name in case.get("clauses", ["row"]))
    expected = expectations(case)
    ended = [outcome(name, text, case) for name, text in zip(string.ascii_lowercase, case["of"], strict=False)]
    unchecked = {ROW: (case["unchecked"], NO_SCENARIO)} if "unchecked" in case else {}
    # Whatever was judged in passing counts for what a run of another clause says.
    results = [marked(one, (ROW, OTHER), expected) for one in ended]
    return conclude(Selection(clauses, (), unchecked), results, expected, stopped=case.get("stopped", False))


def told(row: ClauseRow) -> str:
    return " ".join(filter(None, (row.verdict, row.kind))) + (f": {row.reason}" if row.reason else "")


def rows(case: dict[str, Any]) -> list[str]:
    return [told(row) for row in concluded(case).rows if row.slug == ROW]


@pytest.mark.parametrize("case", RUNS, ids=lambda case: case["name"])
class TestRun:
    def test_the_row_of_its_clause(self, case: dict[str, Any]) -> None:
        assert rows(case) == ([case["row"]] if "row" in case else [])

    def test_its_exit(self, case: dict[str, Any]) -> None:
        assert concluded(case).exit == Exit[case["exit"]]

    def test_what_was_not_run_is_counted(self, case: dict[str, Any]) -> None:
        assert sum(result.unrun for result in concluded(case).results) == case.get("unrun", 0)

    def test_a_row_has_the_level_of_its_clause_and_the_scenarios_that_judged_it(self, case: dict[str, Any]) -> None:
        found = concluded(case)
        for row in found.rows:
            judging = [one.id for one in found.results if row.slug in {clause.slug for clause in one.clauses}]
            assert (row.level, list(row.scenarios)) == (CLAUSES[row.slug].level, judging)

    def test_the_starved_are_told_beside(self, case: dict[str, Any]) -> None:
        named = [name for name, text in zip(string.ascii_lowercase, case["of"], strict=False) if "starved" in text]
        assert [result.id for result in concluded(case).starved] == named


def test_each_exit_of_a_run_that_came_to_its_end_is_there() -> None:
    ends = set(OF_VERB["conform"]) - {Exit.INTERRUPTED, Exit.BAD_INPUT}
    assert {Exit[case["exit"]] for case in RUNS} == ends


def test_each_kind_of_row_is_there() -> None:
    found = {case["row"].partition(":")[0] for case in RUNS if "row" in case}
    plain = {"pass", "fail", "skip", "error"}
    kinds = {f"fail {kind}" for kind in (*EXPECTED, "hang", "crash", "refused", "stale", UNSEEN)}
    assert found == plain | kinds | {f"skip {kind}" for kind in (STARVED, UNSEEN, "inconclusive")}


def test_a_row_names_its_scenarios_once() -> None:
    twice = [judged("a", "pass", {}), judged("b", "other pass", {}), judged("a", "pass", {})]
    found = conclude(Selection((ROW,), ()), twice, Expectations())
    assert found.rows == (ClauseRow(ROW, CLAUSES[ROW].level, "pass", "", "", ("a",)),)


def test_a_stale_entry_of_one_clause_leaves_the_others() -> None:
    known = (Known(clause=ROW, scenario="", reason="a bug"),)
    found = conclude(
        Selection((ROW, OTHER), ()), [judged("a", "pass", {}), judged("b", "other pass", {})], Expectations(known=known)
    )
    assert [row.verdict for row in found.rows] == ["fail", "pass"]
