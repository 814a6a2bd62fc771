"""Names of an output event's parameters,
and the ids that every event carries (contract, family event).
"""

from __future__ import annotations

#: The eight parameters of an output event that its written element decides, in the order of
#: ``Label.parameters``. The ninth, OpcodeName, is the file's modification time, which the world
#: decides.
LABELLED_PARAMETERS = (
    "EventName", "CapabilityUsed", "TaskName", "Context1", "Context2", "Context3", "EventPid", "EventTid",
)  # fmt: skip

#: Names of an event's parameters in the contract's order (docs/contract.md section 1, Output).
PARAMETER_NAMES = (
    "GAVersion", "ContainerId", "OpcodeName", "EventTid", "EventPid", "TaskName", "OSVersion", "ExecutionMode", "RAM", "Processors",
    "KeywordName", "TenantName", "RoleName", "RoleInstanceName", "Location", "SubscriptionId", "ResourceGroupName", "VMId",
    "ImageOrigin", "EventName", "CapabilityUsed", "Context1", "Context2", "Context3",
)  # fmt: skip

EVENT_ID = 7
PROVIDER_ID = "FFF0196F-EE4C-4EAF-9AA5-776F622DEB4F"
