"""Verdicts as people and machines read them: terminal, JSON, JUnit, Markdown, SARIF, HTML.

May import: judging, contract, core and below; jinja2, rich.
"""

from .destination import Destination, open_destinations
from .json_report import report_data
from .terminal import show, show_conformance, show_said

__all__ = [
    "Destination",
    "open_destinations",
    "report_data",
    "show",
    "show_conformance",
    "show_said",
]
