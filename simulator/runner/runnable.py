"""What hinders a run of a scenario with a subject.

Nobody begins a run that can show nothing.
"""

from __future__ import annotations

from ..core import lacking_settings, offers
from ..scenario import Scenario, is_known
from ..subjects import ProgramSubject, Subject
from .program_passes import unreachable


def hindrance(scenario: Scenario, subject: Subject) -> str:
    """Why this subject cannot run the scenario on this machine, in a sentence; "" where it can."""
    lacking = lacking_settings(subject.capabilities, scenario.collector)
    if scenario.service and not offers(subject.capabilities, "service"):
        lacking.append("service")
    if lacking:
        return f"the collector offers no {', '.join(lacking)}"
    if not is_known(scenario.timezone):
        return f"this machine has no data of the time zone {scenario.timezone}"
    if isinstance(subject, ProgramSubject) and (lacking := unreachable(scenario, subject.capabilities)):
        return f"a program has no {', '.join(lacking)}"
    return ""
