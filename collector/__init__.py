"""The reference collector of extension telemetry events (docs/contract.md). Stdlib only, Python 3.6 to 3.14.

    collector.build("/var/log/azure", "/var/lib/waagent/events", sender).service().run()
"""

from .collector import Collector, build, get_collect_telemetry_events_handler
from .report import Ledger, Notice, Report

__all__ = ["Collector", "Ledger", "Notice", "Report", "build", "get_collect_telemetry_events_handler"]
