"""What a load tells people when it is over, from its report alone."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ..safe import safe
from .disk_limits import size_text
from .figures import descriptors, seconds
from .report import COLUMNS

_RED = frozenset({"duplicated", "altered", "undue", "lost"})
_EXPLAINED = {
    "ledger": "the collector's own ledger", "passes": "the passes in which its deliveries reached the quota",
    "none": "nothing: passes are not known, so what is over the quota counts as lost",
}  # fmt: skip


def show(console: Console, report: dict[str, Any], clean: str) -> None:
    """Print it. ``clean``: the line that removes what stands."""
    say = console.print
    say(f"[bold]{escape(safe(report['scenario']))}[/bold] · seed {report['seed']} · {report['asked']['rate']:,.6g} events/s asked · "
        f"{escape(safe(report['collector'] or 'an agent of its own'))}", highlight=False)  # fmt: skip
    say()
    say(_table(report))
    for line in _lines(report):
        say(escape(line), highlight=False, soft_wrap=True)
    for one in report["thresholds"]:
        style = {"kept": "green", "crossed": "bold red", "unknown": "yellow"}[one["outcome"]]
        value = "unknown" if one["value"] is None else f"{one['value']:,.6g}"
        say(f"threshold {one['metric']}: {value}, at most {one['most']:,.6g}: [{style}]{one['outcome']}[/]", highlight=False)
    for reason in report["reasons"]:
        say(f"[bold red]{escape(safe(reason, 400))}[/]", highlight=False, soft_wrap=True)
    say(f"[{'green' if report['exit'] == 0 else 'bold red'}]{'PASS' if report['exit'] == 0 else 'exit ' + str(report['exit'])}[/]", highlight=False)
    say(f"clean:  {escape(clean)}", highlight=False, soft_wrap=True)
    say(f"again:  {escape(safe(report['reproduce'], 800))}", highlight=False, soft_wrap=True)


def _table(report: dict[str, Any]) -> Table:
    table = Table(title="Who wrote what, and what became of it", title_justify="left")
    table.add_column("extension", overflow="fold", min_width=24)
    for name in ("files", "bytes", "events"):
        table.add_column(name, justify="right")
    shown = [name for name in COLUMNS if report["fates"][name] or (name in {"lost", "duplicated"} and report["fates"][name] is not None)]
    for name in shown:
        table.add_column(name, justify="right", style="red" if name in _RED and report["fates"][name] else "")
    for name, one in report["extensions"].items():
        counts = (f"{one['fates'][fate]:,}" if one["fates"][fate] else "·" for fate in shown)
        style = "yellow" if one["role"] == "attacker" else ""
        table.add_row(escape(safe(name, 60)), f"{one['files']:,}", f"{one['bytes']:,}", f"{one['written']:,}", *counts, style=style)
    table.add_section()
    made = report["generator"]
    table.add_row("together", f"{made['files']:,}", f"{made['bytes']:,}", f"{made['events']:,}", *(f"{report['fates'][fate]:,}" for fate in shown))
    return table


def _lines(report: dict[str, Any]) -> list[str]:
    lines = [*_of_generator(report), *_of_agent(report["agent"])]
    if report["explained_by"] and (report["fates"]["lost"] or report["fates"]["discarded"]):
        lines.append(f"lost and discarded are told apart by {_EXPLAINED[report['explained_by']]}")
    if report["lost_in_flight"]:
        lines.append(f"of the lost, {report['lost_in_flight']:,} were written during the pass in which their file went (clean.in-flight)")
    if report["invented"]:
        lines.append(f"invented   {report['invented']:,} events that nobody wrote")
    if report["settings_not_offered"]:
        lines.append(f"settings that the collector does not offer: {safe(', '.join(report['settings_not_offered']))}")
    if report["agent"]["ended"]:
        lines += [f"stderr     {line}" for line in report["agent"]["stderr"][-5:]]
    return lines


def _of_generator(report: dict[str, Any]) -> list[str]:
    made = report["generator"]
    held = "held its rate" if made["held"] else "could not hold its rate"
    lines = [f"generator  {made['rate']:,.6g} events/s for {made['seconds']:,.1f} s, {held}; late by {_spread(made['lateness'])}"]
    if made["errors"]:
        lines.append("           steps that failed: " + ", ".join(f"{name} {count:,}" for name, count in sorted(made["errors"].items())))
    if report["asked"]["left_out"]:
        lines.append(f"           left out, as they write agent events: {safe(', '.join(report['asked']['left_out']))}")
    return lines


def _of_agent(agent: dict[str, Any]) -> list[str]:
    backlog, passes, process = agent["backlog"], agent["passes"], agent["process"]
    lines = []
    lines.append(
        f"backlog    {backlog['max_files']:,} files, {size_text(backlog['max_bytes'])}, {backlog['max_age']:.1f} s old at most; "
        f"{backlog['end_files']:,} files at the end; {agent['taken_files']:,} files were taken"
    )
    if agent["latency"]:
        lines.append(f"latency    written to delivered: {_spread(agent['latency'])}")
    if passes:
        lines.append(f"passes     {passes['count']:,}: {_spread(passes['seconds'])}")
        lines += [f"           {count:,} failed: {safe(error, 200)}" for error, count in passes["errors"].items()]
    if process:
        growth = process["rss_growth"]
        grown = "growth unknown" if growth is None else f"grew by {size_text(growth)} after {process['warm_after']:.0f} s"
        lines.append(
            f"agent      {process['cpu_percent']:.1f} % CPU, "
            f"{size_text(process['rss_max'])} resident at most, {grown}; "
            f"{descriptors(process['descriptors_max'])} at most"
        )
    return lines


def _spread(one: dict[str, float]) -> str:
    return f"{seconds(one['p50'])} (p50), {seconds(one['p99'])} (p99), {seconds(one['max'])} at most"
