"""How many bytes of an extension's files a pass may parse (read.bounded-time): none is handed over
beyond them, and nobody's are held against another.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from ...contract import LIMITS
from ...core import (
    event_path,
    handler_of,
)
from ..case import Case
from ..problems import bounded_time, first

#: Reads of a torn file: each parses it anew.
_TRIES = LIMITS["tries"].value


class _Sizes:
    """How large event files are: those that are there, and any that ever were."""

    def __init__(self) -> None:
        self.known: dict[str, int] = {}
        self.there: set[str] = set()

    def step(self, path: str, result: Mapping[str, Any]) -> None:
        act, size = result["act"], result.get("bytes", 0)
        if act in {"write", "append"}:
            self._put(path, size + (self.known.get(path, 0) if act == "append" else 0))
        elif act in {"rename", "replace"} and path in self.known:
            self._put(result["to"], self.known[path])
            self.there.discard(path)
        elif act == "unlink":
            self.there.discard(path)

    def _put(self, path: str, size: int) -> None:
        self.known[path] = size
        self.there.add(path)

    def by_extension(self) -> Counter[str]:
        sums: Counter[str] = Counter()
        for path in self.there:
            if handler := handler_of(path):
                sums[handler] += self.known[path]
        return sums


def overparsed(case: Case) -> list[str]:
    """Passes that handed over events out of more bytes of files than may be parsed of one
    extension, and that gave up one which had less.
    """
    limit = case.ledger.run["limits"]["parse"]
    sizes = _Sizes()
    taken: dict[tuple[str, int], dict[str, int]] = {}
    there: dict[int, Counter[str]] = {}
    inside = False
    for record in case.history:
        if record.op in {"pass-begin", "pass-end"}:
            inside = record.op == "pass-begin"
            there[record.pass_number] = there.get(record.pass_number, Counter()) | sizes.by_extension()
        elif record.op == "step" and "errno" not in record.result:
            sizes.step(record.path, record.result)
            if inside and (handler := handler_of(record.path)):
                there[record.pass_number][handler] += record.result.get("bytes", 0)
        elif record.op == "call" and record.result["call"] == "unlink" and "errno" not in record.result:
            sizes.there.discard(record.path)
        elif record.op == "deliver" and isinstance(record.result["key"], list) and record.result["key"][0]:
            extension, file, _ = record.result["key"]
            taken.setdefault((extension, record.pass_number), {})[file] = sizes.known.get(
                event_path(extension, file), 0
            )
    full = set(case.full_passes())
    problems = []
    for place, files in taken.items():
        whole = sum(
            list(files.values())[: -1 if place in full else None]
        )  # the rest of the file in which the quota is reached goes unread
        if whole > limit:
            problems.append(
                f"{place[0]}: {whole} bytes of files were handed over in pass {place[1]}, at most {limit} are parsed"
            )
    return problems + [
        f"{extension}: pass {number} tells that {limit} bytes were parsed, and there were {there[number][extension]}"
        for (extension, number), kind in case.limited().items()
        if kind == "work" and extension and number in there and _TRIES * there[number][extension] <= limit
    ]


#: Bytes from which on a file may take time that shows.
_HEAVY = 1024 * 1024


def _heavy(case: Case) -> Counter[int]:
    """Pass -> heavy files that were written for it: each may cost what a file may cost."""
    large = {
        (r.pass_number, r.path)
        for r in case.history
        if r.op == "step" and r.result.get("bytes", 0) >= _HEAVY and "errno" not in r.result
    }
    return Counter(number for number, _ in large)


def bounded(case: Case) -> list[str] | None:
    """No file costs too much processor, and no extension more parsing than it may."""
    problems = bounded_time(case, _heavy(case))
    return None if problems is None else first([*problems, *overparsed(case)])
