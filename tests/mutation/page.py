"""docs/mutation.md from the campaign's results and what was said of its survivors:
``python -m tests.mutation.page [--check | --unsaid]``.

Rules: every survivor has an entry in ``survivors.toml``, by its id, and no entry stands there for
another; so a survivor that nobody looked at fails the test, as does a reason that outlived its
mutant. ``kind`` of an entry: ``equivalent`` (no run can tell it from the original), ``outside``
(what differs is fixed by no clause), ``killed`` (the scenario named in ``by`` kills it since),
``open`` (a gap).
"""

from __future__ import annotations

import json
import sys
import tomllib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
RESULTS, SURVIVORS = HERE / "results.json", HERE / "survivors.toml"
DOCUMENT = HERE.parents[1] / "docs" / "mutation.md"
KINDS = {
    "killed": "killed since, by the scenario named",
    "equivalent": "equivalent: no run can tell it from the original",
    "outside": "outside the contract: no clause fixes what differs",
    "open": "open: the contract fixes it, and no scenario shows it yet",
}
_NOTE = "<!-- Made by `python -m tests.mutation.page` from tests/mutation/: change that. -->\n"

_INTRODUCTION = """\
These are mutants that nobody of this project thought of. mutmut's operators are applied to every
statement of `collector/` (without its program). A seeded sample of them is put through the
conformance run alone, without any unit test. A mutant is killed where a clause fails or is skipped,
or where the run hangs, dies or cannot begin. `tox -e mutation` repeats it (up to an hour; no part
of CI). Reasons stand in `tests/mutation/survivors.toml`.

The campaign goes on for each mutant until something fails. First come the scenarios of the fake
world that execute the changed line, the cheapest first. Those of the real world follow, then what
is exhausted. A survivor whose reason stands already goes no further than the fake world. The
project aims at 92 % of the mutants that change what a clause fixes. Those outside the contract
(words of errors, messages of settings) are no clause's business. The first of the two rates below
counts them."""


class Unsaid(Exception):
    """The reasons and the survivors do not match."""


def joined(results: dict[str, Any], said: dict[str, dict[str, str]]) -> list[dict[str, Any]]:
    """The survivors, each with what was said of it. Raises Unsaid."""
    survivors = [row for row in results["mutants"] if row["outcome"] != "killed"]
    ids = {row["id"] for row in survivors}
    missing, stray = sorted(ids - set(said)), sorted(set(said) - ids)
    if missing:
        raise Unsaid(f"nothing is said of {len(missing)} survivors: {', '.join(missing)}")
    if stray:
        raise Unsaid(f"entries for what is no survivor: {', '.join(stray)}")
    for row in survivors:
        entry = said[row["id"]]
        if entry.get("kind") not in KINDS or not entry.get("reason") or ((entry["kind"] == "killed") != ("by" in entry)):
            raise Unsaid(f"{row['id']}: expected kind (one of {', '.join(KINDS)}), reason and, of one that is killed, by")
    return [{**row, **said[row["id"]]} for row in survivors]


def document(results: dict[str, Any], said: dict[str, dict[str, str]]) -> str:
    """The whole page."""
    survivors = joined(results, said)
    counts = Counter(row["kind"] for row in survivors)
    rows = results["mutants"]
    killed = sum(row["outcome"] == "killed" for row in rows)
    now = killed + counts["killed"]
    behaving, within = len(rows) - counts["equivalent"], len(rows) - counts["equivalent"] - counts["outside"]
    clauses = Counter(row["clause"].partition(" ")[0] for row in rows if row["outcome"] == "killed")
    parts = [
        _NOTE + "# Independent mutation of the reference collector",
        _INTRODUCTION,
        _table(
            ["what", "value"],
            [
                ["date", results["date"]],
                ["operators", f"{results['tool']}, Python {results['python']}"],
                ["mutants in all, in the sample", f"{results['population']:,}, {len(rows)} (seed {results['seed']})"],
                ["killed in the campaign", f"{killed}"],
                *([f"survived: {meaning}", str(counts[kind])] for kind, meaning in KINDS.items()),
                ["killed now, of all that change behaviour", f"{now} of {behaving}: {_share(now, behaving)}"],
                ["killed now, of all that change what a clause fixes", f"{now} of {within}: {_share(now, within)}"],
                *([["minutes", f"{results['minutes']} with {results['jobs']} at a time{results.get('load', '')}"]]),
            ],
        ),
    ]  # fmt: skip
    for kind, meaning in KINDS.items():
        if counts[kind]:
            parts += [f"## {meaning[0].upper()}{meaning[1:]}", _survivors([row for row in survivors if row["kind"] == kind])]
    ordered = sorted(clauses.items(), key=lambda entry: (-entry[1], entry[0]))
    parts += ["## What killed", _table(["clause, or how the run ended", "mutants"], [[f"`{name}`", str(n)] for name, n in ordered])]
    return "\n\n".join(parts) + "\n"


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "none"


def _survivors(rows: Sequence[dict[str, Any]]) -> str:
    return "\n".join(_entry(row) for row in rows)


def _entry(row: dict[str, Any]) -> str:
    by = f", killed by `{row['by']}`" if row["kind"] == "killed" else ""
    return f"* `{row['id']}` {row['file']}:{row['line']}{by}: {row['reason']}\n\n{_diff(row)}"


def _diff(row: dict[str, Any]) -> str:
    """The change, cut where it is long: the lines that differ say enough."""
    lines = [f"- {line.strip()}" for line in row["taken"].splitlines()[:3]] + [f"+ {line.strip()}" for line in row["given"].splitlines()[:3]]
    return "\n".join(["  ```diff", *(f"  {line}" for line in lines), "  ```"])


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    return "\n".join(f"| {' | '.join(cells)} |" for cells in [columns, ["---"] * len(columns), *rows])


def read() -> tuple[dict[str, Any], dict[str, dict[str, str]]]:
    """Results and reasons as they stand in the repository."""
    return json.loads(RESULTS.read_text(encoding="utf-8")), tomllib.loads(SURVIVORS.read_text(encoding="utf-8"))


def main(arguments: Sequence[str]) -> int:
    results, said = read()
    if arguments == ["--unsaid"]:
        for row in results["mutants"]:
            if row["outcome"] != "killed" and row["id"] not in said:
                print(f"# {row['file']}:{row['line']}, {row['outcome']}\n" + "\n".join(f"# {line}" for line in _diff(row).splitlines()[1:-1]))
                print(f'["{row["id"]}"]\nkind = ""\nreason = ""\n')
        return 0
    if arguments not in ([], ["--check"]):
        print("usage: python -m tests.mutation.page [--check | --unsaid]", file=sys.stderr)
        return 4
    try:
        text = document(results, said)
    except Unsaid as error:
        print(error, file=sys.stderr)
        return 1
    if arguments and DOCUMENT.read_text(encoding="utf-8") != text:
        print(f"{DOCUMENT}: not current: run `python -m tests.mutation.page`", file=sys.stderr)
        return 1
    if not arguments:
        DOCUMENT.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
