"""From bytes to JSON elements, in bounded memory and time (docs/adr/0003-bounded-json.md).

Never more than one element and one window is in memory, and an element is never longer than its
limit. What a file costs is then a matter of its size alone, whatever it holds (read.bounded-memory,
read.bounded-time). The parser is the standard library's. Its answer is trusted only when it cannot
be an effect of where the window ends.

Elements are shown as JSON types map to Python's, with two exceptions that save time and keep what
matters:

* An object is a tuple of (key, value) pairs in the order of the document: of two spellings of a key
  the later wins (event.keys-all). A list is a list, so the two never look alike. In a file that is
  shown as VALUES or PLAIN, an element is the values of the usual keys alone.
* An integer is its digits, as bytes: making a number of 250,000 digits takes quadratic time, or
  raises (read.numbers).
"""

import codecs
import gc
import json
import re

from .errors import BadText, Malformed, OversizeElement

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, Iterable, Iterator, List, Optional, Tuple

    Usual = Callable[[Dict[str, Any]], Tuple[Any, ...]]

# How the elements of a file are shown: objects as pairs; all elements as the values of the usual
# keys, as they have no other; the same, and XML can carry all that is in the file.
PAIRS, VALUES, PLAIN = "pairs", "values", "plain"

WINDOW = 65536  # bytes a read of a file that is not parsed as a whole
# The longest token that may be cut by the end of the window and still look like an error, or like
# another number, is -Infinity; a surrogate pair of escapes needs 12 characters.
_MARGIN = 16

_WHITE = re.compile("[ \t\n\r]*")
_digits = str.encode  # what becomes of an integer
_raw_decode = json.JSONDecoder(object_pairs_hook=tuple, parse_int=_digits).raw_decode
_decode_as_dicts = json.JSONDecoder(parse_int=_digits).raw_decode


def elements(
    read: "Callable[[int], bytes]", size: int, max_element: int, usual: "Usual", window: int = WINDOW
) -> "Tuple[str, Iterable[Any]]":
    """How the elements of a file of `size` bytes are shown, and they: those of its list, or its
    only value. `read(n)` gives up to n bytes, none at the end. `usual` gives the values of the
    usual keys of a dict; raises KeyError.

    Iteration raises Malformed or OversizeElement when it comes to the damage: the elements before
    it count only once it has ended.
    """
    begun = b""
    if size <= max_element:
        begun = read(size)
        found = whole(begun, usual) if len(begun) >= size else None
        if found is not None:
            return found
    return PAIRS, elements_of(Text(read, max_element, window, begun))


def whole(raw: bytes, usual: "Usual") -> "Optional[Tuple[str, List[Tuple[Any, ...]]]]":
    """All elements of a file at once, as VALUES or PLAIN; None where it takes a closer look.

    One by one would give the same, because

    * the file is no longer than one element may be: it costs no more than that would, and no
      element is too long;
    * all of it is here, so the parser's answer is no effect of where a window ends, and it is JSON
      to its end;
    * each object has just the usual keys, so none has two that differ by case, and of two that are
      alike the last wins.

    It is PLAIN because the parser refuses controls that are not escaped, and here nothing is
    escaped, or beyond ASCII.
    """
    try:
        text = raw.decode("utf-8")
        value, end = _decode_as_dicts(text, 0)
    except (ValueError, RecursionError):
        return None
    if end < len(text) and text[end:].strip(" \t\n\r"):
        return None
    found = []
    try:
        for element in value if type(value) is list else (value,):
            values = usual(element)
            if len(values) != len(element):
                return None
            found.append(values)
    except (KeyError, TypeError):  # another object, or none
        return None
    return (PLAIN if len(text) == len(raw) and "\\" not in text else VALUES), found


def elements_of(text: "Text") -> "Iterator[Any]":
    """The same of a text, which tells meanwhile where it stands."""
    if text.peek() == "[":
        text.skip()
        if text.peek() != "]":
            yield text.value()
            while text.peek() == ",":
                text.skip()
                text.peek()
                yield text.value()
        if text.peek() != "]":
            raise Malformed("the list does not end where it should")
        text.skip()
    else:
        yield text.value()
    if text.peek():
        raise Malformed("text after the end")


def _decode(text: str, at: int) -> "Tuple[Any, int]":
    """The value that begins at `at`, and where it ends. The collector of cycles rests meanwhile. A
    value has none, and looking through its growing lists time and again is two thirds of the work
    of a hostile one.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        return _raw_decode(text, at)
    finally:
        if collects:
            gc.enable()


class Text:
    """The part of a text that is in memory, and the offset in it.

    `offset` counts characters from the start of the file: of what comes next, and after
    Malformed of the damage. `start` is that of the last value.
    """

    def __init__(
        self, read: "Callable[[int], bytes]", max_element: int, size: int = WINDOW, begun: bytes = b""
    ) -> None:
        self._read = read
        self._max_element = max_element
        self._size = size
        self._raw = begun  # what was read and is not yet text: the beginning of a character
        self._text = ""
        self._at = 0
        self._gone = 0
        self._ended = False
        self.start = 0

    @property
    def offset(self) -> int:
        return self._gone + self._at

    def skip(self) -> None:
        self._at += 1

    def peek(self) -> str:
        """The next character that is no white space; empty at the end of the file."""
        while True:
            white = _WHITE.match(self._text, self._at)
            self._at = white.end() if white else self._at
            if self._at < len(self._text) or self._ended:
                return self._text[self._at : self._at + 1]
            self._fill(self._size)

    def value(self) -> "Any":
        """The JSON value that begins here."""
        self.start = self.offset
        while True:
            try:
                value, end = _decode(self._text, self._at)
            except json.JSONDecodeError as error:
                if self._ended or not self._cut_short(error):
                    self._at = error.pos
                    raise Malformed(error.msg) from None
                end = len(self._text)
            except RecursionError:
                raise Malformed("nested too deeply") from None
            else:
                if end - self._at <= self._max_element and self._complete(end):
                    self._at = end
                    return value
            if end - self._at > self._max_element:
                raise OversizeElement(f"an element is longer than {self._max_element} characters")
            # At once as much as the element can still be: its beginning is not parsed time and
            # again.
            self._fill(max(self._size, self._max_element))

    def _fill(self, count: int) -> None:
        raw = self._read(count)
        self._ended = not raw
        raw = self._raw + raw
        try:
            more, used = codecs.utf_8_decode(raw, "strict", self._ended)
        except UnicodeDecodeError as error:
            raise BadText(f"not UTF-8: {error.reason}") from None
        self._raw = raw[used:]
        self._text = self._text[self._at :] + more
        self._gone += self._at
        self._at = 0

    def _cut_short(self, error: json.JSONDecodeError) -> bool:
        """Whether the end of the window may be the cause: it lies near, or in a string that begins
        at `pos`."""
        return error.pos + _MARGIN > len(self._text) or self._text[error.pos] == '"'

    def _complete(self, end: int) -> bool:
        """Whether a value ends here whatever follows; the next characters might continue a number.
        """
        return self._ended or self._text[end - 1] in '}]"' or end + _MARGIN <= len(self._text)
