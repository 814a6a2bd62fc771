"""Verdicts as people and machines read them: terminal, JSON, JUnit, Markdown, SARIF, HTML.

May import: judging, contract, core and below.
"""

from .destination import Destination, open_destination
from .json_report import report_data
from .terminal import show, show_conformance

__all__ = [
    "Destination",
    "open_destination",
    "report_data",
    "show",
    "show_conformance",
]
