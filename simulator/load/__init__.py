"""Real event files at a real rate, for a real agent: ``simulate load`` (docs/load.md).

Rules: the flood is open: what is due is due, however slow the agent is. Everything is written below
one directory, which was empty or marked. An entry stands in a manifest before it is there. What
became of the events is measured at the agent's sink. What cannot be known is said to be unknown.

``load_run`` ties it together. ``extension_steps`` plans (pure); ``writer`` processes write by
``step_writer`` into a ``directory``; ``accounting`` keeps what was written and taken.
``collector_process`` runs a collector under test, and ``process_stats`` looks at its process.
``cleaning`` takes away what was written.

May import: scenario, subjects, hazards, supervisor and below; psutil, rich.
"""

from .cleaning import clean
from .disk_limits import Rail, parse_size
from .figures import Display
from .load_run import load
from .marker import MARKER, init
from .options import Orders, Setting
from .rate import parse_rate
from .report import report_of
from .terminal import show

__all__ = [
    "MARKER",
    "Display",
    "Orders",
    "Rail",
    "Setting",
    "clean",
    "init",
    "load",
    "parse_rate",
    "parse_size",
    "report_of",
    "show",
]
