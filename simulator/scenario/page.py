"""The tables of docs/scenarios.md: `python -m etp_kit.simulator.scenario.page [--check]`.

What a scenario file may say is written once, in the models that validate it. People write the rest
of the page. Its made parts are the keys of each table, the kinds of faults, and the hazards.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from ..base import Exit
from ..hazards import HAZARDS
from ..safe import keep_page, markdown_table, with_parts
from .faults import FAULT_KINDS
from .schema import scenario_schema

DOCUMENT: Final = Path(__file__).resolve().parents[2] / "docs" / "scenarios.md"
#: What every hazard has, and the page says once.
_OF_EVERY_HAZARD: Final = ("kind", "passes")
#: Keys whose values are listed elsewhere: by `simulate list`, or in another part.
_LISTED: Final = {
    "clauses": "list of slugs",
    "hazards": "list of tables",
    "kind": "see above",
    "life": "list of tables",
}
_PLAIN: Final = {"boolean": "true or false", "string": "text", "object": "table"}

_Property = Mapping[str, Any]


def _values(key: _Property) -> str:
    """What a key may be, in words."""
    if "anyOf" in key:
        return " or ".join(_values(one) for one in key["anyOf"] if one.get("type") != "null")
    if "const" in key:
        return f"`{json.dumps(key['const'])}`"
    if "enum" in key:
        return ", ".join(f"`{json.dumps(value)}`" for value in key["enum"])
    if "$ref" in key:
        return f"`[[{key['$ref'].rpartition('/')[2].lower()}]]`"
    kind = key.get("type", "table")
    if kind == "array":
        items = key.get("items", {})
        return _values(items) if "$ref" in items else f"list of: {_values(items)}"
    return _range(kind, key) if kind in {"integer", "number"} else _PLAIN[kind]


def _range(kind: str, key: _Property) -> str:
    low, high = key.get("minimum"), key.get("maximum")
    if low is None:
        return kind if high is None else f"{kind} to {high:,}"
    return f"{kind} from {low:,}" + ("" if high is None else f" to {high:,}")


def _default(name: str, key: _Property, required: Sequence[str]) -> str:
    if name in required:
        return "required"
    value = key.get("default")
    return "none" if value in (None, "", []) else f"`{json.dumps(value)}`"


def _rows(table: _Property) -> Iterator[list[str]]:
    for name, key in table["properties"].items():
        cells = [
            f"`{name}`",
            _LISTED.get(name) or _values(key),
            _default(name, key, table.get("required", [])),
            key["description"],
        ]
        yield [cell.replace("|", "\\|") for cell in cells]


def _keys(table: _Property) -> str:
    return markdown_table(["key", "value", "default", "meaning"], _rows(table))


def _hazards(tables: Mapping[str, _Property]) -> Iterator[list[str]]:
    for name, hazard in HAZARDS.items():
        properties = tables[f"hazard.{name}"]["properties"]
        options = [f"`{option}`" for option in properties if option not in _OF_EVERY_HAZARD]
        yield [f"`{name}`", hazard.about.replace("|", "\\|"), ", ".join(options) or "none"]


def parts() -> dict[str, str]:
    """The made parts of the page, by name."""
    schema = scenario_schema()
    tables = schema["$defs"]
    return {
        "scenario": _keys(schema),
        "actor": _keys(tables["Actor"]),
        "life": _keys(tables["Change"]),
        "fault": _keys(tables["Fault"]),
        "faults": markdown_table(["kind", "what happens"], ([f"`{kind}`", text] for kind, text in FAULT_KINDS.items())),
        "threshold": _keys(tables["Threshold"]),
        "hazards": markdown_table(["kind", "what the writer leaves", "options"], _hazards(tables)),
    }


def main(arguments: Sequence[str]) -> Exit:
    """Write docs/scenarios.md, or compare it."""
    return keep_page(
        arguments,
        "etp_kit.simulator.scenario.page",
        DOCUMENT,
        lambda path: with_parts(path.read_text(encoding="utf-8"), parts()),
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
