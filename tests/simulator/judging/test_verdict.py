"""From a case to verdicts: which clauses are judged, and what is made of an answer."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from etp_kit.simulator.base.exit_codes import Exit
from etp_kit.simulator.contract.clauses import CAPABILITIES, CLAUSES, Clause
from etp_kit.simulator.core.ends import STARVED
from etp_kit.simulator.judging import verdict as judging
from etp_kit.simulator.judging.case import Case
from etp_kit.simulator.judging.conformance import Conformance
from etp_kit.simulator.judging.judges import JUDGES, UNIVERSAL
from etp_kit.simulator.judging.ledger import Ledger
from etp_kit.simulator.judging.ranks import rank
from etp_kit.simulator.judging.told import verdict_told
from etp_kit.simulator.judging.verdict import (
    NOTHING_SHOWN,
    UNSEEN,
    ClauseVerdict,
    ScenarioVerdict,
    judge,
    lacking_capabilities,
    overall,
    with_failures,
)

from .tales import told

GOOD = ["write 1.json", "begin", "look", "deliver 1.json", "remove 1.json", "end"]
#: A clause that needs nothing and that no scenario judges unnamed.
PLAIN = "select.newest-first"
NEEDY = next(
    clause
    for clause in CLAUSES.values()
    if any(CAPABILITIES[name].of == "collector" for name in clause.requires) and clause.slug not in UNIVERSAL
)


def case(lines: list[Any], **run: Any) -> Case:
    history = told(lines, **run)
    return Case(history, Ledger(history), None)


def verdicts(named: list[str], lines: list[Any], **run: Any) -> dict[str, ClauseVerdict]:
    return {verdict.slug: verdict for verdict in judge(named, case(lines, **run))}


def clause(verdict: str, kind: str = "", slug: str = PLAIN) -> ClauseVerdict:
    return ClauseVerdict(slug, "core", verdict, kind=kind)


def test_calls_in_the_machines_order_are_counted() -> None:
    ended = {"kind": "extension", "end": "returned", "leaked": 0, "hurried": 2}
    lines = [*GOOD, "begin", {"actor": "kit", "op": "pass-end", "result": ended}]
    history = told(lines)
    assert verdict_told(("a", 0, "real"), history, case(lines), []).hurried == 2


class TestJudge:
    def test_clauses_that_nobody_named_are_judged_if_they_are_universal(self) -> None:
        assert set(verdicts([], GOOD)) <= set(UNIVERSAL)
        assert verdicts([], GOOD)["deliver.at-most-once"].verdict == "pass"

    def test_a_named_clause_of_which_nothing_was_seen_is_the_kits_error(self) -> None:
        found = verdicts([PLAIN], GOOD)[PLAIN]
        assert (found.verdict, found.reason) == ("error", NOTHING_SHOWN)

    def test_nothing_seen_in_a_world_that_lacks_something_is_no_error(self) -> None:
        lacking = next(name for name, one in CAPABILITIES.items() if one.of != "collector")
        found = verdicts([PLAIN], GOOD, lacking=[lacking])[PLAIN]
        assert (found.verdict, found.kind) == ("skip", UNSEEN)
        assert found.reason == f"nothing was seen of it: a program's world offers no {lacking}"

    def test_a_problem_fails_its_clause_with_all_problems(self) -> None:
        lines = [*GOOD[:4], "deliver 1.json", *GOOD[4:]]
        found = verdicts([], lines)["deliver.at-most-once"]
        assert found.verdict == "fail"
        assert "2" in found.reason

    def test_beside_a_failure_nothing_seen_is_inconclusive(self) -> None:
        found = verdicts([PLAIN], [*GOOD[:4], "deliver 1.json", *GOOD[4:]])[PLAIN]
        assert (found.verdict, found.kind) == ("skip", "inconclusive")

    def test_a_clause_that_needs_what_is_not_declared_is_skipped_where_it_is_named(self) -> None:
        found = verdicts([NEEDY.slug], GOOD)[NEEDY.slug]
        assert (found.verdict, found.reason) == ("skip", lacking_capabilities(NEEDY.requires, {"capabilities": {}}))
        assert NEEDY.slug not in verdicts([], GOOD)

    def test_a_capability_that_is_declared_and_does_not_hold_fails_what_needs_it(self) -> None:
        name = next(name for name in NEEDY.requires if CAPABILITIES[name].of == "collector")
        declared = {one: True for one in CAPABILITIES} | {"settings": list(CAPABILITIES)}
        lines = [{"op": "capability", "name": name, "problem": "it lies"}, *GOOD]
        found = verdicts([NEEDY.slug], lines, capabilities=declared)[NEEDY.slug]
        assert (found.verdict, found.reason) == ("fail", f"the collector declares {name}, and it lies")

    def test_a_clause_without_a_judge_is_an_error(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delitem(JUDGES, PLAIN)
        assert verdicts([PLAIN], GOOD)[PLAIN].reason == "no judge knows this clause"

    def test_a_pass_of_who_brought_nothing_is_inconclusive(self) -> None:
        found = verdicts([], ["write 1.json", "begin", "look", "end"])
        assert {(one.verdict, one.kind) for one in found.values() if one.verdict != "fail"} == {
            ("skip", "inconclusive")
        }

    def test_a_part_that_is_not_offered_is_told(self, monkeypatch: pytest.MonkeyPatch) -> None:
        partly: Clause = replace(CLAUSES["deliver.at-most-once"], partly_requires=("notices",))
        monkeypatch.setattr(judging, "CLAUSES", {**CLAUSES, "deliver.at-most-once": partly})
        found = verdicts([], GOOD)["deliver.at-most-once"]
        assert (found.verdict, found.reason) == ("pass", "in part: the collector declares no notices")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([], "error"),
        ([clause("pass")], "pass"),
        ([clause("pass"), clause("fail"), clause("error")], "fail"),
        ([clause("pass"), clause("error")], "error"),
        ([clause("skip")], "skip"),
        ([clause("pass"), clause("skip")], "pass"),
        ([clause("pass"), clause("skip", UNSEEN)], "skip"),
    ],
)
def test_a_scenario_is_as_good_as_its_clauses(given: list[ClauseVerdict], expected: str) -> None:
    assert overall(given) == expected


def test_failures_that_are_found_later_join_those_that_are_known() -> None:
    first = ClauseVerdict("run.errors", "core", "fail", "one")
    found = with_failures([first, clause("pass")], {"run.errors": "two", PLAIN: "three"})
    assert [(one.slug, one.verdict, one.reason) for one in found] == [
        (PLAIN, "fail", "three"),
        ("run.errors", "fail", "one; two"),
    ]


def test_verdicts_are_ranked_the_worst_first() -> None:
    ordered = [("fail", ""), ("error", ""), ("skip", "starved"), ("fail", "known"), ("pass", ""), ("skip", "")]
    assert [rank(*one) for one in ordered] == [0, 1, 2, 3, 4, 5]
    assert rank("fail", "difference") == rank("fail", "known")


def test_who_needs_someone() -> None:
    results = tuple(
        ScenarioVerdict(f"{verdict} {kind}", 0, "fake", verdict, kind)
        for verdict, kind in [
            ("pass", ""),
            ("skip", ""),
            ("fail", ""),
            ("fail", "known"),
            ("error", ""),
            ("fail", "hang"),
            ("skip", STARVED),
        ]
    )
    found = Conformance((), results, (), Exit.NOT_CONFORMANT)
    assert [one.id for one in found.failures] == ["fail ", "error ", "fail hang"]
    assert [one.kind for one in found.starved] == [STARVED]
