"""``linux-agent[:DIR]`` without the agent: what is found, what is refused in one line, and an agent
of the early kind.
"""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType

import pytest
from click.testing import CliRunner

from etp_kit.simulator.base.errors import BadInput
from etp_kit.simulator.cli.command import cli
from etp_kit.simulator.runner.spec import RunSpec
from etp_kit.simulator.scenario.library import load_scenario, parse_scenario
from etp_kit.simulator.subjects.specs import check_spec
from etp_kit.simulator.suite.examination import supervised

_SPEC = importlib.util.spec_from_file_location(
    "lookalike_early", Path(__file__).parents[1].joinpath("lookalike") / "early.py"
)
assert _SPEC is not None
assert _SPEC.loader is not None
_MODULE: ModuleType = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(_MODULE)
EARLY: Mapping[str, str] = _MODULE.FILES

MODERN_PLACE = Path(__file__).parents[1] / "lookalike" / "modern"

TWO = """
schema = 1
title = "Two extensions"
about = "Each writes a little."
clauses = ["clean.processed"]
passes = 2

[[actor]]
handler = "Fabrikam.First"
events = 3

[[actor]]
handler = "Fabrikam.Second"
events = 2
"""


def lay(place: Path, files: Mapping[str, str]) -> str:
    for name, text in files.items():
        path = place / "azurelinuxagent" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return f"linux-agent:{place}"


MODERN: Mapping[str, str] = {
    str(path.relative_to(MODERN_PLACE / "azurelinuxagent")): path.read_text()
    for path in sorted(MODERN_PLACE.rglob("*.py"))
}


def refusal(spec: str) -> str:
    with pytest.raises(BadInput) as refused:
        check_spec(spec)
    assert "\n" not in str(refused.value)
    return str(refused.value)


def test_a_directory_without_an_agent_is_refused(tmp_path: Path) -> None:
    assert "holds no package azurelinuxagent" in refusal(f"linux-agent:{tmp_path}")


def test_the_top_of_an_unpacked_package_is_told_where_its_modules_are(tmp_path: Path) -> None:
    lay(tmp_path / "usr/lib/python3/dist-packages", EARLY)
    assert f"did you mean '{tmp_path}/usr/lib/python3/dist-packages'?" in refusal(f"linux-agent:{tmp_path}")


def test_the_package_itself_will_do_for_its_directory(tmp_path: Path) -> None:
    check_spec(f"{lay(tmp_path, EARLY)}/azurelinuxagent")


def test_an_agent_from_before_extension_events_is_refused_with_its_version(tmp_path: Path) -> None:
    files = {name: text for name, text in EARLY.items() if name != "ga/extension_telemetry.py"}
    spec = lay(tmp_path, files | {"common/version.py": 'AGENT_VERSION = "2.2.47"\n'})
    assert "version 2.2.47 collects no extension events" in refusal(spec)


def test_an_agent_without_a_version_is_refused(tmp_path: Path) -> None:
    assert "AGENT_VERSION" in refusal(lay(tmp_path, EARLY | {"common/version.py": ""}))


def test_code_for_another_python_is_refused(tmp_path: Path) -> None:
    spec = lay(tmp_path, EARLY | {"ga/extension_telemetry.py": "print 'of another age'\n"})
    assert "is no Python that this interpreter understands" in refusal(spec)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"ga/extension_telemetry.py": "import module_that_nobody_has\n"},
            "version 2.2.53 cannot be loaded by Python 3",
        ),
        (
            {"ga/extension_telemetry.py": "class SomethingElse:\n    pass\n"},
            "its collector is of no kind that is known here",
        ),
        ({"ga/extension_telemetry.py": "raise SystemError('x\\ny')\n"}, "SystemError"),
    ],
    ids=["missing-module", "unknown-classes", "error"],
)
def test_an_agent_that_cannot_be_used_is_bad_input(tmp_path: Path, change: Mapping[str, str], message: str) -> None:
    spec = lay(tmp_path, {**EARLY, **change})
    done = CliRunner().invoke(cli, ["run", "--scenario", "quota-exact", "--collector", spec])
    assert isinstance(done.exception, BadInput)
    assert message in str(done.exception)


@pytest.mark.parametrize("world", ["fake", "real"])
def test_an_early_agent_is_heard_and_its_events_know_where_they_were_read(tmp_path: Path, world: str) -> None:
    result = supervised(RunSpec(parse_scenario(TWO, "two.toml"), 0, lay(tmp_path, EARLY), world), keep_lines=True)
    records = [json.loads(line) for line in result.lines]
    told = [record["result"] for record in records if record["op"] == "notice"]
    assert {(notice["kind"], notice["extension"], notice["reason"], notice["count"]) for notice in told} == {
        ("drops", "Fabrikam.First", "odd", 3),
        ("drops", "Fabrikam.Second", "odd", 3),
    }
    keys = [tuple(record["result"]["key"]) for record in records if record["op"] == "deliver"]
    written = {record["path"] for record in records if record["op"] == "step" and record["result"]["act"] == "write"}
    assert {f"log/{handler}/events/{file}" for handler, file, _ in keys} == written
    assert len(set(keys)) == 10
    assert not result.invented


