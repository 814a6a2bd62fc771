"""The agent that embeds a collector: the common parameters that it adds to events.

The values are distinct, so that two that were swapped are seen.
"""

from __future__ import annotations

from collections.abc import Mapping

#: Values of the common parameters;
#: OpcodeName, and for extension events EventTid, EventPid and TaskName, are the collector's to set.
COMMON_PARAMETERS: Mapping[str, str | int] = {
    "GAVersion": "WALinuxAgent-2.15.0.1", "ContainerId": "c0ffee00-0000-4000-8000-000000000001", "OpcodeName": "opcode", "EventTid": "tid",
    "EventPid": "pid", "TaskName": "task", "OSVersion": "Linux:debian-12", "ExecutionMode": "IAAS", "RAM": 7_936, "Processors": 2, "KeywordName": "{}",
    "TenantName": "tenant", "RoleName": "role", "RoleInstanceName": "instance", "Location": "westeurope", "SubscriptionId": "subscription",
    "ResourceGroupName": "group", "VMId": "vm", "ImageOrigin": 3,
}  # fmt: skip
