"""From an accepted event to what the sender is handed: the mapping of the contract (event.mapping).

Attribute and parameter names are spelt as on the wire, because an agent's own sender reads them.
"""

from collections import namedtuple

from .event import encodable

EVENT_ID = 7
PROVIDER_ID = "FFF0196F-EE4C-4EAF-9AA5-776F622DEB4F"

#: The parameters that every event of an agent has, in order. RAM, Processors and ImageOrigin are integers.
COMMON = (
    "GAVersion", "ContainerId", "OpcodeName", "EventTid", "EventPid", "TaskName", "OSVersion", "ExecutionMode", "RAM", "Processors",
    "KeywordName", "TenantName", "RoleName", "RoleInstanceName", "Location", "SubscriptionId", "ResourceGroupName", "VMId",
    "ImageOrigin",
)  # fmt: skip
_INTEGERS = frozenset(("RAM", "Processors", "ImageOrigin"))

_FIRST_YEAR_NS = -62135596800 * 10**9
_LAST_YEAR_NS = 253402300799 * 10**9 + 999999999

Parameter = namedtuple("Parameter", ("name", "value"))

#: Where an event came from; it never goes on the wire (deliver.at-least-once).
Key = namedtuple("Key", ("handler", "file", "index"))


class TelemetryEvent:
    """What ``enqueue_event`` takes."""

    __slots__ = ("eventId", "file_type", "key", "parameters", "providerId")

    def __init__(self, event_id, provider_id, parameters, key, file_type="json"):
        # type: (object, object, list, Key, str) -> None
        self.eventId = event_id
        self.providerId = provider_id
        self.parameters = parameters
        self.key = key
        self.file_type = file_type


def no_common_parameters():
    # type: () -> dict
    """What is sent for the agent that embeds the collector where it says nothing."""
    return {}


def common_values(given):
    # type: (object) -> dict
    """The 19 common parameters by name, empty or 0 where the agent gave none. ``given``: a mapping or pairs."""
    values = dict(given)  # type: ignore[call-overload]
    return {name: values.get(name, 0 if name in _INTEGERS else "") for name in COMMON}


def utc(nanoseconds):
    # type: (int) -> str
    """``YYYY-MM-DDTHH:MM:SS.ffffffZ``; outside years 1 to 9999 the nearest that can be told (event.time-utc)."""
    seconds, rest = divmod(min(max(nanoseconds, _FIRST_YEAR_NS), _LAST_YEAR_NS), 10**9)
    days, seconds = divmod(seconds, 86400)
    year, month, day = _civil(days)
    return "%04d-%02d-%02dT%02d:%02d:%02d.%06dZ" % (
        year, month, day, seconds // 3600, seconds // 60 % 60, seconds % 60, rest // 1000,
    )  # fmt: skip


def _civil(days):
    # type: (int) -> tuple
    """Year, month and day of a day counted from 1970-01-01: eras of 400 years that begin in March, so that leap days come last."""
    era, day = divmod(days + 719468, 146097)
    year = (day - day // 1460 + day // 36524 - day // 146096) // 365
    day -= 365 * year + year // 4 - year // 100
    month = (5 * day + 2) // 153
    day -= (153 * month + 2) // 5
    month = month + 3 if month < 10 else month - 9
    return era * 400 + year + (month <= 2), month, day + 1


def extension_event(handler, event, mtime_ns, common, key):
    # type: (str, object, int, dict, Key) -> TelemetryEvent
    """The telemetry event of one accepted ``event.Event``; ``common`` as from ``common_values``."""
    own = {
        "OpcodeName": utc(mtime_ns),
        "EventTid": event.eventtid,  # type: ignore[attr-defined]
        "EventPid": event.eventpid,  # type: ignore[attr-defined]
        "TaskName": event.taskname,  # type: ignore[attr-defined]
    }
    parameters = [Parameter(name, own.get(name, common[name])) for name in COMMON]
    parameters.append(Parameter("EventName", encodable(handler) + "-" + event.version))  # type: ignore[attr-defined]
    parameters.append(Parameter("CapabilityUsed", event.eventlevel))  # type: ignore[attr-defined]
    parameters.append(Parameter("Context1", event.message))  # type: ignore[attr-defined]
    parameters.append(Parameter("Context2", event.timestamp))  # type: ignore[attr-defined]
    parameters.append(Parameter("Context3", event.operationid))  # type: ignore[attr-defined]
    return TelemetryEvent(EVENT_ID, PROVIDER_ID, parameters, key)