def test_the_history_does_not_say_where_the_agent_lies(tmp_path: Path) -> None:
    one, other = (
        supervised(RunSpec(parse_scenario(TWO, "two.toml"), 0, lay(tmp_path / name, EARLY), "fake"))
        for name in ("one", "other")
    )
    assert one.history_sha256 == other.history_sha256 != ""


def test_an_agent_without_a_service_skips_what_needs_one(tmp_path: Path) -> None:
    scenario = parse_scenario(
        TWO.replace("passes = 2", "passes = 2\nservice = true").replace("clean.processed", "run.thread"), "two.toml"
    )
    result = supervised(RunSpec(scenario, 0, lay(tmp_path, EARLY), "fake"))
    assert result.verdict == "skip"
    assert "service" in result.detail


def conformed(spec: str, *words: str) -> tuple[int, str]:
    done = CliRunner(env={"COLUMNS": "300"}).invoke(cli, ["conform", "--collector", spec, "--world", "fake", *words])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


def renamed(old: str, new: str) -> Mapping[str, str]:
    assert any(old in text for text in MODERN.values())
    return {name: text.replace(old, new) for name, text in MODERN.items()}


@pytest.mark.parametrize("scenario", ["quota/quota-exact", "agent/everyday", "run/an-hour", "run/feature-off"])
def test_the_names_of_before_2_3_are_known(tmp_path: Path, scenario: str) -> None:
    files = {
        name: text.replace("_ProcessExtensionEvents", "_ProcessExtensionEventsPeriodicOperation")
        for name, text in MODERN.items()
    }
    files = {
        name: text.replace("_CollectAndEnqueueEvents", "_CollectAndEnqueueEventsPeriodicOperation")
        for name, text in files.items()
    }
    assert supervised(RunSpec(load_scenario(scenario), 0, lay(tmp_path, files), "fake")).verdict == "pass"


@pytest.mark.parametrize(("scenario", "released"), [("run/an-hour", "False"), ("run/feature-off", "True")])
def test_the_switch_of_before_2_2_54_is_set_as_the_scenario_says(tmp_path: Path, scenario: str, released: str) -> None:
    name, asks = "_ENABLE_EXTENSION_TELEMETRY_PIPELINE", "is_extension_telemetry_pipeline_enabled()"
    switch = f"{name} = {released}\n\ndef {asks}:\n    return {name}\n"
    module = MODERN["ga/collect_telemetry_events.py"]
    asked = module.replace(
        "get_supported_feature_by_name(SupportedFeatureNames.ExtensionTelemetryPipeline).is_supported", asks
    )
    files = {
        **MODERN,
        "ga/exthandlers.py": switch,
        "ga/collect_telemetry_events.py": f"from azurelinuxagent.ga.exthandlers import *\n{asked}",
    }
    assert asked != module
    assert supervised(RunSpec(load_scenario(scenario), 0, lay(tmp_path, files), "fake")).verdict == "pass"


def test_local_time_told_as_utc_is_seen_in_a_zone_with_a_name() -> None:
    result = supervised(RunSpec(load_scenario("event/named-zone"), 0, f"linux-agent:{MODERN_PLACE}", "fake"))
    assert {clause.slug for clause in result.clauses if clause.verdict == "fail"} == {"event.time-utc"}


@pytest.mark.parametrize("quota", [300, 361])
def test_a_quota_that_is_not_the_profiles_is_told_with_both_numbers(tmp_path: Path, quota: int) -> None:
    spec = lay(tmp_path, renamed("PER_PERIOD = 360", f"PER_PERIOD = {quota}"))
    code, told = conformed(spec, "--profile", "linux-agent-2.15", "--clause", "quota.per-extension", "--level", "core")
    assert code == 1
    assert f"quota is {quota}, and the profile linux-agent-2.15 says 360" in " ".join(told.split())


def test_the_profiles_own_quota_passes() -> None:
    code, told = conformed(
        f"linux-agent:{MODERN_PLACE}",
        "--profile",
        "linux-agent-2.15",
        "--clause",
        "quota.per-extension",
        "--level",
        "core",
    )
    assert code == 0, told


def test_a_quota_that_is_kept_otherwise_than_declared_is_seen(tmp_path: Path) -> None:
    spec = lay(tmp_path, renamed("self._MAX_NUMBER_OF_EVENTS_PER_EXTENSION_PER_PERIOD:", "300:"))
    result = supervised(RunSpec(load_scenario("quota/quota-exact"), 0, spec, "fake"))
    assert "quota.per-extension" in {clause.slug for clause in result.clauses if clause.verdict == "fail"}
