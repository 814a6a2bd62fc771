"""A history holds what its types say: that of a real run, the schema, and docs/history.md."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from etp_kit.simulator.core.history import History, Record
from etp_kit.simulator.core.history_page import PROGRAM, document, main
from etp_kit.simulator.core.line_schema import history_schema
from etp_kit.simulator.core.records import OPS
from etp_kit.simulator.runner.job import Job
from etp_kit.simulator.runner.run import Run
from etp_kit.simulator.runner.spec import RunSpec
from etp_kit.simulator.runner.worker import result_of
from etp_kit.simulator.scenario.library import load_scenario
from etp_kit.simulator.subjects.specs import resolve

#: The repository's: an installed kit has no documents beside it.
DOCUMENT = Path(__file__).parents[3] / "docs" / "history.md"

#: Runs that show much between them: a crash, refusals and stops, agent events, and a service.
RUNS = ("deliver/crashes", "run/errors-and-stops", "agent/everyday", "run/feature-off-and-stopped")


@cache
def validator() -> jsonschema.Draft202012Validator:
    schema = history_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


@cache
def lines(name: str) -> list[dict[str, Any]]:
    scenario = load_scenario(name)
    spec = RunSpec(scenario, 0, "reference", "fake")
    job = Job(name, lambda world: list(Run(spec, resolve("reference"), world).execute()), "fake", form=list[Record])
    return [json.loads(line) for line in History(result_of(job)[0]).lines()]


@pytest.mark.parametrize("name", RUNS)
def test_a_real_history_is_in_the_schema(name: str) -> None:
    for line in lines(name):
        validator().validate(line)


def test_these_runs_show_most_kinds_of_records() -> None:
    shown = {line["op"] for name in RUNS for line in lines(name)}
    assert shown <= OPS.keys()
    assert OPS.keys() - shown <= {"offered", "changed", "escape", "capability", "ledger"}


def test_a_record_of_no_known_kind_is_refused() -> None:
    assert not validator().is_valid({**lines(RUNS[0])[0], "op": "guess"})


@pytest.mark.parametrize("op", ["run", "pass-begin", "pass-end", "step", "call", "deliver", "flush", "crash", "notice"])
class TestOtherResult:
    def line(self, op: str) -> dict[str, Any]:
        return next(line for line in lines(RUNS[0]) if line["op"] == op)

    def test_a_key_that_no_type_has_is_refused(self, op: str) -> None:
        line = self.line(op)
        assert not validator().is_valid({**line, "result": {**line["result"], "guess": 1}})

    def test_a_record_without_its_result_is_refused(self, op: str) -> None:
        line = self.line(op)
        assert not validator().is_valid({key: value for key, value in line.items() if key != "result"})


def test_the_document_is_current() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == document()


def test_a_document_that_is_not_current_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "history.md"
    path.write_text("old", encoding="utf-8")
    assert main(["--check", "--path", str(path)]) == 1
    assert f"run `python -m {PROGRAM}`" in capsys.readouterr().err
    assert main(["--path", str(path)]) == 0
    assert main(["--check", "--path", str(path)]) == 0
