"""Family deliver: once, and nothing lost."""

from __future__ import annotations

from simulator.contract.judges.case import Case, Judge, first


def at_most_once(case: Case) -> list[str] | None:
    if not case.ledger.deliveries or case.ledger.run["delivery"] != "at-most-once":
        return None
    return first([f"{e.extension}: {e.token} {e.why}" for e in case.ledger.events if e.fate == "duplicated"])


JUDGES: dict[str, Judge] = {"deliver.at-most-once": at_most_once}
