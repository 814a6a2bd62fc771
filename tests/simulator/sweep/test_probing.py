"""Probes: each can be reached by its own records, and by no less."""

from __future__ import annotations

from typing import Any

import pytest

from etp_kit.simulator.core import COLLECTOR, History, Record
from etp_kit.simulator.sweep.probing import _TOLD_BY, Sight, probes, reached


def _record(sight: Sight, file: str) -> Record:
    result: dict[str, Any] = {}
    if sight.op in _TOLD_BY:
        result[_TOLD_BY[sight.op]] = sight.what
    if sight.op == "flush":
        result["confirmed"] = sight.what == "True"
    if sight.op in {"deliver", "fault"}:
        result["key"] = ["x", "1.json", 0]
    if sight.op == "step" and sight.what in {"rename", "replace", "link"}:
        result["to"] = "log/x/events/1.json"
    if sight.errno:
        result["errno"] = "EIO" if sight.errno == "any" else sight.errno
    path = file if sight.path in {"*", "log/*/events/*.json", "log/*/events/*[!n]"} else sight.path.replace("*", "1")
    return Record(0, 0, COLLECTOR, sight.op, path, result)


def _history(sights: tuple[Sight, ...]) -> History:
    records = []
    inside = False
    file = "log/x/events/1.json" if all("[!n]" not in sight.path for sight in sights) else "log/x/events/1.tmp"
    for sight in sights:
        if sight.inside and not inside:
            records.append(Record(0, 0, "kit", "pass-begin", "", {"kind": ""}))
        inside = bool(sight.inside)
        records.append(_record(sight, file))
    return History(records)


@pytest.mark.parametrize("name", probes())
def test_its_records_reach_it_and_fewer_do_not(name: str) -> None:
    records = probes()[name].records
    assert reached(_history(records)).get(name) == 1
    assert name not in reached(_history(records[:-1]))


def test_there_are_sixty() -> None:
    assert len(probes()) >= 60
