"""docs/history.md from the types of the records.

It is run as `python -m etp_kit.simulator.core.history_page [--check]`. Exit codes: 0 written,
or current; 1 not current (with --check); 4 bad usage, or no place to write to.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from ..base import Exit
from ..safe import keep_page, markdown_table
from .line_schema import history_schema

DOCUMENT: Final = Path(__file__).resolve().parents[2] / "docs" / "history.md"
PROGRAM: Final = "etp_kit.simulator.core.history_page"
_HEAD: Final = f"""<!-- Made by `python -m {PROGRAM}` from simulator/core/records.py: change that. -->

# The history of a run

A history is one record a line, as NDJSON: `--report ndjson=PATH` writes it. It is the only truth that judges
and reports know. Nothing of the machine is in it: no inode, descriptor, pid, wall time, version or error text.
So the same run gives the same bytes everywhere. `history_sha256` is over these bytes.
`simulate schema history` prints the JSON Schema of a line. `simulate report` and `simulate recheck` read it.
"""
_LINE: Final = "Every line has `i`, `t`, `pass`, `actor` and `op`. Where they apply it has `path` and `result`."


def document() -> str:
    """The whole text of docs/history.md."""
    schema = history_schema()
    parts = [_HEAD, "## A line", _LINE, _fields(schema["oneOf"][0], skip=("op", "result"))]
    parts += ["## Kinds of records", *_kinds(schema)]
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def _kinds(schema: Mapping[str, Any]) -> Iterator[str]:
    for line in schema["oneOf"]:
        yield f"### `{line['title']}`"
        yield f"{line['description'][:1].upper()}{line['description'][1:]}."
        result = line["properties"].get("result", {})
        if result.get("properties"):
            yield _fields(result)


def _fields(schema: Mapping[str, Any], skip: Sequence[str] = ()) -> str:
    required = schema.get("required", ())
    rows = (
        [f"`{name}`", _type_of(field), "yes" if name in required else "", field.get("description", "")]
        for name, field in schema["properties"].items()
        if name not in skip
    )
    return markdown_table(["key", "type", "always", "meaning"], rows)


def _type_of(field: Mapping[str, Any]) -> str:
    """The type in a word or two."""
    if "anyOf" in field:
        return " or ".join(_type_of(one) for one in field["anyOf"])
    if "enum" in field:
        return ", ".join(f"`{value}`" for value in field["enum"])
    if "$ref" in field:
        return str(field["$ref"]).rpartition("/")[2]
    kind = str(field.get("type", "any"))
    return f"array of {_type_of(field['items'])}" if kind == "array" and field.get("items") else kind


def main(arguments: Sequence[str]) -> Exit:
    """Write docs/history.md, or compare it."""
    return keep_page(arguments, PROGRAM, DOCUMENT, lambda _: document())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
