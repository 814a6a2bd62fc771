"""Family select: which entries are read, and in which order."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

from ...base import SECOND
from ...contract import LIMITS
from ...core import (
    IRREGULAR,
    OVERSIZE_FILE,
    Call,
    ServiceAsked,
    WriterStep,
    events_dir,
    handler_of,
    in_order,
    is_below,
    is_event_file,
    is_in_log_dir,
    is_json,
)
from ..case import ODD, Case
from ..fared import ended
from ..notices import as_told, is_hosted, unsaid, untold
from ..problems import Judge, as_tried, came_as_due, first
from ..written import Delivered, Written

#: Virtual ns between two tries, but for what a clock rounds.
_APART = LIMITS["retry_delay"].value * SECOND - SECOND // 1_000


def newest_first(case: Case) -> list[str] | None:
    """Within a round. A service does not sleep between rounds: it waits to be stopped, which shows
    by the time that goes by. A pass has so many waits as a torn file has tries, but one.
    """
    sleeps = [call.i for call in case.view.called("sleep")]
    waited = _waited(case)
    seen = False
    problems = []
    for extension, number, deliveries in case.pass_deliveries:
        waits = 0
        for before, after in pairwise(deliveries):
            if bisect_right(sleeps, before.i) < bisect_left(sleeps, after.i):
                continue  # another retry round
            if waited(before, after):
                waits += 1
                if waits < LIMITS["tries"].value:
                    continue
            seen = seen or before.file != after.file
            if before.file < after.file:
                problems.append(f"{extension}: {after.file} after {before.file} in pass {number}")
    return first(problems) if seen or problems else None


def _waited(case: Case) -> Callable[[Delivered, Delivered], bool]:
    """Tells of two deliveries of a service whether it waited between them, as long as between two
    tries. What a slow sender takes is no wait.
    """
    if not case.view.of(ServiceAsked):
        return lambda *_: False
    slow = [fault for fault in case.view.faults if fault.kind == "sender-slow"]
    taken = [next((one.t for one in case.ledger.deliveries if one.i > fault.i), fault.t) for fault in slow]
    took = [(fault.i, t - fault.t) for fault, t in zip(slow, taken, strict=True)]

    def waited(before: Delivered, after: Delivered) -> bool:
        apart = after.t - before.t - sum(ns for i, ns in took if before.i < i < after.i)
        return apart >= _APART

    return waited


def order_within(case: Case) -> list[str] | None:
    seen = False
    problems = []
    for extension, _, deliveries in case.pass_deliveries:
        for before, after in pairwise(deliveries):
            if before.file != after.file:
                continue
            seen = True
            if after.index <= before.index:
                problems.append(f"{extension}: element {after.index} after {before.index} of {after.file}")
    return first(problems) if seen else None


def size(case: Case) -> list[str] | None:
    limit = case.limit("file_size")
    oversize = [event for event in case.ledger.events if event.reason == OVERSIZE_FILE]
    if not oversize:
        return None
    exact = {step.path for step in case.view.of(WriterStep) if step.size == limit}
    problems = [
        f"{event.extension}: {event.file} is too large and was {ended(event)}" for event in oversize if not _gone(event)
    ]
    problems += [
        f"{event.extension}: {event.file} has exactly {limit} bytes and its event was {event.fate}"
        for event in case.ledger.events
        if event.path in exact
        and event.due == "collect"
        and not event.deliveries
        and event.fate != "discarded"
        and not case.is_losing
    ]
    return first([*problems, *unsaid(case, "size", OVERSIZE_FILE), *as_told(case, "size")])


def _gone(event: Written) -> bool:
    return event.fate in {"dropped", "discarded", "withdrawn"} or (event.fate == "waiting" and not event.overdue)


def regular(case: Case) -> list[str] | None:
    """No FIFO, socket, device or link with an event file's name is read; each is removed by the
    pass that found it.
    """
    placed: dict[str, str] = {}
    for step in case.view.steps:
        if step.act in ODD and is_event_file(step.path) and step.i < case.last_listed.get(handler_of(step.path), -1):
            placed[step.path] = ODD[step.act]
    if not placed:
        return None
    problems = [f"a pass ended: {end['end']}" for end in case.ledger.ends if end["end"] == "would-block"]
    problems += [f"{call.path} was read" for call in case.view.done("read") if call.path in placed]
    problems += [
        f"{path} is still there" for path, kind in placed.items() if case.ledger.tree.get(path, ("", 0))[0] == kind
    ]
    return first([*problems, *_unnoted(case, placed), *_unnoted_directories(case)])


def _unnoted(case: Case, placed: Mapping[str, str]) -> list[str]:
    """Passes that removed such objects and do not count them under their reason; or tell nothing at
    all, where a collector's notices cannot be counted.
    """
    removed = {(handler_of(call.path), call.pass_number) for call in case.view.removals if call.path in placed}
    if not is_hosted(case):
        return untold(case, "irregular", removed, "what is no regular file")
    said = {(n["extension"], number) for number, n in case.ledger.notices if n["kind"] == "irregular" and n["reason"]}
    if case.words_known:
        said &= {(n["extension"], number) for number, n in case.ledger.notices if n["reason"] == IRREGULAR}
    unnoted = removed - said - set(case.limited)
    return [
        f"{extension}: what is no regular file was removed in pass {n}, and not noted as such"
        for extension, n in sorted(unnoted)
    ]


def _unnoted_directories(case: Case) -> list[str]:
    """A directory with an event file's name stays and is noted by each pass, where the collector
    gives notices of its own.
    """
    if not is_hosted(case):
        return []
    said = {(n["extension"], number) for number, n in case.ledger.notices if n["kind"] == "irregular"}
    made = {
        step.path: step.pass_number
        for step in case.view.steps
        if step.act == "mkdir" and is_event_file(step.path)
    }
    return [
        f"directory {path} is not noted in pass {number}"
        for path, since in made.items()
        for extension, number in case.ledger.listed
        if is_below(path, events_dir(extension)) and number >= since and (extension, number) not in said
    ] + [f"directory {path} is gone" for path in made if path not in case.ledger.tree]


def hardlink(case: Case) -> list[str] | None:
    """A file with more than one link is not read, and is given a round before it goes. Its writer
    may be between link and unlink.
    """
    full = set(case.full_passes)
    linked = {
        step.to: step.path
        for step in case.view.steps
        if step.act == "link" and is_in_log_dir(step.to) and is_json(step.to)
    }
    waits_show = "waits" not in case.ledger.run.get("lacking", ())
    waited: set[int] = set()
    hurried: list[Call] = []
    what_counts: list[Sequence[WriterStep | Call]] = [case.view.steps, case.view.done("sleep", "unlink")]
    for entry in in_order(*what_counts):
        if isinstance(entry, WriterStep):
            if entry.act == "unlink":
                linked = {one: other for one, other in linked.items() if entry.path not in {one, other}}
        elif entry.name == "sleep":
            waited.add(entry.pass_number)
        elif waits_show and entry.path in linked and entry.pass_number not in waited:
            hurried.append(entry)
    problems = [
        f"{call.path} has two names and was removed without a wait"
        for call in hurried
        if (handler_of(call.path), call.pass_number) not in full
    ]
    return None if (due := came_as_due(case)) is None else first([*problems, *due])


def size_race(case: Case) -> list[str] | None:
    """A file that was beyond the limit before it was read is not handed over, however small it was
    when it was looked at.
    """
    limit = case.limit("file_size")
    sizes: dict[str, int] = {}
    over: dict[str, int] = {}
    tried = False
    for step in case.view.of(WriterStep):
        if step.act in {"write", "append"}:
            size = step.size + (sizes.get(step.path, 0) if step.act == "append" else 0)
            tried = tried or size > limit  # it may come too late, when the file was taken already
            if not step.errno:
                sizes[step.path] = size
                if size > limit:
                    over.setdefault(step.path, step.i)
    if not tried:
        return None
    read: dict[tuple[str, int], int] = {}
    for call in case.view.called("read"):
        read.setdefault((call.path, call.pass_number), call.i)
    return first(
        [
            f"{event.extension}: {event.file} was handed over, though it had grown beyond {limit} bytes before it was read"
            for event in case.ledger.events
            for delivered in event.deliveries
            if event.path in over and read.get((event.path, delivered.pass_number), 0) > over[event.path]
        ]
    )


JUDGES: dict[str, Judge] = {
    "select.newest-first": newest_first,
    "select.order-within": order_within,
    "select.size": size,
    "select.regular": regular,
    "select.size-race": size_race,
    "select.hardlink": hardlink,
    "select.name": as_tried("select.name", values=False),
    "select.ascii": as_tried("select.ascii", values=False),
}
