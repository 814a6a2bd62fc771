"""What a pass told its operators, in plain values and one form for every kind of collector.

Rules:

* ``collect()`` may return an object (or a mapping) with ``notices`` and ``ledger``. Reading them may run a collector's code, and is done once; whatever that
  raises is a problem of the report, never of the kit.
* Texts are not kept: they may name errors of the machine. Whether one says what operators search for is.
* Judges know notices by their kinds, so these are a fixed vocabulary (docs/collectors.md), and who declares notices keeps to it.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from ..base import is_interrupt
from ..core import OWN_KINDS, NoticeResult
from .wording import is_reworded, told_drops

#: Every kind of notice, and what it tells.
KINDS = {
    "collected": "how many events were handed over",
    "drops": "how many events were dropped for this reason",
    "quota": "the quota was reached, and the rest discarded",
    "rejects": "too much was of no use (quota.rejects), and the rest discarded",
    "work": "enough was parsed (read.bounded-time), and the rest discarded",
    "size": "files larger than allowed",
    "irregular": "what is no regular file of its own: links, FIFOs, directories",
    "failed": "files that could not be processed",
    "unremovable": "files that could not be removed",
    "not-a-directory": "an events dir that cannot be entered as one",
    "entries": "an events dir holds more than a pass looks at (discover.endless)",
    "sender-error": "the sender did not take events, or did not confirm them",
    "sender-stopped": "the pass was skipped, as the sender is not running",
    "log-dir": "the log dir cannot be listed",
    "agent-dir": "the agent events dir cannot be listed",
    "agent-drops": "how many agent events were dropped, and why the first of them were",
    "error": "anything else that went wrong",
}

#: Those whose text ends with an error.
_OF_ERRORS = {"failed", "unremovable", "not-a-directory", "sender-error", "log-dir", "agent-dir", "agent-drops", "error"}
#: Matches a text that formats a missing exception: it ends in "None" or "NoneType: None".
_NO_ERROR = re.compile(r"[:;] ?None(?:Type(?:: None)?)?(?=$|, | \([0-9]+ more)")
#: More notices than any pass can have: an iterator may go on for ever.
_MOST = 100_000
#: Beyond it a number is no count; JSON and Python know larger ones than can be printed.
_MOST_COUNT = 1 << 63
_ABSENT = object()


@dataclass(frozen=True, slots=True)
class Told:
    """A pass report. ``notices``: as the history tells them; ``ledger``: {extension: {name: count
    or {reason: count}}}, None where it has none.

    ``problem``: what is wrong with the notices beyond any clause, the first of it, or "". For who
    declares the capability ``notices``.
    """

    notices: list[NoticeResult]
    ledger: dict[str, dict[str, Any]] | None
    problem: str


def read_report(report: Any) -> Told:
    """What ``collect()`` returned, read once."""
    try:
        notices = _notices(report)
        told = [read_notice(notice) for notice in notices or ()]
        problem = "what a pass returned has none" if notices is None else next(filter(None, map(_unfit, notices)), "")
    except BaseException as error:
        if is_interrupt(error):
            raise
        told, problem = [], f"what a pass returned cannot be read: {type(error).__name__}"
    try:
        ledger = _ledger(report)
    except BaseException as error:
        if is_interrupt(error):
            raise
        ledger = None
    return Told(told, ledger, problem)


def read_notice(notice: Any) -> NoticeResult:
    """One notice; ``reworded`` stands there only where it is so."""
    kind, extension, reason = str(_part(notice, "kind")), _text(_part(notice, "extension")), _text(_part(notice, "reason"))
    count = _number(_part(notice, "count"))
    told: NoticeResult = {"kind": kind, "extension": extension, "reason": reason, "count": count}
    return {**told, "reworded": True} if is_reworded(kind, reason, count, _part(notice, "text")) else told


def read_emitted(notice: Any) -> NoticeResult:
    """One notice as the agent that embeds the collector gets it: the drops of an extension are one,
    whatever their reasons.
    """
    if _part(notice, "kind") != "drops":
        return read_notice(notice)
    extension, text = _text(_part(notice, "extension")), _part(notice, "text")
    count = _number(_part(notice, "count"))
    return {"kind": "drops", "extension": extension, "reason": None, "count": count, "dropped": told_drops(text)}


def _notices(report: Any) -> list[Any] | None:
    """The notices of a report, be it none today; None where it has no such thing."""
    notices = _part(report, "notices")
    if not isinstance(notices, Iterable) or isinstance(notices, (str, bytes, Mapping)):
        return None
    return list(islice(notices, _MOST))


def _unfit(notice: Any) -> str:
    kind, text = _part(notice, "kind"), _part(notice, "text")
    if type(kind) is not str or (kind not in KINDS and not kind.startswith(OWN_KINDS)):
        return f"one is of kind {kind!a:.40}, which is none of {', '.join(KINDS)}, nor begins with {OWN_KINDS}"
    return f"one of kind {kind} tells of an error and names none" if kind in _OF_ERRORS and _NO_ERROR.search(str(text)) else ""


def _ledger(report: Any) -> dict[str, dict[str, Any]] | None:
    ledger = _part(report, "ledger")
    if not isinstance(ledger, Mapping):
        return None
    return {str(extension): _counts(entry) for extension, entry in ledger.items()}


def _counts(entry: Any) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for name, value in _fields(entry).items():
        if isinstance(value, Mapping):
            told[str(name)] = {_text(reason) or "": _number(count) for reason, count in value.items()}
        else:
            told[str(name)] = _number(value)
    return told


def _fields(entry: Any) -> Mapping[str, Any]:
    """The counts of a ledger's entry by name: of a mapping, a dataclass, a named tuple, or any
    object.
    """
    if isinstance(entry, dict):
        return entry
    if hasattr(entry, "_asdict"):
        told: Mapping[str, Any] = entry._asdict()
        return told
    if dataclasses.is_dataclass(entry) and not isinstance(entry, type):
        return dataclasses.asdict(entry)
    return entry if isinstance(entry, Mapping) else getattr(entry, "__dict__", {})


def _part(whole: Any, name: str) -> Any:
    """What an object or mapping has under a name, or None.

    The attribute first: what a class of each run's own is to ``Mapping`` takes long to find out.
    """
    if isinstance(whole, dict):
        return whole.get(name)
    found = getattr(whole, name, _ABSENT)
    if found is not _ABSENT:
        return found
    return whole.get(name) if isinstance(whole, Mapping) else None


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _number(value: Any) -> int:
    return int(value) if isinstance(value, int) and not isinstance(value, bool) and abs(value) < _MOST_COUNT else 0
