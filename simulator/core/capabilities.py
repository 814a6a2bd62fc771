"""What a collector declares that it can do, and what of a scenario it therefore lacks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


def offers(capabilities: Mapping[str, Any], name: str) -> bool:
    """Whether a capability is declared;
    ``delivery:at-least-once`` is the mode among the values of ``delivery``.
    """
    name, _, mode = name.partition(":")
    value = capabilities.get(name)
    if not mode:
        return bool(value)
    return mode == value or (isinstance(value, Sequence) and not isinstance(value, str) and mode in value)


def lacking_settings(capabilities: Mapping[str, Any], settings: Mapping[str, Any]) -> list[str]:
    """What a scenario sets that the collector does not let anybody set.
    One that declares no settings takes all.
    """
    declared = capabilities.get("settings")
    lacking = [] if declared is None else [name for name in settings if name not in declared]
    delivery = settings.get("delivery")
    if isinstance(delivery, str) and "delivery" in capabilities and not offers(capabilities, f"delivery:{delivery}"):
        lacking.append(f"delivery={delivery}")
    return lacking


def is_of_the_kit(subject: str) -> bool:
    """Whether a run's subject, by its name, is the reference or a mutant of it."""
    return subject == "reference" or subject.startswith("mutant:")
