"""The JSON Schema of a report, and a report that was saved, held to it."""

from __future__ import annotations

import json
import math
from typing import Any, NoReturn

from ..base import DIALECT, BadInput
from ..contract import CLAUSES
from ..safe import safe

#: Levels of lists and objects: those of a report, and of what a collector declares.
_DEEPEST = 40
_HINT = "a report is what `--report json=PATH` writes"


def report_schema() -> dict[str, Any]:
    """The JSON Schema of a report."""
    schema: dict[str, Any] = _adapter().json_schema(ref_template="#/$defs/{model}")
    return {"$schema": DIALECT, **schema, "title": "A report of ETP Kit"}


def _adapter() -> Any:
    from pydantic import TypeAdapter  # noqa: PLC0415 - who writes a report needs none of its types

    from .shape import Report  # noqa: PLC0415 - as above

    return TypeAdapter(Report)


def read_report(data: bytes, where: str) -> dict[str, Any]:
    """A report that was saved. Raises BadInput for what is none, or another version's."""
    from pydantic import ValidationError  # noqa: PLC0415 - as above

    try:
        report = json.loads(data, parse_constant=_no_number, parse_float=_finite)
    except (ValueError, RecursionError):
        raise BadInput("is no JSON", where=where, hint=_HINT) from None
    if _is_deep(report):
        raise BadInput("is nested too deep", where=where, hint=_HINT)
    if not isinstance(report, dict) or "schema" not in report or "scenarios" not in report:
        raise BadInput("is no report", where=where, hint=_HINT)
    if report["schema"] != 1:
        raise BadInput(f"is a report of schema {safe(repr(report['schema']))}, and 1 is known", where=where)
    try:
        # lone surrogates, which names of files have, are no text to it
        _adapter().validate_json(json.dumps(report).encode("ascii").replace(b"\\ud", b"\\u0d"), strict=True)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(step) for step in first["loc"])
        raise BadInput(f"{safe(place)}: {safe(first['msg'])}", where=where, hint=_HINT) from None
    named = [clause["slug"] for run in (report, *report["scenarios"]) for clause in run["clauses"]]
    unknown = next((slug for slug in named if slug not in CLAUSES), None)
    if unknown is not None:
        raise BadInput(f"has a clause that the contract does not: {safe(unknown)!r}", where=where)
    return report


def _finite(text: str) -> float:
    """A number that JSON can be made of again."""
    number = float(text)
    return number if math.isfinite(number) else _no_number(text)


def _is_deep(value: Any) -> bool:
    """Whether it is nested deeper than anything that a report holds."""
    level = [value]
    for _ in range(_DEEPEST):
        level = [
            below for one in level if isinstance(one, (dict, list))
            for below in (one.values() if isinstance(one, dict) else one)
        ]  # fmt: skip
        if not level:
            return False
    return True


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)
