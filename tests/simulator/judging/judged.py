"""Answers of judges on file: read as cases, and renewed with one command.

``python -m tests.simulator.judging.judged`` asks each judge anew and writes its words to
judged.jsonl. Histories stay as they are. An answer of another kind (nothing seen, holds, broken) is
no matter of words: nothing is written then, and each such line is named. It is mended by hand.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from etp_kit.simulator.core.cost import Cost, Held
from etp_kit.simulator.core.history import History, Record
from etp_kit.simulator.judging.case import Case
from etp_kit.simulator.judging.judges import JUDGES
from etp_kit.simulator.judging.ledger import Ledger

from .tales import told

JUDGED = Path(__file__).with_name("judged.jsonl")
Row = dict[str, Any]


def rows(path: Path = JUDGED) -> list[Row]:
    return [json.loads(line) for line in path.read_text(encoding="ascii").splitlines()]


def _history(row: Row, lines: list[Any]) -> History:
    """Rows of records as they stand, or lines in words."""
    return History([Record(*line) for line in lines]) if "from" in row else told(lines, **row.get("run", {}))


def case(row: Row) -> Case:
    judged, without = (_history(row, row[key]) if key in row else None for key in ("history", "without"))
    assert judged is not None
    costs = tuple(Cost(*cost) for cost in row.get("costs", ()))
    held = Held(*map(tuple, row["held"])) if "held" in row else None
    return Case(judged, Ledger(judged), without and Ledger(without), costs, held)


def kind(answer: list[str] | None) -> str:
    return "unseen" if answer is None else "broken" if answer else "holds"


def name(row: Row) -> str:
    return f"{row['clause']} {kind(row.get('answer'))}: {row.get('from') or row.get('name', 'a tale')}"


def text_of(every: Iterable[Row]) -> str:
    return "".join(json.dumps(row, separators=(",", ":")) + "\n" for row in every)


def renew(path: Path = JUDGED) -> list[str]:
    """Write the answers anew; or name those of another kind, and write nothing."""
    before = rows(path)
    after = [row | {"answer": JUDGES[row["clause"]](case(row))} for row in before]
    turned = [
        f"{path.name}:{number}: {name(old)}, now {kind(new['answer'])}"
        for number, (old, new) in enumerate(zip(before, after, strict=True), 1)
        if kind(old["answer"]) != kind(new["answer"])
    ]
    if not turned:
        path.write_text(text_of(after), encoding="ascii")
    return turned


if __name__ == "__main__":
    sys.exit("\n".join(renew()) or None)
