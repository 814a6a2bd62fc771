"""The clauses that are judged by what a pass costs."""

from __future__ import annotations

#: The clauses that are judged by cost; only their scenarios are measured.
MEASURED_CLAUSES = frozenset({"read.bounded-memory", "read.bounded-time", "redact.linear", "discover.flood"})
