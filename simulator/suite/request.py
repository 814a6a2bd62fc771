"""A conformance run as it is asked for, and what it comes to.

Why here: the command and the pytest plugin are two ways to ask for the same run. What a name means,
what is the default, and what is refused, is written once.
"""

from __future__ import annotations

import datetime
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from ..contract import RequirementSet, named_profile, named_set, today
from ..judging import ScenarioVerdict
from ..runner import WATCHDOG
from ..scenario import load_scenario
from ..shipped import shipped_scenarios
from ..subjects import check_spec, world_for
from .expectations import Expectations, marked
from .known_failures import read_known
from .reproduce import reproducing_line
from .selection import select
from .suite import Suite


@dataclass(frozen=True, slots=True)
class ConformanceRun:
    """What runs, and what of it is expected to fail."""

    suite: Suite
    expectations: Expectations
    contract: RequirementSet

    def shown(self, result: ScenarioVerdict) -> ScenarioVerdict:
        """The result as reports show it.

        The selected clauses, expected failures marked, and the line that shows it again.
        """
        suite = self.suite
        shown = marked(result, suite.selection.scored, self.expectations)
        default_world = suite.library[result.id].worlds[0]
        shown.reproduce = reproducing_line(shown, suite.collector, default_world, timeout=suite.timeout)
        return shown


@dataclass(frozen=True, slots=True, kw_only=True)
class ConformanceRequest:
    """The options of a conformance run, as they were given; None is not given."""

    collector: str = "reference"
    level: str | None = None
    clauses: Sequence[str] = ()
    scenarios: Sequence[str] = ()
    profile: str | None = None
    known_failing: str | None = None
    world: str | None = None
    seed: int = 0
    timeout: float = WATCHDOG
    quick: bool = False
    contract: str | None = None
    #: How the names of the options begin, for what is said of them.
    option: str = "--"

    def settled(self) -> ConformanceRun:
        """The scenarios that ship, selected and with what is expected of them. Raises BadInput."""
        profile = None if self.profile is None else named_profile(self.profile, f"{self.option}profile")
        contract = today() if self.contract is None else named_set(self.contract, f"{self.option}contract")
        check_spec(self.collector)
        library = {name: load_scenario(name) for name in shipped_scenarios()}
        expectations = Expectations(
            profile=profile,
            known=read_known(self.known_failing, library) if self.known_failing else (),
            today=datetime.datetime.now(datetime.UTC).date(),
            python=sys.version_info[:2],
        )
        selection = select(
            library,
            level=self.level or (profile.level if profile else "hardened"),
            clauses=self.clauses,
            scenarios=self.scenarios,
            world=world_for(self.collector, self.world or "auto", f"{self.option}world"),
            option=self.option,
            quick=self.quick,
            contract=contract,
        )
        suite = Suite(library, selection, self.collector, self.seed, self.timeout)
        return ConformanceRun(suite, expectations, contract)
