"""What a person reads: findings by file, and counts at the end."""

from __future__ import annotations

import os
from collections import Counter

from rich.console import Console
from rich.markup import escape

from ..safe import safe
from .finding import DirectoryOutcome, FileOutcome, Finding
from .profile import Terms
from .rules import RULES
from .summary import Summary

_STYLE = {"error": "bold red", "warning": "yellow"}
_FATE_STYLE = {"cut": "bold red", "dropped": "bold red", "discarded": "bold red", "residue": "yellow"}
_LONG = 1_000


class ForPeople:
    """Prints as it hears.
    ``each``: how many findings of one rule in one directory are printed; 0 for all.
    """

    def __init__(self, console: Console, each: int) -> None:
        self._console = console
        self._each = each
        self._counts: Counter[str] = Counter()

    def begin(self, directory: DirectoryOutcome) -> None:  # noqa: ARG002 - a reporter's form
        self._counts = Counter()

    def entry(self, directory: DirectoryOutcome, outcome: FileOutcome) -> None:
        if outcome.findings:
            self._print(os.path.join(directory.path, outcome.name), outcome.findings)

    def end(self, directory: DirectoryOutcome) -> None:
        self._print(directory.path or ".", directory.findings)
        for rule, count in self._counts.items():
            if self._each and count > self._each:
                more = f"{count - self._each:,} more findings of {rule}; --each 0 shows all"
                self._say(f"[bold]{escape(safe(directory.path or '.', _LONG))}[/bold]: … and {more}")

    def _print(self, path: str, findings: list[Finding]) -> None:
        shown = [finding for finding in findings if self._counted(finding)]
        if shown:
            self._say(f"[bold]{escape(safe(path, _LONG))}[/bold]")
        for finding in shown:
            self._say(_line(finding))

    def _counted(self, finding: Finding) -> bool:
        self._counts[finding.rule] += 1
        return not self._each or self._counts[finding.rule] <= self._each

    def _say(self, text: str) -> None:
        self._console.print(text, highlight=False, soft_wrap=True)


def _line(finding: Finding) -> str:
    place = f"{finding.place.line}:{finding.place.column}" if finding.place else "-"
    where = "" if finding.element is None else f"[{finding.element}]" + (f".{finding.key}" if finding.key else "")
    style = _STYLE[finding.severity]
    told = f"{where} {safe(finding.text, 600)}".strip()
    slug = f" {finding.slug}" if finding.slug else ""
    return f"  {place:>7}  [{style}]{finding.severity:7}[/]  {escape(told)}  [dim]{finding.rule}{slug}[/]"


def show_summary(console: Console, summary: Summary, terms: Terms) -> None:
    """The counts at the end."""
    def say(text: str) -> None:
        console.print(text, highlight=False, soft_wrap=True)

    if summary.severities.total():
        say("")
    entries = _plural(summary.files.total(), "entry", "entries")
    say(f"{entries} in {_plural(summary.directories, 'directory', 'directories')}: {_counts(summary.files)}")
    say(f"{_plural(summary.events.total(), 'event')}: {_counts(summary.events)}")
    if summary.unpromised:
        say(f"{_plural(summary.unpromised, 'error')} by hardened clauses, which {terms.profile.name} does not promise: it may lose more than is said here")
    found = [f"[{_STYLE[name]}]{_plural(summary.severities[name], name)}[/]" for name in _STYLE if summary.severities[name]]
    say(f"profile {terms.profile.name}: " + (", ".join(found) if found else "[green]no findings[/]"))


def _counts(counter: Counter[str]) -> str:
    told = [f"[{_FATE_STYLE.get(name, 'none')}]{count:,} {name}[/]" for name, count in sorted(counter.items()) if count]
    return ", ".join(told) or "none"


def _plural(count: int, name: str, many: str = "") -> str:
    return f"{count:,} {name if count == 1 else many or name + 's'}"


def show_rules(console: Console) -> None:
    """Every rule, a line each."""
    width = max(map(len, RULES))
    for name, rule in RULES.items():
        style = _STYLE[rule.severity]
        console.print(f"{name:{width}}  [{style}]{rule.severity:7}[/]  {escape(rule.about)}  [dim]{rule.clause}[/]", highlight=False, soft_wrap=True)
