"""docs/linux-agent.md is what a run of today makes."""

from __future__ import annotations

import os

from etp_kit.simulator.contract.profiles import PROFILES
from etp_kit.simulator.subjects.specs import check_spec
from etp_kit.simulator.suite.linux_agent_page import DOCUMENT, PROFILE, causes, observed, render


def test_the_document_is_current(agent: str) -> None:
    check_spec(agent)
    results = observed(agent, PROFILES[PROFILE], jobs=len(os.sched_getaffinity(0)))
    text = render(results, PROFILES[PROFILE], causes())
    document = DOCUMENT if DOCUMENT.is_file() else os.path.join(os.getcwd(), "docs", "linux-agent.md")  # the package may be installed
    with open(document, encoding="utf-8") as file:
        assert file.read() == text, f"python -m etp_kit.simulator.suite.linux_agent_page {agent}"
