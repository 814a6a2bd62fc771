"""Reports for other tools:
well formed whatever texts they carry, and as their formats want them.
"""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etp_kit.simulator.contract.clauses import CLAUSES
from etp_kit.simulator.judging.verdict import ClauseVerdict, ScenarioVerdict
from etp_kit.simulator.reports.html import html
from etp_kit.simulator.reports.json_report import report_data
from etp_kit.simulator.reports.junit import junit
from etp_kit.simulator.reports.markdown import markdown
from etp_kit.simulator.reports.sarif import sarif
from tests.simulator.pages import unpacked

HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(1)> & \"' {{7*7}} \x1b[31m \u202e| ]]> \ud800"


def report_of(text: str = HOSTILE, kind: str = "", verdict: str = "fail") -> dict[str, Any]:
    def clause(slug: str) -> ClauseVerdict:
        return ClauseVerdict(slug, CLAUSES[slug].level, verdict, text, kind)

    clauses = [clause("isolate.extension"), clause("discover.links"), clause("event.mapping"), ClauseVerdict("run.errors", "core", "pass")]
    result = ScenarioVerdict(
        text, 0, "fake", verdict, clauses=clauses, victims={text: 3}, detail=text, reproduce=f"simulate --scenario {text}",
        extensions={text: {"written": 1, "fates": {}}},
    )  # fmt: skip
    return report_data(text, 0, [result], 1)


@given(st.text(st.characters()))
@settings(deadline=None)
def test_every_format_is_well_formed_whatever_it_carries(text: str) -> None:
    report = report_of(text)
    ElementTree.fromstring(junit(report).encode())
    markdown(report).encode()
    assert json.loads(sarif(report))["version"] == "2.1.0"
    page = Page()
    page.feed(html(report))
    assert page.scripts == 1


class Page(HTMLParser):
    """What a browser would run or load of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.scripts = 0
        self.handlers: list[str] = []
        self.loaded: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.scripts += tag == "script"
        self.handlers += [name for name, _ in attrs if name.startswith("on")]
        self.loaded += [name for name, _ in attrs if name in {"src", "href", "action"}]


def test_a_page_runs_and_loads_nothing_of_what_it_tells() -> None:
    text = html(report_of())
    page = Page()
    page.feed(text)
    assert (page.scripts, page.handlers, page.loaded) == (1, [], ["href"])
    assert 'href="#main"' in text
    assert not re.search("[\x00-\x08\x0b-\x1f\u202e]", text)
    text.encode("utf-8")


def test_no_text_of_a_page_acts_wherever_it_is_shown() -> None:
    def texts(value: Any) -> list[str]:
        if isinstance(value, dict):
            return [text for pair in value.items() for one in pair for text in texts(one)]
        if isinstance(value, list):
            return [text for one in value for text in texts(one)]
        return [value] if isinstance(value, str) else []

    told = texts(unpacked(html(report_of())))
    assert any("{{7*7}}" in text for text in told)
    assert not [text for text in told if set("\x1b\u202e\ud800") & set(text)]


def test_a_page_lets_only_its_own_script_run() -> None:
    import base64
    import hashlib

    text = html(report_of())
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', text)
    (script,) = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src &#39;sha256-{digest}&#39;" in policy or f"script-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy


def test_a_page_has_every_clause_its_victims_and_the_line_that_shows_it_again() -> None:
    report = report_of("Contoso.Victim")
    data = unpacked(html(report))
    assert [row["slug"] for row in data["report"]["clauses"]] == [row["slug"] for row in report["clauses"]]
    assert all(data["clauses"][row["slug"]]["statement"] for row in report["clauses"])
    (run,) = data["report"]["scenarios"]
    assert (run["victims"], run["reproduce"]) == ({"Contoso.Victim": 3}, "simulate --scenario Contoso.Victim")


def in_two_worlds(fake: tuple[str, str], real: tuple[str, str]) -> dict[str, Any]:
    """The report of one clause in one scenario, (verdict, kind) in each world."""
    results = [
        ScenarioVerdict("flood", 0, world, verdict, clauses=[ClauseVerdict("quota.notice", "core", verdict, "", kind)])
        for world, (verdict, kind) in (("fake", fake), ("real", real))
    ]
    return report_data("reference", 0, results, 0)


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (("skip", ""), ("pass", "")),  # it was judged, and holds
        (("pass", ""), ("fail", "known")),
        (("fail", "difference"), ("error", "")),
        (("error", ""), ("fail", "")),
    ],
)
def test_of_two_worlds_the_page_and_the_rows_tell_the_same(better: tuple[str, str], worse: tuple[str, str]) -> None:
    for report in (in_two_worlds(better, worse), in_two_worlds(worse, better)):
        (row,) = report["clauses"]
        assert (row["verdict"], row["kind"]) == worse
        assert unpacked(html(report))["report"]["clauses"][0]["kind"] == worse[1]


def test_sarif_tells_the_story_of_the_event_that_a_failure_names() -> None:
    report = report_of("Contoso")
    for clause in report["scenarios"][0]["clauses"]:
        clause["story"] = ["Contoso: etp-1, due: delivered", "fate: vanished"] * (clause["slug"] == "discover.links")
    (run,) = json.loads(sarif(report))["runs"]
    texts = {result["ruleId"]: result["message"]["text"].splitlines() for result in run["results"]}
    told = texts["discover.links"]
    begin = told.index("the records of discover.links:")
    assert told[begin + 1 : begin + 3] == ["    Contoso: etp-1, due: delivered", "    fate: vanished"]
    assert not any(line.startswith("the records of") for line in texts["isolate.extension"])


def test_sarif_tells_of_failed_hardened_clauses_with_cwe_effect_and_victims() -> None:
    (run,) = json.loads(sarif(report_of("Contoso")))["runs"]
    results = {result["ruleId"]: result for result in run["results"]}
    assert "isolate.extension" in results
    assert "run.errors" not in results
    text = results["isolate.extension"]["message"]["text"]
    assert CLAUSES["isolate.extension"].effect in text
    assert "Victims: Contoso (3 events)" in text
    assert "Again: simulate --scenario Contoso" in text
    for result in run["results"]:
        rule = run["tool"]["driver"]["rules"][result["ruleIndex"]]
        assert rule["id"] == result["ruleId"]
        assert {tag for tag in rule["properties"]["tags"] if "cwe" in tag} == {f"external/cwe/{cwe.lower()}" for cwe in CLAUSES[rule["id"]].cwe}


def test_sarif_suppresses_what_was_expected_with_its_reason() -> None:
    (run,) = json.loads(sarif(report_of("being mended", kind="known")))["runs"]
    assert run["results"]
    assert all(result["suppressions"][0]["justification"] == "being mended" for result in run["results"])


def test_sarif_says_what_was_not_judged() -> None:
    (run,) = json.loads(sarif(report_of("x", verdict="error")))["runs"]
    assert run["results"] == []
    assert run["invocations"][0]["toolExecutionNotifications"]
