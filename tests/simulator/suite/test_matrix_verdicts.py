"""A row of the matrix as a verdict, for reports."""

from __future__ import annotations

from pathlib import Path

import pytest

from etp_kit.simulator.core import STARVED
from etp_kit.simulator.scenario.variants import Interleave
from etp_kit.simulator.suite import matrix_verdicts, reproduce
from etp_kit.simulator.suite.exhaustion import Placement
from etp_kit.simulator.suite.matrix import Row, objects
from etp_kit.simulator.suite.matrix_verdicts import verdict_of_row

from .test_matrix import FILE, call, placed

NAME = next(iter(objects()))
MINE = "py:mine:build"


def row_of(*places: Placement) -> Row:
    row = Row(NAME, seconds=2.5)
    for place in places:
        row.add(place)
    return row


def met(*problems: tuple[str, str], held: tuple[str, ...] = ()) -> Placement:
    return placed(call("open", FILE), problems=list(problems))._replace(held=held)


def test_a_row_in_which_all_holds_passes() -> None:
    verdict = verdict_of_row(row_of(met(held=("run.errors", "discover.links")), met()), "reference", 0, "real")
    told = {clause.slug: (clause.verdict, clause.reason) for clause in verdict.clauses}
    assert (verdict.id, verdict.verdict, verdict.wall_seconds) == (f"matrix/{NAME}", "pass", 2.5)
    assert told["run.errors"] == told["discover.links"] == ("pass", "")
    assert told["isolate.extension"] == ("skip", "nothing was seen of it")
    assert verdict.variants == {"interleave": {"tried": 2, "failed": 0}}
    assert verdict.met == {"open": 2}


def test_a_clause_that_broke_tells_in_how_many_places_and_the_first() -> None:
    places = [
        met(("run.errors", "it fell"), ("run.errors", "and again")),
        met(("run.errors", "later"), ("quota.notice", "none"), held=("discover.links",)),
        met(held=("run.errors",)),
    ]
    verdict = verdict_of_row(row_of(*places), MINE, 7, "fake")
    told = {clause.slug: clause.reason for clause in verdict.clauses if clause.verdict == "fail"}
    first = f"open: {Interleave(0, 0, 1)}"
    assert verdict.verdict == "fail"
    assert told == {
        "run.errors": f"in 2 of 3 places, such as before {first}: it fell",
        "quota.notice": f"in 1 of 3 places, such as before {first}: none",
    }
    assert verdict.variants == {"interleave": {"tried": 3, "failed": 2}}
    assert (verdict.seed, verdict.world) == (7, "fake")


def test_what_broke_first_is_told_however_much_broke_before() -> None:
    """The terminal keeps a few failures; a report has each clause."""
    places = [met(("run.errors", "one"))] * 20
    verdict = verdict_of_row(row_of(*places, met(("quota.notice", "last"))), MINE, 0, "real")
    assert {clause.slug for clause in verdict.clauses if clause.verdict == "fail"} == {"run.errors", "quota.notice"}


@pytest.mark.parametrize(("kind", "verdict"), [("hang", "fail"), (STARVED, "skip")])
def test_a_row_whose_process_died_tells_how(kind: str, verdict: str) -> None:
    row = Row(NAME, death=f"{kind}: no end: ever", starved=kind == STARVED, seconds=9.0)
    found = verdict_of_row(row, MINE, 0, "real")
    assert (found.verdict, found.kind, found.detail, found.wall_seconds) == (verdict, kind, "no end: ever", 9.0)
    assert {clause.verdict for clause in found.clauses} == {verdict}


@pytest.mark.parametrize(
    ("collector", "seed", "world", "line"),
    [
        ("reference", 0, "real", "simulate matrix --object 'vanishing file' --seed 0"),
        (MINE, 3, "fake", f"simulate matrix --object 'vanishing file' --seed 3 --collector {MINE} --world fake"),
    ],
)
def test_the_line_shows_the_row_again(collector: str, seed: int, world: str, line: str) -> None:
    assert verdict_of_row(Row("vanishing file"), collector, seed, world).reproduce == line


def test_a_program_is_asked_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reproduce, "asked_hooks", lambda: "require")
    line = reproduce.matrix_line("FIFO", "cmd:./mine", 0, "real")
    assert line == "simulate matrix --object FIFO --seed 0 --collector cmd:./mine --hooks require"
    assert "--hooks" not in reproduce.matrix_line("FIFO", MINE, 0, "real")


def test_the_file_that_is_named_is_there() -> None:
    assert (Path(matrix_verdicts.__file__).parents[2] / matrix_verdicts.FILE).is_file()
    assert verdict_of_row(Row(NAME), MINE, 0, "real").file == matrix_verdicts.FILE
