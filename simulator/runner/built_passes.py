"""Passes of a collector that is built in this process, behind the seam."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

from ..base import is_interrupt
from ..core import COLLECTOR, KIT, PassKind
from ..subjects import Broken, Factory, read_report
from ..world import WorldSignal, take_escapes
from .builder import Builder
from .costs import measured
from .ends import end_by
from .stage import Loaded, Stage

_passes = 0


def passes_begun() -> int:
    """How many passes this process has begun: before the first, what goes wrong is not the
    collector's.
    """
    return _passes


class BuiltPasses:
    """The passes of one run.

    Whatever the collector does ends in a record, never in an exception.
    """

    def __init__(self, stage: Stage, loaded: Loaded) -> None:
        self._stage = stage
        self._loaded = loaded
        self._builder = Builder(stage, loaded)
        self._collector: Any = None

    def start(self, factory: Factory) -> None:
        self._collector = self._builder.build(factory)

    def takes_agent_events(self) -> bool:
        return hasattr(self._collector, "collect_agent_events")

    def heal(self) -> None:
        """Its faults are the seam's and the sender's."""

    def stop(self) -> None:
        """It ends with the run."""

    def make(self, kind: PassKind) -> bool:
        global _passes  # noqa: PLW0603 - of this process, which has one run at a time
        _passes += 1
        stage, seam = self._stage, self._stage.process.seam
        stage.note(KIT, "pass-begin", "", {"kind": kind})
        stage.listener.begin_pass()
        look = stage.process.look()
        end, report = self._called(kind)
        if seam.signal is not None:
            end = end_by(seam.signal)  # what it did while it was dying counts for nothing
        stage.process.compare(look, "by a pass")
        for event, path in take_escapes():
            stage.note(COLLECTOR, "escape", path, {"event": event})
        self._tell(kind, end, report)
        stage.note(KIT, "pass-end", "", {"kind": kind, "end": end, "leaked": len(seam.descriptors)})
        if seam.dead:
            seam.release()  # what the kernel does when a process ends: its descriptors go
        return seam.dead

    def _called(self, kind: PassKind) -> tuple[str, Any]:
        """(how it ended, what it returned)."""
        stage = self._stage
        try:
            with measured(stage.costs) if stage.spec.weighed else nullcontext():
                pass_over = self._collector.collect if kind == "extension" else self._collector.collect_agent_events
                return "returned", stage.process.call(pass_over)
        except WorldSignal as signal:
            return end_by(type(signal)), None
        except Broken:
            raise
        except BaseException as error:
            if is_interrupt(error):
                raise
            stage.ear.catch(error)
            return f"raised {type(error).__name__}", None

    def _tell(self, kind: PassKind, end: str, report: Any) -> None:
        """What the pass's report says."""
        stage, declared = self._stage, self._loaded.declared
        told = read_report(report)
        for notice in told.notices:
            stage.note(COLLECTOR, "notice", "", notice)
        if told.ledger is not None:
            stage.note(COLLECTOR, "ledger", "", told.ledger)
        elif end == "returned" and kind == "extension":
            declared.miss("ledger", "collect() returned none")
        if end == "returned" and told.problem:
            declared.miss("notices", told.problem)
