"""The protocol's format: schemas that hold for what is really said, and slips that are found."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from etp_kit.simulator.cli.command import cli
from etp_kit.simulator.subjects.program import messages
from etp_kit.simulator.subjects.program.messages import (
    AskCollect,
    AskGo,
    AskHello,
    AskStart,
    AskStop,
    Script,
    answer_of,
    line_of,
    message_schema,
)
from etp_kit.simulator.subjects.specs import REFERENCE

REQUESTS = [
    AskHello(),
    AskStart(log_dir="/nowhere/log", agent_events_dir="/nowhere/events", settings={"quota": 3}),
    AskStart(log_dir="/nowhere/log", agent_events_dir="/nowhere/events", settings={}, pause=True),
    AskCollect(kind="extension"),
    AskCollect(kind="agent", sender=Script(down=True, stop_at=3, mute_at=0, raise_at=(1, 2), fail_flush_at=(4,))),
    AskStop(),
]


@pytest.fixture(scope="module")
def answers() -> list[dict[str, object]]:
    """What the reference answers to the requests above."""
    done = subprocess.run(
        [sys.executable, "-m", "etp_kit.collector", "--protocol"], input=b"".join(map(line_of, REQUESTS)), capture_output=True, cwd=REFERENCE.parent,
        timeout=60, check=True,
    )  # fmt: skip
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize("name", ["protocol-request", "protocol-response"])
def test_the_command_prints_a_versioned_schema(name: str) -> None:
    schema = json.loads(CliRunner().invoke(cli, ["schema", name]).output)
    Draft202012Validator.check_schema(schema)
    assert schema == message_schema(name)
    assert schema["$id"].endswith(f":{messages.VERSION}")


def test_what_the_kit_asks_is_of_the_schema() -> None:
    check = Draft202012Validator(message_schema("protocol-request"))
    for request in (*REQUESTS, AskGo()):
        check.validate(json.loads(line_of(request)))


def test_what_the_reference_answers_is_of_the_schema_and_understood(answers: list[dict[str, object]]) -> None:
    check = Draft202012Validator(message_schema("protocol-response"))
    assert {answer["type"] for answer in answers} == {"hello", "started", "notice", "done"}
    for answer in answers:
        check.validate(answer)
        assert answer_of(answer).type == answer["type"]


EVENT = {"type": "event", "key": ["A", "1.json", 0], "eventId": 7, "providerId": "p", "file_type": "json", "parameters": []}


@pytest.mark.parametrize(
    "wrong",
    [
        [], 42, None, {}, {"type": "evnt"}, {**EVENT, "extra": 1}, {**EVENT, "key": ["A", "1.json"]}, {**EVENT, "key": ["A", "1.json", -1]},
        {**EVENT, "key": ["A", "1.json", "0"]}, {**EVENT, "eventId": 7.5}, {**EVENT, "parameters": [{"name": "a"}]}, {"type": "flush", "confirmed": 1},
        {"type": "refused", "why": "mood", "key": ["A", "1.json", 0]}, {"type": "done", "ledger": []}, {"type": "notice"},
        {"type": "pause", "seconds": -1}, {"type": "pause", "seconds": 1e6},
        {"type": "pause", "seconds": "1"}, {"type": "pause", "seconds": True},
    ],
)  # fmt: skip
def test_what_is_no_answer_is_told_in_a_sentence_and_not_of_the_schema(wrong: object) -> None:
    with pytest.raises(ValueError, match=r"\w") as told:
        answer_of(wrong)
    assert "\n" not in str(told.value)
    assert not Draft202012Validator(message_schema("protocol-response")).is_valid(wrong)


@pytest.mark.parametrize(("given", "seconds"), [({}, 0.0), ({"seconds": 1}, 1.0), ({"seconds": 0.25}, 0.25)])
def test_a_pause_is_of_no_length_or_in_place_of_a_wait(given: dict[str, object], seconds: float) -> None:
    pause = answer_of({"type": "pause", **given})
    assert isinstance(pause, messages.Pause)
    assert pause.seconds == seconds


def test_a_pause_that_no_number_tells_is_none() -> None:
    with pytest.raises(ValueError, match="finite"):
        answer_of({"type": "pause", "seconds": float("nan")})


def test_text_in_the_place_of_a_number_stays_text() -> None:
    event = answer_of({**EVENT, "eventId": "7", "parameters": [{"name": "a", "value": "1"}, {"name": "b", "value": True}]})
    assert isinstance(event, messages.Event)
    assert event.eventId == "7"
    assert [parameter.value for parameter in event.parameters] == ["1", True]
