"""Producers of valid events, by name: the plain one and those of the field."""

from __future__ import annotations

from collections.abc import Mapping

from ..assignment import Producer
from .agent_tests import AgentEndToEnd
from .aks import AksBash, AksNodeController, AksSecureTls
from .aks_watchers import AksGoTime, AksNodeProblemDetector, AksServiceExecution
from .go_platform import GoPlatform
from .guest_proxy_agent import GuestProxyAgent
from .legacy import BoshCpi, CustomScript, GuestConfiguration, LegacyXml, OmsAgent
from .linux_patch import LinuxPatch, LinuxPatchHandler
from .plain import Plain
from .vm_backup import VmBackup
from .waagent import Waagent

__all__ = ["PRODUCERS"]

PRODUCERS: Mapping[str, Producer] = {
    one.name: one
    for one in (
        Plain(),
        GoPlatform(),
        LinuxPatch(),
        LinuxPatchHandler(),
        VmBackup(),
        GuestProxyAgent(),
        AksBash(),
        AksNodeController(),
        AksSecureTls(),
        AksNodeProblemDetector(),
        AksServiceExecution(),
        AksGoTime(),
        AgentEndToEnd(),
        CustomScript(),
        OmsAgent(),
        LegacyXml(),
        GuestConfiguration(),
        Waagent(),
        BoshCpi(),
    )
}
