"""What lint finds, and where: rule, clause, element, key, line and column."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest

from etp_kit.simulator.lint.rules import RULES

from .agreement import linted

GOOD = {
    "Version": "1.0.0",
    "Timestamp": "2026-01-05T00:00:00.000Z",
    "TaskName": "enable",
    "EventLevel": "Informational",
    "Message": "hello",
    "EventPid": "1",
    "EventTid": "2",
    "OperationId": "8a2b7d54-6f0c-4c0b-9a53-0d9e3b7b9f10",
}
NAME = "1767571200000.json"


@pytest.fixture
def events(tmp_path):
    path = tmp_path / "log" / "Contoso.Agent" / "events"
    path.mkdir(parents=True)
    return path


def put(directory, data, name=NAME, mode=0o600):
    path = directory / name
    path.write_bytes(data if isinstance(data, bytes) else (data if isinstance(data, str) else json.dumps(data)).encode())
    path.chmod(mode)
    return path


def said(path, **options):
    """(rule, clause, element, key, place) of every finding below a path, in order."""
    _, told = linted(path, **options)
    findings = [finding for _, outcome in told.entries for finding in outcome.findings]
    findings += [finding for directory in told.directories for finding in directory.findings]
    return [(f.rule, f.slug, f.element, f.key, f.place and tuple(f.place)) for f in findings]


def changed(**changes):
    return {key: value for key, value in {**GOOD, **changes}.items() if value is not None}


def test_a_good_event_has_no_findings(events):
    put(events, GOOD)
    assert said(events) == []


@pytest.mark.parametrize(("changes", "rule", "clause", "key"), [
    ({"Message": None}, "missing-key", "event.required", "Message"),
    ({"EventTid": None}, "missing-key", "event.required", "EventTid"),
    ({"Message": "  "}, "empty-message", "event.message-empty", "Message"),
    ({"TaskName": None, "Task_Name": "x"}, "missing-key", "event.required", "TaskName"),
    ({"Version": None, "OperationId": "o" * 7_000}, "oversize-event", "event.size", ""),
    ({"TaskName": ["x"]}, "wrong-type", "event.types", "TaskName"),
    ({"EventPid": True}, "wrong-type", "event.pids-bool", "EventPid"),
    ({"EventPid": 1.5}, "wrong-type", "event.types", "EventPid"),
    ({"TaskName": "t" * 6_000, "OperationId": GOOD["OperationId"] * 9}, "oversize-event", "event.size", ""),
    ({"Message": "m" * 3_073}, "cut-message", "event.message-cut", "Message"),
    ({"Timestamp": "2026-01-05 00:00:00Z"}, "timestamp", "event.open-values", "Timestamp"),
    ({"Timestamp": "2026-02-30T00:00:00Z"}, "timestamp", "event.open-values", "Timestamp"),
    ({"Timestamp": "yesterday"}, "timestamp", "event.open-values", "Timestamp"),
    ({"Timestamp": ""}, "timestamp", "event.open-values", "Timestamp"),
    ({"Timestamp": "2026-01-05T00:00:00.5"}, "timestamp-zone", "event.open-values", "Timestamp"),
    ({"EventLevel": "informational"}, "event-level", "event.open-values", "EventLevel"),
    ({"EventLevel": "INFO"}, "event-level", "event.open-values", "EventLevel"),
    ({"OperationId": "42"}, "operation-id", "event.open-values", "OperationId"),
    ({"OperationId": ""}, "operation-id", "event.open-values", "OperationId"),
    ({"EventPid": "0x1f"}, "pid", "event.open-values", "EventPid"),
    ({"Message": "https://a.example/?sv=1&sig=x"}, "secret", "redact.sas", "Message"),
    ({"TaskName": "bell \x07"}, "not-xml", "event.text", "TaskName"),
    ({"TaskName": "half \ud800"}, "not-xml", "event.text", "TaskName"),
])  # fmt: skip
def test_one_fault_is_one_finding_at_its_key(events, changes, rule, clause, key):
    event = changed(**changes)
    text = "[\n" + json.dumps(GOOD) + ",\n  " + json.dumps(event) + "\n]"
    put(events, text)
    found = [finding for finding in said(events) if finding[0] != "unknown-key"]
    line = text.split("\n")[2]
    column = line.index(f'"{key}"') + 1 if key in event else 3
    wanted = [finding for finding in found if finding[0] == rule]
    assert wanted == [(rule, clause, 1, key, (3, column))]
    assert len(found) == 1 or {one[0] for one in found} <= {rule, "operation-id", *(["missing-key"] if None in changes.values() else [])}


def test_every_fault_of_an_event_is_told_at_once(events):
    """Who mends one fault shall not meet the next on the next day."""
    put(events, changed(EventLevel=4, EventPid=True, TaskName=None, OperationId=None, Message=" "))
    assert sorted(one[:4] for one in said(events)) == [
        ("empty-message", "event.message-empty", 0, "Message"),
        ("missing-key", "event.required", 0, "OperationId"),
        ("missing-key", "event.required", 0, "TaskName"),
        ("wrong-type", "event.pids-bool", 0, "EventPid"),
        ("wrong-type", "event.types", 0, "EventLevel"),
    ]


def test_what_is_told_first_of_an_event_is_why_it_falls(events):
    put(events, changed(EventLevel=4, Version=None))
    fates, told = linted(events)
    assert fates.events == {(NAME, 0): "WrongTypeError: eventlevel"}
    ((_, outcome),) = told.entries
    assert {finding.key for finding in outcome.findings} == {"EventLevel", "Version"}


def test_an_object_without_any_key_lacks_all_eight(events):
    put(events, b"{}")
    assert sorted(one[3] for one in said(events)) == sorted(GOOD)


def test_a_profile_that_takes_no_integer_pids_is_told_of_both(events):
    put(events, changed(EventPid=7, EventTid=8))
    assert [one[0] for one in said(events, profile="linux-agent-2.7")] == ["integer-pid", "integer-pid"]


@pytest.mark.parametrize(("value", "shown"), [(-1, "-1 is no"), ("-1", "'-1' is no"), ("0x1f", "'0x1f' is no")])
def test_a_number_is_shown_as_one_and_a_text_in_quotes(events, value, shown):
    put(events, changed(EventPid=value))
    _, told = linted(events)
    ((_, outcome),) = told.entries
    assert [finding.text[: len(shown)] for finding in outcome.findings] == [shown]


SECRET = "S3cr3t+Value/0123456789abcdefABCDEF"


@pytest.mark.parametrize(("text", "kind"), [
    (f"DefaultEndpointsProtocol=https;AccountName=a;AccountKey={SECRET}==", "storage account key"),
    (f"Endpoint=sb://a.example/;SharedAccessKeyName=x;SharedAccessKey={SECRET}=", "shared access key"),
    (f"the signature is sig={SECRET}", "shared-access signature outside of a query"),
    (f"curl -H 'Authorization: Bearer {SECRET}'", "bearer token"),
    ("git clone https://user:S3cr3t-Value@host.example/x.git", "password in a URL"),
    ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJTM2NyM3QtVmFsdWUifQ.S3cr3t", "JSON Web Token"),
    ("-----BEGIN RSA PRIVATE KEY-----\nMIIE", "private key"),
    ("mysql --password=S3cr3t-Value", "a password"),
    ('{"clientSecret": "S3cr3t-Value"}', "a password"),
])  # fmt: skip
@pytest.mark.parametrize("key", ["Message", "TaskName"])
def test_secrets_that_no_collector_redacts(events, text, kind, key):
    put(events, changed(**{key: text}))
    assert [one[:4] for one in said(events)] == [("exposed-secret", "", 0, key)]
    _, told = linted(events)
    assert kind in told.entries[0][1].findings[0].text
    assert "S3cr3t" not in told.entries[0][1].findings[0].text


@pytest.mark.parametrize("text", [
    "https://host.example:8443/path?user=a@b.example", "mail a@b.example", "password: expired", "pwd=/root", "sig=9", "Bearer of news", "key=value",
    "https://a.example/?sv=1&sig=x", "--password=<redacted>", "AccountKey=", "design=modern", "password=***",
])  # fmt: skip
def test_what_only_looks_like_a_secret(events, text):
    put(events, changed(Message=text))
    assert "exposed-secret" not in [one[0] for one in said(events)]


def test_a_report_of_a_leak_is_no_leak(events):
    """Values are quoted in findings, and findings stand in CI logs that everybody reads."""
    put(events, changed(EventLevel=f"Bearer {SECRET}", Timestamp=f"AccountKey={SECRET}", OperationId="https://u:S3cr3t-Value@h.example/"))
    _, told = linted(events)
    ((_, outcome),) = told.entries
    assert len([finding for finding in outcome.findings if finding.rule == "exposed-secret"]) == 3
    assert not any("S3cr3t" in finding.text for finding in outcome.findings)


def test_looking_for_secrets_takes_time_in_proportion_to_the_text():
    """By counts of steps one cannot tell, so by the ratio of two lengths."""
    from etp_kit.simulator.lint.secrets import exposed

    def cost(part, length):
        text = part * (length // len(part))
        begin = time.process_time()
        exposed(text)
        return time.process_time() - begin

    for part in ("eyJ-", "://", "://a:", "sig=", "Bearer ", "AccountKey= ", "pwd=", 'pwd: "', "-----BEGIN ", "a"):
        cost(part, 10_000)
        assert cost(part, 400_000) < 40 * max(cost(part, 100_000), 0.005), part


@pytest.mark.parametrize("value", ["2026-01-05T00:00:00Z", "2026-01-05T00:00:00.123456789+05:30", "2016-12-31T23:59:60Z", "2026-01-05T00:00:00-0800"])
def test_moments_in_iso_8601_are_fine(events, value):
    put(events, changed(Timestamp=value))
    assert said(events) == []


@pytest.mark.parametrize("level", ["Critical", "Error", "Warning", "Verbose", "Informational", "LogAlways"])
def test_documented_levels_are_fine(events, level):
    put(events, changed(EventLevel=level))
    assert said(events) == []


@pytest.mark.parametrize(("old", "new", "rule", "key"), [
    ('"Timestamp"', '"TimeStamp"', "key-case", "Timestamp"),
    ('"Message"', '"MESSAGE": "lost", "Message"', "duplicate-key", "Message"),
    ('"Message"', '"Message": "lost", "Message"', "duplicate-key", "Message"),
    ('"Version"', '"Version "', "unknown-key", "Version"),
    ('"EventPid"', '"event_pid"', "unknown-key", "EventPid"),
])  # fmt: skip
def test_keys(events, old, new, rule, key):
    put(events, json.dumps(GOOD).replace(old, new))
    found = said(events)
    assert (rule, "event.keys", 0, key) in [one[:4] for one in found], found


def test_a_key_is_found_under_its_own_spelling_on_its_own_line(events):
    put(events, json.dumps(GOOD, indent=2).replace('"Timestamp"', '"TimeStamp"'))
    assert said(events) == [("key-case", "event.keys", 0, "Timestamp", (3, 3))]


@pytest.mark.parametrize(("data", "line", "column", "hint"), [
    (b"", 1, 1, "empty"),
    (b"\0" * 40, 1, 1, "zero bytes"),
    (b"\xef\xbb\xbf{}", 1, 1, "byte order mark"),
    ("{}".encode("utf-16"), 1, 1, "UTF-16"),
    (b'[\n{"a": 1},\n  {"b" 2}]', 3, 8, "Expecting ':'"),
    (b'{"a": 1}\n{"a": 2}\n', 2, 1, "one event a line"),
    (b"{'a': 1}", 1, 2, "double quotes"),
    (b'{"a": "\xff"}', 1, 8, "not UTF-8"),
    ('{"\u00e9\u00e9": "'.encode() + b'\xff"}', 1, 9, "not UTF-8"),
    (b'[\n{"a": 1}\n', 3, 1, "does not end"),
    (b'[1] 2', 1, 5, "text after the end"),
    (b"[" * 100_000, 1, 2, "nested too deeply"),
], ids=lambda value: str(value)[:20])  # fmt: skip
def test_damage_is_found_where_it_is(events, data, line, column, hint):
    put(events, data)
    _, told = linted(events)
    ((_, outcome),) = told.entries
    (finding,) = outcome.findings
    assert (finding.rule, finding.slug, outcome.fate, outcome.reason) == ("malformed", "read.malformed", "dropped", "MalformedFileError")
    assert tuple(finding.place) == (line, column)
    assert hint in finding.text


def test_damage_beyond_the_first_window(events):
    event = json.dumps(changed(Message="m" * 1_000))
    data = "[\n" + ",\n".join([event] * 200) + ",\n!\n]"
    assert len(data) > 2 * 65_536
    put(events, data)
    assert said(events) == [("malformed", "read.malformed", None, "", (202, 1))]


def test_elements_that_are_no_objects_are_found_by_their_number(events):
    put(events, json.dumps([1, None, GOOD, [], "x", True]))
    assert [one[:3] for one in said(events)] == [("not-an-object", "event.non-object", index) for index in (0, 1, 3, 4, 5)]


def test_an_empty_list_holds_no_event(events):
    put(events, b"[]")
    assert said(events) == [("no-events", "read.shapes", None, "", None)]


def test_over_quota_the_newest_win(events):
    for number in range(400):
        put(events, GOOD, f"{1767571200000 + number}.json")
    fates, told = linted(events)
    assert len(fates.events) == 360
    assert {name for name, _ in fates.events} == {f"{1767571200000 + number}.json" for number in range(40, 400)}
    (directory,) = told.directories
    ((rule, text),) = [(finding.rule, finding.text) for finding in directory.findings]
    assert rule == "quota"
    assert "40 files" in text


def test_quota_reached_within_a_file_names_the_first_element_that_is_lost(events):
    put(events, [GOOD] * 361)
    assert [one[:3] for one in said(events)] == [("quota", "quota.newest-win", 360)]


def test_exactly_the_quota_is_fine(events):
    put(events, [GOOD] * 360)
    assert said(events) == []


def test_a_profile_has_its_own_quota(events):
    put(events, [GOOD] * 301)
    assert [one[:3] for one in said(events, profile="linux-agent-2.7")] == [("quota", "quota.newest-win", 300)]
    assert said(events) == []


def test_a_profile_that_takes_no_integer_pids(events):
    put(events, [changed(EventPid=7), GOOD])
    assert said(events) == []
    fates, told = linted(events, profile="linux-agent-2.7")
    assert fates.events == {(NAME, 0): "WrongTypeError: eventpid", (NAME, 1): "collected"}
    ((_, outcome),) = told.entries
    assert [(finding.rule, finding.slug) for finding in outcome.findings] == [("integer-pid", "event.pids")]


def test_what_a_profile_does_otherwise_is_said_beside_the_finding(events):
    put(events, b"{")
    _, told = linted(events, profile="linux-agent-2.7")
    ((_, outcome),) = told.entries
    assert "every unread file of every extension is deleted" in outcome.findings[0].text


@pytest.mark.parametrize(("mode", "words"), [(0o644, "read"), (0o602, "written"), (0o666, "read and written")])
def test_a_mode_open_to_all(events, mode, words):
    put(events, GOOD, mode=mode)
    _, told = linted(events)
    ((_, outcome),) = told.entries
    assert [(finding.rule, finding.slug) for finding in outcome.findings] == [("mode", "")]
    assert f"be {words} by" in outcome.findings[0].text


def test_a_time_in_the_future(events):
    path = put(events, GOOD)
    now = time.time()
    os.utime(path, (now, now + 4_000))
    assert [one[0] for one in said(events, now=now)] == ["future-time"]
    os.utime(path, (now, now + 30))
    assert said(events, now=now) == []


def test_names_in_two_units(events):
    put(events, GOOD, "1767571200.json")
    put(events, GOOD, "1767571200000.json")
    _, told = linted(events)
    ((finding,),) = [directory.findings for directory in told.directories]
    assert (finding.rule, finding.slug) == ("name-units", "select.newest-first")
    assert "1 in s, 1 in ms" in finding.text


@pytest.mark.parametrize(("name", "rule", "clause"), [
    ("event.json", "name", "select.name"),
    ("1767571200000.json\n", "name", "select.ascii"),
    ("١٢٣.json", "name", "select.ascii"),
    ("x1.JSON", "name", "select.name"),
    ("1.waagent.tld", "name", "select.name"),
    ("1767571200000", "name", "select.name"),
    ("1767571200000.jsonl", "name", "select.name"),
    ("2026-01-05 00:00:00.123456789 +0000 UTC m=+0.5", "name", "select.name"),
    ("1767571200000-service-execution-kubelet.json", "name", "select.name"),
    ("1767571200000.json.tmp", "unread", "clean.residue"),
    ("1767571200000.json~", "unread", "clean.residue"),
    ("tmpab12cd_9", "unread", "clean.residue"),
    ("0b52a4d1-16bb-4a05-b8a4-6e0b2b9f7d21", "unread", "clean.residue"),
    (".hidden", "unread", "clean.residue"),
])  # fmt: skip
@pytest.mark.parametrize("old", [True, False])
def test_names_that_no_collector_reads(events, name, rule, clause, old):
    path = put(events, GOOD, name)
    put(events, GOOD)
    if old:
        os.utime(path, (1, 1))
    assert [one[:2] for one in said(events)] == [(rule, clause)]
    fates, _ = linted(events)
    assert fates.discarded["residue"] == old


@pytest.mark.parametrize("content", [b"", b"plain text", b"[]", b'{"level": "info", "Message": "no event", "Timestamp": 1}', b"[1]"])
def test_an_entry_that_holds_no_event_was_not_meant_to_be_read(events, content):
    put(events, content, "notes")
    assert [one[:2] for one in said(events)] == [("unread", "clean.residue")]


@pytest.mark.parametrize("event", [GOOD, [GOOD, 1], {key: value for key, value in GOOD.items() if key != "Version"}])
def test_an_entry_that_holds_an_event_was_meant_to_be_read(events, event):
    put(events, json.dumps(event, indent=1), "notes")
    assert [one[:2] for one in said(events)] == [("name", "select.name")]


def test_what_is_no_regular_file_is_not_opened_to_see_what_it_holds(events, tmp_path):
    os.mkfifo(events / "pipe")
    (events / "link").symlink_to(put(tmp_path, GOOD, "elsewhere"))
    (events / "zero").symlink_to("/dev/zero")
    assert [one[0] for one in said(events)] == ["unread"] * 3


def test_event_files_in_a_sub_directory(events):
    (events / "Temp").mkdir()
    put(events, GOOD)
    assert said(events) == []
    put(events / "Temp", GOOD)
    assert [one[:2] for one in said(events)] == [("sub-directory", "discover.layout")]


AGENT = {"eventId": 1, "providerId": "69B669B9-4AF8-4C50-BDC4-6006FA76E975", "parameters": [{"name": "Name", "value": "X"}, {"name": "Message", "value": "m"}]}


@pytest.fixture
def agent_events(tmp_path):
    path = tmp_path / "lib" / "events"
    path.mkdir(parents=True)
    put(path, AGENT, "1.tld")
    return path


def test_good_agent_events_have_no_findings(agent_events):
    assert said(agent_events) == []


def with_parameter(name, value):
    return {**AGENT, "parameters": [*AGENT["parameters"], {"name": name, "value": value}]}


@pytest.mark.parametrize(("data", "rule", "clause", "place"), [
    (b'{"eventId": 1,\n "providerId" 2}', "malformed", "agent.torn", (2, 15)),
    (b"<Data>\n<Provider id='x'>\n</Data>", "malformed", "agent.torn", (3, 3)),
    (b"\xff", "malformed", "agent.torn", (1, 1)),
    (b"[]", "malformed", "agent.torn", None),
    (b"<!DOCTYPE x [<!ENTITY a 'b'>]><x/>", "malformed", "agent.xml-safe", None),
    (with_parameter("Extra", 1), "trimmed", "agent.legacy-extension", (1, 1)),
    (with_parameter("Message", 1), None, None, None),
    ({**AGENT, "parameters": [{"name": "Message", "value": "https://a.example/?sig=x"}]}, "secret", "agent.redact", (1, 1)),
    (with_parameter("Message", "Bearer 0123456789abcdef"), "exposed-secret", "", (1, 1)),
    ({**AGENT, "parameters": [{"name": "Operation", "value": "https://a.example/?sig=x"}]}, "secret", "agent.no-signature", (1, 1)),
    ({**AGENT, "parameters": {"Name": "X", "Message": "m"}}, "malformed", "agent.torn", None),
])  # fmt: skip
def test_agent_events(agent_events, data, rule, clause, place):
    put(agent_events, data, "2.tld")
    found = [(one[0], one[1], one[4]) for one in said(agent_events)]
    assert found == ([] if rule is None else [(rule, clause, place)])


@pytest.mark.parametrize(("data", "words"), [
    ({**AGENT, "parameters": {"Name": "X", "Message": "m"}}, "parameters is an object, a list is expected"),
    ({**AGENT, "parameters": ["Name", "X"]}, "a parameter is a text, an object is expected"),
    ({**AGENT, "parameters": [{"name": "Name"}]}, "a parameter has no value"),
    ({**AGENT, "parameters": None}, "parameters is null, a list is expected"),
    ([AGENT], "it is a list, an object is expected"),
    ({"providerId": "x", "parameters": []}, "it has no eventId"),
    (b"<Data><Provider id='x'/><Param Name='Name' Value='v'/></Data>", "no Event with an id"),
    (b"<Data><Provider id='x'/><Event id='1'/><Param Name='Name'/></Data>", "a Param without a Value"),
    (b"<Data><Provider id='x'/><Event id='1'/><Param Name='Name' Value='v' T='mt:uint64'/></Data>", "a Param that is no number"),
])  # fmt: skip
def test_an_agent_event_of_the_wrong_shape_says_what_is_wrong_with_it(agent_events, data, words):
    put(agent_events, data, "2.tld")
    _, told = linted(agent_events)
    assert [words in finding.text for _, outcome in told.entries for finding in outcome.findings] == [True]


@pytest.mark.parametrize(("name", "rule"), [
    ("3.TLD", "name"), ("3.tld.tmp", "unread"), ("4", "name"), ("4.log", "name"), ("0b52a4d1-16bb-4a05-b8a4-6e0b2b9f7d21", "unread"),
])  # fmt: skip
def test_names_that_no_agent_reads(agent_events, name, rule):
    put(agent_events, AGENT, name)
    assert [one[:2] for one in said(agent_events)] == [(rule, "agent.pickup")]


def test_every_rule_is_found_somewhere_in_these_tests():
    """A rule that nothing finds would be a promise only."""
    text = "".join(Path(__file__).with_name(name).read_text(encoding="utf-8") for name in ("test_findings.py", "test_places.py"))
    assert [rule for rule in RULES if f'"{rule}"' not in text] == []
