"""`simulate schema scenario` and `simulate new scenario`:
what an author of scenarios begins with.
"""

import json
import os
import tomllib

import jsonschema
import pytest
from click.testing import CliRunner

from etp_kit.simulator.base.errors import BadInput
from etp_kit.simulator.cli.command import cli
from etp_kit.simulator.contract.clauses import CLAUSES
from etp_kit.simulator.hazards import HAZARDS
from etp_kit.simulator.runner.spec import RunSpec
from etp_kit.simulator.scenario.library import load_scenario, parse_scenario
from etp_kit.simulator.scenario.schema import scenario_schema
from etp_kit.simulator.shipped import shipped_scenarios
from etp_kit.simulator.suite.examination import supervised

GOOD = {"schema": 1, "title": "t", "about": "a", "clauses": ["read.malformed"], "passes": 1, "actor": [{"handler": "h"}]}


@pytest.fixture(scope="module")
def validator():
    schema = scenario_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def inline(value):
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {inline(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(inline, value)) + "]"
    return json.dumps(value)


def toml(scenario):
    return "\n".join(f"{key} = {inline(value)}" for key, value in scenario.items())


def simulate(*arguments):
    return CliRunner().invoke(cli, list(arguments), catch_exceptions=True)


def test_the_command_prints_the_schema():
    assert json.loads(simulate("schema", "scenario").stdout) == scenario_schema()


@pytest.mark.parametrize("name", list(shipped_scenarios()))
def test_every_shipped_scenario_validates(name, validator):
    validator.validate(tomllib.loads(shipped_scenarios()[name].read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    "wrong",
    [
        {"clauses": ["no.clause"]},
        {"clauses": []},
        {"unknown": 1},
        {"schema": 2},
        {"world": "moon"},
        {"actor": []},
        {"actor": [{"handler": "h", "producer": "nobody"}]},
        {"actor": [{"handler": "h", "traffic": "none"}]},
        {"actor": [{"handler": "h", "evnts": 1}]},
        {"actor": [{"handler": "h", "hazards": [{"kind": "nothing"}]}]},
        {"actor": [{"handler": "h", "hazards": [{"kind": "torn", "amuont": 1}]}]},
        {"actor": [{"handler": "h", "hazards": [{}]}]},
        {"fault": [{"kind": "nothing"}]},
    ],
)
def test_what_simulate_refuses_the_schema_refuses(wrong, validator):
    validator.validate(GOOD)
    parse_scenario(toml(GOOD), "good.toml")
    with pytest.raises(BadInput):
        parse_scenario(toml(GOOD | wrong), "wrong.toml")
    with pytest.raises(jsonschema.ValidationError):
        validator.validate(GOOD | wrong)


def test_an_editor_can_complete_every_name(validator):
    slugs = [one["const"] for one in validator.schema["properties"]["clauses"]["items"]["oneOf"]]
    assert slugs == list(CLAUSES)
    kinds = {key.removeprefix("hazard.") for key in validator.schema["$defs"] if key.startswith("hazard.")}
    assert kinds == set(HAZARDS)


def test_a_new_scenario_runs_as_it_is_and_every_check_holds(tmp_path, validator):
    done = simulate("new", "scenario", str(tmp_path / "more" / "mine"))
    path = tmp_path / "more" / "mine.toml"
    assert done.exit_code == 0
    assert f"simulate --scenario {path}" in done.stdout
    assert "--scenario ./mine.toml" in path.read_text()
    validator.validate(tomllib.loads(path.read_text()))
    for world in ("fake", "real"):
        found = supervised(RunSpec(load_scenario(str(path)), 0, "py:etp_kit.collector:build", world))
        assert found.verdict == "pass", found
        assert {one.slug for one in found.clauses if one.verdict == "pass"} >= {"read.malformed", "isolate.extension"}


@pytest.mark.parametrize("there", ["file", "link", "directory"])
def test_a_new_scenario_writes_over_nothing(tmp_path, there):
    path = tmp_path / "mine.toml"
    target = tmp_path / "target"
    target.write_text("mine")
    {"file": lambda: path.write_text("mine"), "link": lambda: os.symlink(target, path), "directory": path.mkdir}[there]()
    assert isinstance(simulate("new", "scenario", str(path)).exception, BadInput)
    assert target.read_text() == "mine"


def test_a_new_scenario_that_cannot_be_written(tmp_path):
    (tmp_path / "file").write_text("")
    for name in (str(tmp_path / "file" / "mine"), "a\0b"):
        assert isinstance(simulate("new", "scenario", name).exception, BadInput)
