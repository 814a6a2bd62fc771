"""The report that a person reads: who wrote, what became of it, which clauses held, and how to see it again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence

from rich.console import Console
from rich.markup import escape
from rich.measure import Measurement
from rich.table import Table

from ..base import counted
from ..core import Said
from ..judging import FAILING, FATES, NO_WORLD, RED, STYLES, UNSEEN, ScenarioVerdict
from ..safe import safe
from .paragraphs import paragraph, paragraphs, whole
from .said import LONGEST_COMMAND, cause_lines, found_lines, hurried_line, said_data, told_lines, victims_line

#: Lines of what a collector printed and logged that are shown unasked.
_MOST_LINES = 20
_WORDS = {"fail": "failed", "error": "not judged", "pass": "passed", "skip": "skipped"}
_RED_FATES = {*RED, "duplicated"}
_TEXTS = {"extension", "producer"}
#: Columns that a narrow terminal does without, the first first, and where a level has room.
_DISPENSABLE, _WIDE = ("bytes", "files", "producer"), 80


def show(
    console: Console,
    result: ScenarioVerdict,
    title: str,
    *,
    verbose: bool = False,
    quiet: bool = False,
    changes: Sequence[str] = (),
) -> None:
    """Print one scenario's report, failures last. ``verbose``: with all that the collector said,
    also where nothing failed. ``quiet``: only failures, and what it comes to. ``changes``: lines on
    what changed since a baseline.
    """
    if not quiet:
        told = f"· {safe(title)} · seed {result.seed} · {result.world} world"
        paragraph(console, told, head=result.id, style="bold")
        console.print()
        _show_tables(console, result)
        paragraphs(console, (safe(line, 400) for line in result.story))
        paragraphs(console, _counts(result))
    if verbose or (result.verdict in FAILING and not quiet):
        show_said(console, result.said, verbose=verbose)
    paragraphs(console, changes)
    _show_failures(console, result)
    if result.hurried and (result.verdict in FAILING or not quiet):
        paragraph(console, hurried_line(result.hurried))
    _show_end(console, result, quiet=quiet)


def _show_tables(console: Console, result: ScenarioVerdict) -> None:
    if result.extensions:
        console.print("Who wrote what, and what became of it", style="italic")
        console.print(_fates(console, result))
    console.print("Clauses", style="italic")
    console.print(_clauses(console, result))


def _counts(result: ScenarioVerdict) -> Iterator[str]:
    """What became of variants."""
    for kind, counts in result.variants.items():
        yield f"exhausted {kind}: {counts['tried']:,} tried, {counts['failed']:,} failed"
    if result.unrun:
        yield f"{counted(result.unrun, 'variant')} not run"
    if result.met:
        told = ", ".join(f"{label} {count:,}" for label, count in result.met.items())
        yield f"steps fell before: {safe(told, 400)}"


def _show_failures(console: Console, result: ScenarioVerdict) -> None:
    """Each clause that failed: what it wants, what was found, and the records that show it; then
    what holds of all."""
    for clause in result.clauses:
        if clause.verdict in FAILING:
            told = f"{clause.slug} ({clause.level})"
            paragraph(console, told, head=_WORDS[clause.verdict], style=STYLES[clause.verdict])
            paragraphs(console, found_lines(clause.slug, clause.reason, clause.story), "    ")
    paragraphs(console, cause_lines(result.cause))
    if result.detail:
        paragraph(console, safe(result.detail), style="bold red")
    if result.victims:
        paragraph(console, victims_line(result.victims))
    if result.invented:
        paragraph(console, f"invented: {counted(result.invented, 'event')} that nobody wrote", style="bold red")


def _show_end(console: Console, result: ScenarioVerdict, *, quiet: bool) -> None:
    """What it comes to, and the line that shows it again."""
    told = f"{_sum(result)} · {_duration(result.virtual_seconds)} simulated{_in_time(result)}"
    paragraph(console, told, head=result.verdict.upper(), style=STYLES[result.verdict])
    unseen = [clause.slug for clause in result.clauses if clause.kind == UNSEEN]
    if unseen and result.verdict == "skip":
        paragraph(console, f"the run showed nothing of {', '.join(unseen)}", head="no pass:", style="yellow")
    if result.history_sha256 and not quiet:
        console.print(f"history {result.history_sha256}", highlight=False, soft_wrap=True)
    if not quiet or result.verdict != "pass":
        whole(console, f"again:  {safe(result.reproduce, LONGEST_COMMAND)}")


def show_said(console: Console, said: Said, *, verbose: bool) -> None:
    """Print what a collector said beside a failure."""
    paragraphs(console, told_lines(said_data(said), None if verbose else _MOST_LINES))


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


def _fates(console: Console, result: ScenarioVerdict) -> Table:
    """As many columns as there is room for: what became of events stays."""
    endless = console.options.update(width=10_000)
    table = _fates_without(result, ())
    for count in range(1, len(_DISPENSABLE) + 1):
        if Measurement.get(console, endless, table).maximum <= console.width:
            break
        table = _fates_without(result, _DISPENSABLE[:count])
    return table


def _fates_without(result: ScenarioVerdict, left_out: Collection[str]) -> Table:
    fates = [fate for fate in FATES if result.fates.get(fate)]
    table = Table()
    for name in ("extension", "producer", "files", "bytes", "events", *fates):
        if name not in left_out:
            style = "red" if name in _RED_FATES else ""
            table.add_column(name, justify="left" if name in _TEXTS else "right", style=style, overflow="fold")
    for name, entry in result.extensions.items():
        told = {"extension": escape(safe(name, 60)), "producer": entry["producer"], "events": f"{entry['written']:,}"}
        told |= {size: f"{entry[size]:,}" for size in ("files", "bytes")}
        told |= {fate: f"{entry['fates'][fate]:,}" if fate in entry["fates"] else "·" for fate in fates}
        cells = (told[str(column.header)] for column in table.columns)
        table.add_row(*cells, style="yellow" if entry["role"] == "attacker" else "")
    return table


def _clauses(console: Console, result: ScenarioVerdict) -> Table:
    """Why one failed stands below, where there is room for it."""
    is_wide = console.width >= _WIDE
    table = Table()
    table.add_column("clause", no_wrap=True)
    if is_wide:
        table.add_column("level")
    table.add_column("verdict")
    table.add_column("why", overflow="fold")
    for clause in sorted(result.clauses, key=lambda clause: clause.verdict in FAILING):
        why = "see below" if clause.verdict in FAILING else escape(safe(clause.reason, 400))
        verdict = f"[{STYLES[clause.verdict]}]{clause.verdict}[/]"
        table.add_row(clause.slug, *([clause.level] if is_wide else []), verdict, why)
    return table


def _in_time(result: ScenarioVerdict) -> str:
    """How long the run took; nobody knows that of a history that was saved."""
    return "" if result.world == NO_WORLD else f" in {result.wall_seconds:.2f} s"


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02d} min {rest:02d} s" if hours else f"{minutes} min {rest:02d} s"
