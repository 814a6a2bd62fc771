"""Two histories of one scenario and seed, laid beside each other: the first decision in which they
differ.

Rules: what an act is about is its actor, its act and its path; when it came and what the kit says
of it is not. The seed's listing orders are the same as long as the calls are. So two runs of one
seed agree up to the first decision that differs, and all that follows are consequences, which are
counted.
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


def parting(here: History, there: History) -> Parting | None:
    """Where they part: by acts, else by what is told; None where they are the same."""
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


def _acts(history: History) -> list[Record]:
    return [record for record in history if record.op not in _TOLD]


def _tellings(history: History) -> list[Record]:
    return [record for record in history if record.op in _TOLD and record.op != "run"]


def _meant(record: Record) -> tuple[Any, ...]:
    """What an act is: who does what to which path in which pass, and what comes of it."""
    return record.pass_number, record.actor, record.op, record.path, record.result
