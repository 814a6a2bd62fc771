"""Family quota: how much of one extension is taken, and what becomes of the rest."""

from __future__ import annotations

from collections import Counter

from simulator.contract.judges.case import Case, Judge, first


def per_extension(case: Case) -> list[str] | None:
    full = case.full_passes()
    if not full:
        return None
    over = [(place, case.ledger.accepted[place]) for place in full if case.ledger.accepted[place] > case.quota]
    return first(
        [f"{extension}: {count} events in pass {n}, the quota is {case.quota}" for (extension, n), count in over]
    )


def accepted_only(case: Case) -> list[str] | None:
    """With drops among enough valid events, the quota is still filled by accepted ones."""
    drops = {event.extension for event in case.ledger.events if event.fate == "dropped"}
    if not any(extension in drops for extension, _ in case.full_passes()):
        return None
    lost = [event for event in case.ledger.events if event.fate == "vanished" and event.extension in drops]
    return first([f"{event.extension}: {event.token} was lost below the quota" for event in lost])


def newest_win(case: Case) -> list[str] | None:
    full = set(case.full_passes())
    discarded = [event for event in case.ledger.events if event.fate == "discarded" and event.why == "quota"]
    if not full:
        return None
    oldest: dict[tuple[str, int], str] = {}
    for extension, number, deliveries in case.pass_deliveries():
        oldest[extension, number] = min(delivered.file for delivered in deliveries)
    problems = [
        f"{event.extension}: {event.file} was discarded in pass {event.gone_pass}, older {oldest[place]} was taken"
        for event in discarded
        if (place := (event.extension, event.gone_pass)) in full and event.file > oldest[place]
    ]
    extensions = {extension for extension, _ in full}
    if not discarded and not any(event.overdue and event.extension in extensions for event in case.ledger.events):
        return None  # nothing lay beyond the quota
    problems += [
        f"{event.extension}: {event.file} was still there after a pass that reached the quota"
        for event in case.ledger.events
        if event.overdue and event.extension in extensions
    ]
    return first(problems)


def notice(case: Case) -> list[str] | None:
    full = case.full_passes()
    if not full:
        return None
    told = Counter((n["extension"], number) for number, n in case.ledger.notices if n["kind"] == "quota")
    problems = [f"{e}: {told[e, n]} notices of the quota in pass {n}, expected 1" for e, n in full if told[e, n] != 1]
    problems += [
        f"{e}: a notice of the quota in pass {n}, which it did not reach" for e, n in told if (e, n) not in full
    ]
    return first(problems)


JUDGES: dict[str, Judge] = {
    "quota.per-extension": per_extension,
    "quota.accepted-only": accepted_only,
    "quota.newest-win": newest_win,
    "quota.notice": notice,
}
