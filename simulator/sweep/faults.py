"""Random faults: of the kernel, of the process, of the sender, of the wall clock."""

from __future__ import annotations

from typing import Any

from ..base import Draw
from ..core import AGENT_EVENTS_DIR, LOG_DIR, event_path, events_dir
from ..scenario import ERRNOS, FAULT_KINDS
from .swarm import Swarm

#: Errors at calls are twice as likely: there are most ways for them. A listing without end costs
#: seconds, and many seeds would wait for it.
_KINDS = ("errno", *(kind for kind in FAULT_KINDS if kind != "endless"))
#: A service has no passes that somebody else makes; what strikes at a pass's begin is not for it.
_OF_SERVICE = ("errno", "sender-error", "sender-slow", "clock-step")
_CALLS = ("*", "open", "read", "unlink", "lstat", "stat", "scandir", "listdir", "fstat", "close")
_PATHS = ("*", event_path("*", "*"), events_dir("*"), LOG_DIR, f"{AGENT_EVENTS_DIR}*", "*.json")
_NTH = (1, 1, 2, 3, 5, 8, 13, 40)
_STEPS = (-86_400, -3_600, -301, -1, 1, 299, 301, 3_600, 86_400, 31_536_000)


def random_faults(draw: Draw, swarm: Swarm, passes: int, *, service: bool) -> list[dict[str, Any]]:
    """None in about half of the scenarios: the plain ones are judged most strictly."""
    if not swarm.has("faults", 0.45):
        return []
    kinds = _OF_SERVICE if service else _KINDS
    return [_fault(draw, swarm.choice("fault", kinds), passes) for _ in range(draw.choice((1, 1, 1, 2, 3)))]


def _fault(draw: Draw, kind: str, passes: int) -> dict[str, Any]:
    fault: dict[str, Any] = {"kind": kind}
    if kind in {"errno", "short-read", "crash"}:
        fault |= {"call": draw.choice(_CALLS) if kind != "short-read" else "*", "path": draw.choice(_PATHS)}
    if kind == "errno":
        fault["errno"] = draw.choice(ERRNOS)
    if kind == "crash":
        fault["when"] = draw.choice(("before", "after"))
    if kind == "flush-error":
        fault["said"] = draw.chance(0.5)
    if kind not in {"sender-down", "clock-step"}:
        fault["nth"] = draw.choice(_NTH)
        if kind not in {"crash", "sender-stop", "sender-mute"}:
            fault["times"] = draw.choice((1, 1, 2, 5))
    if kind == "sender-slow":
        fault["seconds"] = draw.choice((0.1, 1.0, 5.0))
    if kind == "clock-step":
        fault["seconds"] = draw.choice(_STEPS)
    if kind in {"sender-down", "clock-step"} or draw.chance(0.5):
        fault["in_pass"] = draw.below(passes)
    return fault
