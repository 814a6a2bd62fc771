"""The story of one event: every record of the history that is about it, in order, then its fate.

Rules: an event is known by its token, or by the path of its file. What is told is what the history
holds, and of an altered one both values. A long story is told by its beginning and its end, and
says what it leaves out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ..base import SECOND, counted
from ..core import History, Record
from .around import around
from .due_values import value_lines
from .ledger import Ledger
from .written import Written

#: Lines of a story that stands beside a failure.
MOST_LINES = 8
_TOKEN = re.compile(r"etp-[0-9a-f]{12}", re.ASCII)
_FILE = re.compile(r"[0-9]+\.json", re.ASCII)


def find_events(ledger: Ledger, wanted: str) -> list[Written]:
    """The events with this token, else those in files whose paths end so, or an absolute path of
    them, as a collector tells one."""
    tokened = [event for event in ledger.events if event.token and event.token == wanted]
    return tokened or [event for event in ledger.events if event.path and _is_path_of(wanted, event.path)]


def _is_path_of(wanted: str, path: str) -> bool:
    return f"/{path}".endswith(f"/{wanted}") or (wanted.startswith("/") and wanted.endswith(f"/{path}"))


def named_in(ledger: Ledger, reason: str) -> Written | None:
    """The first event that a failure's reason names, by its token or by extension and file."""
    found = _TOKEN.search(reason)
    if found is not None:
        return next(iter(find_events(ledger, found[0])), None)
    extension, file = reason.partition(": ")[0], _FILE.search(reason)
    if file is None:
        return None
    return next((one for one in ledger.events if one.extension == extension and one.file == file[0]), None)


def story(history: History, event: Written, most: int | None = None) -> tuple[str, ...]:
    """What became of an event, record by record. ``most``: lines at most, without
    values; None for all."""
    told = list(_records(history, event))
    head = f"{event.extension}: {event.token or event.file}, due: {' '.join(filter(None, (event.due, event.reason)))}"
    end = f"fate: {event.fate}{event.why and f' ({event.why})'}"
    if most is not None and len(told) > most - 2:
        begin, rest = (most - 3) // 2, most - 3 - (most - 3) // 2
        left = len(told) - begin - rest
        told = [*told[:begin], f"... {counted(left, 'more record')}", *told[-rest:]]
    return (head, *told, *value_lines(event), end)


def _records(history: History, event: Written) -> Iterator[str]:
    paths = {event.path}
    steps = [record for record in history if record.op == "step"]
    for record in reversed(steps):  # where it stood before it was renamed
        if record.result.get("to") in paths and record.result["act"] in {"rename", "replace"}:
            paths.add(record.path)
    delivered = {one.i for one in event.deliveries}
    for i, record in enumerate(history):
        text = "handed it over" if i in delivered else _told(record, event, paths)
        if text:
            yield f"#{i} {record.t / SECOND:.3f} s, pass {record.pass_number}: {record.actor} {text}"


def _told(record: Record, event: Written, paths: set[str]) -> str:
    """The record in words; "" where it is not about the event."""
    result: Any = record.result
    if record.op == "step" and (record.path in paths or result.get("to") in paths):
        size = f", {result['bytes']:,} bytes" if "bytes" in result else ""
        return f"{result['act']} {record.path}{_to(result)}{size}{_failed(result)}"
    if record.op == "call" and record.path in paths:
        return f"{result['call']} {record.path}{_failed(result)}"
    if record.op == "fault" and (record.path in paths or _is_key(result.get("key"), event)):
        return f"met a planned fault: {result['kind']}"
    return ""


def _is_key(key: object, event: Written) -> bool:
    return isinstance(key, list) and key[:3] == [event.extension, event.file, event.index]


def _to(result: dict[str, Any]) -> str:
    return f" to {result['to']}" if result.get("to") else ""


def _failed(result: dict[str, Any]) -> str:
    return f", which failed: {result['errno']}" if "errno" in result else ""


def stories(history: History, ledger: Ledger, reasons: dict[str, str]) -> dict[str, tuple[str, ...]]:
    """clause -> the story of the first event that its reason names. Of a reason that names none the
    records around what it is about are told, where it names that."""
    found = {slug: _story_of(history, ledger, reason) for slug, reason in reasons.items()}
    return {slug: told for slug, told in found.items() if told}


def _story_of(history: History, ledger: Ledger, reason: str) -> tuple[str, ...]:
    event = named_in(ledger, reason)
    return around(history, reason) if event is None else story(history, event, MOST_LINES)
