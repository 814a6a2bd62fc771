"""What became of the events that did not arrive, as far as it can be known.

The rule: every missing event has one fate,
and none is called lost while something else may be true.

* waiting: its file still stands.
* dropped: it was due to be dropped.
* withdrawn: its writer took it away, or left it torn for a while.
* discarded, which the contract allows: its file has gone, and the collector accounts for it. It
  says that it discarded so many (``ledger``). Or it reached that extension's quota in the pass in
  which the file went (``passes``).
* lost: anything else. Where no sink is read nobody can know, and it is told as taken.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from ..core import IRREGULAR, MALFORMED, OVERSIZE_ELEMENT, OVERSIZE_FILE
from .accounts import Event
from .sink import Pass

#: Beside the fates: lost events that were written during
#: the pass in which their file went (clean.in-flight).
IN_FLIGHT = "lost_in_flight"
FATES = ("waiting", "dropped", "withdrawn", "discarded", "lost", "taken")
Source = Literal["ledger", "passes", "none"]
#: A file that goes for one of these is none that a limit cost.
_OTHER_REASONS = frozenset({"residue", MALFORMED, IRREGULAR, OVERSIZE_FILE, OVERSIZE_ELEMENT})


@dataclass
class Told:
    """What the collector said, or showed, of its discards."""

    passes: int = 0
    files: Counter[str] = field(default_factory=Counter)
    events: Counter[str] = field(default_factory=Counter)
    has_ledger: bool = False
    #: When each pass was: (begin, end), monotonic ns.
    spans: list[tuple[int, int]] = field(default_factory=list)
    #: handler -> passes (begin, end) in which its deliveries reached the quota.
    full: dict[str, list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))

    def take(self, one: Pass, delivered: Mapping[str, int], quota: int) -> None:
        """A pass ended; ``delivered``: events by extension that arrived in it."""
        self.passes += 1
        self.spans.append((one.begin, one.end))
        for handler, count in delivered.items():
            if count >= quota:
                self.full[handler].append((one.begin, one.end))
        if one.ledger is None:
            return
        self.has_ledger = True
        for handler, sums in one.ledger.items():
            by_reason = sums.get("files_discarded")
            if isinstance(by_reason, dict):
                self.files[handler] += sum(_count(count) for reason, count in by_reason.items() if reason not in _OTHER_REASONS)
            self.events[handler] += _count(sums.get("discarded"))

    @property
    def source(self) -> Source:
        return "ledger" if self.has_ledger else "passes" if self.passes else "none"


def fates_of(missing: Iterable[Event], told: Told, *, sink: bool) -> dict[str, Counter[str]]:
    """Handler -> fate -> events, of those that did not arrive."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    open_cases: dict[str, list[Event]] = defaultdict(list)
    for event in missing:
        if event.gone is None:
            found[event.handler]["withdrawn" if event.excused.endswith("writer") else "waiting"] += 1
        elif event.label.due == "drop":
            found[event.handler]["dropped"] += 1
        elif event.excused:
            found[event.handler]["withdrawn"] += 1
        elif not sink:
            found[event.handler]["taken"] += 1
        else:
            open_cases[event.handler].append(event)
    for handler, events in open_cases.items():
        discarded = _by_ledger(handler, events, told) if told.has_ledger else _by_passes(events, told.full.get(handler, ()))
        lost = len(events) - discarded
        found[handler]["discarded"] += discarded
        found[handler]["lost"] += lost
        found[handler][IN_FLIGHT] += min(lost, _in_flight(events, told))
    return found


def _in_flight(events: Sequence[Event], told: Told) -> int:
    """How many were written during the very pass in which their file went,
    and are not explained by that pass's quota.
    """
    begins = [begin for begin, _ in told.spans]
    count = 0
    for event in events:
        place = bisect_right(begins, event.written) - 1
        if place < 0 or event.gone is None:
            continue
        begin, end = told.spans[place]
        count += event.written <= end and event.gone[0] <= end and (told.has_ledger or (begin, end) not in told.full.get(event.handler, ()))
    return count


def _by_ledger(handler: str, events: Sequence[Event], told: Told) -> int:
    """How many of them the ledger accounts for: whole files as files, others as events."""
    by_path = Counter(event.path for event in events)
    of = {event.path: event.of for event in events}
    whole = sorted((count for path, count in by_path.items() if count >= of[path]), reverse=True)
    parts = sum(count for path, count in by_path.items() if count < of[path])
    as_files = whole[: told.files[handler]]
    # An event of a file that was read to the quota is known to the collector as one.
    as_events = min(parts + sum(whole[len(as_files) :]), told.events[handler])
    return sum(as_files) + as_events


def _by_passes(events: Sequence[Event], full: Sequence[tuple[int, int]]) -> int:
    return sum(
        1 for event in events
        if any(event.gone is not None and begin <= event.gone[1] and event.gone[0] <= end for begin, end in full)
    )  # fmt: skip


def _count(value: Any) -> int:
    return value if type(value) is int and value > 0 else 0
