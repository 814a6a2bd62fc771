"""Time zones in scenarios: by rule and by name, and what becomes of one that this machine does not
know.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from etp_kit.simulator.base.errors import BadInput
from etp_kit.simulator.runner.spec import RunSpec
from etp_kit.simulator.scenario import timezones
from etp_kit.simulator.scenario.library import parse_scenario
from etp_kit.simulator.scenario.model import Scenario
from etp_kit.simulator.suite.examination import supervised

SMALL = """
schema = 1
title = "t"
about = "a"
clauses = ["event.time-utc"]
passes = 1
timezone = "{}"

[[actor]]
handler = "Contoso.Agent"
events = 2
"""


def scenario(timezone: str) -> Scenario:
    return parse_scenario(SMALL.format(timezone), "small.toml")


TAKEN = [
    "",
    "UTC0",
    "NST3:30",
    "IST-5:30",
    "CET-1CEST",
    "CET-1CEST,M3.5.0,M10.5.0/3",
    "Asia/Kolkata",
    "America/Argentina/Buenos_Aires",
    "America/Port-au-Prince",
    "Etc/GMT+3",
]


@pytest.mark.parametrize("timezone", TAKEN)
def test_rules_and_names_are_taken(timezone: str) -> None:
    assert scenario(timezone).timezone == timezone


@pytest.mark.parametrize(
    "timezone",
    ["Kolkata", "asia/kolkata", "/usr/share/zoneinfo/UTC", "../UTC", "Asia/../UTC", "Asia/Kol\\nkata", ":UTC", "NST"],
)
def test_what_is_neither_is_bad_input(timezone: str) -> None:
    with pytest.raises(BadInput, match="timezone"):
        scenario(timezone)


def test_a_misspelt_name_is_told_the_nearest() -> None:
    with pytest.raises(BadInput, match="unknown time zone 'Asia/Kalkota'") as refused:
        scenario("Asia/Kalkota")
    assert "Asia/Kolkata" in str(refused.value)


def test_a_named_zone_that_the_machine_has_no_data_of_is_skipped_and_passes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezones, "DATA", tmp_path)
    result = supervised(RunSpec(scenario("Asia/Kolkata"), 0, "reference", "fake"))
    assert (result.verdict, [clause.verdict for clause in result.clauses]) == ("skip", ["skip"])
    assert "no data of the time zone Asia/Kolkata" in result.detail
    assert supervised(RunSpec(scenario("IST-5:30"), 0, "reference", "fake")).verdict == "pass"


@pytest.mark.parametrize("world", ["fake", "real"])
@pytest.mark.parametrize("timezone", ["NST3:30", "Asia/Kolkata"])
@pytest.mark.parametrize("mutant", ["local-time", "local-time-by-datetime"])
def test_local_time_told_as_utc_is_seen(mutant: str, timezone: str, world: str) -> None:
    assert supervised(RunSpec(scenario(timezone), 0, f"mutant:{mutant}", world)).verdict == "fail"
