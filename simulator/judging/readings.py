"""What was due of an event as its reader found it.

Rules: a label says what its writer made of the whole file. Who had opened the file before the
writer damaged it found it sound. Who reached a limit within it left the rest unread, and knows
nothing of damage there. Either hands over what it found.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ..core import COLLECTOR, MALFORMED, View, event_path, is_agent_event
from .fates import Passes
from .written import SOUND, Delivered, Written


def settle_dues(events: Sequence[Written], deliveries: Sequence[Delivered], view: View, passes: Passes) -> None:
    """Give events that were handed over, though their last label says otherwise, the label that
    their reader saw.
    """
    doubtful = [event for event in events if event.deliveries and event.due not in SOUND]
    if not doubtful:
        return
    opens = opens_of(view)
    read_in_part = _read_in_part(deliveries, passes)
    for event in doubtful:
        delivered = next((one for one in event.deliveries if one.confirmed), event.deliveries[0])
        event.relabel(begun(opens, delivered), delivered.i)
        place = event.extension, delivered.pass_number
        if event.reason == MALFORMED and read_in_part.get(place) == delivered.file:
            event.due, event.reason = "collect", ""


def _read_in_part(deliveries: Sequence[Delivered], passes: Passes) -> dict[tuple[str, int], str]:
    """(extension, pass) -> the file in which a limit was reached, beyond which nothing is read."""
    last = {(one.extension, one.pass_number): one.file for one in deliveries if one.extension}
    quota = passes.run["limits"]["quota"]
    told = {(notice["extension"], number) for number, notice in passes.notices if notice["kind"] == "rejects"}
    return {place: file for place, file in last.items() if passes.accepted[place] >= quota or place in told}


def given_up(events: Sequence[Written]) -> Counter[int]:
    """Pass -> how many of the agent's files went for what they are."""
    bad = [event for event in events if event.due == "drop" and event.gone == COLLECTOR]
    return Counter(event.gone_pass for event in bad if is_agent_event(event.path))


def opens_of(view: View) -> dict[str, list[int]]:
    """Path -> indices of the records with which the collector opened it."""
    found: dict[str, list[int]] = {}
    for call in view.done("open"):
        found.setdefault(call.path, []).append(call.i)
    return found


def begun(opens: dict[str, list[int]], delivered: Delivered) -> int:
    """Index of the record with which the file of a delivery was opened for it; of a program, of
    which that is not known, of the delivery itself.
    """
    before = [i for i in opens.get(event_path(delivered.extension, delivered.file), ()) if i < delivered.i]
    return max(before, default=delivered.i)
