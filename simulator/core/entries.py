"""What a record of a history tells, by its kind: with names and types, for who reads it.

What is left out of a record reads as nothing: an ``errno`` that is missing is "".
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from .history import Record

if TYPE_CHECKING:
    from .records import (
        CallResult,
        CapabilityResult,
        ChangedResult,
        DeliverResult,
        EscapeResult,
        FaultResult,
        FlushResult,
        LedgerEntry,
        LogResult,
        NoticeResult,
        PassBegin,
        PassEnd,
        RunResult,
        ServiceResult,
        StepResult,
        TreeEntry,
    )


class RunMade(NamedTuple):
    """How the run was made."""

    i: int
    t: int
    pass_number: int
    result: RunResult


class PassBegun(NamedTuple):
    """A pass begins."""

    i: int
    t: int
    pass_number: int
    kind: str


class PassEnded(NamedTuple):
    """A pass is over."""

    i: int
    t: int
    pass_number: int
    result: PassEnd


class WriterStep(NamedTuple):
    """A writer's step: its act, the path, and ``to``, the other one of a rename or a link."""

    i: int
    t: int
    pass_number: int
    actor: str
    act: str
    path: str
    to: str
    size: int
    mtime: int
    labels: list[list[Any]] | None
    errno: str
    #: Whether a pass was under way.
    is_within: bool


class Call(NamedTuple):
    """A call of the collector, by the name of its function."""

    i: int
    t: int
    pass_number: int
    name: str
    path: str
    errno: str
    #: Of a sleep.
    ns: int
    #: Of a program: seen after its pass by what it did to directories.
    is_seen: bool


class Offered(NamedTuple):
    """An events dir lay there for a program to list."""

    i: int
    t: int
    pass_number: int
    path: str


class HandedOver(NamedTuple):
    """The sender took an event."""

    i: int
    t: int
    pass_number: int
    result: DeliverResult


class Flush(NamedTuple):
    """The sender was asked to confirm."""

    i: int
    t: int
    pass_number: int
    confirmed: bool


class Notice(NamedTuple):
    """What the collector tells operators."""

    i: int
    t: int
    pass_number: int
    result: NoticeResult


class Emitted(NamedTuple):
    """A notice that the collector gives to the agent that embeds it."""

    i: int
    t: int
    pass_number: int
    result: NoticeResult


class PassReport(NamedTuple):
    """The pass report's ledger, by extension."""

    i: int
    t: int
    pass_number: int
    counts: dict[str, LedgerEntry]


class BrokenPromise(NamedTuple):
    """A capability that is declared and does not hold."""

    i: int
    t: int
    pass_number: int
    name: str
    problem: str


class LogRecord(NamedTuple):
    """A log record; its text is in no history."""

    i: int
    t: int
    pass_number: int
    result: LogResult


class Struck(NamedTuple):
    """A planned fault struck; ``key``: of the event that the sender did not take."""

    i: int
    t: int
    pass_number: int
    kind: str
    path: str
    key: list[Any] | None


class ServiceAsked(NamedTuple):
    """What was done to a service, and what it said then."""

    i: int
    t: int
    pass_number: int
    result: ServiceResult


class Changed(NamedTuple):
    """The process around the collector is otherwise than before."""

    i: int
    t: int
    pass_number: int
    when: str
    what: list[str]


class Crashed(NamedTuple):
    """The collector's process was ended."""

    i: int
    t: int
    pass_number: int


class Escape(NamedTuple):
    """The collector left its world."""

    i: int
    t: int
    pass_number: int
    event: str
    path: str


class Tree(NamedTuple):
    """What is there in the end."""

    i: int
    t: int
    pass_number: int
    entries: list[TreeEntry]


Entry = (
    RunMade | PassBegun | PassEnded | WriterStep | Call | Offered | HandedOver | Flush | Notice | Emitted
    | PassReport | BrokenPromise | LogRecord | Struck | ServiceAsked | Changed | Crashed | Escape | Tree
)  # fmt: skip


def step_of(i: int, record: Record, is_within: bool) -> WriterStep:
    result: StepResult = record.result
    return WriterStep(
        i,
        record.t,
        record.pass_number,
        record.actor,
        result["act"],
        record.path,
        result.get("to", ""),
        result.get("bytes", 0),
        result.get("mtime", record.t),
        result.get("labels"),
        result.get("errno", ""),
        is_within,
    )


def call_of(i: int, record: Record) -> Call:
    result: CallResult = record.result
    name = result["call"]
    if len(result) == 1:  # most calls succeed, and there is no more to say
        return Call(i, record.t, record.pass_number, name, record.path, "", 0, False)
    errno, ns = result.get("errno", ""), result.get("ns", 0)
    return Call(i, record.t, record.pass_number, name, record.path, errno, ns, "seen" in result)


def _pass_begun(i: int, record: Record) -> PassBegun:
    result: PassBegin = record.result
    return PassBegun(i, record.t, record.pass_number, result["kind"])


def _flush(i: int, record: Record) -> Flush:
    result: FlushResult = record.result
    return Flush(i, record.t, record.pass_number, result["confirmed"])


def _broken_promise(i: int, record: Record) -> BrokenPromise:
    result: CapabilityResult = record.result
    return BrokenPromise(i, record.t, record.pass_number, result["name"], result["problem"])


def _struck(i: int, record: Record) -> Struck:
    result: FaultResult = record.result
    return Struck(i, record.t, record.pass_number, result["kind"], record.path, result.get("key"))


def _changed(i: int, record: Record) -> Changed:
    result: ChangedResult = record.result
    return Changed(i, record.t, record.pass_number, result["when"], result["what"])


def _escape(i: int, record: Record) -> Escape:
    result: EscapeResult = record.result
    return Escape(i, record.t, record.pass_number, result["event"], record.path)


#: op -> what makes its entry; steps and calls are most of a history, and stand by themselves.
MAKERS: dict[str, Callable[[int, Record], Entry]] = {
    "run": lambda i, r: RunMade(i, r.t, r.pass_number, r.result),
    "pass-begin": _pass_begun,
    "pass-end": lambda i, r: PassEnded(i, r.t, r.pass_number, r.result),
    "offered": lambda i, r: Offered(i, r.t, r.pass_number, r.path),
    "deliver": lambda i, r: HandedOver(i, r.t, r.pass_number, r.result),
    "flush": _flush,
    "notice": lambda i, r: Notice(i, r.t, r.pass_number, r.result),
    "emit": lambda i, r: Emitted(i, r.t, r.pass_number, r.result),
    "ledger": lambda i, r: PassReport(i, r.t, r.pass_number, r.result),
    "capability": _broken_promise,
    "log": lambda i, r: LogRecord(i, r.t, r.pass_number, r.result),
    "fault": _struck,
    "service": lambda i, r: ServiceAsked(i, r.t, r.pass_number, r.result),
    "changed": _changed,
    "crash": lambda i, r: Crashed(i, r.t, r.pass_number),
    "escape": _escape,
    "tree": lambda i, r: Tree(i, r.t, r.pass_number, r.result),
}
