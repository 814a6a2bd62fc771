"""The story of one scenario as a page tells it: lanes, passes, the tree at each record, events.

Rules: a page has a bound. So it keeps of a long history what stands around failures, faults and the
borders of passes. The timeline counts all records, kept or not.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from ..core import History, Record
from ..judging import FAILING, RED, Ledger, ScenarioVerdict, Written, line_of
from ..safe import safe
from .lanes import Lanes
from .pass_figures import PassFigures
from .tree_changes import ShownTree

#: Records on either side of what matters.
AROUND = 200
#: The same of a pass's border.
_AT_BORDER = 20
#: Columns of a timeline.
BINS = 300
#: Events whose biography is kept of a history that is not kept whole.
MOST_EVENTS = 300
#: Events of one that is.
MOST_OF_WHOLE = 5_000
#: Records of one biography.
MOST_OF_ONE = 60
_STRIKES = {"fault", "crash", "restart", "escape", "changed"}
_BORDERS = {"pass-begin", "pass-end"}
_INDEX = re.compile(r"#([0-9]+) ", re.ASCII)
#: Fates that need no look: what becomes of an event on a good day.
_PLAIN = {"delivered"}


def scene(result: ScenarioVerdict, most: int) -> dict[str, Any]:
    """What a page tells of a run. ``most``: records that it may keep."""
    history = History(_records(result.lines))
    ledger = Ledger(history)
    events = _chosen(ledger.events, MOST_OF_WHOLE if len(history) <= most else MOST_EVENTS)
    about = _about(history, ledger.events)
    kept = range(len(history)) if len(history) <= most else _kept(history, result, events, about, most)
    lanes = Lanes()
    bins = _bins(history, lanes)
    rows, passes = _rows(history, kept, lanes, ledger)
    return {
        "records": len(history),
        "lanes": lanes.names,
        "bins": [bins[number] for number in range(len(lanes.names))],
        "rows": rows,
        "passes": passes,
        "marks": sorted(_marks(history, result)),
        "events": [_biography(event, about) for event in events],
        "written": len(ledger.events),
    }


def _records(lines: Sequence[str]) -> Iterator[Record]:
    for line in lines:
        told = json.loads(line)
        yield Record(told["t"], told["pass"], told["actor"], told["op"], told.get("path", ""), told.get("result"))


def _chosen(events: Sequence[Written], most: int) -> list[Written]:
    """The worst first, then those that were not simply handed over; all of a short run."""
    ranked = sorted(events, key=lambda event: (event.fate not in RED, event.fate in _PLAIN))
    return ranked[:most]


def _about(history: History, events: Sequence[Written]) -> dict[int, list[int]]:
    """Event (by its ``id``) -> the records that are about it: of its path, under all its names."""
    at: dict[str, list[int]] = defaultdict(list)
    before: dict[str, list[str]] = defaultdict(list)
    for i, record in enumerate(history):
        if record.path:
            at[record.path].append(i)
        to = record.result.get("to") if isinstance(record.result, dict) else None
        if to and record.op == "step":
            at[to].append(i)
            before[to].append(record.path)
    found = {}
    for event in events:
        names = dict.fromkeys([event.path, *before.get(event.path, ())])
        deliveries = [one.i for one in event.deliveries]
        found[id(event)] = sorted({i for name in names for i in at.get(name, ())}.union(deliveries))
    return found


def _marks(history: History, result: ScenarioVerdict) -> set[int]:
    """What matters: the records of events that failures are about, and what struck."""
    stories = [line for clause in result.clauses if clause.verdict in FAILING for line in clause.story]
    told = {int(found[1]) for line in stories if (found := _INDEX.match(line))}
    return {i for i in told if i < len(history)} | {i for i, one in enumerate(history) if one.op in _STRIKES}


def _kept(
    history: History, result: ScenarioVerdict, events: Sequence[Written], about: dict[int, list[int]], most: int
) -> list[int]:
    """Indexes of the records that are kept, the most wanted first until there is no more room."""
    last = len(history) - 1
    wanted = [(0, last)]
    wanted += [(i - AROUND, i + AROUND) for i in sorted(_marks(history, result))]
    wanted += [(i - _AT_BORDER, i + _AT_BORDER) for i, one in enumerate(history) if one.op in _BORDERS]
    kept: set[int] = {0, last}
    for begin, end in [*wanted[1:], (0, AROUND), (last - AROUND, last)]:
        if len(kept) + 2 * AROUND > most:
            break
        kept.update(range(max(0, begin), min(last, end) + 1))
    for event in events:
        if len(kept) + 20 > most:
            break
        kept.update(about[id(event)][:20])
    return sorted(kept)


def _bins(history: History, lanes: Lanes) -> dict[int, list[list[int]]]:
    """Lane -> [column, how many records of it stand there], of all records."""
    counts: dict[int, Counter[int]] = defaultdict(Counter)
    for i, record in enumerate(history):
        counts[lanes.number(record)][i * BINS // len(history)] += 1
    return {lane: [[column, count] for column, count in sorted(its.items())] for lane, its in counts.items()}


def _rows(
    history: History, kept: Collection[int], lanes: Lanes, ledger: Ledger
) -> tuple[list[list[Any]], list[dict[str, Any]]]:
    """[i, virtual ns, pass, lane, text, changes of the tree since the row before]; the passes."""
    kept = set(kept)
    tree = ShownTree({name for i in kept for name in _names(history.records[i])})
    passes = PassFigures(ledger)
    rows: list[list[Any]] = []
    for i, record in enumerate(history):
        tree.hear(record)
        passes.hear(i, record, tree.files)
        if i in kept:
            lane = lanes.number(record)
            rows.append([i, record.t, record.pass_number, lane, line_of(record), tree.taken()])
    return rows, passes.found


def _names(record: Record) -> list[str]:
    to = record.result.get("to") if isinstance(record.result, dict) else None
    return [record.path, to] if to else [record.path]


def _biography(event: Written, about: dict[int, list[int]]) -> dict[str, Any]:
    """An event from its writer's step to its fate."""
    return {
        "extension": safe(event.extension, 100),
        "name": safe(event.token or event.file, 100),
        "path": safe(event.path, 300),
        "due": safe(" ".join(filter(None, (event.due, event.reason)))),
        "fate": event.fate,
        "why": safe(event.why),
        "records": about[id(event)][:MOST_OF_ONE],
        "more": max(0, len(about[id(event)]) - MOST_OF_ONE),
    }
