"""The form of every way into a history: who writes a record, and the type of what it tells.

It is checked where types are; at run time it is nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Protocol, overload

if TYPE_CHECKING:
    from .records import (
        CallResult,
        CapabilityResult,
        ChangedResult,
        CrashResult,
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


class Note(Protocol):
    """Puts a record down: who, what kind, about which path, and what its kind tells."""

    @overload
    def __call__(self, actor: str, op: Literal["run"], path: str, result: RunResult) -> None: ...
    @overload
    def __call__(self, actor: str, op: Literal["pass-begin"], path: str, result: PassBegin) -> None: ...
    @overload
    def __call__(self, actor: str, op: Literal["pass-end"], path: str, result: PassEnd) -> None: ...
    @overload
    def __call__(self, actor: str, op: Literal["step"], path: str, result: StepResult) -> None: ...
    @overload
    def __call__(self, actor: str, op: Literal["call"], path: str, result: CallResult) -> None: ...
    @overload
    def __call__(self, actor: str, op: Literal["deliver"], path: str, result: DeliverResult) -> None: ...
    @overload
    def __call__(self, actor: str, op: Literal["flush"], path: str, result: FlushResult) -> None: ...
    @overload
    def __call__(self, actor: str, op: Literal["notice", "emit"], path: str, result: NoticeResult) -> None: ...
    @overload
    def __call__(self, actor: str, op: Literal["ledger"], path: str, result: dict[str, LedgerEntry]) -> None: ...
    @overload
    def __call__(self, actor: str, op: Literal["capability"], path: str, result: CapabilityResult) -> None: ...
    @overload
    def __call__(self, actor: str, op: Literal["log"], path: str, result: LogResult) -> None: ...
    @overload
    def __call__(self, actor: str, op: Literal["fault"], path: str, result: FaultResult) -> None: ...
    @overload
    def __call__(self, actor: str, op: Literal["service"], path: str, result: ServiceResult) -> None: ...
    @overload
    def __call__(self, actor: str, op: Literal["changed"], path: str, result: ChangedResult) -> None: ...
    @overload
    def __call__(self, actor: str, op: Literal["crash"], path: str, result: CrashResult) -> None: ...
    @overload
    def __call__(self, actor: str, op: Literal["escape"], path: str, result: EscapeResult) -> None: ...
    @overload
    def __call__(self, actor: str, op: Literal["tree"], path: str, result: list[TreeEntry]) -> None: ...
    @overload
    def __call__(self, actor: str, op: Literal["offered", "restart"], path: str, result: None) -> None: ...
