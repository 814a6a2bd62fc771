"""The live figures of a load, and how they are shown. There is a table where there is a terminal, a
line every ten seconds where there is none.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import TracebackType

from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from .disk_limits import size_text

_PLAIN_EVERY = 10.0


@dataclass(frozen=True)
class Figures:
    """At one moment, in seconds and bytes.
    ``delivered`` None: no sink is read; ``cpu``, ``rss`` None: no process is watched.
    """

    phase: str
    elapsed: float
    length: float
    asked_rate: float
    written: int
    rate: float
    late_p99: float
    late_most: float
    taken_files: int
    delivered: int | None
    duplicated: int
    latency_p99: float
    backlog_files: int
    backlog_bytes: int
    oldest: float
    passes: int
    last_pass: float
    cpu: float | None
    rss: int | None
    descriptors: int | None

    def rows(self) -> list[tuple[str, str]]:
        """(what, how much), for people."""
        rows = [
            ("written", f"{self.written:,} events, {self.rate:,.0f}/s of {self.asked_rate:,.6g}/s asked"),
            ("generator", f"late by {seconds(self.late_p99)} (p99), {seconds(self.late_most)} at most"),
            ("taken", f"{self.taken_files:,} files"),
            ("backlog", f"{self.backlog_files:,} files, {size_text(self.backlog_bytes)}, oldest {self.oldest:.1f} s"),
        ]
        if self.delivered is not None:
            doubled = f", {self.duplicated:,} twice" if self.duplicated else ""
            rows.insert(3, ("delivered", f"{self.delivered:,} events{doubled}, after {seconds(self.latency_p99)} (p99)"))
        if self.passes:
            rows.append(("passes", f"{self.passes:,}, the last took {seconds(self.last_pass)}"))
        if self.rss is not None and self.cpu is not None:
            resident = f"{size_text(self.rss)} resident"
            rows.append(("agent", f"{self.cpu:.0f} % CPU, {resident}, {descriptors(self.descriptors)}"))
        return rows


def descriptors(count: int | None) -> str:
    """How many are open, for people; of another user's process nobody may know."""
    return "descriptors unknown" if count is None or count < 0 else f"{count} descriptors"


def seconds(value: float) -> str:
    """A duration for people."""
    if value >= 1:
        return f"{value:,.2f} s"
    return f"{value * 1_000:.1f} ms" if value >= 0.001 else f"{value * 1_000_000:.0f} µs"


class Display:
    """Shows figures while a load runs. Usable once, as a context."""

    def __init__(self, console: Console, title: str) -> None:
        self._console = console
        self._title = title
        self._live = Live(console=console, auto_refresh=False, transient=True) if console.is_terminal else None
        self._next = 0.0

    def __enter__(self) -> Display:
        if self._live is not None:
            self._live.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._live is not None:
            self._live.stop()

    def show(self, figures: Figures) -> None:
        """Show them, as often as makes sense for the console."""
        if self._live is not None:
            self._live.update(self._table(figures), refresh=True)
        elif figures.elapsed >= self._next:
            self._next = figures.elapsed + _PLAIN_EVERY
            told_rows = "; ".join(f"{what} {how_much}" for what, how_much in figures.rows())
            self._console.print(Text(f"{figures.elapsed:.0f} s, {figures.phase}: {told_rows}"), soft_wrap=True)

    def _table(self, figures: Figures) -> Table:
        table = Table(title=Text(f"{self._title} · {figures.phase} · {figures.elapsed:.0f} of {figures.length:.0f} s"), title_justify="left", show_header=False)
        table.add_column(style="bold")
        table.add_column()
        for what, how_much in figures.rows():
            table.add_row(what, how_much)
        return table
