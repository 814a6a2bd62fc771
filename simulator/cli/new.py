"""``simulate new``: a first version of what a user writes."""

from __future__ import annotations

import os
import shlex
from pathlib import Path

import click

from ..base import BadInput
from ..safe import safe

_TEMPLATE = Path(__file__).resolve().parent.parent / "template.toml"
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


@click.group("new")
def new_command() -> None:
    """Write a first version of a file, with comments that tell what can stand in it."""


@new_command.command("scenario")
@click.argument("name")
def scenario_command(name: str) -> None:
    """Write a scenario that runs as it is to NAME.toml. Nothing is written over.

    \b
    simulate new scenario mine && simulate --scenario ./mine.toml
    """
    path = Path(name if name.endswith(".toml") else f"{name}.toml")
    text = _TEMPLATE.read_text(encoding="utf-8").replace("THIS_FILE.toml", safe(path.name))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(os.open(path, _CREATE, 0o666), "w", encoding="utf-8") as out:
            out.write(text)
    except FileExistsError:
        raise BadInput("is there already; expected is a new name", where=safe(str(path))) from None
    except (OSError, ValueError) as error:
        raise BadInput(f"cannot be written: {getattr(error, 'strerror', None) or error}", where=safe(str(path))) from None
    click.echo(f"{safe(str(path))}: written; run it with `simulate --scenario {shlex.quote(_by_path(path))}`")


def _by_path(path: Path) -> str:
    """The path as `--scenario` takes it: never the name of a scenario that ships with the kit."""
    shown = str(path)
    return safe(shown if "/" in shown else f"./{shown}")
