"""The form of real event files with the values masked: what is left when only structure counts.

A masked event keeps every byte outside the values (braces, blanks, separators, key order) and of a
value only its shape: runs of digits, identifiers, log lines. Files of the field and generated ones
are compared in this form.
"""

from __future__ import annotations

import re

_STRING = re.compile(r'"(?P<key>[A-Za-z]+)": "(?P<value>(?:[^"\\]|\\.)*)"')
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_MOMENT = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{6})?"
_LINE = rf"{_MOMENT}\\t\[[A-Z][a-z]+\]:\\t(?:(?!\\n).|\\n(?!\d{{4}}-))*? \\n"
_MESSAGES = (
    (re.compile(rf"(?:{_LINE})+"), "LINES"),
    (re.compile(rf"{_MOMENT}Z \[1/\d\] {_MOMENT}\\t\[Error\]:\\t.*"), "SPLIT FIRST"),
    (re.compile(rf"{_MOMENT}Z \[\d/\d\] .* \\n"), "SPLIT LAST"),
    (re.compile(rf"{_MOMENT}Z \[\d/\d\] .*"), "SPLIT NEXT"),
    (re.compile(r".*\. \[\d+ chars dropped\] \[TC=\d+\]"), "TEXT. [9 chars dropped] [TC=9]"),
    (re.compile(r".* \[TC=\d+\]"), "TEXT [TC=9]"),
)


def _digits(value: str) -> str:
    return re.sub(r"\d", "9", value)


def _value(key: str, value: str) -> str:
    if key == "Message":
        return next((name for pattern, name in _MESSAGES if pattern.fullmatch(value)), f"NO KNOWN FORM: {value:.80}")
    if key == "TaskName":
        return re.sub(r"^Core\.[A-Za-z]+", "Core.PHASE", re.sub(r"\d+", "9", value))
    if key == "Version":
        return "VERSION" if re.fullmatch(r"\[%exec_ver%\]|\d+\.\d+\.\d+", value) else re.sub(r"\d+", "9", value)
    if key == "EventLevel":
        return value if value == "Info" else "LEVEL"
    if key == "OperationId":
        return _digits(_UUID.sub("UUID", value)).replace(".999999", "[.999999]")
    if key == "EventPid":
        return re.sub(r"\d+", "9", value)
    return _digits(value).replace(".999999", "[.999999]")  # no fraction where it is 0


def masked(data: bytes) -> list[str]:
    """The frame of the document (events as E), then each event's masked form."""
    text = data.decode("ascii")
    events: list[str] = []

    def event(found: re.Match[str]) -> str:
        events.append(_STRING.sub(lambda pair: f'"{pair["key"]}": "{_value(pair["key"], pair["value"])}"', found[0]))
        return "E"

    frame = re.sub(r'\{"Version".*?"OperationId": "[^"]*"\}', event, text, flags=re.DOTALL)
    return [re.sub(r"E(, E)+", "E, E", frame), *events]
