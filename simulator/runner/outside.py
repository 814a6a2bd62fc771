"""A program seen from outside, where its calls are not heard.

Rules: nothing happens during a pass but what the program does; steps meant for it are taken after
it. Time passes by ageing what lies there. ``changes`` finds afterwards what a pass did to the
directories. A crash is SIGKILL of all that the program is, at a delivery or a flush.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from typing import Any

from ..base import SECOND
from ..core import AGENT_EVENTS_DIR, COLLECTOR, KIT, LOG_DIR, PassKind, offers
from ..subjects import Program
from ..world import CLOCK
from .ageing import Ageing, Seen
from .changes import Change, changes
from .program_pass import POINTS, ProgramPass, Take
from .stage import Loaded, Stage

#: What judging can take and this outlook does not offer (keys of the contract's capabilities).
LACKING = ("hooks", "process", "virtual_time")
#: Virtual ns by which a pass may last longer than no time at all, for what is judged by age.
SLACK = 20 * SECOND


def header_of(lacking: tuple[str, ...], why: str, capabilities: Mapping[str, Any]) -> dict[str, Any]:
    """What the first record tells of a program's run. ``why``: its calls are not heard."""
    return {
        "lacking": list(lacking),
        **({"unheard": why} if "hooks" in lacking else {}),
        "slack": SLACK if "virtual_time" in lacking else 0,
        **({} if offers(capabilities, "sender:flush") else {"confirmed_by": "line"}),
    }


class Outside:
    """The outlook of one run."""

    def __init__(self, stage: Stage, loaded: Loaded) -> None:
        self._stage = stage
        self._handlers = [handler for handler in loaded.handlers if not handler.startswith("-")]
        self._ageing = Ageing(stage.world.root)

    def prepared(self, program: Program, settings: Mapping[str, Any]) -> dict[str, Any]:
        wanted = dict(settings)
        if "retry_delay" in (program.capabilities.get("settings") or ()):
            wanted.setdefault("retry_delay", 0)  # nobody completes a torn file meanwhile
        if self._stage.faults.kill:
            program.narrow()
        return wanted

    def offer(self, kind: PassKind) -> None:
        """Every directory that is one, now."""
        extensions = [f"{LOG_DIR}/{handler}/events" for handler in self._handlers]
        full = self._stage.world.full
        for path in [AGENT_EVENTS_DIR] if kind == "agent" else extensions:
            if all(_is_directory(full(part)) for part in (path.rpartition("/")[0], path)):
                self._stage.note(KIT, "offered", path, None)

    def begin(self) -> dict[str, Seen]:
        return self._ageing.begin(CLOCK.now)

    def listen(self, program: Program, made: ProgramPass, take: Take) -> None:
        for answer in program.collect(made.kind, made.script):
            take(answer)
            label = POINTS.get(answer.type)
            if label is not None and self._stage.faults.kills_at(label):
                program.kill()
                for late in program.rest():
                    take(late)
                self._stage.note(COLLECTOR, "crash", "", {"call": label, "when": "after"})
                made.end = "crash"
                return

    def end(self, made: ProgramPass) -> list[Change]:
        return changes(made.before, self._ageing.end())

    def shift_of(self, seen: Seen | None) -> int | None:
        return self._ageing.shift_of(seen)


def _is_directory(path: str) -> bool:
    try:
        return stat.S_ISDIR(os.lstat(path).st_mode)
    except OSError:
        return False
