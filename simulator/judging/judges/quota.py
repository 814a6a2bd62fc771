"""Family quota: how much of one extension is taken, and what becomes of the rest."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from itertools import pairwise

from ...core import (
    PassReport,
    ServiceAsked,
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
    and not before. Where no rest was left, nothing has to be noted.
    """
    if not case.gives_notices:
        return None  # what lies beyond the limit is told from what was rejected by the notice alone
    if case.view.of(ServiceAsked) and not case.ledger.notices:
        return None  # a service gives no report: it tells of a limit in its log alone
    limit = case.limit("rejects")
    noted = {place for place, kind in case.limited.items() if kind == "rejects"}
    least, most = _rejected(case)
    unnoted = {place: count for place, count in least.items() if count >= limit and place not in noted}
    read_on = _read_on(case)
    if not noted and not unnoted and not read_on:
        return None
    # Half-written files wait for their next try, and so many of them again may fall at the end.
    problems = [
        f"{place[0]}: {count} rejected in pass {place[1]}, at most {limit} are due"
        for place, count in unnoted.items()
        if count > 2 * limit + 1
    ]
    left = {event.extension for event in case.ledger.events if event.overdue}
    unread = {(event.extension, event.gone_pass) for event in case.ledger.events if is_lost(event)}
    problems += [
        f"{place[0]}: {count} rejected in pass {place[1]}, the limit is {limit}, and files were "
        f"{'removed unread' if place in unread else 'left'} that no notice tells of"
        for place, count in unnoted.items()
        if place in unread or place[0] in left
    ]
    problems += [*_early(case, noted, most), *_told_beyond(case), *_read_beyond(case, noted), *read_on]
    return first(problems)


def _early(case: Case, noted: set[tuple[str, int]], most: Counter[tuple[str, int]]) -> list[str]:
    """Notices of a limit that was not reached."""
    limit, waited = case.limit("rejects"), _waited(case)
    told = any(n["kind"] == "drops" for _, n in case.ledger.notices)
    silent = not told and any(
        event.fate == "dropped" and not _is_of_file(event.why) for event in case.ledger.events
    )  # report.drops; nobody can count then
    return [
        f"{place[0]}: {most[place]} rejected in pass {place[1]}, and a notice tells of the limit, {limit}"
        for place in sorted(noted)
        if most[place] < limit and waited[place] <= limit and not silent
    ]


def _told_beyond(case: Case) -> list[str]:
    """Passes of which notices count more events than may be rejected."""
    limit = case.limit("rejects")
    return [
        f"{extension}: {count} rejected in pass {number}, at most {limit} are due"
        for (extension, number), count in _without_mute(case, _told_drops(case)).items()
        if count > limit
    ]


def _read_beyond(case: Case, noted: set[tuple[str, int]]) -> list[str]:
    """What came of files that lay beyond the limit."""
    last_read = _last_read(case)
    return [
        f"{event.extension}: {event.file} was delivered in pass {event.deliveries[0].pass_number}, after the limit"
        for event in case.ledger.events
        for delivered in event.deliveries
        if (event.extension, delivered.pass_number) in noted
        and event.file < last_read.get((event.extension, delivered.pass_number), "")
    ]


def _read_on(case: Case) -> list[str]:
    """What came of a file after as many rejects as the limit had been removed, of other files."""
    limit, met = case.limit("rejects"), _removed_rejects(case)
    problems = []
    for delivered in case.ledger.deliveries:
        moments = met.get((delivered.extension, delivered.pass_number), [])
        before = bisect_left(moments, (delivered.i, ""))
        own = event_path(delivered.extension, delivered.file)
        if before >= limit and (count := sum(path != own for _, path in moments[:before])) >= limit:
            problems.append(
                f"{delivered.extension}: {delivered.file} was delivered in pass {delivered.pass_number}, after {count} rejected"
            )
    return problems


