"""`simulate report` and `simulate recheck`: a saved history gives what its run gave, and a file of
anything else is one line and exit code 4."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from etp_kit.simulator.base.errors import BadInput
from etp_kit.simulator.cli.command import cli
from etp_kit.simulator.cli.origin import Beginning
from etp_kit.simulator.cli.saved import from_history
from etp_kit.simulator.reports.page import PROGRAM, main
from etp_kit.simulator.reports.saved_report import read_report, report_schema

from .small import SCENARIO

#: What a machine tells of itself, and a clock.
OF_THE_MACHINE = ("made", "wall_seconds", "reproduce", "world", "said", "title", "cage", "cause")


def simulate(*words: str) -> Result:
    return CliRunner().invoke(cli, words)


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of the reference and one of a mutant, with what they wrote."""
    home = tmp_path_factory.mktemp("saved")
    (home / "small.toml").write_text(SCENARIO)
    for name, collector in (("good", "reference"), ("bad", "mutant:quota-raised")):
        run = ("run", "quota/small", "--collector", collector)
        simulate(*run, "--report", f"ndjson={home}/{name}.ndjson", "--report", f"json={home}/{name}.json")
    return home


def test_the_line_that_shows_a_recheck_again_names_its_scenario(saved: Path) -> None:
    history, scenario = f"{saved}/bad.ndjson", f"{saved}/small.toml"
    done = simulate("recheck", history, "--scenario", scenario)
    assert done.output.splitlines()[-1] == f"again:  simulate recheck {history} --scenario {scenario}"
    assert simulate("recheck", history).output.splitlines()[-1] == f"again:  simulate recheck {history}"


def test_nobody_is_told_how_long_a_saved_run_took(saved: Path) -> None:
    (line,) = [one for one in simulate("recheck", f"{saved}/bad.ndjson").output.splitlines() if "simulated" in one]
    assert line.endswith(" simulated")


def test_a_recheck_stands_beside_the_report_of_its_run(saved: Path) -> None:
    against = ("--baseline", f"{saved}/bad.json", "--fail-on", "new")
    done = simulate("recheck", f"{saved}/bad.ndjson", *against, "--report", f"json={saved}/c.json")
    assert done.exit_code == 0, done.output
    assert json.loads((saved / "c.json").read_text())["baseline"]["missing"] == []


def test_a_report_on_one_line_is_a_report(saved: Path) -> None:
    report = json.loads((saved / "bad.json").read_text())
    (saved / "line.json").write_text(json.dumps(report))
    assert simulate("report", f"{saved}/line.json", "--report", f"json={saved}/l.json").exit_code == 0
    assert json.loads((saved / "l.json").read_text()) == report


def of_the_run(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: of_the_run(one) for name, one in value.items() if name not in OF_THE_MACHINE}
    return [of_the_run(one) for one in value] if isinstance(value, list) else value


@pytest.mark.parametrize("name", ["good", "bad"])
def test_a_saved_history_gives_the_report_of_its_run(saved: Path, name: str) -> None:
    assert simulate("report", f"{saved}/{name}.ndjson", "--report", f"json={saved}/again.json").exit_code == 0
    before, after = (json.loads((saved / file).read_text()) for file in (f"{name}.json", "again.json"))
    assert of_the_run(after) == of_the_run(before)
    assert after["scenarios"][0]["world"] == "saved"


@pytest.mark.parametrize(("name", "code"), [("good", 0), ("bad", 1)])
def test_recheck_ends_with_the_verdict(saved: Path, name: str, code: int) -> None:
    done = simulate("recheck", f"{saved}/{name}.ndjson")
    assert done.exit_code == code, done.output
    assert "quota.per-extension" in done.output


def test_several_histories_of_one_file_are_judged_together(saved: Path) -> None:
    both = saved / "both.ndjson"
    both.write_bytes((saved / "good.ndjson").read_bytes() + (saved / "bad.ndjson").read_bytes())
    done = simulate("recheck", str(both), "--report", f"json={saved}/both.json")
    assert done.exit_code == 1
    assert len(json.loads((saved / "both.json").read_text())["scenarios"]) == 2


def test_a_report_gives_every_format_that_needs_no_history(saved: Path) -> None:
    formats = ("json", "html", "junit", "markdown", "sarif")
    asked = [word for one in formats for word in ("--report", f"{one}={saved}/later.{one}")]
    assert simulate("report", f"{saved}/bad.json", *asked).exit_code == 0
    assert (saved / "later.json").read_bytes() == (saved / "bad.json").read_bytes()
    refusal = simulate("report", f"{saved}/bad.json", "--report", f"ndjson={saved}/x")
    assert isinstance(refusal.exception, BadInput)
    assert not (saved / "x").exists()


