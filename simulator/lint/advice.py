"""What is wrong with an event that a collector takes all the same,
or worth a hint where it does not.

The collector validates no levels, times or ids (event.open-values). What they should be is what
publishers were told: an ISO 8601 time in UTC, six levels, a GUID. Nothing here decides a fate.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping
from typing import Any

from ..base import did_you_mean
from ..core import KEYS
from ..safe import safe
from .reference import event, redact, text
from .secrets import exposed, masked

LEVELS = ("Critical", "Error", "Warning", "Verbose", "Informational", "LogAlways")

#: (rule, text, key as documented): what is found in one event.
Advice = tuple[str, str, str]

_DOCUMENTED = {key.lower(): key for key in KEYS}
_GUID = re.compile(r"\{?[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}\}?\Z", re.IGNORECASE)
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d)([.,]\d+)?([Zz]|[+-]\d\d(:?\d\d)?)?\Z", re.ASCII)
_NUMBER = re.compile(r"[0-9]+\Z")


def documented(field: str) -> str:
    """A field of the collector, as publishers know it."""
    return _DOCUMENTED[field]


def advise(element: Any) -> Iterator[Advice]:
    """All advice on one element, as the collector's reader shows it: an object is a tuple of pairs.
    One a rule and key: an element of 30,000 duplicates is said once.
    """
    if type(element) is not tuple:
        return
    told = set()
    for advice in _advice(element):
        if (advice[0], advice[2]) not in told:
            told.add((advice[0], advice[2]))
            yield advice


def _advice(element: tuple[tuple[str, Any], ...]) -> Iterator[Advice]:
    last: dict[str, Any] = {}
    yield from _on_keys(element, last)
    for field, value in last.items():
        if type(value) is str:
            yield from _on_text(_DOCUMENTED[field], value)
    texts = {field: value.strip() for field, value in last.items() if type(value) is str}
    yield from _on_values(texts)
    for field in ("eventpid", "eventtid"):
        value = last.get(field)
        digits = value.strip() if type(value) is str else value.decode("ascii") if type(value) is bytes else ""
        if digits and not _NUMBER.match(digits):
            shown = _shown(digits) if type(value) is str else safe(digits, 60)
            yield "pid", f"{shown} is no decimal number of a process or thread", _DOCUMENTED[field]


def _on_keys(element: tuple[tuple[str, Any], ...], last: dict[str, Any]) -> Iterator[Advice]:
    seen: dict[str, str] = {}
    strange = {}
    for key, value in element:
        field = folded(key)
        if not field:
            if near := likely(key):
                strange[near] = key
            continue
        name = _DOCUMENTED[field]
        if field in seen:
            yield "duplicate-key", f"stands twice ({seen[field]!r}, {key!r}): the last wins", name
        elif key != name:
            yield "key-case", f"{key!r} is documented as {name!r}", name
        seen[field] = key
        last[field] = value
    for near, key in strange.items():
        if near not in seen:
            yield "unknown-key", f"{_shown(key)} is read by nobody; is {_DOCUMENTED[near]!r} meant?", _DOCUMENTED[near]


def folded(key: str) -> str:
    """The field that the collector takes a key for, or ""."""
    return next(iter(event.fold(((key, ""),))), "")


def likely(key: str) -> str:
    """The field that a key which is none may have been meant for, or ""."""
    if len(key) > 40:
        return ""
    plain = re.sub("[^a-z]", "", key.lower())
    return plain if plain in _DOCUMENTED else ""


def _on_text(key: str, value: str) -> Iterator[Advice]:
    if redact.redact(value) != value:
        yield "secret", "holds a shared-access signature: it stood on disk, whoever redacts it later", key
    if kinds := exposed(redact.redact(value)):
        yield "exposed-secret", f"holds {' and '.join(kinds)}, which no collector redacts: it reaches telemetry as it is", key
    carried = text.encodable(value)
    if carried != value:
        lost = next(old for old, new in zip(value, carried, strict=True) if old != new)
        yield "not-xml", f"holds U+{ord(lost):04X}, which the wire cannot carry: it becomes U+FFFD", key


def _on_values(values: Mapping[str, str]) -> Iterator[Advice]:
    if "timestamp" in values:
        yield from _on_timestamp(values["timestamp"])
    level = values.get("eventlevel", LEVELS[0])
    if level not in LEVELS:
        hint = did_you_mean(level[:60], LEVELS) or f"expected {', '.join(LEVELS)}"
        yield "event-level", f"{_shown(level)} is no documented level ({hint})", "EventLevel"
    operation = values.get("operationid", "0" * 32)
    if not _GUID.match(operation):
        yield "operation-id", f"{_shown(operation)} is no GUID", "OperationId"


def _on_timestamp(value: str) -> Iterator[Advice]:
    found = _MOMENT.match(value)
    if found and _exists(found[1]):
        if not found[3]:
            yield "timestamp-zone", f"{_shown(value)} names no time zone (append Z, if it is UTC)", "Timestamp"
        return
    hint = "expected such as 2026-01-05T00:00:00.000Z"
    if (spaced := _MOMENT.match(value.replace(" ", "T", 1))) and _exists(spaced[1]):
        hint = "a T belongs between date and time" + ("" if spaced[3] else ", and a zone, such as Z, at the end")
    yield "timestamp", f"{_shown(value)} is no ISO 8601 moment ({hint})", "Timestamp"


def _exists(moment: str) -> bool:
    try:
        datetime.datetime.fromisoformat(re.sub(":60$", ":59", moment).upper())
    except ValueError:
        return False
    return True


def _shown(value: str) -> str:
    """A value for a report: one line, short, and without the secret that may be in it."""
    return f"'{safe(masked(redact.redact(value)), 60)}'" if value else "an empty text"
