"""The report that a person reads: who wrote, what became of it, which clauses held, and how to see it again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ..base import counted
from ..core import Said
from ..judging import FAILING, FATES, NO_WORLD, RED, STYLES, UNSEEN, Conformance, ScenarioVerdict
from ..safe import safe
from .causes import Cause, ExpectedCause, causes, expected_causes, places_of
from .json_report import scenario_data
from .said import LONGEST_COMMAND, cause_lines, said_data, story_lines, told_lines

#: Lines of what a collector printed and logged that are shown unasked.
_MOST_LINES, _MOST_OF_ONE = 20, 5
_WORDS = {"fail": "failed", "error": "not judged", "pass": "passed", "skip": "skipped"}
_RED_FATES = {*RED, "duplicated"}


def show(console: Console, result: ScenarioVerdict, title: str, *, verbose: bool = False) -> None:
    """Print one scenario's report. ``verbose``: with all that the collector said, also where
    nothing failed."""
    console.print(
        f"[bold]{escape(result.id)}[/bold] · {escape(title)} · seed {result.seed} · {result.world} world",
        highlight=False,
    )
    console.print()
    if result.extensions:
        console.print(_fates(result))
    console.print(_clauses(result))
    for clause in result.clauses:
        _lines(console, story_lines(clause.slug, clause.story))
    _lines(console, (safe(line, 400) for line in result.story))
    _lines(console, cause_lines(result.cause))
    if result.detail:
        console.print(f"[bold red]{escape(safe(result.detail))}[/bold red]", highlight=False)
    for name, count in result.victims.items():
        told = f"{escape(safe(name))}, {counted(count, 'event')}"
        console.print(f"[bold red]victim:[/bold red] {told}", highlight=False)
    if result.unrun:
        console.print(f"[yellow]{counted(result.unrun, 'variant')} not run[/]", highlight=False)
    for kind, counts in result.variants.items():
        style = "bold red" if counts["failed"] else "green"
        console.print(f"exhausted {kind}: {counts['tried']:,} tried, [{style}]{counts['failed']:,} failed[/]", highlight=False)
    if result.met:
        told = ", ".join(f"{label} {count:,}" for label, count in result.met.items())
        console.print(f"steps fell before: {escape(safe(told, 400))}", highlight=False)
    if result.invented:
        told = f"{counted(result.invented, 'event')} that nobody wrote"
        console.print(f"[bold red]invented:[/bold red] {told}", highlight=False)
    if verbose or result.verdict in FAILING:
        show_said(console, result.said, verbose=verbose)
    console.print(
        f"[{STYLES[result.verdict]}]{result.verdict.upper()}[/] {_sum(result)} · "
        f"{_duration(result.virtual_seconds)} simulated{_in_time(result)}",
        highlight=False,
    )
    unseen = [clause.slug for clause in result.clauses if clause.kind == UNSEEN]
    if unseen and result.verdict == "skip":
        console.print(f"[yellow]no pass:[/] the run showed nothing of {', '.join(unseen)}", highlight=False)
    if result.history_sha256:
        console.print(f"history {result.history_sha256}", highlight=False)
    console.print(f"again:  {escape(safe(result.reproduce, LONGEST_COMMAND))}", highlight=False, soft_wrap=True)


def show_said(console: Console, said: Said, *, verbose: bool) -> None:
    """Print what a collector said beside a failure."""
    _lines(console, told_lines(said_data(said), None if verbose else _MOST_LINES))


def _lines(console: Console, lines: Iterable[str], indent: str = "") -> None:
    for line in lines:
        console.print(f"{indent}{escape(line)}", highlight=False, soft_wrap=True, markup=True)


def _sum(result: ScenarioVerdict) -> str:
    """``14 of 14 clauses passed``, or first what failed: a count must not be read as another
    one's."""
    total = len(result.clauses)
    counts = Counter(clause.verdict for clause in result.clauses)
    told = [f"{counts[verdict]} {word}" for verdict, word in _WORDS.items() if counts[verdict]]
    if not told:
        return "no clause was judged"
    first, *rest = told
    number, word = first.split(" ", 1)
    return ", ".join([f"{number} of {counted(total, 'clause')} {word}", *rest])


def _fates(result: ScenarioVerdict) -> Table:
    table = Table(title="Who wrote what, and what became of it", title_justify="left")
    table.add_column("extension", overflow="fold")
    table.add_column("producer")
    for name in ("files", "bytes", "events"):
        table.add_column(name, justify="right")
    fates = [fate for fate in FATES if result.fates.get(fate)]
    for fate in fates:
        table.add_column(fate, justify="right", style="red" if fate in _RED_FATES else "")
    for name, entry in result.extensions.items():
        style = "yellow" if entry["role"] == "attacker" else ""
        counts = (f"{entry['fates'][fate]:,}" if fate in entry["fates"] else "·" for fate in fates)
        table.add_row(
            escape(safe(name, 60)),
            entry["producer"],
            f"{entry['files']:,}",
            f"{entry['bytes']:,}",
            f"{entry['written']:,}",
            *counts,
            style=style,
        )
    return table


