"""Families deliver, clean and stop: once, and nothing left behind."""

from __future__ import annotations

from typing import Any

from simulator.contract.judges.case import Case, Judge, first


def at_most_once(case: Case) -> list[str] | None:
    if not case.ledger.deliveries or case.ledger.run["delivery"] != "at-most-once":
        return None
    return first([f"{e.extension}: {e.token} {e.why}" for e in case.ledger.events if e.fate == "duplicated"])


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


def ledger(case: Case) -> list[str] | None:
    """The pass report adds up, and no event vanished without a trace."""
    problems = [f"{e.extension}: {e.token or e.file} {e.why}" for e in case.ledger.events if e.fate == "vanished"]
    told = [record for record in case.history if record.op == "ledger"]
    for record in told:
        for extension, counts in record.result.items():
            problems += [f"{extension}: {text} in pass {record.pass_number}" for text in _sums(counts)]
    return first(problems) if told or problems else None


def _sums(counts: dict[str, Any]) -> list[str]:
    def total(name: str) -> int:
        value = counts.get(name, 0)
        return sum(value.values()) if isinstance(value, dict) else int(value)

    events = total("handed_over") + total("dropped") + total("discarded")
    files = total("processed") + total("files_discarded") + total("spared") + total("kept") + total("vanished")
    problems = [] if total("read") == events else [f"{total('read')} events read, {events} accounted for"]
    return (
        problems if total("listed") == files else [*problems, f"{total('listed')} files listed, {files} accounted for"]
    )


JUDGES: dict[str, Judge] = {"deliver.at-most-once": at_most_once, "clean.processed": processed, "report.ledger": ledger}
