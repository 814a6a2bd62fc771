"""``simulate new``: a first version of what a user writes."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from ..base import BadInput
from ..safe import safe, write_new
from ..subjects import first_languages, write_first

_TEMPLATE = Path(__file__).resolve().parents[1] / "scenario" / "template.toml"


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
        write_new(path, text)
    except FileExistsError:
        raise BadInput("is there already; expected is a new name", where=safe(str(path))) from None
    except (OSError, ValueError) as error:
        raise BadInput(f"cannot be written: {getattr(error, 'strerror', None) or error}", where=safe(str(path))) from None
    click.echo(f"{safe(str(path))}: written; run it with `simulate --scenario {shlex.quote(_by_path(path))}`")


@new_command.command("collector")
@click.option(
    "--language", required=True, type=click.Choice(list(first_languages())), help="What it is written in."
)
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path))
def collector_command(language: str, directory: Path) -> None:
    """Write a collector that passes `simulate smoke` to DIR, new or empty. Nothing is written over.

    It fails `simulate conform` at what is left to write, which its comments name.

    \b
    simulate new collector --language perl mine && cd mine
    """
    how = first_languages()[language]
    files = write_first(language, directory)
    where, collector = shlex.quote(safe(_as_argument(directory))), shlex.quote(how.collector)
    click.echo(f"{safe(str(directory))}: written: {', '.join(files)}; it needs {how.needs}. Go on with")
    build = f" && {how.build}" if how.build else ""
    click.echo(f"  cd {where}{build} && simulate smoke --collector {collector}")
    click.echo(f"  simulate conform --level core --collector {collector}")
    click.echo(f"  simulate conform --last-failed --collector {collector}")


def _as_argument(path: Path) -> str:
    """The path as `cd` takes it: one that begins with a dash is no option."""
    return f"./{path}" if str(path).startswith("-") else str(path)


def _by_path(path: Path) -> str:
    """The path as `--scenario` takes it: never the name of a scenario that ships with the kit."""
    shown = str(path)
    return safe(shown if "/" in shown else f"./{shown}")
