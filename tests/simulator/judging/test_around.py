"""The records around a failure that names no event."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from etp_kit.simulator.judging.around import MOST, around
from etp_kit.simulator.judging.event_story import named_in

from .judged import case, rows
from .tales import told

TALES = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))["tale"]


def history_of(tale: dict[str, Any]) -> Any:
    return told(tale["history"], **tale.get("run", {}))


@pytest.mark.parametrize("tale", TALES, ids=lambda tale: tale["name"])
def test_a_reason_is_about_a_record_or_about_none(tale: dict[str, Any]) -> None:
    history = history_of(tale)
    lines = around(history, tale["reason"])
    if "place" not in tale:
        assert lines == ()
        return
    assert lines[0] == f"around #{tale['place']}, {tale['by']}:"
    assert any(line.startswith(f"#{tale['place']} ") for line in lines[1:])


@pytest.mark.parametrize(("place", "shown"), [(1, range(5)), (5, range(3, 8)), (8, range(5, 10))])
def test_five_records_are_told_wherever_it_stands(place: int, shown: range) -> None:
    files = [f"write {number}.json" for number in range(1, 9)]
    lines = around(told([*files]), f"log/Contoso.Agent/events/{place}.json is gone")
    assert len(shown) == MOST
    assert [line.partition(" ")[0] for line in lines[1:]] == [f"#{i}" for i in shown]


def test_a_history_of_fewer_is_told_whole() -> None:
    assert len(around(told(["begin", "end"]), "pass 0 is late")) == 1 + 4


def test_nothing_that_is_told_acts_where_it_is_shown() -> None:
    tale = ["begin", {"op": "notice", "kind": "error", "extension": "A\x1b[2J"}, "end"]
    actors = [{"handler": "A\x1b[2J", "name": "0:A"}]
    lines = around(told(tale, actors=actors), "A\x1b[2J: 0 notices of pass 0")
    assert lines[0] == "around #2, the last notice about A\\x1b[2J in pass 0:"
    assert all(line.isprintable() for line in lines)


def test_what_is_told_of_each_judges_failure_is_in_its_history() -> None:
    """Each failure on file names an event, or a record; else nothing is told of it."""
    told_of = []
    for row in rows():
        if row.get("answer"):
            judged, reason = case(row), "; ".join(row["answer"])
            if named_in(judged.ledger, reason) is None:
                told_of.append(bool(around(judged.history, reason)))
    assert len(told_of) > 80
    assert sum(told_of) > 0.65 * len(told_of)
