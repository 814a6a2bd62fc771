"""``simulate recheck``: an old history before today's judges."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import click
from rich.console import Console

from ..judging import ClauseRow, Conformance
from ..reports import FORMATS, change_lines, show, show_conformance, write_report
from ..safe import open_destinations
from . import options, output
from .against import Against, exit_of
from .origin import Beginning
from .saved import Saved, from_history, saved_bytes


@click.command("recheck")
@click.argument("history", metavar="HISTORY")
@click.option(
    "--scenario", default="", metavar="NAME|FILE", help="Whose clauses are judged; default: what the history names."
)
@options.report
@options.baseline
@options.verbose
@options.quiet
@click.pass_context
def recheck_command(
    ctx: click.Context,
    history: str,
    scenario: str,
    reports: tuple[str, ...],
    verbose: bool,
    quiet: bool,
    baseline: str,
    fail_on: str,
) -> None:
    """Judge a saved history anew: what `--report ndjson=PATH` wrote, by today's judges.

    Nothing runs. So what takes a second run beside the first is skipped, and says so.

    \b
    simulate recheck flood.ndjson
    """
    began = Beginning()
    against = Against(baseline, fail_on)
    with open_destinations(reports, FORMATS) as destinations:
        found = from_history(saved_bytes(history), history, scenario, began.origin("recheck"))
        console = output.console(stderr=any(destination.path == "-" for destination in destinations))
        report = against.compared(found.report)

        def shown() -> None:
            _show(console, found, change_lines(report), verbose=verbose, quiet=quiet)

        output.tell(shown, *(partial(write_report, destination, report, found.results) for destination in destinations))
    ctx.exit(exit_of(report))


def _show(console: Console, found: Saved, changes: Sequence[str], *, verbose: bool, quiet: bool) -> None:
    """One history as a run is shown, several as a conformance run."""
    if len(found.results) == 1:
        (result,) = found.results
        show(console, result, result.title, verbose=verbose, quiet=quiet, changes=changes)
        return
    rows = [ClauseRow(**{**row, "scenarios": tuple(row["scenarios"])}) for row in found.report["clauses"]]
    conformance = Conformance(tuple(rows), tuple(found.results), (), exit_of(found.report))
    show_conformance(
        console, conformance, found.report["collector"], stopped=False, verbose=verbose, quiet=quiet, changes=changes
    )
