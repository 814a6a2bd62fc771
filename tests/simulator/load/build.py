"""Scenarios for tests of loads."""

from __future__ import annotations

from etp_kit.simulator.scenario.model import Scenario


def scenario(*actors: dict[str, object], passes: int = 1) -> Scenario:
    rows = [{"handler": f"Contoso.Agent.{number}", **actor} for number, actor in enumerate(actors)]
    return Scenario.model_validate(
        {"schema": 1, "title": "t", "about": "a", "clauses": ["event.mapping"], "passes": passes, "actor": rows}
    )
