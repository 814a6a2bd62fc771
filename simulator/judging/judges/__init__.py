"""Judges: one function a clause, from a case to its problems.

Rules: a judge reads history and ledger and never event files. It returns the problems it found, or
an empty list if it saw the clause hold. It returns ``None`` if the case gave it nothing to judge. A
scenario that names a clause and gives its judge nothing is the kit's fault.
"""

from ..case import Case
from ..problems import Judge
from . import (
    agent,
    clean,
    deliver,
    discover,
    event,
    isolate,
    pass_report,
    quota,
    read,
    redact,
    report,
    run,
    select,
    stop,
)

JUDGES: dict[str, Judge] = {
    **agent.JUDGES,
    **clean.JUDGES,
    **deliver.JUDGES,
    **discover.JUDGES,
    **event.JUDGES,
    **isolate.JUDGES,
    **pass_report.JUDGES,
    **quota.JUDGES,
    **read.JUDGES,
    **redact.JUDGES,
    **report.JUDGES,
    **run.JUDGES,
    **select.JUDGES,
    **stop.JUDGES,
}

#: Judged in every scenario that gives them something to judge, whether it names them or not.
UNIVERSAL = (
    "deliver.sound",
    "deliver.at-most-once",
    "deliver.at-least-once",
    "event.mapping",
    "event.verbatim",
    "discover.hands-off",
    "discover.links",
    "isolate.extension",
    "run.errors",
    "clean.processed",
    "report.ledger",
)

__all__ = ["JUDGES", "UNIVERSAL", "Case", "Judge"]
