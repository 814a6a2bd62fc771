"""``simulate lint`` as its users meet it: exit codes, output for people and machines, bad usage."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys

import jsonschema
import pytest
from click.testing import CliRunner

from etp_kit.simulator.base.errors import BadInput
from etp_kit.simulator.cli.command import cli
from etp_kit.simulator.lint import lint_schema
from etp_kit.simulator.lint.rules import RULES

from .test_findings import AGENT, GOOD, NAME, put

BAD = {**GOOD, "EventLevel": "Info"}
WORSE = [GOOD, {**GOOD, "Message": ""}]


def simulate(*arguments, stdin=None):
    """(exit code, stdout, stderr); bad input is 4 and its one line."""
    result = CliRunner().invoke(cli, ["lint", *map(str, arguments)], input=stdin, standalone_mode=False, env={"COLUMNS": "300"})
    if isinstance(result.exception, BadInput):
        return 4, result.stdout, str(result.exception)
    assert result.exception is None, result.exception
    return result.return_value or 0, result.stdout, result.stderr


@pytest.mark.parametrize(("content", "arguments", "code"), [
    (GOOD, (), 0), (BAD, (), 1), (WORSE, (), 1),
    (BAD, ("--fail-on", "error"), 0), (WORSE, ("--fail-on", "error"), 1), (WORSE, ("--fail-on", "never"), 0),
    (BAD, ("--ignore", "event-level"), 0), (BAD, ("--ignore", "mode, event-level"), 0), (BAD, ("--ignore", "mode"), 1),
])  # fmt: skip
def test_the_exit_code_is_1_with_findings_that_count(tmp_path, content, arguments, code):
    put(tmp_path, content)
    assert simulate(tmp_path, *arguments)[0] == code
    assert simulate(tmp_path, "--json", *arguments)[0] == code


def test_nothing_to_look_at_is_no_success(tmp_path):
    code, out, err = simulate(tmp_path)
    assert (code, out) == (5, "")
    assert "nothing to lint" in err
    assert json.loads(simulate(tmp_path, "--json")[1])["exit"] == 5


@pytest.mark.parametrize(("arguments", "words"), [
    (["/nowhere/at/all"], ["/nowhere/at/all", "No such file"]),
    (["--profile", "linux-agent-2.70", "."], ["linux-agent-2.70", "did you mean"]),
    (["--ignore", "modes", "."], ["--ignore", "modes", "did you mean 'mode'"]),
    (["--report", "saif=x", "."], ["saif", "did you mean 'sarif'"]),
    (["--report", "sarif", "."], ["FORMAT=PATH"]),
    (["--report", "sarif=-", "--json", "."], ["standard output"]),
    (["--report", "sarif=/nowhere/x", "."], ["/nowhere/x"]),
    (["--json", "/nowhere/at/all"], ["/nowhere/at/all"]),
])  # fmt: skip
def test_bad_usage_is_one_line_that_says_what_and_where(arguments, words):
    code, out, line = simulate(*arguments)
    assert (code, out) == (4, "")
    assert "\n" not in line
    assert all(word in line for word in words), line


def test_people_see_file_place_severity_rule_and_clause(tmp_path):
    put(tmp_path, json.dumps(BAD, indent=1))
    code, out, _ = simulate(tmp_path)
    assert code == 1
    lines = out.splitlines()
    assert lines[0] == f"{tmp_path}/{NAME}"
    assert lines[1].split()[:3] == ["5:2", "warning", "[0].EventLevel"]
    assert lines[1].endswith("event-level event.open-values")
    assert "1 entry in 1 directory: 1 collected" in out
    assert "1 event: 1 collected" in out
    assert lines[-1] == "profile reference: 1 warning"


def test_people_are_told_how_many_more_there_are(tmp_path):
    for number in range(30):
        put(tmp_path, BAD, f"{number}.json")
    out = simulate(tmp_path, "--each", "3")[1]
    assert out.count("warning  [0].EventLevel") == 3
    assert "27 more findings of event-level" in out
    assert simulate(tmp_path, "--each", "0")[1].count("warning  [0].EventLevel") == 30


def test_hostile_names_and_values_are_shown_as_text(tmp_path):
    put(tmp_path, {**GOOD, "EventLevel": "\x1b[31m[red]\u202e"}, "1\n[bold]\x1b[2J.json")
    put(tmp_path, {**GOOD, "EventLevel": "\x1b[31m[red]\u202e"}, "1.json")
    out = simulate(tmp_path)[1]
    assert "\x1b" not in out
    assert "\u202e" not in out
    assert "1\\x0a[bold]\\x1b[2J.json" in out
    assert "\\x1b[31m[red]\\u202e" in out


def test_no_report_shows_a_secret(tmp_path):
    url = "https://a.example/c?sv=1&sig=etpsecret"
    put(tmp_path, {key: url for key in GOOD} | {url: 1, "Message": url + "\x00"})
    put(tmp_path, {**AGENT, "parameters": [{"name": "Name", "value": "x"}, {"name": url, "value": 1}]}, "2.tld")
    for arguments in ((), ("--json",), ("--report", "sarif=-")):
        for path in (tmp_path, tmp_path / "2.tld"):
            assert "etpsecret" not in "".join(map(str, simulate(path, *arguments)[1:]))


def test_the_json_report_keeps_its_schema_and_adds_up(tmp_path):
    events = tmp_path / "log" / "H" / "events"
    events.mkdir(parents=True)
    put(events, WORSE, "3.json", mode=0o644)
    put(events, b"{", "2.json")
    put(events, "[" + ",".join(["1", *[json.dumps(GOOD)] * 400]) + "]", "1.json")
    put(events, b"", "0.json.tmp")
    os.symlink("/dev/zero", events / "4.json")
    agents = tmp_path / "lib" / "events"
    agents.mkdir(parents=True)
    put(agents, AGENT, "1.tld")
    code, out, _ = simulate(tmp_path, "--json")
    report = json.loads(out)
    schema = lint_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(report)
    assert (report["exit"], report["profile"], report["quota"]) == (code, "reference", 360) == (1, "reference", 360)
    entries = [entry for directory in report["directories"] for entry in directory["entries"]]
    assert sum(report["summary"]["files"].values()) == len(entries) == 6
    assert sum(report["summary"]["events"].values()) == sum(len(entry["events"]) for entry in entries) == 363
    findings = [finding for entry in entries for finding in entry["findings"]]
    findings += [finding for directory in report["directories"] for finding in directory["findings"]]
    assert sum(report["summary"]["findings"].values()) == len(findings) == sum(report["summary"]["rules"].values())
    last = next(entry for entry in entries if entry["name"] == "1.json")
    assert last["unread"]
    assert last["events"][0] == {"element": 0, "fate": "dropped", "reason": "NotAnObjectError", "line": 1, "column": 2}


def test_the_schema_is_printed():
    result = CliRunner().invoke(cli, ["schema", "lint"])
    assert json.loads(result.stdout) == lint_schema()


def test_sarif_has_a_result_a_finding_with_places_below_the_working_directory(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    put(tmp_path, json.dumps(BAD, indent=1), "1 ü.json")
    put(tmp_path, json.dumps(BAD, indent=1))
    code, out, _ = simulate(".", "--report", "sarif=out.sarif")
    assert code == 1
    assert "profile reference" in out
    (run,) = json.loads((tmp_path / "out.sarif").read_text())["runs"]
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == list(RULES)
    by_rule = {result["ruleId"]: result["locations"][0]["physicalLocation"] for result in run["results"]}
    assert by_rule["event-level"] == {"artifactLocation": {"uri": NAME}, "region": {"startLine": 5, "startColumn": 2}}
    assert by_rule["name"] == {"artifactLocation": {"uri": "1%20%C3%BC.json"}}


def test_sarif_is_bounded(tmp_path):
    put(tmp_path, "[" + ",".join(["1"] * 6_000) + "]")
    out = simulate(tmp_path, "--report", "sarif=-")[1]
    (run,) = json.loads(out)["runs"]
    assert len(run["results"]) == 5_000
    assert "1,000 findings more" in run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"]


def test_a_report_is_whole_or_not_there(tmp_path, monkeypatch):
    from etp_kit.simulator.lint import inspection

    put(tmp_path / ".", BAD)
    monkeypatch.setattr(inspection, "on_status", lambda status, now: 1 / 0)
    with pytest.raises(AssertionError):
        simulate(tmp_path, "--report", f"sarif={tmp_path / 'x'}", "--report", f"json={tmp_path / 'y'}")
    assert sorted(os.listdir(tmp_path)) == [NAME]


def test_standard_input_is_one_file():
    code, out, _ = simulate("-", stdin=json.dumps(BAD))
    assert code == 1
    assert out.splitlines()[0] == "-"
    report = json.loads(simulate("-", "--json", stdin="{")[1])
    assert [entry["name"] for directory in report["directories"] for entry in directory["entries"]] == ["-"]
    assert report["directories"][0]["path"] == ""


def test_the_rules_are_listed_and_each_is_explained():
    code, out, _ = simulate("--rules")
    assert code == 0
    assert [line.split()[0] for line in out.splitlines()] == list(RULES)


def test_a_reader_that_goes_away_is_no_crash(tmp_path):
    for number in range(300):
        put(tmp_path, BAD, f"{number}.json")
    program = f"from etp_kit.simulator.cli import main; import sys; sys.argv = ['simulate', 'lint', '--each', '0', {str(tmp_path)!r}]; main()"
    done = subprocess.run(
        f'"{sys.executable}" -c "$PROGRAM" | head -n 1', shell=True, capture_output=True, text=True, check=False,
        env={**os.environ, "PROGRAM": program}, timeout=60,
    )  # fmt: skip
    assert str(tmp_path) in done.stdout
    assert "Traceback" not in done.stderr
    assert "could not be looked through" not in done.stderr


@pytest.mark.parametrize(("value", "expected"), [("--profile linux", "linux-agent-2.7"), ("--ignore time", "timestamp")])
def test_the_shell_completes(value, expected):
    environment = {"_SIMULATE_COMPLETE": "bash_complete", "COMP_WORDS": f"simulate lint {value}", "COMP_CWORD": "3"}
    out = io.StringIO()
    from click.shell_completion import BashComplete

    os.environ.update(environment)
    try:
        out.write(BashComplete(cli, {}, "simulate", "_SIMULATE_COMPLETE").complete())
    finally:
        for name in environment:
            del os.environ[name]
    assert expected in out.getvalue()
