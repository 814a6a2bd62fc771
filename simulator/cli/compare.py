"""``simulate compare``: two collectors over the same scenarios."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ..base import BadInput
from ..judging import STYLES, ScenarioVerdict
from ..reports import FORMATS, write_report
from ..runner import WATCHDOG
from ..safe import open_destinations, safe
from ..scenario import load_scenario
from ..shipped import shipped_scenarios
from ..subjects import check_spec, look_in, world_for
from ..suite import Pair, comparison_exit, comparison_report, first_worlds, select, survey
from . import options, output


@click.command("compare")
@click.argument("a", metavar="A")
@click.argument("b", metavar="B")
@click.option("--scenario", "scenarios", multiple=True, metavar="GLOB", help="Only these scenarios. Repeatable.")
@click.option(
    "--world", type=click.Choice(["auto", "fake", "real"]), default="auto", show_default=True,
    help="auto: the first that a scenario declares; real where A or B is a program.",
)  # fmt: skip
@options.hooks
@options.cage
@options.seed
@options.jobs("run scenarios")
@options.timeout(WATCHDOG)
@click.option("--report", "reports", multiple=True, metavar="json=PATH", help="The differences as JSON; `-` is standard output.")
@click.pass_context
def compare_command(ctx: click.Context, /, a: str, b: str, **given: Any) -> None:
    """Run two collectors over the same scenarios, and show where events fare differently and clauses are kept or broken by one alone.

    \b
    simulate compare reference mutant:quota-raised --scenario 'quota/*'
    simulate compare reference linux-agent --report json=differences.json

    Exit code 0: the same everywhere; 1: they differ.
    """
    world = given["world"]
    for spec in (a, b):
        look_in(Path.cwd(), spec)
        check_spec(spec)
        world = world_for(spec, world)  # the same for both, or they would differ by it
    library = {name: load_scenario(name) for name in shipped_scenarios()}
    names = dict.fromkeys(name for name, _ in select(library, scenarios=given["scenarios"]).pairs)
    pairs = first_worlds(library, names, world)
    for option in given["reports"]:
        if option.partition("=")[0] != "json":
            raise BadInput(f"{safe(option)!r}: a comparison is reported as json=PATH", where="--report")
    with open_destinations(given["reports"], FORMATS) as destinations:
        found = _run(library, pairs, a, b, given)
        _show(output.console(stderr=any(destination.path == "-" for destination in destinations)), a, b, found)
        for destination in destinations:
            write_report(destination, comparison_report(a, b, given["seed"], found), [])
    ctx.exit(comparison_exit(found))


def _run(library: Any, pairs: list[tuple[str, str]], a: str, b: str, given: dict[str, Any]) -> list[Pair]:
    half: dict[tuple[str, int], ScenarioVerdict] = {}
    told = output.progress("compare", 2 * len(pairs))
    both = survey(library, pairs, (a, b), seed=given["seed"], jobs=given["jobs"], timeout=given["timeout"])
    with told as advance, closing(both) as verdicts:
        for place, verdict in verdicts:
            half[verdict.id, place] = verdict
            advance()
    return [Pair(half[name, 0], half[name, 1]) for name, _ in pairs]


def _show(console: Console, a: str, b: str, pairs: list[Pair]) -> None:
    console.print(f"[bold]A[/bold] {escape(safe(a, 300))}\n[bold]B[/bold] {escape(safe(b, 300))}", highlight=False)
    differing = [pair for pair in pairs if not pair.is_same]
    if differing:
        table = Table(title="Where they differ", title_justify="left")
        for name in ("scenario", "what"):
            table.add_column(name, overflow="fold", no_wrap=name == "scenario")
        for name in ("A", "B"):
            table.add_column(name, justify="right")
        for pair in differing:
            for number, row in enumerate(_rows(pair)):
                table.add_row(escape(pair.a.id) if number == 0 else "", *row, end_section=False)
            table.add_section()
        console.print(table)
    for pair in differing:
        console.print(f"{escape(pair.a.id)} in the {pair.a.world} world", highlight=False)
        for name, run in (("A", pair.a), ("B", pair.b)):
            if run.detail:
                console.print(f"    {name}: {escape(safe(run.detail, 300))}", highlight=False, soft_wrap=True)
            console.print(f"    {name} again: {escape(safe(run.reproduce, 8_000))}", highlight=False, soft_wrap=True)
    same = len(pairs) - len(differing)
    told = "[green]the same[/green]" if not differing else f"[bold red]{len(differing)} differ[/bold red]"
    console.print(f"{told} · {same} of {len(pairs)} scenarios alike" if pairs else "nothing selected", highlight=False)


def _rows(pair: Pair) -> list[tuple[str, str, str]]:
    """(what, a, b) in words; what both lack is a dot."""
    rows = [
        (f"{escape(safe(name, 60))} {fate}".strip() + (" events" if not name else ""), _count(ours), _count(theirs))
        for name, fate, ours, theirs in pair.fates()
    ]
    rows += [(slug, _styled(ours), _styled(theirs)) for slug, ours, theirs in pair.clauses()]
    rows += [(what, escape(safe(str(ours))) or "·", escape(safe(str(theirs))) or "·") for what, ours, theirs in pair.others()]
    return rows or [("the kit broke", _styled(pair.a.verdict), _styled(pair.b.verdict))]


def _count(number: int) -> str:
    return f"{number:,}" if number else "·"


def _styled(verdict: str) -> str:
    style = STYLES.get(verdict)
    return f"[{style}]{verdict}[/]" if style else verdict
