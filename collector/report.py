"""What a pass tells: notices for operators, and a ledger in which nothing is lost silently (report.ledger).

A tally is kept per extension while the pass runs. It holds counts and first examples only, so that
its report stays small however much there is to report (report.log-bound). The ledger's sums hold by
construction: what was listed and is not accounted for was kept, or has gone with its directory.
"""

from collections import defaultdict, namedtuple

from .text import printable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Dict, List, Optional, Tuple

    from .errors import FileProblem

SENDER_ERROR = "SenderError"
QUOTA = "quota"
REJECTS = "rejects"
RESIDUE = "residue"

Notice = namedtuple("Notice", "kind extension reason count text")
Notice.__doc__ = """kind, of a fixed vocabulary; extension, the handler's name or None; reason, the counted text or None;
count; text, the sentence for operators, safe for logs."""

Ledger = namedtuple(
    "Ledger",
    "read handed_over dropped discarded listed processed files_discarded spared kept vanished",
)
Ledger.__doc__ = """Events: read = handed_over + dropped (reason -> count) + discarded. Files: listed = processed +
files_discarded (reason -> count) + spared + kept + vanished; files are all entries but subdirectories."""

Report = namedtuple("Report", "notices ledger")
Report.__doc__ = """notices, a tuple of Notice; ledger, handler -> Ledger (one under "" for agent events)."""


class Example:
    """The first of several alike, and how many there were."""

    def __init__(self, name: str, why: str, size: int = 0) -> None:
        self.name = printable(name)
        self.why = printable(why)
        self.size = size
        self.count = 1


class Tally:
    """The counts of one directory in one pass."""

    def __init__(self) -> None:
        self.accepted = 0
        self.dropped = {}  # type: Dict[str, int]
        self.lost = 0
        self.listed = 0
        self.processed = 0
        self.discarded = defaultdict(int)  # type: Dict[str, int]
        self.spared = 0
        self.vanished = 0
        self.gone = False
        self.examples = {}  # type: Dict[Tuple[str, Optional[str]], Example]

    def drop(self, reason: str) -> None:
        self.dropped[reason] = self.dropped.get(reason, 0) + 1

    def note(self, kind: str, name: str, why: str, reason: "Optional[str]" = None, size: int = 0) -> None:
        """Remembers the first of a kind and reason, and counts the others."""
        example = self.examples.get((kind, reason))
        if example:
            example.count += 1
        else:
            self.examples[kind, reason] = Example(name, why, size)

    def problem(self, name: str, problem: "FileProblem") -> None:
        """Notes a file that did not become events."""
        if problem.kind:
            self.note(problem.kind, name, str(problem), problem.reason or None, problem.size)

    def ledger(self) -> Ledger:
        rest = self.listed - self.processed - sum(self.discarded.values()) - self.spared - self.vanished
        return Ledger(
            read=self.accepted + sum(self.dropped.values()) + self.lost,
            handed_over=self.accepted,
            dropped=dict(self.dropped),
            discarded=self.lost,
            listed=self.listed,
            processed=self.processed,
            files_discarded=dict(self.discarded),
            spared=self.spared,
            kept=0 if self.gone else rest,
            vanished=self.vanished + (rest if self.gone else 0),
        )
