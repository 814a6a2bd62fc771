"""docs/linux-agent.md is what a run of today makes."""

from __future__ import annotations

import os

from simulator.contract import PROFILES
from simulator.losses import DOCUMENT, PROFILE, causes, observed, render
from simulator.subjects import check_spec


def test_the_document_is_current(agent: str) -> None:
    check_spec(agent)
    results = observed(agent, PROFILES[PROFILE], jobs=len(os.sched_getaffinity(0)))
    text = render(results, PROFILES[PROFILE], causes())
    document = DOCUMENT if DOCUMENT.is_file() else os.path.join(os.getcwd(), "docs", "linux-agent.md")  # the package may be installed
    with open(document, encoding="utf-8") as file:
        assert file.read() == text, f"python -m simulator.losses {agent}"
