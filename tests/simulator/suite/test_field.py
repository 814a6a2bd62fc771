"""The scenarios of the field:
each replays a problem that somebody had, and says where it is told.
"""

from __future__ import annotations

import re

import pytest
from click.testing import CliRunner

from etp_kit.simulator.cli.command import cli
from etp_kit.simulator.core.limits import Limits
from etp_kit.simulator.scenario.library import load_scenario
from etp_kit.simulator.scenario.plan import make_plan
from etp_kit.simulator.shipped import shipped_scenarios
from etp_kit.simulator.writers.producers import PRODUCERS
from etp_kit.simulator.writers.traffic import TRAFFIC

FIELD = [name for name in shipped_scenarios() if name.startswith("field/")]
#: An hour without any trouble replays no problem.
REPLAYED = sorted(set(FIELD) - {"field/everyday"})


@pytest.mark.parametrize("name", REPLAYED)
def test_says_where_its_problem_is_told(name):
    about = " ".join(load_scenario(name).about.split())
    assert len(about) > 200
    assert re.search(r"https://[a-z.]+/\S+", about)


@pytest.mark.parametrize("name", FIELD)
def test_whoever_is_hostile_has_neighbours(name):
    scenario = load_scenario(name)
    hostile = [actor for actor in scenario.actor if actor.role == "attacker"]
    neighbours = [actor for actor in scenario.actor if actor.role == "bystander"]
    assert neighbours
    assert all(actor.role == "attacker" for actor in scenario.actor if actor.hazards) or not hostile


def test_the_field_uses_every_real_producer_and_every_shape_but_the_plain_ones():
    actors = [actor for name in FIELD for actor in load_scenario(name).actor]
    assert {actor.producer for actor in actors} == set(PRODUCERS)
    assert {actor.traffic for actor in actors} >= set(TRAFFIC) - {"last-moment"}


def test_a_day_has_288_passes_12_extensions_and_10_000_event_files():
    scenario = load_scenario("field/everyday-vm")
    plan = make_plan(scenario, 0, Limits())
    assert len(plan.pass_times) == 288
    extensions = [actor for actor in plan.actors if not actor.agent_events]
    assert len({actor.handler for actor in extensions}) >= 12
    files = {step.to or step.path for actor in extensions for step in actor.steps if step.act in {"write", "rename"}}
    assert sum(re.fullmatch(r"log/[^/]+/events/[0-9]+\.json", path) is not None for path in files) >= 10_000


def test_explain_breaks_no_address():
    for name in REPLAYED:
        shown = CliRunner(env={"COLUMNS": "60"}).invoke(cli, ["explain", name]).output
        for address in re.findall(r"https://\S+", load_scenario(name).about):
            assert address in shown


def test_list_tells_what_each_replays():
    done = CliRunner().invoke(cli, ["list", "--about", "field/*", "--json"])
    assert done.exit_code == 0
    assert all(name in done.output for name in FIELD)
    assert "WALinuxAgent/issues/3080" in done.output
