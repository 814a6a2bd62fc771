"""What came of a conformance run, for a person: the clauses, then what failed by its causes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ..base import counted
from ..judging import FAILING, STYLES, Conformance, ScenarioVerdict, is_failure
from ..safe import safe
from .causes import Cause, ExpectedCause, causes, expected_causes, places_of
from .json_report import scenario_data
from .paragraphs import paragraph, paragraphs, whole
from .said import LONGEST_COMMAND, cause_of, found_lines, hurried_line, told_lines, victims_line

#: Lines of what a collector printed and logged that are shown unasked.
_MOST_OF_ONE = 5
#: Clauses of one cause that are told with their records; of the others what was found.
_MOST_CLAUSES = 5
#: Columns that a narrow terminal does without.
_DISPENSABLE, _WIDE = {"level", "scenarios"}, 80
_WORDS = {"pass": "passed", "fail": "failed", "skip": "skipped", "error": "not judged"}


def show_conformance(
    console: Console,
    conformance: Conformance,
    collector: str,
    *,
    stopped: bool,
    verbose: bool = False,
    quiet: bool = False,
    slowest: int = 0,
    changes: Sequence[str] = (),
) -> None:
    """Print what came of a conformance run: the clauses, failures last, then what failed by its
    causes.

    ``verbose``: with all that the collector said, also in scenarios that passed. ``quiet``: only
    failures, and what it comes to. ``slowest``: how many of the slowest runs are told. ``changes``:
    lines on what changed since a baseline.
    """
    scenarios = [scenario_data(result) for result in conformance.results]
    if not quiet:
        console.print(f"{escape(safe(collector))}: the contract, clause by clause", style="italic", highlight=False)
        console.print(_rows(conformance, is_wide=console.width >= _WIDE))
        if verbose:
            _show_said_by_all(console, scenarios)
        for expected in expected_causes(scenarios):
            _show_expected(console, expected)
    for result in sorted(conformance.results, key=lambda result: -result.wall_seconds)[:slowest]:
        paragraph(console, f"{result.wall_seconds:7.2f} s  {safe(result.id)} in the {result.world} world")
    paragraphs(console, changes)
    for cause in causes(scenarios):
        _show_cause(console, cause, verbose=verbose)
    for slug, name, reason in conformance.stale:
        paragraph(console, f"{slug or name}: {safe(reason, 300)}", head="stale", style="bold red")
    for result in conformance.starved:
        _show_starved(console, result)
    style = "bold red" if conformance.failures or conformance.stale else ""
    paragraph(console, _sum(conformance, stopped=stopped), style=style)


def _rows(conformance: Conformance, *, is_wide: bool) -> Table:
    """A row a clause. Why one failed that nobody expects stands below: there is room for it."""
    table = Table()
    names = ("clause", "level", "verdict", "scenarios", "why")
    shown = [name for name in names if is_wide or name not in _DISPENSABLE]
    for name in shown:
        table.add_column(name, overflow="fold", no_wrap=name == "clause")
    for row in sorted(conformance.rows, key=lambda row: row.verdict in FAILING):
        kind = f" ({row.kind})" if row.kind else ""
        verdict = f"[{STYLES[row.verdict]}]{row.verdict}[/]{kind}"
        why = "see below" if is_failure(row.verdict, row.kind) and row.scenarios else escape(safe(row.reason, 300))
        told = dict(zip(names, (row.slug, row.level, verdict, str(len(row.scenarios)), why), strict=True))
        table.add_row(*(told[name] for name in shown))
    return table


def _show_said_by_all(console: Console, scenarios: Sequence[dict[str, Any]]) -> None:
    """What was said where nothing failed."""
    for scenario in scenarios:
        if scenario["said"]["lines"] and scenario["verdict"] not in FAILING:
            paragraph(console, f"{safe(scenario['id'])} in the {scenario['world']} world:")
            paragraphs(console, told_lines(scenario["said"]), "    ")


def _sum(conformance: Conformance, *, stopped: bool) -> str:
    counts = Counter(row.verdict for row in conformance.rows)
    tried = sum(v["tried"] for result in conformance.results for v in result.variants.values())
    told = ", ".join(f"{counts[verdict]} {_WORDS[verdict]}" for verdict in STYLES if counts[verdict])
    unrun = sum(result.unrun for result in conformance.results)
    runs = f"{counted(len(conformance.results), 'scenario run')}, {counted(tried, 'variant')}"
    runs += f", {counted(unrun, 'variant')} not run" if unrun else ""
    return f"{f'clauses: {told}' if told else 'nothing selected'} · {runs}" + (" · stopped early" if stopped else "")


def _show_cause(console: Console, cause: Cause, *, verbose: bool) -> None:
    """One cause: where it fails, what the collector said, what was found there first, and the line
    that shows it."""
    first, count = cause.scenarios[0], counted(len(cause.scenarios), "scenario run")
    paragraph(console, safe(cause.title, 400), head="failed", style="bold red")
    paragraph(console, f"in {count}: {safe(places_of(cause), 100_000)}", "    ")
    paragraphs(console, told_lines(cause.said, None if verbose else _MOST_OF_ONE), "    ")
    for number, (slug, reason) in enumerate(cause.clauses.items()):
        if number < _MOST_CLAUSES or verbose:
            paragraph(console, f"{slug}:", "    ")
            paragraphs(console, found_lines(slug, reason, cause.stories.get(slug, ())), "        ")
        else:
            paragraph(console, f"{slug}: {safe(reason, 400)}", "    ")
    paragraphs(console, cause_of(first), "    ")
    if first["victims"]:
        paragraph(console, victims_line(first["victims"]), "    ")
    if hurried := first.get("hurried"):
        paragraph(console, hurried_line(hurried), "    ")
    whole(console, f"again: {safe(first['reproduce'], LONGEST_COMMAND)}", "    ")


def _show_starved(console: Console, result: ScenarioVerdict) -> None:
    """One that the machine did not let come to an end: nobody's failure, and no pass of anybody."""
    told = f"{result.id} in the {result.world} world: {result.detail}"
    paragraph(console, safe(told, 400), head="inconclusive", style="yellow")
    whole(console, f"again: {safe(result.reproduce, LONGEST_COMMAND)}", "    ")


def _show_expected(console: Console, cause: ExpectedCause) -> None:
    """What an entry of a profile or list expects: one line, since nobody has to do anything."""
    slugs = ", ".join(dict.fromkeys(slug for _, _, slug, _ in cause.places))
    runs = counted(len({place[:2] for place in cause.places}), "scenario run")
    told = f"expected by {cause.by} ({cause.kind}): {cause.why}; {slugs} in {runs}"
    paragraph(console, safe(told, 1_000), style="dim")
