"""Choices out of bytes: how an input that knows no format comes to have one.

Bytes choose among fragments that matter. A small change of the input is a small change of what is
made, so that whoever mutates the one explores the other.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")

_KEYS = (
    "EventLevel", "EventPid", "EventTid", "Message", "OperationId", "TaskName", "Timestamp", "Version",
    "message", "MESSAGE", "eventpid", "VERSION", "Tas\u212aName", "Message ", "Other", "",
)  # fmt: skip
_TEXTS = (
    "a", "Informational", "2026-01-05T00:00:00.000Z", " ", "\t\n", "\u2003", "\ufeff", "\x00", "\x1f", "\ud83d",
    "\U0001f600", "\ufffe", "https://h/p?sv=1&sig=x", "?sig=", "%253Fsig%253D", "sig=", "=", "%", "\\u003d", "é" * 50,
    "x" * 40, "<", "&amp;", "",
)  # fmt: skip
_LITERALS = ("1", "-0", "-1", "9" * 30, "true", "false", "null", "1.5", "[]", "{}", '["a"]', "NaN", "-Infinity")
_BETWEEN = ("", "", "", " ", "\n", "\t \r\n")


class Bits:
    """An input, read from its front; behind its end all is zero."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    @property
    def is_over(self) -> bool:
        return self._at >= len(self._data)

    def byte(self) -> int:
        self._at += 1
        return self._data[self._at - 1] if self._at <= len(self._data) else 0

    def one_of(self, choices: Sequence[T]) -> T:
        return choices[self.byte() % len(choices)]

    def rest(self) -> bytes:
        found, self._at = self._data[self._at :], len(self._data)
        return found

    def text(self) -> str:
        """Up to seven fragments."""
        return "".join(self.one_of(_TEXTS) for _ in range(self.byte() % 8))

    def element(self) -> str:
        """JSON of an element that is an event, or nearly one."""
        if self.byte() % 16 == 0:
            return self.one_of(_LITERALS)
        first = self.byte()
        keys = [key for number, key in enumerate(_KEYS[:8]) if number != first]
        keys += [self.one_of(_KEYS) for _ in range(self.byte() % 4)]
        members = [f"{json.dumps(key)}{self.one_of(_BETWEEN)}:{self._value()}" for key in keys]
        return "{" + ",".join(members) + self.one_of(_BETWEEN) + "}"

    def _value(self) -> str:
        return self.one_of(_LITERALS) if self.byte() % 8 == 0 else json.dumps(self.text())

    def file(self) -> bytes:
        """An event file, at times a broken one."""
        elements = [self.element() for _ in range(1 + self.byte() % 3)]
        between = f"{self.one_of(_BETWEEN)},{self.one_of(_BETWEEN)}"
        whole = (elements[0] if self.byte() % 4 == 0 else f"[{between.join(elements)}]").encode()
        cut, kind = self.byte(), self.byte() % 8
        if kind == 1:
            return whole[: cut * len(whole) // 256]
        if kind == 2:
            return whole + self.rest()[:4]
        return whole
