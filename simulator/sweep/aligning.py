"""Two histories of one scenario and seed, laid beside each other: the first decision in which they
differ.

Rules: what an act is about is its actor, its act and its path; when it came and what the kit says
of it is not. The seed's listing orders are the same as long as the calls are. So two runs of one
seed agree up to the first decision that differs, and all that follows are consequences, which are
counted. Two collectors that have nothing in common but their contract call in other orders. Of
these what they hand over is compared, event by event.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..core import History, Record

#: Records of the kit's own, and those that only tell: no decision of anybody.
_TOLD = {"run", "tree", "ledger", "notice", "emit", "log", "capability", "offered"}


@dataclass(frozen=True, slots=True)
class Parting:
    """Where two runs part. ``before``: the last act that both made; ``here``, ``there``: the first
    of each that differs, None at an end.
    """

    before: Record | None
    here: Record | None
    there: Record | None
    #: Acts of each side alone after that.
    consequences: tuple[int, int]


def parting(here: History, there: History, *, alike: bool = True) -> Parting | None:
    """Where they part: by acts, else by what is told; None where they are the same. ``alike``:
    both are of one collector, or of two of which one is an edit of the other.
    """
    if not alike:
        return _by_events(here, there)
    return _parting(_acts(here), _acts(there)) or _parting(_tellings(here), _tellings(there))


def _parting(ours: list[Record], theirs: list[Record]) -> Parting | None:
    place = next((i for i, (a, b) in enumerate(zip(ours, theirs, strict=False)) if _meant(a) != _meant(b)), None)
    if place is None:
        if len(ours) == len(theirs):
            return None
        place = min(len(ours), len(theirs))
    mine, other = ours[place:], theirs[place:]
    shared = {repr(_meant(record)) for record in mine} & {repr(_meant(record)) for record in other}
    alone = tuple(sum(repr(_meant(record)) not in shared for record in side) for side in (mine[1:], other[1:]))
    return Parting(
        ours[place - 1] if place else None, mine[0] if mine else None, other[0] if other else None, (alone[0], alone[1])
    )


def _by_events(here: History, there: History) -> Parting | None:
    """The first event that one of them alone hands over, or hands over otherwise."""
    ours, theirs = ({repr(one.result["key"]): one for one in side if one.op == "deliver"} for side in (here, there))
    keys = list(dict.fromkeys((*theirs, *ours)))
    apart = [key for key in keys if _values(ours.get(key)) != _values(theirs.get(key))]
    if not apart:
        return None
    alone = (sum(key not in theirs for key in ours), sum(key not in ours for key in theirs))
    return Parting(None, ours.get(apart[0]), theirs.get(apart[0]), alone)


def _values(record: Record | None) -> Any:
    return None if record is None else (record.result.get("names"), record.result["values"])


def _acts(history: History) -> list[Record]:
    return [record for record in history if record.op not in _TOLD]


def _tellings(history: History) -> list[Record]:
    return [record for record in history if record.op in _TOLD and record.op != "run"]


def _meant(record: Record) -> tuple[Any, ...]:
    """What an act is: who does what to which path in which pass, and what comes of it."""
    return record.pass_number, record.actor, record.op, record.path, record.result
