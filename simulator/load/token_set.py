"""Which tokens have been seen, in a byte an event.

A load of a day has more tokens than a set could hold. They are numbered densely from the begin of a
range, so a page of marks covers 65,536 of them. Pages that nobody touched are not there.
"""

from __future__ import annotations

from ..core import TOKEN_DIGITS, TOKEN_PREFIX

_PAGE = 16


class Marks:
    """A set of tokens."""

    def __init__(self) -> None:
        self._pages: dict[int, bytearray] = {}
        self.count = 0

    def has(self, token: str) -> bool:
        number = _number(token)
        page = self._pages.get(number >> _PAGE)
        return page is not None and bool(page[number & ((1 << _PAGE) - 1)])

    def set(self, token: str) -> bool:
        """Mark it; whether it was marked already."""
        number = _number(token)
        page = self._pages.setdefault(number >> _PAGE, bytearray(1 << _PAGE))
        place = number & ((1 << _PAGE) - 1)
        if page[place]:
            return True
        page[place] = 1
        self.count += 1
        return False


def _number(token: str) -> int:
    """ValueError for what is no token."""
    digits = token.removeprefix(TOKEN_PREFIX)
    if len(digits) != TOKEN_DIGITS or len(token) == len(digits):
        raise ValueError(f"no token: {token!r}")
    return int(digits, 16)
