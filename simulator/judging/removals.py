"""Files that a collector removed, beside those that writers took away under its hands: what a
report of removals is compared with.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from ..core import Record, event_path, is_agent_event
from .case import Case


class Removals(NamedTuple):
    """By (extension, pass). ``refused``: where a removal failed."""

    removed: Counter[tuple[str, int]]
    refused: set[tuple[str, int]]
    exchanged: Counter[tuple[str, int]]


def _exchanged(case: Case) -> Counter[tuple[str, int]]:
    """(extension, pass) -> files that writers replaced or removed during the pass, where removal
    waits for the sender, or follows the hand-over, as the agent's own events do in either mode:
    what was read is not there to be removed any more.
    """
    waits = case.ledger.run["delivery"] == "at-least-once"
    delivered = {
        (event_path(d.extension, d.file), d.pass_number) for d in case.ledger.deliveries if waits or not d.extension
    }
    if not delivered:
        return Counter()
    acts = [record for record in within_passes(case) if record.op == "step" and "errno" not in record.result]
    changed = {(path, act.pass_number) for act in acts for path in (act.path, act.result.get("to", ""))}
    both = delivered & changed
    return Counter(("" if is_agent_event(path) else path.split("/")[1], number) for path, number in both)


def removals(case: Case) -> Removals:
    """Those of a whole run."""
    removed: Counter[tuple[str, int]] = Counter()
    refused: set[tuple[str, int]] = set()
    for record in case.history:
        if record.op != "call" or record.result["call"] != "unlink":
            continue
        parts = record.path.split("/")
        place = (
            "" if is_agent_event(record.path) else parts[1] if len(parts) > 1 else "",
            record.pass_number,
        )
        if record.result.get("errno", "ENOENT") != "ENOENT":
            refused.add(place)
        elif "errno" not in record.result:
            removed[place] += 1
    return Removals(removed, refused, _exchanged(case))


def within_passes(case: Case) -> Iterator[Record]:
    """The records from each pass's begin up to its end."""
    inside = False
    for record in case.history:
        inside = record.op == "pass-begin" or (inside and record.op != "pass-end")
        if inside:
            yield record
