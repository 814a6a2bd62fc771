"""What ships as data and is asked for by name: scenarios and mutants, as their files say it.

Rules: naming and showing them costs a read of the files and nothing more. That they are sound is
proven by tests, which validate every one; a scenario that runs is validated again.
May import: cage, safe and below.
"""

from .edit import Edit
from .mutant_files import Mutant, mutants
from .scenario_files import find_scenario, is_scenario, scenario_names, shipped_scenarios
from .scenario_synopsis import synopses, synopsis

__all__ = [
    "Edit",
    "Mutant",
    "find_scenario",
    "is_scenario",
    "mutants",
    "scenario_names",
    "shipped_scenarios",
    "synopses",
    "synopsis",
]
