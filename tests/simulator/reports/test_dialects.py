"""Reports as the servers that read them want them: traces, CTRF, JUnit's and Markdown's limits, and
a place for each finding."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import jsonschema
import pytest

from etp_kit.simulator.contract.clauses import CLAUSES
from etp_kit.simulator.core.history import History, Record
from etp_kit.simulator.judging.verdict import ClauseVerdict, ScenarioVerdict
from etp_kit.simulator.reports.ctrf import ctrf
from etp_kit.simulator.reports.formats import _PARTS, FORMATS
from etp_kit.simulator.reports.html import html
from etp_kit.simulator.reports.json_report import Origin, report_data
from etp_kit.simulator.reports.junit import junit
from etp_kit.simulator.reports.markdown import markdown
from etp_kit.simulator.reports.sarif import sarif
from etp_kit.simulator.reports.saved_report import report_schema
from etp_kit.simulator.reports.trace import trace
from tests.simulator.pages import unpacked

#: An attempt at each reader: markup, a workflow command, a formula, an escape sequence, a template.
HOSTILE = (
    "</script><img src=x onerror=alert(1)>]]>&quot;'\"`${7*7}{{7*7}}\n::error::x\r\n=HYPERLINK(1)|[x](javascript:1)"
    "\x1b[31m\x07\u202e\u2028\ud800\x00<!--"
)
TOKEN = "sig=abc%2Bdef&se=2030"

ORIGIN = Origin("conform", "2026-01-05T00:00:00+00:00", 1.5, "CPython 3.11.7", "Linux 6.1 x86_64")
RECORDS = [
    Record(0, 0, "kit", "run", "", {"limits": {}, "delivery": "", "capabilities": {}, "actors": []}),
    Record(5, 0, "0:Contoso", "step", "log/Contoso/events/1.json", {"act": "write", "bytes": 3}),
    Record(7, 0, "kit", "pass-begin", "", {"kind": "extension"}),
    Record(7, 0, "collector", "call", "log/Contoso/events", {"call": "scandir"}),
    Record(9, 0, "kit", "pass-end", "", {"kind": "extension", "end": "returned", "leaked": 0}),
    Record(9, 1, "kit", "pass-begin", "", {"kind": "extension"}),
    Record(9, 1, "kit", "tree", "", []),
]


def result(text: str = "Contoso", verdict: str = "fail", lines: list[str] | None = None) -> ScenarioVerdict:
    story = (text, "fate: vanished")
    clauses = [
        ClauseVerdict(slug, CLAUSES[slug].level, verdict, text, story=story)
        for slug in ("isolate.extension", "discover.links", "event.mapping")
    ]
    return ScenarioVerdict(
        text, 0, text, verdict, text, clauses, victims={text: 3}, detail=text, reproduce=text, lines=lines or [],
        cause=(text, f"    {text}"), extensions={text: {"written": 1, "fates": {}}}, reasons={text: 1}, title=text,
        capabilities={text: text},
        limits={text: 1}, wall_seconds=0.3,
    )  # fmt: skip


def report(text: str = "Contoso", verdict: str = "fail") -> dict[str, Any]:
    return report_data(text, 0, [result(text, verdict)], 1, origin=ORIGIN)


def events(results: list[ScenarioVerdict]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads("".join(trace(results)))["traceEvents"]
    return found


def traced() -> list[dict[str, Any]]:
    return events([result(lines=list(History(RECORDS).lines()))])


class TestTrace:
    def test_every_record_stands_at_its_index_in_its_actors_lane(self) -> None:
        lanes = {event["tid"]: event["args"]["name"] for event in traced() if event["name"] == "thread_name"}
        told = [event for event in traced() if event["ph"] == "X" and event["cat"] != "pass"]
        assert [(event["ts"], lanes[event["tid"]]) for event in told] == [
            (i, record.actor) for i, record in enumerate(RECORDS)
        ]
        assert [event["args"]["virtual_ns"] for event in told] == [record.t for record in RECORDS]

    def test_a_pass_spans_its_records_and_one_that_does_not_end_goes_to_the_end(self) -> None:
        spans = [(event["ts"], event["dur"], event["args"]["end"]) for event in traced() if event.get("cat") == "pass"]
        assert spans == [(2, 3, "returned"), (5, 2, "tree")]

    def test_a_scenario_is_a_process(self) -> None:
        lines = list(History(RECORDS).lines())
        assert {event["pid"] for event in events([result(lines=lines), result(lines=lines)])} == {1, 2}

    def test_what_is_done_names_the_record(self) -> None:
        assert [event["name"] for event in traced() if event.get("cat") in {"step", "call"}] == ["write", "scandir"]


class TestCtrf:
    @pytest.mark.parametrize(
        ("verdict", "status"), [("pass", "passed"), ("fail", "failed"), ("skip", "skipped"), ("error", "other")]
    )
    def test_a_clause_in_a_scenario_is_a_test(self, verdict: str, status: str) -> None:
        results = json.loads(ctrf(report(verdict=verdict)))["results"]
        assert {test["status"] for test in results["tests"]} == {status}
        assert results["summary"][status] == results["summary"]["tests"] == 3
        assert results["summary"]["stop"] - results["summary"]["start"] == 1_500

    def test_what_was_expected_is_skipped(self) -> None:
        expected = report()
        for clause in expected["scenarios"][0]["clauses"]:
            clause["kind"] = "known"
        assert {test["status"] for test in json.loads(ctrf(expected))["results"]["tests"]} == {"skipped"}


def many(count: int, length: int) -> dict[str, Any]:
    results = [result("x" * length) for _ in range(count)]
    for number, one in enumerate(results):
        one.id = f"s{number}"
        one.detail = f"{number}{'y' * length}"
        one.kind = "hang"
    return report_data("c", 0, results, 1, origin=ORIGIN)


def test_markdown_keeps_below_what_a_step_takes_and_counts_what_it_cut() -> None:
    text = markdown(many(4_000, 300))
    assert len(text.encode()) < 1 << 20
    assert re.search(r"[0-9,]+ sections cut: the JSON report has all", text)
    assert text.index("## Failed") < text.index("sections cut")


def test_markdown_tells_failures_before_the_table() -> None:
    text = markdown(report())
    assert text.index("## Failed") < text.index("| clause | level |")


def test_junit_is_bounded_and_counts_what_it_cut() -> None:
    text = junit(many(3_000, 300))
    assert len(text) < 9_000_000
    assert re.search(r"\.\.\. [0-9]+ more lines were cut", text)


def test_names_of_cases_are_unique_and_the_sums_are_the_suites() -> None:
    root = ElementTree.fromstring(junit(report()).encode())
    names = [(case.get("classname"), case.get("name")) for case in root.iter("testcase")]
    assert len(set(names)) == len(names) == int(root.get("tests", ""))
    assert int(root.get("failures", "")) == sum(int(suite.get("failures", "")) for suite in root) == 3


def test_each_finding_has_a_file_and_the_steps_of_its_event() -> None:
    (run,) = json.loads(sarif(report()))["runs"]
    assert run["results"]
    for found in run["results"]:
        (place,) = found["locations"]
        assert place["physicalLocation"]["artifactLocation"]["uri"] == "Contoso.toml"
        (flow,) = found["codeFlows"][0]["threadFlows"]
        assert [step["location"]["message"]["text"] for step in flow["locations"]] == ["Contoso", "fate: vanished"]


@pytest.mark.parametrize("name", FORMATS)
def test_a_hostile_scenario_acts_in_no_report(name: str) -> None:
    lines = [
        Record(0, 0, HOSTILE, "run", "", {"actors": [], "capabilities": {HOSTILE: HOSTILE}}).line(0),
        Record(0, 0, HOSTILE, "step", HOSTILE, {"act": HOSTILE, "to": HOSTILE, "errno": HOSTILE}).line(1),
        Record(0, 0, HOSTILE, "pass-begin", "", {"kind": HOSTILE}).line(2),
        Record(0, 0, HOSTILE, "notice", "", {"kind": HOSTILE, "reason": HOSTILE}).line(3),
        Record(0, 0, HOSTILE, "tree", "", [[HOSTILE, HOSTILE, 0]]).line(4),
    ]
    one = result(HOSTILE, lines=lines)
    told = report_data(HOSTILE, 0, [one], 1, origin=Origin(HOSTILE, "", 0.0, HOSTILE, HOSTILE, HOSTILE, HOSTILE))
    text = "".join(_PARTS[name](told, [one]))
    text.encode("utf-8")
    assert not set("\x00\x07\x1b\u202e\u2028") & set(text)
    assert "\n::error::" not in text
    if name == "markdown":  # in a fence nothing acts, nor what is escaped
        text = re.sub(r"\\.", "", re.sub(r"^```text$.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL))
        assert "](" not in text
        assert "&" not in text
    if name in {"html", "junit", "markdown"}:
        assert "<img" not in text
        assert "<!--" not in text


def test_a_report_of_a_hostile_scenario_is_in_its_schema() -> None:
    jsonschema.validate(json.loads(json.dumps(report(HOSTILE))), report_schema())


def test_each_format_that_tells_of_failures_tells_why() -> None:
    told = report()
    told["scenarios"][0]["cause"] = ["the first decision that differs:", "    both    read"]
    silent = report()
    silent["scenarios"][0]["cause"] = []
    makers: dict[str, Callable[[dict[str, Any]], str]] = {
        "junit": junit, "sarif": sarif, "ctrf": ctrf, "markdown": markdown,
        "html": lambda data: json.dumps(unpacked(html(data))),
    }  # fmt: skip
    for name, maker in makers.items():
        assert "the first decision that differs:" in maker(told), name
        assert ("why:" in maker(told)) == (name != "html"), name
        assert "why:" not in maker(silent), name
