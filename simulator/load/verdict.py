"""From what was measured to an exit code.

* INTERRUPTED: it was interrupted.
* KIT_BROKE: a writer of ours broke.
* NOT_CONFORMANT: events were lost, doubled (where delivery is at most once), altered, invented or
  delivered against the contract; or the agent ended.
* THRESHOLD_CROSSED: a threshold was crossed, or the safety rail.
* INCONCLUSIVE: nothing was found, and could not have been. Nothing was taken, the sink or a
  threshold could not be read, or the rate was not held.

When several apply, the first of them. What a threshold of the scenario bounds (lost, duplicated) is
judged by that threshold alone. A loss under less than the load that was asked for is a loss all the
same, so INCONCLUSIVE comes last.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..base import Exit, severity, worst
from .thresholds import Judged


@dataclass(frozen=True)
class Findings:
    """What the verdict depends on."""

    interrupted: bool = False
    broke: str = ""
    lost: int = 0
    duplicated: int = 0
    wrong: int = 0
    agent_ended: str = ""
    at_least_once: bool = False
    nothing_taken: bool = False
    sink_unreadable: str = ""
    held: bool = True
    rail: str = ""
    thresholds: Sequence[Judged] = ()


def verdict(found: Findings) -> tuple[Exit, list[str]]:
    """(exit code, every reason, the code's own first)."""
    bounded = {one.metric for one in found.thresholds}
    reasons: list[tuple[Exit, str]] = []
    if found.interrupted:
        reasons.append((Exit.INTERRUPTED, "interrupted"))
    if found.broke:
        reasons.append((Exit.KIT_BROKE, found.broke))
    if found.lost and "lost" not in bounded:
        reasons.append((Exit.NOT_CONFORMANT, f"{found.lost:,} events were lost"))
    if found.duplicated and "duplicated" not in bounded and not found.at_least_once:
        reasons.append((Exit.NOT_CONFORMANT, f"{found.duplicated:,} events were delivered twice"))
    if found.wrong:
        reasons.append((Exit.NOT_CONFORMANT, f"{found.wrong:,} events were altered, invented or not to be delivered"))
    if found.agent_ended:
        reasons.append((Exit.NOT_CONFORMANT, found.agent_ended))
    reasons += [(Exit.INCONCLUSIVE, reason) for reason in _unjudged(found)]
    for one in found.thresholds:
        if one.outcome == "crossed":
            reasons.append((Exit.THRESHOLD_CROSSED, f"{one.metric} is {one.value:,.6g}, at most {one.most:,.6g} is allowed"))
        elif one.outcome == "unknown":
            reasons.append((Exit.INCONCLUSIVE, f"{one.metric} could not be measured"))
    if found.rail:
        reasons.append((Exit.THRESHOLD_CROSSED, f"stopped by the safety rail: {found.rail}"))
    reasons.sort(key=lambda reason: severity(reason[0]))
    return worst(code for code, _ in reasons), [text for _, text in reasons]


def _unjudged(found: Findings) -> Iterator[str]:
    """Why nothing could have been found."""
    if found.nothing_taken:
        yield "nothing was taken"
    if found.sink_unreadable:
        yield f"the sink could not be read: {found.sink_unreadable}"
    if not found.held:
        yield "the generator could not hold its rate: this was not the load that was asked for"
