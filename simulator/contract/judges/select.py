"""Family select: which entries are read, and in which order."""

from __future__ import annotations

from itertools import pairwise

from simulator.contract.judges.case import Case, Judge, as_due, first
from simulator.ledger import Written


def newest_first(case: Case) -> list[str] | None:
    sleeps = [i for i, record in enumerate(case.history) if record.op == "call" and record.result["call"] == "sleep"]
    seen = False
    problems = []
    for extension, number, deliveries in case.pass_deliveries():
        for before, after in pairwise(deliveries):
            if any(before.i < i < after.i for i in sleeps):
                continue  # another retry round
            seen = seen or before.file != after.file
            if before.file < after.file:
                problems.append(f"{extension}: {after.file} after {before.file} in pass {number}")
    return first(problems) if seen or problems else None


def order_within(case: Case) -> list[str] | None:
    seen = False
    problems = []
    for extension, _, deliveries in case.pass_deliveries():
        for before, after in pairwise(deliveries):
            if before.file != after.file:
                continue
            seen = True
            if after.index <= before.index:
                problems.append(f"{extension}: element {after.index} after {before.index} of {after.file}")
    return first(problems) if seen else None


def size(case: Case) -> list[str] | None:
    limit = case.ledger.run["limits"]["file_size"]
    oversize = [event for event in case.ledger.events if event.reason == "OversizeFileError"]
    if not oversize:
        return None
    exact = {r.path for r in case.history if r.op == "step" and r.result.get("bytes") == limit}
    problems = [
        f"{event.extension}: {event.file} is too large and was {event.fate}" for event in oversize if not _gone(event)
    ]
    problems += [
        f"{event.extension}: {event.file} has exactly {limit} bytes and its event was {event.fate}"
        for event in case.ledger.events
        if event.path in exact and event.due == "collect" and event.fate not in {"delivered", "discarded"}
    ]
    return first(problems)


def _gone(event: Written) -> bool:
    return event.fate in {"dropped", "discarded", "withdrawn"} or (event.fate == "waiting" and not event.overdue)


_ODD = {"mkfifo": "fifo", "socket": "socket", "device": "device", "symlink": "link"}


def regular(case: Case) -> list[str] | None:
    """No FIFO, socket, device or link with an event file's name is read; each is removed by the pass that found it."""
    placed: dict[str, str] = {}
    for i, record in enumerate(case.history):
        if (
            record.op == "step"
            and record.result["act"] in _ODD
            and "errno" not in record.result
            and record.path.endswith(".json")
        ):
            extension = record.path.split("/")[1]
            if any(name == extension and listed > i for (name, _), listed in case.ledger.listed.items()):
                placed[record.path] = _ODD[record.result["act"]]
    if not placed:
        return None
    problems = [f"a pass ended: {end['end']}" for end in case.ledger.ends if end["end"] == "would-block"]
    problems += [
        f"{path} was read"
        for call, path, result in case.calls()
        if call == "read" and path in placed and "errno" not in result
    ]
    problems += [
        f"{path} is still there" for path, kind in placed.items() if case.ledger.tree.get(path, ("", 0))[0] == kind
    ]
    return first(problems)


def size_race(case: Case) -> list[str] | None:
    """A file that was beyond the limit before it was read is not handed over, however small it was when it was looked at."""
    limit = case.ledger.run["limits"]["file_size"]
    sizes: dict[str, int] = {}
    over: dict[str, int] = {}
    tried = False
    read: dict[tuple[str, int], int] = {}
    for i, record in enumerate(case.history):
        if record.op == "step" and record.result["act"] in {"write", "append"}:
            before = sizes.get(record.path, 0) if record.result["act"] == "append" else 0
            size = before + record.result.get("bytes", 0)
            tried = tried or size > limit  # it may come too late, when the file was taken already
            if "errno" not in record.result:
                sizes[record.path] = size
                if size > limit:
                    over.setdefault(record.path, i)
        elif record.op == "call" and record.result["call"] == "read":
            read.setdefault((record.path, record.pass_number), i)
    if not tried:
        return None
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
    **dict.fromkeys(("select.name", "select.ascii", "select.hardlink"), as_due),
}
