"""What each pass delivered, discarded and left, for a page's charts."""

from __future__ import annotations

from collections import Counter
from typing import Any

from ..core import Record
from ..judging import Ledger

_ENDS = {"pass-end", "crash", "tree"}
_GONE = {"dropped", "discarded", "vanished", "altered"}


class PassFigures:
    """The passes of a history, in their order, with their figures."""

    def __init__(self, ledger: Ledger) -> None:
        self.found: list[dict[str, Any]] = []
        self._is_open = False
        self._gone = Counter(event.gone_pass for event in ledger.events if event.fate in _GONE)

    def hear(self, i: int, record: Record, files: int) -> None:
        """The next record; ``files``: how many event files are there after it."""
        if record.op == "pass-begin":
            self._begin(i, record)
        elif not self._is_open:
            return
        elif record.op == "deliver":
            self.found[-1]["delivered"] += 1
        elif record.op in _ENDS:
            self._is_open = False
            self.found[-1] |= {"end": i, "how": _how(record), "backlog": files}

    def _begin(self, i: int, record: Record) -> None:
        self._is_open = True
        number = record.pass_number
        is_first = all(one["pass"] != number for one in self.found)
        self.found.append({
            "pass": number, "kind": str(record.result["kind"])[:20], "begin": i, "end": i, "how": "no end",
            "t": record.t, "delivered": 0, "discarded": self._gone[number] if is_first else 0, "backlog": 0,
        })  # fmt: skip


def _how(record: Record) -> str:
    result = record.result
    return str(result.get("end", record.op))[:40] if isinstance(result, dict) else record.op
