"""What a CI server shows of a conformance report: annotations, an output, a badge.

`python tell.py REPORT [BADGE]` prints a workflow command for each clause that failed, appends the
verdict to the file that GITHUB_OUTPUT names, and writes the badge to BADGE.

Rules: a report holds a collector's words. A workflow command begins with `::` at the start of a
line, so line ends, `%` and the marks of its properties are escaped, as the runner reads them.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

#: Exit code of the run -> its words, and the badge's colour.
VERDICTS = {0: ("conformant", "brightgreen"), 1: ("not conformant", "red")}
UNTOLD = ("nothing could be told", "lightgrey")
#: GitHub shows ten annotations of a kind a step.
MOST = 10
_LONGEST = 600


def escaped(text: str, *, in_property: bool = False) -> str:
    """Text as data of a workflow command."""
    text = text[:_LONGEST].replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return text.replace(":", "%3A").replace(",", "%2C") if in_property else text


def annotations(report: dict[str, Any]) -> list[str]:
    """A line for each clause that failed and that nobody expected to."""
    failed = [row for row in report["clauses"] if row["verdict"] in {"fail", "error"}]
    failed = [row for row in failed if row["kind"] not in {"difference", "known"}]
    lines = [
        f"::error title={escaped(row['slug'], in_property=True)}::{escaped(row['reason'] or 'failed')}"
        for row in failed[:MOST]
    ]
    more = len(failed) - MOST
    return [*lines[: MOST - 1], f"::error::{more + 1} more clauses failed; the summary has them"] if more > 0 else lines


def badge(report: dict[str, Any]) -> dict[str, Any]:
    """The answer that shields.io expects of an endpoint."""
    words, colour = VERDICTS.get(report["exit"], UNTOLD)
    summary = report["summary"]
    judged = summary["passed"] + summary["failed"] + summary["errors"]
    message = f"{words}, {summary['passed']} of {judged} clauses" if report["exit"] in VERDICTS else words
    return {"schemaVersion": 1, "label": "ETP contract", "message": message, "color": colour}


def main(arguments: list[str]) -> int:
    """Tell of one report."""
    report = json.loads(Path(arguments[0]).read_text(encoding="utf-8"))
    for line in annotations(report):
        print(line)
    with Path(os.environ["GITHUB_OUTPUT"]).open("a", encoding="utf-8") as output:
        output.write(f"verdict={VERDICTS.get(report['exit'], UNTOLD)[0]}\n")
    if arguments[1:] and arguments[1]:
        Path(arguments[1]).write_text(json.dumps(badge(report)) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
