"""``simulate matrix``: every hostile object before every step of a collector's work."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import partial

import click
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ..base import BadInput, Exit, counted, picked, worst
from ..reports import FORMATS, FROM_HISTORIES, report_data, write_report
from ..runner import WATCHDOG
from ..safe import open_destinations, safe
from ..subjects import check_spec, is_program, unheard, world_for
from ..suite import STEPS, Row, objects, rows, verdict_of_row
from . import options, output
from .origin import Beginning

#: Formats of reports: a place of the matrix leaves no history.
_FORMATS = tuple(name for name in FORMATS if name not in FROM_HISTORIES)


def _names(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:  # noqa: ARG001 - click's form
    return [name for name in objects() if incomplete in name]


@click.command("matrix")
@options.collector
@options.hooks
@options.cage
@click.option("--object", "patterns", multiple=True, metavar="GLOB", shell_complete=_names, help="Only these objects. Repeatable.")
@click.option("--world", type=click.Choice(["fake", "real"]), default="real", show_default=True, help="Where it runs.")
@options.seed
@options.jobs("run objects")
@options.timeout(WATCHDOG)
@click.option("--json", "as_json", is_flag=True, help="The rows as JSON on standard output.")
@options.report
@click.pass_context
def matrix_command(
    ctx: click.Context, collector: str, patterns: tuple[str, ...], world: str, seed: int, jobs: int, timeout: float,
    as_json: bool, reports: tuple[str, ...],
) -> None:
    """Put every hostile object in the way of every step: FIFOs, links, devices, files that change under the collector's hands.

    Each number counts the places of a pass at which the object was swapped in before that step. The
    exit code is 1 if any of them broke a clause. It is 10 where the machine was too busy to tell.

    \b
    simulate matrix
    simulate matrix --collector py:myagent.collector:build --object '*link*'
    """
    began = Beginning()
    world = _world(collector, world)
    names = picked(objects(), patterns, "hostile object", "--object", hint=f"there are: {', '.join(objects())}")
    chosen = [objects()[name] for name in names]
    with open_destinations(reports, _FORMATS) as destinations:
        on_stdout = any(destination.path == "-" for destination in destinations)
        if on_stdout and as_json:
            raise BadInput("goes with no report on standard output", where="--json")
        found: list[Row] = []
        with output.progress("matrix", len(chosen)) as advance:
            for row in rows(chosen, collector, world, seed=seed, workers=jobs, timeout=timeout):
                found.append(row)
                advance()
        order = list(objects())
        found.sort(key=lambda row: order.index(row.name))
        code = worst(map(_exit_of, found))
        results = [verdict_of_row(row, collector, seed, world) for row in found]
        report = report_data(collector, seed, results, code, origin=began.origin("matrix"))

        def shown() -> None:
            if as_json:
                click.echo(json.dumps([_as_data(row) for row in found], indent=2))
            _show(output.console(stderr=as_json or on_stdout), found)

        output.tell(shown, *(partial(write_report, destination, report, results) for destination in destinations))
    ctx.exit(code)


def _world(collector: str, asked: str) -> str:
    """Where it runs. Raises BadInput for a collector that nothing can be put in the way of."""
    check_spec(collector)
    if is_program(collector) and (why := unheard()):
        raise BadInput(
            f"nothing can be put between the calls of a program, which has no hooks ({why})", where="--collector"
        )
    return world_for(collector, asked)


def _exit_of(row: Row) -> Exit:
    if row.failed.total() or (row.death and not row.starved):
        return Exit.NOT_CONFORMANT
    return Exit.INCONCLUSIVE if row.starved else Exit.CONFORMANT


def _as_data(row: Row) -> dict[str, object]:
    return {
        "object": row.name,
        "steps": {step: {"tried": row.tried[step], "failed": row.failed[step]} for step in STEPS},
        "death": row.death,
        "failures": [failure._asdict() for failure in row.kept],
    }


def _show(console: Console, found: Sequence[Row]) -> None:
    title = "Places where each object was in the way, before each step"
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column("object", no_wrap=True)
    for step in STEPS:
        table.add_column(step, justify="right", no_wrap=True)
    for row in found:
        table.add_row(row.name, *(_cell(row, step) for step in STEPS))
    console.print(table)
    for row in found:
        for failure in row.kept:
            told = f"{failure.slug}, before {failure.variant}: {failure.reason}"
            console.print(f"[bold red]{escape(row.name)}[/bold red] {escape(safe(told, 300))}", highlight=False, soft_wrap=True)
        if row.death:
            console.print(f"[bold red]{escape(row.name)}[/bold red] {escape(safe(row.death, 300))}", highlight=False)
    tried, failed = (sum(getattr(row, name).total() for row in found) for name in ("tried", "failed"))
    style = "bold red" if failed or any(row.death for row in found) else "green"
    told = f"{counted(len(found), 'object')}, {counted(tried, 'place')}"
    console.print(f"{told}, [{style}]{failed:,} failed[/]", highlight=False)


def _cell(row: Row, step: str) -> str:
    if not row.tried[step]:
        return "·"
    return f"[bold red]{row.failed[step]}[/bold red]/{row.tried[step]}" if row.failed[step] else str(row.tried[step])
