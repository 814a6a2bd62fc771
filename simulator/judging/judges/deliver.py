"""Family deliver: once, and nothing lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ...core import Call, Crashed, Flush, WriterStep, event_path, handler_of, in_order
from ..case import Case
from ..fared import is_lost
from ..problems import Judge, due_of, first
from ..written import SOUND, Delivered, Written


def at_most_once(case: Case) -> list[str] | None:
    """Nothing twice; and where a pass is stopped or dies, nothing is lost but what that accounts
    for.
    """
    if case.ledger.run["delivery"] != "at-most-once":
        return None
    # A file that stays is handed over again: that it stays is for clean.processed and
    # clean.unremovable to judge.
    stuck = {*case.ledger.tree, *case.refused_removals}
    twice = [
        f"{e.extension}: {e.token} {e.why}"
        for e in case.ledger.events
        if e.fate == "duplicated" and e.path not in stuck
    ]
    problems = [*twice, *_lost(case)]
    return first(problems) if case.ledger.deliveries or problems else None


def sound(case: Case) -> list[str] | None:
    """Extensions that wrote nothing but sound events lose none of them in a pass that found them.
    And of all that is due, something comes.
    """
    if case.is_idle:
        return [f"{len(case.uncollected)} events were due, and none came"]
    if not case.ordinary:
        return None
    troubled = case.view.disturbed | _ended(case)
    full = {extension for extension, _ in case.full_passes}  # what stays of these is quota.newest-win's
    lost = [
        event
        for event in case.ordinary
        if is_lost(event)
        and not _is_unlisted(case, event)
        and event.extension not in full
        and (event.gone_pass not in troubled if event.gone else not troubled)
    ]
    settled = any(event.deliveries for event in case.ordinary)
    return (
        first([f"{e.extension}: {e.token} is sound, and was {e.fate}: {e.why}" for e in lost])
        if settled or lost
        else None
    )


def _is_unlisted(case: Case, event: Written) -> bool:
    """Whether no pass ever looked into its directory: that is for discover.layout to judge."""
    return event.extension not in case.last_listed


def at_least_once(case: Case) -> list[str] | None:
    """A file goes only once the sender has confirmed its events, and what comes twice carries the
    same key.
    """
    if case.ledger.run["delivery"] != "at-least-once":
        return None
    problems = _lost(case) + _removed_unconfirmed(case)
    if not case.ledger.deliveries and not problems:
        return None
    for event in case.ledger.events:
        keys = {(d.extension, d.file, d.index) for d in event.deliveries}
        if len(keys) > 1 and not event.rewritten and len(event.expected) < 2:
            problems.append(f"{event.extension}: {event.token} was delivered under {len(keys)} keys")
    return first(problems)


def _removed_unconfirmed(case: Case) -> list[str]:
    """Files that were removed while the sender had not confirmed what it got of them; a program's
    line is confirmed once it is written.

    What an earlier pass handed over in vain is an event file as any other for the next one. Beyond
    a limit it goes unread. What its writer has changed since, or put another file in the place of,
    is judged as it stands.
    """
    if case.ledger.run.get("confirmed_by") == "line":
        return []
    limited = {*case.full_passes, *case.limited}
    waiting: dict[str, int] = {}
    #: Path -> the record with which it was opened, opened for the last hand-over, changed, removed.
    opened: dict[str, int] = {}
    read: dict[str, int] = {}
    changed: dict[str, int] = {}
    removed: dict[str, int] = {}
    found: dict[tuple[int, str], None] = {}
    what_counts: list[Sequence[Call | Crashed | Delivered | Flush | WriterStep]] = [
        case.view.steps,
        case.view.done("open"),
        case.ledger.deliveries,
        case.view.of(Crashed),
        case.view.of(Flush),
        case.view.removals,
    ]
    for entry in in_order(*what_counts):
        if isinstance(entry, Delivered):
            path = event_path(entry.extension, entry.file)
            waiting[path], read[path] = entry.pass_number, opened.get(path, entry.i)
            if removed.get(path, -1) > read[path]:
                found[entry.pass_number, path] = None
        elif isinstance(entry, WriterStep):
            waiting.pop(entry.to, None)
            changed |= dict.fromkeys((entry.path, entry.to), entry.i)
        elif isinstance(entry, Call) and entry.name == "open":
            opened[entry.path] = entry.i
        elif isinstance(entry, Call):
            removed[entry.path] = entry.i
            is_as_read = changed.get(entry.path, -1) < read.get(entry.path, 0)
            number, place = waiting.get(entry.path), (handler_of(entry.path), entry.pass_number)
            if number is not None and (number == entry.pass_number or (is_as_read and place not in limited)):
                found[entry.pass_number, entry.path] = None
        elif isinstance(entry, Crashed) or entry.confirmed:
            waiting.clear()
    return [f"pass {number} removed {path} before its events were confirmed" for number, path in found]


def _lost(case: Case) -> list[str]:
    """What is lost in a pass that a stop, a crash or a sender that does not confirm ended. What is
    lost without one is for other clauses to judge.
    """
    ended = _ended(case)
    lost = [event for event in case.ledger.events if event.fate == "vanished" and event.due in SOUND]
    if any(event.gone_pass not in ended for event in lost):
        return []  # events are lost without such an end as well
    return [f"{e.extension}: {e.token or e.file} {e.why}" for e in lost]


def _ended(case: Case) -> set[int]:
    """Passes that a stop, a crash or a sender that does not confirm ended."""
    stops = {"sender-stop", "sender-mute", "sender-down"}
    stopped = {fault.pass_number for fault in case.view.faults if fault.kind in stops}
    return stopped | case.view.crashed | case.view.unconfirmed


def equal_events(case: Case) -> list[str] | None:
    """Events that no text tells apart, in a file, over files, over passes and over extensions. Each
    comes if it is due to; what it then says is for others to judge.
    """
    unmarked = [event for event in case.ledger.events if not event.token and event.due in SOUND]
    counts = Counter(_said(event) for event in unmarked)
    equal = [event for event in unmarked if counts[_said(event)] > 1]
    return first(due_of(case, equal, values=False) or []) if equal else None


def _said(event: Written) -> str:
    """What it says, whichever extension says it."""
    return repr(event.agent if event.agent is not None else event.expected[-1:] and event.expected[-1][1:])


def sender_error(case: Case) -> list[str] | None:
    """An event that the sender refused is lost alone; it is counted, and uses no quota.

    What falls in a pass whose sender could not be asked falls for that (stop.masked). What stays
    though the quota is full stays for that (clean.processed).
    """
    refusing = {fault.pass_number for fault in case.view.faults if fault.kind == "sender-error"}
    if not refusing:
        return None
    harmed = [
        event
        for event in case.ledger.events
        if event.due in SOUND
        and not event.refused
        and (
            event.fate == "vanished"
            or (event.fate == "dropped" and event.why != "fault" and event.gone_pass not in case.view.mute)
            or (event.overdue and not any(_is_full(case, event, number) for number in refusing))
            or (
                event.fate == "discarded"
                and event.why not in {"stop", "overlap"}
                and not _is_full(case, event, event.gone_pass)
            )
        )
    ]
    if any(event.gone and event.gone_pass not in refusing for event in harmed):
        harmed = []  # events are lost where nothing is refused as well
    problems = [
        f"{event.extension}: {event.token or event.file} was {event.fate}, though the sender refused another"
        for event in harmed
    ]
    if (
        case.ledger.run["delivery"] == "at-most-once"
    ):  # else it may have come before a crash, and be refused when it comes again
        problems += [
            f"{event.extension}: {event.token} was delivered, though the sender refused it"
            for event in case.ledger.events
            if event.refused and event.deliveries and event.path not in case.ledger.tree
        ]
    return first(problems)


def _is_full(case: Case, event: Written, number: int) -> bool:
    """Whether a pass had the quota's events of its extension."""
    return event.agent is None and case.ledger.accepted[event.extension, number] >= case.quota


JUDGES: dict[str, Judge] = {
    "deliver.sound": sound,
    "deliver.at-most-once": at_most_once,
    "deliver.at-least-once": at_least_once,
    "deliver.sender-error": sender_error,
    "deliver.equal-events": equal_events,
}
