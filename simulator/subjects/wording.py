"""Sentences that operators already search for (docs/contract.md section 1): a notice of such a kind
must say its own.

A history keeps no text, as texts may name errors of the machine; it keeps whether the text was the
contract's.
"""

from __future__ import annotations

import re

#: Other reasons of the same report; they are joined in one text.
_OTHERS = r"(?:\n\tReason: [^\n]+; Dropped Count: [0-9]+)*"
#: Whatever stands below the sentence, where it ends with an error: the production agent puts a
#: traceback there. Who searches finds the line.
_BELOW = r"(?:\n(?s:.*))?"
_TEXTS = {
    "drops": r"Dropped events for Extension: [^\n]+; Details:"
    + _OTHERS + r"\n\tReason: \[InvalidExtensionEventError\] {reason}; Dropped Count: {count}" + _OTHERS,
    "quota": r"Reached max count for the extension: [^\n]+; Max Limit: [0-9]+\. Skipping the rest\.",
    "size": r"Skipping file: /[^\n]+ as its size is [0-9]+\.[0-9][0-9] Mb > Max size allowed [0-9]+\.[0-9] Mb(?: \(.*)?",
    "failed": r"Failed to process event file [^\n:]+:[^\n]+" + _BELOW,
    "collected": r"Collected {count} events for extension: [^\n]+",
    "sender-stopped": r"[^\n]+ service is not running, skipping current iteration",
    "unremovable": r"Failed to completely clear the /[^\n]+ directory\. Exception: [^\n]+" + _BELOW,
    "agent-drops": r"DroppedEventsCount: {count}\nReasons \(first 5 errors\): [^\n]+" + _BELOW,
}  # fmt: skip


_DROPS = re.compile(r"Dropped events for Extension: [^\n]+; Details:((?:\n\tReason: [^\n]+)+)")
_DROP = re.compile(r"\n\tReason: \[InvalidExtensionEventError\] ([^\n]+); Dropped Count: ([0-9]{1,18})(?![^\n])")


def told_drops(text: object) -> dict[str, int]:
    """The reasons that the one event on the drops of an extension holds, with their counts. There
    are none where it says something else than operators search for, or a reason twice.
    """
    whole = _DROPS.fullmatch(text) if isinstance(text, str) else None
    lines = whole[1].count("\n") if whole else 0
    found = {reason: int(count) for reason, count in _DROP.findall(whole[1])} if whole else {}
    return found if len(found) == lines else {}


def is_reworded(kind: str, reason: str | None, count: int, text: object) -> bool:
    """Whether a notice of that kind says something else than operators search for; one without a
    text says nothing, and is none.
    """
    if kind not in _TEXTS or text is None:
        return False
    pattern = _TEXTS[kind].replace("{reason}", re.escape(reason or "")).replace("{count}", str(count))
    return re.fullmatch(pattern, str(text)) is None
