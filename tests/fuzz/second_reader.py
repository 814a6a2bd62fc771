"""The elements of a JSON text, read at once and without any bound: what the reader is held against.
"""

from __future__ import annotations

import json
from typing import Any, NamedTuple

#: Deeper texts end the recursion of one parser before that of another.
MOST_DEPTH = 200


class Pairs(NamedTuple):
    """An object, with each key as often as it was written."""

    pairs: tuple[tuple[str, Any], ...]


class Found(NamedTuple):
    """``longest``: characters of the longest element."""

    elements: list[Any]
    longest: int


def _pairs(pairs: list[tuple[str, Any]]) -> Pairs:
    return Pairs(tuple(pairs))


#: Keeps each key of an object as often as it was written, and the digits of an integer.
decoder = json.JSONDecoder(object_pairs_hook=_pairs, parse_int=str.encode)


def is_deep(text: str) -> bool:
    """Whether brackets may be nested beyond what all parsers bear."""
    return text.count("[") + text.count("{") > MOST_DEPTH


def elements(raw: bytes) -> Found | None:
    """None where the text is no JSON in UTF-8."""
    try:
        text = raw.decode("utf-8")
        value = decoder.decode(text)
    except ValueError:
        return None
    if not isinstance(value, list):
        return Found([value], len(text.strip(" \t\n\r")))
    longest, at = 0, text.index("[") + 1
    for _ in value:
        while text[at] in " \t\n\r,":
            at += 1
        _, end = decoder.raw_decode(text, at)
        longest, at = max(longest, end - at), end
    return Found(value, longest)


def plain(value: Any) -> Any:
    """A value of either reader in one form: of a key that comes twice the last counts."""
    if isinstance(value, Pairs):
        value = dict(value.pairs)
    elif type(value) is tuple:
        value = dict(value)
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [plain(one) for one in value]
    return value if isinstance(value, str | bytes) else repr(value)
