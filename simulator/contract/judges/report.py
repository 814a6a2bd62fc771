"""Family report: what operators are told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from simulator.contract.judges.case import MOST_RECORDS, Case, Judge, as_told, first, is_hosted
from simulator.history import Record


def drops(case: Case) -> list[str] | None:
    """Reported drops: per extension and reason, as many as were due to be dropped, where nothing else could have taken them.

    A pass that a stop ends reports as well. Of the file in which the stop came nobody knows how far it was read; and what stays for another pass, as nobody
    confirmed it, is dropped by that one again.
    """
    due: dict[tuple[str, str], int] = {}
    open_: Counter[tuple[str, str]] = Counter()
    stopped_in = _stopped_in(case)
    again = bool(stopped_in) and case.ledger.run["delivery"] == "at-least-once"
    told: dict[tuple[str, str], int] = {}
    unsure = {extension for extension, _ in case.full_passes()}
    for event in case.ledger.events:
        if event.fate == "dropped" and event.why.startswith(
            ("MissingKeyError", "EmptyMessageError", "OversizeEventError")
        ):
            due[event.extension, event.why] = due.get((event.extension, event.why), 0) + 1
            open_[event.extension, event.why] += (event.path, event.gone_pass) in stopped_in
    for _, notice in case.ledger.notices:
        if notice["kind"] == "drops":
            key = (notice["extension"], notice["reason"])
            told[key] = told.get(key, 0) + notice["count"]
    if not due:
        return None
    wrong = [f"{key[0]}: {told.get(key, 0)} reported for {key[1]!r}, {count} were dropped"
             for key, count in due.items() if key[0] not in unsure
             and not count - open_[key] <= told.get(key, 0) <= (max(count, told.get(key, 0)) if again else count)]  # fmt: skip
    return first([*wrong, *as_told(case, "drops")])


def _stopped_in(case: Case) -> set[tuple[str, int]]:
    """(path, pass) of the event files in which the sender stopped."""
    stops = [r for r in case.history if r.op == "fault" and r.result["kind"] == "sender-stop" and isinstance(r.result["key"], list)]
    return {(f"log/{r.result['key'][0]}/events/{r.result['key'][1]}", r.pass_number) for r in stops}


def ledger(case: Case) -> list[str] | None:
    """The pass report adds up, agrees with what was handed over and with what is left, and no event vanished without a trace."""
    problems = [f"{e.extension}: {e.token or e.file} {e.why}" for e in case.ledger.events if e.fate == "vanished"]
    told = [record for record in case.history if record.op == "ledger"]
    for record in told:
        for extension, counts in record.result.items():
            problems += [f"{extension}: {text} in pass {record.pass_number}" for text in [*_sums(counts), *_unnamed(counts)]]
    problems += _miscounted(case, told) + _uncollected(case, told)
    return first(problems) if told or problems else None


def _total(counts: dict[str, Any], name: str) -> int:
    value = counts.get(name, 0)
    return sum(value.values()) if isinstance(value, dict) else int(value)


def _unnamed(counts: dict[str, Any]) -> list[str]:
    """Counts by reason of which one stands under no reason."""
    return [f"{name} has a count without a reason" for name, value in counts.items() if isinstance(value, dict) and value.get("")]


def _sums(counts: dict[str, Any]) -> list[str]:
    """What does not add up; and no count is below zero, which would make any sum come true."""
    events = sum(_total(counts, name) for name in ("handed_over", "dropped", "discarded"))
    files = sum(_total(counts, name) for name in ("processed", "files_discarded", "spared", "kept", "vanished"))
    problems = [] if _total(counts, "read") == events else [f"{_total(counts, 'read')} events read, {events} accounted for"]
    if _total(counts, "listed") != files:
        problems.append(f"{_total(counts, 'listed')} files listed, {files} accounted for")
    return problems + [f"{name} is {_total(counts, name)}" for name in counts if _total(counts, name) < 0]


def _miscounted(case: Case, told: list[Record]) -> list[str]:
    """Where the report tells other numbers than the history: of deliveries, of removals, and of what is left in the end."""
    delivered = Counter((d.extension, d.pass_number) for d in case.ledger.deliveries)
    troubled = {record.pass_number for record in case.history
                if record.op in {"crash", "fault"} or (record.op == "flush" and not record.result["confirmed"])}  # fmt: skip
    removed, refused = _removals(case)
    moving = {record.pass_number for record in _within_passes(case) if record.op == "step"}
    limits = case.limited()
    problems = _untold(told, {*delivered, *removed}, troubled)
    for record in told:
        for extension, counts in record.result.items():
            place = (extension, record.pass_number)
            if _total(counts, "handed_over") != delivered[place] and record.pass_number not in troubled:
                told_of = _total(counts, "handed_over")
                problems.append(f"{extension}: {delivered[place]} handed over in pass {record.pass_number}, the report tells of {told_of}")
            gone = _total(counts, "processed") + _total(counts, "files_discarded")
            if gone != removed[place] and place not in refused and record.pass_number not in troubled:
                problems.append(f"{extension}: {removed[place]} files removed in pass {record.pass_number}, the report tells of {gone}")
            kept = _total(counts, "kept")
            if kept and record.pass_number not in troubled and limits.get(place, "quota") == "quota" and _only_goes(case, place):
                problems.append(f"{extension}: kept is {kept} in pass {record.pass_number}, in which files went, and nothing stopped or failed")
            if _total(counts, "spared") and place not in refused and record.pass_number not in troubled and extension in _plain(case):
                problems.append(f"{extension}: spared is {_total(counts, 'spared')} in pass {record.pass_number}, and nothing but event files was ever there")
            if record.pass_number not in troubled | moving and place not in limits:
                problems += [f"{extension}: {name} is {_total(counts, name)} in pass {record.pass_number}, in which nothing stopped, failed or moved"
                             for name in ("kept", "vanished", "discarded") if _total(counts, name)]  # fmt: skip
    return problems


def _untold(told: list[Record], places: set[tuple[str, int]], troubled: set[int]) -> list[str]:
    """Extensions of which events came or files were removed in a pass whose report has no entry for them."""
    entries = {(extension, record.pass_number) for record in told for extension in record.result}
    passes = {record.pass_number for record in told} - troubled
    return [f"{extension}: the report of pass {number} has no entry for it" for extension, number in sorted(places - entries)
            if extension and number in passes]  # fmt: skip


def _plain(case: Case) -> set[str]:
    """Extensions in whose events dirs nothing but event files ever was, and all of them could be removed."""
    odd: set[str] = set()
    for record in case.history:
        if record.op == "step" and record.path.startswith("log/") and len(parts := record.path.split("/")) > 3:
            writes = record.result["act"] in {"write", "append", "unlink", "truncate", "touch"}
            odd |= set() if writes and len(parts) == 4 and parts[3].endswith(".json") else {parts[1]}
    return set(case.handlers("attacker") + case.handlers("bystander")) - odd


def _acts(case: Case) -> dict[tuple[str, int], set[str]]:
    """(extension, pass) -> what writers did in its events dir during the pass: ``gone`` (a name, by removal or renaming to a new one), ``away`` (the
    directory itself was moved, or replaced), ``other``."""
    acts: dict[tuple[str, int], set[str]] = {}
    known: set[str] = set()
    inside = {id(record) for record in _within_passes(case)}
    for record in case.history:
        if record.op != "step" or "errno" in record.result or not record.path.startswith("log/"):
            continue
        act, parts = record.result["act"], record.path.split("/")
        onto_another = record.result.get("to", "") in known
        known |= {record.path, record.result.get("to", "")}
        if id(record) in inside:
            gone = act == "unlink" or (act == "rename" and not onto_another)
            acts.setdefault((parts[1], record.pass_number), set()).add("away" if not parts[3:] else "gone" if gone else "other")
    return acts


def _only_goes(case: Case, place: tuple[str, int]) -> bool:
    """Whether all that happened there is that files went: one by one, or with their directory."""
    done = _acts(case).get(place, set())
    return "away" in done or done == {"gone"}


def _within_passes(case: Case) -> Iterator[Record]:
    inside = False
    for record in case.history:
        inside = record.op == "pass-begin" or (inside and record.op != "pass-end")
        if inside:
            yield record


def _uncollected(case: Case, told: list[Record]) -> list[str]:
    """Passes that tell operators another number of collected events than they report, where the collector gives notices of its own."""
    if not is_hosted(case) or not case.ledger.run["capabilities"].get("notices"):
        return []
    said = {(n["extension"], number): n["count"] for number, n in case.ledger.notices if n["kind"] == "collected" and "reworded" not in n}
    return [
        f"{extension}: {counts.get('handed_over')} events collected in pass {record.pass_number}, the notice tells of {said.get(place, 0)}"
        for record in told
        for extension, counts in record.result.items()
        if extension and counts.get("handed_over") != said.get(place := (extension, record.pass_number), 0)
    ]


def _removals(case: Case) -> tuple[Counter[tuple[str, int]], set[tuple[str, int]]]:
    """(extension, pass) -> files removed from its events dir, and where a removal failed."""
    removed: Counter[tuple[str, int]] = Counter()
    refused: set[tuple[str, int]] = set()
    for record in case.history:
        if record.op != "call" or record.result["call"] != "unlink":
            continue
        parts = record.path.split("/")
        place = ("" if record.path.startswith("lib/events/") else parts[1] if len(parts) > 1 else "", record.pass_number)
        if record.result.get("errno", "ENOENT") != "ENOENT":
            refused.add(place)
        elif "errno" not in record.result:
            removed[place] += 1
    return removed, refused


def log_bound(case: Case) -> list[str] | None:
    counts: dict[tuple[str, int], int] = {}
    for record in case.history:
        if record.op == "log":
            for extension in record.result["extensions"]:
                counts[extension, record.pass_number] = counts.get((extension, record.pass_number), 0) + 1
    if not counts:
        return None
    over = [(place, count) for place, count in counts.items() if count > MOST_RECORDS]
    return first([f"{extension}: {count} log records in pass {number}, at most {MOST_RECORDS} are due" for (extension, number), count in over])


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
