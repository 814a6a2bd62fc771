"""A whole run of lint: every path, every report."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Protocol

from .finding import DirectoryOutcome, FileOutcome, Finding
from .profile import Terms
from .propagate import Escaped, carried
from .reference import redact
from .secrets import masked
from .summary import Summary
from .walk import found_in

_Wanted = Callable[[Iterable[Finding]], list[Finding]]


class Reporter(Protocol):
    """Hears of everything once, in order; keeps what it must."""

    def begin(self, directory: DirectoryOutcome) -> None: ...

    def entry(self, directory: DirectoryOutcome, outcome: FileOutcome) -> None: ...

    def end(self, directory: DirectoryOutcome) -> None: ...


def lint(
    paths: Sequence[str], terms: Terms, now: float, reporters: Sequence[Reporter], ignored: Collection[str] = (),
    shown: Mapping[str, str] | None = None,
) -> Summary:
    """Look at all paths. ``now`` is in Unix seconds, ``ignored`` are rules of which nobody wants to
    hear. ``shown``: what a path is called in messages, if not by itself. Raises BadInput for a path
    that cannot be used.
    """
    try:
        return _lint(paths, terms, now, reporters, _wanted(terms, ignored), shown or {})
    except Escaped as escaped:
        raise escaped.error from None


def _lint(paths: Sequence[str], terms: Terms, now: float, reporters: Sequence[Reporter], wanted: _Wanted, shown: Mapping[str, str]) -> Summary:
    summary = Summary()
    for found in found_in(paths, shown):
        directory = found if isinstance(found, DirectoryOutcome) else found.outcome
        for reporter in reporters:
            reporter.begin(directory)
        if not isinstance(found, DirectoryOutcome):
            found.run(terms, now, _progress_of(directory, terms, reporters, summary, wanted))
        directory.findings = wanted(directory.findings)
        summary.add_directory(directory, terms.profile.level)
        for reporter in reporters:
            reporter.end(directory)
    return summary


def _wanted(terms: Terms, ignored: Collection[str]) -> _Wanted:
    """Leaves out what is ignored, and says what the profile's collector does otherwise."""

    def wanted(findings: Iterable[Finding]) -> list[Finding]:
        return [_remarked(finding, terms) for finding in findings if finding.rule not in ignored]

    return wanted


def _remarked(finding: Finding, terms: Terms) -> Finding:
    finding = finding._replace(text=masked(redact.redact(finding.text)))  # whatever it quotes
    remark = terms.remarks.get(finding.slug)
    if remark is None:
        return finding
    return finding._replace(text=f"{finding.text}; {terms.profile.name} {remark}")


def _progress_of(
    directory: DirectoryOutcome, terms: Terms, reporters: Sequence[Reporter], summary: Summary, wanted: _Wanted
) -> Callable[[FileOutcome], None]:
    def tell(outcome: FileOutcome) -> None:
        outcome.findings = wanted(outcome.findings)
        summary.add(outcome, terms.profile.level)
        for reporter in reporters:
            reporter.entry(directory, outcome)

    return carried(tell)
