"""What changed since an earlier report: nothing that was not judged counts as fixed, and nothing
that somebody expects as new."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest

from etp_kit.simulator.base.exit_codes import Exit
from etp_kit.simulator.judging.verdict import ClauseVerdict, ScenarioVerdict
from etp_kit.simulator.reports.changes import change_lines, exit_on_new, with_changes
from etp_kit.simulator.reports.json_report import report_data
from etp_kit.simulator.reports.markdown import markdown
from etp_kit.simulator.reports.page_data import page_data
from etp_kit.simulator.reports.saved_report import read_report, report_schema


def report(verdict: str, kind: str = "", name: str = "flood", code: int = 1) -> dict[str, Any]:
    clause = ClauseVerdict("quota.notice", "core", verdict, "", kind)
    return report_data("mine", 0, [ScenarioVerdict(name, 0, "fake", verdict, kind, [clause])], code)


#: (verdict, kind) before and now, and what that is.
CHANGES = [
    (("pass", ""), ("fail", ""), "new"),
    (("pass", ""), ("error", ""), "new"),
    (("skip", ""), ("fail", ""), "new"),
    (("fail", "known"), ("fail", ""), "new"),
    (("fail", ""), ("fail", ""), "still"),
    (("error", ""), ("fail", ""), "still"),
    (("fail", ""), ("pass", ""), "fixed"),
    (("fail", ""), ("fail", "difference"), "fixed"),
    (("fail", ""), ("skip", ""), "unseen"),
    (("fail", ""), ("skip", "starved"), "unseen"),
    (("pass", ""), ("pass", ""), ""),
    (("pass", ""), ("fail", "known"), ""),
]


@pytest.mark.parametrize(("before", "now", "change"), CHANGES)
def test_a_clause_and_its_scenario_change_alike(before: tuple[str, str], now: tuple[str, str], change: str) -> None:
    found = with_changes(report(*now), report(*before))
    assert found["clauses"][0]["change"] == found["scenarios"][0]["change"] == change
    assert {name: found["baseline"][name] for name in ("new", "fixed", "still", "unseen")} == {
        name: 2 * (name == change) for name in ("new", "fixed", "still", "unseen")
    }


def test_a_scenario_that_the_baseline_does_not_know_is_new() -> None:
    found = with_changes(report("fail", name="other"), report("pass"))
    assert found["scenarios"][0]["change"] == "new"


def test_a_failure_that_did_not_run_again_is_named_and_not_fixed() -> None:
    found = with_changes(report("pass", name="other", code=0), report("fail"))
    assert found["baseline"]["missing"] == ["flood"]
    assert found["baseline"]["unseen"] == 1
    assert change_lines(found)[-1] == "not judged this time: flood"


@pytest.mark.parametrize(
    ("before", "now", "code", "ends"),
    [
        ("fail", "fail", Exit.NOT_CONFORMANT, Exit.CONFORMANT),
        ("pass", "fail", Exit.NOT_CONFORMANT, Exit.NOT_CONFORMANT),
        ("fail", "error", Exit.KIT_BROKE, Exit.KIT_BROKE),
        ("fail", "skip", Exit.INCONCLUSIVE, Exit.INCONCLUSIVE),
    ],
)
def test_only_new_failures_end_with_1_and_doubts_stay(before: str, now: str, code: Exit, ends: Exit) -> None:
    assert exit_on_new(with_changes(report(now, code=code), report(before))) is ends


def test_a_known_failure_hides_no_run_that_stopped_early() -> None:
    found = with_changes(report("fail"), report("fail"))
    stopped = {**found, "basis": {**found["basis"], "stopped": True}}
    assert exit_on_new(stopped) is Exit.INCONCLUSIVE


def test_a_known_failure_hides_no_scenario_that_starved() -> None:
    now, starved = report("fail"), report("skip", "starved", name="other")
    both = {**now, "scenarios": [*now["scenarios"], *starved["scenarios"]]}
    assert exit_on_new(with_changes(both, report("fail"))) is Exit.INCONCLUSIVE


def test_every_reader_is_told() -> None:
    found = with_changes(report("fail"), report("pass"))
    lines = change_lines(found)
    assert lines == [
        "against the report of mine: 2 new, 0 fixed, 0 still failing, 0 not judged this time",
        "new: quota.notice",
        "new: flood in the fake world",
    ]
    assert page_data(found)["changes"] == lines
    for line in lines:
        assert line in markdown(found)


def test_a_report_without_a_baseline_tells_nothing() -> None:
    assert change_lines(report("fail")) == []


def test_a_report_beside_another_is_in_the_schema_and_is_read_back() -> None:
    found = with_changes(report("fail"), report("pass"))
    jsonschema.validate(found, report_schema())
    assert read_report(json.dumps(found).encode(), "x") == found


def of(*runs: tuple[str, str, int]) -> dict[str, Any]:
    """A report of one scenario in so many runs: (verdict, world, seed)."""
    clause = [ClauseVerdict("quota.notice", "core", verdict) for verdict, _, _ in runs]
    results = [
        ScenarioVerdict("flood", seed, world, verdict, "", [one])
        for (verdict, world, seed), one in zip(runs, clause, strict=True)
    ]
    return report_data("mine", 0, results, 1)


@pytest.mark.parametrize(
    ("before", "now", "changes"),
    [
        ([("fail", "fake", 0)], [("fail", "saved", 0)], ["still"]),
        ([("fail", "saved", 0)], [("fail", "real", 0)], ["still"]),
        ([("fail", "fake", 0), ("pass", "real", 0)], [("pass", "saved", 0)], ["fixed"]),
        ([("pass", "fake", 0)], [("fail", "saved", 0)], ["new"]),
        ([("fail", "fake", 1), ("pass", "fake", 2)], [("fail", "saved", 1), ("fail", "saved", 2)], ["still", "new"]),
        ([("fail", "fake", 1)], [("fail", "fake", 2)], ["still"]),
        ([("fail", "real", 0)], [("fail", "fake", 0)], ["new"]),
    ],
)
def test_a_saved_history_stands_beside_its_run_in_any_world(
    before: list[tuple[str, str, int]], now: list[tuple[str, str, int]], changes: list[str]
) -> None:
    found = with_changes(of(*now), of(*before))
    assert [run["change"] for run in found["scenarios"]] == changes
    assert found["baseline"]["missing"] == (["flood"] if ("fail", "real", 0) in before else [])
