"""The telemetry event as the embedding agent's sender knows it: names, ids and order are the wire's (CONTRACT.md 1)."""

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

# The common parameters in their order, each with what stands for it when the embedding agent gives none.
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

_EARLIEST = -62135596800 * 10**6  # 0001-01-01 and the last microsecond of 9999, in microseconds of the epoch
_LATEST = 253402300800 * 10**6 - 1


class TelemetryEvent:
    """One event. `parameters` is a list of Param; `key` is (handler, file name, index) and never goes on the wire."""

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
    """The 19 common parameters in their order, from a mapping or from pairs; unknown names are left out."""
    values = dict(given)
    return {name: values.get(name, default) for name, default in COMMON}


def extension_event(
    key: "Tuple[str, str, int]", fields: "Dict[str, str]", modified_ns: int, common: "Dict[str, Any]"
) -> TelemetryEvent:
    """The event that is handed over for the accepted `fields` of an event file modified at `modified_ns`."""
    values = dict(
        common,
        OpcodeName=utc(modified_ns),
        EventTid=fields["eventtid"],
        EventPid=fields["eventpid"],
        TaskName=fields["taskname"],
        EventName=encodable(key[0]) + "-" + fields["version"],
        CapabilityUsed=fields["eventlevel"],
        Context1=fields["message"],
        Context2=fields["timestamp"],
        Context3=fields["operationid"],
    )
    return TelemetryEvent(LOG_EVENT_ID, LOG_PROVIDER_ID, "json", parameters(values), key)


def parameters(values: "Dict[str, Any]") -> "List[Param]":
    return [Param(name, value) for name, value in values.items()]


def utc(moment_ns: int) -> str:
    """YYYY-MM-DDTHH:MM:SS.ffffffZ in any time zone, clamped to the years 1 to 9999 (event.time-utc)."""
    seconds, micros = divmod(min(max(moment_ns // 1000, _EARLIEST), _LATEST), 10**6)
    date = time.gmtime(seconds)
    return "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}Z".format(*date[:6], micros)
