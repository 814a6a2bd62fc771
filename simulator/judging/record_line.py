"""A record of a history in a line: what was done, to what, and how it ended."""

from __future__ import annotations

from typing import Any

from ..core import Record
from ..safe import safe

_LONGEST = 300


def line_of(record: Record) -> str:
    """The record as somebody reads it: nothing in it acts where it is shown."""
    result = record.result if isinstance(record.result, dict) else {}
    does = str(result.get("act") or result.get("call") or record.op)
    parts = [does, record.path, *_details(record.op, result)]
    return safe(" ".join(part for part in parts if part), _LONGEST)


def _details(op: str, result: dict[str, Any]) -> list[str]:
    found = [f"to {result['to']}"] if result.get("to") else []
    if "bytes" in result:
        found.append(f"{result['bytes']:,} bytes")
    if op == "deliver":
        found.append(" ".join(map(str, result["key"] or ["without a key"])))
    if op != "step" and op not in {"call", "deliver", "run"}:
        told = {name: value for name, value in result.items() if value not in (None, "", [], {})}
        found += [f"{name}={value}" for name, value in told.items() if name not in {"bytes", "to", "errno"}]
    if "errno" in result:
        found.append(f"failed: {result['errno']}")
    return found
