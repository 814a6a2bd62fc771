"""From a scenario file to a plan: what happens in a run, as data.

May import: hazards, contract, writers, core and below; pydantic.
"""

from .faults import ERRNOS, FAULT_KINDS, SENDER_LABELS, Countdown, Fault
from .library import load_scenario, scenario_from_data
from .model import Actor, Scenario, Threshold
from .places import Place
from .plan import ActorPlan, Plan, actor_plan, limits_of, make_plan
from .references import has_agent_pass, hazard
from .schema import scenario_schema
from .timezones import is_known
from .variants import KINDS, Crash, Errno, Interleave, Kind, Variant, parse_variant

__all__ = [
    "ERRNOS",
    "FAULT_KINDS",
    "KINDS",
    "SENDER_LABELS",
    "Actor",
    "ActorPlan",
    "Countdown",
    "Crash",
    "Errno",
    "Fault",
    "Interleave",
    "Kind",
    "Place",
    "Plan",
    "Scenario",
    "Threshold",
    "Variant",
    "actor_plan",
    "has_agent_pass",
    "hazard",
    "is_known",
    "limits_of",
    "load_scenario",
    "make_plan",
    "parse_variant",
    "scenario_from_data",
    "scenario_schema",
]
