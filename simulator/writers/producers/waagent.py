"""L5: the agent's own events, and what an older agent left behind.

``<us>.tmp`` renamed to ``<us>.waagent.tld``: complete, to be handed on as they are. One in ten is a
legacy agent event (plain ``.tld``) that lacks some common parameters. With 1,000 entries in the
directory the oldest names go, down to 999.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from ...base import Draw
from ...core import Document, Step, token
from ..assignment import Assignment
from ..element import PYTHON
from .batches import arrivals
from .ids import pid, uuid
from .messages import Messages
from .timestamps import microseconds
from .tld import PROVIDER, Parameter, bare, json_parameters, label, said
from .write_protocols import renamed

MOST_ENTRIES = 1_000
WORDS = (
    "[HEARTBEAT] Agent {token} is running as the goal state agent; {number}",
    "ProcessExtensionsGoalState completed {token} in {number} ms",
    "Error fetching {token} from {host}",
)


class Agent:
    """The agent and its virtual machine."""

    def __init__(self, assignment: Assignment, draw: Draw) -> None:
        self._assignment = assignment
        self._draw = draw
        self._messages = Messages(PYTHON, WORDS, draw.spawn("messages"))
        self._numbers = count()
        self._ids = [uuid(draw) for _ in range(4)]
        self._pid = pid(draw)
        self._tid = 140_000_000_000_000 + draw.bits(38)

    def document(self, at: int, number: int, *, legacy: bool) -> Document:
        """One event as the agent writes it."""
        draw = self._draw
        mark = token(self._assignment.actor, next(self._numbers))
        message, secrets = self._messages.make(mark)
        own = [
            _text("Name", "WALinuxAgent"),
            _text("Version", "2.2.46" if legacy else "2.15.0.1"),
            _text("Operation", draw.choice(("HeartBeat", "ProcessGoalState", "Download", "CGroupsInfo"))),
            bare("OperationSuccess", not draw.chance(0.1)),
            said("Message", message),
            bare("Duration", draw.below(60_000)),
        ]
        parameters = own + (self._few(at) if legacy else self._all(at))
        body = json_parameters(parameters, PYTHON)
        data = f'{{"eventId": 1, "providerId": "{PROVIDER}", "parameters": {body}, "file_type": ""}}'
        made = label(mark, "legacy-agent" if legacy else "intact", 1, parameters, secrets=secrets)
        return Document(f"{number}{'' if legacy else '.waagent'}.tld", data.encode("utf-8"), (made,))

    def _few(self, at: int) -> list[Parameter]:
        return [
            _text("GAVersion", "WALinuxAgent-2.2.46"),
            _text("ContainerId", self._ids[0]),
            _text("OpcodeName", self._time(at)),
            bare("EventTid", self._tid),
            bare("EventPid", self._pid),
            _text("TaskName", "ExtHandler"),
            _text("KeywordName", ""),
        ]

    def _all(self, at: int) -> list[Parameter]:
        return [
            _text("GAVersion", "WALinuxAgent-2.15.0.1"),
            _text("ContainerId", self._ids[0]),
            _text("OpcodeName", self._time(at)),
            bare("EventTid", self._tid),
            bare("EventPid", self._pid),
            _text("TaskName", "ExtHandler"),
            _text("KeywordName", ""),
            _text("ExtensionType", ""),
            bare("IsInternal", False),
            _text("OSVersion", "Linux:ubuntu-22.04-jammy:6.8.0"),
            _text("ExecutionMode", "IAAS"),
            bare("RAM", 7_976),
            bare("Processors", 2),
            _text("TenantName", self._ids[1]),
            _text("RoleName", "vm-1"),
            _text("RoleInstanceName", f"{self._ids[1]}._vm-1"),
            _text("Location", "northeurope"),
            _text("SubscriptionId", self._ids[2]),
            _text("ResourceGroupName", "群组-1"),
            _text("VMId", self._ids[3]),
            bare("ImageOrigin", 1),
        ]

    def _time(self, at: int) -> str:
        return f"{microseconds(self._assignment.epoch + at)}Z"


class Waagent:
    """L5."""

    name = "waagent"
    about = "L5, the agent's own .waagent.tld events, and legacy agent events that lack common parameters"
    agent_events = True

    def plan(self, assignment: Assignment, draw: Draw) -> Iterator[Step]:
        agent = Agent(assignment, draw.spawn("agent"))
        for window in assignment.windows:
            held: list[str] = []
            for at in arrivals(assignment, window, draw.spawn("traffic", window.number)):
                while len(held) >= MOST_ENTRIES:
                    held.sort()
                    yield Step(at, "unlink", held.pop(0))
                number = (assignment.epoch + at) // 1_000
                made = agent.document(at, number, legacy=draw.chance(0.1))
                held.append(f"{assignment.directory}/{made.name}")
                yield from renamed(at, assignment.directory, made, f"{assignment.directory}/{number}.tmp")


def _text(name: str, value: str) -> Parameter:
    return said(name, PYTHON.text(value))
