"""What becomes of an element, by the contract's clauses `event.*` one after the other.

It was written from docs/contract.md and shares nothing with the collector but redaction, which has
a target of its own. It is slow and plain on purpose.
"""

from __future__ import annotations

from typing import Any

from etp_kit.collector.redact import redact

from .second_reader import Pairs

FIELDS = ("EventLevel", "EventPid", "EventTid", "Message", "OperationId", "TaskName", "Timestamp", "Version")
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def judged(element: Any, max_message: int, max_event: int) -> tuple[str, ...] | str:
    """The eight fields in the order of their names, or the reason why there are none."""
    if not isinstance(element, Pairs):
        return "NotAnObjectError"
    given: dict[str, Any] = {}
    for key, value in element.pairs:
        for field in FIELDS:
            if key.isascii() and key.lower() == field.lower():
                given[field] = value
    for field in FIELDS:
        if field in given and not _is_right(field, given[field]):
            return f"WrongTypeError: {field.lower()}"
    if "Message" not in given:
        return "MissingKeyError: Message not found"
    texts = {field: redact(_written(value).strip()) for field, value in given.items()}
    texts["Message"] = texts["Message"][:max_message]
    if texts["Message"] == "":
        return "EmptyMessageError"
    for number, field in enumerate(FIELDS):
        if field not in texts:
            return f"MissingKeyError: {field.lower()} not found"
        if sum(len(texts[before]) for before in FIELDS[:number]) > max_event:
            return "OversizeEventError"
    if sum(map(len, texts.values())) > max_event:
        return "OversizeEventError"
    return tuple("".join(map(_carried, texts[field])) for field in FIELDS)


def _is_right(field: str, value: Any) -> bool:
    return isinstance(value, str) or (isinstance(value, bytes) and field in ("EventPid", "EventTid"))


def _written(value: str | bytes) -> str:
    if isinstance(value, str):
        return value
    return value.decode() if value != b"-0" else "0"


def _carried(character: str) -> str:
    """By XML 1.0's production of Char."""
    code = ord(character)
    if code in (0x9, 0xA, 0xD) or 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or code >= 0x10000:
        return character
    return _REPLACEMENT
