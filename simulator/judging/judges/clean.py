"""Family clean: what is left behind."""

from __future__ import annotations

import re
from typing import NamedTuple

from ...core import event_path, is_agent_event, is_in_log_dir
from ..case import Case
from ..problems import Judge, first
from ..written import Delivered


def processed(case: Case) -> list[str] | None:
    """No event was lost on the way, and no file that was handed over stays, unless its writer
    touched it since it was opened: then it is another file, for the next pass.
    """
    delivered = [event for event in case.ledger.events if event.deliveries]
    dropped = [
        event for event in case.ledger.events if event.due == "drop" and event.overdue and event.path in case.opened
    ]
    if not delivered and not dropped:
        return None
    refused = {path for call, path, result in case.calls() if call == "unlink" and "errno" in result}
    touched, opens = _touched(case), _opens(case)
    problems = [
        f"{event.extension}: {event.file} was handed over and is still there"
        for event in delivered
        if not event.gone
        and event.path in case.ledger.tree
        and event.path not in refused
        and all(max(event.since, touched.get(event.path, -1)) < _begun(opens, d) for d in event.deliveries)
    ]
    problems += [
        f"{event.extension}: {event.file} ({event.reason}) was read and is still there"
        for event in dropped
        if event.path not in refused
    ]
    return first(list(dict.fromkeys(problems)))


def _touched(case: Case) -> dict[str, int]:
    """Path -> index of the last step of a writer on it that succeeded."""
    steps = [(i, r) for i, r in enumerate(case.history) if r.op == "step" and "errno" not in r.result]
    return {path: i for i, step in steps for path in (step.path, step.result.get("to", ""))}


def _opens(case: Case) -> dict[str, list[int]]:
    """Path -> indices of the records with which the collector opened it."""
    found: dict[str, list[int]] = {}
    for i, record in enumerate(case.history):
        if record.op == "call" and record.result["call"] == "open" and "errno" not in record.result:
            found.setdefault(record.path, []).append(i)
    return found


def _begun(opens: dict[str, list[int]], delivered: Delivered) -> int:
    """Index of the record with which the file of a delivery was opened for it; of a program, of
    which that is not known, of the delivery itself.
    """
    before = [i for i in opens.get(event_path(delivered.extension, delivered.file), ()) if i < delivered.i]
    return max(before, default=delivered.i)


_EVENT_FILE = re.compile(r"[0-9]+\.json\Z", re.ASCII | re.IGNORECASE)


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
    last = case.last_pass()
    standing: dict[str, _Entry] = {}
    for i, record in enumerate(case.history):
        if record.op != "step" or "errno" in record.result:
            continue
        act, path = record.result["act"], record.path
        standing.pop(path, None)
        standing.pop(record.result.get("to", ""), None)
        if act in {"rmtree", "rename"}:
            standing = {known: entry for known, entry in standing.items() if not known.startswith(path + "/")}
        parts = path.split("/")
        if act == "write" and len(parts) == 4 and parts[2] == "events" and not _EVENT_FILE.match(parts[3]):
            listed = case.ledger.listed.get((parts[1], last), -1)
            if i < listed:
                standing[path] = _Entry(record.result.get("mtime", record.t), record.result.get("bytes", 0), i)
        elif act == "immutable":
            standing.pop(path, None)
    return standing


def _last_begin(case: Case) -> int:
    return max((record.t for record in case.history if record.op == "pass-begin"), default=0)


def residue(case: Case) -> list[str] | None:
    """What is no event file and older than a period is removed by the pass that found it;
    subdirectories stay.
    """
    period, now = case.ledger.run["limits"]["period"], _last_begin(case)
    old = [path for path, entry in _before_last_pass(case).items() if now - entry.mtime > period]
    directories = [
        record.path
        for record in case.history
        if record.op == "step"
        and record.result["act"] == "mkdir"
        and "errno" not in record.result
        and record.path.count("/") == 3
        and is_in_log_dir(record.path)
    ]
    gone = [record.path for record in case.history if record.op == "call" and record.result["call"] == "unlink"]
    if not old and not gone:
        return None
    problems = [f"{path} is old and still there" for path in old if path in case.ledger.tree]
    removed = [call for call in case.calls() if call[0] == "rmdir" and "errno" not in call[2]]
    problems += [f"directory {path} was removed" for _, path, _ in removed if path in directories]
    return first(problems)


def in_flight(case: Case) -> list[str] | None:
    """Young entries are left, up to a number and a size; then the oldest go first."""
    period, now = case.ledger.run["limits"]["period"], _last_begin(case)
    most, most_bytes = case.ledger.run["limits"]["spared"], 40 * 1024 * 1024
    young: dict[str, list[tuple[int, str, int]]] = {}
    for path, entry in _before_last_pass(case).items():
        if now - entry.mtime < period - case.ledger.run.get("slack", 0):
            young.setdefault(path.split("/")[1], []).append((entry.mtime, path, entry.size))
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
    stuck = {
        r.path for r in case.history if r.op == "step" and r.result["act"] == "immutable" and "errno" not in r.result
    }
    refused = {path for call, path, result in case.calls() if call == "unlink" and result.get("errno") == "EPERM"}
    if not stuck & refused:
        return None
    problems = [
        f"{e.extension}: {e.file} was handed over {len(e.deliveries)} times"
        for e in case.ledger.events
        if e.path in stuck and len(e.deliveries) > 1
    ]
    if case.ledger.run["capabilities"].get("notices"):
        told = {notice["extension"] for _, notice in case.ledger.notices if notice["kind"] == "unremovable"}
        problems += [
            f"{path} could not be removed, and nothing was noted"
            for path in sorted(refused)
            if (None if is_agent_event(path) else path.split("/")[1]) not in told
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
