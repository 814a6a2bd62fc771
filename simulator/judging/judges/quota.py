"""Family quota: how much of one extension is taken, and what becomes of the rest."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

from ...core import (
    PassReport,
    event_path,
    events_dir,
    file_name,
    handler_of,
    is_below,
    is_in_log_dir,
    is_json,
)
from ..case import ODD, Case
from ..fared import is_lost
from ..notices import as_told
from ..problems import Judge, first


def per_extension(case: Case) -> list[str] | None:
    full = case.full_passes
    if not full:
        return first(_short(case)) or None
    over = [(place, case.ledger.accepted[place]) for place in full if case.ledger.accepted[place] > case.quota]
    return first(
        [f"{extension}: {count} events in pass {n}, the quota is {case.quota}" for (extension, n), count in over]
    )


def _short(case: Case) -> list[str]:
    """Where the declared quota was never reached: passes that removed events unread, as if a lower
    one were kept.

    Where some were dropped as well it may be these that used it (quota.accepted-only). Where
    ordinary ones are lost in passes that took few, no quota did it.
    """
    dropping = {event.extension for event in case.ledger.events if event.fate == "dropped"}
    lost = {
        (event.extension, event.gone_pass)
        for event in case.ledger.events
        if event.fate == "vanished" and not event.about and event.extension not in dropping
    }
    losing = {(event.extension, event.gone_pass) for event in case.ledger.events if event.fate == "vanished"}
    if len({case.ledger.accepted[place] for place in losing}) > 1:
        return []
    taken = {place: case.ledger.accepted[place] for place in sorted(lost) if case.ledger.accepted[place]}
    return [
        f"{extension}: {count} events in pass {n} and the rest removed, the quota is {case.quota}"
        for (extension, n), count in taken.items()
    ]


def accepted_only(case: Case) -> list[str] | None:
    """With drops among enough valid events, the quota is still filled by accepted ones."""
    drops = {event.extension for event in case.ledger.events if event.fate == "dropped"}
    lost = [event for event in case.ledger.events if event.fate == "vanished" and event.extension in drops]
    if case.is_losing or (not lost and not any(extension in drops for extension, _ in case.full_passes)):
        return None
    return first([f"{event.extension}: {event.token} was lost below the quota" for event in lost])


def newest_win(case: Case) -> list[str] | None:
    full = set(case.full_passes)
    discarded = [
        event for event in case.ledger.events if event.fate == "discarded" and event.why == "quota" and not event.about
    ]
    if not full:
        return None
    full -= _out_of_order(case)
    oldest: dict[tuple[str, int], tuple[str, int]] = {}
    for extension, number, deliveries in case.pass_deliveries:
        oldest[extension, number] = min((delivered.file, -delivered.index) for delivered in deliveries)
    problems = [
        f"{event.extension}: element {event.index} of {event.file} was discarded in pass {event.gone_pass}, and {_which(*oldest[place])} was taken"
        for event in discarded
        if (place := (event.extension, event.gone_pass)) in full
        and (event.file, -event.index) > oldest[place]
        and event.since
        < case.ledger.listed.get(
            place, 0
        )  # completed in a later round it comes too late for the others (read.torn-budget)
    ]
    extensions = {extension for extension, _ in full}
    if not discarded and not any(event.overdue and event.extension in extensions for event in case.ledger.events):
        return None  # nothing lay beyond the quota
    problems += [
        f"{event.extension}: {event.file} was still there after a pass that reached the quota"
        for event in case.ledger.events
        if event.overdue and event.extension in extensions and not event.about
    ]
    return first(problems)


def _which(file: str, backwards: int) -> str:
    """The last event that was due of those taken: files from the newest, in a file from the first."""
    return f"element {-backwards} of {file}"


def _out_of_order(case: Case) -> set[tuple[str, int]]:
    """(extension, pass) whose files were not handed over newest first: which of them the quota took
    follows from that (select.newest-first).
    """
    return {
        (extension, number)
        for extension, number, deliveries in case.pass_deliveries
        if any(before.file < after.file for before, after in pairwise(deliveries)) and number not in case.view.waits
    }


def notice(case: Case) -> list[str] | None:
    full = case.full_passes
    if not full:
        return None
    told = Counter((n["extension"], number) for number, n in case.ledger.notices if n["kind"] == "quota")
    if any(case.ledger.accepted[place] > case.quota for place in full):
        return None  # it keeps another quota (quota.per-extension)
    problems = [f"{e}: {told[e, n]} notices of the quota in pass {n}, expected 1" for e, n in full if told[e, n] != 1]
    lost = {(event.extension, event.gone_pass) for event in case.ledger.events if is_lost(event)}
    problems += [
        f"{e}: a notice of the quota in pass {n}, which it did not reach"
        for e, n in told
        if (e, n) not in full and (e, n) not in lost
    ]
    return first([*problems, *as_told(case, "quota")])


def discarded(case: Case) -> list[str] | None:
    """What lay beyond the quota stands in the pass report, file by file."""
    gone: dict[tuple[str, int], set[str]] = {}
    taken = {(d.extension, d.pass_number, d.file) for d in case.ledger.deliveries}
    for event in case.ledger.events:
        place = (event.extension, event.gone_pass)
        if event.fate == "discarded" and event.why == "quota" and (*place, event.file) not in taken:
            gone.setdefault(place, set()).add(event.file)
    if not gone:
        return None
    told = {
        (extension, report.pass_number): counts
        for report in case.view.of(PassReport)
        for extension, counts in report.counts.items()
    }
    problems = []
    for place, files in gone.items():
        counted = told.get(place, {}).get("files_discarded", 0)
        count = sum(counted.values()) if isinstance(counted, dict) else int(counted)
        if count < len(files):
            problems.append(
                f"{place[0]}: {len(files)} files were discarded in pass {place[1]}, the report tells of {count}"
            )
    return first(problems)


def rejects(case: Case) -> list[str] | None:
    """Once so many were rejected, the rest of the extension's files goes unread, and that is noted;
    and not before.
    """
    if not case.gives_notices:
        return None  # what lies beyond the limit is told from what was rejected by the notice alone
    limit = case.limit("rejects")
    noted = {place for place, kind in case.limited.items() if kind == "rejects"}
    rejected, waited = _rejected(case), _waited(case)
    told = any(n["kind"] == "drops" for _, n in case.ledger.notices)
    silent = not told and any(
        event.fate == "dropped" and not _is_of_file(event.why) for event in case.ledger.events
    )  # report.drops; nobody can count then
    reached = {place for place, count in rejected.items() if count >= limit // 2}
    if not noted and not reached:
        return None
    problems = [] if noted else ["the limit was reached, and no notice tells of it"]
    # Half-written files wait for their next try, and so many of them again may fall at the end.
    problems += [
        f"{place[0]}: {count} rejected in pass {place[1]}, at most {limit} are due"
        for place, count in rejected.items()
        if count > 2 * limit + 1 and place not in noted
    ]
    left = {event.extension for event in case.ledger.events if event.overdue}
    problems += [
        f"{place[0]}: {count} rejected in pass {place[1]}, the limit is {limit}, and files were left that no notice tells of"
        for place, count in rejected.items()
        if limit <= count and place not in noted and place[0] in left
    ]
    problems += [
        f"{place[0]}: {rejected[place]} rejected in pass {place[1]}, and a notice tells of the limit, {limit}"
        for place in sorted(noted)
        if rejected[place] < limit and waited[place] <= limit and not silent
    ]
    problems += [
        f"{notice['extension']}: {notice['count']} rejected in pass {number}, at most {limit} are due"
        for number, notice in case.ledger.notices
        if notice["kind"] == "drops" and notice["count"] > limit
    ]
    last_read = _last_read(case)
    problems += [
        f"{event.extension}: {event.file} was delivered in pass {event.deliveries[0].pass_number}, after the limit"
        for event in case.ledger.events
        for delivered in event.deliveries
        if (event.extension, delivered.pass_number) in noted
        and event.file < last_read.get((event.extension, delivered.pass_number), "")
    ]
    return first(problems)


def _rejected(case: Case) -> Counter[tuple[str, int]]:
    """(extension, pass) -> events and files of no use that the pass met. Each event counts as one,
    and so does a file that fell as a whole.
    """
    fell = {
        (e.extension, e.gone_pass, e.path if _is_of_file(e.why) else f"{e.path}#{i}")
        for i, e in enumerate(case.ledger.events)
        if e.fate == "dropped" and e.why not in {"SenderError", "fault"} and is_in_log_dir(e.path)
    }
    useless = _useless(case)
    fell |= {
        (handler_of(call.path), call.pass_number, call.path) for call in case.view.removals if call.path in useless
    }
    fell |= {
        (extension, number, path)
        for extension, number in case.ledger.listed
        for path in useless
        if is_below(path, events_dir(extension)) and case.ledger.tree.get(path, ("", 0))[0] == "dir"
    }
    rejected = Counter((extension, number) for extension, number, _ in sorted(fell))
    for number, notice in case.ledger.notices:  # of a list of trifles the ledger knows no more than that it is one
        if notice["kind"] == "drops":
            place = (notice["extension"] or "", number)
            rejected[place] = max(rejected[place], notice["count"])
    return rejected


def _is_of_file(reason: str) -> bool:
    return "FileError" in reason or "ElementError" in reason


def _useless(case: Case) -> set[str]:
    """Paths of files in events dirs that hold no event, and of what is no file."""
    steps = [step for step in case.view.steps if is_in_log_dir(step.path) and is_json(step.path)]
    return {step.path for step in steps if step.act in {*ODD, "mkdir"} or step.labels == []}


def _waited(case: Case) -> Counter[tuple[str, int]]:
    """(extension, pass) -> files that the pass opened and took nothing from: while too many wait
    for their next try, the limit is reached too.
    """
    opened = {
        (call.path, call.pass_number)
        for call in case.view.done("open")
        if is_in_log_dir(call.path) and is_json(call.path)
    }
    taken = {(event_path(d.extension, d.file), d.pass_number) for d in case.ledger.deliveries}
    return Counter((handler_of(path), number) for path, number in opened - taken)


def _last_read(case: Case) -> dict[tuple[str, int], str]:
    """(extension, pass) -> the name of the file that it opened last: names descend, so nothing
    below it was due to be read.
    """
    found: dict[tuple[str, int], str] = {}
    for call in case.view.called("open"):
        extension, name = handler_of(call.path), file_name(call.path)
        if is_json(name) and is_below(call.path, events_dir(extension)):
            place = (extension, call.pass_number)
            found[place] = min(name, found.get(place, name))
    return found


JUDGES: dict[str, Judge] = {
    "quota.per-extension": per_extension,
    "quota.accepted-only": accepted_only,
    "quota.newest-win": newest_win,
    "quota.notice": notice,
    "quota.discarded": discarded,
    "quota.rejects": rejects,
}
