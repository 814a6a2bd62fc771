"""The live figures, from what is measured so far."""

from __future__ import annotations

from ..base import SECOND
from .figures import Figures
from .measured import Measured
from .scan import Scan

#: Samples over which processor time is told, so that passes even out.
_SAMPLES = 11


class Snapshot:
    """Remembers when it looked last, for the rate since then."""

    def __init__(self, measured: Measured, scan: Scan) -> None:
        self._measured = measured
        self._scan = scan
        self._since = (0.0, 0)
        self._rate = 0.0

    def figures(self, phase: str, now: float) -> Figures:
        """The figures at this moment, in seconds from the start."""
        measured, books = self._measured, self._measured.books
        accounts = list(books.accounts.values())
        written = sum(account.events for account in accounts)
        since, before = self._since
        if now - since >= 1:
            self._rate, self._since = (written - before) / (now - since), (now, written)
        cpu, rss, descriptors = self._process()
        return Figures(
            phase, max(0.0, now), measured.course.end / SECOND, float(measured.course.rate), written, self._rate,
            books.lateness.at(0.99), books.lateness.most, books.taken_files,
            None if measured.inflow is None else sum(account.delivered for account in accounts),
            sum(account.duplicated for account in accounts), books.latency.at(0.99),
            books.standing_files, books.standing_bytes, self._scan.oldest, measured.told.passes, measured.last_pass, cpu, rss, descriptors,
        )  # fmt: skip

    def _process(self) -> tuple[float | None, int | None, int | None]:
        samples = self._measured.watch.samples if self._measured.watch is not None else []
        if len(samples) < 2:
            return None, None, None
        first, last = samples[max(0, len(samples) - _SAMPLES)], samples[-1]
        return 100 * (last.cpu - first.cpu) / (last.at - first.at), last.rss, last.descriptors
