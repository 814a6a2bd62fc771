"""Family deliver: once, and nothing lost."""

from __future__ import annotations

from collections import Counter

from simulator.contract.judges.case import Case, Judge, due_of, first
from simulator.ledger import Written
from simulator.world.world import AGENT_EVENTS_DIR


def at_most_once(case: Case) -> list[str] | None:
    """Nothing twice; and nothing lost but what a stop, a crash or a limit accounts for."""
    if case.ledger.run["delivery"] != "at-most-once":
        return None
    twice = [f"{e.extension}: {e.token} {e.why}" for e in case.ledger.events if e.fate == "duplicated"]
    problems = [*twice, *_lost(case)]
    return first(problems) if case.ledger.deliveries or problems else None


def at_least_once(case: Case) -> list[str] | None:
    """A file goes only once the sender has confirmed its events, and what comes twice carries the same key."""
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
    """Files that were removed while the sender had not confirmed what it got of them; a program's line is confirmed once it is written."""
    if case.ledger.run.get("confirmed_by") == "line":
        return []
    waiting: set[str] = set()
    problems = []
    for record in case.history:
        if record.op == "deliver" and isinstance(record.result["key"], list):
            extension, file, _ = record.result["key"]
            waiting.add(f"log/{extension}/events/{file}" if extension else f"{AGENT_EVENTS_DIR}/{file}")
        elif record.op == "crash" or (record.op == "flush" and record.result["confirmed"]):
            waiting.clear()
        elif record.op == "call" and record.result["call"] == "unlink" and "errno" not in record.result and record.path in waiting:
            problems.append(f"pass {record.pass_number} removed {record.path} before its events were confirmed")
    return problems


def _lost(case: Case) -> list[str]:
    return [f"{e.extension}: {e.token or e.file} {e.why}" for e in case.ledger.events if e.fate == "vanished"]


def equal_events(case: Case) -> list[str] | None:
    """Events that no text tells apart, in a file, over files, over passes and over extensions: each becomes what it is due to become."""
    unmarked = [event for event in case.ledger.events if not event.token and event.due in {"collect", "cut"}]
    counts = Counter(_said(event) for event in unmarked)
    equal = [event for event in unmarked if counts[_said(event)] > 1]
    return first(due_of(equal) or []) if equal else None


def _said(event: Written) -> str:
    """What it says, whichever extension says it."""
    return repr(event.agent if event.agent is not None else event.expected[-1:] and event.expected[-1][1:])


def sender_error(case: Case) -> list[str] | None:
    """An event that the sender refused is lost alone; it is counted, and uses no quota."""
    if not any(r.op == "fault" and r.result["kind"] == "sender-error" for r in case.history):
        return None
    problems = [
        f"{event.extension}: {event.token or event.file} was {event.fate}, though the sender refused another"
        for event in case.ledger.events
        if event.due in {"collect", "cut"} and not event.refused
        and (event.fate in {"vanished", "dropped", "kept"} or event.overdue or (event.fate == "discarded" and _below_quota(case, event)))
    ]  # fmt: skip
    if case.ledger.run["delivery"] == "at-most-once":  # else it may have come before a crash, and be refused when it comes again
        problems += [f"{event.extension}: {event.token} was delivered, though the sender refused it" for event in case.ledger.events
                     if event.refused and event.deliveries]  # fmt: skip
    return first(problems)


def _below_quota(case: Case, event: Written) -> bool:
    return case.ledger.accepted[event.extension, event.gone_pass] < case.quota


JUDGES: dict[str, Judge] = {
    "deliver.at-most-once": at_most_once,
    "deliver.at-least-once": at_least_once,
    "deliver.sender-error": sender_error,
    "deliver.equal-events": equal_events,
}
