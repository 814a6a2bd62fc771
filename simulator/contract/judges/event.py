"""Family event: what is made of an element. The label says what is due; the ledger says what came."""

from __future__ import annotations

from simulator.contract.judges.case import Case, Judge, as_due, dropped_for, due_of, first
from simulator.contract.judges.report import drops
from simulator.sender import PARAMETER_NAMES
from simulator.world.world import AGENT_EVENTS_DIR


def mapping(case: Case) -> list[str] | None:
    problems = [
        f"{event.extension}: {event.token or event.file}: {event.why}"
        for event in case.ledger.events
        if event.fate == "altered" and not event.path.startswith(AGENT_EVENTS_DIR)  # those have clauses of their own
    ]
    problems += [f"{delivered.extension}: {delivered.file} was invented" for delivered in case.ledger.invented]
    problems += [
        f"{delivered.extension}: {delivered.token or delivered.file}: its parameters are not in the contract's order: {_disorder(delivered.names)}"
        for delivered in case.ledger.deliveries
        if delivered.extension and delivered.own and delivered.names != PARAMETER_NAMES
    ]
    if case.is_reference():  # others may leave the key out: where an event was read from is known without it (docs/collectors.md)
        problems += ["an event has no key" for record in case.history if record.op == "deliver" and "keyless" in record.result]
    return first(problems) if case.ledger.deliveries else None


def _disorder(names: tuple[str, ...]) -> str:
    """Where the order first departs."""
    place, name, due = next((n, a, b) for n, (a, b) in enumerate(zip(names, PARAMETER_NAMES, strict=True)) if a != b)
    return f"{name} stands at place {place + 1}, where {due} is due"


def message_cut(case: Case) -> list[str] | None:
    cut = [event for event in case.ledger.events if event.due == "cut"]
    if not cut:
        return None
    return first([f"{event.extension}: {event.file}: {event.why}" for event in cut if event.fate == "altered"])


def size(case: Case) -> list[str] | None:
    """What is beyond the limit is dropped, and what is at it, however it is encoded, is not."""
    problems = dropped_for("OversizeEventError")(case)
    return None if problems is None else first([*problems, *(as_due(case) or [])])


def message_empty(case: Case) -> list[str] | None:
    """What is empty or blank is dropped, and what only looks so is not: an event that is due and that no token names has a Message of odd characters alone."""
    problems = dropped_for("EmptyMessageError")(case)
    odd = [event for event in case.ledger.events if event.due == "collect" and not event.token]
    return None if problems is None else first([*problems, *(due_of(odd) or [])])


JUDGES: dict[str, Judge] = {
    **dict.fromkeys(
        ("event.keys", "event.keys-all", "event.empty-ok", "event.open-values", "event.strip", "event.verbatim", "event.pids", "event.pids-bool",
         "event.size-all", "event.time-utc", "event.text"),
        as_due,
    ),
    "event.reason-order": drops,
    "event.mapping": mapping,
    "event.message-cut": message_cut,
    "event.required": dropped_for("MissingKeyError"),
    "event.message-empty": message_empty,
    "event.size": size,
    "event.types": dropped_for("WrongTypeError"),
    "event.non-object": dropped_for("NotAnObjectError"),
}
