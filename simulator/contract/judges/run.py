"""Family run, and how passes end."""

from __future__ import annotations

from simulator.contract.judges.case import Case, Judge, first


def errors(case: Case) -> list[str] | None:
    """An error escapes no pass; nothing blocks, spins or leaks descriptors."""
    problems = [
        f"pass {n} ended: {end['end']}"
        for n, end in enumerate(case.ledger.ends)
        if end["end"] not in {"returned", "crash"}
    ]
    problems += [f"pass {n} left {end['leaked']} descriptors open" for n, end in enumerate(case.ledger.ends)
                 if end["end"] == "returned" and end["leaked"]]  # fmt: skip
    return first(problems)


JUDGES: dict[str, Judge] = {"run.errors": errors}
