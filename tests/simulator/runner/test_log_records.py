"""What the history tells of a log record:
whether it shows raw what came from an extension (report.log-safe).
"""

from __future__ import annotations

import pytest

from etp_kit.simulator.core.labels import FORGED_LINE
from etp_kit.simulator.runner.run import told_log

HANDLERS = ["Contoso.Agent", "Contoso.\nForged", "Contoso.\x07Bell"]


@pytest.mark.parametrize("text", [
    "an escape \x1b[2J", "a bell \x07", "a return \r", "a NUL \x00", "delete \x7f", "C1 \x9b31m",
    f"dropped:\n{FORGED_LINE} ERROR", f"dropped:\u2028{FORGED_LINE} ERROR", f"{FORGED_LINE} ERROR",
    "Dropped events for Extension: Contoso.\nForged",
])  # fmt: skip
def test_what_acts_or_forges_a_line_is_unsafe(text):
    assert told_log("WARNING", text, HANDLERS)["unsafe"]


@pytest.mark.parametrize("text", [
    "plain", "Dropped events for Extension: Contoso.Agent; Details:\n\tReason: x", f"escaped \\n{FORGED_LINE}", f"in the middle {FORGED_LINE}", "Grüße 📎",
    "Contoso.\\nForged", "Contoso.\\x07Bell",
])  # fmt: skip
def test_what_is_escaped_or_the_collectors_own_is_safe(text):
    assert not told_log("WARNING", text, HANDLERS)["unsafe"]
