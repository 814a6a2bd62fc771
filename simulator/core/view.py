"""A history as its readers see it: calls, steps and passes, and not ``op`` and ``result``.

Why: judges and the ledger ask for the same few kinds of records, over and over. A view walks the
history once, whoever asks for what. Most of a history is calls that only look (stat, open, read):
these become entries when somebody asks for them by name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from heapq import merge
from typing import Any, Protocol, TypeVar

from .entries import (
    MAKERS,
    Call,
    Crashed,
    Entry,
    Flush,
    LogRecord,
    PassBegun,
    PassEnded,
    Struck,
    WriterStep,
    call_of,
    step_of,
)
from .history import History, Record


class Placed(Protocol):
    """What stands at a place in a history."""

    @property
    def i(self) -> int: ...


E = TypeVar("E")
P = TypeVar("P", bound=Placed)

#: Calls after which directories are otherwise than before, or that tell what is there.
_TELLING = frozenset({"unlink", "listdir", "scandir"})


class View:
    """The records of a history, by their kinds, each list in its order."""

    #: All of them, but for calls that neither remove nor list.
    entries: list[Entry]

    def __init__(self, history: History) -> None:
        self._by_kind: dict[type, list[Any]] = {}
        self._looks: dict[str, list[tuple[int, Record]]] = {}
        self._called: dict[tuple[str, ...], list[Call]] = {}
        self.entries = list(self._read(history))
        for entry in self.entries:
            self._by_kind.setdefault(type(entry), []).append(entry)

    def _read(self, history: History) -> Iterator[Entry]:
        is_within = False
        for i, record in enumerate(history):
            op = record.op
            if op == "call":
                name = record.result["call"]
                if name in _TELLING:
                    yield call_of(i, record)
                else:
                    self._looks.setdefault(name, []).append((i, record))
            elif op == "step":
                yield step_of(i, record, is_within)
            elif make := MAKERS.get(op):
                yield make(i, record)
                is_within = op == "pass-begin" or (is_within and op != "pass-end")

    def of(self, kind: type[E]) -> list[E]:
        """All of one kind; of calls there is ``called``."""
        return self._by_kind.get(kind, [])

    def called(self, *names: str) -> list[Call]:
        """The collector's calls of these functions, those that failed among them."""
        if names not in self._called:
            told = [call for call in self.of(Call) if call.name in names]
            looks = [call_of(i, record) for name in names for i, record in self._looks.get(name, ())]
            self._called[names] = sorted([*told, *looks], key=lambda call: call.i) if looks else told
        return self._called[names]

    def done(self, *names: str) -> list[Call]:
        """Those of these calls that succeeded."""
        return [call for call in self.called(*names) if not call.errno]

    @cached_property
    def steps(self) -> list[WriterStep]:
        """What writers did: their steps that succeeded."""
        return [step for step in self.of(WriterStep) if not step.errno]

    @property
    def faults(self) -> list[Struck]:
        """The planned faults that struck."""
        return self.of(Struck)

    @property
    def log(self) -> list[LogRecord]:
        """What was logged."""
        return self.of(LogRecord)

    @cached_property
    def removals(self) -> list[Call]:
        """Each name that the collector removed."""
        return self.done("unlink")

    @property
    def refused_removals(self) -> list[Call]:
        """Removals that failed, though something was there."""
        return [call for call in self.called("unlink") if call.errno not in {"", "ENOENT"}]

    @cached_property
    def crashed(self) -> frozenset[int]:
        """Passes in which the collector's process was ended."""
        return frozenset(crash.pass_number for crash in self.of(Crashed))

    @cached_property
    def disturbed(self) -> frozenset[int]:
        """Passes in which a fault struck or the process was ended."""
        return self.crashed | {fault.pass_number for fault in self.faults}

    @cached_property
    def mute(self) -> frozenset[int]:
        """Passes in which the sender could not be asked: what it refused is known to nobody."""
        return frozenset(fault.pass_number for fault in self.faults if fault.kind == "sender-mute")

    @cached_property
    def unconfirmed(self) -> frozenset[int]:
        """Passes in which the sender was asked to confirm and did not."""
        return frozenset(flush.pass_number for flush in self.of(Flush) if not flush.confirmed)

    @cached_property
    def waits(self) -> frozenset[int]:
        """Passes in which the collector slept."""
        return frozenset(call.pass_number for call in self.called("sleep"))

    @cached_property
    def last_pass(self) -> int:
        """The number of the last pass, -1 where none was made.

        A pass over agent events and one over extension events share a number.
        """
        return max((begun.pass_number for begun in self.of(PassBegun)), default=-1)

    @cached_property
    def extension_passes(self) -> dict[int, list[PassBegun | PassEnded | LogRecord | Call]]:
        """The files that were opened and the records that were logged in each pass over extension
        events, between its beginning and its end.
        """
        found: dict[int, list[PassBegun | PassEnded | LogRecord | Call]] = {}
        kinds: list[Sequence[PassBegun | PassEnded | LogRecord | Call]] = [
            self.of(PassBegun), self.of(PassEnded), self.of(LogRecord), self.called("open")
        ]  # fmt: skip
        inside = False
        for entry in in_order(*kinds):
            inside = inside or (isinstance(entry, PassBegun) and entry.kind == "extension")
            if inside:
                found.setdefault(entry.pass_number, []).append(entry)
            inside = inside and not isinstance(entry, PassEnded)
        return found


def in_order(*kinds: Iterable[P]) -> Iterator[P]:
    """Lists that are in order of the history as one that is."""
    return merge(*kinds, key=lambda entry: entry.i)
