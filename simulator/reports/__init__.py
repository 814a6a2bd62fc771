"""Verdicts as people and machines read them: terminal, JSON, Markdown, HTML, JUnit, SARIF, traces.

May import: judging, contract, core and below; jinja2, pydantic, rich,
typing_extensions.
"""

from .attestation import differences, statement
from .changes import change_lines, exit_on_new, with_changes
from .formats import FORMATS, FROM_HISTORIES, OF_FAILURES, write_report
from .json_report import Origin, report_data
from .mutation_testing import Tried, mutation
from .said import LONGEST_COMMAND, lines_beside
from .saved_report import read_report, report_schema
from .terminal import show, show_said
from .terminal_suite import show_conformance

__all__ = [
    "FORMATS",
    "FROM_HISTORIES",
    "LONGEST_COMMAND",
    "OF_FAILURES",
    "Origin",
    "Tried",
    "change_lines",
    "differences",
    "exit_on_new",
    "lines_beside",
    "mutation",
    "read_report",
    "report_data",
    "report_schema",
    "show",
    "show_conformance",
    "show_said",
    "statement",
    "with_changes",
    "write_report",
]
