"""The sentences of a pass. Those that operators already search for keep their wording (CONTRACT.md 1).

One notice a kind and reason, with the first example and the count: an extension cannot make a pass talk more than this
(report.log-bound, CWE-779). Names have been escaped when they were noted (report.log-safe, CWE-117), and whatever the
source of a text, no shared-access signature gets through (redact.sas).
"""

from .redact import redact
from .report import QUOTA, REJECTS, Notice
from .text import printable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Dict, List, Optional, Tuple

    from .config import Config
    from .report import Example, Tally

AGENT_EVENTS = "agent events"
_MB = 1e6


def notice(
    kind: str, text: str, count: int = 1, extension: "Optional[str]" = None, reason: "Optional[str]" = None
) -> Notice:
    return Notice(kind, extension, reason, count, redact(text))


def of_extension(handler: str, path: str, tally: "Tally", limit: "Optional[str]", config: "Config") -> "List[Notice]":
    """All that is to be told of one extension, what operators look for first at the front."""
    told = [
        notice("drops", drops(handler, {reason: count}), count, handler, reason)
        for reason, count in tally.dropped.items()
    ]
    told += of_directory(handler, path, tally, limit, config)
    if tally.accepted:
        text = f"Collected {tally.accepted} events for extension: {printable(handler)}"
        told.append(notice("collected", text, tally.accepted, handler))
    return told


def of_directory(
    handler: "Optional[str]", path: str, tally: "Tally", limit: "Optional[str]", config: "Config"
) -> "List[Notice]":
    """The limit that was reached in a directory, and what was met there; handler None means the agent events."""
    told = []
    name = printable(handler) if handler is not None else AGENT_EVENTS
    if limit:
        kind, text = _limit(limit, name, config)
        told.append(notice(kind, text, tally.discarded.get(limit, 0), handler))
    for (kind, reason), example in tally.examples.items():
        told.append(notice(kind, _sentence(kind, name, path, example, config), example.count, handler, reason))
    return told


def drops(handler: str, dropped: "Dict[str, int]") -> str:
    """The events dropped of one extension, by reason, in one sentence."""
    details = [
        f"Reason: [InvalidExtensionEventError] {reason}; Dropped Count: {count}" for reason, count in dropped.items()
    ]
    return f"Dropped events for Extension: {printable(handler)}; Details:\n\t" + "\n\t".join(details)


def _limit(limit: str, handler: str, config: "Config") -> "Tuple[str, str]":
    if limit == QUOTA:
        return "quota", (
            f"Reached max count for the extension: {handler}; Max Limit: {config.quota}. Skipping the rest."
        )
    if limit == REJECTS:
        return "rejects", (
            f"Reached max rejects for the extension: {handler}; Max Limit: {config.max_rejects}. Discarding the rest."
        )
    return "work", (
        f"Reached max bytes to parse for the extension: {handler}; Max Limit: {config.max_parse}. Discarding the rest."
    )


def _sentence(kind: str, handler: str, path: str, example: "Example", config: "Config") -> str:
    path = printable(path)
    more = f" ({example.count - 1} more like it)" if example.count > 1 else ""
    if kind == "failed":
        return f"Failed to process event file {example.name}:{example.why}{more}"
    if kind == "size":
        return (
            f"Skipping file: {path}/{example.name} as its size is {example.size / _MB:.2f} Mb"
            f" > Max size allowed {config.max_file_size / _MB:.1f} Mb{more}"
        )
    if kind == "irregular":
        return f"Skipping file: {path}/{example.name} as it is no regular file of its own: {example.why}{more}"
    if kind in ("unremovable", "clean"):
        return f"Failed to completely clear the {path} directory. Exception: {example.name}: {example.why}{more}"
    if kind == "not-a-directory":
        return f"Skipping {path} as it cannot be entered as a directory: {example.why}"
    if kind == "entries":
        return f"Reached max entries of the directory {path}; Max Limit: {config.max_entries}. The rest waits."
    if kind == "sender-error":
        return f"The sender did not take events of extension: {handler}; {example.why}{more}"
    return f"Unknown error occurred when trying to collect events of extension: {handler}; {example.why}{more}"
