"""Family report: what operators are told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from ...core import (
    AGENT_EVENTS_DIR,
    IRREGULAR,
    MALFORMED,
    OVERSIZE_ELEMENT,
    OVERSIZE_FILE,
    WRONG_KIND,
    Record,
    event_path,
    is_in_log_dir,
)
from ..case import Case
from ..counted import COUNTED, told_drops
from ..fared import is_lost
from ..notices import MOST_RECORDS, as_told, drops_given, is_hosted
from ..problems import Judge, first
from ..removals import removals, within_passes
from ..written import Written


def drops(case: Case) -> list[str] | None:
    """Reported drops: of each extension as many as were due to be dropped and were, where nothing
    else could have taken them.

    Under which reason is for event.required and event.reason-order to judge, where the sums are
    right; each reason once a pass.

    A pass that a stop ends reports as well. Of the file in which the stop came nobody knows how far
    it was read; and what stays for another pass, as nobody confirmed it, is dropped by that one
    again.
    """
    due, told = told_drops(case)
    if not due:
        return None
    wrong = []
    stopped_in = _stopped_in(case)
    again = bool(stopped_in) and case.ledger.run["delivery"] == "at-least-once"
    open_ = Counter(
        e.extension
        for e in case.ledger.events
        if e.fate == "dropped" and e.why.startswith(COUNTED) and (e.path, e.gone_pass) in stopped_in
    )
    for extension, here in due.items():
        there = told.get(extension, Counter())
        besides = sum(
            is_lost(event) for event in case.ledger.events if event.extension == extension
        )  # sound ones: why is for other clauses to judge
        besides += sum(
            e.fate == "dropped" and e.why.startswith(WRONG_KIND) for e in case.ledger.events if e.extension == extension
        )  # event.types
        if there.total() < here.total() - open_[extension] or (there.total() > here.total() + besides and not again):
            wrong.append(f"{extension}: {there.total()} drops reported, {here.total()} events were dropped")
    times = Counter((n["extension"], number, n["reason"]) for number, n in case.ledger.notices if n["kind"] == "drops")
    wrong += [
        f"{extension}: {count} notices of pass {number} for {reason!r}, expected 1"
        for (extension, number, reason), count in times.items()
        if count > 1
    ]
    return first([*wrong, *as_told(case, "drops"), *drops_given(case)])


def _stopped_in(case: Case) -> set[tuple[str, int]]:
    """(path, pass) of the event files in which the sender stopped."""
    stops = [
        r
        for r in case.history
        if r.op == "fault" and r.result["kind"] == "sender-stop" and isinstance(r.result["key"], list)
    ]
    return {(event_path(r.result["key"][0], r.result["key"][1]), r.pass_number) for r in stops}


def ledger(case: Case) -> list[str] | None:
    """The pass report adds up, agrees with what was handed over and with what is left, and no event
    vanished without a trace.
    """
    told = [record for record in case.history if record.op == "ledger"]
    if not told:
        return None  # a service gives nobody its reports
    problems = [*_silent(case, told)]
    for record in told:
        for extension, counts in record.result.items():
            problems += [
                f"{extension}: {text} in pass {record.pass_number}" for text in [*_sums(counts), *_unnamed(counts)]
            ]
    problems += _miscounted(case, told) + _uncollected(case, told)
    return first(problems)


def _silent(case: Case, told: list[Record]) -> Iterator[str]:
    """Events that went, and that no count of the pass's report can stand for: what a collector
    drops and tells of is not lost silently.
    """
    crashed = {record.pass_number for record in case.history if record.op == "crash"}  # no report is due of these
    lost: dict[str, list[Written]] = {}
    known: Counter[str] = Counter()
    limits = case.limited()  # beyond a limit that is told, a file goes unread
    for event in case.ledger.events:
        extension = "" if event.path.startswith(AGENT_EVENTS_DIR + "/") else event.extension
        if event.fate == "vanished" and event.gone_pass not in crashed and (extension, event.gone_pass) not in limits:
            lost.setdefault(extension, []).append(event)
        elif event.fate in {"dropped", "discarded"} and event.reason not in _OF_FILES:
            known[extension] += 1
    for extension, events in lost.items():  # over all passes: what was dropped may be removed in a later one
        entries = [record.result[extension] for record in told if extension in record.result]
        told_of = sum(_total(counts, "dropped") + _total(counts, "discarded") for counts in entries) - known[extension]
        files = sum(_total(counts, "files_discarded") for counts in entries)
        if told_of < len(events) and not files and not _fell_whole(case, extension):
            yield from (f"{event.extension}: {event.token or event.file} {event.why}" for event in events)


#: Reasons for which a file falls as a whole: what it held is no event that was read.
_OF_FILES = {MALFORMED, OVERSIZE_FILE, OVERSIZE_ELEMENT, IRREGULAR}


def _fell_whole(case: Case, extension: str) -> bool:
    """Whether the collector tells of files that fell as a whole, more than were due to."""
    kinds = {"failed", "size", "irregular"}
    said = sum(n["count"] for _, n in case.ledger.notices if (n["extension"] or "") == extension and n["kind"] in kinds)
    due = {
        e.path for e in case.ledger.events if e.extension == extension and e.fate == "dropped" and e.why in _OF_FILES
    }
    return bool(said > len(due))


def _total(counts: dict[str, Any], name: str) -> int:
    value = counts.get(name, 0)
    return sum(value.values()) if isinstance(value, dict) else int(value)


def _unnamed(counts: dict[str, Any]) -> list[str]:
    """Counts by reason of which one stands under no reason."""
    return [
        f"{name} has a count without a reason"
        for name, value in counts.items()
        if isinstance(value, dict) and value.get("")
    ]


def _sums(counts: dict[str, Any]) -> list[str]:
    """What does not add up; and no count is below zero, which would make any sum come true."""
    events = sum(_total(counts, name) for name in ("handed_over", "dropped", "discarded"))
    files = sum(_total(counts, name) for name in ("processed", "files_discarded", "spared", "kept", "vanished"))
    problems = (
        [] if _total(counts, "read") == events else [f"{_total(counts, 'read')} events read, {events} accounted for"]
    )
    if _total(counts, "listed") != files:
        problems.append(f"{_total(counts, 'listed')} files listed, {files} accounted for")
    return problems + [f"{name} is {_total(counts, name)}" for name in counts if _total(counts, name) < 0]


def _miscounted(case: Case, told: list[Record]) -> list[str]:
    """Where the report tells other numbers than the history: of deliveries, of removals, and of
    what is left in the end.
    """
    delivered = Counter((d.extension, d.pass_number) for d in case.ledger.deliveries)
    troubled = {
        record.pass_number
        for record in case.history
        if record.op in {"crash", "fault"} or (record.op == "flush" and not record.result["confirmed"])
    }
    removed, refused, exchanged = removals(case)
    directories = Counter(
        "" if path.startswith(AGENT_EVENTS_DIR) else path.split("/")[1] for path in _named_directories(case)
    )
    moving = {record.pass_number for record in within_passes(case) if record.op == "step"}
    limits = case.limited()
    erring = {(n["extension"] or "", number) for number, n in case.ledger.notices if n["kind"] == "error"}
    problems = _untold(told, {*delivered, *removed}, troubled)
    for record in (record for record in told if record.pass_number not in troubled):
        for extension, counts in record.result.items():
            place = (extension, record.pass_number)
            if _total(counts, "handed_over") != delivered[place]:
                told_of = _total(counts, "handed_over")
                problems.append(
                    f"{extension}: {delivered[place]} handed over in pass {record.pass_number}, the report tells of {told_of}"
                )
            gone = _total(counts, "processed") + _total(counts, "files_discarded")
            wrong = not 0 <= gone - removed[place] <= exchanged[place]
            if wrong and place not in refused:
                problems.append(
                    f"{extension}: {removed[place]} files removed in pass {record.pass_number}, the report tells of {gone}"
                )
            # A directory stays; whoever lists it among the files may tell it as spared, or as kept.
            kept = max(0, _total(counts, "kept") - directories[extension])
            if (
                kept
                and place not in erring
                and limits.get(place, "quota") == "quota"
                and _only_goes(case, place)
            ):
                problems.append(
                    f"{extension}: kept is {kept} in pass {record.pass_number}, in which files went, and nothing stopped or failed"
                )
            if _total(counts, "spared") and place not in refused and extension in _plain(case):
                problems.append(
                    f"{extension}: spared is {_total(counts, 'spared')} in pass {record.pass_number}, and nothing but event files was ever there"
                )
            if record.pass_number not in moving and place not in {*limits, *erring}:
                problems += [
                    f"{extension}: {name} is {_total(counts, name)} in pass {record.pass_number}, in which nothing stopped, failed or moved"
                    for name in ("vanished", "discarded")
                    if _total(counts, name)
                ]
                problems += (
                    [
                        f"{extension}: kept is {kept} in pass {record.pass_number}, in which nothing stopped, failed or moved"
                    ]
                    if kept
                    else []
                )
    return problems


def _named_directories(case: Case) -> set[str]:
    """Directories under the names of event files."""
    steps = (record for record in case.history if record.op == "step" and "errno" not in record.result)
    return {step.path for step in steps if step.result["act"] == "mkdir" and step.path.endswith((".json", ".tld"))}


def _untold(told: list[Record], places: set[tuple[str, int]], troubled: set[int]) -> list[str]:
    """Extensions of which events came or files were removed in a pass whose report has no entry for
    them.
    """
    entries = {(extension, record.pass_number) for record in told for extension in record.result}
    passes = {record.pass_number for record in told} - troubled
    return [
        f"{extension}: the report of pass {number} has no entry for it"
        for extension, number in sorted(places - entries)
        if extension and number in passes
    ]


def _plain(case: Case) -> set[str]:
    """Extensions in whose events dirs nothing but event files ever was, and all of them could be
    removed.
    """
    odd: set[str] = set()
    for record in case.history:
        if record.op == "step" and is_in_log_dir(record.path) and len(parts := record.path.split("/")) > 3:
            writes = record.result["act"] in {"write", "append", "unlink", "truncate", "touch"}
            odd |= set() if writes and len(parts) == 4 and parts[3].endswith(".json") else {parts[1]}
    return set(case.handlers("attacker") + case.handlers("bystander")) - odd


def _acts(case: Case) -> dict[tuple[str, int], set[str]]:
    """(extension, pass) -> what writers did in its events dir during the pass:

    ``gone`` (a name, by removal or renaming to a new one), ``away`` (the directory itself was
    moved, or replaced), ``other``.
    """
    acts: dict[tuple[str, int], set[str]] = {}
    known: set[str] = set()
    inside = {id(record) for record in within_passes(case)}
    for record in case.history:
        if record.op != "step" or "errno" in record.result or not is_in_log_dir(record.path):
            continue
        act, parts = record.result["act"], record.path.split("/")
        onto_another = record.result.get("to", "") in known
        known |= {record.path, record.result.get("to", "")}
        if id(record) in inside:
            gone = act == "unlink" or (act == "rename" and not onto_another)
            acts.setdefault((parts[1], record.pass_number), set()).add(
                "away" if not parts[3:] else "gone" if gone else "other"
            )
    return acts


def _only_goes(case: Case, place: tuple[str, int]) -> bool:
    """Whether all that happened there is that files went: one by one, or with their directory."""
    done = _acts(case).get(place, set())
    return "away" in done or done == {"gone"}


def _uncollected(case: Case, told: list[Record]) -> list[str]:
    """Passes that tell operators another number of collected events than they report, where the
    collector gives notices of its own.
    """
    if not is_hosted(case) or not case.ledger.run["capabilities"].get("notices"):
        return []
    said = {
        (n["extension"], number): n["count"]
        for number, n in case.ledger.notices
        if n["kind"] == "collected" and "reworded" not in n
    }
    return [
        f"{extension}: {counts.get('handed_over')} events collected in pass {record.pass_number}, the notice tells of {said.get(place, 0)}"
        for record in told
        for extension, counts in record.result.items()
        if extension and counts.get("handed_over") != said.get(place := (extension, record.pass_number), 0)
    ]


def log_bound(case: Case) -> list[str] | None:
    """At most so many log records, and events for the agent that embeds the collector, of an
    extension in a pass.

    A record that names no extension counts for the one whose files are read when it is written.
    What comes after the last of them was read, or is told by whose calls are not heard, may be of
    any: there so many for each of them is the most.
    """
    named: Counter[tuple[str, int]] = Counter()
    nameless: Counter[int] = Counter()
    seen = False
    for number, records in case.extension_passes.items():
        at_work = _at_work(records)
        last = next((extension for extension in reversed(at_work) if extension), "")
        for extension, record in zip(at_work, records, strict=True):
            if record.op != "log":
                continue
            seen = True
            for name in record.result["extensions"] or ([extension] if extension != last else []):
                named[name, number] += 1
            nameless[number] += not record.result["extensions"] and extension == last
    visited = Counter(number for _, number in case.ledger.listed)
    over = [
        f"{extension}: {count} log records in pass {number}, at most {MOST_RECORDS} are due"
        for (extension, number), count in named.items()
        if count > MOST_RECORDS
    ]
    over += [
        f"{count} log records of pass {number} name no extension, at most {MOST_RECORDS} are due for each of {max(visited[number], 1)}"
        for number, count in nameless.items()
        if count > MOST_RECORDS * max(visited[number], 1)
    ]
    events = Counter((record.result["extension"], record.pass_number) for record in case.history if record.op == "emit")
    over += [
        f"{extension}: {count} events for the agent in pass {number}, at most {MOST_RECORDS} are due"
        for (extension, number), count in events.items()
        if count > MOST_RECORDS and extension
    ]
    return first(over) if seen else None


def _at_work(records: list[Record]) -> list[str]:
    """Beside each record the extension whose files the collector opened last; "" before the first,
    and of calls that are told after their pass.
    """
    found = []
    extension = ""
    for record in records:
        if (
            record.op == "call"
            and record.result["call"] == "open"
            and "seen" not in record.result
            and is_in_log_dir(record.path)
        ):
            extension = record.path.split("/")[1] if record.path.count("/") > 2 else extension
        found.append(extension)
    return found


def log_safe(case: Case) -> list[str] | None:
    logs = [record for record in case.history if record.op == "log"]
    if not logs:
        return None
    return first(
        [
            f"a log record of pass {record.pass_number} holds control characters"
            for record in logs
            if record.result["unsafe"]
        ]
    )


JUDGES: dict[str, Judge] = {
    "report.drops": drops,
    "report.ledger": ledger,
    "report.log-bound": log_bound,
    "report.log-safe": log_safe,
}
