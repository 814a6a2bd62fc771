"""Files that were handed over and are still there, though nothing kept the collector from removing
them.

Rules: a removal that failed is no fault of the collector's, and neither is one before which its
last look failed. Where removal comes after the hand-over, a file that its writer touched in between
is another one, for the next pass.
"""

from __future__ import annotations

from collections.abc import Callable

from ..core import event_path
from .case import Case
from .readings import begun, calls_of, exchanged_later
from .written import Delivered, Written


def left_behind(case: Case) -> Callable[[Written], bool]:
    """Tells of an event whether its file was left behind."""
    hindered = _hindered(case)
    opens = calls_of(case.view, "open")
    waits = case.ledger.run["delivery"] == "at-least-once"
    exchanged = exchanged_later(case.view, case.ledger.deliveries, waits=waits)

    def left(event: Written) -> bool:
        return (
            bool(event.deliveries)
            and not event.gone
            and event.path in case.ledger.tree
            and not any(hindered(path, event.deliveries[-1]) for path in _paths(event))
            and all(event.since < begun(opens, one) for one in event.deliveries)
            and not exchanged(event.deliveries[-1])
        )

    return left


def _paths(event: Written) -> set[str]:
    """Where its file stands, and where it stood when it was handed over: calls tell of that."""
    last = event.deliveries[-1]
    return {event.path, event_path(last.extension, last.file)}


def _hindered(case: Case) -> Callable[[str, Delivered], bool]:
    """Tells of a file and its last delivery whether a call on the file failed in that pass; or
    later, where that pass was kept from removing what it had handed over.
    """
    struck: dict[str, set[int]] = {}
    for call in case.view.refused_removals:
        struck.setdefault(call.path, set()).add(call.pass_number)
    for fault in case.view.faults:
        if fault.kind == "errno":
            struck.setdefault(fault.path, set()).add(fault.pass_number)
    kept = case.view.disturbed | case.view.unconfirmed

    def hindered(path: str, last: Delivered) -> bool:
        passes = struck.get(path, set())
        return last.pass_number in passes or (
            last.pass_number in kept and any(number > last.pass_number for number in passes)
        )

    return hindered
