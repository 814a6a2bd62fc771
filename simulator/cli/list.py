"""``simulate list``: what there is to run."""

from __future__ import annotations

import json

import click

from ..base import picked
from ..shipped import synopses


@click.command("list")
@click.argument("pattern", metavar="[GLOB]", default="*")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.option("--long", "what", flag_value="scenarios", help="The scenarios with their worlds and clauses.")
@click.option("--about", "what", flag_value="about", help="The scenarios, and what each replays.")
@click.option("--clauses", "what", flag_value="clauses", help="The contract's clauses.")
@click.option("--producers", "what", flag_value="producers", help="Who can write.")
@click.option("--hazards", "what", flag_value="hazards", help="What can go wrong.")
@click.option("--traffic", "what", flag_value="traffic", help="When events arrive.")
def list_command(pattern: str, as_json: bool, what: str | None) -> None:
    """List the scenarios, or what they are made of; of these only what GLOB matches: a glob, a folder or family, a stem.

    JSON has all of it, whatever is shown.

    \b
    simulate list --about 'field/*'    what happens in the field, with its sources
    simulate list 'quota/*'
    """
    everything = _rows(what or "scenarios")
    if what is None and not as_json:
        everything = [{name: row[name] for name in ("scenario", "title")} for row in everything]
    names = picked(map(_name, everything), [pattern], "name in this list", "list", hint="a glob such as 'field/*'")
    rows = [row for row in everything if _name(row) in names]
    if as_json:
        click.echo(json.dumps(rows, indent=2))
        return
    _show(rows, lines=what == "about")


def _show(rows: list[dict[str, object]], *, lines: bool) -> None:
    from rich.markup import escape  # noqa: PLC0415 - JSON is told without
    from rich.table import Table  # noqa: PLC0415 - JSON is told without

    from . import output  # noqa: PLC0415 - it loads rich

    table = Table(show_edge=False, pad_edge=False, show_lines=lines)
    for place, heading in enumerate(rows[0]):
        table.add_column(heading, overflow="fold", no_wrap=place == 0)  # an id is copied
    for row in rows:
        table.add_row(*(escape(", ".join(value) if isinstance(value, list) else str(value)) for value in row.values()))
    output.console().print(table)


def _name(row: dict[str, object]) -> str:
    return str(next(iter(row.values())))


def _rows(what: str) -> list[dict[str, object]]:
    """Each list loads the room that it is of alone: a list of names is to be there at once."""
    if what == "clauses":
        from ..contract import CLAUSES  # noqa: PLC0415 - the room of this list alone

        return [
            {"clause": slug, "level": clause.level, "statement": clause.statement} for slug, clause in CLAUSES.items()
        ]
    if what == "producers":
        from ..writers import PRODUCERS  # noqa: PLC0415 - the room of this list alone

        return [{"producer": name, "about": producer.about} for name, producer in PRODUCERS.items()]
    if what == "hazards":
        from ..hazards import HAZARDS  # noqa: PLC0415 - the room of this list alone

        return [{"hazard": name, "about": hazard.about} for name, hazard in HAZARDS.items()]
    if what == "traffic":
        from ..writers import TRAFFIC  # noqa: PLC0415 - the room of this list alone

        return [{"traffic": name, "about": " ".join((shape.__doc__ or "").split())} for name, shape in TRAFFIC.items()]
    if what == "about":
        return [
            {"scenario": name, "what it replays": f"{said.title}. {' '.join(said.about.split())}"}
            for name, said in synopses().items()
        ]
    return [
        {"scenario": name, "title": said.title, "worlds": list(said.worlds), "clauses": list(said.clauses)}
        for name, said in synopses().items()
    ]
