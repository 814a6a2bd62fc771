"""``simulate list``: what there is to run."""

from __future__ import annotations

import json

import click
from rich.markup import escape
from rich.table import Table

from ..base import picked
from ..contract import CLAUSES
from ..hazards import HAZARDS
from ..scenario import load_scenario, shipped_scenarios
from ..writers import PRODUCERS, TRAFFIC
from . import output


@click.command("list")
@click.argument("pattern", metavar="[GLOB]", default="*")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.option("--about", "what", flag_value="about", help="The scenarios, and what each replays.")
@click.option("--clauses", "what", flag_value="clauses", help="The contract's clauses.")
@click.option("--producers", "what", flag_value="producers", help="Who can write.")
@click.option("--hazards", "what", flag_value="hazards", help="What can go wrong.")
@click.option("--traffic", "what", flag_value="traffic", help="When events arrive.")
def list_command(pattern: str, as_json: bool, what: str | None) -> None:
    """List the scenarios, or what they are made of; of these only what GLOB matches: a glob, a folder or family, a stem.

    \b
    simulate list --about 'field/*'    what happens in the field, with its sources
    simulate list 'quota/*'
    """
    everything = _rows(what or "scenarios")
    names = picked(map(_name, everything), [pattern], "name in this list", "list", hint="a glob such as 'field/*'")
    rows = [row for row in everything if _name(row) in names]
    if as_json:
        click.echo(json.dumps(rows, indent=2))
        return
    table = Table(show_edge=False, pad_edge=False, show_lines=what == "about")
    for heading in rows[0]:
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(*(escape(", ".join(value) if isinstance(value, list) else str(value)) for value in row.values()))
    output.console().print(table)


def _name(row: dict[str, object]) -> str:
    return str(next(iter(row.values())))


def _rows(what: str) -> list[dict[str, object]]:
    if what == "clauses":
        return [
            {"clause": slug, "level": clause.level, "statement": clause.statement} for slug, clause in CLAUSES.items()
        ]
    if what == "producers":
        return [{"producer": name, "about": producer.about} for name, producer in PRODUCERS.items()]
    if what == "hazards":
        return [{"hazard": name, "about": hazard.about} for name, hazard in HAZARDS.items()]
    if what == "traffic":
        return [{"traffic": name, "about": " ".join((shape.__doc__ or "").split())} for name, shape in TRAFFIC.items()]
    scenarios = [(name, load_scenario(name)) for name in shipped_scenarios()]
    if what == "about":
        return [
            {"scenario": name, "what it replays": f"{scenario.title}. {' '.join(scenario.about.split())}"} for name, scenario in scenarios
        ]
    return [
        {"scenario": name, "title": scenario.title, "worlds": list(scenario.worlds), "clauses": scenario.clauses}
        for name, scenario in scenarios
    ]
