"""``simulate list``: what there is to run."""

from __future__ import annotations

import json

import click
from rich.console import Console
from rich.table import Table

from simulator.contract import CLAUSES
from simulator.hazards import HAZARDS
from simulator.producers import PRODUCERS
from simulator.scenario import load, shipped
from simulator.traffic import TRAFFIC


@click.command("list")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.option("--clauses", "what", flag_value="clauses", help="The contract's clauses.")
@click.option("--producers", "what", flag_value="producers", help="Who can write.")
@click.option("--hazards", "what", flag_value="hazards", help="What can go wrong.")
@click.option("--traffic", "what", flag_value="traffic", help="When events arrive.")
def list_command(as_json: bool, what: str | None) -> None:
    """List the scenarios, or what they are made of."""
    rows = _rows(what or "scenarios")
    if as_json:
        click.echo(json.dumps(rows, indent=2))
        return
    table = Table(*rows[0], show_edge=False, pad_edge=False)
    for row in rows:
        table.add_row(*(", ".join(value) if isinstance(value, list) else str(value) for value in row.values()))
    Console().print(table)


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
        return [{"traffic": name, "about": (shape.__doc__ or "").strip()} for name, shape in TRAFFIC.items()]
    scenarios = [(name, load(name)) for name in shipped()]
    return [
        {"scenario": name, "title": scenario.title, "worlds": list(scenario.worlds), "clauses": scenario.clauses}
        for name, scenario in scenarios
    ]
