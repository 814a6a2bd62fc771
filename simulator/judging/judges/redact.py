"""Family redact: a secret reaches neither the sender nor a log."""

from __future__ import annotations

from ..case import Case
from ..problems import Judge, bounded_time, due_of, first
from ..written import SOUND


def _secrets(slug: str) -> Judge:
    def judge(case: Case) -> list[str] | None:
        """Texts of this clause's forms come as due, free of their secrets, and no log record
        carries one.
        """
        events = case.tried(slug)
        if slug == "redact.sas":  # writers of the field have signed URLs too
            events += [
                event for event in case.ledger.events if event.secrets and not event.about and event.agent is None
            ]
        if not any(event.secrets for event in events):
            return None
        problems = list(due_of(case, [event for event in events if event.due in SOUND]) or [])
        problems += [
            f"{event.extension}: a secret of {event.token} was delivered"
            for event in events
            for delivered in event.deliveries
            if event.due not in SOUND and any(secret in str(delivered.values) for secret in event.secrets)
        ]
        problems += [
            f"a log record ({record.result['level']}) carries a secret"
            for record in case.view.log
            if record.result["secret"]
        ]
        return first(problems)

    return judge


JUDGES: dict[str, Judge] = {
    "redact.sas": _secrets("redact.sas"),
    "redact.complete": _secrets("redact.complete"),
    "redact.linear": bounded_time,
}
