"""Family discover: which directories are looked into, and what nobody may touch."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import islice

from ...core import (
    COLLECTOR,
    FILE_OUTSIDE,
    LOG_DIR,
    SECRET_FILE,
    SECRET_TEXT,
    Escape,
    LogRecord,
    PassBegun,
    PassEnded,
    WriterStep,
    events_dir,
    handler_of,
    is_below,
    is_entry_or_below,
    is_events_dir,
    is_in_log_dir,
    is_in_subdirectory,
    is_json,
    is_outside,
)
from ..case import Case
from ..notices import is_hosted, is_told_as
from ..problems import Judge, bounded_memory, due_of, first
from ..written import SOUND, Written
from .odd_directories import endless, mount

#: What XML 1.0 cannot carry, lone surrogates among it.
_NOT_ENCODABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")

_CHANGES = ("mkdir", "rename", "link", "symlink", "mknod", "write", "truncate", "chmod", "chown", "utime", "rmdir")


def layout(case: Case) -> list[str] | None:
    due = [event for event in case.ledger.events if event.due in {"collect", "cut"}]
    if not due:
        return first(_entered(case)) or None
    missed = _missed(case)
    visited = _visited(case)
    problems = [
        f"{event.extension}: {event.file} was never looked at"
        for event in due
        if event.overdue and event.extension not in visited
    ]
    problems += [
        f"{event.extension}: pass {number} did not look where {event.file} was"
        for event, number in missed
        if not event.overdue or event.extension in visited
    ]
    return first([*problems, *_entered(case)])


def _visited(case: Case) -> set[str]:
    """Extensions of which something was read, removed or handed over: that a file of theirs was
    left is no sign that nobody came.
    """
    return {delivered.extension for delivered in case.ledger.deliveries} | {
        handler_of(call.path) for call in case.view.done("open", "read", "unlink") if is_entry_or_below(call.path)
    }


def _undisturbed(case: Case) -> dict[int, int]:
    """Pass over extension events -> the record with which it begins, of those that nothing
    disturbed, and that returned.
    """
    begins = {begun.pass_number: begun.i for begun in case.view.of(PassBegun) if begun.kind == "extension"}
    whole = {
        ended.pass_number
        for ended in case.view.of(PassEnded)
        if ended.result["kind"] == "extension" and ended.result["end"] == "returned"
    }
    return {number: i for number, i in begins.items() if number in whole - case.view.disturbed}


def _missed(case: Case) -> list[tuple[Written, int]]:
    """Events that stood in an events dir through a whole pass which did not even list it, each with
    the first such pass.
    """
    passes = sorted(_undisturbed(case).items())
    numbers, begins = [number for number, _ in passes], [begin for _, begin in passes]
    found = []
    for event in case.ledger.events:
        if event.due not in {"collect", "cut"} or not is_below(event.path, events_dir(event.extension)):
            continue
        ends = [event.gone_pass] * bool(event.gone) + [delivered.pass_number for delivered in event.deliveries]
        # Passes follow each other: the first that began when it stood there is found by halving.
        for number in islice(numbers, bisect_right(begins, event.stands), None):
            if any(end <= number for end in ends):
                break
            if (event.extension, number) not in case.ledger.listed:
                found.append((event, number))
                break
    return found


def _entered(case: Case) -> list[str]:
    """Subdirectories of events dirs that were listed, and what of their content was handed over or
    removed.
    """
    problems = [
        f"{call.path}, a subdirectory, was entered"
        for call in case.view.called("listdir", "scandir")
        if is_entry_or_below(call.path)
    ]
    return problems + [
        f"{event.path} lies in a subdirectory, and {'was handed over' if event.deliveries else 'was removed'}"
        for event in case.ledger.events
        if is_in_subdirectory(event.path) and (event.deliveries or event.gone == COLLECTOR)
    ]


def hands_off(case: Case) -> list[str] | None:
    made = [f"{call.name} {call.path}" for call in case.view.done(*_CHANGES)]
    return first(made)


def links(case: Case) -> list[str] | None:
    """Nothing outside is delivered, removed or touched, by whatever way in."""
    tree = case.ledger.tree
    problems = [f"{path} is gone" for path in (SECRET_FILE, FILE_OUTSIDE) if path not in tree]
    problems += [
        f"{d.extension}: an event from outside was delivered"
        for d in case.ledger.invented
        if SECRET_TEXT in str(d.values)
    ]
    problems += [
        f"{event.extension}: {event.path} lies outside, and its event was delivered"
        for event in case.ledger.events
        if event.due == "leave" and is_outside(event.path) and event.deliveries
    ]
    problems += [f"the collector left its world: {escape.event} {escape.path}" for escape in case.view.of(Escape)]
    return first(problems)


def dash(case: Case) -> list[str] | None:
    """What a handler that begins with a dash holds is neither read nor removed."""
    events = [event for event in case.ledger.events if event.extension.startswith("-")]
    if not events:
        return None
    problems = [f"{event.extension}: {event.file} was delivered" for event in events if event.deliveries]
    problems += [f"{event.extension}: {event.file} is gone" for event in events if event.path not in case.ledger.tree]
    problems += [
        f"{call.name} {call.path}"
        for call in case.view.called("read", "unlink")
        if handler_of(call.path).startswith("-")
    ]
    return first(problems)


#: Levels of log records that tell of no trouble, that a pass began say; of a program's lines none
#: is known.
_QUIET = {"DEBUG", "INFO", ""}


def no_log_dir(case: Case) -> list[str] | None:
    """A pass without a log dir returns and tells so once; the next one collects."""
    listed = {number for _, number in case.ledger.listed}
    first_write = next((step.pass_number for step in case.view.of(WriterStep) if step.path == LOG_DIR), None)
    if first_write is None:
        return None
    problems = []
    for number, entries in case.view.extension_passes.items():
        if number > first_write:
            break
        end = next((entry.result["end"] for entry in entries if isinstance(entry, PassEnded)), "returned")
        told = [n for passed, n in case.ledger.notices if passed == number and is_told_as(n, "log-dir")]
        logs = [entry for entry in entries if isinstance(entry, LogRecord) and not entry.result["extensions"]]
        alarms = [record for record in logs if record.result["level"] not in _QUIET]
        if end != "returned":
            problems.append(f"pass {number} ended: {end}")
        if case.gives_notices and len(told) != 1:
            problems.append(f"pass {number} told {len(told)} times that there is no log dir, expected once")
        if is_hosted(case) and not logs:
            problems.append(f"pass {number} logged nothing of it")
        elif len(alarms) > 1:
            problems.append(f"pass {number} logged {len(alarms)} records about it")
    if not listed or not _visited(case):
        problems.append("no pass looked for anything once the log dir was there")
    return first(problems)


def not_a_directory(case: Case) -> list[str] | None:
    """Something else in the place of an events dir costs one notice a pass, of those through which
    it stood there. Where it came or went during a pass, that may have seen it or not.
    """
    made = dict.fromkeys(
        handler_of(step.path)
        for step in case.view.steps
        if is_events_dir(step.path) and step.act in {"write", "mkfifo", "socket"}
    )
    if not made:
        return None
    problems = [f"a pass ended: {end['end']}" for end in case.ledger.ends if end["end"] not in {"returned", "crash"}]
    ends = {ended.pass_number: ended.i for ended in case.view.of(PassEnded)}
    for extension in made if case.gives_notices else ():
        path = events_dir(extension)
        changes = [
            (step.i, step.path == path and step.act in {"write", "mkfifo", "socket"})
            for step in case.view.steps
            if any(one and (one == path or is_below(path, one)) for one in (step.path, step.to))
        ]
        notices = [n for n, notice in case.ledger.notices if is_told_as(notice, "not-a-directory", extension)]
        for number, begin in _undisturbed(case).items():
            told = notices.count(number)
            stood = next((odd for i, odd in reversed(changes) if i < begin), False)
            changed = any(begin < i < ends[number] for i, _ in changes)
            due = stood and not changed
            if (told > 1 and (stood or changed)) or (due and not told):
                problems.append(
                    f"{extension}: {told} notices (not-a-directory) in pass {number}, "
                    f"expected {'1' if due else 'at most 1'}"
                )
    return first(problems)


def swap(case: Case) -> list[str] | None:
    """With the events dir swapped during a pass, nothing outside it is read or removed."""
    renamed = [step.path for step in case.view.steps if step.act == "rename" and step.is_within]
    if not any(is_in_log_dir(path) and not is_entry_or_below(path) and not is_json(path) for path in renamed):
        return None
    problems = links(case) or []
    problems += [f"{call.name} {call.path}" for call in case.view.done("read", "unlink") if is_outside(call.path)]
    return first(problems)


def name_bytes(case: Case) -> list[str] | None:
    """Events of handlers with odd names come, and their text can be encoded."""
    odd = [h for h in case.handlers("attacker") if not h.isprintable() or not h.isascii()]
    if not odd:
        return None
    hostile = set(case.handlers("attacker"))
    problems = list(
        due_of(
            case,
            [e for e in case.ledger.events if e.extension in hostile and e.due in SOUND and not e.about],
            values=False,
        )
        or []
    )
    for delivered in case.ledger.deliveries:
        problems += [
            f"{delivered.extension!a}: a delivered text cannot be encoded: {ascii(value)[:80]}"
            for value in delivered.values
            if isinstance(value, str) and _NOT_ENCODABLE.search(value)
        ]
    return first(problems)


JUDGES: dict[str, Judge] = {
    "discover.layout": layout,
    "discover.dash": dash,
    "discover.no-log-dir": no_log_dir,
    "discover.hands-off": hands_off,
    "discover.links": links,
    "discover.not-a-directory": not_a_directory,
    "discover.swap": swap,
    "discover.endless": endless,
    "discover.mount": mount,
    "discover.name-bytes": name_bytes,
    "discover.flood": bounded_memory,
}
