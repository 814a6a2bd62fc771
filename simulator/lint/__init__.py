"""What would become of these event files?
A pass of the reference collector that only looks, with advice for their publishers (docs/lint.md).

May import: scenario, subjects, hazards, supervisor and below;
etp_kit.collector, pydantic, rich, typing_extensions.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from .json_report import AsJson
from .lint_run import Reporter, lint
from .profile import Terms
from .rules import RULES
from .sarif import AsSarif
from .summary import Summary
from .terminal import ForPeople, show_rules, show_summary

if TYPE_CHECKING:
    from .report_shape import lint_schema

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


def __getattr__(name: str) -> object:
    """The schema of reports takes pydantic, and linting does without."""
    if name == "lint_schema":
        return import_module(".report_shape", __name__).lint_schema
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
