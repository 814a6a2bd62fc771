"""Files that are no JSON: where the damage is, and what their writer may have meant."""

from __future__ import annotations

import codecs
import contextlib
import io
import json
from xml.parsers import expat

from .finding import Place
from .positions import Lines
from .reference import errors, reader

_BOMS = ((codecs.BOM_UTF8, "a byte order mark"), (codecs.BOM_UTF16_LE, "UTF-16"), (codecs.BOM_UTF16_BE, "UTF-16"))


def place_in_json(raw: bytes, max_element: int) -> Place:
    """Where the collector's reader meets the damage in what it has read."""
    text = reader.Text(io.BytesIO(raw).read, max_element)
    try:
        for _ in reader.elements_of(text):
            pass
    except errors.BadText:
        return _place_of_bytes(raw)
    except errors.OversizeElement:
        return Lines(_decoded(raw)).place(text.start)
    except errors.Malformed:
        pass
    return Lines(_decoded(raw)).place(text.offset)


def place_in_tld(raw: bytes) -> Place:
    """Where an agent event stops being JSON or, if it does not look like that, XML.
    Not for files with too many tokens.
    """
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        return _place_of_bytes(raw)
    if text.lstrip()[:1] == "<":
        return _place_in_xml(raw)
    try:
        json.loads(text, parse_int=str)
    except json.JSONDecodeError as error:
        return Place(error.lineno, error.colno)
    except RecursionError:
        pass
    return Place(1, 1)


def _place_in_xml(raw: bytes) -> Place:
    parser = expat.ParserCreate("utf-8")
    # Entities could grow without bound:
    # the collector refuses their declaration, and so the parser must get no further.
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = _refuse
    with contextlib.suppress(expat.ExpatError, _Refused):
        parser.Parse(raw, True)
    return Place(parser.CurrentLineNumber, parser.CurrentColumnNumber + 1)


class _Refused(Exception):
    pass


def _refuse(*_declaration: object) -> None:
    raise _Refused


def _decoded(raw: bytes) -> str:
    return codecs.getincrementaldecoder("utf-8")("replace").decode(raw)


def _place_of_bytes(raw: bytes) -> Place:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8")
        return Lines(before).place(len(before))
    return Place(1, 1)


def meant(raw: bytes) -> str:
    """A hint on what a file that is no JSON seems to be, or ""."""
    for mark, name in _BOMS:
        if raw.startswith(mark):
            return f"it begins with {name}; write UTF-8 without a byte order mark"
    if not raw.strip(b" \t\r\n"):
        return "it is empty; a writer may be at work, or its disk was full"
    if not raw.strip(b"\0"):
        return "it is all zero bytes; the machine may have crashed before its data was written"
    head, _, tail = raw.strip().partition(b"\n")
    if _is_object(head) and tail and _is_object(tail.partition(b"\n")[0]):
        return "one event a line is no JSON document; put them into a list"
    if raw.lstrip()[:2] in (b"{'", b"['"):
        return "JSON has double quotes"
    return ""


def _is_object(line: bytes) -> bool:
    line = line.strip()
    return len(line) < 65536 and line.startswith(b"{") and line.endswith(b"}")
