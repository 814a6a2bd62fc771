"""What hinders a run of a scenario with a subject.

Nobody begins a run that can show nothing.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from ..core import lacking_settings, offers
from ..scenario import SENDER_LABELS, Scenario, has_agent_pass, is_known
from ..subjects import ProgramSubject, Subject
from ..supervisor import clock_is_had
from .sender_script import SCRIPTED


def hindrance(scenario: Scenario, subject: Subject) -> str:
    """Why this subject cannot run the scenario on this machine, in a sentence; "" where it can."""
    lacking = lacking_settings(subject.capabilities, scenario.collector)
    if scenario.service and not offers(subject.capabilities, "service"):
        lacking.append("service")
    if lacking:
        return f"the collector offers no {', '.join(lacking)}"
    if not is_known(scenario.timezone):
        return f"this machine has no data of the time zone {scenario.timezone}"
    if isinstance(subject, ProgramSubject):
        lacking = unreachable(scenario, subject.capabilities, heard=subject.is_heard)
    return f"a program has no {', '.join(lacking)}" if lacking else ""


def unreachable(scenario: Scenario, capabilities: Mapping[str, Any], *, heard: bool) -> list[str]:
    """What a scenario is about that no run of this program can have. ``heard``: its calls are."""
    found = _unreachable_of_service(scenario, heard=heard) if scenario.service else []
    hazards = [hazard for actor in scenario.actor for hazard in actor.hazards]
    if not heard and os.geteuid() == 0 and any(hazard.get("kind") == "unreadable" for hazard in hazards):
        found.append("hooks (a file that cannot be opened, though this user opens every file)")
    for fault in scenario.fault:
        in_calls = fault.kind == "crash" and not any(fault.matches(label, "") for label in SENDER_LABELS)
        if fault.kind == "sender-stop" and fault.strikes_calls:
            found.append("script for a sender that stops at a call")
        elif not heard and (in_calls or fault.kind in {"errno", "short-read", "endless"}):
            found.append(f"hooks ({fault.kind} at one of its calls)")
        elif fault.kind == "sender-slow" or (fault.kind == "clock-step" and not (heard and clock_is_had())):
            found.append(f"virtual time ({fault.kind})")
        elif fault.kind in SCRIPTED:
            found += [
                f"{one} among its capabilities"
                for one in _scripted(scenario, fault.kind, capabilities)
                if not offers(capabilities, one)
            ]
    return list(dict.fromkeys(found))


def _unreachable_of_service(scenario: Scenario, *, heard: bool) -> list[str]:
    """Its thread lives by the clock, and has no passes that the kit knows."""
    if not (heard and clock_is_had()):
        return ["virtual time (it runs the collector's own thread)"]
    scripts = [fault for fault in scenario.fault if fault.kind in SCRIPTED]
    found = ["script for a pass of a service"] if any(fault.in_pass is not None for fault in scripts) else []
    # What a sender that cannot be asked leads to is judged by the levels of the log.
    silent = any(fault.kind == "sender-mute" for fault in scripts)
    return [*found, *(["level in its log (run.error-rate)"] if silent else [])]


def _scripted(scenario: Scenario, kind: str, capabilities: Mapping[str, Any]) -> list[str]:
    """What of the script a fault needs: a sender that stops over agent events is down in the other
    pass of that time.
    """
    twice = offers(capabilities, "agent_events") and has_agent_pass(scenario)
    return [SCRIPTED[kind], *(["sender:down"] if kind == "sender-stop" and twice else [])]
