"""Histories that were saved, read back. Whoever gives one may have written it by hand.

Rules: what is read is what the types of records allow, line by line, or nothing: no judge meets a
record that no run could have made. Each fault is told in one line, with the place.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, NoReturn

from ..base import BadInput
from ..safe import safe
from .history import History, Record

#: Of an index or a time: what fits into 64 bits.
_LARGEST = 1 << 62
_KEYS = {"i", "t", "pass", "actor", "op", "path", "result"}
_NO_HISTORY = "a history is what `--report ndjson=PATH` writes"


def read_histories(data: bytes, where: str) -> list[History]:
    """The histories of a file: of a conformance run it has several, one after the other.

    Raises BadInput for one that is cut off, foreign, newer, or none at all.
    """
    found: list[list[Record]] = []
    for number, record in _records(data, where):
        if record.op == "run":
            _must_be_whole(found, where, number)
            found.append([])
        elif not found:
            _foreign(f"begins with {safe(record.op)!r}, and a history with 'run'", where, number)
        found[-1].append(record)
    if not found:
        raise BadInput("holds no record", where=where, hint=_NO_HISTORY)
    _must_be_whole(found, where, 0)
    return [History(records) for records in found]


def _must_be_whole(found: list[list[Record]], where: str, number: int) -> None:
    if found and found[-1][-1].op != "tree":
        before = f" before line {number}" if number else ""
        what = f"is cut off{before}: its last record is {found[-1][-1].op!r}, and a whole history ends with 'tree'"
        raise BadInput(what, where=where)


def _records(data: bytes, where: str) -> Iterator[tuple[int, Record]]:
    """(line, record), each as its type wants it, in the order of their indexes."""
    checks = _checks()
    lines = data.split(b"\n")
    expected = 0
    for number, line in enumerate(lines, 1):
        if not line and number == len(lines):
            return
        fields = _fields(line, where, number, is_last=number == len(lines))
        record = Record(
            fields["t"], fields["pass"], fields["actor"], fields["op"], fields.get("path", ""), fields.get("result")
        )
        expected = 0 if record.op == "run" else expected
        if fields["i"] != expected:
            _foreign(f"has record {fields['i']}, where {expected} comes next", where, number)
        check = checks.get(record.op)
        if check is None:
            _newer(f"has a record of a kind that is not known: {safe(record.op)!r}", where, number)
        if why := check(fields):
            _newer(f"has a record {record.op!r} that is none: {why}", where, number)
        expected += 1
        yield number, record


def _fields(line: bytes, where: str, number: int, *, is_last: bool) -> dict[str, Any]:
    """One line's values, as far as all lines have them."""
    try:
        fields = json.loads(line.decode("ascii"), parse_constant=_no_number)
    except (ValueError, RecursionError):
        if is_last and number > 1:
            raise BadInput(f"is cut off within line {number}", where=where) from None
        _foreign("is no JSON of ASCII characters", where, number)
    if not isinstance(fields, dict) or not {"i", "t", "pass", "actor", "op"} <= fields.keys():
        _foreign("is no record: it lacks i, t, pass, actor or op", where, number)
    if more := fields.keys() - _KEYS:
        _newer(f"has a key that is not known: {safe(min(more))!r}", where, number)
    for name in ("i", "t", "pass"):
        if type(fields[name]) is not int or not 0 <= fields[name] < _LARGEST:
            _foreign(f"has no {name} that is a number of a run", where, number)
    if fields["pass"] > fields["i"]:
        _foreign("has more passes than records", where, number)
    for name in ("actor", "op", "path"):
        if type(fields.get(name, "")) is not str:
            _foreign(f"has {name!r} that is no text", where, number)
    return fields


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)


def _foreign(what: str, where: str, number: int) -> NoReturn:
    raise BadInput(f"line {number} {what}", where=where, hint=_NO_HISTORY)


def _newer(what: str, where: str, number: int) -> NoReturn:
    raise BadInput(
        f"line {number} {what}", where=where, hint="another version of the kit wrote it, or it is no history"
    )


def _checks() -> dict[str, Callable[[dict[str, Any]], str]]:
    """op -> what is wrong with the result of such a record; "" for nothing."""
    from pydantic import TypeAdapter  # noqa: PLC0415 - core is words, and loads on a bare Python

    from .records import OPS  # noqa: PLC0415 - as above

    return {op: _none if type_ is None else _check_of(TypeAdapter(type_)) for op, (_, type_) in OPS.items()}


def _none(fields: dict[str, Any]) -> str:
    return "it has a result" if "result" in fields else ""


def _check_of(adapter: Any) -> Callable[[dict[str, Any]], str]:
    from pydantic import ValidationError  # noqa: PLC0415 - as above

    def check(fields: dict[str, Any]) -> str:
        if "result" not in fields:
            return "it has no result"
        try:
            adapter.validate_python(_whole_texts(fields["result"]), strict=True)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            place = ".".join(str(step) for step in first["loc"]) or "result"
            return safe(f"{place}: {first['msg']}", 200)
        return ""

    return check


def _whole_texts(value: Any) -> Any:
    """The value without the lone surrogates that names of files have: a type asks for texts, not
    for these."""
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, list):
        return [_whole_texts(one) for one in value]
    if isinstance(value, dict):
        return {_whole_texts(name): _whole_texts(one) for name, one in value.items()}
    return value
