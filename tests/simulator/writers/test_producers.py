"""What all producers promise, and what each of them does that no other does."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import datetime, timedelta

import pytest

from collector.listing import is_event_file
from simulator.assignment import SECOND, Limits
from simulator.content import LABELLED_PARAMETERS, TOKEN_WINDOW, find_token, token
from simulator.draw import Draw
from simulator.producers import PRODUCERS, vm_backup
from simulator.producers.linux_patch import Room
from simulator.producers.moments import microseconds, milliseconds, rfc3339_nano
from simulator.producers.plain import maker, stream
from simulator.traffic import TRAFFIC

from .disk import EPOCH, HANDLER, PERIOD, assignment, held

AGENT = sorted(name for name, one in PRODUCERS.items() if getattr(one, "agent_events", False))
EXTENSION = sorted(set(PRODUCERS) - set(AGENT))
#: Producers of files that no collector reads: nothing is expected of them.
UNREAD = {"aks-service-execution", "aks-go-time"}


def plan(name, seed=1, events=200, **more):
    directory = {"directory": "lib/events"} if name in AGENT else {}
    return list(PRODUCERS[name].plan(assignment(events, **directory, **more), Draw(seed, name)))


@pytest.mark.parametrize("name", PRODUCERS)
class TestEveryProducer:
    def test_is_named_and_described(self, name):
        assert PRODUCERS[name].name == name
        assert PRODUCERS[name].about

    @pytest.mark.parametrize("traffic", TRAFFIC)
    def test_takes_its_steps_in_order_inside_its_windows(self, name, traffic):
        steps = plan(name, windows=3, traffic=traffic, events=50)
        moments = [step.at for step in steps]
        assert moments == sorted(moments)
        assert moments[0] >= 0
        assert moments[-1] < 3 * PERIOD
        assert not any(step.during for step in steps)

    def test_numbers_its_tokens_from_0_without_a_gap(self, name):
        seen = dict.fromkeys(label.token for step in plan(name) for label in step.labels or ())
        assert sorted(seen) == [token(3, number) for number in range(len(seen))]
        assert len(seen) >= 190

    def test_writes_the_same_for_the_same_seed_and_other_things_for_another(self, name):
        assert plan(name, seed=1) == plan(name, seed=1) != plan(name, seed=2)

    def test_writes_nothing_without_events_or_windows(self, name):
        assert [step for step in plan(name, events=0) if step.act != "mkdir"] == []
        assert plan(name, windows=0) == []

    def test_shares_nothing_between_two_plans(self, name):
        one = PRODUCERS[name].plan(assignment(30), Draw(1))
        other = PRODUCERS[name].plan(assignment(30), Draw(1))
        assert [pair for pair in zip(one, other, strict=True) if pair[0] != pair[1]] == []


@pytest.mark.parametrize("name", EXTENSION)
class TestEveryExtensionProducer:
    def labels(self, name, **more):
        return [label for step in plan(name, **more) for label in step.labels or () if label.parameters]

    def test_begins_each_message_with_its_token_in_reach(self, name):
        for label in self.labels(name):
            message = label.parameters[LABELLED_PARAMETERS.index("Context1")]
            assert find_token(message) == label.token
            split = name == "vm-backup" and "Z [1/" in message  # its headings alone are longer
            assert message.index(label.token) < (2 if split else 1) * TOKEN_WINDOW

    def test_expects_texts_that_need_no_more_stripping(self, name):
        for label in self.labels(name):
            assert [text for text in label.parameters if text != text.strip() and label.due != "cut"] == []

    def test_writes_every_secret_and_expects_none(self, name):
        secrets = 0
        for step in plan(name, events=900):
            for label in step.labels or ():
                for secret in label.secrets:
                    secrets += 1
                    assert secret.encode() in step.data or not step.data
                    assert not any(secret in text for text in label.parameters)
        assert secrets or name in {"plain", "aks-secure-tls", "aks-npd", "agent-end-to-end", *UNREAD}

    def test_names_the_handler_in_event_name(self, name):
        assert {label.parameters[0].startswith(f"{HANDLER}-") for label in self.labels(name)} == ({True} if name not in UNREAD else set())

    def test_keeps_to_the_limits_of_the_subject(self, name):
        short = Limits(message=40, event=200)
        for label in self.labels(name, limits=short):
            assert len(label.parameters[3]) <= 40
            assert sum(len(text) for text in label.parameters) - len(HANDLER) - 1 <= 200


def test_plain_writes_each_file_once():
    paths = [step.path for step in plan("plain", events=5_000, traffic="burst", windows=2)]
    assert len(set(paths)) == len(paths) == 10_000


@pytest.mark.parametrize(("events", "per_file"), [(1, 1), (7, 3), (9, 3), (2, 10)])
def test_plain_shares_files_as_told(events, per_file):
    steps = plan("plain", events=events, per_file=per_file)
    assert [len(step.labels) for step in steps] == [min(per_file, events - done) for done in range(0, events, per_file)]
    assert all(isinstance(json.loads(step.data), dict if per_file == 1 else list) for step in steps)


def test_the_stream_of_bytes_is_that_of_the_maker():
    task = assignment(1)
    make = maker(task, Draw(5))
    both = zip(stream(task, Draw(5), 500, at=SECOND), range(500), strict=True)
    assert [number for data, number in both if data != make(number, SECOND)[0].encode()] == []


def test_no_two_events_of_a_stream_are_equal():
    assert len(set(stream(assignment(1), Draw(0), 20_000))) == 20_000


def test_linux_patch_says_once_that_it_is_throttled_and_then_sleeps():
    messages = [step.labels for step in plan("linux-patch", events=1_000) if step.act == "rename"]
    tokens = {label.token for labels in messages for label in labels}
    assert len(tokens) == 360
    assert sum("Max telemetry event file limit" in labels[-1].parameters[3] for labels in messages) == 1


def test_linux_patch_wakes_up_again():
    tokens = {label.token for step in plan("linux-patch", events=400, windows=4) for label in step.labels or ()}
    assert 2 * 360 < len(tokens) <= 5 * 360


def test_linux_patch_appends_to_the_file_of_the_same_millisecond():
    renames = Counter(step.to for step in plan("linux-patch") if step.act == "rename")
    lengths = {step.to: len(step.labels) for step in plan("linux-patch") if step.act == "rename"}
    assert max(renames.values()) > 1
    assert dict(renames) == lengths


def test_linux_patch_deletes_the_newest_files_of_a_full_directory():
    room = Room()
    for number in range(10):
        room.written(f"{number}.json", 4_000_000)
    assert [step.path for step in room.make(1)] == ["9.json"]
    room.emptied()
    assert room.make(1) == []


def test_vm_backup_writes_below_temp_first():
    steps = plan("vm-backup")
    assert steps[0].act == "mkdir"
    assert all("/Temp/" in step.path for step in steps[1:])
    assert {label.due for step in steps if step.act == "write" for label in step.labels} == {"leave"}


def test_vm_backup_drops_its_queue_when_the_directory_is_full(monkeypatch):
    monkeypatch.setattr(vm_backup, "ROOM", 100_000)
    written = [step.data for step in plan("vm-backup", events=1_000) if step.act == "write"]
    assert 90_000 < sum(len(data) for data in written) < 100_000


def test_guest_proxy_agent_loses_what_its_queue_or_directory_cannot_hold():
    flushed = [step for step in plan("guest-proxy-agent", events=20_000) if step.act == "rename"]
    assert max(len(step.labels) for step in flushed) == 1_000
    capped = [step for step in plan("guest-proxy-agent", events=500, per_file=2) if step.act == "rename"]
    assert len(capped) == 50


def test_guest_proxy_agent_says_more_than_a_collector_keeps():
    dues = Counter(label.due for step in plan("guest-proxy-agent", events=900) for label in step.labels or ())
    assert dues["cut"] > 5


def test_aks_bash_creates_a_file_before_it_writes():
    steps = plan("aks-bash")
    assert [step.act for step in steps] == ["write", "append"] * 200
    assert {step.data for step in steps[::2]} == {b""}
    assert all(one.path == other.path for one, other in zip(steps[::2], steps[1::2], strict=True))


def test_aks_bash_overwrites_what_has_the_same_name():
    paths = [step.path for step in plan("aks-bash", events=900)[::2]]
    assert 0 < len(paths) - len(set(paths)) < 60


@pytest.mark.parametrize("name", sorted(UNREAD))
def test_nobody_may_read_what_no_collector_reads(name):
    labels = [label for step in plan(name) for label in step.labels or ()]
    assert {label.due for label in labels} == {"leave"}
    assert not any(is_event_file(step.path.rpartition("/")[2]) for step in plan(name))


def test_the_node_controllers_messages_end_in_the_times_of_the_work():
    """After a bar; what its OperationId tells is the end."""
    for step in plan("aks-node-controller"):
        event = json.loads(step.data)
        found = re.search(r" \| startTime=(\S+ \S+) endTime=(\S+ \S+) durationMs=(\d+)$", event["Message"])
        assert found is not None
        assert (found[1], found[2]) == (event["Timestamp"], event["OperationId"])
        assert int(found[3]) == (datetime.fromisoformat(found[2]) - datetime.fromisoformat(found[1])) // timedelta(milliseconds=1)


def test_a_problem_detectors_run_has_one_guid_and_numbers_its_chunks():
    runs = {}
    for step in plan("aks-npd", events=400):
        if step.act == "append":
            event = json.loads(step.data)
            runs.setdefault(event["OperationId"], []).append(event)
    chunked = [run for run in runs.values() if len(run) > 1]
    assert len(chunked) > 10
    for run in chunked:
        assert len({event["EventPid"] for event in run}) == 1
        assert [event["TaskName"].rpartition("_")[2] for event in run] == [str(number + 1) for number in range(len(run))]
        assert all(2_700 < len(event["Message"]) <= 2_872 for event in run[:-1])
        assert all(event["Message"].endswith("\n") for event in run)


def test_a_problem_detector_sweeps_what_is_older_than_ten_minutes():
    steps = plan("aks-npd", events=30, windows=6)
    wrote = {step.path: step.at for step in steps if step.act == "append"}
    swept = {step.path: step.at for step in steps if step.act == "unlink"}
    last = max(wrote.values())
    assert swept
    assert {path for path, at in swept.items() if at - wrote[path] < 600 * SECOND} == set()
    assert {path for path, at in wrote.items() if last - at >= 960 * SECOND} <= set(swept)


def test_the_agents_test_writes_lists_beside_and_renames_them():
    steps = plan("agent-end-to-end")
    assert [step.act for step in steps] == ["write", "rename"] * (len(steps) // 2)
    for step in steps[::2]:
        assert re.fullmatch(r"\d{16}\.json\.tmp", step.path.rpartition("/")[2])
        events = json.loads(step.data)
        assert {event["EventLevel"] for event in events} == {"INFO"}
        assert len({event["OperationId"] for event in events}) == 1
        assert {"TimeStamp"} == {key for event in events for key in event if key.lower() == "timestamp"}


def test_oms_agent_breaks_its_own_json():
    due = Counter((label.due, label.reason) for step in plan("oms-agent") for label in step.labels or ())
    broken = 0
    for step in plan("oms-agent"):
        if step.act == "write":
            try:
                json.loads(step.data)
            except ValueError:
                broken += 1
    assert broken == due["drop", "MalformedFileError"] > 20


def test_waagent_makes_room_for_the_newest():
    steps = plan("waagent", events=1_500)
    assert [step.act for step in steps].count("unlink") == 500
    assert len(held(steps)) == 1_000


class TestMoments:
    at = EPOCH + 7_050_000

    def test_milliseconds(self):
        assert milliseconds(self.at) == "2026-11-23T19:35:16.007"

    def test_microseconds_have_no_fraction_of_0(self):
        assert microseconds(EPOCH, " ") == "2026-11-23 19:35:16"
        assert microseconds(self.at) == "2026-11-23T19:35:16.007050"

    @pytest.mark.parametrize(("more", "text"), [(0, ""), (500_000_000, ".5"), (1, ".000000001"), (120, ".00000012")])
    def test_nanoseconds_lose_their_zeros(self, more, text):
        assert rfc3339_nano(EPOCH + more) == f"2026-11-23T19:35:16{text}Z"
