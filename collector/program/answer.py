"""What a receiver's answer means for the events (opentelemetry.io/docs/specs/otlp, "OTLP/HTTP
Response").

A whole answer of 2xx means that the receiver has the events; they are not sent again, whatever else
it says. What else it says is checked field by field, since it tells which events are lost. An
answer that cannot be understood may hide that some are, so it counts as a loss: told, and seen in
the exit code.
"""

import email.utils
import json
import re
import time
from collections import namedtuple

from ..text import printable
from .response import MOST_BODY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, Optional

    from .response import Response

TAKEN = "taken"
LATER = "later"
REFUSED = "refused"
DENIED = "denied"
MOST_TEXT = 300  # characters of a receiver's words in a notice
_RETRYABLE = (429, 502, 503, 504)
_REFUSING = (400, 413)  # something in the request: the rest may pass without it
_INTEGER = re.compile(r"-?\d{1,19}", re.ASCII)
_LONGEST_WAIT = 1e9  # seconds; the exporter has a bound of its own

Answer = namedtuple("Answer", "meaning text pause lost")
Answer.__doc__ = """meaning: TAKEN, LATER (retry it), REFUSED (something in it), DENIED (anything
from us); text for a notice, "" when there is nothing to say; pause, the seconds that the receiver
asks for, or None; lost, whether events that it has taken are, or may be, lost."""


def answer(response: "Response", records: int, now: "Callable[[], float]" = time.time) -> Answer:
    """What the answer to a request with so many records means."""
    status = response.status
    if status < 300:
        return _taken(response, records)
    text = f"HTTP {status}"
    if status in _RETRYABLE:
        return Answer(LATER, text, _pause(response.headers.get("retry-after", ""), now), False)
    return Answer(REFUSED if status in _REFUSING else DENIED, text, None, False)


def _pause(asked: str, now: "Callable[[], float]") -> "Optional[float]":
    """The seconds of Retry-After, which is a number or a date (RFC 9110, section 10.2.3)."""
    if re.fullmatch(r"\d+", asked, re.ASCII):
        return min(float(asked[:20]), _LONGEST_WAIT)
    try:
        moment = email.utils.parsedate_to_datetime(asked).timestamp()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return min(max(moment - now(), 0.0), _LONGEST_WAIT)


def _taken(response: "Response", records: int) -> Answer:
    try:
        rejected, message = _partial_success(response, records)
    except ValueError as error:
        return Answer(TAKEN, f"its answer says what it kept in a way that cannot be read: {error}", None, True)
    said = printable(message)[:MOST_TEXT]
    if rejected:
        return Answer(TAKEN, f"{rejected} records rejected: {said}", None, True)
    return Answer(TAKEN, said, None, False)


def _partial_success(response: "Response", records: int) -> "tuple":
    """(how many were rejected, what is said of it). Raises ValueError for what makes no sense."""
    if response.body is None:
        raise ValueError(f"it is longer than {MOST_BODY} bytes")
    if not response.body.strip():
        return 0, ""
    if response.headers.get("content-encoding", "identity").lower() != "identity":
        raise ValueError("it is encoded, which nobody asked for")
    try:
        told = json.loads(response.body.decode("utf-8"))
    except (ValueError, RecursionError):
        raise ValueError("it is no JSON") from None
    partial = _field(_object(told, "it"), "partialSuccess", "partial_success")
    if partial is None:
        return 0, ""
    partial = _object(partial, "partialSuccess")
    rejected = _integer(_field(partial, "rejectedLogRecords", "rejected_log_records"))
    if not 0 <= rejected <= records:
        raise ValueError(f"rejectedLogRecords is not between 0 and {records}")
    message = _field(partial, "errorMessage", "error_message")
    if message is not None and not isinstance(message, str):
        raise ValueError("errorMessage is no text")
    return rejected, message or ""


def _object(value: "Any", name: str) -> "Dict[str, Any]":
    if not isinstance(value, dict):
        raise ValueError(f"{name} is no object")
    return value


def _field(told: "Dict[str, Any]", name: str, other: str) -> "Any":
    """A field by either of the names that ProtoJSON has for it; null is as good as none."""
    return told.get(name, told.get(other))


def _integer(value: "Any") -> int:
    """An int64 of ProtoJSON: a number or a decimal text."""
    if value is None:
        return 0
    if isinstance(value, str) and _INTEGER.fullmatch(value):
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    raise ValueError("rejectedLogRecords is no whole number")
