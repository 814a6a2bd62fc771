"""What was due of an event as its reader found it.

Rules: a label says what its writer made of the whole file. Who had opened the file before the
writer damaged it found it sound. Who reached a limit within it left the rest unread, and knows
nothing of damage there. Either hands over what it found.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from ..core import COLLECTOR, MALFORMED, View, WriterStep, event_path, is_agent_event, is_below
from .fates import Passes
from .written import SOUND, Delivered, Reading, Written


def settle_dues(events: Sequence[Written], deliveries: Sequence[Delivered], view: View, passes: Passes) -> None:
    """Give events that were handed over, though their last label says otherwise, the label that
    their reader saw.
    """
    doubtful = [event for event in events if event.deliveries and event.due not in SOUND]
    if not doubtful:
        return
    opens, reads = calls_of(view, "open"), calls_of(view, "read")
    read_in_part = _read_in_part(deliveries, passes)
    for event in doubtful:
        delivered = next((one for one in event.deliveries if one.confirmed), event.deliveries[0])
        event.relabel(_reading(opens, reads, delivered), delivered.i)
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


def calls_of(view: View, name: str) -> dict[str, list[int]]:
    """Path -> indices of the records with which the collector opened it, or did what is named."""
    found: dict[str, list[int]] = {}
    for call in view.done(name):
        found.setdefault(call.path, []).append(call.i)
    return found


def begun(opens: Mapping[str, Sequence[int]], delivered: Delivered) -> int:
    """Index of the record with which the file of a delivery was opened for it; of a program, of
    which that is not known, of the delivery itself.
    """
    before = [i for i in opens.get(event_path(delivered.extension, delivered.file), ()) if i < delivered.i]
    return max(before, default=delivered.i)


def _reading(opens: Mapping[str, Sequence[int]], reads: Mapping[str, Sequence[int]], delivered: Delivered) -> Reading:
    """How the file of a delivery was read for it. Where no read was heard, the open counts."""
    opened = begun(opens, delivered)
    path = event_path(delivered.extension, delivered.file)
    return Reading(opened, min((i for i in reads.get(path, ()) if opened < i < delivered.i), default=opened))


def exchanged_later(view: View, deliveries: Iterable[Delivered], *, waits: bool) -> Callable[[Delivered], bool]:
    """Tells of a delivery whether a writer touched its file between the opening and the removal.

    Where removal comes before the hand-over, nothing is between. ``waits``: it waits for the
    sender. That of the agent's own events follows the hand-over in either mode.
    """
    later = [one for one in deliveries if waits or not one.extension]
    if not later:
        return lambda _: False
    opens = calls_of(view, "open")
    paths = {event_path(one.extension, one.file) for one in later}
    touched: dict[tuple[str, int], int] = {}
    for step in view.steps:
        if step.is_within:
            touched |= {(path, step.pass_number): step.i for path in _touched(step, paths)}

    def exchanged(one: Delivered) -> bool:
        last = touched.get((event_path(one.extension, one.file), one.pass_number), -1)
        return (waits or not one.extension) and last > begun(opens, one)

    return exchanged


def _touched(step: WriterStep, paths: Iterable[str]) -> list[str]:
    """The names that a step changes: its own, and those of files below a directory that goes."""
    inner = [path for path in paths if is_below(path, step.path)] if step.act in {"rmtree", "rename"} else []
    return [step.path, step.to, *inner]
