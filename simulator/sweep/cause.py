"""A cause in words: the first decision that differs, with a column an actor, in twelve lines.

Rules: a line of it is one line, whatever an event or a name has in it. Of two values of one event
what is told begins just before the first letter that differs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..core import (
    AGENT_EVENTS_DIR,
    LOG_DIR,
    PARAMETER_NAMES,
    Record,
    is_agent_event,
    is_entry_or_below,
    is_event_file,
    is_events_dir,
    is_handler_dir,
    is_outside,
)
from .aligning import Parting

_LONGEST = 60
#: Letters that are told before the first that differs.
_BEFORE = 12


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a run fails. ``twin``: what it was compared with; ``decisive``: what of the scenario
    makes the difference, "" for nothing in particular.
    """

    signature: str
    reason: str
    collector: str
    twin: str
    parting: Parting | None
    decisive: str
    died: str = ""

    def lines(self) -> list[str]:
        """At most twelve, with a column an actor."""
        head = [f"{self.signature}: {self.reason}"]
        if self.died:
            return [*head, f"the run gave no history: {self.died}", *self._decisive()]
        if self.parting is None:
            return [
                *head,
                f"no decision differs from {self.twin}: what is judged was not seen by either",
                *self._decisive(),
            ]
        found = self.parting
        width = max(len(self.collector), len(self.twin), 12)
        rows = [f"pass {_pass_of(found)}"]
        if found.before is not None:
            rows.append(f"  {'both':<{width}}  {_told(found.before)}")
        mine, other = _told_apart(found.here, found.there)
        rows += [f"  {self.collector:<{width}}  {mine}", f"  {self.twin:<{width}}  {other}"]
        ours, theirs = found.consequences
        return [
            *head,
            "the first decision that differs:",
            *rows,
            f"what follows from it: {ours} acts here, {theirs} there",
            *self._decisive(),
        ]

    @property
    def names(self) -> frozenset[str]:
        """What the decision is about, in words: the act of either side, the kind of its file, and a
        parameter that differs.
        """
        if self.parting is None:
            return frozenset()
        here, there = self.parting.here, self.parting.there
        field = differing(here, there)[0]
        return frozenset({*_words(here), *_words(there), field} - {""})

    def _decisive(self) -> list[str]:
        return [f"it needs {self.decisive}: without it the verdict is another"] if self.decisive else []


def _words(record: Record | None) -> set[str]:
    if record is None:
        return {"end"}
    result = record.result if isinstance(record.result, dict) else {}
    if record.op == "call":
        return {str(result["call"]), _kind_of(record.path)}
    if record.op == "deliver":
        key = result["key"]
        return {record.op, "agent-event" if isinstance(key, list) and key[0] == "" else "event"}
    return {record.op, str(result.get("kind", "")), _kind_of(record.path)}


def _kind_of(path: str) -> str:
    """What a path is to a collector; "" for none of these."""
    kinds = {
        "log-dir": path == LOG_DIR,
        "agent-dir": path == AGENT_EVENTS_DIR,
        "agent-event": is_agent_event(path),
        "handler": is_handler_dir(path),
        "events-dir": is_events_dir(path),
        "event": is_event_file(path),
        "leftover": is_entry_or_below(path),
        "outside": is_outside(path),
    }
    return next((kind for kind, is_one in kinds.items() if is_one), "")


def _pass_of(found: Parting) -> int:
    record = found.here or found.there or found.before
    return record.pass_number if record else 0


def differing(here: Record | None, there: Record | None) -> tuple[str, Any, Any]:
    """Of two deliveries of one event the first parameter that differs, with both values: None of
    one that has it not. "" where they are no such deliveries, or differ in none.
    """
    if here is None or there is None or not here.op == there.op == "deliver":
        return "", None, None
    if here.result["key"] != there.result["key"]:
        return "", None, None
    ours, theirs = (_parameters(record.result) for record in (here, there))
    for name in dict.fromkeys((*ours, *theirs)):
        if ours.get(name) != theirs.get(name):
            return name, ours.get(name), theirs.get(name)
    return "", None, None


def _parameters(result: dict[str, Any]) -> dict[str, Any]:
    return dict(zip(result.get("names", PARAMETER_NAMES), result["values"], strict=False))


def _told_apart(here: Record | None, there: Record | None) -> tuple[str, str]:
    """Both acts; of two deliveries of one event the first value that differs."""
    name, mine, other = differing(here, there)
    if not name or here is None:
        return _told(here), _told(there)
    lead = f"hands over {_place(here)} with {name} = "
    ours, theirs = _values_apart(mine, other)
    return f"{lead}{ours}", f"{lead}{theirs}"


def _place(delivered: Record) -> str:
    key = delivered.result["key"]
    return "/".join(map(str, key)) if isinstance(key, list) else str(key)


def _values_apart(mine: Any, other: Any) -> tuple[str, str]:
    """Both values, from just before their first difference on."""
    if not (isinstance(mine, str) and isinstance(other, str)):
        return f"{mine!r:.{_LONGEST}}", f"{other!r:.{_LONGEST}}"
    same = next((i for i, (a, b) in enumerate(zip(mine, other, strict=False)) if a != b), min(len(mine), len(other)))
    begin = max(0, same - _BEFORE)
    lead = "..." if begin else ""
    ours, theirs = (f"{lead}{value[begin : begin + _LONGEST]!r}" for value in (mine, other))
    return ours, theirs


def _told(record: Record | None) -> str:
    """One act, in a line."""
    if record is None:
        return "does nothing here"
    result = record.result if isinstance(record.result, dict) else {}
    if record.op == "call":
        error = f" -> {result['errno']}" if "errno" in result else ""
        wait = f" {result['ns'] / 1e9:g} s" if "ns" in result else ""
        return f"{result['call']} {record.path}{wait}{error}".strip()
    if record.op == "step":
        return f"{record.actor.partition(':')[2]} does {result['act']} {record.path}"
    if record.op == "deliver":
        return f"hands over {_place(record)}: {_values(result)}"
    if record.op == "flush":
        return f"flush: {'confirmed' if result.get('confirmed') else 'not confirmed'}"
    rest = ", ".join(f"{key} {value}" for key, value in result.items() if value not in (None, ""))
    return f"{record.op} {record.path} {rest}".replace("  ", " ").strip()


def _values(result: dict[str, Any]) -> str:
    return " | ".join(repr(value)[:_LONGEST] for value in result["values"] if value not in ("", None))
