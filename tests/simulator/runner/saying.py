"""A program for tests of its passes: what it says is a list, and no process runs."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from types import SimpleNamespace
from typing import Any

from etp_kit.simulator.runner.outside import Outside
from etp_kit.simulator.runner.program_passes import ProgramPasses
from etp_kit.simulator.runner.stage import Stage
from etp_kit.simulator.subjects.program import messages

from .staged import actor, loaded, told

EVENT = messages.Event(
    type="event", key=("Ext", "1.json", 0), eventId=1, providerId="p", file_type="json", parameters=[]
)
DONE, COUNTED = messages.Done(type="done"), messages.Done(type="done", ledger={})
NOTICE = messages.Notice(type="notice", kind="x-mine")


def refused(why: Any) -> messages.Refused:
    return messages.Refused(type="refused", why=why, key=("Ext", "1.json", 0))


def flush(*, confirmed: bool) -> messages.Flush:
    return messages.Flush(type="flush", confirmed=confirmed)


class Says:
    """A program that answers each pass with these lines, and does something to its directories:
    before them, or where a function stands among them.
    """

    def __init__(
        self, *answers: Any, does: Any = None, late: Iterable[Any] = (), **capabilities: Any
    ) -> None:
        self.capabilities = capabilities
        self.log = SimpleNamespace(take=lambda last=False: [self.lines.pop()] if self.lines else [])
        self.lines: list[str] = []
        self.asked: list[Any] = []
        self._answers, self._does, self._late = answers, does, late

    def start(self, log_dir: str, agent_events_dir: str, settings: dict[str, Any], *, pauses: bool) -> None:
        self.asked.append(("start", settings))
        self.pauses = pauses

    def collect(self, kind: str, script: messages.Script) -> Iterator[messages.Answer]:
        self.asked.append((kind, script))
        if self._does is not None:
            self._does()
        for answer in self._answers:
            if callable(answer):
                answer()
            else:
                yield answer

    def rest(self) -> Iterable[messages.Answer]:
        return self._late

    def family(self) -> list[int]:
        return [os.getpid()]

    def narrow(self) -> None:
        self.asked.append("narrow")

    def kill(self) -> None:
        self.asked.append("kill")

    def close(self) -> None:
        self.asked.append("close")

    def stop(self) -> None:
        self.asked.append("stop")


def passes(stage: Stage, program: Any, **capabilities: Any) -> ProgramPasses:
    known = loaded(stage, actors=(actor(),), **capabilities)
    made = ProgramPasses(stage, known, Outside(stage, known))
    made.start(program)
    return made


def made(stage: Stage, program: Any, kind: Any = "extension", **capabilities: Any) -> list[tuple[str, str, Any]]:
    """What one pass tells, between its begin and its end."""
    passes(stage, program, **capabilities).make(kind)
    first, *between, last = told(stage)
    assert (first[0], last[0]) == ("pass-begin", "pass-end")
    return between
