"""Family report: what operators are told."""

from __future__ import annotations

from typing import Any

from simulator.contract.judges.case import Case, Judge, first


def drops(case: Case) -> list[str] | None:
    """Reported drops: per extension and reason, as many as were due to be dropped, where nothing else could have taken them."""
    due: dict[tuple[str, str], int] = {}
    told: dict[tuple[str, str], int] = {}
    unsure = {extension for extension, _ in case.full_passes()}
    for event in case.ledger.events:
        if event.fate == "dropped" and event.why.startswith(
            ("MissingKeyError", "EmptyMessageError", "OversizeEventError")
        ):
            due[event.extension, event.why] = due.get((event.extension, event.why), 0) + 1
    for _, notice in case.ledger.notices:
        if notice["kind"] == "drops":
            key = (notice["extension"], notice["reason"])
            told[key] = told.get(key, 0) + notice["count"]
    if not due:
        return None
    return first(
        [f"{key[0]}: {told.get(key, 0)} reported for {key[1]!r}, {count} were dropped"
         for key, count in due.items() if key[0] not in unsure and told.get(key, 0) != count]
    )  # fmt: skip


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


#: Log records of one extension in one pass (report.log-bound).
_MOST_RECORDS = 20


def log_bound(case: Case) -> list[str] | None:
    counts: dict[tuple[str, int], int] = {}
    for record in case.history:
        if record.op == "log":
            for extension in record.result["extensions"]:
                counts[extension, record.pass_number] = counts.get((extension, record.pass_number), 0) + 1
    if not counts:
        return None
    over = [(place, count) for place, count in counts.items() if count > _MOST_RECORDS]
    return first([f"{extension}: {count} log records in pass {number}, at most {_MOST_RECORDS} are due" for (extension, number), count in over])


def log_safe(case: Case) -> list[str] | None:
    logs = [record for record in case.history if record.op == "log"]
    if not logs:
        return None
    return first([f"a log record of pass {record.pass_number} holds control characters" for record in logs if record.result["unsafe"]])


JUDGES: dict[str, Judge] = {
    "report.drops": drops,
    "report.ledger": ledger,
    "report.log-bound": log_bound,
    "report.log-safe": log_safe,
}
