"""``simulate`` with every verb loaded, for the page of commands.

The command itself loads a verb when it is called (docs/adr/0020-start-up.md). Its group holds
stand-ins without options, of which no reference can be made.

A verb's help is plain text: no star in it is markup, and its examples stand as a block of code.
"""

from __future__ import annotations

from importlib import import_module
from itertools import groupby
from typing import Any

import click
from sphinx.application import Sphinx

from etp_kit.simulator.cli import command

__all__ = ["examples", "setup", "simulate"]


def _verb(name: str) -> click.Command:
    verb: click.Command = getattr(import_module(f"etp_kit.simulator.cli.{name}"), f"{name}_command")
    return verb


simulate = click.Group(
    "simulate", commands={name: _verb(name) for name in sorted(command.VERBS)}, help=command.cli.help
)


def examples(_app: Sphinx, _context: click.Context, lines: list[str]) -> None:
    """Make a block of code of lines that a help text keeps as they are; escape what is prose."""
    made: list[str] = []
    for kept, part in groupby(lines, lambda line: line.startswith("| ")):
        if kept:
            made += ["", ".. code-block:: text", "", *(f"   {line.removeprefix('| ')}" for line in part), ""]
        else:
            made += (line.replace("*", "\\*") for line in part)
    lines[:] = made


def setup(app: Sphinx) -> dict[str, Any]:
    """Sphinx's door."""
    app.connect("sphinx-click-process-description", examples)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
