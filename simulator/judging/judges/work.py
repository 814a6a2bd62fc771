"""How many bytes of an extension's files a pass may parse (read.bounded-time): none is handed over
beyond them, and nobody's are held against another.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ...contract import LIMITS
from ...core import Call, PassBegun, PassEnded, WriterStep, event_path, handler_of, in_order
from ..case import Case
from ..problems import bounded_time, first
from ..written import Delivered

#: Reads of a torn file: each parses it anew.
_TRIES = LIMITS["tries"].value


class _Sizes:
    """How large event files are: those that are there, and any that ever were."""

    def __init__(self) -> None:
        self.known: dict[str, int] = {}
        self.there: set[str] = set()

    def step(self, step: WriterStep) -> None:
        if step.act in {"write", "append"}:
            self._put(step.path, step.size + (self.known.get(step.path, 0) if step.act == "append" else 0))
        elif step.act in {"rename", "replace"} and step.path in self.known:
            self._put(step.to, self.known[step.path])
            self.there.discard(step.path)
        elif step.act == "unlink":
            self.there.discard(step.path)

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
    extension. With them, passes that gave up an extension which had less.
    """
    limit = case.limit("parse")
    taken, there = _weighed(case)
    full = set(case.full_passes)
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
        for (extension, number), kind in case.limited.items()
        if kind == "work" and extension and number in there and _TRIES * there[number][extension] <= limit
    ]


def _weighed(case: Case) -> tuple[dict[tuple[str, int], dict[str, int]], dict[int, Counter[str]]]:
    """(extension, pass) -> the bytes of each file that was handed over; and pass -> the bytes of
    files that lay there, by extension.
    """
    sizes = _Sizes()
    taken: dict[tuple[str, int], dict[str, int]] = {}
    there: dict[int, Counter[str]] = {}
    what_counts: list[Sequence[PassBegun | PassEnded | WriterStep | Call | Delivered]] = [
        case.view.of(PassBegun),
        case.view.of(PassEnded),
        case.view.steps,
        case.view.removals,
        case.ledger.deliveries,
    ]
    for entry in in_order(*what_counts):
        number = entry.pass_number
        if isinstance(entry, WriterStep):
            sizes.step(entry)
            if entry.is_within and (handler := handler_of(entry.path)):
                there[number][handler] += entry.size
        elif isinstance(entry, Call):
            sizes.there.discard(entry.path)
        elif isinstance(entry, Delivered):
            if entry.extension:
                path = event_path(entry.extension, entry.file)
                taken.setdefault((entry.extension, number), {})[entry.file] = sizes.known.get(path, 0)
        else:
            there[number] = there.get(number, Counter()) | sizes.by_extension()
    return taken, there


#: Bytes from which on a file may take time that shows.
_HEAVY = 1024 * 1024


def _heavy(case: Case) -> Counter[int]:
    """Pass -> heavy files that were written for it: each may cost what a file may cost."""
    large = {(step.pass_number, step.path) for step in case.view.steps if step.size >= _HEAVY}
    return Counter(number for number, _ in large)


def bounded(case: Case) -> list[str] | None:
    """No file costs too much processor, and no extension more parsing than it may."""
    problems = bounded_time(case, _heavy(case))
    return None if problems is None else first([*problems, *overparsed(case)])
