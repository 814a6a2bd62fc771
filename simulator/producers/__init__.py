"""Producers of valid events, by name: the plain one and those of the field."""

from __future__ import annotations

from collections.abc import Mapping

from simulator.assignment import Producer
from simulator.producers.agent_tests import AgentEndToEnd
from simulator.producers.aks import AksBash, AksNodeController, AksSecureTls
from simulator.producers.aks_watchers import AksGoTime, AksNodeProblemDetector, AksServiceExecution
from simulator.producers.go_platform import GoPlatform
from simulator.producers.guest_proxy_agent import GuestProxyAgent
from simulator.producers.legacy import BoshCpi, CustomScript, GuestConfiguration, LegacyXml, OmsAgent
from simulator.producers.linux_patch import LinuxPatch, LinuxPatchHandler
from simulator.producers.plain import Plain
from simulator.producers.vm_backup import VmBackup
from simulator.producers.waagent import Waagent

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
