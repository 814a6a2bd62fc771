"""Each row and each exit of a conformance run, from verdicts alone."""

from __future__ import annotations

import datetime

import pytest

from etp_kit.simulator.base.exit_codes import Exit
from etp_kit.simulator.contract.clauses import CLAUSES
from etp_kit.simulator.core import STARVED
from etp_kit.simulator.judging.conformance import ClauseRow, Conformance
from etp_kit.simulator.judging.verdict import ClauseVerdict, ScenarioVerdict
from etp_kit.simulator.suite.conclusion import conclude
from etp_kit.simulator.suite.expectations import Expectations
from etp_kit.simulator.suite.known_failures import Known
from etp_kit.simulator.suite.selection import NO_SCENARIO, Selection

ONE, OTHER = list(CLAUSES)[:2]
KNOWN = Known(clause=ONE, scenario="", reason="a bug", expires=datetime.date.max)


def result(name: str, *clauses: tuple[str, str, str], verdict: str = "pass") -> ScenarioVerdict:
    judged = [ClauseVerdict(slug, CLAUSES[slug].level, told, f"{told} in {name}", kind) for slug, told, kind in clauses]
    starved = STARVED if any(kind == STARVED for _, _, kind in clauses) else ""
    return ScenarioVerdict(name, 0, "fake", verdict, starved, clauses=judged)


def concluded(
    *results: ScenarioVerdict,
    clauses: tuple[str, ...] = (ONE,),
    unchecked: str = "",
    stopped: bool = False,
    known: tuple[Known, ...] = (),
) -> Conformance:
    missing = {ONE: (unchecked, NO_SCENARIO)} if unchecked else {}
    return conclude(Selection(clauses, (), missing), results, Expectations(known=known), stopped=stopped)


def row(found: Conformance) -> tuple[str, str, str]:
    (only,) = found.rows
    return only.verdict, only.kind, only.reason


@pytest.mark.parametrize(
    ("results", "expected", "code"),
    [
        ([("pass", "")], ("pass", "", "pass in 0"), Exit.CONFORMANT),
        ([("fail", "")], ("fail", "", "fail in 0"), Exit.NOT_CONFORMANT),
        ([("error", "")], ("error", "", "error in 0"), Exit.KIT_BROKE),
        ([("skip", "")], ("skip", "", "skip in 0"), Exit.INCONCLUSIVE),
        ([("skip", ""), ("pass", "")], ("pass", "", "pass in 1"), Exit.CONFORMANT),
        ([("pass", ""), ("fail", "known")], ("fail", "known", "fail in 1"), Exit.CONFORMANT),
        ([("fail", "known"), ("fail", "")], ("fail", "", "fail in 1"), Exit.NOT_CONFORMANT),
        ([("pass", ""), ("skip", STARVED)], ("skip", STARVED, "skip in 1"), Exit.INCONCLUSIVE),
        ([("fail", "known"), ("skip", STARVED)], ("skip", STARVED, "skip in 1"), Exit.INCONCLUSIVE),
        ([("skip", STARVED), ("fail", "")], ("fail", "", "fail in 1"), Exit.NOT_CONFORMANT),
        ([("error", ""), ("fail", "")], ("fail", "", "fail in 1"), Exit.NOT_CONFORMANT),
        ([("fail", "difference"), ("error", "")], ("error", "", "error in 1"), Exit.KIT_BROKE),
    ],
)
def test_the_worst_of_a_clauses_verdicts_is_its_row(
    results: list[tuple[str, str]], expected: tuple[str, str, str], code: Exit
) -> None:
    found = concluded(*(result(str(n), (ONE, verdict, kind)) for n, (verdict, kind) in enumerate(results)))
    assert (row(found), found.exit) == (expected, code)


def test_a_row_names_its_scenarios_once() -> None:
    found = concluded(result("a", (ONE, "pass", "")), result("b", (OTHER, "pass", "")), result("a", (ONE, "pass", "")))
    assert found.rows == (ClauseRow(ONE, CLAUSES[ONE].level, "pass", "", "pass in a", ("a",)),)


class TestUnchecked:
    def test_a_clause_without_a_scenario_is_an_error_though_it_was_seen_in_passing(self) -> None:
        found = concluded(result("a", (ONE, "pass", "")), unchecked="error")
        assert (row(found), found.exit) == (("error", "", NO_SCENARIO), Exit.KIT_BROKE)

    def test_a_failure_that_was_seen_in_passing_is_told(self) -> None:
        found = concluded(result("a", (ONE, "fail", "")), unchecked="error")
        assert (row(found), found.exit) == (("fail", "", "fail in a"), Exit.NOT_CONFORMANT)

    def test_an_expected_one_proves_nothing(self) -> None:
        assert row(concluded(result("a", (ONE, "fail", "known")), unchecked="error"))[0] == "error"

    def test_a_clause_that_is_not_due_is_skipped(self) -> None:
        found = concluded(unchecked="skip")
        assert (row(found), found.exit) == (("skip", "", NO_SCENARIO), Exit.INCONCLUSIVE)

    def test_a_clause_that_is_not_due_and_was_seen_is_judged(self) -> None:
        assert row(concluded(result("a", (ONE, "pass", "")), unchecked="skip"))[0] == "pass"


class TestNeverJudged:
    def test_it_is_an_error_of_the_kit(self) -> None:
        found = concluded(result("a", (OTHER, "pass", "")))
        assert (row(found), found.exit) == (("error", "", "never judged"), Exit.KIT_BROKE)

    def test_of_a_run_that_was_stopped_it_is_skipped(self) -> None:
        found = concluded(stopped=True)
        assert (row(found), found.exit) == (("skip", "", "not run: stopped early"), Exit.INCONCLUSIVE)


class TestStale:
    def test_an_expected_failure_that_passes_fails_its_clause(self) -> None:
        found = concluded(result("a", (ONE, "pass", "")), known=(KNOWN,))
        assert (row(found)[:2], found.exit) == (("fail", "stale"), Exit.NOT_CONFORMANT)

    def test_it_is_told_of_no_other_clause(self) -> None:
        found = concluded(result("a", (ONE, "pass", ""), (OTHER, "pass", "")), clauses=(OTHER,), known=(KNOWN,))
        assert row(found)[0] == "pass"

    def test_it_hides_no_error(self) -> None:
        found = concluded(result("a", (ONE, "pass", "")), result("b", (ONE, "error", "")), known=(KNOWN,))
        assert row(found)[0] == "error"


class TestExit:
    def test_nothing_was_selected(self) -> None:
        assert concluded(clauses=()).exit == Exit.NOTHING_SELECTED

    def test_an_error_of_a_scenario_is_the_kits(self) -> None:
        assert concluded(result("a", (ONE, "pass", ""), verdict="error")).exit == Exit.KIT_BROKE

    def test_what_the_machine_starved_is_no_pass_though_every_selected_clause_holds(self) -> None:
        found = concluded(result("a", (ONE, "pass", "")), result("b", (OTHER, "skip", STARVED)))
        assert (row(found)[0], found.exit) == ("pass", Exit.INCONCLUSIVE)
        assert [result.id for result in found.starved] == ["b"]

    def test_one_clause_that_holds_is_enough_beside_skips(self) -> None:
        found = concluded(result("a", (ONE, "pass", ""), (OTHER, "skip", "")), clauses=(ONE, OTHER))
        assert found.exit == Exit.CONFORMANT
