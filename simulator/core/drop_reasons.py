"""Why an event or a file is dropped:
the texts that reports count, and operators search for (contract, family report).
"""

from __future__ import annotations

#: The eight keys as they are documented.
KEYS = ("Version", "Timestamp", "TaskName", "EventLevel", "Message", "EventPid", "EventTid", "OperationId")

#: Kinds of reasons: what stands before the colon.
MISSING_KEY, WRONG_KIND, EMPTY, OVERSIZE_EVENT = "MissingKeyError", "WrongTypeError", "EmptyMessageError", "OversizeEventError"
MISSING = {key: f"{MISSING_KEY}: {key if key == 'Message' else key.lower()} not found" for key in KEYS}
WRONG_TYPE = {key: f"{WRONG_KIND}: {key.lower()}" for key in KEYS}
EMPTY_MESSAGE = f"{EMPTY}: Message should not be empty"
NOT_AN_OBJECT = "NotAnObjectError"

#: Reasons of whole files.
#: A file that falls as a whole has at least one label, and all of them give the same reason.
MALFORMED = "MalformedFileError"
IRREGULAR = "IrregularFileError"
OVERSIZE_FILE = "OversizeFileError"
OVERSIZE_ELEMENT = "OversizeElementError"
