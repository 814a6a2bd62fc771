"""``simulate report``: any report, later, from what was saved."""

from __future__ import annotations

import click

from ..base import BadInput
from ..reports import FORMATS, FROM_HISTORIES, write_report
from ..safe import open_destinations
from . import options
from .origin import Beginning
from .saved import from_history, from_report, is_report, saved_bytes


@click.command("report")
@click.argument("saved", metavar="HISTORY|REPORT")
@options.report
@click.option(
    "--scenario", default="", metavar="NAME|FILE", help="Whose clauses are judged; default: what the history names."
)
def report_command(saved: str, reports: tuple[str, ...], scenario: str) -> None:
    """Write reports of what was saved: of a history (`--report ndjson=PATH`), judged by today's
    judges, or of a JSON report, as it was written.

    \b
    simulate report flood.ndjson --report html=flood.html --report junit=flood.xml
    simulate report conformance.json --report html=conformance.html

    Exit code 0: they are written, whatever they say.
    """
    began = Beginning()
    if not reports:
        raise BadInput("no report is named", where="--report", hint=f"FORMAT=PATH; formats: {', '.join(FORMATS)}")
    with open_destinations(reports, FORMATS) as destinations:
        data = saved_bytes(saved)
        if is_report(data):
            lacking = [one.format for one in destinations if one.format in FROM_HISTORIES]
            if lacking:
                raise BadInput(f"{lacking[0]} is made of a history, and {saved} is a report", where="--report")
            found = from_report(data, saved)
        else:
            found = from_history(data, saved, scenario, began.origin("report"))
        for destination in destinations:
            write_report(destination, found.report, found.results)
