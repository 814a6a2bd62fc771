"""What a pass did: counts and notices as plain data. Logging is one reader of it.

Rules: nothing is lost silently (report.ledger): events read = handed over + dropped + discarded, files listed = processed + discarded + spared +
kept + vanished. Counting is by reason, so an extension costs the report a handful of notices, however many bad files it writes
(report.log-bound). Names are escaped before they enter a text (report.log-safe).
"""

from collections import OrderedDict, namedtuple

from .names import shown

Notice = namedtuple("Notice", ("kind", "extension", "reason", "count", "text"))
Ledger = namedtuple(
    "Ledger",
    ("read", "handed_over", "dropped", "discarded", "listed", "processed", "files_discarded", "spared", "kept", "vanished"),
)
Report = namedtuple("Report", ("notices", "ledger"))

#: Reasons of whole files (CONTRACT.md section 1).
MALFORMED = "MalformedFileError"
IRREGULAR = "IrregularFileError"
OVERSIZE_FILE = "OversizeFileError"
OVERSIZE_ELEMENT = "OversizeElementError"
WORK_LIMIT = "WorkLimitError"
QUOTA = "quota"
REJECTS = "rejects"
SENDER_ERROR = "SenderError"

#: Notices that operators get as log records only; the others are also telemetry of the embedding agent.
_PLAIN_KINDS = frozenset(("collected",))


class Account:
    """The running counts of one extension in one pass."""

    def __init__(self, handler):
        # type: (str) -> None
        self.handler = handler
        self.name = shown(handler)
        self.read = self.handed_over = self.discarded = 0
        self.listed = self.processed = self.spared = self.kept = self.vanished = 0
        self.dropped = OrderedDict()  # type: OrderedDict
        self.files_discarded = OrderedDict()  # type: OrderedDict
        self._notices = OrderedDict()  # type: OrderedDict

    def drop(self, reason):
        # type: (str) -> None
        self.dropped[reason] = self.dropped.get(reason, 0) + 1

    def discard_file(self, reason, count=1):
        # type: (str, int) -> None
        self.files_discarded[reason] = self.files_discarded.get(reason, 0) + count

    @property
    def rejects(self):
        # type: () -> int
        """Rejected events and files so far (quota.rejects)."""
        files = (self.files_discarded.get(r, 0) for r in (MALFORMED, IRREGULAR, OVERSIZE_FILE, OVERSIZE_ELEMENT))
        return sum(self.dropped.values()) + sum(files)

    def note(self, kind, reason, text):
        # type: (str, object, str) -> None
        """Count one more of a kind; the first one's text is kept, with the names in it already escaped."""
        known = self._notices.get((kind, reason))
        self._notices[kind, reason] = (known[0] + 1 if known else 1, known[1] if known else text)

    def notices(self):
        # type: () -> list
        found = [Notice("drops", self.handler, reason, count, "") for reason, count in self.dropped.items()]
        for (kind, reason), (count, text) in self._notices.items():
            more = " (%d in all)" % count if count > 1 else ""
            found.append(Notice(kind, self.handler, reason, count, text + more))
        if self.handed_over:
            text = "Collected %d events for extension: %s" % (self.handed_over, self.name)
            found.append(Notice("collected", self.handler, None, self.handed_over, text))
        return [notice._replace(text=notice.text or self.drops_text()) for notice in found]

    def drops_text(self):
        # type: () -> str
        """The sentence that operators search for."""
        reasons = "\n\t".join(
            "Reason: [InvalidExtensionEventError] %s; Dropped Count: %d" % item for item in self.dropped.items()
        )
        return "Dropped events for Extension: %s; Details:\n\t%s" % (self.name, reasons)

    def ledger(self):
        # type: () -> Ledger
        return Ledger(
            self.read, self.handed_over, dict(self.dropped), self.discarded, self.listed, self.processed,
            dict(self.files_discarded), self.spared, self.kept, self.vanished,
        )  # fmt: skip


def publish(report, logger, emit, most):
    # type: (Report, object, object, int) -> None
    """Log the notices, at most ``most`` an extension, the drops of one as one record; hand them to ``emit``, if any."""
    logged = {}  # type: dict
    drops = set()
    for notice in report.notices:
        extension = notice.extension
        if notice.kind == "drops" and extension in drops:
            continue
        if notice.kind == "drops":
            drops.add(extension)
        logged[extension] = logged.get(extension, 0) + 1
        if logged[extension] > most:
            continue
        if notice.kind in _PLAIN_KINDS:
            logger.info("%s", notice.text)  # type: ignore[attr-defined]
            continue
        logger.warning("%s", notice.text)  # type: ignore[attr-defined]
        if emit is not None:
            emit(notice)  # type: ignore[operator]
