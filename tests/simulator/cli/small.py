"""The smallest scenario, for tests of the command: what is judged there matters to none of them."""

from __future__ import annotations

SCENARIO = """
schema = 1
title = "small"
about = "small"
clauses = ["event.mapping"]
passes = 1
[[actor]]
handler = "A"
events = 3
"""
