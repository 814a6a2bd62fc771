"""Verdicts as people and machines read them: terminal, JSON, JUnit, Markdown, SARIF, HTML.

May import: judging, contract, core and below; jinja2, rich.
"""

from .formats import FORMATS, write_report
from .json_report import report_data
from .said import LONGEST_COMMAND, lines_beside
from .terminal import show, show_conformance, show_said

__all__ = [
    "FORMATS",
    "LONGEST_COMMAND",
    "lines_beside",
    "report_data",
    "show",
    "show_conformance",
    "show_said",
    "write_report",
]
