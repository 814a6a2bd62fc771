"""Family clean: what is left behind."""

from __future__ import annotations

from simulator.contract.judges.case import Case, Judge, first


def processed(case: Case) -> list[str] | None:
    """No event was lost on the way, and no file that was handed over stays."""
    delivered = [event for event in case.ledger.events if event.deliveries]
    if not delivered:
        return None
    refused = {path for call, path, result in case.calls() if call == "unlink" and "errno" in result}
    problems = [
        f"{event.extension}: {event.file} was handed over and is still there"
        for event in delivered
        if not event.gone and event.path in case.ledger.tree and event.path not in refused
        and all(d.i > event.since for d in event.deliveries)
    ]  # fmt: skip
    return first(list(dict.fromkeys(problems)))


JUDGES: dict[str, Judge] = {"clean.processed": processed}
