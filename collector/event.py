"""Whether one element of an event file is an event, and what its fields are.

The order of work is the contract's (event.reason-order): types, a missing Message, strip and redaction and cut, an
empty Message, then key by key either missing or too much before it, the whole sum, and last the text that XML cannot
carry. Everything here is a function of its arguments: no file, clock or log.
"""

from .redact import redact
from .text import encodable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, Optional, Tuple

# In the order in which they are looked for and added up.
FIELDS = ("eventlevel", "eventpid", "eventtid", "message", "operationid", "taskname", "timestamp", "version")
_PIDS = ("eventpid", "eventtid")
_LONGEST = max(len(field) for field in FIELDS)
_KELVIN = "\u212a"  # the only character beyond ASCII whose lower case is ASCII

NOT_AN_OBJECT = "NotAnObjectError"
EMPTY_MESSAGE = "EmptyMessageError: Message should not be empty"


def judge(element: "Any", max_message: int, max_event: int) -> "Tuple[Dict[str, str], Optional[str]]":
    """The fields of the event, by their names in lower case, and None; or nothing and the reason why it is dropped.

    `element` is as `reader.elements` gives it; limits are in characters (code points).
    """
    if type(element) is not tuple:
        return {}, NOT_AN_OBJECT
    given = fold(element)
    for field in FIELDS:
        if field in given and not _is_text(field, given[field]):
            return {}, f"WrongTypeError: {field}"
    if "message" not in given:
        return {}, "MissingKeyError: Message not found"
    fields = {field: redact(_text(value).strip()) for field, value in given.items()}
    fields["message"] = fields["message"][:max_message]
    if not fields["message"]:
        return {}, EMPTY_MESSAGE
    reason = _missing_or_oversize(fields, max_event)
    if reason:
        return {}, reason
    return {field: encodable(text) for field, text in fields.items()}, None


def fold(pairs: "Tuple[Tuple[str, Any], ...]") -> "Dict[str, Any]":
    """The used fields of an object: of all spellings of a key the last wins; only ASCII letters fold."""
    given = {}
    for key, value in pairs:
        if len(key) <= _LONGEST and _KELVIN not in key:
            field = key.lower()
            if field in FIELDS:
                given[field] = value
    return given


def _is_text(field: str, value: "Any") -> bool:
    """Strings; pids may be integers, which the reader shows as bytes. Neither has a subclass here, true is no int."""
    return type(value) is str or (type(value) is bytes and field in _PIDS)


def _text(value: "Any") -> str:
    if type(value) is bytes:
        return "0" if value == b"-0" else value.decode("ascii")
    return str(value)


def _missing_or_oversize(fields: "Dict[str, str]", max_event: int) -> "Optional[str]":
    oversize = f"OversizeEventError: max event size allowed: {max_event}"
    size = 0
    for field in FIELDS:
        if field not in fields:
            return f"MissingKeyError: {field} not found"
        if size > max_event:
            return oversize
        size += len(fields[field])
    return oversize if size > max_event else None
