"""What a collector said, as reports show it beside a failure: errors with their place and
traceback, prints and log records.

All of it is the collector's own text, and so hostile: each line is made safe where it is shown.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from ..base import counted, word
from ..contract import CLAUSES
from ..core import STOOD, Said
from ..judging import ScenarioVerdict
from ..safe import near, safe

_LONGEST = 400
#: A line that somebody copies is never cut within what anybody types.
LONGEST_COMMAND = 8_000


def said_data(said: Said) -> dict[str, Any]:
    """Its form in the JSON report (docs/reports.md)."""
    return {
        "raised": [
            {
                "error": one.error,
                "file": near(one.file),
                "line": one.line,
                "function": one.function,
                "passes": list(one.passes),
                "traceback": list(one.traceback),
            }
            for one in said.raised
        ],
        "lines": [{"pass": line.pass_number, "source": line.source, "text": line.text} for line in said.lines],
        "left_out": said.left_out,
    }


def heading(raised: dict[str, Any]) -> str:
    """An error in one line: what, where, and in which passes."""
    function = f" in {raised['function']}" if raised["function"] else ""
    count = len(raised["passes"])
    told = ", ".join(map(str, raised["passes"][:5])) + (f" and {count - 5} more" if count > 5 else "")
    passes = f" ({word(count, 'pass', 'passes')} {told})" if count else ""
    return safe(f"{raised['error']}{place_of(raised)}{function}{passes}", 1_000)


def place_of(raised: dict[str, Any]) -> str:
    """Where an error was raised, as its heading goes on; nothing where nobody knows."""
    return f" at {raised['file']}:{raised['line']}" if raised["file"] else ""


def raised_lines(said: dict[str, Any]) -> Iterator[str]:
    """Each error: its heading, and its traceback below it."""
    for raised in said["raised"]:
        yield heading(raised) if raised["error"] == STOOD else f"raised: {heading(raised)}"
        for line in raised["traceback"]:
            yield f"    {safe(line, _LONGEST)}"


def spoken_lines(said: dict[str, Any], most: int | None = None) -> Iterator[str]:
    """What was printed and logged, pass by pass; of much of it what stands around the first error.
    ``most``: None for all that was kept."""
    lines = said["lines"]
    shown = lines if most is None else _around(lines, said["raised"], most)
    if not shown:
        return
    number = None
    for line in shown:
        if line["pass"] != number:
            number = line["pass"]
            yield f"said in pass {number}:"
        yield f"    {line['source']}: {safe(line['text'], _LONGEST)}"
    if left := len(lines) - len(shown):
        yield f"    and {left} more {word(left, 'line')}: -v shows what was kept"
    elif said["left_out"]:
        yield f"    and {said['left_out']:,} more, which were not kept"


def _around(lines: list[dict[str, Any]], raised: list[dict[str, Any]], most: int) -> list[dict[str, Any]]:
    """The last lines of the first pass that an error ended; else the last of all."""
    passes = [number for one in raised for number in one["passes"]]
    its_own = [line for line in lines if passes and line["pass"] == min(passes)]
    return (its_own or lines)[-most:]


def story_lines(slug: str, story: Sequence[str]) -> list[str]:
    """What became of the event that a failure is about, or the records around it; nothing of one
    that is about none."""
    return [f"the records of {slug}:", *(f"    {safe(line, _LONGEST)}" for line in story)] if story else []


def found_lines(slug: str, reason: str, story: Sequence[str]) -> Iterator[str]:
    """What a clause wants, what was found, and the records that show it."""
    yield f"expected: {CLAUSES[slug].statement}"
    yield f"found:    {safe(reason, _LONGEST)}"
    yield from story_lines(slug, story)


def victims_line(victims: Mapping[str, int]) -> str:
    """Whose events it cost; "" where it cost none."""
    told = ", ".join(f"{safe(name, 60)} ({counted(count, 'event')})" for name, count in victims.items())
    return f"victims: {told}" if told else ""


def hurried_line(hurried: int) -> str:
    """That a run had calls whose order no seed decides."""
    told = "came while another thread computed: the machine's order, and another run may differ"
    return f"order: {counted(hurried, 'call')} {told}"


def cause_lines(cause: Sequence[str]) -> list[str]:
    """Why it fails, as `simulate why` tells it; nothing where nobody looked."""
    return ["why:", *(f"    {safe(line, _LONGEST)}" for line in cause)] if cause else []


def cause_of(scenario: Mapping[str, Any]) -> list[str]:
    """The same of a scenario's data."""
    return cause_lines(scenario["cause"])


def lines_beside(result: ScenarioVerdict, slugs: Collection[str], most: int | None = None) -> list[str]:
    """What stands beside the failure of these clauses: the stories of their events, and what the
    collector said in the run."""
    failed = [clause for clause in result.clauses if clause.slug in slugs]
    told = [line for clause in failed for line in story_lines(clause.slug, clause.story)]
    return [*told, *told_lines(said_data(result.said), most)]


def told_lines(said: dict[str, Any], most: int | None = None) -> list[str]:
    """Errors, then what else was said."""
    return [*raised_lines(said), *spoken_lines(said, most)]
