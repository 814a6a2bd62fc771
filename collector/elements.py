"""From the bytes of an event file to its elements, one at a time, in bounded memory and time.

Rules (docs/adr/0003-bounded-json.md):

* The text is decoded once and strictly; what follows is the standard library's own scanner, ``raw_decode``, on a window of the text, so what it
  takes for JSON is what ``json`` takes for JSON.
* An element never sees more than ``max_element`` characters: one that does not end by then is dropped with its file (read.element).
* The caller stops asking when its quota or its limit of rejects is reached; so no file costs more than that many elements (read.bounded-time).
* Numbers stay text: nobody needs them as numbers, and converting long ones takes quadratic time (read.numbers).
"""

import json
import re

from .event import Integer, fields_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Iterator

#: Most elements fit; a larger one is tried again with the whole allowance.
_WINDOW = 65536
#: Longer than any literal or escape that an edge can cut.
_EDGE = 16
_SPACE = re.compile("[ \t\n\r]*")


class Malformed(Exception):
    """The file is not JSON as the contract defines it; it may only be half written yet."""


class OversizeElement(Exception):
    """An element is longer than is read."""


class _Number:
    """A number that is no integer; no field takes one."""


_NUMBER = _Number()
_scan = json.JSONDecoder(
    object_pairs_hook=fields_of,
    parse_int=Integer,
    parse_float=lambda _: _NUMBER,
    parse_constant=lambda _: _NUMBER,
).raw_decode


def elements(data, max_element):
    # type: (bytes, int) -> Iterator[object]
    """Yield each element: a dict of fields, or another value. Raises Malformed or OversizeElement, perhaps after some."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise Malformed("not UTF-8") from None
    at = _skip(text, 0)
    if text.startswith("[", at):
        at = _skip(text, at + 1)
        if text.startswith("]", at):
            end = at + 1
        else:
            while True:
                element, at = _element(text, at, max_element)
                at = _skip(text, at)
                mark = text[at : at + 1]
                if mark not in (",", "]"):
                    raise Malformed("no comma or bracket after an element")
                yield element
                if mark == "]":
                    end = at + 1
                    break
                at = _skip(text, at + 1)
    else:
        element, end = _element(text, at, max_element)
        if _skip(text, end) == len(text):
            yield element
    if _skip(text, end) != len(text):
        raise Malformed("text after the end")


def _skip(text, at):
    # type: (str, int) -> int
    return _SPACE.match(text, at).end()  # type: ignore[union-attr]


def _element(text, at, max_element):
    # type: (str, int, int) -> tuple
    """(element, where it ends). A little of what follows is in the window, or a number cut by its edge would pass for a shorter one."""
    for size in (min(_WINDOW, max_element), max_element):
        window = text[at : at + size + _EDGE]
        try:
            element, end = _scan(window)
        except RecursionError:
            raise Malformed("nested too deep") from None
        except ValueError as error:
            if at + len(window) == len(text) or not _cut_short(error, len(window)):
                raise Malformed("not JSON") from None
            continue
        if end <= size:
            return element, at + end
    raise OversizeElement()


def _cut_short(error, length):
    # type: (ValueError, int) -> bool
    """True if the window's edge may be what the scanner met, so that a larger one could do better."""
    position = getattr(error, "pos", length)
    return position >= length - _EDGE or getattr(error, "msg", "").startswith("Unterminated string")
