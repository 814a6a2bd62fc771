"""One event: from a parsed element to accepted fields, or the reason why it is dropped.

Pure: no file, clock or sender. The order of work is the contract's (event.reason-order), because the reason that is counted is the first
that applies: types, Message missing, strip and redact and cut, Message empty, then key by key, missing or beyond the size.
"""

import re
from collections import namedtuple

from .redact import redact

#: The fields in the order in which they are judged; keys compare without regard to the case of ASCII letters.
KEYS = ("eventlevel", "eventpid", "eventtid", "message", "operationid", "taskname", "timestamp", "version")
_PIDS = ("eventpid", "eventtid")
_FOLD = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
_KNOWN = frozenset(KEYS)
_LONGEST_KEY = max(len(key) for key in KEYS)

#: What XML 1.0 cannot carry (event.text); a sender would lose the whole event over it.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

NOT_AN_OBJECT = "NotAnObjectError"
EMPTY_MESSAGE = "EmptyMessageError: Message should not be empty"

#: An accepted event's eight texts, ready for mapping.
Event = namedtuple("Event", KEYS)  # type: ignore[misc]


class Integer(str):
    """An integer as it stood in the file: never converted, because that takes quadratic time (read.numbers)."""

    __slots__ = ()


class Rejected(Exception):
    """The element is dropped; the text is the reason that is counted."""


def fold(key):
    # type: (str) -> str
    """The key as it compares, or "" for one that no field can have (event.keys, event.keys-all: only ASCII letters fold)."""
    if len(key) > _LONGEST_KEY:
        return ""
    folded = key.translate(_FOLD)
    return folded if folded in _KNOWN else ""


def fields_of(pairs):
    # type: (list) -> dict
    """The fields among the pairs of an object; of several spellings the last wins."""
    found = {}
    for key, value in pairs:
        folded = fold(key)
        if folded:
            found[folded] = value
    return found


def judge(element, max_message, max_event):
    # type: (object, int, int) -> Event
    """The accepted event. ``element``: a dict from ``fields_of``, or anything else that JSON can be. Raises Rejected."""
    if not isinstance(element, dict):
        raise Rejected(NOT_AN_OBJECT)
    texts = {key: _text(key, element[key]) for key in KEYS if key in element}
    if "message" not in texts:
        raise Rejected("MissingKeyError: Message not found")
    for key, text in texts.items():
        texts[key] = redact(text.strip())
    texts["message"] = texts["message"][:max_message]
    if not texts["message"].strip():
        raise Rejected(EMPTY_MESSAGE)
    _check_size(texts, max_event)
    return Event(*(encodable(texts[key]) for key in KEYS))


def encodable(text):
    # type: (str) -> str
    """The text with U+FFFD for everything that XML cannot carry (event.text, discover.name-bytes)."""
    return _NOT_XML.sub("\ufffd", text)


def _text(key, value):
    # type: (str, object) -> str
    if isinstance(value, Integer):
        if key in _PIDS:
            return "0" if value == "-0" else str(value)
    elif isinstance(value, str):
        return value
    raise Rejected("WrongTypeError: " + key)


def _check_size(texts, max_event):
    # type: (dict, int) -> None
    too_large = "OversizeEventError: max event size allowed: %d" % max_event
    total = 0
    for key in KEYS:
        if key not in texts:
            raise Rejected("MissingKeyError: %s not found" % key)
        if total > max_event:
            raise Rejected(too_large)
        total += len(texts[key])
    if total > max_event:
        raise Rejected(too_large)
