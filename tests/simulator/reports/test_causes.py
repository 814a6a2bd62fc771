"""Failures by their causes: fifty scenarios that fail alike are one section, and expected ones name
who expects them."""

from __future__ import annotations

from typing import Any

from etp_kit.simulator.core.said import Raised, Said
from etp_kit.simulator.judging.verdict import ClauseVerdict, ScenarioVerdict
from etp_kit.simulator.reports.causes import causes, expected_causes, places_of
from etp_kit.simulator.reports.json_report import report_data
from etp_kit.simulator.reports.markdown import markdown
from etp_kit.simulator.reports.page_data import page_data

RAISED = Raised("KeyError: 'x'", "mine.py", 7, "collect", ("KeyError: 'x'",), (0,))


QUIET = Said()


def result(name: str, *slugs: str, said: Said = QUIET, kind: str = "", world: str = "fake") -> ScenarioVerdict:
    clauses = [ClauseVerdict(slug, "core", "fail", f"{slug} in {name}", kind) for slug in slugs]
    return ScenarioVerdict(name, 0, world, "fail", kind, clauses, said=said, detail=f"{kind} {name}" if kind else "")


def scenarios(*results: ScenarioVerdict) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = report_data("c", 0, results, 1)["scenarios"]
    return found


def test_the_same_error_is_one_cause_whatever_it_breaks() -> None:
    said = Said((RAISED,))
    (cause,) = causes(scenarios(result("a", "run.errors", said=said), result("b", "event.mapping", said=said)))
    assert cause.title == "KeyError: 'x' at mine.py:7"
    assert list(cause.clauses) == ["run.errors", "event.mapping"]


def test_without_an_error_the_same_clauses_are_one_cause() -> None:
    alike = [result(name, "quota.notice") for name in "abc"]
    found = causes(scenarios(result("d", "run.errors"), *alike))
    assert [(cause.title, len(cause.scenarios)) for cause in found] == [("quota.notice", 3), ("run.errors", 1)]


def test_one_that_hangs_is_no_cause_of_one_that_fails() -> None:
    found = causes(scenarios(result("a", "run.errors", kind="hang"), result("b", "run.errors")))
    assert {cause.title for cause in found} == {"hang: hang a", "run.errors"}


def test_a_cause_names_every_scenario_in_its_worlds() -> None:
    twice = [result("a", "run.errors", world=world) for world in ("fake", "real")]
    (cause,) = causes(scenarios(*twice, result("b", "run.errors")))
    assert places_of(cause) == "a (fake and real worlds), b (fake world)"


def expected(name: str) -> ScenarioVerdict:
    by = ("difference", "the profile p", "by design")
    clause = ClauseVerdict("clean.processed", "core", "fail", f"by design; {name}", *by)
    return ScenarioVerdict(name, 0, "fake", "fail", "difference", [clause])


def test_what_is_expected_is_no_cause_and_names_who_expects_it() -> None:
    told = scenarios(*(expected(name) for name in "abc"))
    assert causes(told) == []
    (cause,) = expected_causes(told)
    assert (cause.by, cause.why, len(cause.places)) == ("the profile p", "by design", 3)


def test_a_page_that_is_headed_conformant_has_no_red_section() -> None:
    report = report_data("c", 0, [expected(str(number)) for number in range(81)], 0)
    told = page_data(report)
    assert (told["word"], told["causes"], len(told["expected"])) == ("conformant", [], 1)
    assert len(told["expected"][0]["places"]) == 81
    assert "## Failed" not in markdown(report)
    assert markdown(report).count("<details>") == 1
