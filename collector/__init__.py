"""The reference collector of extension telemetry events: safe, small, standard library only.

Vendor it as it is: every import is relative, and Python 3.6 is enough.
"""

from .collector import Collector, build
from .names import is_event_file
from .report import Ledger, Notice, Report

__all__ = ["Collector", "Ledger", "Notice", "Report", "build", "is_event_file"]
