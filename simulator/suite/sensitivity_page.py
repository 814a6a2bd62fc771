"""docs/sensitivity.md: a row a mutant, its own clause, and which others are red for it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..safe import safe
from .sensitivity import MOST_PASSES, MOST_STEPS, Outcome

_HEAD = f"""\
<!-- Made by `simulate mutants --full`: change that. -->
# Which clauses catch which mutant

Each mutant is one small change of the reference collector (`simulate mutants --show NAME` prints
it). It is put through every scenario of at most {MOST_PASSES} passes and {MOST_STEPS:,} steps of writers, but for
those of listings without end, and those in which the reference executes none of the changed lines.
Its own clause has to catch it, in that clause's own scenarios. One change may break what several
clauses say. Which ones, and how, is declared with the mutant (`also`). Any other clause that is red
is so for a defect that is not its own. Those are in the last table, each with what was seen first.
"""
_LEFT_OUT = """\
Left out, and put through the scenarios of their own clause alone, which catches each
(tests/conformance/test_mutants.py):"""
_MOST_TOLD = 160
_MARKED = re.compile(r"([\\`*_{}\[\]<>|#])")


def document(found: Sequence[Outcome], date: str, left_out: Sequence[str] = ()) -> str:
    """The sensitivity matrix as a Markdown page of that date (YYYY-MM-DD).

    ``left_out``: names of mutants that ship and were not put through all of it.
    """
    ordered = sorted(found, key=lambda outcome: (outcome.mutant.clause, outcome.mutant.name))
    caught = sum(outcome.caught for outcome in ordered)
    red, strange = sum(len(outcome.red) for outcome in ordered), sum(len(outcome.strange) for outcome in ordered)
    lines = [
        _HEAD,
        f"{date}: {caught} of {len(ordered)} caught by their own clause; {red} clauses red in all,",
        f"{strange} of them for a defect of another clause only ({100 * strange / max(red, 1):.1f} %).",
        "",
        "| mutant | its clause | caught | also breaks | red for that alone |",
        "| --- | --- | --- | --- | --- |",
        *map(_row, ordered),
    ]
    if strange:
        lines += ["", "## Red for a defect of another clause only", ""]
        lines += ["| mutant | its clause | red as well | what was seen first |", "| --- | --- | --- | --- |"]
        lines += [
            f"| {outcome.mutant.name} | {outcome.mutant.clause} | {slug} | {_plain(outcome.red[slug])} |"
            for outcome in ordered
            for slug in outcome.strange
        ]
    if left_out:
        lines += ["", _LEFT_OUT, "", *(f"* `{name}`" for name in sorted(left_out))]
    return "\n".join(lines) + "\n"


def _row(outcome: Outcome) -> str:
    mutant = outcome.mutant
    also = "; ".join(f"{slug}: {why}" for slug, why in mutant.also.items() if slug in outcome.red)
    caught = "yes" if outcome.caught else "**no**"
    return f"| {mutant.name} | {mutant.clause} | {caught} | {also} | {', '.join(outcome.strange)} |"


def _plain(text: str) -> str:
    """What a cell can hold."""
    kept = safe(text, _MOST_TOLD)
    return _MARKED.sub(r"\\\1", kept)
