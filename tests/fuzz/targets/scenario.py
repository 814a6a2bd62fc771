"""Scenario files: each is a scenario, or bad input told in one line."""

from __future__ import annotations

from etp_kit.simulator.base import BadInput
from etp_kit.simulator.scenario.library import parse_scenario

from ..refusal import check_refusal


def check(data: bytes) -> None:
    try:
        parse_scenario(data.decode("utf-8", "replace"), "fuzz.toml")
    except BadInput as error:
        check_refusal(error)
