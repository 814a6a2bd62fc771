"""P12: the writer of the agent's own end-to-end test, which many a collector was first tried with.

A list a file, ``<µs>.json.tmp`` renamed, by Python's json. The key is ``TimeStamp``, EventLevel
``INFO`` (no documented level). A list has one OperationId, pid and tid are always the same, and
texts are of many scripts.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from ...base import SECOND, Draw
from ...core import Step, token
from ..assignment import Assignment
from ..element import PYTHON, Element, document, valid
from ..texts import POOLS
from .batches import batches
from .ids import uuid
from .timestamps import calendar
from .write_protocols import renamed

LIST = 50


class AgentEndToEnd:
    """P12."""

    name = "agent-end-to-end"
    about = "P12, the agent's end-to-end test: lists under µs names, .json.tmp renamed, key TimeStamp, level INFO"

    def plan(self, assignment: Assignment, draw: Draw) -> Iterator[Step]:
        numbers = count()
        for window in assignment.windows:
            for at, amount in batches(assignment, window, draw.spawn("traffic", window.number), LIST):
                now, operation = assignment.epoch + at, uuid(draw)
                elements = [self._element(assignment, draw, next(numbers), now + index * 1_000, operation) for index in range(amount)]
                written = document(f"{now // 1_000}.json", elements, PYTHON, as_list=True)
                yield from renamed(at, assignment.directory, written, f"{assignment.directory}/{written.name}.tmp")

    def _element(self, assignment: Assignment, draw: Draw, number: int, now: int, operation: str) -> Element:
        mark = token(assignment.actor, number)
        say = PYTHON.text
        values = {
            "EventLevel": say("INFO"),
            "Message": say(f"{mark} {draw.choice(POOLS.short)}"),
            "Version": say("1.0"),
            "TaskName": say("Extension Info"),
            "EventPid": say("3228"),
            "EventTid": say("1"),
            "OperationId": say(operation),
            "Timestamp": say(f"{calendar(now // SECOND)}.{now % SECOND // 1_000:06d}Z"),
        }
        return valid(assignment.handler, mark, values, assignment.limits, PYTHON, keys={"Timestamp": "TimeStamp"})
