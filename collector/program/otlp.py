"""An event as a log record of OpenTelemetry, in the JSON of OTLP (opentelemetry.io/docs/specs/otlp, "JSON Protobuf
Encoding": 64-bit integers are decimal text, keys are lowerCamelCase).

Attributes carry the parameters under the wire's names, and those of the program under `etp.`; the program's come first,
and the first of a name wins, so that no event can pass itself off as another's.
"""

import calendar
import re

from ..text import encodable
from .plain import dumps

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, List, Optional, Tuple

    from ..telemetry import TelemetryEvent

PATH = "/v1/logs"
_TIMESTAMP = re.compile(r"(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?\d*Z", re.ASCII)
_SEVERITIES = {
    "critical": 21,
    "error": 17,
    "warning": 13,
    "warn": 13,
    "informational": 9,
    "info": 9,
    "logalways": 9,
    "verbose": 5,
}  # opentelemetry.io/docs/specs/otel/logs/data-model, SeverityNumber
_BODY = ("Context1", "Message")  # of an extension's and of an agent's event
_OPENING = (
    b'{"resourceLogs":[{"resource":{"attributes":[{"key":"service.name","value":'
    b'{"stringValue":"extension-telemetry"}}]},"scopeLogs":[{"scope":{"name":"etp-kit/collector"},"logRecords":['
)
_CLOSING = b"]}]}]}"
_INT64 = 1 << 63


def request(records: "List[bytes]") -> bytes:
    """The body of one ExportLogsServiceRequest."""
    return _OPENING + b",".join(records) + _CLOSING


def record(event: "TelemetryEvent", observed_ns: int) -> bytes:
    """One log record; `observed_ns` is the Unix time at which the event was taken."""
    handler, file, index = event.key
    attributes = {}  # type: Dict[str, Any]
    given = [
        ("etp.handler", handler),
        ("etp.file", file),
        ("etp.index", index),
        ("etp.event_id", event.eventId),
        ("etp.provider_id", event.providerId),
    ]  # type: List[Tuple[str, Any]]
    for name, value in given + [(param.name, param.value) for param in event.parameters]:
        attributes.setdefault(encodable(name), value)
    told = {"observedTimeUnixNano": str(observed_ns)}  # type: Dict[str, Any]
    moment = unix_ns(attributes.get("Context2"))
    if moment is not None:
        told["timeUnixNano"] = str(moment)
    level = attributes.get("CapabilityUsed")
    if isinstance(level, str):
        told["severityText"] = level
        told["severityNumber"] = _SEVERITIES.get(level.lower(), 0)
    for name in _BODY:
        if name in attributes:
            told["body"] = _any_value(attributes[name])
            break
    told["attributes"] = [{"key": name, "value": _any_value(value)} for name, value in attributes.items()]
    return dumps(told).encode("ascii")


def unix_ns(timestamp: "Any") -> "Optional[int]":
    """The Unix time in ns of a UTC timestamp of RFC 3339; None for anything else, and before 1970."""
    found = _TIMESTAMP.fullmatch(timestamp) if isinstance(timestamp, str) else None
    if found is None:
        return None
    year, month, day, hour, minute, second = map(int, found.groups()[:6])
    if not (year >= 1970 and 1 <= month <= 12 and 1 <= day <= 31 and hour < 24 and minute < 60 and second <= 60):
        return None
    fraction = (found.group(7) or "").ljust(9, "0")
    return calendar.timegm((year, month, day, hour, minute, second)) * 10**9 + int(fraction)


def _any_value(value: "Any") -> "Dict[str, Any]":
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, int) and -_INT64 <= value < _INT64:
        return {"intValue": str(value)}
    if isinstance(value, float) and value - value == 0:  # finite
        return {"doubleValue": value}
    if isinstance(value, str):
        return {"stringValue": value}
    return {"stringValue": dumps(value)}
