"""What a person reads of a run and of a conformance run, at any width."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from rich.cells import cell_len
from rich.console import Console

from etp_kit.simulator.base.exit_codes import Exit
from etp_kit.simulator.contract.clauses import CLAUSES
from etp_kit.simulator.core.said import Line, Said
from etp_kit.simulator.judging.conformance import ClauseRow, Conformance
from etp_kit.simulator.judging.verdict import ClauseVerdict, ScenarioVerdict
from etp_kit.simulator.reports.paragraphs import broken
from etp_kit.simulator.reports.terminal import show
from etp_kit.simulator.reports.terminal_suite import show_conformance

LONG = "a reason with more words than a narrow line holds, and then some; " * 3
AGAIN = "simulate --scenario quota/flood --seed 0 --collector " + "py:" + "very_" * 30 + "long:build"
STORY = (
    "Contoso: etp-1, due: collect", "#7 300.000 s, pass 0: collector read log/Contoso/events/1.json", "fate: vanished",
)  # fmt: skip
WIDTHS = [40, 60, 80, 120]


def verdict(slug: str, said: str, **more: Any) -> ClauseVerdict:
    return ClauseVerdict(slug, CLAUSES[slug].level, said, **more)


def failing(**more: Any) -> ScenarioVerdict:
    clauses = [
        verdict("event.mapping", "fail", reason=LONG, story=STORY),
        verdict("run.errors", "pass"),
        verdict("quota.notice", "skip", reason="the collector declares no notices"),
    ]
    entry = {"written": 1_234_567, "fates": {"delivered": 1_234_566, "vanished": 1}, "role": "bystander"}
    entry |= {"producer": "plain", "files": 1_234_567, "bytes": 123_456_789}
    told: dict[str, Any] = {
        "clauses": clauses, "victims": {"Contoso.Victim": 2}, "extensions": {"Contoso.Some.Agent": entry},
        "reproduce": AGAIN,
        "fates": {"delivered": 1_234_566, "vanished": 1}, "cause": ("it forgets",), "history_sha256": "ab" * 32,
        "said": Said((), tuple(Line(0, "log", f"line {number}") for number in range(30))),
    }  # fmt: skip
    return ScenarioVerdict("quota/flood", 0, "fake", "fail", **told | more)


def passing() -> ScenarioVerdict:
    found = failing(clauses=[verdict("run.errors", "pass")], victims={}, cause=())
    return replace(found, verdict="pass")


def printed(width: int, *results: ScenarioVerdict, suite: bool = False, **how: Any) -> list[str]:
    console = Console(file=io.StringIO(), width=width, emoji=False)
    if suite:
        slugs = dict.fromkeys(clause.slug for result in results for clause in result.clauses)
        rows = [row_of(slug, results) for slug in slugs]
        conformance = Conformance(tuple(rows), results, (), Exit.NOT_CONFORMANT)
        show_conformance(console, conformance, "mine", stopped=False, **how)
    else:
        show(console, results[0], "One extension floods", **how)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue().splitlines()


def row_of(slug: str, results: Sequence[ScenarioVerdict]) -> ClauseRow:
    its = [(result.id, clause) for result in results for clause in result.clauses if clause.slug == slug]
    first = its[0][1]
    return ClauseRow(slug, first.level, first.verdict, first.kind, first.reason, tuple(name for name, _ in its))


@pytest.mark.parametrize("suite", [False, True])
@pytest.mark.parametrize("width", WIDTHS)
def test_only_what_cannot_be_broken_is_wider(width: int, suite: bool) -> None:
    lines = printed(width, failing(), suite=suite)
    wider = [line for line in lines if cell_len(line) > width]
    assert all(len(line.split()) == 1 or line.endswith(AGAIN) or line.startswith("history ") for line in wider)
    assert sum(line.endswith(AGAIN) for line in lines) == 1
    told = " ".join(" ".join(lines).split())
    assert " ".join(LONG.split()) in told


@pytest.mark.parametrize("width", WIDTHS[1:])
def test_no_number_of_a_table_is_cut(width: int) -> None:
    lines = printed(width, failing())
    cells = "".join("".join(line.split("│")[1:]) for line in lines if line.startswith("│"))
    assert "…" not in "".join(lines)
    assert "1,234,566" in cells
    assert ("123,456,789" in cells) == (width == 120)


@pytest.mark.parametrize("suite", [False, True])
def test_failures_stand_last_with_all_that_somebody_needs(suite: bool) -> None:
    lines = [line.strip() for line in printed(120, failing(), suite=suite)]
    wanted = (
        "failed event.mapping", "expected: ", "found:    a reason", "the records of event.mapping:", STORY[1], "why:",
        "victims: Contoso.Victim (2 events)",
    )  # fmt: skip
    places = [next(place for place, line in enumerate(lines) if line.startswith(begin)) for begin in wanted]
    assert places == sorted(places)
    assert max(place for place, line in enumerate(lines) if line.startswith("└")) < places[0]
    assert CLAUSES["event.mapping"].statement[:60] in lines[places[1]]
    assert lines[-1].endswith(AGAIN) if not suite else lines[-2].endswith(AGAIN)


@pytest.mark.parametrize("suite", [False, True])
def test_a_failure_says_that_calls_came_in_the_machines_order(suite: bool) -> None:
    order = [line.strip() for line in printed(120, failing(hurried=3), suite=suite) if "order:" in line]
    assert len(order) == 1
    assert order[0].startswith("order: 3 calls came while another thread computed")
    assert not any("order:" in line for line in printed(120, failing(), suite=suite))


@pytest.mark.parametrize("suite", [False, True])
def test_quiet_prints_failures_and_the_last_line(suite: bool) -> None:
    quiet, all_of_it = (printed(120, failing(), suite=suite, quiet=quiet) for quiet in (True, False))
    begin = next(place for place, line in enumerate(all_of_it) if line.startswith("failed"))
    assert quiet == [line for line in all_of_it[begin:] if not line.startswith("history")]
    (line,) = printed(120, passing(), suite=suite, quiet=True)
    assert line.startswith("clauses: 1 passed" if suite else "PASS 1 of 1 clause passed")


def test_verbose_prints_all_that_was_said() -> None:
    some, whole = (printed(120, failing(), verbose=verbose) for verbose in (False, True))
    assert [sum("log: line" in line for line in lines) for lines in (some, whole)] == [20, 30]
    some, whole = (printed(120, passing(), verbose=verbose) for verbose in (False, True))
    assert [sum("log: line" in line for line in lines) for lines in (some, whole)] == [0, 30]


def test_what_changed_is_told_before_the_failures() -> None:
    for suite in (False, True):
        lines = printed(120, failing(), suite=suite, changes=["new: event.mapping"], quiet=True)
        assert lines[0] == "new: event.mapping"


def test_of_a_cause_with_many_clauses_five_are_told_with_their_records() -> None:
    many = [verdict(slug, "fail", reason="lost", story=STORY) for slug in list(CLAUSES)[:12]]
    for verbose, times in ((False, 5), (True, 12)):
        lines = printed(120, failing(clauses=many), suite=True, verbose=verbose)
        assert sum(line.lstrip().startswith("the records of") for line in lines) == times
        assert all(any(slug in line for line in lines) for slug in list(CLAUSES)[:12])


@pytest.mark.parametrize(
    ("text", "room", "lines"),
    [
        ("", 10, [""]),
        ("one two", 10, ["one two"]),
        ("one two three", 7, ["one two", "three"]),
        ("one two three", 8, ["one two", "three"]),
        ("a/very/long/path is gone", 10, ["a/very/long/path", "is gone"]),
        ("it is a/very/long/path", 10, ["it is", "a/very/long/path"]),
        ("aaa bbb ccc ddd", 7, ["aaa bbb", "ccc", "ddd"]),  # what is indented has two less
        ("漢字 漢字 漢字", 9, ["漢字 漢字", "漢字"]),
        ("two  spaces", 20, ["two  spaces"]),
    ],
)
def test_a_line_is_broken_between_words(text: str, room: int, lines: list[str]) -> None:
    assert list(broken(text, room)) == lines
