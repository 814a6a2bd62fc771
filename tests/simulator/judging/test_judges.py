"""Each judge's three answers: nothing seen, holds, broken, by small histories.

Rules: judged.jsonl has a line an answer. Each history is what is left of a run of the reference or
of a mutant when all records are taken away that the answer does not need. judges.toml has what no
mutant shows, in words, and excuses.toml where a judge looks a second time before it answers.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from etp_kit.simulator.judging.case import Case
from etp_kit.simulator.judging.judges import JUDGES
from etp_kit.simulator.judging.judges.isolate import victims
from etp_kit.simulator.judging.ledger import Ledger

from .judged import JUDGED, case, name, renew, rows, text_of
from .tales import told

ROWS = rows()
TALES = [
    tale
    for name in ("judges.toml", "excuses.toml")
    for tale in tomllib.loads(Path(__file__).with_name(name).read_text(encoding="utf-8"))["tale"]
]
#: What one pass of nobody shows: these hold wherever nothing is seen that breaks them.
HOLD_UNSEEN = {"discover.hands-off", "discover.links", "run.errors", "run.guest"}


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


def test_renewing_writes_the_words_of_today_and_the_same_bytes_otherwise(tmp_path: Path) -> None:
    copy = tmp_path / JUDGED.name
    changed = [row | {"answer": row["answer"] and ["other words"]} for row in ROWS]
    copy.write_text(text_of(changed), encoding="ascii")
    assert copy.read_bytes() != JUDGED.read_bytes()
    assert renew(copy) == []
    assert copy.read_bytes() == JUDGED.read_bytes()


def test_an_answer_of_another_kind_is_named_and_nothing_is_written(tmp_path: Path) -> None:
    copy = tmp_path / JUDGED.name
    number, broken = next((number, row) for number, row in enumerate(ROWS) if row["answer"])
    copy.write_text(text_of([*ROWS[:number], broken | {"answer": []}, *ROWS[number + 1 :]]), encoding="ascii")
    before = copy.read_bytes()
    (said,) = renew(copy)
    assert said == f"judged.jsonl:{number + 1}: {broken['clause']} holds: {broken['from']}, now broken"
    assert copy.read_bytes() == before
