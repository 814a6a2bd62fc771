"""Each judge's three answers: nothing seen, holds, broken, by small histories.

Rules: judged.jsonl has a line an answer. Each history is what is left of a run of the reference or
of a mutant when all records are taken away that the answer does not need. judges.toml has what no
mutant shows, in words, and excuses.toml where a judge looks a second time before it answers.
"""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from etp_kit.simulator.core.cost import Cost, Held
from etp_kit.simulator.core.history import History, Record
from etp_kit.simulator.judging.case import Case
from etp_kit.simulator.judging.judges import JUDGES
from etp_kit.simulator.judging.judges.isolate import victims
from etp_kit.simulator.judging.ledger import Ledger

from .tales import told

ROWS = [json.loads(line) for line in Path(__file__).with_name("judged.jsonl").read_text(encoding="ascii").splitlines()]
TALES = [
    tale
    for name in ("judges.toml", "excuses.toml")
    for tale in tomllib.loads(Path(__file__).with_name(name).read_text(encoding="utf-8"))["tale"]
]
#: What one pass of nobody shows: these hold wherever nothing is seen that breaks them.
HOLD_UNSEEN = {"discover.hands-off", "discover.links", "run.errors", "run.guest"}


def _history(row: dict[str, Any], lines: list[Any]) -> History:
    """Rows of records as they stand, or lines in words."""
    return History([Record(*line) for line in lines]) if "from" in row else told(lines, **row.get("run", {}))


def case(row: dict[str, Any]) -> Case:
    judged, without = (_history(row, row[key]) if key in row else None for key in ("history", "without"))
    assert judged is not None
    costs = tuple(Cost(*cost) for cost in row.get("costs", ()))
    held = Held(*map(tuple, row["held"])) if "held" in row else None
    return Case(judged, Ledger(judged), without and Ledger(without), costs, held)


def name(row: dict[str, Any]) -> str:
    answer = row.get("answer")
    kept = "unseen" if answer is None else "broken" if answer else "holds"
    return f"{row['clause']} {kept}: {row.get('from') or row.get('name', 'a tale')}"


@pytest.mark.parametrize("row", ROWS + TALES, ids=name)
def test_a_judge_answers_as_it_did(row: dict[str, Any]) -> None:
    assert JUDGES[row["clause"]](case(row)) == row.get("answer")


def test_a_run_that_is_compared_with_none_has_no_victims() -> None:
    assert victims(case({"history": ["write 1.json", "begin", "look", "end"]})) == {}


@pytest.mark.parametrize("slug", JUDGES)
def test_where_nothing_was_done_nothing_is_seen(slug: str) -> None:
    judged = told(["begin", "end"])
    assert JUDGES[slug](Case(judged, Ledger(judged), None)) == ([] if slug in HOLD_UNSEEN else None)


def test_each_judge_holds_somewhere() -> None:
    assert {row["clause"] for row in ROWS + TALES if row.get("answer") == []} == set(JUDGES)


def test_each_judge_is_broken_somewhere() -> None:
    assert {row["clause"] for row in ROWS + TALES if row.get("answer")} == set(JUDGES)
