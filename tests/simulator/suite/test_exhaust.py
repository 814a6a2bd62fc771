"""Small scopes exhausted:
the reference holds, a careless collector does not, and a report says what was tried.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from etp_kit.simulator.base.errors import BadInput
from etp_kit.simulator.cli.command import cli
from etp_kit.simulator.judging.verdict import ScenarioVerdict
from etp_kit.simulator.runner import PROGRESS, Job, result_of
from etp_kit.simulator.runner.spec import RunSpec
from etp_kit.simulator.scenario.faults import ERRNOS
from etp_kit.simulator.scenario.library import load_scenario, scenario_from_data
from etp_kit.simulator.scenario.variants import KINDS, Kind, parse_variant
from etp_kit.simulator.shipped import shipped_scenarios
from etp_kit.simulator.suite.examination import supervised
from etp_kit.simulator.suite.exhaustion import SHARES, Explorer, Share, exhaust
from etp_kit.simulator.world import FakeWorld, RealWorld

TOY = f"dir:{Path(__file__).parents[1] / 'toy'}"
SMALL = [name for name in shipped_scenarios() if load_scenario(name).exhaust == list(KINDS)]


def exhausted(name: str, collector: str, *kinds: Kind, world: str = "real") -> ScenarioVerdict:
    scenario = load_scenario(name)
    base = supervised(RunSpec(scenario, 0, collector, world))
    return exhaust(RunSpec(scenario, 0, collector, world), base, kinds)


def failed(result: ScenarioVerdict) -> dict[str, str]:
    return {clause.slug: clause.reason for clause in result.clauses if clause.verdict == "fail"}


def test_there_are_small_scenarios() -> None:
    assert {"small/two-handlers", "small/at-least-once", "small/malformed", "small/fifo", "small/link"} <= set(SMALL)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", SMALL)
def test_the_reference_holds_in_every_variant(name: str, kind: Kind) -> None:
    result = exhausted(name, "reference", kind)
    assert failed(result) == {}
    assert result.variants[kind]["failed"] == 0 < result.variants[kind]["tried"]


def test_both_worlds_try_the_same_variants() -> None:
    fake, real = (exhausted("small/two-handlers", TOY, *KINDS, world=world) for world in ("fake", "real"))
    assert fake.variants == real.variants
    assert fake.met == real.met


def test_what_is_tried_is_every_point_and_every_call() -> None:
    """Two passes over nothing, one over six files:
    the toy's calls, counted by hand from its source.
    """
    listings, files = 3 * 3, 6  # the log dir and two events dirs in each of three passes
    calls = listings + files * len(("open", "read", "read", "close", "stat", "unlink"))
    fstat_calls = result_calls(TOY) - calls
    assert fstat_calls in {0, -files, files, 2 * files}  # how often `open` looks at a file is the interpreter's business
    result = exhausted("small/two-handlers", TOY, "crash", "errno")
    assert result.variants["errno"]["tried"] == result_calls(TOY) * len(ERRNOS)
    assert result.variants["crash"]["tried"] == 2 * (result_calls(TOY) + 6 + 3)  # six deliveries, three flushes


def result_calls(collector: str) -> int:
    base = supervised(RunSpec(load_scenario("small/two-handlers"), 0, collector, "real"), keep_lines=True)
    return sum('"op":"call"' in line for line in base.lines)


def test_the_toy_loses_bystanders_events() -> None:
    found = failed(exhausted("small/malformed", TOY, "interleave", "errno"))
    assert "Fabrikam.Bystander" in found["discover.layout"]


def test_the_toy_hangs_on_a_fifo() -> None:
    assert "would-block" in failed(exhausted("small/fifo", TOY, "interleave"))["run.errors"]


def test_the_toy_follows_links() -> None:
    assert "lies outside" in failed(exhausted("small/link", TOY, "interleave"))["discover.links"]


def test_the_toy_loses_events_in_a_crash() -> None:
    found = failed(exhausted("small/at-least-once", TOY, "crash"))
    assert "in a crash" in found["deliver.at-least-once"]


def test_a_variant_of_a_report_can_be_run_again() -> None:
    reason = failed(exhausted("small/at-least-once", TOY, "crash"))["deliver.at-least-once"]
    variant = reason.partition("such as ")[2].split(": ")[0]
    alone = supervised(RunSpec(load_scenario("small/at-least-once"), 0, TOY, "real", variant=parse_variant(variant)))
    assert "deliver.at-least-once" in failed(alone)


@pytest.mark.parametrize("kind", KINDS)
def test_at_least_as_many_variants_are_planned_as_are_begun(kind: Kind) -> None:
    """What was not run is counted by the difference. What a step writes late costs no calls: of
    these only a bound is known.
    """
    scenario = load_scenario("small/two-handlers")

    def work(place: FakeWorld | RealWorld) -> tuple[int, int]:
        explorer = Explorer(RunSpec(scenario, 0, "reference", place.name), place)
        explorer.plan([kind])
        for number in range(SHARES):
            explorer.explore(Share(kind, number))
        return PROGRESS.variants

    (begun, planned), _ = result_of(Job("counted", work, "fake"))
    assert 0 < begun <= planned <= 1.5 * begun
    assert kind == "interleave" or begun == planned


def test_the_command_counts_what_it_tried() -> None:
    done = CliRunner().invoke(
        cli, ["--scenario", "two-handlers", "--collector", TOY, "--exhaust", "crash", "--report", "json=-"]
    )
    (scenario,) = json.loads(done.stdout)["scenarios"]
    assert scenario["variants"]["crash"] == {"tried": 96, "failed": 0}
    assert "96 tried" in done.stderr
    assert scenario["reproduce"].endswith("--exhaust crash")


@pytest.mark.parametrize("text", ["", "crash", "crash:0:before", "crash:1:now", "errno:1:ENONE", "interleave:0:1", "crash:1:after\n"])
def test_a_variant_that_is_none_is_bad_input(text: str) -> None:
    with pytest.raises(BadInput):
        parse_variant(text)


@pytest.mark.parametrize("text", ["crash:17:before", "crash:1:after", "errno:3:EIO", "interleave:0:2:40"])
def test_a_variant_is_told_as_it_is_written(text: str) -> None:
    assert str(parse_variant(text)) == text


@pytest.mark.parametrize("variant", ["crash:999999:after", "errno:999999:EIO", "interleave:0:0:4000"])
def test_a_variant_that_strikes_nothing_is_bad_input(variant: str) -> None:
    with pytest.raises(BadInput, match="nothing is struck there"):
        supervised(RunSpec(load_scenario("small/two-handlers"), 0, TOY, "real", variant=parse_variant(variant)))


@pytest.mark.parametrize("form", ["crash:{}:before", "errno:{}:EIO", "interleave:0:0:{}"])
@pytest.mark.parametrize("name", ["read/half-written", "small/at-least-once"])
def test_a_variant_is_told_how_many_points_there_are_and_the_last_is_one(name: str, form: str) -> None:
    scenario = load_scenario(name)
    with pytest.raises(BadInput, match="nothing is struck there") as caught:
        supervised(RunSpec(scenario, 0, "reference", "fake", variant=parse_variant(form.format(99999))))
    (last,) = (int(word) for word in str(caught.value).split() if word.isdigit())
    supervised(RunSpec(scenario, 0, "reference", "fake", variant=parse_variant(form.format(last))))
    with pytest.raises(BadInput, match="nothing is struck there"):
        supervised(RunSpec(scenario, 0, "reference", "fake", variant=parse_variant(form.format(last + 1))))


def test_sleeps_are_no_points_where_a_process_can_die() -> None:
    with pytest.raises(BadInput, match="the run has 156 calls, deliveries and flushes"):
        supervised(
            RunSpec(load_scenario("read/half-written"), 0, "reference", "fake", parse_variant("crash:99999:before"))
        )


FAULTY = """
schema = 1
title = "faulty"
about = "faulty"
clauses = ["run.errors"]
passes = 2
fault = [{ kind = "errno", call = "unlink", errno = "EIO" }]
[[actor]]
handler = "A"
events = 3
"""


def test_a_fault_of_the_scenario_stands_for_no_variant_that_strikes_nothing(tmp_path: Path) -> None:
    (tmp_path / "faulty.toml").write_text(FAULTY)
    scenario = load_scenario(str(tmp_path / "faulty.toml"))
    with pytest.raises(BadInput, match="nothing is struck there"):
        supervised(RunSpec(scenario, 0, "reference", "fake", parse_variant("errno:99999:EIO")))


def test_a_large_scenario_is_refused() -> None:
    with pytest.raises(BadInput, match="too many"):
        exhausted("quota/flood", "reference", "crash", world="fake")


LISTING = """
import os

from etp_kit.collector import build

class Listing:
    def __init__(self, log_dir, agent_events_dir, sender):
        os.listdir(log_dir)
        self.collect = build(log_dir, agent_events_dir, sender).collect
"""


def test_a_collector_that_looks_around_while_it_is_built_is_exhausted_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A crash there is the kit's own doing; where an error there leaves nobody to make a pass, that
    is told.
    """
    (tmp_path / "listing_collector.py").write_text(LISTING)
    monkeypatch.syspath_prepend(str(tmp_path))
    small = {"schema": 1, "title": "t", "about": "a", "clauses": ["event.mapping"], "passes": 1}
    scenario = scenario_from_data({**small, "actor": [{"handler": "Ext", "events": 1}]}, "small.toml")
    of = RunSpec(scenario, 0, "py:listing_collector:Listing", "fake")
    result = exhaust(of, supervised(of), ["crash", "errno"])
    assert result.variants["crash"]["failed"] == 0 < result.variants["crash"]["tried"]
    why = failed(result)["run.errors"]
    assert why.startswith(f"{len(ERRNOS)} of ")
    assert "errno:1:EACCES: it is not built any more" in why
