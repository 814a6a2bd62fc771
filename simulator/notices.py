"""What a pass told its operators, in one form for every kind of collector.

``collect()`` may return an object (or a mapping) with ``notices`` and ``ledger``. Texts are not kept: they may name errors of the machine. Whether one says
what operators search for is.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from typing import Any

from simulator.wording import is_reworded


def told_notices(report: Any, handlers: Iterable[str]) -> list[dict[str, Any]]:
    """The notices of a pass report, as the history tells them; nothing where there are none."""
    known = set(handlers)
    if not tells_notices(report):
        return []
    return [told_notice(notice, known) for notice in _part(report, "notices")]


def told_notice(notice: Any, handlers: Container[str]) -> dict[str, Any]:
    """One notice; ``reworded`` stands there only where it is so."""
    extension = _field(notice, "extension")
    kind, reason, count = str(_field(notice, "kind")), _text(_field(notice, "reason")), _number(_field(notice, "count"))
    told: dict[str, Any] = {
        "kind": kind,
        "extension": extension if extension in handlers else _text(extension),
        "reason": reason,
        "count": count,
    }
    return {**told, "reworded": True} if is_reworded(kind, reason, count, _field(notice, "text")) else told


def tells_notices(report: Any) -> bool:
    """Whether a pass report has notices at all, be it none today."""
    notices = _part(report, "notices")
    return isinstance(notices, Iterable) and not isinstance(notices, (str, bytes, Mapping))


def told_ledger(report: Any) -> dict[str, dict[str, Any]] | None:
    """{extension: {name: count or {reason: count}}}, or None where the report has no ledger."""
    ledger = _part(report, "ledger")
    if not isinstance(ledger, Mapping):
        return None
    return {str(extension): _counts(entry) for extension, entry in ledger.items()}


def _counts(entry: Any) -> dict[str, Any]:
    fields = entry if isinstance(entry, Mapping) else entry._asdict() if hasattr(entry, "_asdict") else getattr(entry, "__dict__", {})
    told: dict[str, Any] = {}
    for name, value in fields.items():
        if isinstance(value, Mapping):
            told[str(name)] = {str(reason): _number(count) for reason, count in value.items()}
        else:
            told[str(name)] = _number(value)
    return told


def _part(report: Any, name: str) -> Any:
    return report.get(name) if isinstance(report, Mapping) else getattr(report, name, None)


def _field(notice: Any, name: str) -> Any:
    return notice.get(name) if isinstance(notice, Mapping) else getattr(notice, name, None)


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _number(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0