def test_a_report_is_in_its_schema(saved: Path) -> None:
    schema = report_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(json.loads((saved / "bad.json").read_text()), schema)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"schema": 2}, "is a report of schema 2, and 1 is known"),
        ({"guess": 1}, "guess"),
        ({"exit": "0"}, "exit"),
        ({"clauses": [{}]}, "clauses.0.slug"),
    ],
)
def test_a_report_of_another_kind_is_refused(saved: Path, change: dict[str, Any], told: str) -> None:
    report = json.loads((saved / "bad.json").read_text())
    with pytest.raises(BadInput, match=told):
        read_report(json.dumps({**report, **change}).encode(), "old.json")


@pytest.mark.parametrize("data", [b"{", b"[]", b"{}", b'{"schema":NaN}', b"\xff"])
def test_what_is_no_report_is_refused(data: bytes) -> None:
    with pytest.raises(BadInput, match="a report is what"):
        read_report(data, "old.json")


def test_a_report_of_a_clause_that_no_contract_has_is_refused(saved: Path) -> None:
    report = json.loads((saved / "bad.json").read_text())
    report["clauses"][0]["slug"] = "</script>"
    with pytest.raises(BadInput, match="a clause that the contract does not"):
        read_report(json.dumps(report).encode(), "old.json")


def test_a_name_with_a_lone_surrogate_is_read_back(saved: Path) -> None:
    report = json.loads((saved / "bad.json").read_text())
    report["collector"] = "\udcff\\ud800"
    assert read_report(json.dumps(report, indent=1).encode(), "old.json") == report


@pytest.mark.parametrize("verb", ["report", "recheck"])
@pytest.mark.parametrize("place", ["nowhere", ".", "/dev/null"])
def test_what_is_no_regular_file_is_refused(verb: str, place: str) -> None:
    refusal = simulate(verb, place, "--report", "json=-")
    assert isinstance(refusal.exception, BadInput)
    assert str(refusal.exception).startswith(f"{place}: cannot be read")


def test_a_report_without_a_format_is_refused(saved: Path) -> None:
    assert isinstance(simulate("report", f"{saved}/good.ndjson").exception, BadInput)


@given(st.data())
@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_a_history_is_changed_into_it_is_a_verdict_or_one_line(saved: Path, data: st.DataObject) -> None:
    lines = [json.loads(line) for line in (saved / "bad.ndjson").read_text().splitlines()]
    values = st.one_of(st.none(), st.integers(-2, 9), st.text(max_size=3), st.just([]), st.just({}), st.just([[]]))
    for _ in range(data.draw(st.integers(1, 3))):
        line = data.draw(st.sampled_from(lines))
        place = line if data.draw(st.booleans()) or not isinstance(line.get("result"), dict) else line["result"]
        place[data.draw(st.sampled_from(sorted(place)))] = data.draw(values)
    text = "".join(f"{json.dumps(line)}\n" for line in lines).encode()
    assert outcome(text) in {"pass", "fail", "skip", "error", "one line"}


def outcome(text: bytes) -> str:
    try:
        return from_history(text, "old", "", Beginning().origin("recheck")).results[0].verdict
    except BadInput as refusal:
        return "more than a line" if "\n" in str(refusal) else "one line"


def test_the_tables_of_the_document_are_current(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = Path(__file__).resolve().parents[3] / "docs" / "reports.md"
    assert main(["--check", "--path", str(document)]) == 0
    old = tmp_path / "reports.md"
    old.write_text("<!-- made: report -->\nold\n<!-- end -->\n")
    assert main(["--check", "--path", str(old)]) == 1
    assert f"run `python -m {PROGRAM}`" in capsys.readouterr().err


@pytest.mark.parametrize(("baseline", "code"), [("bad", 0), ("good", 1)])
def test_fail_on_new_fails_for_what_the_baseline_does_not_have(saved: Path, baseline: str, code: int) -> None:
    against = ("--baseline", f"{saved}/{baseline}.json", "--fail-on", "new")
    done = simulate(
        "run", "quota/small", "--collector", "mutant:quota-raised", *against, "--report", f"json={saved}/c.json"
    )
    assert done.exit_code == code, done.output
    assert json.loads((saved / "c.json").read_text())["exit"] == code
    assert "against the report of" in done.output


@pytest.mark.parametrize("words", [("--fail-on", "new"), ("--baseline", "nowhere.json")])
def test_a_baseline_that_is_not_there_ends_it_before_anything_runs(words: tuple[str, str]) -> None:
    assert isinstance(simulate("run", "quota/small", *words).exception, BadInput)
