"""Verdicts as people and machines read them: terminal, JSON, JUnit, Markdown, SARIF, HTML.

May import: judging, contract, core and below.
"""

from .destination import Destination, open_destination
from .json_report import json_report
from .terminal import show, show_conformance

__all__ = [
    "Destination",
    "json_report",
    "open_destination",
    "show",
    "show_conformance",
]
