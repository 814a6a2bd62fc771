"""The tables of docs/reports.md, from the types of the report.

It is run as `python -m etp_kit.simulator.reports.page [--check]`. Exit codes: 0 written, or
current; 1 not current (with --check); 3 the page lacks a made part; 4 bad usage.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from ..base import Exit
from ..safe import keep_page, markdown_table, with_parts
from .saved_report import report_schema

DOCUMENT: Final = Path(__file__).resolve().parents[2] / "docs" / "reports.md"
PROGRAM: Final = "etp_kit.simulator.reports.page"


def parts() -> dict[str, str]:
    """Part -> its text."""
    return {"report": "\n\n".join(_tables(report_schema()))}


def _tables(schema: Mapping[str, Any]) -> Iterator[str]:
    yield _table(schema)
    for name, definition in schema["$defs"].items():
        yield f"### `{name}`"
        yield str(definition.get("description", "A line of `Said`."))
        yield _table(definition)


def _table(schema: Mapping[str, Any]) -> str:
    required = schema.get("required", ())
    rows = [
        [f"`{name}`", _type_of(field), field.get("description", "") if name in required else _maybe(field)]
        for name, field in schema["properties"].items()
    ]
    return markdown_table(["key", "type", "meaning"], rows)


def _maybe(field: Mapping[str, Any]) -> str:
    return f"{field.get('description', '')}; may be left out".lstrip("; ")


def _type_of(field: Mapping[str, Any]) -> str:
    """The type in a word or two."""
    if "$ref" in field:
        return f"`{str(field['$ref']).rpartition('/')[2]}`"
    if "const" in field:
        return f"always {field['const']}"
    if "enum" in field:
        return ", ".join(f"`{value}`" for value in field["enum"] if value != "")
    if "anyOf" in field:
        return " or ".join(_type_of(one) for one in field["anyOf"])
    kind = str(field.get("type", "any"))
    if kind == "array" and field.get("items"):
        return f"array of {_type_of(field['items'])}"
    values = field.get("additionalProperties")
    return f"object of {_type_of(values)}" if kind == "object" and isinstance(values, dict) else kind


def main(arguments: Sequence[str]) -> Exit:
    """Write the tables of docs/reports.md, or compare them."""
    return keep_page(arguments, PROGRAM, DOCUMENT, lambda path: with_parts(path.read_text(encoding="utf-8"), parts()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
