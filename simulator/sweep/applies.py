"""Which clauses a random scenario is judged by: all, but those that ``clauses.toml`` leaves out
with a reason.
"""

from __future__ import annotations

import tomllib
from fnmatch import fnmatchcase
from functools import cache, lru_cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from ..contract import CLAUSES
from ..scenario import Scenario
from ..writers import PRODUCERS

_FILE = Path(__file__).with_name("clauses.toml")


class Unless(BaseModel):
    """Clauses that do not apply to a scenario that has one of these features, and why."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    clauses: tuple[str, ...]
    features: tuple[str, ...]
    why: str


class Applicability(BaseModel):
    """The whole file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    never: dict[str, str]
    unless: tuple[Unless, ...] = ()


@cache
def applicability() -> Applicability:
    """What the file says."""
    return Applicability.model_validate(tomllib.loads(_FILE.read_text(encoding="utf-8")))


def features_of(scenario: Scenario) -> frozenset[str]:
    """What a scenario has, by the words of ``clauses.toml``."""
    found = {f"fault:{fault.kind}" for fault in scenario.fault}
    for actor in scenario.actor:
        where = "agent-hazard" if getattr(PRODUCERS[actor.producer], "agent_events", False) else "hazard"
        found |= {f"{where}:{table['kind']}" for table in actor.hazards}
        found |= {f"life:{change.do}" for change in actor.life}
    found |= {f"setting:{name}" for name in scenario.collector}
    found |= {f"delivery:{scenario.collector['delivery']}"} if "delivery" in scenario.collector else set()
    found |= {f"producer:{actor.producer}" for actor in scenario.actor}
    named = {
        "faults": bool(scenario.fault),
        "service": scenario.service,
        "life": any(actor.life for actor in scenario.actor),
        "agent-events": any(getattr(PRODUCERS[actor.producer], "agent_events", False) for actor in scenario.actor),
        "log-dir": scenario.log_dir != "present",
        "no-agent-dir": scenario.agent_events_dir == "missing",
    }
    return frozenset(found | {name for name, there in named.items() if there})


@cache
def ever_applicable(glob: str = "*") -> tuple[str, ...]:
    """The clauses that apply to some random scenario, in the contract's order, of those that the
    glob names.
    """
    never = applicability().never
    return tuple(slug for slug in CLAUSES if slug not in never and fnmatchcase(slug, glob))


def applicable(scenario: Scenario, glob: str = "*") -> tuple[str, ...]:
    """The clauses that apply to this one, of those that the glob names."""
    return _applicable(features_of(scenario), glob)


@lru_cache(maxsize=4_096)
def _applicable(features: frozenset[str], glob: str) -> tuple[str, ...]:
    left_out = {
        slug
        for rule in applicability().unless
        if any(features.issuperset(wanted.split("+")) for wanted in rule.features)
        for slug in rule.clauses
    }
    return tuple(slug for slug in ever_applicable(glob) if slug not in left_out)
