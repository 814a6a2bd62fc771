"""Family clean: what is left behind."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from ...core import PassBegun, event_path, events_dir, handler_of, is_below, is_entry, is_event_file
from ..case import Case
from ..problems import Judge, first
from ..written import Delivered


def processed(case: Case) -> list[str] | None:
    """No event was lost on the way, and no file that was handed over stays.

    Where removal comes after the hand-over, a file that its writer touched in between is another
    one, for the next pass.
    """
    delivered = [event for event in case.ledger.events if event.deliveries]
    dropped = [
        event for event in case.ledger.events if event.due == "drop" and event.overdue and event.path in case.opened
    ]
    if not delivered and not dropped:
        return None
    refused = {call.path for call in case.view.called("unlink") if call.errno}
    opens = _opens(case)
    exchanged = _exchanged(case, opens)
    problems = [
        f"{event.extension}: {event.file} was handed over and is still there"
        for event in delivered
        if not event.gone
        and event.path in case.ledger.tree
        and event.path not in refused
        and all(event.since < _begun(opens, d) for d in event.deliveries)
        and not exchanged(event.deliveries[-1])
    ]
    problems += [
        f"{event.extension}: {event.file} ({event.reason}) was read and is still there"
        for event in dropped
        if event.path not in refused
    ]
    return first(list(dict.fromkeys(problems)))


def _exchanged(case: Case, opens: dict[str, list[int]]) -> Callable[[Delivered], bool]:
    """Tells of a delivery whether a writer touched its file between its opening and the end of the
    pass. Only deliveries whose file was to be removed after them count.
    """
    waits = case.ledger.run["delivery"] == "at-least-once"
    touched: dict[tuple[str, int], int] = {}
    for step in case.view.steps:
        if step.is_within:
            touched |= {(path, step.pass_number): step.i for path in (step.path, step.to)}

    def exchanged(one: Delivered) -> bool:
        last = touched.get((event_path(one.extension, one.file), one.pass_number), -1)
        return (waits or not one.extension) and last > _begun(opens, one)

    return exchanged


def _opens(case: Case) -> dict[str, list[int]]:
    """Path -> indices of the records with which the collector opened it."""
    found: dict[str, list[int]] = {}
    for call in case.view.done("open"):
        found.setdefault(call.path, []).append(call.i)
    return found


def _begun(opens: dict[str, list[int]], delivered: Delivered) -> int:
    """Index of the record with which the file of a delivery was opened for it. Of a program that is
    not known, and the index is the delivery's own.
    """
    before = [i for i in opens.get(event_path(delivered.extension, delivered.file), ()) if i < delivered.i]
    return max(before, default=delivered.i)


class _Entry(NamedTuple):
    """A regular file in an events dir that is no event file: when it was modified (virtual ns), its
    size, the record that made it.
    """

    mtime: int
    size: int
    i: int


def _before_last_pass(case: Case) -> dict[str, _Entry]:
    """Every such entry that stood there when the last pass first listed its directory, and that no
    writer touched since.
    """
    last = case.view.last_pass
    standing: dict[str, _Entry] = {}
    for step in case.view.steps:
        standing.pop(step.path, None)
        standing.pop(step.to, None)
        if step.act in {"rmtree", "rename"} and standing:
            standing = {known: entry for known, entry in standing.items() if not is_below(known, step.path)}
        in_events_dir = is_entry(step.path) and is_below(step.path, events_dir(handler_of(step.path)))
        if step.act == "write" and in_events_dir and not is_event_file(step.path):
            listed = case.ledger.listed.get((handler_of(step.path), last), -1)
            if step.i < listed:
                standing[step.path] = _Entry(step.mtime, step.size, step.i)
    return standing


def _last_begin(case: Case) -> int:
    return max((begun.t for begun in case.view.of(PassBegun)), default=0)


def residue(case: Case) -> list[str] | None:
    """What is no event file and older than a period is removed by the pass that found it;
    subdirectories stay.
    """
    period, now = case.limit("period"), _last_begin(case)
    old = [path for path, entry in _before_last_pass(case).items() if now - entry.mtime > period]
    directories = {step.path for step in case.view.steps if step.act == "mkdir" and is_entry(step.path)}
    if not old and not case.view.called("unlink"):
        return None
    problems = [f"{path} is old and still there" for path in old if path in case.ledger.tree]
    removed = [call.path for call in case.view.done("rmdir")]
    problems += [f"directory {path} was removed" for path in removed if path in directories]
    return first(problems)


def in_flight(case: Case) -> list[str] | None:
    """Young entries are left, up to a number and a size; then the oldest go first."""
    period, now = case.limit("period"), _last_begin(case)
    most, most_bytes = case.limit("spared"), 40 * 1024 * 1024
    young: dict[str, list[tuple[int, str, int]]] = {}
    for path, entry in _before_last_pass(case).items():
        if now - entry.mtime < period - case.ledger.run.get("slack", 0):
            young.setdefault(handler_of(path), []).append((entry.mtime, path, entry.size))
    if not young:
        return None
    problems = []
    for extension, entries in young.items():
        entries.sort(reverse=True)
        size = 0
        due = []
        for place, (mtime, path, length) in enumerate(entries):
            size += length
            if place < most and size <= most_bytes:
                due.append((mtime, path))
        edge = due[-1][0] if due and len(due) < len(entries) else None
        problems += [
            f"{path} is young and gone" for mtime, path in due if path not in case.ledger.tree and mtime != edge
        ]
        problems += _spared(case, extension, entries, most, most_bytes)
    return first(problems)


def _spared(case: Case, extension: str, entries: list[tuple[int, str, int]], most: int, most_bytes: int) -> list[str]:
    """What is wrong with what stays of these entries, newest first: too many, too large, or older
    than one that went.
    """
    staying = [entry for entry in entries if entry[1] in case.ledger.tree]
    gone = [mtime for mtime, path, _ in entries if path not in case.ledger.tree]
    size = sum(length for *_, length in staying)
    problems = (
        [f"{extension}: {len(staying)} entries are spared, at most {most} are due"] if len(staying) > most else []
    )
    if size > most_bytes:
        problems.append(f"{extension}: {size} bytes are spared, at most {most_bytes} are due")
    if gone and staying and staying[-1][0] < max(gone):
        problems.append(f"{staying[-1][1]} is spared, though a newer entry went")
    return problems


def unremovable(case: Case) -> list[str] | None:
    """What cannot be removed is noted, and handed over once."""
    stuck = {step.path for step in case.view.steps if step.act == "immutable"}
    refused = {call.path for call in case.view.called("unlink") if call.errno == "EPERM"}
    if not stuck & refused:
        return None
    problems = [
        f"{e.extension}: {e.file} was handed over {len(e.deliveries)} times"
        for e in case.ledger.events
        if e.path in stuck and len(e.deliveries) > 1
    ]
    if case.gives_notices:
        told = {notice["extension"] for _, notice in case.ledger.notices if notice["kind"] == "unremovable"}
        problems += [
            f"{path} could not be removed, and nothing was noted"
            for path in sorted(refused)
            if (handler_of(path) or None) not in told
        ]
    problems += [
        f"a notice (unremovable) of pass {n} is reworded"
        for n, told in case.ledger.notices
        if told["kind"] == "unremovable" and "reworded" in told
    ]
    return first(problems)


JUDGES: dict[str, Judge] = {
    "clean.processed": processed,
    "clean.residue": residue,
    "clean.in-flight": in_flight,
    "clean.unremovable": unremovable,
}
