"""``simulate explain``: what a clause or a scenario is, why it matters, what checks it and how to
run that.
"""

from __future__ import annotations

import textwrap
from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape

from ..base import BadInput, did_you_mean
from ..contract import CLAUSES, HARMS
from ..shipped import find_scenario, mutants, shipped_scenarios, synopses, synopsis
from . import output


def _names(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:  # noqa: ARG001 - click's form
    return [name for name in (*CLAUSES, *shipped_scenarios()) if incomplete in name]


@click.command("explain")
@click.argument("name", metavar="CLAUSE|SCENARIO", shell_complete=_names)
def explain_command(name: str) -> None:
    """Explain a clause of the contract or a scenario."""
    console = output.console(highlight=False)
    if name in CLAUSES:
        _clause(console, name)
        return
    try:
        identity, path = find_scenario(name)
    except BadInput:
        hint = did_you_mean(name, [*CLAUSES, *shipped_scenarios()]) or "`simulate list --clauses` and `simulate list` show them"
        raise BadInput(f"no clause or scenario is named {name!r}", hint=hint) from None
    if path != shipped_scenarios().get(identity):
        _validate(name)
    _scenario(console, identity, path)


def _validate(name: str) -> None:
    """Raise BadInput for a file that holds no scenario."""
    from ..scenario import load_scenario  # noqa: PLC0415 - what ships needs no models, which take long to load

    load_scenario(name)


def _clause(console: Console, slug: str) -> None:
    clause = CLAUSES[slug]
    console.print(f"[bold]{slug}[/bold] ({clause.level})")
    console.print(escape(clause.statement))
    console.print()
    weakness = f" ({', '.join(clause.cwe)})" if clause.cwe else ""
    console.print(f"[bold]why:[/bold] {escape(clause.effect)}")
    console.print(f"[bold]harm:[/bold] {clause.harm}: {escape(HARMS[clause.harm])}{weakness}")
    if clause.requires:
        console.print(f"[bold]needs:[/bold] {', '.join(clause.requires)}")
    checking = [(name, said) for name, said in synopses().items() if slug in said.clauses]
    console.print("[bold]checked by:[/bold]" + ("" if checking else " no scenario yet"))
    for name, said in checking:
        console.print(f"    {name}: {escape(said.title)}")
    caught = [mutant for mutant in mutants().values() if mutant.clause == slug]
    console.print("[bold]proven by:[/bold]" + ("" if caught else " no mutant yet"))
    for mutant in caught:
        console.print(f"    {mutant.name}: {escape(mutant.about)}")
    console.print(f"[bold]run:[/bold] simulate conform --clause {slug}")


def _scenario(console: Console, name: str, path: Path) -> None:
    said = synopsis(path)
    console.print(f"[bold]{escape(name)}[/bold]: {escape(said.title)}")
    paragraph = " ".join(said.about.split())
    # Wrapped here, so that no address is broken: it is to be clicked or copied.
    console.print(escape(textwrap.fill(paragraph, console.width, break_long_words=False, break_on_hyphens=False)), soft_wrap=True)
    console.print()
    console.print("[bold]checks:[/bold]")
    for slug in said.clauses:
        console.print(f"    {slug}: {escape(CLAUSES[slug].effect)}")
    for writer in said.writers:
        hazards = ", ".join(writer.hazards)
        told = f"{writer.role}, {writer.producer}, {writer.events} events" + (f", {hazards}" if hazards else "")
        console.print(f"[bold]writes:[/bold] {escape(ascii(writer.handler)[1:-1])} ({escape(told)})")
    console.print(f"[bold]worlds:[/bold] {', '.join(said.worlds)}")
    console.print(f"[bold]run:[/bold] simulate --scenario {escape(name)}")
