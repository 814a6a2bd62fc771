"""What each bad or odd element was written to try: the clauses of which a verdict is made."""

from __future__ import annotations

from collections.abc import Mapping

from ..core import KEYS
from .bad_elements import FORGING, WRONG
from .looks import VERBATIM


def _table(*rows: tuple[str, str]) -> dict[str, tuple[str, ...]]:
    """kind -> clauses, from rows of (clauses, kinds)."""
    return {kind: tuple(clauses.split()) for clauses, kinds in rows for kind in kinds.split()}


_TRUTHS = tuple(f"{key}-as-{name}" for key in ("eventpid", "eventtid") for name in ("true", "false"))
#: What each kind is about: the clauses of which it shows whether they hold, whatever becomes of all
#: others. One that several clauses must let through is about the one that decides over it. A
#: verdict is made of these alone, so that a collector which breaks one clause is not told to break
#: five.
ABOUT: Mapping[str, tuple[str, ...]] = _table(
    ("event.required", " ".join(f"missing-{key.lower()}" for key in KEYS) + " missing-all"),
    (
        "event.required event.reason-order",
        "missing-message-and-level missing-level-and-version missing-tid-and-timestamp",
    ),
    (
        "event.reason-order",
        "level-over-task-missing operation-over-version-missing",
    ),
    (
        "event.reason-order",
        "operation-over-level-missing timestamp-over-version-missing",
    ),
    ("event.message-empty event.reason-order", "message-empty-and-missing-key"),
    ("event.message-empty", "message-empty message-blank"),
    ("event.keys", "key-padded keys-lower keys-upper keys-mixed two-spellings exact-duplicate unknown-keys"),
    ("event.keys-all", "key-kelvin key-long-s key-dotted-i key-full-width last-spelling-wrong many-spellings"),
    (
        "event.types",
        "message-null message-object message-list message-number",
    ),
    (
        "event.types",
        "version-number timestamp-number task-null level-integer operation-false",
    ),
    ("event.types", "pid-float tid-exponent pid-null type-before-missing"),
    ("event.types read.numbers", "version-nan tid-infinity"),
    ("event.pids-bool", "pid-true tid-false"),
    ("event.pids", "pids-integer pids-negative"),
    ("event.pids read.numbers", "pids-huge"),
    ("read.numbers", "unknown-numbers"),
    ("read.malformed", "unknown-deep"),
    ("read.shapes", "everything-escaped white-space-in-json"),
    (
        "read.shapes event.non-object",
        "element-number element-string element-null element-true element-list element-nan",
    ),
    ("read.element", "element-oversize"),
    ("event.empty-ok", "empty-but-message"),
    ("event.strip", "blank-but-message values-padded message-padded message-blank-unicode"),
    ("event.open-values", "level-unknown timestamp-unknown pids-text"),
    (
        "event.message-cut",
        "message-at-limit message-under-limit message-over-limit message-far-over event-at-limit-message-cut",
    ),
    ("event.size", "event-at-limit event-over event-far-over"),
    ("event.size-all", "event-at-limit-with-version event-over-by-version"),
    (
        "event.text",
        "not-xml not-xml-raw lone-surrogates c1-and-delete bidirectional",
    ),
    (
        "event.text",
        "ansi zero-width combining surrogates-out-of-order edges-not-xml",
    ),
    (
        "event.keys",
        "key-percent key-entity key-escaped-twice key-byte-order-mark key-zero-width key-nul key-underscore key-dotted",
    ),
    ("event.keys", "unknown-names-of-languages keys-escaped"),
    ("read.numbers", "unknown-odd-numbers"),
    ("event.pids read.numbers", "pids-5000-digits pids-beyond-doubles"),
    ("event.pids", "pids-text-of-numbers"),
    (
        "event.message-cut",
        "message-cut-at-a-blank message-cut-at-a-line-end message-cut-in-a-cluster message-cut-in-a-letter",
    ),
    ("event.message-empty", "message-of-odd-blanks message-of-a-nul"),
    ("event.size", "event-over-integer-pids event-at-limit-integer-pids event-at-limit-padded event-at-limit-redacted"),
    ("event.strip", "edges-not-blank"),
    ("event.types", " ".join(kind for kind in WRONG if kind not in _TRUTHS)),
    ("event.pids-bool", " ".join(_TRUTHS)),
    ("report.log-safe", " ".join(kind for kind in FORGING if "-wrong-" not in kind)),
    ("event.types report.log-safe", "forged-wrong-type forged-wrong-object"),
    ("event.verbatim", " ".join(VERBATIM)),
)
