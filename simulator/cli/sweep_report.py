"""What a sweep came to, for people: on the terminal, and as a web page with plots."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

from rich.console import Console
from rich.markup import escape as marked
from rich.table import Table

from ..base import BadInput
from ..safe import safe, write_whole
from ..sweep import Departure, Summary

_WIDTH, _HEIGHT = 720, 18
_LONGEST = 160
_HEAD = (
    "<!doctype html><html lang='en'><meta charset='utf-8'><meta http-equiv='Content-Security-Policy' "
    "content=\"default-src 'none'; style-src 'unsafe-inline'\"><title>A sweep</title>"
    "<style>body{font:14px sans-serif;margin:2em}rect{fill:#48c}text{font:12px sans-serif}</style>"
)


def show(console: Console, summary: Summary, parted: Sequence[Departure]) -> None:
    """Rates, failures by signature, fates, clauses and probes that nothing exercised."""
    verdicts = ", ".join(f"{count:,} {marked(safe(verdict))}" for verdict, count in sorted(summary.verdicts.items()))
    worlds = ", ".join(f"{count:,} {marked(safe(world))}" for world, count in sorted(summary.worlds.items()))
    console.print(
        f"{summary.runs:,} runs of {marked(safe(summary.collector))} ({worlds}): {verdicts or 'nothing was run'}"
    )
    if summary.runs:
        each = (summary.made + summary.took) / summary.runs
        console.print(
            f"{1 / each:,.0f} runs a second and worker; "
            f"making a scenario takes {summary.made / summary.runs * 1e3:.2f} ms of {each * 1e3:.1f} ms"
        )
    _show_signatures(console, summary)
    console.print(f"fates: {', '.join(f'{marked(safe(fate))} {count:,}' for fate, count in summary.fates.items())}")
    console.print(f"clauses judged: {len(summary.judged)}" + _never("never exercised", summary.never_judged))
    console.print(f"probes reached: {len(summary.probes)}" + _never("never reached", summary.never_reached))
    for one in parted:
        console.print(
            f"not deterministic: seed {one.seed} ({marked(safe(one.world))} world) parts at record {one.record}, "
            f"by {marked(safe(one.actor))}",
            style="bold red",
        )
        if one.hurried:
            console.print("  threads computed beside each other: the order of their calls was the machine's")
        console.print(f"  here:  {marked(safe(one.here, _LONGEST))}\n  there: {marked(safe(one.there, _LONGEST))}")


def _never(what: str, names: Sequence[str]) -> str:
    return f"; {what}: {', '.join(names)}" if names else ""


def _show_signatures(console: Console, summary: Summary) -> None:
    if not summary.signatures:
        return
    table = Table("failure", "runs", "seeds", "the first", title="What failed", title_justify="left")
    for one in summary.signatures:
        seeds = ", ".join(str(seed) for seed, _ in one.examples)
        table.add_row(marked(safe(one.name)), f"{one.count:,}", seeds, marked(safe(one.reason, _LONGEST)))
    console.print(table)


def write_html(path: Path, summary: Summary) -> None:
    """One file that loads nothing. Raises BadInput where it cannot be written."""
    try:
        write_whole(path, page(summary))
    except OSError as error:
        raise BadInput(f"cannot be written: {error.strerror}", where=str(path)) from None


def page(summary: Summary) -> str:
    """The summary as a page: every text made safe and escaped, plots as inline SVG, no script."""
    failures = {one.name: one.count for one in summary.signatures}
    parts = [
        _HEAD,
        f"<h1>{summary.runs:,} runs of {_text(summary.collector)}</h1>",
        _plot("Verdicts", summary.verdicts),
        _plot("Failures by signature", failures),
        _plot("Fates", summary.fates),
        _plot(
            "Probes: runs that reached them",
            {name: summary.probes.get(name, 0) for name in (*summary.probes, *summary.never_reached)},
        ),
        _plot("Probes over seeds: the first seed that reached one", summary.first),
        _plot(
            "Clauses: runs that gave them something to judge",
            {slug: summary.judged.get(slug, 0) for slug in (*summary.judged, *summary.never_judged)},
        ),
    ]
    return "".join(parts) + "</html>\n"


def _plot(title: str, counts: dict[str, int]) -> str:
    """Bars, one under the other."""
    if not counts:
        return f"<h2>{_text(title)}</h2><p>none</p>"
    most = max(1, *counts.values())
    bars = []
    for row, (name, count) in enumerate(sorted(counts.items(), key=lambda one: (-one[1], one[0]))):
        width = round(count / most * _WIDTH / 2)
        y = row * _HEIGHT
        bars.append(
            f"<text x='0' y='{y + 13}'>{_text(name)}</text>"
            f"<rect x='{_WIDTH // 3}' y='{y + 3}' width='{width}' height='{_HEIGHT - 6}'/>"
            f"<text x='{_WIDTH // 3 + width + 6}' y='{y + 13}'>{count:,}</text>"
        )
    height = len(counts) * _HEIGHT
    return f"<h2>{_text(title)}</h2><svg width='{_WIDTH}' height='{height}' role='img'>{''.join(bars)}</svg>"


def _text(text: str) -> str:
    return escape(safe(text, _LONGEST))
