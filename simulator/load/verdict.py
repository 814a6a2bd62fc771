"""From what was measured to an exit code.

| code | when |
| --- | --- |
| 2 | it was interrupted |
| 3 | a writer of ours broke |
| 1 | events were lost, doubled (where delivery is at most once), altered, invented or delivered against the contract; the agent ended |
| 11 | a threshold was crossed, or the safety rail |
| 10 | nothing was found, and could not have been: nothing was taken, the sink or a threshold could not be read, or the generator could not hold its rate |

When several apply, the first of them. What a threshold of the scenario bounds (lost, duplicated) is judged by that threshold alone. A loss under less
than the load that was asked for is a loss all the same, so 10 comes last.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

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


def verdict(found: Findings) -> tuple[int, list[str]]:
    """(exit code, every reason, the code's own first)."""
    bounded = {one.metric for one in found.thresholds}
    reasons: list[tuple[int, str]] = []
    if found.interrupted:
        reasons.append((2, "interrupted"))
    if found.broke:
        reasons.append((3, found.broke))
    if found.lost and "lost" not in bounded:
        reasons.append((1, f"{found.lost:,} events were lost"))
    if found.duplicated and "duplicated" not in bounded and not found.at_least_once:
        reasons.append((1, f"{found.duplicated:,} events were delivered twice"))
    if found.wrong:
        reasons.append((1, f"{found.wrong:,} events were altered, invented or not to be delivered"))
    if found.agent_ended:
        reasons.append((1, found.agent_ended))
    reasons += [(10, reason) for reason in _unjudged(found)]
    for one in found.thresholds:
        if one.outcome == "crossed":
            reasons.append((11, f"{one.metric} is {one.value:,.6g}, at most {one.most:,.6g} is allowed"))
        elif one.outcome == "unknown":
            reasons.append((10, f"{one.metric} could not be measured"))
    if found.rail:
        reasons.append((11, f"stopped by the safety rail: {found.rail}"))
    order = (2, 3, 1, 11, 10)
    reasons.sort(key=lambda reason: order.index(reason[0]))
    return (reasons[0][0] if reasons else 0), [text for _, text in reasons]


def _unjudged(found: Findings) -> Iterator[str]:
    """Why nothing could have been found."""
    if found.nothing_taken:
        yield "nothing was taken"
    if found.sink_unreadable:
        yield f"the sink could not be read: {found.sink_unreadable}"
    if not found.held:
        yield "the generator could not hold its rate: this was not the load that was asked for"
