"""What the agent that embeds a collector gives it: the common parameters, and an ear for its notices.

Only a collector that declares the setting gets it: a program cannot be handed a function. The values are distinct, so that two that were swapped are seen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

#: Values of the common parameters; OpcodeName, and for extension events EventTid, EventPid and TaskName, are the collector's to set.
COMMON: Mapping[str, str | int] = {
    "GAVersion": "WALinuxAgent-2.15.0.1", "ContainerId": "c0ffee00-0000-4000-8000-000000000001", "OpcodeName": "opcode", "EventTid": "tid",
    "EventPid": "pid", "TaskName": "task", "OSVersion": "Linux:debian-12", "ExecutionMode": "IAAS", "RAM": 7_936, "Processors": 2, "KeywordName": "{}",
    "TenantName": "tenant", "RoleName": "role", "RoleInstanceName": "instance", "Location": "westeurope", "SubscriptionId": "subscription",
    "ResourceGroupName": "group", "VMId": "vm", "ImageOrigin": 3,
}  # fmt: skip


def given(capabilities: Mapping[str, Any], hear: Callable[[Any], None]) -> dict[str, Any]:
    """The settings that only a process shared with the collector can carry, those that it declares."""
    offered = {"common_parameters": lambda: dict(COMMON), "emit": hear}
    declared = capabilities.get("settings") or ()
    return {name: value for name, value in offered.items() if name in declared}
