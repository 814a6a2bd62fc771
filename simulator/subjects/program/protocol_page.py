"""docs/protocol.md from the models that validate each message.

It is run as `python -m etp_kit.simulator.subjects.program.protocol_page [--check]`. Exit codes: 0
written, or current; 1 not current (with --check); 4 bad usage, or no place to write to.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from ...base import Exit
from ...safe import keep_page, markdown_table
from .messages import VERSION, message_schema

DOCUMENT: Final = Path(__file__).resolve().parents[3] / "docs" / "protocol.md"
PROGRAM: Final = "etp_kit.simulator.subjects.program.protocol_page"
_HEAD: Final = f"""<!-- Made by `python -m {PROGRAM}` from simulator/subjects/program/messages.py: change that. -->

# The protocol, version {VERSION}

A collector that is a program reads requests from stdin and writes answers to stdout. Each is one
JSON object on one line, in UTF-8. An unknown type or key is an error. [any-language.md](any-language.md) walks through
a program, [collectors.md](collectors.md#a-program) tells when what is due.
`simulate schema protocol-request` and `simulate schema protocol-response` print the JSON Schemas.
"""


def document() -> str:
    """The whole text of docs/protocol.md."""
    parts = [_HEAD]
    for title, name in (("What the kit asks", "protocol-request"), ("What a program answers", "protocol-response")):
        parts += [f"## {title}", *_messages(message_schema(name))]
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def _messages(schema: Mapping[str, Any]) -> Iterator[str]:
    """Messages by their type, then the tables that they hold."""
    definitions = schema["$defs"]
    types = {reference.rpartition("/")[2]: word for word, reference in schema["discriminator"]["mapping"].items()}
    for name in [*types, *(one for one in definitions if one not in types)]:
        yield f"### `{types.get(name, name)}`"
        yield str(definitions[name]["description"])
        fields = _fields(definitions[name])
        if fields:
            yield fields


def _fields(schema: Mapping[str, Any]) -> str:
    required = schema.get("required", ())
    rows = [
        [f"`{key}`", _type_of(field), "yes" if key in required else "", _told(field)]
        for key, field in schema["properties"].items()
        if key != "type"
    ]
    return markdown_table(["key", "type", "always", "meaning"], rows) if rows else ""


def _told(field: Mapping[str, Any]) -> str:
    return str(field.get("description", "")).replace("|", "\\|")


def _type_of(field: Mapping[str, Any]) -> str:
    """The type in a word or two."""
    if "anyOf" in field:
        return " or ".join(_type_of(one) for one in field["anyOf"])
    if "const" in field:
        return f"always {field['const']}"
    if "enum" in field:
        return ", ".join(f"`{value}`" for value in field["enum"])
    if "$ref" in field:
        return f"`{str(field['$ref']).rpartition('/')[2]}`"
    kind = str(field.get("type", "any"))
    if kind == "array" and field.get("prefixItems"):
        return f"[{', '.join(_type_of(one) for one in field['prefixItems'])}]"
    return f"array of {_type_of(field['items'])}" if kind == "array" and field.get("items") else kind


def main(arguments: Sequence[str]) -> Exit:
    """Write docs/protocol.md, or compare it."""
    return keep_page(arguments, PROGRAM, DOCUMENT, lambda _: document())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
