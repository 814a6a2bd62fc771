"""``simulate schema``: the formats of the kit as JSON Schema."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import click

from ..core import history_schema
from ..lint import lint_schema
from ..reports import report_schema
from ..scenario import scenario_schema
from ..subjects import message_schema

_SCHEMAS: dict[str, Callable[[], dict[str, Any]]] = {
    "scenario": scenario_schema,
    "lint": lint_schema,
    "history": history_schema,
    "report": report_schema,
    "protocol-request": lambda: message_schema("protocol-request"),
    "protocol-response": lambda: message_schema("protocol-response"),
}


@click.command("schema")
@click.argument("name", type=click.Choice(list(_SCHEMAS)))
def schema_command(name: str) -> None:
    """Print the JSON Schema of a format, so that editors complete and check it.

    \b
    simulate schema scenario > scenario.schema.json
    simulate schema protocol-response               a line that a program under test writes
    """
    click.echo(json.dumps(_SCHEMAS[name](), indent=2))
