"""The labels of agent events are right: the reference collector hands on what they say."""

from __future__ import annotations

import json
import os
import time
from xml.etree import ElementTree

import pytest

from etp_kit import collector
from etp_kit.simulator.base.random_stream import Draw
from etp_kit.simulator.hazards import HAZARDS
from etp_kit.simulator.writers.producers import PRODUCERS
from etp_kit.simulator.writers.producers.tld import TRIMMED

from .disk import ROUNDS, Sender, assignment, held, perform

DIRECTORY = "lib/events"
AGENT = sorted(name for name, one in PRODUCERS.items() if getattr(one, "agent_events", False))
collects_agent_events = pytest.mark.skipif(
    not collector.build.capabilities["agent_events"], reason="this collector declares no agent events"
)
COMMON = [
    ("GAVersion", "9.9"),
    ("ContainerId", "c"),
    ("OpcodeName", ""),
    ("EventTid", 1),
    ("TaskName", "t"),
    ("RAM", 1),
]


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch):
    monkeypatch.setattr(time, "sleep", lambda seconds: None)


def collected(root):
    sender = Sender()
    built = collector.build(
        os.path.join(root, "log"), os.path.join(root, DIRECTORY), sender, common_parameters=lambda: COMMON
    )
    built.collect_agent_events()
    return sender.events


@collects_agent_events
@pytest.mark.parametrize("seed", range(1, ROUNDS + 1))
@pytest.mark.parametrize("name", AGENT)
def test_every_agent_event_comes_out_as_labelled(name, seed, tmp_path):
    plan = assignment(300, directory=DIRECTORY)
    steps = list(PRODUCERS[name].plan(plan, Draw(seed, name)))
    perform(steps, str(tmp_path))
    due = [label for path, labels in held(steps).items() if path.startswith(DIRECTORY) for label in labels]
    due = [label for label in due if label.due == "collect"]
    assert len(due) >= 150
    by_message = {}
    for event in collected(str(tmp_path)):
        by_message[next(parameter.value for parameter in event.parameters if parameter.name == "Message")] = event
    assert len(by_message) == len(due)
    for label in due:
        expected = label.agent
        event = by_message.pop(dict(expected.parameters)["Message"])
        pairs = [(parameter.name, parameter.value) for parameter in event.parameters]
        assert pairs[: len(expected.parameters)] == list(expected.parameters)
        assert [type(value) for _, value in pairs[: len(expected.parameters)]] == [
            type(v) for _, v in expected.parameters
        ]
        assert (str(event.eventId), event.providerId) == (str(expected.event_id), expected.provider)
        assert not any(secret in str(value) for secret in label.secrets for _, value in pairs)
        if expected.kind == "intact":
            assert len(pairs) == len(expected.parameters)
        else:
            assert {name for name, _ in COMMON} <= {name for name, _ in pairs}


@collects_agent_events
def test_no_xml_bomb_is_an_event(tmp_path):
    plan = assignment(0)
    perform(HAZARDS["xml-bombs"]().apply([], plan, Draw(1)), str(tmp_path))
    assert collected(str(tmp_path)) == []


TYPES = {"mt:wstr": str, "mt:uint64": int, "mt:float64": float, "mt:bool": "True".__eq__}


def read(data):
    """(event id, parameters) of a sound file, by the standard library's own parsers."""
    if data.startswith(b"<"):
        root = ElementTree.fromstring(data)
        pairs = [(one.get("Name"), TYPES[one.get("T")](one.get("Value"))) for one in root.iter("Param")]
        return root.find("Event").get("id"), pairs
    event = json.loads(data)
    return event["eventId"], [(one["name"], one["value"]) for one in event["parameters"]]


@pytest.mark.parametrize("name", AGENT)
def test_a_label_says_what_its_file_says(name):
    plan = assignment(300, directory=DIRECTORY)
    seen, content = 0, b""
    for step in PRODUCERS[name].plan(plan, Draw(1, name)):
        if step.act == "write":  # a rename follows at once, of the same content
            content = step.data
        for label in step.labels or ():
            if label.due != "collect" or label.secrets:
                continue
            event_id, pairs = read(content)
            if label.agent.kind == "legacy-extension":
                pairs = [pair for pair in pairs if pair[0] in TRIMMED]
            assert (event_id, pairs) == (label.agent.event_id, list(label.agent.parameters))
            seen += 1
    assert seen >= 150
