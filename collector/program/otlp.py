"""An event as a log record of OpenTelemetry, in the JSON of OTLP (opentelemetry.io/docs/specs/otlp,
"JSON Protobuf Encoding": 64-bit integers are decimal text, keys are lowerCamelCase).

Attributes carry the parameters under the wire's names, and those of the program under `etp.`. The
program's come first, and the first of a name wins. So no event can pass itself off as another's.
"""

from ..text import encodable
from .moment import unix_ns
from .plain import dumps
from .severity import severity_number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, List, Tuple

    from ..telemetry import TelemetryEvent

PATH = "/v1/logs"
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
        told["severityNumber"] = severity_number(level)
    for name in _BODY:
        if name in attributes:
            told["body"] = _any_value(attributes[name])
            break
    told["attributes"] = [{"key": name, "value": _any_value(value)} for name, value in attributes.items()]
    return dumps(told).encode("ascii")


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
