"""What the agent that embeds a collector gives it: the common parameters, and an ear for its
notices.

Only a collector that declares the setting gets it: a program cannot be handed a function.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..core import COMMON_PARAMETERS


def host_settings(capabilities: Mapping[str, Any], hear: Callable[[Any], None]) -> dict[str, Any]:
    """The settings that only a process shared with the collector can carry, those that it declares.
    """
    offered = {"common_parameters": lambda: dict(COMMON_PARAMETERS), "emit": hear}
    declared = capabilities.get("settings") or ()
    return {name: value for name, value in offered.items() if name in declared}
