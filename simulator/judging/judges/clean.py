"""Family clean: what is left behind."""

from __future__ import annotations

from typing import NamedTuple

from ...core import PassBegun, WriterStep, handler_of, is_below, is_entry, is_event_file, is_events_dir
from ..case import ODD, Case
from ..leftovers import left_behind
from ..problems import Judge, first


def processed(case: Case) -> list[str] | None:
    """No event was lost on the way, and no file that was handed over stays."""
    delivered = [event for event in case.ledger.events if event.deliveries]
    dropped = [
        event for event in case.ledger.events if event.due == "drop" and event.overdue and event.path in case.opened
    ]
    if not delivered and not dropped:
        return None
    left = left_behind(case)
    problems = [
        f"{event.extension}: {event.file} was handed over and is still there" for event in delivered if left(event)
    ]
    refused = {call.path for call in case.view.called("unlink") if call.errno}
    problems += [
        f"{event.extension}: {event.file} ({event.reason}) was read and is still there"
        for event in dropped
        if event.path not in refused
    ]
    return first(list(dict.fromkeys(problems)))


class _Entry(NamedTuple):
    """What in an events dir is neither a directory nor an event file: when it was modified (virtual
    ns), its size, and whether it is a file whose time is known.
    """

    mtime: int
    size: int
    is_plain: bool = True


def _before_last_pass(case: Case) -> dict[str, _Entry]:
    """Every such entry that stood there when the last pass first listed its directory."""
    last = case.view.last_pass
    standing: dict[str, _Entry] = {}
    for step in case.view.steps:
        before = dict(standing) if step.i > case.ledger.listed.get((handler_of(step.path), last), step.i) else {}
        _take(standing, step)
        if before:
            _mark(standing, before)
    return {path: entry for path, entry in standing.items() if not is_event_file(path)}


def _mark(standing: dict[str, _Entry], before: dict[str, _Entry]) -> None:
    """What a writer changed after it was listed may have been met as it was, or as it is."""
    for path in standing.keys() | before.keys():
        entry = standing.get(path, before.get(path))
        if entry is not None and before.get(path) != standing.get(path):
            standing[path] = entry._replace(is_plain=False)


_AWAY = {"rmtree", "rename", "replace"}


def _is_in_events_dir(path: str) -> bool:
    """Whether it is an entry of an events dir, and of no directory beside it: those are nobody's to
    clean."""
    return is_events_dir(path.rpartition("/")[0])


def _leave(standing: dict[str, _Entry], directory: str) -> None:
    for path in [path for path in standing if is_below(path, directory)]:
        del standing[path]


def _take(standing: dict[str, _Entry], step: WriterStep) -> None:
    """What a step makes of what stands in events dirs."""
    before = standing.get(step.path)
    if step.act in _AWAY:
        _leave(standing, step.path)
    if step.act in {*_AWAY, "unlink"}:
        standing.pop(step.path, None)
    if step.act in {"rename", "replace", "link"} and _is_in_events_dir(step.to):
        standing[step.to] = (before or _Entry(step.mtime, 0))._replace(is_plain=False)
    elif not _is_in_events_dir(step.path) or step.act in {*_AWAY, "unlink", "link", "mkdir"}:
        return
    elif step.act == "write":
        standing[step.path] = _Entry(step.mtime, step.size)
    elif step.act in ODD:
        standing[step.path] = _Entry(step.mtime, 0, is_plain=False)
    elif before is not None:
        standing[step.path] = before._replace(mtime=max(step.mtime, before.mtime), is_plain=False)


def _last_begin(case: Case) -> int:
    return max((begun.t for begun in case.view.of(PassBegun)), default=0)


def residue(case: Case) -> list[str] | None:
    """What is no event file and older than a period is removed by the pass that found it;
    subdirectories stay.
    """
    period, now = case.limit("period"), _last_begin(case)
    old = [path for path, entry in _before_last_pass(case).items() if entry.is_plain and now - entry.mtime > period]
    directories = {step.path for step in case.view.steps if step.act == "mkdir" and is_entry(step.path)}
    if not old and not case.view.called("unlink"):
        return None
    problems = [f"{path} is old and still there" for path in old if path in case.ledger.tree]
    removed = [call.path for call in case.view.done("rmdir")]
    problems += [f"directory {path} was removed" for path in removed if path in directories]
    return first(problems)


class _Young(NamedTuple):
    """A young entry, as they are ordered: the newest first."""

    mtime: int
    path: str
    size: int
    is_plain: bool


def _last_looks(case: Case) -> dict[str, int]:
    """Handler -> the virtual time at which the last pass looked into its events dir for the last
    time: what waits between a pass's beginning and its clean-up grows older.
    """
    last = case.view.last_pass
    looks = case.view.called("lstat", "stat", "scandir", "listdir", "unlink")
    return {handler_of(look.path): look.t for look in looks if look.pass_number == last}


def in_flight(case: Case) -> list[str] | None:
    """Young entries are left, up to a number and a size; then the oldest go first."""
    period, begin, looks = case.limit("period"), _last_begin(case), _last_looks(case)
    removed = {call.path: call.t for call in case.view.removals if call.pass_number == case.view.last_pass}
    most, most_bytes = case.limit("spared"), 40 * 1024 * 1024
    young: dict[str, list[_Young]] = {}
    for path, entry in _before_last_pass(case).items():
        now = max(begin, removed.get(path, looks.get(handler_of(path), begin)))
        if now - entry.mtime < period - case.ledger.run.get("slack", 0):
            young.setdefault(handler_of(path), []).append(_Young(entry.mtime, path, entry.size, entry.is_plain))
    if not young:
        return None
    problems = []
    for extension, entries in young.items():
        entries.sort(reverse=True)
        size = 0
        due = []
        for place, one in enumerate(entries):
            size += one.size
            if place < most and size <= most_bytes:
                due.append(one)
        edge = due[-1].mtime if due and len(due) < len(entries) else None
        problems += [
            f"{one.path} is young and gone"
            for one in due
            if one.is_plain and one.path not in case.ledger.tree and one.mtime != edge
        ]
        problems += _spared(case, extension, [one for one in entries if one.is_plain], most, most_bytes)
    return first(problems)


def _spared(case: Case, extension: str, entries: list[_Young], most: int, most_bytes: int) -> list[str]:
    """What is wrong with what stays of these entries, newest first: too many, too large, or older
    than one that went.
    """
    staying = [entry for entry in entries if entry.path in case.ledger.tree]
    gone = [entry.mtime for entry in entries if entry.path not in case.ledger.tree]
    size = sum(entry.size for entry in staying)
    problems = (
        [f"{extension}: {len(staying)} entries are spared, at most {most} are due"] if len(staying) > most else []
    )
    if size > most_bytes:
        problems.append(f"{extension}: {size} bytes are spared, at most {most_bytes} are due")
    if gone and staying and staying[-1].mtime < max(gone):
        problems.append(f"{staying[-1].path} is spared, though a newer entry went")
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
