"""Families read and event: what is made of an element. The label says what is due; the ledger says what came."""

from __future__ import annotations

from simulator.contract.judges.case import Case, Judge, first


def _dropped_for(prefix: str) -> Judge:
    """Elements labelled with this reason are never handed over, and never stay."""

    def judge(case: Case) -> list[str] | None:
        labelled = [event for event in case.ledger.events if event.due == "drop" and event.reason.startswith(prefix)]
        if not labelled:
            return None
        wrong = [event for event in labelled if event.deliveries or event.overdue]
        return first([f"{event.extension}: {event.file} ({event.reason}) was {event.fate}" for event in wrong])

    return judge


def mapping(case: Case) -> list[str] | None:
    problems = [
        f"{event.extension}: {event.token or event.file}: {event.why}"
        for event in case.ledger.events
        if event.fate == "altered"
    ]
    problems += [f"{delivered.extension}: {delivered.file} was invented" for delivered in case.ledger.invented]
    return first(problems) if case.ledger.deliveries else None


def message_cut(case: Case) -> list[str] | None:
    cut = [event for event in case.ledger.events if event.due == "cut"]
    if not cut:
        return None
    return first([f"{event.extension}: {event.file}: {event.why}" for event in cut if event.fate == "altered"])


#: Reads of a torn file (CONTRACT.md section 1).
_TRIES = 3


def torn(case: Case) -> list[str] | None:
    """A file that is not JSON is read three times before it is removed; completed meanwhile, it is collected."""
    reads: dict[tuple[str, int], int] = {}
    for record in case.history:
        if record.op == "call" and record.result["call"] == "open":
            reads[record.path, record.pass_number] = reads.get((record.path, record.pass_number), 0) + 1
    full = set(case.full_passes())
    refused = [
        event for event in case.ledger.events
        if event.fate == "dropped" and event.why == "MalformedFileError" and (event.extension, event.gone_pass) not in full
    ]  # fmt: skip
    if not refused:
        return None
    problems = [
        f"{event.extension}: {event.file} was given up after {reads.get((event.path, event.gone_pass), 0)} of {_TRIES} reads"
        for event in refused
        if reads.get((event.path, event.gone_pass), 0) < _TRIES
    ]
    return first(list(dict.fromkeys(problems)))


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


JUDGES: dict[str, Judge] = {
    "event.mapping": mapping,
    "event.message-cut": message_cut,
    "event.required": _dropped_for("MissingKeyError"),
    "event.message-empty": _dropped_for("EmptyMessageError"),
    "event.size": _dropped_for("OversizeEventError"),
    "event.types": _dropped_for("WrongTypeError"),
    "event.non-object": _dropped_for("NotAnObjectError"),
    "read.malformed": _dropped_for("MalformedFileError"),
    "read.torn": torn,
    "report.drops": drops,
}
