"""How one event fared: lost, or otherwise than its label says."""

from __future__ import annotations

from .written import SOUND, Written

#: Fates that settle whether an event came or not.
SETTLED = {"delivered", "cut", "dropped", "altered", "duplicated"}


def is_lost(event: Written) -> bool:
    """Whether it was due to be handed over and never will be, or a pass that could have taken it
    did not.
    """
    return (
        event.due in SOUND
        and not event.refused
        and not event.deliveries
        and (event.fate == "vanished" or event.overdue)
    )


def has_empty(event: Written) -> bool:
    """Whether a field of it is empty: that such an event comes is for event.empty-ok to judge."""
    return bool(event.expected) and not all(event.expected[-1])


_OPEN = {"delivered", "cut", "withdrawn", "kept", "lost-in-crash"}


def not_as_labelled(event: Written) -> str:
    if event.refused and event.fate == "dropped":
        return ""  # by the sender (deliver.sender-error)
    if event.due in SOUND:
        over_quota = event.fate == "discarded" and event.why in {"quota", "rejects", "work", "overlap", "stop"}
        good = event.fate in _OPEN or over_quota or (event.fate == "waiting" and not event.overdue)
        return "" if good else f"{fared(event)}: {event.why}"
    return fared(event) if event.deliveries or (event.due == "drop" and event.overdue) else ""


def fared(event: Written) -> str:
    due = f"{event.due}{event.reason and ', '}{event.reason}"
    return f"{event.extension}: {event.token or event.file} ({due}) was {ended(event)}"


def ended(event: Written) -> str:
    """Its fate, in words: what should not have come is not told as altered."""
    return "handed over" if event.fate == "altered" and event.due not in SOUND else event.fate
