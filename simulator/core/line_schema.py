"""The JSON Schema of a history's lines, made from the types of its records: neither drifts."""

from __future__ import annotations

from typing import Any

from ..base import DIALECT

_REFERENCE = "#/$defs/{model}"
#: What each line has, whatever it tells.
_COMMON: dict[str, Any] = {
    "i": {"type": "integer", "minimum": 0, "description": "its index in the history"},
    "t": {"type": "integer", "description": "virtual ns"},
    "pass": {"type": "integer", "minimum": 0, "description": "from 0; between two passes the one to come"},
    "actor": {"type": "string", "description": "kit, agent, collector, or a writer"},
    "path": {"type": "string", "minLength": 1, "description": "relative to the world"},
}


def history_schema() -> dict[str, Any]:
    """The schema of one line; ``$defs`` hold what each kind of record has as its result."""
    from .records import OPS  # noqa: PLC0415 - core is words, and loads on a bare Python

    definitions: dict[str, Any] = {}
    return {
        "$schema": DIALECT,
        "title": "A line of a history of ETP Kit",
        "type": "object",
        "oneOf": [_line(op, about, type_, definitions) for op, (about, type_) in OPS.items()],
        "$defs": definitions,
    }


def _line(op: str, about: str, type_: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    required = ["i", "t", "pass", "actor", "op"]
    properties = {**_COMMON, "op": {"const": op}}
    if type_ is not None:
        from pydantic import TypeAdapter  # noqa: PLC0415 - as above

        schema = TypeAdapter(type_).json_schema(ref_template=_REFERENCE)
        definitions |= schema.pop("$defs", {})
        properties["result"] = {**schema, "description": about}
        required.append("result")
    return {
        "title": op,
        "description": about,
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }
