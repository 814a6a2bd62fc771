"""How long a pass waited: what can be told of tries where the calls themselves are not heard."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from ...base import SECOND
from ...contract import LIMITS
from ..case import Case
from ..written import Written

#: Virtual ns between two tries: the second that is due, but for what a clock rounds.
APART = 999_000_000
#: Reads of a torn file (docs/contract.md).
TRIES = LIMITS["tries"].value


def waits(case: Case) -> Counter[int]:
    """Pass -> the virtual ns that it waited."""
    waited: Counter[int] = Counter()
    for call in case.view.called("sleep"):
        waited[call.pass_number] += call.ns
    return waited


def given_up_early(case: Case, refused: Iterable[Written]) -> list[str] | None:
    """Of a program that is not heard, malformed files that went without the waits between their
    tries; None where each try is heard.
    """
    if "hooks" not in case.ledger.run.get("lacking", ()):
        return None
    waited = waits(case)
    return [
        f"{event.extension}: {event.file} was given up after {waited[event.gone_pass] / SECOND:g} s of waits,"
        f" {TRIES - 1} s are due"
        for event in refused
        if waited[event.gone_pass] < (TRIES - 1) * APART
    ]
