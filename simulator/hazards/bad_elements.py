"""Elements that are due to be dropped, by name: each breaks the rules for events in one way."""

from __future__ import annotations

from collections.abc import Mapping

from ..core import EMPTY_MESSAGE, FORGED_LINE, KEYS, MISSING, WRONG_TYPE
from ..writers import COMPACT, NOTHING, Bare
from .characters import GONE
from .makers import (
    Maker,
    at_limit,
    fixed,
    last_spelling_wrong,
    long_field_missing,
    other,
    oversize_element,
    say,
    whole_event,
    wrong,
    wrong_key,
    wrong_size,
)

#: Values of each type that a field may not have, and how other languages' writers come to them.
TYPES: Mapping[str, str] = {
    "null": "null",
    "true": "true",
    "false": "false",
    "zero": "0",
    "integer": "7",
    "fraction": "1.5",
    "exponent": "1e3",
    "infinity": "Infinity",
    "list": '["text"]',
    "empty-list": "[]",
    "object": '{"value":"text"}',
    "empty-object": "{}",
}
_INTEGERS = {"zero", "integer"}  # which pids may be
WRONG: Mapping[str, Maker] = {
    f"{key.lower()}-as-{name}": wrong(WRONG_TYPE[key], **{key: Bare(literal)})
    for key in KEYS
    for name, literal in TYPES.items()
    if name not in _INTEGERS or key not in {"EventPid", "EventTid"}
}

#: What an event that is dropped may hold, and no log record may show raw: characters that act, and
#: lines that would be taken for the log's own (``FORGED_LINE`` at the beginning of a line).
FORGERY = f"\x1b[2J\x07\r\n{FORGED_LINE} ERROR forged\x9b31m\x00"
_FORGED = COMPACT.text(FORGERY)
FORGING: Mapping[str, Maker] = {
    "forged-missing": wrong(
        MISSING["Version"], Version=None, TaskName=_FORGED, EventLevel=_FORGED, OperationId=_FORGED
    ),
    "forged-empty-message": wrong(EMPTY_MESSAGE, Message=NOTHING, TaskName=_FORGED, Version=_FORGED),
    "forged-wrong-type": wrong(WRONG_TYPE["TaskName"], TaskName=Bare(f"[{_FORGED.literal}]")),
    "forged-wrong-object": wrong(WRONG_TYPE["Message"], Message=Bare(f"{{{_FORGED.literal}:{_FORGED.literal}}}")),
    "forged-oversize": wrong_size(_FORGED),
    "forged-key": wrong_key("TaskName", f"TaskName{FORGERY}"),
    "forged-text": other(_FORGED.literal),
    "forged-list": other(f"[{_FORGED.literal}]"),
}

#: Events that are due to be dropped, each for one reason.
BAD: Mapping[str, Maker] = {
    **{f"missing-{key.lower()}": wrong(MISSING[key], **{key: None}) for key in KEYS},
    "missing-all": fixed("", "{}", MISSING["Message"]),
    "missing-message-and-level": wrong(MISSING["Message"], Message=None, EventLevel=None),
    "missing-level-and-version": wrong(MISSING["EventLevel"], Version=None, EventLevel=None),
    "missing-tid-and-timestamp": wrong(MISSING["EventTid"], Timestamp=None, EventTid=None),
    "key-padded": wrong_key("TaskName", " TaskName "),
    "key-kelvin": wrong_key("TaskName", "Tas\u212aName"),
    "key-long-s": wrong_key("Version", "Ver\u017fion"),
    "key-dotted-i": wrong_key("OperationId", "Operat\u0130onId"),
    "key-full-width": wrong_key("Message", "\uff2dessage"),
    "key-percent": wrong_key("TaskName", "Task%4eame"),
    "key-entity": wrong_key("TaskName", "Task&#78;ame"),
    "key-escaped-twice": wrong_key("TaskName", "Task\\u004eame"),
    "key-byte-order-mark": wrong_key("TaskName", "\ufeffTaskName"),
    "key-zero-width": wrong_key("TaskName", "Task\u200bName"),
    "key-nul": wrong_key("TaskName", "TaskName\x00"),
    "key-underscore": wrong_key("TaskName", "Task_Name"),
    "key-dotted": wrong_key("TaskName", "Event.TaskName"),
    "message-empty": wrong(EMPTY_MESSAGE, Message=NOTHING),
    "message-blank": wrong(EMPTY_MESSAGE, Message=say(" \t\r\n")),
    "message-blank-unicode": wrong(EMPTY_MESSAGE, Message=GONE),
    "message-empty-and-missing-key": wrong(EMPTY_MESSAGE, Message=NOTHING, EventLevel=None),
    "message-null": wrong(WRONG_TYPE["Message"], Message=Bare("null")),
    "message-object": wrong(WRONG_TYPE["Message"], Message=Bare('{"text": "no"}')),
    "message-list": wrong(WRONG_TYPE["Message"], Message=Bare('["no"]')),
    "message-number": wrong(WRONG_TYPE["Message"], Message=Bare("5")),
    "version-number": wrong(WRONG_TYPE["Version"], Version=Bare("1.0")),
    "version-nan": wrong(WRONG_TYPE["Version"], Version=Bare("NaN")),
    "timestamp-number": wrong(WRONG_TYPE["Timestamp"], Timestamp=Bare("1795462516")),
    "task-null": wrong(WRONG_TYPE["TaskName"], TaskName=Bare("null")),
    "level-integer": wrong(WRONG_TYPE["EventLevel"], EventLevel=Bare("4")),
    "operation-false": wrong(WRONG_TYPE["OperationId"], OperationId=Bare("false")),
    "pid-true": wrong(WRONG_TYPE["EventPid"], EventPid=Bare("true")),
    "tid-false": wrong(WRONG_TYPE["EventTid"], EventTid=Bare("false")),
    "pid-float": wrong(WRONG_TYPE["EventPid"], EventPid=Bare("12.0")),
    "tid-exponent": wrong(WRONG_TYPE["EventTid"], EventTid=Bare("1e3")),
    "pid-null": wrong(WRONG_TYPE["EventPid"], EventPid=Bare("null")),
    "tid-infinity": wrong(WRONG_TYPE["EventTid"], EventTid=Bare("-Infinity")),
    "type-before-missing": wrong(WRONG_TYPE["EventTid"], EventTid=Bare("[]"), EventLevel=None),
    "last-spelling-wrong": last_spelling_wrong,
    "event-over": whole_event(1),
    "event-over-integer-pids": at_limit({"EventPid": Bare("7" * 90, "7" * 90)}, 1),
    "event-over-by-version": whole_event(1, version="1.0.0"),
    "event-far-over": whole_event(100_000),
    "level-over-task-missing": long_field_missing("EventLevel", "TaskName", first_applies="oversize"),
    "operation-over-version-missing": long_field_missing("OperationId", "Version", first_applies="oversize"),
    "operation-over-level-missing": long_field_missing("OperationId", "EventLevel", first_applies="missing"),
    "timestamp-over-version-missing": long_field_missing("Timestamp", "Version", first_applies="missing"),
    "element-number": other("42"),
    "element-string": other('"Message"'),
    "element-null": other("null"),
    "element-true": other("true"),
    "element-list": other('[["Message", "no"]]'),
    "element-nan": other("NaN"),
    **WRONG,
    **FORGING,
}

#: Elements so large that they may take their file with them; they stand alone.
ALONE: Mapping[str, Maker] = {"element-oversize": oversize_element}
