"""The sender's script of each pass, from a scenario's faults: where the program's own sender stops,
fails or cannot confirm.

Rules: a fault counts deliveries (or flushes) over the whole run, or in its pass; the script counts
from 1 in each pass, because a restarted program remembers nothing. What the script had the program
do must show, or the capability that it declared does not hold.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..scenario import Fault
from ..subjects import Script

#: Faults of the sender that a script can tell, and the capability for each.
SCRIPTED = {
    "sender-down": "sender:down",
    "sender-stop": "sender:stop",
    "sender-mute": "sender:mute",
    "sender-error": "sender:raise",
    "flush-error": "sender:flush",
}


@dataclass(slots=True)
class _Count:
    """How many deliveries or flushes a fault has met so far."""

    fault: Fault
    seen: int = 0

    def strikes(self, number: int) -> range:
        """The deliveries or flushes of this pass that it strikes, counted from 1."""
        if self.fault.in_pass not in {None, number}:
            return range(0)
        first = self.fault.nth - self.seen
        return range(max(1, first), max(1, first + self.fault.times))


class Scripts:
    """The scripts of one run, pass by pass."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self._counts = [_Count(fault) for fault in faults if fault.kind in SCRIPTED and not fault.strikes_calls]

    def of_pass(self, number: int, *, down: bool, mute: bool = False) -> Script:
        """The script of the next pass; ``down``: the sender is stopped before it; ``mute``: it can
        not be asked.
        """
        return Script(
            down=down,
            stop_at=min(self._struck("sender-stop", number), default=None),
            mute_at=0 if mute else min(self._struck("sender-mute", number), default=None),
            raise_at=tuple(sorted(self._struck("sender-error", number))),
            fail_flush_at=tuple(sorted(self._struck("flush-error", number))),
        )

    def took(self, number: int, deliveries: int, flushes: int) -> None:
        """What the pass made of it: how often an event was handed to the sender, and how often it
        was asked to confirm.
        """
        for count in self._counts:
            if count.fault.in_pass in {None, number}:
                count.seen += flushes if count.fault.kind == "flush-error" else deliveries

    def _struck(self, kind: str, number: int) -> set[int]:
        return {place for count in self._counts if count.fault.kind == kind for place in count.strikes(number)}