def _removed_rejects(case: Case) -> dict[tuple[str, int], list[tuple[int, str]]]:
    """(extension, pass) -> the record with which each reject went, and its path."""
    counts: Counter[tuple[str, int]] = Counter()
    for event in case.ledger.events:
        if event.fate == "dropped" and event.why not in {"SenderError", "fault"}:
            place = (event.path, event.gone_pass)
            counts[place] = 1 if _is_of_file(event.why) else counts[place] + 1
    written = {event.path for event in case.ledger.events}
    empty = _useless(case) - written
    met: dict[tuple[str, int], list[tuple[int, str]]] = {}
    for call in case.view.removals:
        count = counts[call.path, call.pass_number] or (call.path in empty)
        if is_in_log_dir(call.path) and count:
            met.setdefault((handler_of(call.path), call.pass_number), []).extend([(call.i, call.path)] * count)
    return met


_Places = Counter[tuple[str, int]]


def _rejected(case: Case) -> tuple[_Places, _Places]:
    """(extension, pass) -> how many events and files of no use the pass met, at least and at most.
    Each event counts as one, and so does a file that fell as a whole.

    Of a list of trifles the ledger knows no more than that it is one: the notices have their
    number.
    """
    events: _Places = Counter()
    fell = set()
    for event in case.ledger.events:
        if event.fate == "dropped" and event.why not in {"SenderError", "fault"} and is_in_log_dir(event.path):
            if _is_of_file(event.why):
                fell.add((event.extension, event.gone_pass, event.path))
            else:
                events[event.extension, event.gone_pass] += 1
    useless = _useless(case)
    fell |= {
        (handler_of(call.path), call.pass_number, call.path) for call in case.view.removals if call.path in useless
    }
    made = {step.to or step.path: step.i for step in case.view.steps}
    fell |= {
        (extension, number, path)
        for (extension, number), listed in case.ledger.listed.items()
        for path in useless
        if is_below(path, events_dir(extension))
        and case.ledger.tree.get(path, ("", 0))[0] == "dir"
        and made.get(path, 0) < listed
    }
    files = Counter((extension, number) for extension, number, _ in sorted(fell))
    told, told_files = _told_drops(case), _told(case, {"failed", "size", "irregular"})
    limited = {*case.limited, *case.full_passes}  # what lies behind a limit is of no use too, and was not met
    met = Counter({place: count for place, count in (events + files).items() if place not in limited})
    return met | _without_mute(case, told), (events | told) + (files | told_files)


def _told(case: Case, kinds: set[str]) -> _Places:
    """(extension, pass) -> what notices of these kinds count."""
    told: _Places = Counter()
    for number, notice in case.ledger.notices:
        if notice["kind"] in kinds:
            told[notice["extension"] or "", number] += notice["count"]
    return told


def _told_drops(case: Case) -> _Places:
    """(extension, pass) -> events that were told as dropped, but for those that the sender refused:
    these are no rejects.
    """
    refused = Counter(
        (str(fault.key[0]), fault.pass_number)
        for fault in case.view.faults
        if fault.kind == "sender-error" and fault.key is not None
    )
    return _told(case, {"drops"}) - refused


def _without_mute(case: Case, told: _Places) -> _Places:
    """Of the passes whose sender could be asked. Of another nobody knows how many events it
    refused: what was told is the most that can have been rejected.
    """
    return Counter({place: count for place, count in told.items() if place[1] not in case.view.mute})


def _is_of_file(reason: str) -> bool:
    return "FileError" in reason or "ElementError" in reason


def _useless(case: Case) -> set[str]:
    """Paths of files in events dirs that hold no event, and of what is no file."""
    odd = {step.path for step in case.view.steps if step.act in {*ODD, "mkdir"}}
    odd |= {step.to for step in case.view.steps if step.path in odd}
    empty = {step.path for step in case.view.steps if step.labels == []}
    return {path for path in odd | empty if is_in_log_dir(path) and is_json(path)}


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
