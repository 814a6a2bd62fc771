"""Family redact: a secret reaches neither the sender nor a log."""

from __future__ import annotations

from ..case import Case, Judge, as_due, bounded_time, first


def secrets(case: Case) -> list[str] | None:
    """Texts come as due, free of their secrets, and no log record carries one."""
    if not any(event.secrets for event in case.ledger.events):
        return None
    problems = list(as_due(case) or [])
    problems += [f"a log record ({r.result['level']}) carries a secret" for r in case.history if r.op == "log" and r.result["secret"]]
    return first(problems)


JUDGES: dict[str, Judge] = {"redact.sas": secrets, "redact.complete": secrets, "redact.linear": bounded_time}