def _clauses(result: ScenarioVerdict) -> Table:
    table = Table(title="Clauses", title_justify="left", show_edge=True)
    table.add_column("clause", no_wrap=True)
    table.add_column("level")
    table.add_column("verdict")
    table.add_column("why", overflow="fold")
    for clause in sorted(result.clauses, key=lambda clause: clause.verdict in FAILING):
        table.add_row(
            clause.slug,
            clause.level,
            f"[{STYLES[clause.verdict]}]{clause.verdict}[/]",
            escape(safe(clause.reason, 400)),
        )
    return table


def _in_time(result: ScenarioVerdict) -> str:
    """How long the run took; nobody knows that of a history that was saved."""
    return "" if result.world == NO_WORLD else f" in {result.wall_seconds:.2f} s"


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02d} min {rest:02d} s" if hours else f"{minutes} min {rest:02d} s"


def show_conformance(
    console: Console,
    conformance: Conformance,
    collector: str,
    *,
    stopped: bool,
    verbose: bool = False,
    slowest: int = 0,
) -> None:
    """Print what came of a conformance run: the clauses, failures last, then what failed by its
    causes.

    ``verbose``: with all that the collector said, also in scenarios that passed. ``slowest``: how
    many of the slowest runs are told.
    """
    table = Table(title=f"{escape(safe(collector))}: the contract, clause by clause", title_justify="left")
    for name in ("clause", "level", "verdict", "scenarios", "why"):
        table.add_column(name, overflow="fold", no_wrap=name == "clause")
    for row in sorted(conformance.rows, key=lambda row: row.verdict in FAILING):
        kind = f" ({row.kind})" if row.kind else ""
        verdict = f"[{STYLES[row.verdict]}]{row.verdict}[/]{kind}"
        table.add_row(row.slug, row.level, verdict, str(len(row.scenarios)), escape(safe(row.reason, 300)))
    console.print(table)
    scenarios = [scenario_data(result) for result in conformance.results]
    if verbose:
        for scenario in scenarios:
            if scenario["said"]["lines"] and scenario["verdict"] not in FAILING:
                _lines(console, [f"{scenario['id']} in the {scenario['world']} world:"])
                _lines(console, told_lines(scenario["said"]), "    ")
    for expected in expected_causes(scenarios):
        _show_expected(console, expected)
    for cause in causes(scenarios):
        _show_cause(console, cause, verbose=verbose)
    for slug, name, reason in conformance.stale:
        console.print(f"[bold red]stale[/bold red] {slug or name}: {escape(safe(reason, 300))}", highlight=False)
    for result in conformance.starved:
        _show_starved(console, result)
    for result in sorted(conformance.results, key=lambda result: -result.wall_seconds)[:slowest]:
        told = f"{result.wall_seconds:7.2f} s  {escape(result.id)} in the {result.world} world"
        console.print(told, highlight=False, soft_wrap=True)
    counts = Counter(row.verdict for row in conformance.rows)
    tried = sum(v["tried"] for result in conformance.results for v in result.variants.values())
    told = ", ".join(f"[{style}]{counts[word]} {_WORDS[word]}[/]" for word, style in STYLES.items() if counts[word])
    unrun = sum(result.unrun for result in conformance.results)
    runs = f"{counted(len(conformance.results), 'scenario run')}, {counted(tried, 'variant')}"
    runs += f", {counted(unrun, 'variant')} not run" if unrun else ""
    console.print(
        f"{f'clauses: {told}' if told else 'nothing selected'} · {runs}" + (" · stopped early" if stopped else ""),
        highlight=False,
    )


def _show_cause(console: Console, cause: Cause, *, verbose: bool) -> None:
    """One cause: where it fails, what was found there first, what the collector said, and the line
    that shows it."""
    count = counted(len(cause.scenarios), "scenario run")
    console.print(f"[bold red]failed[/bold red] {escape(safe(cause.title, 400))}", highlight=False, soft_wrap=True)
    _lines(console, [f"in {count}: {safe(places_of(cause), 100_000)}"], "    ")
    _lines(console, [f"{slug}: {safe(reason, 400)}" for slug, reason in cause.clauses.items()], "    ")
    for slug, story in cause.stories.items():
        _lines(console, story_lines(slug, story), "    ")
    _lines(console, cause_lines(cause.scenarios[0]["cause"]), "    ")
    _lines(console, told_lines(cause.said, None if verbose else _MOST_OF_ONE), "    ")
    _lines(console, [f"again: {safe(cause.scenarios[0]['reproduce'], LONGEST_COMMAND)}"], "    ")


def _show_starved(console: Console, result: ScenarioVerdict) -> None:
    """One that the machine did not let come to an end: nobody's failure, and no pass of anybody."""
    told = f"{result.id} in the {result.world} world: {result.detail}"
    console.print(f"[yellow]inconclusive[/yellow] {escape(safe(told, 400))}", highlight=False, soft_wrap=True)
    _lines(console, [f"again: {safe(result.reproduce, LONGEST_COMMAND)}"], "    ")


def _show_expected(console: Console, cause: ExpectedCause) -> None:
    """What an entry of a profile or list expects: one line, since nobody has to do anything."""
    slugs = ", ".join(dict.fromkeys(slug for _, _, slug, _ in cause.places))
    runs = counted(len({place[:2] for place in cause.places}), "scenario run")
    told = f"expected by {cause.by} ({cause.kind}): {cause.why}; {slugs} in {runs}"
    console.print(escape(safe(told, 1_000)), style="dim", highlight=False, soft_wrap=True)
