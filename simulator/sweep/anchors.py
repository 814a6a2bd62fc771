"""The schedule of a run, in words: where each step fell within a pass, by the act of the collector
that came next.

Rules: a seed's schedule is thousands of draws, and a failure needs one or two of them. So what the
seed chose becomes places of the scenario language, each anchored in a call, a directory and a
count.
"""

from __future__ import annotations

import glob
from collections import Counter
from typing import Any

from ..core import COLLECTOR, History, Record

#: Places beyond which a schedule is no schedule that somebody reads; what comes after them is not
#: placed.
MOST_PLACES = 60


def places_of(history: History) -> list[dict[str, Any]]:
    """The places of a run's steps within passes, as the data of a scenario file."""
    handlers = {actor["name"]: actor["handler"] for actor in history.records[0].result["actors"]}
    found: list[dict[str, Any]] = []
    waiting: list[str] = []
    met: Counter[tuple[str, str]] = Counter()
    inside = False
    number = -1
    for record in history:
        if record.op == "pass-begin":
            inside = True
            if record.pass_number != number:
                number = record.pass_number
                met.clear()
            waiting = []
        elif record.op == "pass-end":
            inside = False
        elif inside and record.op == "step":
            waiting.append(handlers.get(record.actor, ""))
        elif inside and (label := _act_of(record)):
            patterns = _patterns_of(record.path)
            met.update((label, pattern) for pattern in patterns)
            nearest = patterns[-1]
            found += [_place(actor, label, nearest, met[label, nearest], number) for actor in waiting if actor]
            waiting = []
    return _joined(found)[:MOST_PLACES]


def _patterns_of(path: str) -> list[str]:
    """Every pattern of a place that such a path matches, the nearest last: a star crosses slashes,
    so what lies deeper counts as well.
    """
    above = [path[:i] for i, letter in enumerate(path) if letter == "/"]
    return [f"{glob.escape(directory)}/*" for directory in above] or [glob.escape(path)]


def _act_of(record: Record) -> str:
    """What stands before an act of the collector at which a step may fall; "" for what is none."""
    if record.actor != COLLECTOR:
        return ""
    if record.op in {"deliver", "flush"}:
        return record.op
    if record.op == "call" and record.result["call"] != "sleep" and "seen" not in record.result:
        return str(record.result["call"])
    return ""


def _place(actor: str, label: str, path: str, nth: int, number: int) -> dict[str, Any]:
    place: dict[str, Any] = {"actor": actor, "before": label}
    if path:
        place["path"] = path
    if nth > 1:
        place["nth"] = nth
    if number:
        place["in_pass"] = number
    return place


def _joined(places: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Steps of one actor at one place are one place."""
    joined: list[dict[str, Any]] = []
    for place in places:
        if joined and {**joined[-1], "steps": 1} == {**place, "steps": 1}:
            joined[-1]["steps"] = joined[-1].get("steps", 1) + 1
        else:
            joined.append(place)
    return joined
