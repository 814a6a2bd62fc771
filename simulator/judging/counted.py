"""Drops as they are due to be counted, beside those that were told of."""

from __future__ import annotations

from collections import Counter

from ..core import EMPTY, MISSING_KEY, OVERSIZE_EVENT
from .case import Case

#: Reasons that are counted at level core.
COUNTED = (MISSING_KEY, EMPTY, OVERSIZE_EVENT)


def told_drops(case: Case) -> tuple[dict[str, Counter[str]], dict[str, Counter[str]]]:
    """Drops for the counted reasons, by extension: those that were due and happened, and those that
    were reported. Extensions of which a limit may have taken some are left out.
    """
    unsure = {extension for extension, _ in [*case.full_passes, *case.limited]}
    due: dict[str, Counter[str]] = {}
    told: dict[str, Counter[str]] = {}
    for event in case.ledger.events:
        if (
            event.fate == "dropped"
            and event.why.startswith(COUNTED)
            and event.extension not in unsure
            and case.was_read(event)
        ):
            due.setdefault(event.extension, Counter())[event.why] += 1
    for _, notice in case.ledger.notices:
        if (
            notice["kind"] == "drops"
            and str(notice["reason"]).startswith(COUNTED)
            and notice["extension"] not in unsure
        ):
            told.setdefault(notice["extension"] or "", Counter())[notice["reason"] or ""] += notice["count"]
    return due, told
