"""The reference collector's own modules, for those who ask what it would do.

Never through the loader of subjects, which loads afresh and forgets:
these modules stay, and their classes can be derived from.
"""

from ...collector import (
    agent,
    agentsweep,
    config,
    directory,
    errors,
    event,
    extension,
    inbox,
    listing,
    outlet,
    part,
    reader,
    redact,
    report,
    sweep,
    telemetry,
    text,
)

__all__ = [
    "agent", "agentsweep", "config", "directory", "errors", "event", "extension", "inbox", "listing", "outlet", "part", "reader", "redact",
    "report", "sweep", "telemetry", "text",
]  # fmt: skip
