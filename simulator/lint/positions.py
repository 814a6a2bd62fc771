"""Where something stands in a text: lines, columns, and the keys of an object."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from .finding import Place

_WHITE = re.compile("[ \t\n\r]*")
# Values are stepped over, never used:
# an integer of 250,000 digits must cost no more than its length.
_value_at = json.JSONDecoder(object_pairs_hook=tuple, parse_int=str).raw_decode


class Lines:
    """Places in one text, which costs its length once if they are asked for from front to back."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._offset = 0
        self._line = 1
        self._start = 0

    def place(self, offset: int) -> Place:
        """The place of the character at this offset."""
        if offset < self._offset:
            self._offset, self._line, self._start = 0, 1, 0
        ended = self.text.count("\n", self._offset, offset)
        if ended:
            self._line += ended
            self._start = self.text.rindex("\n", self._offset, offset) + 1
        self._offset = offset
        return Place(self._line, offset - self._start + 1)


def keys(text: str, offset: int) -> Iterator[tuple[str, int]]:
    """The keys of the object that begins at the offset, and where each stands.
    The object is well-formed.
    """
    at = _after_white(text, offset + 1)
    while text[at] != "}":
        start = at
        key, at = _value_at(text, at)
        yield key, start
        at = _after_white(text, at) + 1  # the colon
        _, at = _value_at(text, _after_white(text, at))
        at = _after_white(text, at)
        if text[at] == ",":
            at = _after_white(text, at + 1)


def _after_white(text: str, at: int) -> int:
    found = _WHITE.match(text, at)
    assert found is not None  # it matches nothing, too
    return found.end()
