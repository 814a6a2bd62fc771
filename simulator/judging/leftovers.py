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
from .readings import begun, opens_of
from .written import Delivered, Written


def left_behind(case: Case) -> Callable[[Written], bool]:
    """Tells of an event whether its file was left behind."""
    hindered = case.refused_removals | {fault.path for fault in case.view.faults if fault.kind == "errno"}
    opens = opens_of(case.view)
    exchanged = _exchanged(case, opens)

    def left(event: Written) -> bool:
        return (
            bool(event.deliveries)
            and not event.gone
            and event.path in case.ledger.tree
            and event.path not in hindered
            and all(event.since < begun(opens, one) for one in event.deliveries)
            and not exchanged(event.deliveries[-1])
        )

    return left


def _exchanged(case: Case, opens: dict[str, list[int]]) -> Callable[[Delivered], bool]:
    """Tells of a delivery whether a writer touched its file after it was opened, before the pass
    ended, and it was to be removed only then.
    """
    waits = case.ledger.run["delivery"] == "at-least-once"
    touched: dict[tuple[str, int], int] = {}
    for step in case.view.steps:
        if step.is_within:
            touched |= {(path, step.pass_number): step.i for path in (step.path, step.to)}

    def exchanged(one: Delivered) -> bool:
        last = touched.get((event_path(one.extension, one.file), one.pass_number), -1)
        return (waits or not one.extension) and last > begun(opens, one)

    return exchanged
