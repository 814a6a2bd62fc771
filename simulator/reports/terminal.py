"""The report that a person reads: who wrote, what became of it, which clauses held, and how to see it again."""

from __future__ import annotations

from collections import Counter

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ..judging import FAILING, FATES, RED, STYLES, UNSEEN, Conformance, ScenarioVerdict
from ..safe import safe

_RED_FATES = {*RED, "duplicated"}


def show(console: Console, result: ScenarioVerdict, title: str) -> None:
    """Print one scenario's report."""
    console.print(
        f"[bold]{escape(result.id)}[/bold] · {escape(title)} · seed {result.seed} · {result.world} world",
        highlight=False,
    )
    console.print()
    if result.extensions:
        console.print(_fates(result))
    console.print(_clauses(result))
    if result.detail:
        console.print(f"[bold red]{escape(safe(result.detail))}[/bold red]", highlight=False)
    for name, count in result.victims.items():
        console.print(f"[bold red]victim:[/bold red] {escape(safe(name))}, {count} events", highlight=False)
    for kind, counts in result.variants.items():
        style = "bold red" if counts["failed"] else "green"
        console.print(f"exhausted {kind}: {counts['tried']:,} tried, [{style}]{counts['failed']:,} failed[/]", highlight=False)
    if result.met:
        told = ", ".join(f"{label} {count:,}" for label, count in result.met.items())
        console.print(f"steps fell before: {escape(safe(told, 400))}", highlight=False)
    if result.invented:
        console.print(f"[bold red]invented:[/bold red] {result.invented} events that nobody wrote", highlight=False)
    passed = sum(clause.verdict == "pass" for clause in result.clauses)
    console.print(
        f"[{STYLES[result.verdict]}]{result.verdict.upper()}[/] {passed} of {len(result.clauses)} clauses · "
        f"{_duration(result.virtual_seconds)} simulated in {result.wall_seconds:.2f} s",
        highlight=False,
    )
    unseen = [clause.slug for clause in result.clauses if clause.kind == UNSEEN]
    if unseen and result.verdict == "skip":
        console.print(f"[yellow]no pass:[/] the run showed nothing of {', '.join(unseen)}", highlight=False)
    if result.history_sha256:
        console.print(f"history {result.history_sha256}", highlight=False)
    console.print(f"again:  {escape(safe(result.reproduce, 400))}", highlight=False, soft_wrap=True)


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


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02d} min {rest:02d} s" if hours else f"{minutes} min {rest:02d} s"


def show_conformance(console: Console, conformance: Conformance, collector: str, *, stopped: bool) -> None:
    """Print what came of a conformance run: the clauses, failures last, each with the line that shows it again."""
    table = Table(title=f"{escape(safe(collector))}: the contract, clause by clause", title_justify="left")
    for name in ("clause", "level", "verdict", "scenarios", "why"):
        table.add_column(name, overflow="fold", no_wrap=name == "clause")
    for row in sorted(conformance.rows, key=lambda row: row.verdict in FAILING):
        kind = f" ({row.kind})" if row.kind else ""
        verdict = f"[{STYLES[row.verdict]}]{row.verdict}[/]{kind}"
        table.add_row(row.slug, row.level, verdict, str(len(row.scenarios)), escape(safe(row.reason, 300)))
    console.print(table)
    for result in conformance.failures:
        console.print(f"[bold red]{result.verdict}[/bold red] {escape(result.id)} in the {result.world} world", highlight=False)
        for clause in result.clauses:
            if clause.verdict in FAILING:
                console.print(f"    {clause.slug}: {escape(safe(clause.reason, 400))}", highlight=False, soft_wrap=True)
        console.print(f"    again: {escape(safe(result.reproduce, 400))}", highlight=False, soft_wrap=True)
    for slug, scenario, reason in conformance.stale:
        console.print(f"[bold red]stale[/bold red] {slug or scenario}: {escape(safe(reason, 300))}", highlight=False)
    counts = Counter(row.verdict for row in conformance.rows)
    tried = sum(v["tried"] for result in conformance.results for v in result.variants.values())
    told = ", ".join(f"[{STYLES[verdict]}]{counts[verdict]} {verdict}[/]" for verdict in STYLES if counts[verdict])
    console.print(
        f"{told or 'nothing selected'} · {len(conformance.results)} scenario runs, {tried:,} variants"
        + (" · stopped early" if stopped else ""),
        highlight=False,
    )
