"""Family deliver: once, and nothing lost."""

from __future__ import annotations

from simulator.contract.judges.case import Case, Judge, first


def at_most_once(case: Case) -> list[str] | None:
    """Nothing twice; and nothing lost but what a stop, a crash or a limit accounts for."""
    if not case.ledger.deliveries or case.ledger.run["delivery"] != "at-most-once":
        return None
    twice = [f"{e.extension}: {e.token} {e.why}" for e in case.ledger.events if e.fate == "duplicated"]
    return first([*twice, *_lost(case)])


def at_least_once(case: Case) -> list[str] | None:
    """A file goes only once the sender has confirmed its events, and what comes twice carries the same key."""
    if not case.ledger.deliveries or case.ledger.run["delivery"] != "at-least-once":
        return None
    problems = _lost(case)
    for event in case.ledger.events:
        keys = {(d.extension, d.file, d.index) for d in event.deliveries}
        if len(keys) > 1 and not event.rewritten and len(event.expected) < 2:
            problems.append(f"{event.extension}: {event.token} was delivered under {len(keys)} keys")
    return first(problems)


def _lost(case: Case) -> list[str]:
    return [f"{e.extension}: {e.token or e.file} {e.why}" for e in case.ledger.events if e.fate == "vanished"]


JUDGES: dict[str, Judge] = {"deliver.at-most-once": at_most_once, "deliver.at-least-once": at_least_once}
