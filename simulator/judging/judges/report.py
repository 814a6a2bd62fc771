"""Family report: what operators are told in notices and in logs.

The pass report, which goes to whoever called the pass, is judged in ``pass_report``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ...core import WRONG_KIND, Call, Emitted, Entry, LogRecord, event_path, handler_of, is_entry_or_below
from ..case import Case
from ..counted import COUNTED, told_drops
from ..fared import is_lost
from ..notices import MOST_RECORDS, as_told, drops_given
from ..problems import Judge, first


def drops(case: Case) -> list[str] | None:
    """Reported drops: of each extension as many as were due to be dropped and were, where nothing
    else could have taken them.

    Under which reason is for event.required and event.reason-order to judge, where the sums are
    right; each reason once a pass.

    A pass that a stop ends reports as well. Of the file in which the stop came nobody knows how far
    it was read. What stays for another pass, as nobody confirmed it, is dropped by that one again.
    """
    due, told = told_drops(case)
    if not due:
        return None
    wrong = []
    stopped_in = _stopped_in(case)
    again = bool(stopped_in) and case.ledger.run["delivery"] == "at-least-once"
    open_ = Counter(
        e.extension
        for e in case.ledger.events
        if e.fate == "dropped" and e.why.startswith(COUNTED) and (e.path, e.gone_pass) in stopped_in
    )
    for extension, here in due.items():
        there = told.get(extension, Counter())
        besides = sum(
            is_lost(event) for event in case.ledger.events if event.extension == extension
        )  # sound ones: why is for other clauses to judge
        besides += sum(
            e.fate == "dropped" and e.why.startswith(WRONG_KIND) for e in case.ledger.events if e.extension == extension
        )  # event.types
        if there.total() < here.total() - open_[extension] or (there.total() > here.total() + besides and not again):
            wrong.append(f"{extension}: {there.total()} drops reported, {here.total()} events were dropped")
    times = Counter((n["extension"], number, n["reason"]) for number, n in case.ledger.notices if n["kind"] == "drops")
    wrong += [
        f"{extension}: {count} notices of pass {number} for {reason!r}, expected 1"
        for (extension, number, reason), count in times.items()
        if count > 1
    ]
    return first([*wrong, *as_told(case, "drops"), *drops_given(case)])


def _stopped_in(case: Case) -> set[tuple[str, int]]:
    """(path, pass) of the event files in which the sender stopped."""
    return {
        (event_path(fault.key[0], fault.key[1]), fault.pass_number)
        for fault in case.view.faults
        if fault.kind == "sender-stop" and fault.key is not None
    }


def log_bound(case: Case) -> list[str] | None:
    """At most so many log records, and events for the agent that embeds the collector, of an
    extension in a pass.

    A record that names no extension counts for the one whose files are read when it is written.
    What comes after the last of them was read may be of any. So may what one tells whose calls are
    not heard. There the most is so many for each of them.
    """
    named: Counter[tuple[str, int]] = Counter()
    nameless: Counter[int] = Counter()
    seen = False
    for number, entries in case.view.extension_passes.items():
        at_work = _at_work(entries)
        last = next((extension for extension in reversed(at_work) if extension), "")
        for extension, record in zip(at_work, entries, strict=True):
            if not isinstance(record, LogRecord):
                continue
            seen = True
            for name in record.result["extensions"] or ([extension] if extension != last else []):
                named[name, number] += 1
            nameless[number] += not record.result["extensions"] and extension == last
    visited = Counter(number for _, number in case.ledger.listed)
    over = [
        f"{extension}: {count} log records in pass {number}, at most {MOST_RECORDS} are due"
        for (extension, number), count in named.items()
        if count > MOST_RECORDS
    ]
    over += [
        f"{count} log records of pass {number} name no extension, at most {MOST_RECORDS} are due for each of {max(visited[number], 1)}"
        for number, count in nameless.items()
        if count > MOST_RECORDS * max(visited[number], 1)
    ]
    events = Counter((emitted.result["extension"], emitted.pass_number) for emitted in case.view.of(Emitted))
    over += [
        f"{extension}: {count} events for the agent in pass {number}, at most {MOST_RECORDS} are due"
        for (extension, number), count in events.items()
        if count > MOST_RECORDS and extension
    ]
    return first(over) if seen else None


def _at_work(entries: Sequence[Entry]) -> list[str]:
    """Beside each entry the extension whose files the collector opened last; "" before the first,
    and of calls that are told after their pass.
    """
    found = []
    extension = ""
    for entry in entries:
        if isinstance(entry, Call) and not entry.is_seen and is_entry_or_below(entry.path):
            extension = handler_of(entry.path)
        found.append(extension)
    return found


def log_safe(case: Case) -> list[str] | None:
    if not case.view.log:
        return None
    return first(
        [
            f"a log record of pass {record.pass_number} holds control characters"
            for record in case.view.log
            if record.result["unsafe"]
        ]
    )


JUDGES: dict[str, Judge] = {
    "report.drops": drops,
    "report.log-bound": log_bound,
    "report.log-safe": log_safe,
}
