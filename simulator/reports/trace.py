"""Histories as a Chrome JSON trace, which Perfetto and Spall open: a process a scenario, a thread
an actor, the record index as time.

Why the index: virtual time stands still for thousands of records, so it is no axis. It stands in
the arguments. A microsecond of the trace is a record.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from ..core import without_secrets
from ..judging import ScenarioVerdict
from ..safe import safe

#: Characters of an argument.
_LONGEST = 400
#: The thread of passes; actors follow.
_PASSES = 1


def trace(results: Sequence[ScenarioVerdict]) -> Iterator[str]:
    """The document, piece by piece: a history may be larger than memory."""
    yield '{"displayTimeUnit":"ns","traceEvents":[\n'
    first = True
    for place, result in enumerate(results, 1):
        for event in _process(place, result):
            yield ("" if first else ",\n") + json.dumps(event, ensure_ascii=True, separators=(",", ":"))
            first = False
    yield "\n]}\n"


def _process(place: int, result: ScenarioVerdict) -> Iterator[dict[str, Any]]:
    yield _named("process_name", place, 0, f"{result.id}, {result.world} world, seed {result.seed}: {result.verdict}")
    yield _named("thread_name", place, _PASSES, "passes")
    threads: dict[str, int] = {}
    began: dict[str, Any] | None = None
    for line in result.lines:
        record = json.loads(line)
        actor = record["actor"]
        if actor not in threads:
            threads[actor] = _PASSES + 1 + len(threads)
            yield _named("thread_name", place, threads[actor], actor)
        if record["op"] == "pass-begin":
            began = record
        elif began is not None and record["op"] in {"pass-end", "crash", "tree"}:
            yield _pass(place, began, record)
            began = None
        yield _record(place, threads[actor], record)


def _named(what: str, process: int, thread: int, name: str) -> dict[str, Any]:
    args = {"name": safe(name, _LONGEST)}
    return {"ph": "M", "name": what, "pid": process, "tid": thread, "args": args}


def _pass(process: int, begun: dict[str, Any], ended: dict[str, Any]) -> dict[str, Any]:
    result = ended.get("result")
    end = result.get("end", ended["op"]) if isinstance(result, dict) else ended["op"]
    args = {"end": safe(str(end)), "virtual_ns": ended["t"] - begun["t"]}
    name = f"pass {begun['pass']}, {safe(begun['result']['kind'])} events"
    span = {"ts": begun["i"], "dur": ended["i"] - begun["i"] + 1}
    return {"ph": "X", "name": name, "cat": "pass", "pid": process, "tid": _PASSES, **span, "args": args}


def _record(process: int, thread: int, record: dict[str, Any]) -> dict[str, Any]:
    result = record.get("result")
    name = record["op"]
    if isinstance(result, dict):
        name = result.get("call") or result.get("act") or result.get("kind") or name
    args = {"i": record["i"], "virtual_ns": record["t"], "pass": record["pass"], **_arguments(record, result)}
    return {
        "ph": "X", "name": safe(str(name)), "cat": record["op"], "pid": process, "tid": thread, "ts": record["i"],
        "dur": 1, "args": args,
    }  # fmt: skip


def _arguments(record: dict[str, Any], result: Any) -> dict[str, Any]:
    told = {"path": safe(record["path"], _LONGEST)} if "path" in record else {}
    if isinstance(result, dict):
        told |= {f"result.{safe(name)}": _value(value) for name, value in result.items() if value is not None}
    return told


def _value(value: Any) -> Any:
    if isinstance(value, (bool, int, float)):
        return value
    return safe(without_secrets(value if isinstance(value, str) else json.dumps(_few(value))), _LONGEST)


def _few(value: Any) -> Any:
    """A list of thousands of labels is told by its beginning: it is cut to a line all the same."""
    return list(value)[:20] if isinstance(value, Iterable) and not isinstance(value, (str, dict)) else value
