"""The telemetry event as the embedding agent's sender knows it: names, ids and order are the wire's
(CONTRACT.md 1)."""

import functools
import time

from .text import encodable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, Iterable, List, NamedTuple, Tuple

    Param = NamedTuple("Param", [("name", str), ("value", Any)])
else:
    from collections import namedtuple

    Param = namedtuple("Param", "name value")

LOG_EVENT_ID = 7
LOG_PROVIDER_ID = "FFF0196F-EE4C-4EAF-9AA5-776F622DEB4F"

# The common parameters in their order, each with what stands for it when the embedding agent gives
# none.
COMMON = (
    ("GAVersion", ""),
    ("ContainerId", ""),
    ("OpcodeName", ""),
    ("EventTid", ""),
    ("EventPid", ""),
    ("TaskName", ""),
    ("OSVersion", ""),
    ("ExecutionMode", ""),
    ("RAM", 0),
    ("Processors", 0),
    ("KeywordName", ""),
    ("TenantName", ""),
    ("RoleName", ""),
    ("RoleInstanceName", ""),
    ("Location", ""),
    ("SubscriptionId", ""),
    ("ResourceGroupName", ""),
    ("VMId", ""),
    ("ImageOrigin", 0),
)  # type: Tuple[Tuple[str, Any], ...]

# What an event of an extension sets: four of the common parameters, in their places, and five more
# behind them.
_SET = (
    "OpcodeName",
    "EventTid",
    "EventPid",
    "TaskName",
    "EventName",
    "CapabilityUsed",
    "Context1",
    "Context2",
    "Context3",
)
_OPCODE, _TID, _PID, _TASK, _NAME, _LEVEL, _MESSAGE, _TIMESTAMP, _OPERATION = (
    list(dict.fromkeys([name for name, _ in COMMON] + list(_SET))).index(name) for name in _SET
)
_new = tuple.__new__  # half the time of Param(name, value)
_EARLIEST = -62135596800  # the first second of the year 1, and the last of 9999
_LATEST = 253402300799


class TelemetryEvent:
    """One event. `parameters` is a list of Param; `key` is (handler, file name, index) and never
    goes on the wire."""

    def __init__(
        self, event_id: "Any", provider_id: str, file_type: str, parameters: "List[Param]", key: "Tuple[str, str, int]"
    ) -> None:
        self.eventId = event_id
        self.providerId = provider_id
        self.file_type = file_type
        self.parameters = parameters
        self.key = key

    def __repr__(self) -> str:
        return f"TelemetryEvent{self.key!r}"


def common_parameters(given: "Iterable[Any]") -> "Dict[str, Any]":
    """The 19 common parameters in their order, from a mapping or from pairs; unknown names are left
    out."""
    values = dict(given)
    return {name: values.get(name, default) for name, default in COMMON}


class Template:
    """Makes the events of one extension in one pass. What an event has in common with the one
    before it is shared, since nobody can change a Param. No more than one event is remembered."""

    def __init__(self, handler: str, common: "Dict[str, Any]") -> None:
        self._handler = handler
        self._before_version = encodable(handler) + "-"
        self._parameters = parameters(dict(common, **dict.fromkeys(_SET)))
        self._seldom = None  # type: Any

    def event(self, file_name: str, index: int, opcode: str, fields: "Tuple[str, ...]") -> TelemetryEvent:
        """The event that is handed over for the accepted `fields` of an element, in the order of
        `event.FIELDS`; `opcode` is the time of its file."""
        level, pid, tid, message, operation, task, timestamp, version = fields
        made = self._parameters
        seldom = tid, pid, version, level  # what differs seldom within an extension is compared in one step
        if seldom != self._seldom:
            self._seldom = seldom
            made[_TID] = Param("EventTid", tid)
            made[_PID] = Param("EventPid", pid)
            made[_NAME] = Param("EventName", self._before_version + version)
            made[_LEVEL] = Param("CapabilityUsed", level)
        if made[_OPCODE][1] != opcode:
            made[_OPCODE] = _new(Param, ("OpcodeName", opcode))
        if made[_TASK][1] != task:
            made[_TASK] = _new(Param, ("TaskName", task))
        if made[_OPERATION][1] != operation:
            made[_OPERATION] = _new(Param, ("Context3", operation))
        made[_MESSAGE] = _new(Param, ("Context1", message))
        made[_TIMESTAMP] = _new(Param, ("Context2", timestamp))
        return TelemetryEvent(LOG_EVENT_ID, LOG_PROVIDER_ID, "json", made[:], (self._handler, file_name, index))


def parameters(values: "Dict[str, Any]") -> "List[Param]":
    return [Param(name, value) for name, value in values.items()]


def utc(moment_ns: int) -> str:
    """YYYY-MM-DDTHH:MM:SS.ffffffZ in any time zone, clamped to the years 1 to 9999
    (event.time-utc).

    It is rounded as the production agent rounds. That has the time as a double of seconds,
    `st_mtime`, and takes the nearest microsecond of it.
    """
    whole, nanos = divmod(moment_ns, 1000000000)
    micros = round((whole + nanos * 1e-9 - whole) * 1e6)
    if micros == 1000000:
        whole, micros = whole + 1, 0
    if not _EARLIEST <= whole <= _LATEST:
        whole, micros = (_EARLIEST, 0) if whole < 0 else (_LATEST, 999999)
    return "%s.%06dZ" % (_second(whole), micros)


@functools.lru_cache(maxsize=1)
def _second(seconds: int) -> str:
    """Remembered for one second: many files were written soon after another."""
    return "%04d-%02d-%02dT%02d:%02d:%02d" % time.gmtime(seconds)[:6]
