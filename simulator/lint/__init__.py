"""What would become of these event files?
A pass of the reference collector that only looks, with advice for their publishers (docs/lint.md).

May import: scenario, subjects, hazards and below;
etp_kit.collector, pydantic, rich, typing_extensions.
"""

from .json_report import AsJson, lint_schema
from .lint_run import Reporter, lint
from .profile import Terms
from .rules import RULES
from .sarif import AsSarif
from .summary import Summary
from .terminal import ForPeople, show_rules, show_summary

__all__ = [
    "RULES",
    "AsJson",
    "AsSarif",
    "ForPeople",
    "Reporter",
    "Summary",
    "Terms",
    "lint",
    "lint_schema",
    "show_rules",
    "show_summary",
]
