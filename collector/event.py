"""Whether one element of an event file is an event, and what its fields are.

The order of work is the contract's (event.reason-order). Types come first, then a missing Message.
Strip, redaction and cut follow, then an empty Message. Then each key in turn is missing, or what
came before it is too much. The whole sum follows, and last the text that XML cannot carry.
Everything here is a function of its arguments: no file, clock or log.
"""

from operator import itemgetter

from .reader import PAIRS, PLAIN
from .redact import holds_none, redact
from .text import encodable, is_encodable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, Optional, Tuple

    Verdict = Tuple[Tuple[str, ...], Optional[str]]

# In the order in which they are looked for and added up.
FIELDS = ("eventlevel", "eventpid", "eventtid", "message", "operationid", "taskname", "timestamp", "version")
MESSAGE = FIELDS.index("message")
# The same as publishers are told to write them.
USUAL = ("EventLevel", "EventPid", "EventTid", "Message", "OperationId", "TaskName", "Timestamp", "Version")
usual_values = itemgetter(*USUAL)
_PIDS = ("eventpid", "eventtid")
_LONGEST = max(len(field) for field in FIELDS)
_KELVIN = "\u212a"  # the only character beyond ASCII whose lower case is ASCII

NOT_AN_OBJECT = "NotAnObjectError"
EMPTY_MESSAGE = "EmptyMessageError: Message should not be empty"


def judge(element: "Any", shown: str, max_message: int, max_event: int) -> "Verdict":
    """The fields of the event, in the order of FIELDS, and None; or nothing and the reason why it
    is dropped.

    `element` and how it is `shown` are as `reader.elements` gives them for `usual_values`; limits
    are in characters (code points).
    """
    if shown == PAIRS:
        return _judge(element, max_message, max_event)
    # Nearly all events end here. What this lets through needs none of the rest of this module,
    # because
    # * it has each key, as it is usually spelt, and no other: none is missing, and there is nothing
    #   to fold;
    # * `str.strip` takes texts only, so no type is wrong; and there is nothing to strip;
    # * Message is neither empty nor cut, and all fields together are within the limit, so each sum
    #   on the way is;
    # * redaction and XML have nothing to do in all fields joined, so they have nothing to do in any
    #   of them; XML has nothing to do in a whole file that is PLAIN.
    try:
        stripped = tuple(map(str.strip, element)) == element
    except TypeError:
        stripped = False
    if stripped and 0 < len(element[MESSAGE]) <= max_message:
        text = "".join(element)
        if len(text) <= max_event and holds_none(text) and (shown == PLAIN or is_encodable(text)):
            return element, None
    return _judge(tuple(zip(USUAL, element)), max_message, max_event)  # noqa: B905 - strict= needs Python 3.10


def _judge(element: "Any", max_message: int, max_event: int) -> "Verdict":
    """The same of any element that is shown as PAIRS, by the order of work."""
    if type(element) is not tuple:
        return (), NOT_AN_OBJECT
    given = fold(element)
    for field in FIELDS:
        if field in given and not _is_text(field, given[field]):
            return (), f"WrongTypeError: {field}"
    if "message" not in given:
        return (), "MissingKeyError: Message not found"
    fields = {field: redact(_text(value).strip()) for field, value in given.items()}
    fields["message"] = fields["message"][:max_message]
    if not fields["message"]:
        return (), EMPTY_MESSAGE
    reason = _missing_or_oversize(fields, max_event)
    if reason:
        return (), reason
    return tuple(encodable(fields[field]) for field in FIELDS), None


def fold(pairs: "Tuple[Tuple[str, Any], ...]") -> "Dict[str, Any]":
    """The used fields of an object: of all spellings of a key the last wins; only ASCII letters
    fold."""
    given = {}
    for key, value in pairs:
        if len(key) <= _LONGEST and _KELVIN not in key:
            field = key.lower()
            if field in FIELDS:
                given[field] = value
    return given


def _is_text(field: str, value: "Any") -> bool:
    """Strings; pids may be integers, which the reader shows as bytes. Neither has a subclass here,
    true is no int."""
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
